/* storemon prune: polls that are too old, removed. */
#include "cli/cli.h"

#include "core/civil.h"
#include "core/stamp.h"
#include "sys/owner.h"
#include "work/prune.h"

#include <inttypes.h>
#include <stdio.h>

static gint64 keep;
static gboolean dry_run;

static const GOptionEntry entries[] = {
	{ "keep", 0, 0, G_OPTION_ARG_INT64, &keep,
	    "reports may speak of so many days before the newest poll",
	    "DAYS" },
	{ "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run,
	    "only say what would be removed", NULL },
	G_OPTION_ENTRY_NULL
};

static void
tell(const struct prune_result *r)
{
	const struct prune_counts *c = &r->counts;
	char stamp[STAMP_TEXT];
	int year, month, day;

	if (!r->any) {
		(void)printf("nothing to remove\n");
		return;
	}
	civil_date(r->before_day, &year, &month, &day);
	(void)printf("%s: %" PRIu64 " polls of %" PRIu64
		     " days before %04d-%02d-%02d\n",
	    dry_run ? "would be removed" : "removed", c->polls, c->days, year,
	    month, day);
	(void)printf("kept of the days before: the latest of each store, on "
		     "which later figures rest (%" PRIu64 " in all)\n",
	    c->kept);
	(void)printf("reports %s %s and later\n",
	    dry_run ? "could then speak of" : "can speak of",
	    stamp_format(r->kept_us, stamp));
}

int
cli_prune(const struct cli_command *c, int argc, char **argv)
{
	struct prune_result result;
	char state[FILE_PATH_MAX];
	enum err err;
	int code;

	if (!cli_parse(c, entries, &argc, &argv, &code))
		return code;
	if (keep < 1 || keep > PRUNE_DAYS_MAX)
		return cli_usage(c, "--keep takes a number of days, 1 to %d",
		    PRUNE_DAYS_MAX);
	if (cli_state(state) != ERR_NONE || owner_become(state) != ERR_NONE)
		return CLI_FAILED;
	err = prune_run(state, (int32_t)keep, dry_run, &result);
	if (err == ERR_CONFLICT)
		return cli_fail("there are no polls yet", err);
	if (err != ERR_NONE)
		return cli_fail("prune", err);
	tell(&result);
	return fflush(stdout) == 0 ? CLI_DONE : CLI_FAILED;
}
