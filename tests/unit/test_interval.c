/* Merging against a slow model: a row of cells, each covered or not. */
#include "core/interval.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/check.h"
#include "../lib/dice.h"

#define MAX 6
#define CELLS 40

static const struct {
	const char *name;
	struct interval list[MAX];
	size_t n;
	struct interval merged[MAX];
	size_t left;
} cases[] = {
	{ "none", { { 0, 0 } }, 0, { { 0, 0 } }, 0 },
	{ "one", { { 3, 5 } }, 1, { { 3, 5 } }, 1 },
	{ "empty", { { 3, 3 } }, 1, { { 0, 0 } }, 0 },
	{ "backwards", { { 5, 3 } }, 1, { { 0, 0 } }, 0 },
	{ "apart", { { 5, 6 }, { 1, 2 } }, 2, { { 1, 2 }, { 5, 6 } }, 2 },
	{ "apart by one", { { 1, 2 }, { 3, 4 } }, 2, { { 1, 2 }, { 3, 4 } },
	    2 },
	{ "touching", { { 1, 2 }, { 2, 4 } }, 2, { { 1, 4 } }, 1 },
	{ "overlapping", { { 1, 3 }, { 2, 4 } }, 2, { { 1, 4 } }, 1 },
	{ "inside", { { 1, 9 }, { 2, 4 } }, 2, { { 1, 9 } }, 1 },
	{ "the same twice", { { 1, 9 }, { 1, 9 } }, 2, { { 1, 9 } }, 1 },
	{ "same start", { { 1, 9 }, { 1, 3 }, { 10, 11 } }, 3,
	    { { 1, 9 }, { 10, 11 } }, 2 },
	{ "an empty one does not join", { { 1, 2 }, { 2, 2 }, { 3, 4 } }, 3,
	    { { 1, 2 }, { 3, 4 } }, 2 },
	{ "a backward one does not join", { { 1, 2 }, { 2, 1 }, { 3, 4 } }, 3,
	    { { 1, 2 }, { 3, 4 } }, 2 },
	{ "a chain", { { 7, 9 }, { 5, 7 }, { 1, 3 }, { 3, 5 } }, 4,
	    { { 1, 9 } }, 1 },
	{ "extremes", { { INT64_MIN, 0 }, { 0, INT64_MAX } }, 2,
	    { { INT64_MIN, INT64_MAX } }, 1 },
};

static void
test_cases(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct interval list[MAX];

		memcpy(list, cases[i].list, sizeof(list));
		check_number(cases[i].name, interval_merge(list, cases[i].n),
		    cases[i].left);
		for (k = 0; k < cases[i].left; k++) {
			check_number(cases[i].name, list[k].start_us,
			    cases[i].merged[k].start_us);
			check_number(cases[i].name, list[k].end_us,
			    cases[i].merged[k].end_us);
		}
	}
}

static void
test_model(void **state)
{
	struct dice dice = { 3 };
	int round;

	(void)state;
	for (round = 0; round < 100000; round++) {
		size_t n = (size_t)dice_between(&dice, 0, 9), i;
		bool wanted[CELLS] = { false }, got[CELLS] = { false };
		struct interval list[9];
		int64_t at;

		for (i = 0; i < n; i++) {
			list[i].start_us = dice_between(&dice, 0, CELLS);
			list[i].end_us = list[i].start_us +
			    dice_between(&dice, -2, 9);
			if (list[i].end_us > CELLS)
				list[i].end_us = CELLS;
			for (at = list[i].start_us; at < list[i].end_us; at++)
				wanted[at] = true;
		}
		n = interval_merge(list, n);
		for (i = 0; i < n; i++) {
			assert_true(list[i].start_us < list[i].end_us);
			assert_true(i == 0 ||
			    list[i].start_us > list[i - 1].end_us);
			for (at = list[i].start_us; at < list[i].end_us; at++)
				got[at] = true;
		}
		assert_memory_equal(got, wanted, sizeof(got));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
