/* The reckoning: the worked examples of the definitions, and their like. */
#include "core/uptime.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/check.h"
#include "../lib/week.h"

/* 2023-01-23 is a Monday, so is 2026-07-06. */
enum {
	MON,
	TUE,
	WED,
	THU,
	FRI,
	SAT,
	SUN
};

#define PREVIOUS INTERPOLATION_PREVIOUS, REACH_ALL
#define NEXT INTERPOLATION_NEXT, REACH_ALL
#define NEAREST INTERPOLATION_NEAREST, REACH_ALL
#define REACH(hours) INTERPOLATION_PREVIOUS, ((hours)*STAMP_HOUR_US)

/* Seconds of the week; observed: up + down. */
struct example {
	const char *name;
	struct week week;
	int64_t up;
	int64_t down;
	int64_t unknown;
	int64_t observed;
	uint32_t outages;
};

static const struct example examples[] = {
	{ "1",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 10:14:00", true },
		    { "2023-01-23 11:15:00", false } },
		"2023-01-23 12:00:00", PREVIOUS },
	    8100, 2700, 0, 0, 1 },
	{ "2: a poll outside the hours",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 08:50:00", false },
		    { "2023-01-23 10:14:00", true },
		    { "2023-01-23 11:15:00", false } },
		"2023-01-23 12:00:00", PREVIOUS },
	    8100, 2700, 0, 0, 1 },
	{ "3: a poll at the start",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 09:00:00", false },
		    { "2023-01-23 10:14:00", true } },
		"2023-01-23 12:00:00", PREVIOUS },
	    6360, 4440, 0, 0, 1 },
	{ "3: a poll just before the start",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 08:59:59.999999", false },
		    { "2023-01-23 10:14:00", true } },
		"2023-01-23 12:00:00", PREVIOUS },
	    10800, 0, 0, 0, 0 },
	{ "3: a poll at the end",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 12:00:00", false } }, "2023-01-23 13:00:00",
		PREVIOUS },
	    0, 10800, 0, 0, 1 },
	{ "3: a poll just after the end",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 12:00:00.000001", false } },
		"2023-01-23 13:00:00", PREVIOUS },
	    0, 0, 10800, 0, 0 },
	{ "4: a week with a day of 23 hours",
	    { &new_york, { { SUN, { 0, 0 } } }, 1,
		{ { "2026-03-08 12:00:00", true } }, "2026-03-10 00:00:00",
		PREVIOUS },
	    82800, 0, 0, 0, 0 },
	{ "4: a week with a day of 25 hours",
	    { &new_york, { { SUN, { 0, 0 } } }, 1,
		{ { "2026-11-01 12:00:00", true } }, "2026-11-03 00:00:00",
		PREVIOUS },
	    90000, 0, 0, 0, 0 },
	{ "5: a night to the jump",
	    { &new_york, { { SAT, { 18 * H, 2 * H } } }, 1,
		{ { "2026-03-08 00:00:00", true } }, "2026-03-09 12:00:00",
		PREVIOUS },
	    28800, 0, 0, 0, 0 },
	{ "5: a night of nine hours",
	    { &new_york, { { SAT, { 18 * H, 2 * H } } }, 1,
		{ { "2026-11-01 00:00:00", true } }, "2026-11-02 12:00:00",
		PREVIOUS },
	    32400, 0, 0, 0, 0 },
	{ "5: a night to the first 01:30",
	    { &new_york, { { SAT, { 18 * H, 5400 } } }, 1,
		{ { "2026-11-01 00:00:00", true } }, "2026-11-02 12:00:00",
		PREVIOUS },
	    27000, 0, 0, 0, 0 },
	{ "6: overlapping rows",
	    { &utc, { { MON, { 9 * H, 17 * H } }, { MON, { 12 * H, 20 * H } } },
		2, { { "2023-01-23 10:00:00", true } }, "2023-01-24 00:00:00",
		PREVIOUS },
	    39600, 0, 0, 0, 0 },
	{ "7: one shift over midnight",
	    { &utc, { { MON, { 11 * H, 86340 } }, { TUE, { 0, 2 * H } } }, 2,
		{ { "2023-01-23 23:30:00", false } }, "2023-01-24 12:00:00",
		PREVIOUS },
	    0, 54000, 0, 0, 1 },
	{ "8: Phoenix in July",
	    { &phoenix, { { MON, { 9 * H, 10 * H } } }, 1,
		{ { "2026-07-06 15:59:59", false },
		    { "2026-07-06 16:00:00", true } },
		"2026-07-07 00:00:00", PREVIOUS },
	    3600, 0, 0, 0, 0 },
	{ "9: the last evidence before",
	    { &utc, { { MON, { 9 * H, 12 * H } }, { TUE, { 9 * H, 17 * H } } },
		2, { { "2023-01-23 11:00:00", false } }, "2023-01-24 17:00:00",
		PREVIOUS },
	    0, 39600, 0, 0, 1 },
	/* Six hours after Monday 11:00 the store is closed. */
	{ "9: with a reach of 6 h",
	    { &utc, { { MON, { 9 * H, 12 * H } }, { TUE, { 9 * H, 17 * H } } },
		2, { { "2023-01-23 11:00:00", false } }, "2023-01-24 17:00:00",
		REACH(6) },
	    0, 10800, 28800, 0, 1 },
	{ "9: with a reach of 24 h",
	    { &utc, { { MON, { 9 * H, 12 * H } }, { TUE, { 9 * H, 17 * H } } },
		2, { { "2023-01-23 11:00:00", false } }, "2023-01-24 17:00:00",
		REACH(24) },
	    0, 18000, 21600, 0, 1 },
	{ "next",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 10:14:00", true },
		    { "2023-01-23 11:15:00", false } },
		"2023-01-23 12:00:00", NEXT },
	    4440, 6360, 0, 0, 1 },
	{ "nearest",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 10:14:00", true },
		    { "2023-01-23 11:15:00", false } },
		"2023-01-23 12:00:00", NEAREST },
	    6270, 4530, 0, 0, 1 },
	{ "never polled",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1, { { NULL, 0 } },
		"2023-01-23 12:00:00", PREVIOUS },
	    0, 0, 10800, 0, 0 },
	{ "polled after as_of only",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 12:00:00.000001", true } },
		"2023-01-23 12:00:00", PREVIOUS },
	    0, 0, 10800, 0, 0 },
	{ "the earliest evidence after",
	    { &utc, { { MON, { 9 * H, 12 * H } }, { TUE, { 9 * H, 12 * H } } },
		2,
		{ { "2023-01-23 08:00:00", true },
		    { "2023-01-24 10:00:00", false } },
		"2023-01-24 12:00:00", PREVIOUS },
	    0, 21600, 0, 0, 1 },
	{ "closed time does not end an outage",
	    { &utc, { { MON, { 9 * H, 12 * H } }, { TUE, { 9 * H, 12 * H } } },
		2,
		{ { "2023-01-23 11:00:00", false },
		    { "2023-01-24 10:00:00", false },
		    { "2023-01-24 11:00:00", true } },
		"2023-01-24 12:00:00", PREVIOUS },
	    3600, 18000, 0, 0, 1 },
	{ "the first poll of a shift decides what is before it",
	    { &utc, { { MON, { 9 * H, 12 * H } }, { TUE, { 9 * H, 12 * H } } },
		2,
		{ { "2023-01-23 11:00:00", false },
		    { "2023-01-24 10:00:00", true } },
		"2023-01-24 12:00:00", PREVIOUS },
	    10800, 10800, 0, 0, 1 },
	{ "observed up to a gap of 2 h",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 09:30:00", true },
		    { "2023-01-23 11:30:00", true } },
		"2023-01-23 12:00:00", PREVIOUS },
	    10800, 0, 0, 7200, 0 },
	{ "not observed over 2 h",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 09:29:59.999999", true },
		    { "2023-01-23 11:30:00", true } },
		"2023-01-23 12:00:00", PREVIOUS },
	    10800, 0, 0, 0, 0 },
	{ "observed within reach only",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 09:30:00", false },
		    { "2023-01-23 11:30:00", false } },
		"2023-01-23 12:00:00", REACH(1) },
	    0, 7200, 3600, 3600, 2 },
	{ "not observed between two shifts",
	    { &utc, { { MON, { 9 * H, 10 * H } }, { MON, { 11 * H, 12 * H } } },
		2,
		{ { "2023-01-23 09:30:00", true },
		    { "2023-01-23 11:10:00", true } },
		"2023-01-23 12:00:00", PREVIOUS },
	    7200, 0, 0, 0, 0 },
	{ "a reach of nothing",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 10:00:00", true } }, "2023-01-23 12:00:00",
		REACH(0) },
	    0, 0, 10800, 0, 0 },
};

static void
test_examples(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(examples); i++) {
		const struct example *e = &examples[i];
		const struct counters *c;
		struct week_input w;
		struct uptime up;

		week_load(&e->week, &w);
		uptime_reckon(&w.in, &up);
		c = &up.window[WINDOW_WEEK];
		check_number(e->name, c->up, e->up * STAMP_S_US);
		check_number(e->name, c->down, e->down * STAMP_S_US);
		check_number(e->name, c->unknown, e->unknown * STAMP_S_US);
		check_number(e->name, c->observed_up + c->observed_down,
		    e->observed * STAMP_S_US);
		check_number(e->name, up.outages, e->outages);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
