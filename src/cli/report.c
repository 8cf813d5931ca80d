/* storemon report: the report, now, into files or standard output. */
#include "cli/cli.h"

#include "base/text.h"
#include "sys/owner.h"
#include "work/report.h"

#include <stdio.h>
#include <string.h>

static char *path[REPORT_FILE__MAX];
static char **stores;

static const GOptionEntry entries[] = {
	{ "store", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &stores,
	    "only this store; may be given again", "ID" },
	{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &path[REPORT_CSV],
	    "where the report goes (default: -, standard output)", "FILE" },
	{ "detail", 0, 0, G_OPTION_ARG_FILENAME, &path[REPORT_DETAIL],
	    "where the counters of each store go", "FILE" },
	{ "summary", 0, 0, G_OPTION_ARG_FILENAME, &path[REPORT_SUMMARY],
	    "where the sums over all stores go, as JSON", "FILE" },
	{ "stores", 0, 0, G_OPTION_ARG_FILENAME, &path[REPORT_STORES],
	    "where the stores as a table go, as JSON", "FILE" },
	{ "strips", 0, 0, G_OPTION_ARG_FILENAME, &path[REPORT_STRIPS],
	    "where the weeks of the stores go, an hour a letter", "FILE" },
	G_OPTION_ENTRY_NULL
};

static void
show(void *ctx, uint64_t done, uint64_t total)
{
	cli_progress_show(ctx, done,
	    total > 0 ? (double)done / (double)total : 0);
}

/* Reads the options into the request; CLI_USAGE if one is wrong. */
static int
read_options(const struct cli_command *c, struct report_request *request)
{
	int code = cli_read_rules(c, &request->as_of_us, &request->rules);
	enum report_file f;
	bool any = false;

	if (code != CLI_DONE)
		return code;
	request->stores = (const char *const *)stores;
	while (stores != NULL && stores[request->store_count] != NULL) {
		const char *id = stores[request->store_count++];

		if (!text_is_store_id(id, strlen(id)))
			return cli_usage(c, "--store takes a store id");
	}
	for (f = 0; f < REPORT_FILE__MAX; f++) {
		request->path[f] = path[f];
		any = any || path[f] != NULL;
	}
	if (!any)
		request->path[REPORT_CSV] = "-";
	return CLI_DONE;
}

int
cli_report(const struct cli_command *c, int argc, char **argv)
{
	struct report_request request = { 0 };
	struct report_result result;
	struct cli_progress progress;
	char state[FILE_PATH_MAX];
	enum err err;
	int code;

	if (!cli_parse(c, entries, &argc, &argv, &code))
		return code;
	code = read_options(c, &request);
	if (code != CLI_DONE)
		return code;
	if (cli_state(state) != ERR_NONE || owner_act(state) != ERR_NONE)
		return CLI_FAILED;
	cli_progress_begin(&progress, "stores");
	request.progress = show;
	request.progress_ctx = &progress;
	err = report_make(state, &request, &result);
	cli_progress_end(&progress);
	if (err == ERR_NONE)
		return CLI_DONE;
	if (err == ERR_CONFLICT)
		return cli_no_polls();
	if (err != ERR_NOT_FOUND || stores == NULL)
		return cli_fail("report", err);
	(void)fprintf(stderr, "storemon: there is no store of that id\n");
	return CLI_FAILED;
}
