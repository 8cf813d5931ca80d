/* Since when a store is what it is, at the edges of the definition. */
#include "core/uptime.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/check.h"
#include "../lib/week.h"

/* 2023-01-23 is a Monday. */
enum {
	MON,
	TUE,
	WED,
	THU,
	FRI
};

#define PREVIOUS INTERPOLATION_PREVIOUS, REACH_ALL
#define NEXT INTERPOLATION_NEXT, REACH_ALL
#define REACH(hours) INTERPOLATION_PREVIOUS, ((hours)*STAMP_HOUR_US)
#define MORNINGS \
	{ \
		{ MON, { 9 * H, 12 * H } }, \
		{ \
			TUE, \
			{ \
				9 * H, 12 * H \
			} \
		} \
	}

static const struct {
	const char *name;
	struct week week;
	enum status_now now;
	const char *since;
} cases[] = {
	{ "up since its poll",
	    { &utc, MORNINGS, 2,
		{ { "2023-01-23 09:30:00", false },
		    { "2023-01-23 10:30:00", true } },
		"2023-01-23 11:00:00", PREVIOUS },
	    STATUS_NOW_UP, "2023-01-23 10:30:00" },
	{ "down through a night",
	    { &utc, MORNINGS, 2,
		{ { "2023-01-23 09:30:00", true },
		    { "2023-01-23 11:30:00", false },
		    { "2023-01-24 09:30:00", false } },
		"2023-01-24 11:00:00", PREVIOUS },
	    STATUS_NOW_DOWN, "2023-01-23 11:30:00" },
	{ "down since it opened",
	    { &utc, MORNINGS, 2,
		{ { "2023-01-23 09:30:00", true },
		    { "2023-01-24 09:30:00", false } },
		"2023-01-24 11:00:00", PREVIOUS },
	    STATUS_NOW_DOWN, "2023-01-24 09:00:00" },
	{ "all week, which begins in closed time",
	    { &utc, MORNINGS, 2, { { "2023-01-24 10:00:00", true } },
		"2023-01-24 10:30:00", PREVIOUS },
	    STATUS_NOW_UP, "2023-01-17 10:30:00" },
	{ "longer than a week",
	    { &utc, { { 0 } }, 0,
		{ { "2023-01-15 00:00:00", false },
		    { "2023-01-24 10:00:00", false } },
		"2023-01-24 11:00:00", PREVIOUS },
	    STATUS_NOW_DOWN, "2023-01-17 11:00:00" },
	{ "of before the week only that it was different",
	    { &utc, { { 0 } }, 0,
		{ { "2023-01-15 00:00:00", true },
		    { "2023-01-17 11:00:00", false },
		    { "2023-01-24 10:00:00", false } },
		"2023-01-24 11:00:00", PREVIOUS },
	    STATUS_NOW_DOWN, "2023-01-17 11:00:00" },
	{ "by a poll of this very instant",
	    { &utc, MORNINGS, 2,
		{ { "2023-01-23 09:30:00", true },
		    { "2023-01-23 11:00:00", false } },
		"2023-01-23 11:00:00", PREVIOUS },
	    STATUS_NOW_DOWN, "2023-01-23 11:00:00" },
	{ "the same, which decided what was before",
	    { &utc, MORNINGS, 2,
		{ { "2023-01-23 09:30:00", true },
		    { "2023-01-23 11:00:00", false } },
		"2023-01-23 11:00:00", NEXT },
	    STATUS_NOW_DOWN, "2023-01-23 09:30:00" },
	{ "by a shift of this very instant",
	    { &utc, MORNINGS, 2,
		{ { "2023-01-23 09:30:00", true },
		    { "2023-01-24 09:00:00", false } },
		"2023-01-24 09:00:00", PREVIOUS },
	    STATUS_NOW_DOWN, "2023-01-24 09:00:00" },
	{ "the first shift of the week begins now",
	    { &utc, { { MON, { 9 * H, 10 * H } } }, 1,
		{ { "2023-01-16 09:00:00", true },
		    { "2023-01-23 09:00:00", true } },
		"2023-01-23 09:00:00", PREVIOUS },
	    STATUS_NOW_UP, "2023-01-16 09:00:00" },
	{ "stale: the poll that decides",
	    { &utc, MORNINGS, 2,
		{ { "2023-01-23 09:30:00", false },
		    { "2023-01-24 08:00:00", true } },
		"2023-01-24 11:00:00", PREVIOUS },
	    STATUS_NOW_STALE, "2023-01-23 09:30:00" },
	{ "unknown from the end of reach",
	    { &utc, MORNINGS, 2, { { "2023-01-23 09:30:00", true } },
		"2023-01-24 11:00:00", REACH(1) },
	    STATUS_NOW_UNKNOWN, "2023-01-23 10:30:00" },
	{ "never polled",
	    { &utc, MORNINGS, 2, { { NULL, 0 } }, "2023-01-23 11:00:00",
		PREVIOUS },
	    STATUS_NOW_UNKNOWN, "2023-01-16 11:00:00" },
	{ "closed since the last shift",
	    { &utc, MORNINGS, 2, { { "2023-01-23 09:30:00", true } },
		"2023-01-23 18:00:00", PREVIOUS },
	    STATUS_NOW_CLOSED, "2023-01-23 12:00:00" },
	{ "closed at this very instant",
	    { &utc, MORNINGS, 2, { { "2023-01-23 09:30:00", true } },
		"2023-01-23 12:00:00", PREVIOUS },
	    STATUS_NOW_CLOSED, "2023-01-23 12:00:00" },
	{ "closed for most of a week",
	    { &utc, { { MON, { 9 * H, 12 * H } } }, 1, { { NULL, 0 } },
		"2023-01-30 08:59:59.999999", PREVIOUS },
	    STATUS_NOW_CLOSED, "2023-01-23 12:00:00" },
};

static void
test_cases(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct week_input w;
		struct uptime up;

		week_load(&cases[i].week, &w);
		uptime_reckon(&w.in, &up);
		check_text(cases[i].name, status_now_names[up.now],
		    status_now_names[cases[i].now]);
		check_true(cases[i].name, up.has_since);
		check_number(cases[i].name, up.since_us, at(cases[i].since));
	}
}

/* A store whose last shift ended a week ago, and a microsecond earlier. */
static void
test_closed_for_long(void **state)
{
	const struct interval shift = { 0, 200 * STAMP_HOUR_US };
	struct uptime_input in = { .shifts = &shift, .shift_count = 1 };
	struct uptime up;

	(void)state;
	in.as_of_us = shift.end_us + uptime_window_us[WINDOW_WEEK];
	uptime_reckon(&in, &up);
	assert_int_equal(up.now, STATUS_NOW_CLOSED);
	assert_true(up.has_since);
	assert_int_equal(up.since_us, shift.end_us);
	in.as_of_us++;
	uptime_reckon(&in, &up);
	assert_int_equal(up.now, STATUS_NOW_CLOSED);
	assert_false(up.has_since);
	in.shift_count = 0;
	uptime_reckon(&in, &up);
	assert_int_equal(up.now, STATUS_NOW_CLOSED);
	assert_false(up.has_since);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_closed_for_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
