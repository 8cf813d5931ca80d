/* storemon timeline: why a store's figures are what they are. */
#include "cli/cli.h"

#include "sys/owner.h"
#include "work/report.h"
#include "work/timeline.h"

#define TEXT_MAX ((size_t)256 * 1024 * 1024)

static gboolean json;

static const GOptionEntry entries[] = { { "json", 0, 0, G_OPTION_ARG_NONE,
					    &json, "print JSON", NULL },
	G_OPTION_ENTRY_NULL };

static enum err
make(const char *state, const struct timeline_question *question,
    struct buf *out)
{
	struct timeline_desk *desk;
	enum err err = timeline_open(&desk, state);

	if (err != ERR_NONE)
		return err;
	err = timeline_ask(desk, question, json ? timeline_json : timeline_text,
	    out);
	timeline_close(desk);
	return err;
}

int
cli_timeline(const struct cli_command *c, int argc, char **argv)
{
	struct timeline_question question;
	char state[FILE_PATH_MAX];
	struct buf text;
	enum err err;
	int code;

	if (!cli_parse(c, entries, &argc, &argv, &code))
		return code;
	code = cli_read_rules(c, &question.as_of_us, &question.rules);
	if (code != CLI_DONE)
		return code;
	if (cli_state(state) != ERR_NONE || owner_become(state) != ERR_NONE)
		return CLI_FAILED;
	question.store = argv[1];
	buf_init(&text, TEXT_MAX);
	err = make(state, &question, &text);
	if (err == ERR_NONE)
		code = cli_print(text.data, text.len);
	else if (err == ERR_CONFLICT)
		code = cli_no_polls();
	else
		code = cli_fail(argv[1], err);
	buf_release(&text);
	return code;
}
