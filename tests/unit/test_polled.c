/* Stores polled by the hour, and the hours that are blind. */
#include "core/polled.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/check.h"
#include "../lib/dice.h"
#include "../lib/instant.h"

#define POLLS 400

static void
test_hours(void **state)
{
	static const struct {
		const char *as_of;
		const char *clock_from;
		size_t hours;
	} cases[] = {
		{ "2023-01-25 18:00:00", "2023-01-18 18:00:00", 168 },
		{ "2023-01-25 18:00:00.000001", "2023-01-18 19:00:00", 167 },
		{ "2023-01-25 17:59:59.999999", "2023-01-18 18:00:00", 167 },
		{ "2023-01-25 18:13:22.47922", "2023-01-18 19:00:00", 167 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct polled p;

		polled_begin(&p, at(cases[i].as_of));
		check_number(cases[i].as_of, p.clock_from_us,
		    at(cases[i].clock_from));
		check_number(cases[i].as_of, p.clock_hours, cases[i].hours);
		check_number(cases[i].as_of, p.from_us,
		    at(cases[i].as_of) - 168 * STAMP_HOUR_US);
	}
}

/* Is there a poll in [from, from + 1 h)? */
static bool
model_has(const struct poll *polls, size_t n, int64_t from_us)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (polls[i].at_us >= from_us &&
		    polls[i].at_us < from_us + STAMP_HOUR_US)
			return true;
	return false;
}

/* Polls at random, many of them on the edge of an hour of either row. */
static size_t
make_polls(struct dice *dice, int64_t as_of_us, struct poll polls[POLLS])
{
	int64_t step_us = dice_between(dice, 1, 9) * STAMP_HOUR_US / 2;
	int64_t us = as_of_us - dice_between(dice, 100, 200) * STAMP_HOUR_US;
	size_t n = 0;

	while (n < POLLS && us < as_of_us + 3 * STAMP_HOUR_US) {
		int64_t edge_us = us;

		if (dice_one_in(dice, 3))
			edge_us -= us % STAMP_HOUR_US;
		else if (dice_one_in(dice, 3))
			edge_us -= (us - as_of_us) % STAMP_HOUR_US;
		edge_us -= dice_between(dice, 0, 1);
		if (n == 0 || edge_us > polls[n - 1].at_us)
			polls[n++].at_us = edge_us;
		us += dice_between(dice, 1, step_us);
	}
	return n;
}

static void
test_model(void **state)
{
	static const char *const as_ofs[] = { "2023-01-25 18:00:00",
		"2023-01-25 18:13:22.47922" };
	struct dice dice = { 71 };
	int round;
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(as_ofs); i++) {
		uint32_t before[POLLED_HOURS] = { 0 };
		uint32_t clock[POLLED_HOURS] = { 0 };
		struct polled p;

		polled_begin(&p, at(as_ofs[i]));
		for (round = 0; round < 300; round++) {
			struct poll polls[POLLS];
			size_t n = make_polls(&dice, at(as_ofs[i]), polls);

			polled_add(&p, polls, n);
			for (k = 0; k < POLLED_HOURS; k++)
				before[k] += model_has(polls, n,
				    p.from_us + (int64_t)k * STAMP_HOUR_US);
			for (k = 0; k < p.clock_hours; k++)
				clock[k] += model_has(polls, n,
				    p.clock_from_us +
					(int64_t)k * STAMP_HOUR_US);
		}
		assert_memory_equal(p.before, before, sizeof(before));
		assert_memory_equal(p.clock, clock, sizeof(clock));
	}
}

/* Hours of the clock with so many stores, then all others with `rest`. */
static const struct {
	const char *name;
	size_t hours;
	uint32_t rest;
	uint32_t stores[6];
	uint64_t twice_median;
	size_t blind;
	size_t runs;
	struct polled_run run[2];
} cases[] = {
	{ "no polls at all", 168, 0, { 0 }, 0, 0, 0, { { 0, 0 } } },
	{ "all alike", 168, 7, { 7, 7, 7, 7, 7, 7 }, 14, 0, 0, { { 0, 0 } } },
	{ "a fifth is not under a fifth", 168, 10, { 2, 10, 10, 10, 10, 10 },
	    20, 0, 0, { { 0, 0 } } },
	{ "under a fifth", 168, 10, { 10, 1, 10, 10, 10, 10 }, 20, 1, 1,
	    { { 1, 1 } } },
	{ "two runs, one at the start", 167, 11, { 0, 2, 11, 2, 3, 11 }, 22, 3,
	    2, { { 0, 2 }, { 3, 1 } } },
	{ "a median that is no whole number", 6, 0, { 1, 9, 12, 13, 14, 2 }, 21,
	    2, 2, { { 0, 1 }, { 5, 1 } } },
	{ "an odd number of hours", 5, 0, { 1, 0, 6, 7, 8, 0 }, 12, 2, 1,
	    { { 0, 2 } } },
};

static void
test_blind(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct polled p = { .clock_hours = cases[i].hours };
		struct polled_blind blind;

		for (k = 0; k < cases[i].hours; k++)
			p.clock[k] = k < 6 ? cases[i].stores[k] : cases[i].rest;
		polled_find_blind(&p, &blind);
		check_number(cases[i].name, blind.twice_median,
		    cases[i].twice_median);
		check_number(cases[i].name, blind.hours, cases[i].blind);
		check_number(cases[i].name, blind.runs, cases[i].runs);
		for (k = 0; k < cases[i].runs; k++) {
			check_number(cases[i].name, blind.run[k].first,
			    cases[i].run[k].first);
			check_number(cases[i].name, blind.run[k].hours,
			    cases[i].run[k].hours);
		}
	}
}

/* Every other hour blind: the most runs there can be with a median. */
static void
test_most_runs(void **state)
{
	struct polled p = { .clock_hours = POLLED_HOURS };
	struct polled_blind blind;
	size_t i;

	(void)state;
	for (i = 0; i < POLLED_HOURS; i++)
		p.clock[i] = i % 2 == 0 ? 0 : UINT32_MAX;
	polled_find_blind(&p, &blind);
	assert_int_equal(blind.twice_median, UINT32_MAX);
	assert_int_equal(blind.hours, POLLED_HOURS / 2);
	assert_int_equal(blind.runs, POLLED_HOURS / 2);
	assert_int_equal(blind.run[83].first, 166);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hours),
		cmocka_unit_test(test_model),
		cmocka_unit_test(test_blind),
		cmocka_unit_test(test_most_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
