/* The options of a report as text: read strictly, written back the same. */
#include "work/report.h"

#include "base/number.h"
#include "core/stamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Units of reach, the largest first. */
static const struct {
	char letter;
	int64_t us;
} units[] = {
	{ 'd', 24 * STAMP_HOUR_US },
	{ 'h', STAMP_HOUR_US },
	{ 'm', STAMP_MIN_US },
	{ 's', STAMP_S_US },
};

#define UNITS (sizeof(units) / sizeof(units[0]))
/* A thousand years: more is no different from it. */
#define REACH_MAX_US (INT64_C(365250) * 24 * STAMP_HOUR_US)

bool
report_parse_interpolation(const char *s, enum interpolation *out)
{
	enum interpolation i;

	for (i = 0; i < INTERPOLATION__MAX; i++) {
		if (strcmp(s, interpolation_names[i]) == 0) {
			*out = i;
			return true;
		}
	}
	return false;
}

bool
report_parse_reach(const char *s, int64_t *reach_us)
{
	size_t len = strlen(s), i;
	int64_t number;

	if (strcmp(s, "unlimited") == 0) {
		*reach_us = UPTIME_REACH_UNLIMITED;
		return true;
	}
	for (i = 0; len > 1 && i < UNITS; i++) {
		if (s[len - 1] != units[i].letter)
			continue;
		if (!number_parse(s, len - 1, 0, REACH_MAX_US / units[i].us,
			&number))
			return false;
		*reach_us = number * units[i].us;
		return true;
	}
	return false;
}

char *
report_format_reach(int64_t reach_us, char out[32])
{
	size_t i = 0;

	if (reach_us == UPTIME_REACH_UNLIMITED) {
		(void)snprintf(out, 32, "unlimited");
		return out;
	}
	while (i + 1 < UNITS && (reach_us == 0 || reach_us % units[i].us != 0))
		i++;
	(void)snprintf(out, 32, "%" PRId64 "%c", reach_us / units[i].us,
	    units[i].letter);
	return out;
}

void
report_put_rules(struct buf *out, const struct uptime_rules *rules)
{
	char reach[32];

	buf_printf(out,
	    "\"interpolation\":\"%s\",\"reach\":\"%s\","
	    "\"observed_gap\":\"2h\"",
	    interpolation_names[rules->interpolation],
	    report_format_reach(rules->reach_us, reach));
}

bool
report_parse_as_of(const char *s, int64_t *as_of_us)
{
	int64_t us;

	if (strcmp(s, "latest") == 0) {
		*as_of_us = REPORT_LATEST;
		return true;
	}
	if (!stamp_parse(s, strlen(s), &us) || us < STAMP_FIRST_US ||
	    us >= STAMP_END_US)
		return false;
	*as_of_us = us;
	return true;
}
