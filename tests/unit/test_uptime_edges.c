/* The reckoning at its edges, the status now and the three windows. */
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

/* What is lost of example 9 is lost at the very microsecond. */
static void
test_reach_edges(void **state)
{
	struct week week = { &utc,
		{ { MON, { 9 * H, 12 * H } }, { TUE, { 9 * H, 17 * H } } }, 2,
		{ { "2023-01-23 11:00:00", false } }, "2023-01-24 17:00:00",
		PREVIOUS };
	int64_t start_us = 22 * STAMP_HOUR_US, more;

	(void)state;
	for (more = -1; more <= 1; more++) {
		struct week_input w;
		struct uptime up;

		week.reach_us = start_us + more;
		week_load(&week, &w);
		uptime_reckon(&w.in, &up);
		assert_int_equal(up.window[WINDOW_WEEK].down,
		    3 * STAMP_HOUR_US + (more > 0 ? more : 0));
	}
}

/* The midpoint is rounded down and is itself the later poll's. */
static void
test_midpoint(void **state)
{
	static const struct {
		const char *later;
		int64_t up;
	} cases[] = {
		{ "2023-01-23 10:00:00.000001", 0 },
		{ "2023-01-23 10:00:00.000002", 1 },
		{ "2023-01-23 10:00:00.000003", 1 },
		{ "2023-01-23 10:00:00.000004", 2 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct week week = { &utc, { { MON, { 10 * H, 12 * H } } }, 1,
			{ { "2023-01-23 10:00:00", true },
			    { cases[i].later, false } },
			"2023-01-23 12:00:00", NEAREST };
		struct week_input w;
		struct uptime up;

		week_load(&week, &w);
		uptime_reckon(&w.in, &up);
		check_number(cases[i].later, up.window[WINDOW_WEEK].up,
		    cases[i].up);
	}
}

static const struct {
	const char *name;
	struct week week;
	enum status_now now;
} nows[] = {
	{ "up",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 10:00:00", true } }, "2023-01-23 11:00:00",
		PREVIOUS },
	    STATUS_NOW_UP },
	{ "down",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 10:00:00", false } }, "2023-01-23 11:00:00",
		PREVIOUS },
	    STATUS_NOW_DOWN },
	{ "2 h old",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 09:00:00", false } }, "2023-01-23 11:00:00",
		PREVIOUS },
	    STATUS_NOW_DOWN },
	{ "older than 2 h",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 09:00:00", false } },
		"2023-01-23 11:00:00.000001", PREVIOUS },
	    STATUS_NOW_STALE },
	{ "at the start",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 09:00:00", true } }, "2023-01-23 09:00:00",
		PREVIOUS },
	    STATUS_NOW_UP },
	{ "at the end",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 11:30:00", true } }, "2023-01-23 12:00:00",
		PREVIOUS },
	    STATUS_NOW_CLOSED },
	{ "just before the end",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 11:30:00", true } },
		"2023-01-23 11:59:59.999999", PREVIOUS },
	    STATUS_NOW_UP },
	{ "before the start",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 08:30:00", true } },
		"2023-01-23 08:59:59.999999", PREVIOUS },
	    STATUS_NOW_CLOSED },
	{ "never polled",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1, { { NULL, 0 } },
		"2023-01-23 10:00:00", PREVIOUS },
	    STATUS_NOW_UNKNOWN },
	{ "polled outside the hours",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 08:59:00", true } }, "2023-01-23 10:00:00",
		PREVIOUS },
	    STATUS_NOW_UNKNOWN },
	{ "by a shift before",
	    { &utc, { { MON, { 9 * H, 10 * H } }, { MON, { 11 * H, 12 * H } } },
		2, { { "2023-01-23 09:30:00", false } }, "2023-01-23 11:30:00",
		PREVIOUS },
	    STATUS_NOW_DOWN },
	{ "at the end of reach",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 10:00:00", true } }, "2023-01-23 11:00:00",
		REACH(1) },
	    STATUS_NOW_UP },
	{ "beyond reach",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 10:00:00", true } },
		"2023-01-23 11:00:00.000001", REACH(1) },
	    STATUS_NOW_UNKNOWN },
	{ "at the poll itself",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1,
		{ { "2023-01-23 10:00:00", true },
		    { "2023-01-23 11:00:00", false } },
		"2023-01-23 11:00:00", NEXT },
	    STATUS_NOW_DOWN },
};

static void
test_now(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(nows); i++) {
		struct week_input w;
		struct uptime up;

		week_load(&nows[i].week, &w);
		uptime_reckon(&w.in, &up);
		check_text(nows[i].name, status_now_names[up.now],
		    status_now_names[nows[i].now]);
	}
}

/* The three windows of a store that is always open. */
static void
test_windows(void **state)
{
	static const struct week week = { &utc, { { 0 } }, 0,
		{ { "2023-01-20 00:00:00", true },
		    { "2023-01-24 22:30:00", false } },
		"2023-01-25 00:00:00", PREVIOUS };
	struct week_input w;
	struct uptime up;

	(void)state;
	week_load(&week, &w);
	uptime_reckon(&w.in, &up);
	assert_int_equal(up.window[WINDOW_HOUR].up, 0);
	assert_int_equal(up.window[WINDOW_HOUR].down, STAMP_HOUR_US);
	assert_int_equal(up.window[WINDOW_DAY].up, 45 * STAMP_HOUR_US / 2);
	assert_int_equal(up.window[WINDOW_DAY].down, 3 * STAMP_HOUR_US / 2);
	assert_int_equal(up.window[WINDOW_WEEK].up, 333 * STAMP_HOUR_US / 2);
	assert_int_equal(up.window[WINDOW_WEEK].down, 3 * STAMP_HOUR_US / 2);
	assert_int_equal(up.longest_outage_us, 3 * STAMP_HOUR_US / 2);
	assert_true(up.has_evidence);
	assert_int_equal(up.now_poll_us, at("2023-01-24 22:30:00"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reach_edges),
		cmocka_unit_test(test_midpoint),
		cmocka_unit_test(test_now),
		cmocka_unit_test(test_windows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
