/*
 * The wall clock turned into UTC, against a slow model that looks the local
 * time up second by second.
 */
#include "core/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/check.h"
#include "../lib/dice.h"
#include "../lib/instant.h"

#define MANY 6
#define MODEL_SPAN_S 6000

static const struct {
	const char *name;
	const struct zone *zone;
	const char *date;
	int32_t second;
	const char *instant;
} cases[] = {
	{ "UTC", &utc, "2026-01-05", 9 * 3600, "2026-01-05 09:00:00" },
	{ "Phoenix in July", &phoenix, "2026-07-06", 9 * 3600,
	    "2026-07-06 16:00:00" },
	{ "before the gap", &new_york, "2026-03-08", 7199,
	    "2026-03-08 06:59:59" },
	{ "the gap begins", &new_york, "2026-03-08", 7200,
	    "2026-03-08 07:00:00" },
	{ "in the gap", &new_york, "2026-03-08", 9000, "2026-03-08 07:30:00" },
	{ "the gap ends", &new_york, "2026-03-08", 10799,
	    "2026-03-08 07:59:59" },
	{ "after the gap", &new_york, "2026-03-08", 10800,
	    "2026-03-08 07:00:00" },
	{ "before what comes twice", &new_york, "2026-11-01", 3599,
	    "2026-11-01 04:59:59" },
	{ "it comes twice", &new_york, "2026-11-01", 3600,
	    "2026-11-01 05:00:00" },
	{ "its last second", &new_york, "2026-11-01", 7199,
	    "2026-11-01 05:59:59" },
	{ "after what comes twice", &new_york, "2026-11-01", 7200,
	    "2026-11-01 07:00:00" },
	{ "on the next date", &new_york, "2026-10-31", 86400 + 5400,
	    "2026-11-01 05:30:00" },
	{ "two days on", &new_york, "2026-10-30", 172800,
	    "2026-11-01 04:00:00" },
	{ "before all segments", &new_york, "2025-01-01", 0,
	    "2025-01-01 05:00:00" },
	{ "after all segments", &new_york, "2030-07-01", 0,
	    "2030-07-01 05:00:00" },
	{ "before the lost date", &apia, "2011-12-29", 86399,
	    "2011-12-30 09:59:59" },
	{ "the lost date", &apia, "2011-12-30", 43200, "2011-12-30 22:00:00" },
	{ "after the lost date", &apia, "2011-12-31", 0,
	    "2011-12-30 10:00:00" },
};

static void
test_cases(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		check_number(cases[i].name,
		    zone_instant_us(cases[i].zone, date(cases[i].date),
			cases[i].second),
		    at(cases[i].instant));
}

/* Segments that last long enough that no two changes touch each other. */
static void
random_zone(struct dice *dice, struct zone_segment *segments, struct zone *zone)
{
	int64_t from_s = -MODEL_SPAN_S;
	size_t i;

	zone->segments = segments;
	zone->count = (size_t)dice_between(dice, 1, MANY);
	for (i = 0; i < zone->count; i++) {
		segments[i].from_s = from_s;
		segments[i].offset_s = (int32_t)dice_between(dice, -300, 300);
		from_s += dice_between(dice, 1300, 2500);
	}
}

/* The offset of a second, by looking at each segment in turn. */
static int32_t
model_offset(const struct zone *z, int64_t second)
{
	int32_t offset_s = z->segments[0].offset_s;
	size_t i;

	for (i = 0; i < z->count; i++)
		if (z->segments[i].from_s <= second)
			offset_s = z->segments[i].offset_s;
	return offset_s;
}

/* The first second that shows the local time; else by the gap's offset. */
static int64_t
model_instant(const struct zone *z, int64_t local_s)
{
	int64_t second;

	for (second = local_s - 700; second <= local_s + 700; second++)
		if (second + model_offset(z, second) == local_s)
			return second;
	for (second = local_s - 700; second <= local_s + 700; second++)
		if (second + model_offset(z, second) > local_s)
			return local_s - model_offset(z, second - 1);
	fail_msg("no instant");
	return 0;
}

static void
test_model(void **state)
{
	struct dice dice = { 11 };
	int round, i;

	(void)state;
	for (round = 0; round < 2000; round++) {
		struct zone_segment segments[MANY];
		struct zone zone;

		random_zone(&dice, segments, &zone);
		for (i = 0; i < 20; i++) {
			int64_t local_s = dice_between(&dice, -7000, 9000);
			int64_t from = local_s + CIVIL_DAY_S;

			/* From one midnight and from the one before it. */
			assert_int_equal(zone_instant_us(&zone, -1,
					     (int32_t)from),
			    model_instant(&zone, local_s) * STAMP_S_US);
			if (local_s >= 0)
				assert_int_equal(zone_instant_us(&zone, 0,
						     (int32_t)local_s),
				    zone_instant_us(&zone, -1, (int32_t)from));
			assert_int_equal(zone_offset_s(&zone,
					     local_s * STAMP_S_US),
			    model_offset(&zone, local_s));
		}
	}
}

static const struct {
	const char *name;
	const struct zone *zone;
	const char *instant;
	const char *date;
	int32_t offset_s;
} days[] = {
	{ "UTC, first", &utc, "2026-01-05 00:00:00", "2026-01-05", 0 },
	{ "UTC, last", &utc, "2026-01-05 23:59:59.999999", "2026-01-05", 0 },
	{ "before 1970", &utc, "1969-12-31 23:59:59.999999", "1969-12-31", 0 },
	{ "west, before midnight", &phoenix, "2026-07-07 06:59:59.999999",
	    "2026-07-06", -25200 },
	{ "west, midnight", &phoenix, "2026-07-07 07:00:00", "2026-07-07",
	    -25200 },
	{ "before a change", &new_york, "2026-03-08 06:59:59.999999",
	    "2026-03-08", -18000 },
	{ "at a change", &new_york, "2026-03-08 07:00:00", "2026-03-08",
	    -14400 },
	{ "summer, before midnight", &new_york, "2026-07-01 03:59:59.999999",
	    "2026-06-30", -14400 },
	{ "summer, midnight", &new_york, "2026-07-01 04:00:00", "2026-07-01",
	    -14400 },
	{ "over the lost date, before", &apia, "2011-12-30 09:59:59.999999",
	    "2011-12-29", -36000 },
	{ "over the lost date, after", &apia, "2011-12-30 10:00:00",
	    "2011-12-31", 50400 },
};

static void
test_days(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(days); i++) {
		check_number(days[i].name,
		    zone_local_day(days[i].zone, at(days[i].instant)),
		    date(days[i].date));
		check_number(days[i].name,
		    zone_offset_s(days[i].zone, at(days[i].instant)),
		    days[i].offset_s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_model),
		cmocka_unit_test(test_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
