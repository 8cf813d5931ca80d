/*
 * storemon: the command line of the store monitor, and its worker.  A command
 * is a row of the table; each has a file of its own in src/cli/.
 */
#include "cli/cli.h"

#include "sys/log.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const struct cli_command commands[] = {
	{ "import", "polls|hours|timezones|special-hours FILE",
	    "bring a CSV file in (- is standard input)", 2, 2, cli_import,
	    NULL },
	{ "report", "", "reckon uptime and downtime of all stores", 0, 0,
	    cli_report, cli_rules_entries },
	{ "polls", "STORE", "print a store's polls as CSV", 1, 1, cli_polls,
	    NULL },
	{ "timeline", "STORE", "print a store's last week, stretch by stretch",
	    1, 1, cli_timeline, cli_rules_entries },
	{ "forget", "STORE", "remove a store from all data sets", 1, 1,
	    cli_forget, NULL },
	{ "prune", "--keep DAYS", "remove polls that are older", 0, 0,
	    cli_prune, NULL },
	{ "sample", "DIR", "write demonstration CSV files", 1, 1, cli_sample,
	    NULL },
	{ "check", "", "check that the stored data is whole", 0, 0, cli_check,
	    NULL },
	{ "backup", "FOLDER", "copy both databases into a new folder", 1, 1,
	    cli_backup, NULL },
	{ "restore", "FOLDER", "bring a backup back, while nothing runs", 1, 1,
	    cli_restore, NULL },
	{ "passwd", "", "set the password of /admin/", 0, 0, cli_passwd, NULL },
	{ "work", "[SLOT]", "make the reports that are queued", 0, 1, cli_work,
	    NULL },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
usage(FILE *to)
{
	size_t i;

	(void)fprintf(to,
	    "usage: storemon COMMAND [OPTION]... [OPERAND]...\n"
	    "\n");
	for (i = 0; i < COMMANDS; i++)
		(void)fprintf(to, "  %-9s %s\n", commands[i].name,
		    commands[i].told);
	(void)fprintf(to,
	    "\n`storemon COMMAND --help` tells the options. "
	    "Each command takes --state DIR,\nthe folder with the data; "
	    "STOREMON_STATE may name it too.\n");
}

/* Options that all commands share may also stand before the command. */
static bool
take_state(int *argc, char ***argv)
{
	static const char name[] = "--state";
	const char *first = *argc > 1 ? (*argv)[1] : "";
	int used = 0;

	if (strcmp(first, name) == 0 && *argc > 2) {
		cli_set_state((*argv)[2]);
		used = 2;
	} else if (strncmp(first, "--state=", sizeof(name)) == 0) {
		cli_set_state(first + sizeof(name));
		used = 1;
	}
	*argc -= used;
	*argv += used;
	return used > 0;
}

int
main(int argc, char **argv)
{
	size_t i;

	(void)umask(027);
	(void)signal(SIGPIPE, SIG_IGN);
	/* A file size limit is an error of write, not the end. */
	(void)signal(SIGXFSZ, SIG_IGN);
	while (take_state(&argc, &argv))
		continue;
	if (argc < 2) {
		usage(stderr);
		return CLI_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0) {
		usage(stdout);
		return CLI_DONE;
	}
	for (i = 0; i < COMMANDS; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(&commands[i], argc - 1,
			    argv + 1);
	(void)fprintf(stderr, "storemon: there is no command \"%s\"\n\n",
	    argv[1]);
	usage(stderr);
	return CLI_USAGE;
}
