/* storemon work: the worker, started by hand or by a program. */
#include "cli/cli.h"

#include "base/number.h"
#include "sys/confine.h"
#include "sys/log.h"
#include "sys/owner.h"
#include "sys/settings.h"
#include "work/worker.h"

#include <stdio.h>
#include <string.h>

int
cli_work(const struct cli_command *c, int argc, char **argv)
{
	struct settings settings;
	char state[FILE_PATH_MAX];
	int64_t slot = WORKER_ANY_SLOT;
	enum err err;
	int code;

	if (!cli_parse(c, NULL, &argc, &argv, &code))
		return code;
	if (argc > 1 && !number_parse(argv[1], strlen(argv[1]), 0, 63, &slot))
		return cli_usage(c, "SLOT is a number from 0 to 63");
	log_program("worker");
	if (cli_state(state) != ERR_NONE || owner_become(state) != ERR_NONE)
		return CLI_FAILED;
	err = settings_load(&settings, state);
	if (err == ERR_NONE && settings.value[SETTING_CONFINE] != 0)
		confine_process(state);
	if (err == ERR_NONE)
		err = work_run(&settings, (int)slot);
	if (err == ERR_BUSY && slot == WORKER_ANY_SLOT)
		(void)fprintf(stderr,
		    "storemon: all workers are at work "
		    "already\n");
	return err == ERR_NONE ? CLI_DONE : CLI_FAILED;
}
