/* The results between the passes: any order in, ranks in order out. */
#include "work/results.h"

#include "work/reckon.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/check.h"
#include "../lib/dice.h"
#include "../lib/scratch.h"

static char folder[FILE_PATH_MAX];

static int
set_up(void **unused)
{
	(void)unused;
	scratch_make(folder);
	return 0;
}

static int
tear_down(void **unused)
{
	(void)unused;
	scratch_remove(folder);
	return 0;
}

static void
put(struct results *r, size_t rank)
{
	struct reckoned one = { .last_poll_us = (int64_t)rank * 3 + 1 };

	one.uptime.outages = (uint32_t)rank;
	assert_int_equal(results_put(r, rank, &one), ERR_NONE);
}

static void
assert_rank(struct results *r, size_t rank)
{
	struct reckoned one;

	assert_int_equal(results_get(r, rank, &one), ERR_NONE);
	assert_int_equal(one.last_poll_us, (int64_t)rank * 3 + 1);
	assert_int_equal(one.uptime.outages, rank);
}

/* Around the lengths of a run in memory. */
static const size_t counts[] = { 0, 1, 2, 511, 512, 513, 1024, 1025, 3000 };

static void
test_in_order(void **state)
{
	struct reckoned one;
	struct results *r;
	size_t i, rank;

	(void)state;
	for (i = 0; i < COUNT(counts); i++) {
		assert_int_equal(results_new(folder, sizeof(struct reckoned),
				     &r),
		    ERR_NONE);
		for (rank = 0; rank < counts[i]; rank++)
			put(r, rank);
		for (rank = 0; rank < counts[i]; rank++)
			assert_rank(r, rank);
		/* There is none behind the last. */
		if (counts[i] % 512 == 0)
			assert_int_equal(results_get(r, rank, &one), ERR_IO);
		results_free(r);
	}
	results_free(NULL);
}

static void
test_shuffled(void **state)
{
	struct dice dice = { 53 };
	struct results *r;
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(counts); i++) {
		static size_t ranks[3000];
		size_t n = counts[i], long_run;

		assert_int_equal(results_new(folder, sizeof(struct reckoned),
				     &r),
		    ERR_NONE);
		for (k = 0; k < n; k++)
			ranks[k] = k;
		/* Runs in order lie among single ranks. */
		for (k = 0; k + 1 < n; k++) {
			long_run = (size_t)dice_between(&dice, 0, 20);
			if (long_run == 0) {
				size_t other = k +
				    (size_t)dice_between(&dice, 0,
					(int64_t)(n - 1 - k));
				size_t rank = ranks[k];

				ranks[k] = ranks[other];
				ranks[other] = rank;
			}
		}
		for (k = 0; k < n; k++)
			put(r, ranks[k]);
		for (k = 0; k < n; k++)
			assert_rank(r, k);
		for (k = 0; k < 200 && n > 0; k++)
			assert_rank(r,
			    (size_t)dice_between(&dice, 0, (int64_t)n - 1));
		results_free(r);
	}
}

/* A rank that is set again holds the later result. */
static void
test_again(void **state)
{
	struct reckoned one = { .last_poll_us = 99 };
	struct results *r;
	size_t rank;

	(void)state;
	assert_int_equal(results_new(folder, sizeof(struct reckoned), &r),
	    ERR_NONE);
	for (rank = 0; rank < 1000; rank++)
		put(r, rank);
	assert_rank(r, 7);
	assert_int_equal(results_put(r, 7, &one), ERR_NONE);
	assert_rank(r, 900);
	assert_int_equal(results_get(r, 7, &one), ERR_NONE);
	assert_int_equal(one.last_poll_us, 99);
	assert_rank(r, 6);
	assert_rank(r, 8);
	results_free(r);
}

/* It leaves no name in the folder, not even while it is there. */
static void
test_nameless(void **state)
{
	struct results *r;

	(void)state;
	assert_int_equal(results_new(folder, sizeof(struct reckoned), &r),
	    ERR_NONE);
	put(r, 0);
	put(r, 600);
	assert_int_equal(scratch_count(folder, "tmp"), 0);
	results_free(r);
	assert_int_equal(results_new("/nonexistent/folder", 8, &r),
	    ERR_NOT_FOUND);
}

#define each(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		each(test_in_order),
		each(test_shuffled),
		each(test_again),
		each(test_nameless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
