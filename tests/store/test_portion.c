/* A portion of polls: sorted into blocks, full where it has to be. */
#include "store/portion.h"

#include "core/civil.h"
#include "core/stamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "../lib/check.h"
#include "../lib/dice.h"

#define ROWS 5000
#define STORES_MAX 262144 /* ids of a portion */

struct row {
	int64_t key;
	int64_t at_us;
	int64_t order; /* in the file */
	bool up;
};

static struct portion *portion;

static int
set_up(void **unused)
{
	(void)unused;
	return portion_new(&portion) == ERR_NONE ? 0 : -1;
}

static int
tear_down(void **unused)
{
	(void)unused;
	portion_free(portion);
	portion_free(NULL);
	return 0;
}

/* The key is the id's number; ids come in byte order, each once. */
static enum err
key_of(void *ctx, const char *id, size_t len, int64_t *key)
{
	char *before = ctx, text[80];

	(void)snprintf(text, sizeof(text), "%.*s", (int)len, id);
	assert_true(strcmp(before, text) < 0);
	memcpy(before, text, len + 1);
	*key = strtol(text + 1, NULL, 10);
	return ERR_NONE;
}

static int
by_place(const void *left, const void *right)
{
	const struct row *a = left, *b = right;
	int64_t day_a = civil_floor_div(a->at_us, STAMP_DAY_US);
	int64_t day_b = civil_floor_div(b->at_us, STAMP_DAY_US);

	if (day_a != day_b)
		return day_a < day_b ? -1 : 1;
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	if (a->at_us != b->at_us)
		return a->at_us < b->at_us ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

/* Rows of a file: few stores or many, days and instants that meet. */
static size_t
put_random(struct dice *dice, struct row *rows)
{
	size_t n = (size_t)dice_between(dice, 0, ROWS), i;
	int64_t stores = 1 << dice_between(dice, 0, 12);
	int64_t span = (int64_t)1 << dice_between(dice, 3, 40);
	char id[80];

	for (i = 0; i < n; i++) {
		struct poll poll;

		rows[i].key = dice_between(dice, 1, stores);
		rows[i].at_us = STAMP_FIRST_US + STAMP_DAY_US / 2 +
		    dice_between(dice, 0, span);
		rows[i].up = dice_one_in(dice, 2);
		rows[i].order = (int64_t)i;
		poll.at_us = rows[i].at_us;
		poll.up = rows[i].up;
		(void)snprintf(id, sizeof(id), "s%" PRId64, rows[i].key);
		assert_false(portion_is_full(portion, strlen(id)));
		assert_int_equal(portion_put(portion, id, strlen(id), &poll),
		    ERR_NONE);
	}
	return n;
}

static void
test_random(void **state)
{
	static struct row rows[ROWS];
	struct dice dice = { 71 };
	int round;

	(void)state;
	for (round = 0; round < 60; round++) {
		size_t n = put_random(&dice, rows), at = 0, count, i;
		const struct block *blocks;
		char before[80] = "";

		qsort(rows, n, sizeof(rows[0]), by_place);
		assert_int_equal(portion_sort(portion, key_of, before),
		    ERR_NONE);
		blocks = portion_blocks(portion, &count);
		for (i = 0; i < count; i++) {
			const struct block *b = &blocks[i];
			uint32_t k;

			assert_true(b->n > 0);
			for (k = 0; k < b->n; k++, at++) {
				assert_true(at < n);
				assert_int_equal(b->key, rows[at].key);
				assert_int_equal(b->day,
				    rows[at].at_us / STAMP_DAY_US);
				assert_int_equal(b->polls[k],
				    rows[at].at_us * 2 + rows[at].up);
			}
			/* A block is all of its day and store. */
			assert_true(i == 0 || blocks[i - 1].day != b->day ||
			    blocks[i - 1].key != b->key);
		}
		assert_int_equal(at, n);
		portion_reset(portion);
	}
}

/* So many ids fit, or fewer if they are long; then it is empty again. */
static void
test_full(void **state)
{
	static const struct {
		const char *name;
		size_t len;
		int fits;
	} cases[] = {
		{ "as many ids as fit", 8, STORES_MAX },
		{ "longest ids", 64, STORES_MAX * 32 / 72 },
	};
	struct poll poll = { STAMP_FIRST_US, true };
	size_t i, count;
	char id[80];
	int n;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		for (n = 0;; n++) {
			memset(id, 'x', sizeof(id));
			memcpy(id, &n, sizeof(n));
			if (portion_is_full(portion, cases[i].len))
				break;
			assert_int_equal(portion_put(portion, id, cases[i].len,
					     &poll),
			    ERR_NONE);
		}
		check_number(cases[i].name, n, cases[i].fits);
		portion_reset(portion);
		assert_false(portion_is_full(portion, 64));
		(void)portion_blocks(portion, &count);
		assert_int_equal(count, 0);
	}
}

static enum err
no_key(void *ctx, const char *id, size_t len, int64_t *key)
{
	(void)ctx;
	(void)id;
	(void)len;
	*key = 0;
	return ERR_NO_SPACE;
}

static void
test_no_key(void **state)
{
	struct poll poll = { STAMP_FIRST_US, true };

	(void)state;
	assert_int_equal(portion_put(portion, "a", 1, &poll), ERR_NONE);
	assert_int_equal(portion_sort(portion, no_key, NULL), ERR_NO_SPACE);
}

#define each(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		each(test_random),
		each(test_full),
		each(test_no_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
