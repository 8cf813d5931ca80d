/*
 * The parameters of a question about figures: the instant that it speaks of,
 * and the rules.  They are the first rows of an endpoint's table.
 */
#ifndef RULES_H
#define RULES_H

#include "web/params.h"
#include "work/report.h"

enum {
	RULES_AS_OF,
	RULES_INTERPOLATION,
	RULES_REACH,
	RULES_PARAMS
};

static inline bool
rules_is_as_of(const char *value)
{
	int64_t as_of_us;

	return report_parse_as_of(value, &as_of_us);
}

static inline bool
rules_is_interpolation(const char *value)
{
	enum interpolation interpolation;

	return report_parse_interpolation(value, &interpolation);
}

static inline bool
rules_is_reach(const char *value)
{
	int64_t reach_us;

	return report_parse_reach(value, &reach_us);
}

/* What would be right, as an endpoint's table has it. */
#define RULES_RIGHT_AS_OF \
	"a UTC time stamp like 2023-01-25T18:13:22.479220Z, of the " \
	"years 2000 to 2999, or latest"
#define RULES_RIGHT_INTERPOLATION "previous, next or nearest"
#define RULES_RIGHT_REACH \
	"a whole number with s, m, h or d, like 24h, or unlimited"

/* What they say, checked already; as_of is REPORT_LATEST if not given. */
static inline void
rules_read(const struct params *p, int64_t *as_of_us,
    struct uptime_rules *rules)
{
	*as_of_us = REPORT_LATEST;
	rules->interpolation = INTERPOLATION_PREVIOUS;
	rules->reach_us = UPTIME_REACH_UNLIMITED;
	if (params_text(p, RULES_AS_OF) != NULL)
		(void)report_parse_as_of(params_text(p, RULES_AS_OF), as_of_us);
	if (params_text(p, RULES_INTERPOLATION) != NULL)
		(void)report_parse_interpolation(params_text(p,
						     RULES_INTERPOLATION),
		    &rules->interpolation);
	if (params_text(p, RULES_REACH) != NULL)
		(void)report_parse_reach(params_text(p, RULES_REACH),
		    &rules->reach_us);
}

#endif
