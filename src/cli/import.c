/* storemon import: a CSV file into the data. */
#include "cli/cli.h"

#include "sys/confine.h"
#include "sys/owner.h"
#include "sys/settings.h"
#include "work/import.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHOW_PROBLEMS ((size_t)20) /* bad rows that people are shown */
#define JSON_MAX ((size_t)4 * 1024 * 1024)

static gboolean dry_run, skip_bad, whole, json, as_sample;

static const GOptionEntry entries[] = {
	{ "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run,
	    "check the file and say what would change", NULL },
	{ "skip-bad", 0, 0, G_OPTION_ARG_NONE, &skip_bad,
	    "import the good rows though there are bad ones", NULL },
	{ "whole", 0, 0, G_OPTION_ARG_NONE, &whole,
	    "the file is the entire data set: the rest goes", NULL },
	{ "json", 0, 0, G_OPTION_ARG_NONE, &json,
	    "print the result as one JSON object", NULL },
	{ "as-sample", 0, 0, G_OPTION_ARG_NONE, &as_sample,
	    "the rows are a demonstration's: the first others replace them",
	    NULL },
	G_OPTION_ENTRY_NULL
};

struct shown {
	struct cli_progress progress;
	int64_t bytes;
};

static void
show(void *ctx, uint64_t rows, int64_t bytes)
{
	struct shown *s = ctx;

	cli_progress_show(&s->progress, rows,
	    s->bytes > 0 ? (double)bytes / (double)s->bytes : 0);
}

/* Says for people what is wrong with the file. */
static void
tell_problems(const struct import_result *r)
{
	size_t i;

	if (r->file_error != PROBLEM_NONE)
		(void)fprintf(stderr, "line %" PRIu64 ": %s: %s\n",
		    r->file_line, problem_name(r->file_error),
		    buf_text(&r->message));
	for (i = 0; i < r->problem_count && i < SHOW_PROBLEMS; i++)
		(void)fprintf(stderr, "line %" PRIu64 ": %s: %s\n",
		    r->problems[i].line, problem_name(r->problems[i].code),
		    problem_text(r->problems[i].code));
	if (r->bad > i)
		(void)fprintf(stderr, "and %" PRIu64 " more bad rows\n",
		    r->bad - i);
	if (r->kept_count > 0 && skip_bad)
		(void)fprintf(stderr,
		    "%" PRIu64 " stores with bad rows keep "
		    "what they had, the first: %s\n",
		    r->kept_count, buf_text(&r->kept));
}

static void
tell(const struct import_result *r, const char *dataset)
{
	const struct bulk_counts *c = &r->counts;

	tell_problems(r);
	if (r->file_error != PROBLEM_NONE) {
		(void)fprintf(stderr,
		    "%s: the file is refused; nothing was "
		    "imported\n",
		    dataset);
		return;
	}
	(void)printf("%s: %" PRIu64 " rows: %" PRIu64 " new, %" PRIu64
		     " changed, %" PRIu64 " same, %" PRIu64 " bad; %" PRIu64
		     " removed\n",
	    dataset, r->rows, c->new, c->changed, c->same, r->bad, c->removed);
	if (r->applied && c->sample_removed)
		(void)printf("the sample data was removed\n");
	if (r->applied)
		(void)printf("imported\n");
	else if (r->bad > 0 && !skip_bad)
		(void)fprintf(stderr,
		    "%s: nothing was imported: correct the "
		    "bad rows, or leave them out with --skip-bad\n",
		    dataset);
	else
		(void)printf("dry run: nothing was imported\n");
}

static int
print_json(const struct import_result *r, enum dataset dataset)
{
	struct buf text;
	int code = CLI_FAILED;

	buf_init(&text, JSON_MAX);
	import_json(r, dataset, &text);
	if (buf_err(&text) == ERR_NONE)
		code = cli_print(text.data, text.len);
	buf_release(&text);
	return code;
}

static int
run(const char *state, const struct import_request *request)
{
	static struct import_result result;
	struct import_request with_progress = *request;
	struct data *data = NULL;
	struct shown shown;
	struct stat st;
	int code = CLI_DONE;
	enum err err = data_open(&data, state);

	import_result_init(&result);
	shown.bytes = fstat(request->fd, &st) == 0 ? st.st_size : 0;
	cli_progress_begin(&shown.progress, "rows");
	with_progress.progress = show;
	with_progress.progress_ctx = &shown;
	if (err == ERR_NONE)
		err = import_run(data, &with_progress, &result);
	cli_progress_end(&shown.progress);
	data_close(data);
	if (err == ERR_NONE || err == ERR_INPUT) {
		if (json)
			code = print_json(&result, request->dataset);
		else
			tell(&result, dataset_names[request->dataset]);
		if (err != ERR_NONE || fflush(stdout) != 0)
			code = CLI_FAILED;
	} else {
		code = cli_fail("import", err);
	}
	import_result_release(&result);
	return code;
}

static const char *
name_for_history(const char *file)
{
	if (as_sample)
		return "sample data";
	return strcmp(file, "-") == 0 ? "standard input" : file;
}

int
cli_import(const struct cli_command *c, int argc, char **argv)
{
	struct import_request request = { .fd = STDIN_FILENO };
	struct settings settings;
	char state[FILE_PATH_MAX];
	int code;

	if (!cli_parse(c, entries, &argc, &argv, &code))
		return code;
	if (!dataset_parse(argv[1], &request.dataset))
		return cli_usage(c, "there is no data set \"%s\"", argv[1]);
	if (strcmp(argv[2], "-") != 0)
		request.fd = open(argv[2], O_RDONLY | O_CLOEXEC);
	if (request.fd < 0) {
		(void)fprintf(stderr, "storemon: %s: %s\n", argv[2],
		    strerror(errno));
		return CLI_FAILED;
	}
	request.dry_run = dry_run;
	request.skip_bad = skip_bad;
	request.whole = whole;
	request.sample = as_sample;
	request.file = name_for_history(argv[2]);
	request.who = g_get_user_name();
	if (cli_state(state) != ERR_NONE || owner_become(state) != ERR_NONE ||
	    settings_load(&settings, state) != ERR_NONE)
		return CLI_FAILED;
	if (settings.value[SETTING_CONFINE] != 0)
		confine_process(state);
	return run(state, &request);
}
