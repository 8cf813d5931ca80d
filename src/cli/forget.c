/* storemon forget: a store and all that is known of it, removed. */
#include "cli/cli.h"

#include "store/store.h"
#include "sys/owner.h"

#include <stdio.h>

int
cli_forget(const struct cli_command *c, int argc, char **argv)
{
	struct data *data = NULL;
	char state[FILE_PATH_MAX];
	enum err err;
	int code;

	if (!cli_parse(c, NULL, &argc, &argv, &code))
		return code;
	if (cli_state(state) != ERR_NONE || owner_become(state) != ERR_NONE)
		return CLI_FAILED;
	err = data_open(&data, state);
	if (err == ERR_NONE)
		err = bulk_forget(data, argv[1]);
	data_close(data);
	if (err != ERR_NONE)
		return cli_fail(argv[1], err);
	(void)printf("%s: forgotten\n", argv[1]);
	return fflush(stdout) == 0 ? CLI_DONE : CLI_FAILED;
}
