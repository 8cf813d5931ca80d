/* storemon backup and restore: both databases out, and in again. */
#include "cli/cli.h"

#include "sys/owner.h"
#include "work/backup.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int
cli_backup(const struct cli_command *c, int argc, char **argv)
{
	char state[FILE_PATH_MAX], *target;
	int64_t revision = 0;
	size_t len;
	enum err err;
	int code;

	if (!cli_parse(c, NULL, &argc, &argv, &code))
		return code;
	target = argv[1];
	len = strlen(target);
	while (len > 1 && target[len - 1] == '/')
		target[--len] = '\0';
	if (len == 0)
		return cli_usage(c, "FOLDER has no name");
	if (cli_state(state) != ERR_NONE)
		return CLI_FAILED;
	err = backup_make(state, target, &revision);
	if (err == ERR_CONFLICT) {
		(void)fprintf(stderr,
		    "storemon: %s is there already; nothing is overwritten\n",
		    target);
		return CLI_FAILED;
	}
	if (err != ERR_NONE)
		return cli_fail("backup", err);
	(void)printf("%s: revision %" PRId64 " of the data, and the jobs\n",
	    target, revision);
	return fflush(stdout) == 0 ? CLI_DONE : CLI_FAILED;
}

/* Says why nothing was restored. */
static int
refuse(const char *folder, enum err err)
{
	if (err == ERR_INPUT)
		(void)fprintf(stderr,
		    "storemon: %s is no backup that `storemon backup` has "
		    "made\n",
		    folder);
	else if (err == ERR_BUSY)
		(void)fprintf(stderr,
		    "storemon: the service, a worker or an import is at work "
		    "on this state: stop the service, wait for the others\n");
	else
		(void)cli_fail("restore", err);
	return CLI_FAILED;
}

int
cli_restore(const struct cli_command *c, int argc, char **argv)
{
	char state[FILE_PATH_MAX], former[FILE_PATH_MAX] = "";
	struct restore *r = NULL;
	enum err err;
	int code;

	if (!cli_parse(c, NULL, &argc, &argv, &code))
		return code;
	if (cli_state(state) != ERR_NONE)
		return CLI_FAILED;
	err = restore_open(argv[1], &r);
	if (err == ERR_NONE)
		err = owner_become(state);
	if (err == ERR_NONE)
		err = restore_run(r, state, former);
	restore_close(r);
	if (err != ERR_NONE)
		return refuse(argv[1], err);
	(void)printf("%s: restored\n", state);
	if (former[0] != '\0')
		(void)printf("what was there before: %s\n", former);
	return fflush(stdout) == 0 ? CLI_DONE : CLI_FAILED;
}
