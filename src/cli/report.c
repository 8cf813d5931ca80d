/* storemon report: the report, now, into files or standard output. */
#include "cli/cli.h"

#include "base/text.h"
#include "sys/owner.h"
#include "work/report.h"

#include <stdio.h>
#include <string.h>

static char *as_of, *interpolation, *reach, *csv, *detail, *summary;
static char **stores;

static const GOptionEntry entries[] = {
	{ "as-of", 0, 0, G_OPTION_ARG_STRING, &as_of,
	    "the instant it speaks of (default: latest, the newest poll)",
	    "STAMP" },
	{ "interpolation", 0, 0, G_OPTION_ARG_STRING, &interpolation,
	    "which poll decides: previous (default), next or nearest", "RULE" },
	{ "reach", 0, 0, G_OPTION_ARG_STRING, &reach,
	    "how far a poll speaks: 90s, 30m, 24h, 7d (default: unlimited)",
	    "TIME" },
	{ "store", 0, 0, G_OPTION_ARG_STRING_ARRAY, &stores,
	    "only this store; may be given again", "ID" },
	{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &csv,
	    "where the report goes (default: -, standard output)", "FILE" },
	{ "detail", 0, 0, G_OPTION_ARG_FILENAME, &detail,
	    "where the counters of each store go", "FILE" },
	{ "summary", 0, 0, G_OPTION_ARG_FILENAME, &summary,
	    "where the sums over all stores go, as JSON", "FILE" },
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
	request->as_of_us = REPORT_LATEST;
	request->rules.reach_us = UPTIME_REACH_UNLIMITED;
	if (as_of != NULL && !report_parse_as_of(as_of, &request->as_of_us))
		return cli_usage(c,
		    "--as-of takes a stamp like "
		    "\"2023-01-25 18:13:22 UTC\", or latest");
	if (interpolation != NULL &&
	    !report_parse_interpolation(interpolation,
		&request->rules.interpolation))
		return cli_usage(c,
		    "--interpolation takes previous, next or nearest");
	if (reach != NULL &&
	    !report_parse_reach(reach, &request->rules.reach_us))
		return cli_usage(c,
		    "--reach takes a number with s, m, h or d,"
		    " or unlimited");
	request->stores = (const char *const *)stores;
	while (stores != NULL && stores[request->store_count] != NULL) {
		const char *id = stores[request->store_count++];

		if (!text_is_store_id(id, strlen(id)))
			return cli_usage(c, "--store takes a store id");
	}
	request->csv = csv;
	if (csv == NULL && detail == NULL && summary == NULL)
		request->csv = "-";
	request->detail = detail;
	request->summary = summary;
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
		(void)fprintf(stderr,
		    "storemon: there are no polls yet: "
		    "import a poll file first\n");
	else if (err == ERR_NOT_FOUND && stores != NULL)
		(void)fprintf(stderr,
		    "storemon: there is no store of that "
		    "id\n");
	else
		return cli_fail("report", err);
	return CLI_FAILED;
}
