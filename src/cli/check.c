/* storemon check: is the stored data whole? */
#include "cli/cli.h"

#include "store/store.h"
#include "sys/owner.h"

#include <stdio.h>

int
cli_check(const struct cli_command *c, int argc, char **argv)
{
	struct data_revision revision;
	struct data *data = NULL;
	struct jobs *jobs = NULL;
	char state[FILE_PATH_MAX];
	uint64_t stores = 0;
	enum err err;
	int code;

	if (!cli_parse(c, NULL, &argc, &argv, &code))
		return code;
	if (cli_state(state) != ERR_NONE || owner_become(state) != ERR_NONE)
		return CLI_FAILED;
	err = data_open(&data, state);
	if (err == ERR_NONE)
		err = data_check(data);
	if (err == ERR_NONE)
		err = data_revision(data, &revision);
	if (err == ERR_NONE)
		err = data_count_stores(data, &stores);
	data_close(data);
	if (err == ERR_NONE)
		err = jobs_open(&jobs, state);
	if (err == ERR_NONE)
		err = jobs_check(jobs);
	jobs_close(jobs);
	if (err != ERR_NONE)
		return cli_fail("check", err);
	(void)printf("%s: whole; revision %lld, %llu stores%s\n", state,
	    (long long)revision.number, (unsigned long long)stores,
	    revision.sample ? ", sample data" : "");
	return fflush(stdout) == 0 ? CLI_DONE : CLI_FAILED;
}
