/* The sums over stores, and the bins of their availability. */
#include "work/fleet.h"

#include "core/stamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/check.h"

/* A store of which no two figures are the same. */
static const struct reckoned store = {
	.uptime = {
		.window = {
			{ 1, 2, 3, 4, 5 },
			{ 1000000, 2000001, 3600000000, 99, 0 },
			{ 604800000000, 0, 12, 604799999999, 7 },
		},
		.longest_outage_us = 61000001,
		.outages = 3,
		.now = STATUS_NOW_STALE,
	},
	.last_poll_us = INT64_C(1674389379388884),
	.has_poll = true,
};

static void
test_sums(void **state)
{
	struct reckoned dark = { .has_poll = true, .last_poll_us = 7 };
	struct reckoned never = { .has_poll = false };
	struct fleet f = { 0 };

	(void)state;
	dark.uptime.window[WINDOW_WEEK].down = 5;
	dark.uptime.window[WINDOW_HOUR].down = 3;
	dark.uptime.now = STATUS_NOW_DOWN;
	dark.uptime.outages = 1;
	never.uptime.window[WINDOW_WEEK].unknown = 7;
	never.uptime.now = STATUS_NOW_CLOSED;
	fleet_add(&f, &dark);
	assert_true(f.has_poll);
	assert_int_equal(f.newest_poll_us, 7);
	fleet_add(&f, &store);
	fleet_add(&f, &store);
	fleet_add(&f, &never);
	assert_int_equal(f.stores, 4);
	assert_int_equal(f.dark, 1);
	assert_int_equal(f.never_polled, 1);
	assert_int_equal(f.outages, 7);
	assert_int_equal(f.newest_poll_us, store.last_poll_us);
	assert_int_equal(f.now[STATUS_NOW_STALE], 2);
	assert_int_equal(f.now[STATUS_NOW_DOWN], 1);
	assert_int_equal(f.now[STATUS_NOW_CLOSED], 1);
	assert_int_equal(f.now[STATUS_NOW_UP], 0);
	assert_int_equal(f.window[WINDOW_HOUR].up, 2);
	assert_int_equal(f.window[WINDOW_HOUR].down, 7);
	assert_int_equal(f.window[WINDOW_HOUR].observed_down, 10);
	assert_int_equal(f.window[WINDOW_DAY].down, 4000002);
	assert_int_equal(f.window[WINDOW_WEEK].down, 5);
	assert_int_equal(f.window[WINDOW_WEEK].unknown, 31);
	assert_int_equal(f.lit[WINDOW_HOUR].down, 4);
	assert_int_equal(f.lit[WINDOW_WEEK].down, 0);
	assert_int_equal(f.lit[WINDOW_WEEK].unknown, 31);
}

/* Dark is the week's matter: neither up time nor the lack of down time. */
static void
test_dark(void **state)
{
	static const struct {
		int64_t up, down, unknown;
		bool dark;
	} cases[] = {
		{ 0, 0, 0, false },
		{ 0, 0, 9, false },
		{ 1, 0, 0, false },
		{ 1, 9, 0, false },
		{ 0, 1, 9, true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct reckoned one = { .has_poll = true };
		struct counters *week = &one.uptime.window[WINDOW_WEEK];

		one.uptime.window[WINDOW_DAY].up = 5;
		week->up = cases[i].up;
		week->down = cases[i].down;
		week->unknown = cases[i].unknown;
		assert_int_equal(fleet_is_dark(&one), cases[i].dark);
	}
}

/* A week's up and down time, and the bin; -1: in none. */
static const struct {
	int64_t up, down;
	int bin;
} weeks[] = {
	{ 0, 0, -1 },
	{ 0, 1, 0 },
	{ 1, 604799999999, 1 },
	{ 999, 9001, 1 },
	{ 1000, 9000, 2 },
	{ 1999, 8001, 2 },
	{ 2000, 8000, 3 },
	{ 7999, 2001, 8 },
	{ 8000, 2000, 9 },
	{ 8999, 1001, 9 },
	{ 9000, 1000, 10 },
	{ 9499, 501, 10 },
	{ 9500, 500, 11 },
	{ 9899, 101, 11 },
	{ 9900, 100, 12 },
	{ 604799999999, 1, 12 },
	{ 1, 0, 13 },
};

static void
test_bins(void **state)
{
	size_t i;
	int bin;

	(void)state;
	for (i = 0; i < COUNT(weeks); i++) {
		struct reckoned one = { .has_poll = true };
		struct fleet f = { 0 };

		one.uptime.window[WINDOW_WEEK].up = weeks[i].up;
		one.uptime.window[WINDOW_WEEK].down = weeks[i].down;
		fleet_add(&f, &one);
		assert_int_equal(f.no_bin, weeks[i].bin < 0);
		for (bin = 0; bin < FLEET_BINS; bin++)
			assert_int_equal(f.bin[bin], bin == weeks[i].bin);
	}
	/* They join without a gap, from nothing to all. */
	assert_int_equal(fleet_bins[0].from, 0);
	for (bin = 1; bin < FLEET_BINS; bin++)
		assert_int_equal(fleet_bins[bin].from, fleet_bins[bin - 1].to);
	assert_int_equal(fleet_bins[FLEET_BINS - 1].to, 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_dark),
		cmocka_unit_test(test_bins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
