/* Options by GOption; the state folder; progress lines. */
#include "cli/cli.h"

#include "sys/clock.h"
#include "sys/owner.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROOT_STATE "/var/lib/storemon"
#define SHOW_AFTER_US INT64_C(1000000)
#define SHOW_EVERY_US INT64_C(200000)

/* What --state says, for cli_state(). */
static char *state_option;
static const char *state_before;

static const GOptionEntry common[] = { { "state", 0, 0, G_OPTION_ARG_FILENAME,
					   &state_option,
					   "the folder with the data", "DIR" },
	G_OPTION_ENTRY_NULL };

void
cli_set_state(const char *state)
{
	state_before = state;
}

int
cli_usage(const struct cli_command *c, const char *format, ...)
{
	va_list ap;

	(void)fprintf(stderr, "storemon %s: ", c->name);
	va_start(ap, format);
	(void)vfprintf(stderr, format, ap);
	va_end(ap);
	(void)fprintf(stderr, "\nusage: storemon %s [OPTION]... %s\n", c->name,
	    c->operands);
	return CLI_USAGE;
}

bool
cli_parse(const struct cli_command *c, const GOptionEntry *entries, int *argc,
    char ***argv, int *code)
{
	GOptionContext *context = g_option_context_new(c->operands);
	GError *why = NULL;
	bool good;

	g_option_context_set_summary(context, c->told);
	g_option_context_add_main_entries(context, common, NULL);
	if (entries != NULL)
		g_option_context_add_main_entries(context, entries, NULL);
	if (c->shared != NULL)
		g_option_context_add_main_entries(context, c->shared, NULL);
	good = g_option_context_parse(context, argc, argv, &why);
	g_option_context_free(context);
	*code = CLI_USAGE;
	if (!good) {
		(void)cli_usage(c, "%s", why->message);
		g_clear_error(&why);
		return false;
	}
	/* What follows "--" are operands, itself it is none. */
	if (*argc > 1 && strcmp((*argv)[1], "--") == 0) {
		(*argv)[1] = (*argv)[0];
		(*argv)++;
		(*argc)--;
	}
	if (*argc - 1 < c->min_operands || *argc - 1 > c->max_operands) {
		(void)cli_usage(c, "%s",
		    *argc - 1 < c->min_operands ? "an operand is missing"
						: "too many operands");
		return false;
	}
	return true;
}

/* The state folder that goes without saying. */
static bool
default_state(char state[FILE_PATH_MAX])
{
	static const char *const below[] = { "/storemon", NULL, "/build" };
	char exe[PATH_MAX];
	ssize_t len;
	size_t i;

	if (geteuid() == 0)
		return snprintf(state, FILE_PATH_MAX, ROOT_STATE) > 0;
	len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	if (len < 0)
		return false;
	exe[len] = '\0';
	/* CHECKOUT/build/VARIANT/storemon */
	for (i = 0; i < 3; i++) {
		char *slash = strrchr(exe, '/');

		if (slash == NULL ||
		    (below[i] != NULL && strcmp(slash, below[i]) != 0))
			return false;
		*slash = '\0';
	}
	return snprintf(state, FILE_PATH_MAX, "%s/var", exe) < FILE_PATH_MAX;
}

enum err
cli_state(char state[FILE_PATH_MAX])
{
	const char *given = state_option != NULL ? state_option
	    : state_before != NULL               ? state_before
						 : getenv("STOREMON_STATE");
	char resolved[PATH_MAX];
	enum err err;

	if (given != NULL && given[0] != '\0') {
		if (snprintf(state, FILE_PATH_MAX, "%s", given) >=
		    FILE_PATH_MAX)
			return ERR_TOO_LARGE;
	} else if (!default_state(state)) {
		(void)fprintf(stderr,
		    "storemon: say which folder holds the "
		    "data: --state DIR\n");
		return ERR_INPUT;
	}
	err = owner_make_state(state);
	if (err != ERR_NONE)
		return err;
	if (realpath(state, resolved) == NULL) {
		(void)fprintf(stderr, "storemon: %s: %s\n", state,
		    strerror(errno));
		return err_from_errno(errno);
	}
	(void)snprintf(state, FILE_PATH_MAX, "%s", resolved);
	return ERR_NONE;
}

int
cli_fail(const char *what, enum err err)
{
	(void)fprintf(stderr, "storemon: %s: %s\n", what, err_text(err));
	return CLI_FAILED;
}

int
cli_no_polls(void)
{
	(void)fprintf(stderr,
	    "storemon: there are no polls yet: import a poll file first\n");
	return CLI_FAILED;
}

int
cli_print(const char *text, size_t len)
{
	enum err err = file_write_all(STDOUT_FILENO, text, len);

	return err == ERR_NONE ? CLI_DONE
			       : cli_fail("write to standard output", err);
}

void
cli_progress_begin(struct cli_progress *p, const char *what)
{
	p->what = what;
	p->start_us = clock_monotonic_us();
	p->shown_us = p->start_us + SHOW_AFTER_US - SHOW_EVERY_US;
	p->terminal = isatty(STDERR_FILENO) == 1;
	p->dirty = false;
}

void
cli_progress_show(struct cli_progress *p, uint64_t done, double share)
{
	int64_t now_us = clock_monotonic_us();
	double seconds = (double)(now_us - p->start_us) / 1e6;

	if (!p->terminal || now_us - p->shown_us < SHOW_EVERY_US)
		return;
	p->shown_us = now_us;
	p->dirty = true;
	(void)fprintf(stderr, "\r\033[K%llu %s, %.0f a second",
	    (unsigned long long)done, p->what, (double)done / seconds);
	if (share > 0)
		(void)fprintf(stderr, ", %.0f %%, %.0f s left", share * 100,
		    seconds / share - seconds);
	(void)fflush(stderr);
}

void
cli_progress_end(struct cli_progress *p)
{
	if (p->dirty)
		(void)fprintf(stderr, "\r\033[K");
	p->dirty = false;
}
