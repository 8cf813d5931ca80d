/* storemon sample: demonstration CSV files of any size. */
#include "cli/cli.h"

#include "core/stamp.h"
#include "sys/clock.h"
#include "work/report.h"
#include "work/sample.h"

static gint64 stores = 200, days = 8, seed = 1;
static char *until;

static const GOptionEntry entries[] = {
	{ "stores", 0, 0, G_OPTION_ARG_INT64, &stores,
	    "how many stores (default: 200)", "N" },
	{ "days", 0, 0, G_OPTION_ARG_INT64, &days,
	    "how many days of polls (default: 8)", "N" },
	{ "until", 0, 0, G_OPTION_ARG_STRING, &until,
	    "the newest poll (default: the last full minute)", "STAMP" },
	{ "seed", 0, 0, G_OPTION_ARG_INT64, &seed,
	    "another number gives other data (default: 1)", "N" },
	G_OPTION_ENTRY_NULL
};

static void
show(void *ctx, uint64_t done, uint64_t total)
{
	cli_progress_show(ctx, done, (double)done / (double)total);
}

int
cli_sample(const struct cli_command *c, int argc, char **argv)
{
	struct sample_request request = { 0 };
	struct cli_progress progress;
	enum err err;
	int code;

	if (!cli_parse(c, entries, &argc, &argv, &code))
		return code;
	if (stores < 1 || stores > 10000000 || days < 1 || days > 3660)
		return cli_usage(c,
		    "--stores takes 1 to 10000000, "
		    "--days 1 to 3660");
	request.folder = argv[1];
	request.stores = stores;
	request.days = days;
	request.seed = (uint64_t)seed;
	request.until_us = clock_now_us() / STAMP_MIN_US * STAMP_MIN_US;
	if (until != NULL &&
	    (!report_parse_as_of(until, &request.until_us) ||
		request.until_us == REPORT_LATEST))
		return cli_usage(c,
		    "--until takes a stamp like "
		    "\"2023-01-25 18:13:22 UTC\"");
	request.progress = show;
	request.progress_ctx = &progress;
	cli_progress_begin(&progress, "stores");
	err = sample_write(&request);
	cli_progress_end(&progress);
	return err == ERR_NONE ? CLI_DONE : cli_fail("sample", err);
}
