/* storemon polls: a store's polls, as the CSV they came as. */
#include "cli/cli.h"

#include "codec/escape.h"
#include "core/stamp.h"
#include "store/store.h"
#include "sys/owner.h"

#include <stdio.h>
#include <string.h>

#define LINE_MAX_BYTES ((size_t)4096)

static enum err
print(void *ctx, const struct data_store *store)
{
	struct file_out *out = ctx;
	struct buf line;
	char stamp[STAMP_TEXT];
	size_t i;

	buf_init(&line, LINE_MAX_BYTES);
	buf_str(&line, "store_id,status,timestamp_utc\n");
	for (i = 0; i < store->poll_count; i++) {
		const struct poll *poll = &store->polls[i];

		csv_field(&line, store->id, store->id_len);
		/* "2023-01-22T12:09:39.388884Z" in the files' spelling. */
		(void)stamp_format(poll->at_us, stamp);
		stamp[10] = ' ';
		stamp[26] = '\0';
		buf_printf(&line, ",%s,%s UTC\n",
		    poll->up ? "active" : "inactive", stamp);
		file_out_add(out, line.data, line.len);
		buf_reset(&line);
	}
	if (i == 0)
		file_out_add(out, line.data, line.len);
	buf_release(&line);
	return ERR_NONE;
}

int
cli_polls(const struct cli_command *c, int argc, char **argv)
{
	struct data *data = NULL;
	struct file_out out;
	char state[FILE_PATH_MAX];
	enum err err;
	int code;

	if (!cli_parse(c, NULL, &argc, &argv, &code))
		return code;
	if (cli_state(state) != ERR_NONE || owner_become(state) != ERR_NONE)
		return CLI_FAILED;
	err = file_out_open(&out, "-");
	if (err != ERR_NONE)
		return cli_fail("polls", err);
	err = data_open(&data, state);
	if (err == ERR_NONE)
		err = data_one(data, argv[1], 0, INT32_MAX, print, &out);
	data_close(data);
	if (err == ERR_NONE)
		err = file_out_publish(&out);
	else
		file_out_abort(&out);
	return err == ERR_NONE ? CLI_DONE : cli_fail(argv[1], err);
}
