/* The options of a question: the instant that it speaks of, and the rules. */
#include "cli/cli.h"

#include "work/report.h"

static char *as_of, *interpolation, *reach;

const GOptionEntry cli_rules_entries[] = {
	{ "as-of", 0, 0, G_OPTION_ARG_STRING, &as_of,
	    "the instant it speaks of (default: latest, the newest poll)",
	    "STAMP" },
	{ "interpolation", 0, 0, G_OPTION_ARG_STRING, &interpolation,
	    "which poll decides: previous (default), next or nearest", "RULE" },
	{ "reach", 0, 0, G_OPTION_ARG_STRING, &reach,
	    "how far a poll speaks: 90s, 30m, 24h, 7d (default: unlimited)",
	    "TIME" },
	G_OPTION_ENTRY_NULL
};

int
cli_read_rules(const struct cli_command *c, int64_t *as_of_us,
    struct uptime_rules *rules)
{
	*as_of_us = REPORT_LATEST;
	rules->interpolation = INTERPOLATION_PREVIOUS;
	rules->reach_us = UPTIME_REACH_UNLIMITED;
	if (as_of != NULL && !report_parse_as_of(as_of, as_of_us))
		return cli_usage(c,
		    "--as-of takes a stamp like "
		    "\"2023-01-25 18:13:22 UTC\", or latest");
	if (interpolation != NULL &&
	    !report_parse_interpolation(interpolation, &rules->interpolation))
		return cli_usage(c,
		    "--interpolation takes previous, next or nearest");
	if (reach != NULL && !report_parse_reach(reach, &rules->reach_us))
		return cli_usage(c,
		    "--reach takes a number with s, m, h or d,"
		    " or unlimited");
	return CLI_DONE;
}
