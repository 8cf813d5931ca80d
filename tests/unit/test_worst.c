/* The stores that lost most, against sorting all of them. */
#include "work/worst.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "../lib/check.h"
#include "../lib/dice.h"

#define STORES 500

struct store {
	size_t rank;
	int64_t lost_us;
};

static int
by_loss(const void *left, const void *right)
{
	const struct store *a = left, *b = right;

	if (a->lost_us != b->lost_us)
		return a->lost_us > b->lost_us ? -1 : 1;
	return (a->rank > b->rank) - (a->rank < b->rank);
}

/* Adds the stores in the order they are in, and asks for each. */
static void
check(struct store *stores, size_t n, size_t max)
{
	struct worst *w;
	size_t i;

	assert_int_equal(worst_new(max, &w), ERR_NONE);
	for (i = 0; i < n; i++)
		worst_add(w, stores[i].rank, stores[i].lost_us);
	worst_sort(w);
	assert_int_equal(worst_count(w), n < max ? n : max);
	qsort(stores, n, sizeof(*stores), by_loss);
	for (i = 0; i < n; i++)
		assert_int_equal(worst_has(w, stores[i].rank), i < max);
	assert_false(worst_has(w, n));
	worst_free(w);
}

static void
test_model(void **state)
{
	static const size_t counts[] = { 0, 1, 2, 7, 50, STORES };
	static const size_t maxima[] = { 1, 2, 6, 7, 8, 49, 50, 51, 499 };
	struct dice dice = { 61 };
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(counts) * COUNT(maxima); i++) {
		size_t n = counts[i / COUNT(maxima)];
		struct store stores[STORES];
		/* From all different to many alike. */
		int64_t most = dice_between(&dice, 0, 1000);

		for (k = 0; k < n; k++) {
			stores[k].rank = k;
			stores[k].lost_us = dice_between(&dice, 0, most);
		}
		for (k = 0; k + 1 < n; k++) {
			size_t other = (size_t)dice_between(&dice, (int64_t)k,
			    (int64_t)n - 1);
			struct store one = stores[k];

			stores[k] = stores[other];
			stores[other] = one;
		}
		check(stores, n, maxima[i % COUNT(maxima)]);
	}
	worst_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
