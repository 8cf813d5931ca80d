/*
 * What the commands of `storemon` share: options, the state folder, words
 * for people.  A command returns the program's exit code.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/err.h"
#include "core/uptime.h"
#include "sys/file.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum cli_exit {
	CLI_DONE = 0,
	CLI_FAILED = 1,
	CLI_USAGE = 2
};

struct cli_command {
	const char *name;
	const char *operands; /* as the usage line shows them */
	const char *told;     /* one line: what it does */
	int min_operands;
	int max_operands;
	int (*run)(const struct cli_command *c, int argc, char **argv);
	/* Options that it shares with other commands; NULL: none. */
	const GOptionEntry *shared;
};

/*
 * Reads options (which may follow operands) and checks the number of
 * operands, which are left in argv[1..].  --state is read by itself.  False
 * if the program is to exit with *code: help was shown (0) or the call is
 * wrong (2, said on standard error).
 */
bool cli_parse(const struct cli_command *c, const GOptionEntry *entries,
    int *argc, char ***argv, int *code);

/* Sets what --state says, before the options are read.  Borrowed. */
void cli_set_state(const char *state);

/*
 * The state folder: --state, else STOREMON_STATE, else /var/lib/storemon for
 * root, else var/ of the checkout that the program was built in.  Absolute;
 * made if it is missing.  ERR_NONE or an error that was told.
 */
MUST_CHECK enum err cli_state(char state[FILE_PATH_MAX]);

/* Says on standard error that something failed, and returns CLI_FAILED. */
int cli_fail(const char *what, enum err err);

/* Says that a poll file is to be imported first, and returns CLI_FAILED. */
int cli_no_polls(void);

/* Says a usage error on standard error, and returns CLI_USAGE. */
int cli_usage(const struct cli_command *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes text to standard output; CLI_DONE, or CLI_FAILED if it cannot. */
int cli_print(const char *text, size_t len);

/* The options of a question: the instant that it speaks of, and the rules. */
extern const GOptionEntry cli_rules_entries[];

/* Reads them; CLI_DONE, or CLI_USAGE, said, if one is wrong. */
int cli_read_rules(const struct cli_command *c, int64_t *as_of_us,
    struct uptime_rules *rules);

/*
 * Shows progress on standard error if that is a terminal and the work takes
 * over a second: done of total (0: not known) things, rate, time left.
 */
struct cli_progress {
	const char *what; /* "rows", "stores" */
	int64_t start_us;
	int64_t shown_us;
	bool terminal;
	bool dirty; /* a line stands on the terminal */
};

void cli_progress_begin(struct cli_progress *p, const char *what);
void cli_progress_show(struct cli_progress *p, uint64_t done, double share);
void cli_progress_end(struct cli_progress *p);

int cli_import(const struct cli_command *c, int argc, char **argv);
int cli_report(const struct cli_command *c, int argc, char **argv);
int cli_polls(const struct cli_command *c, int argc, char **argv);
int cli_timeline(const struct cli_command *c, int argc, char **argv);
int cli_forget(const struct cli_command *c, int argc, char **argv);
int cli_backup(const struct cli_command *c, int argc, char **argv);
int cli_restore(const struct cli_command *c, int argc, char **argv);
int cli_prune(const struct cli_command *c, int argc, char **argv);
int cli_sample(const struct cli_command *c, int argc, char **argv);
int cli_check(const struct cli_command *c, int argc, char **argv);
int cli_passwd(const struct cli_command *c, int argc, char **argv);
int cli_work(const struct cli_command *c, int argc, char **argv);

#endif
