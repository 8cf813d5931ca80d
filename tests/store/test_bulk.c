/*
 * What is around the rows: the demonstration's data, the history, what a
 * caller expects, undoing and forgetting, more rows than fit in memory at
 * once, and several writers.
 */
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <sqlite3.h>

#include "data_fixture.h"
#include "meddle.h"

#define PORTION 2000000 /* polls that are sorted in memory */
#define THREADS 4
#define ROUNDS 8

static const struct script samples[] = {
	{ "a sample grows",
	    { { DATASET_POLLS, SAMPLE, "s,active,2023-01-22 12:00:00",
		  "1 0 0 0" },
		{ DATASET_TIMEZONES, SAMPLE, "s,Asia/Tokyo", "1 0 0 0" } },
	    "s Asia/Tokyo 2023-01-22T12:00:00+\n" },
	{ "the first real rows remove it",
	    { { DATASET_POLLS, SAMPLE, "s,active,2023-01-22 12:00:00",
		  "1 0 0 0" },
		{ DATASET_HOURS, SAMPLE, "s,0,09:00,17:00", "1 0 0 0" },
		{ DATASET_SPECIAL_HOURS, SAMPLE, "t,2023-12-24,,", "1 0 0 0" },
		{ DATASET_TIMEZONES, 0, "s,Asia/Tokyo", "1 0 0 0" } },
	    "s Asia/Tokyo\n" },
	{ "they do not, if they are not committed",
	    { { DATASET_POLLS, SAMPLE, "s,active,2023-01-22 12:00:00",
		  "1 0 0 0" },
		{ DATASET_POLLS, ABORT, "s,active,2023-01-22 12:00:00",
		    "1 0 0 0" } },
	    "s 2023-01-22T12:00:00+\n" },
};

static void
test_samples(void **state)
{
	(void)state;
	play(samples, COUNT(samples));
}

static void
test_sample_flag(void **state)
{
	struct data_revision r;
	struct bulk_counts counts;
	struct bulk *bulk;

	(void)state;
	assert_int_equal(begin(data, DATASET_POLLS, SAMPLE, &bulk), ERR_NONE);
	(void)put_rows(bulk, DATASET_POLLS, "s,active,2023-01-22 12:00:00");
	assert_int_equal(bulk_finish(bulk, &counts), ERR_NONE);
	assert_false(counts.sample_removed);
	assert_int_equal(bulk_commit(bulk, "1", 1, 0), ERR_NONE);
	assert_int_equal(data_revision(data, &r), ERR_NONE);
	assert_true(r.sample);
	assert_int_equal(begin(data, DATASET_POLLS, 0, &bulk), ERR_NONE);
	assert_int_equal(bulk_finish(bulk, &counts), ERR_NONE);
	assert_true(counts.sample_removed);
	assert_int_equal(bulk_commit(bulk, "2", 0, 0), ERR_NONE);
	assert_int_equal(data_revision(data, &r), ERR_NONE);
	assert_false(r.sample);
	assert_false(r.has_polls);
	assert_int_equal(r.number, 2);
	check_shown("gone", "");
	/* Real data is not mixed with a sample, and nothing stays locked. */
	bring(DATASET_TIMEZONES, "a,Asia/Tokyo");
	assert_int_equal(begin(data, DATASET_POLLS, SAMPLE, &bulk),
	    ERR_CONFLICT);
	bring(DATASET_TIMEZONES, "b,Asia/Tokyo");
	check_shown("real", "a Asia/Tokyo\nb Asia/Tokyo\n");
}

/* Notes imports as "RAW ROWS NEW CHANGED SAME BAD REMOVED FILE WHO|". */
static void
note_import(void *ctx, const struct data_import *i)
{
	assert_true(i->at_us > at("2024-01-01 00:00:00"));
	assert_string_equal(i->sha256, "");
	buf_printf(ctx,
	    "%s r%" PRId64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
	    " %" PRIu64 " %" PRIu64 " %s %s|",
	    i->id, i->revision, i->rows, i->new, i->changed, i->same, i->bad,
	    i->removed, i->file, i->who);
}

static void
test_history(void **state)
{
	struct bulk_counts counts;
	struct bulk *bulk;
	struct buf seen;

	(void)state;
	buf_init(&seen, TEXT_MAX);
	bring(DATASET_TIMEZONES, "a,Asia/Tokyo\nb,Asia/Tokyo");
	assert_int_equal(begin(data, DATASET_TIMEZONES, WHOLE, &bulk),
	    ERR_NONE);
	(void)put_rows(bulk, DATASET_TIMEZONES,
	    "a,Asia/Seoul\nc,Asia/Seoul\nc,Asia/Seoul");
	assert_int_equal(bulk_finish(bulk, &counts), ERR_NONE);
	bulk_source(bulk, "zones.csv", "somebody", NULL);
	assert_int_equal(data_find_import(data, "second", note_import, &seen),
	    ERR_NOT_FOUND);
	assert_int_equal(bulk_commit(bulk, "second", 7, 4), ERR_NONE);
	assert_int_equal(data_find_import(data, last_import, note_import,
			     &seen),
	    ERR_NONE);
	assert_non_null(strstr(buf_text(&seen), last_import));
	buf_reset(&seen);
	assert_int_equal(data_imports(data, DATASET_TIMEZONES, 1, note_import,
			     &seen),
	    ERR_NONE);
	assert_string_equal(buf_text(&seen),
	    "second r2 7 1 1 1 4 1 zones.csv somebody|");
	buf_reset(&seen);
	assert_int_equal(data_imports(data, DATASET_TIMEZONES, 9, note_import,
			     &seen),
	    ERR_NONE);
	assert_non_null(strstr(buf_text(&seen), " r1 0 2 0 0 0 0  |"));
	assert_int_equal(data_imports(data, DATASET_POLLS, 9, note_import,
			     NULL),
	    ERR_NONE);
	buf_release(&seen);
}

static void
count_import(void *ctx, const struct data_import *i)
{
	(void)i;
	++*(size_t *)ctx;
}

static size_t
count_imports(enum dataset dataset)
{
	size_t n = 0;

	assert_int_equal(data_imports(data, dataset, SIZE_MAX / 2, count_import,
			     &n),
	    ERR_NONE);
	return n;
}

/* Tells of so many imports, a microsecond apart, past the door. */
static void
add_imports(int n, int64_t from_us)
{
	char sql[400];

	(void)snprintf(sql, sizeof(sql),
	    "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
	    " WHERE i < %d) INSERT INTO import SELECT %" PRId64
	    " + i, 'timezones', %" PRId64 " + i, 1, '', '', '', 0, 0, 0, 0, 0,"
	    " 0, NULL FROM n",
	    n, from_us, from_us);
	meddle_as_own(state_folder, "data.db", sql);
}

/* The history has an end; what a wrong clock wrote does not keep news out. */
static void
test_history_ends(void **state)
{
	size_t found = 0;

	(void)state;
	bring(DATASET_POLLS, "a,active,2023-01-02 10:00:00");
	add_imports(BULK_IMPORTS_TOLD - 1, 1);
	bring(DATASET_TIMEZONES, "a,Asia/Tokyo");
	assert_int_equal(count_imports(DATASET_TIMEZONES), BULK_IMPORTS_TOLD);
	bring(DATASET_TIMEZONES, "b,Asia/Tokyo");
	assert_int_equal(count_imports(DATASET_TIMEZONES), BULK_IMPORTS_TOLD);
	assert_int_equal(count_imports(DATASET_POLLS), 1);
	assert_int_equal(data_find_import(data, "2", count_import, &found),
	    ERR_NOT_FOUND);
	assert_int_equal(data_find_import(data, "3", count_import, &found),
	    ERR_NONE);
	add_imports(BULK_IMPORTS_TOLD, clock_now_us() * 2);
	bring(DATASET_TIMEZONES, "c,Asia/Tokyo");
	assert_int_equal(data_find_import(data, last_import, count_import,
			     &found),
	    ERR_NONE);
	assert_int_equal(found, 2);
}

/* A data set that has changed since is not changed by who did not see it. */
static void
test_expected(void **state)
{
	struct bulk_options options = { .dataset = DATASET_TIMEZONES };
	struct data_dataset now;
	struct bulk *bulk;
	int64_t seen;

	(void)state;
	options.expected = &seen;
	bring(DATASET_TIMEZONES, "a,Asia/Tokyo");
	assert_int_equal(data_dataset(data, DATASET_TIMEZONES, &now), ERR_NONE);
	seen = now.revision;
	/* Another data set does not matter. */
	bring(DATASET_POLLS, "a,active,2023-01-22 12:00:00");
	assert_int_equal(bulk_begin(data, &options, &bulk), ERR_NONE);
	bulk_abort(bulk);
	bring(DATASET_TIMEZONES, "a,Asia/Seoul");
	assert_int_equal(bulk_begin(data, &options, &bulk), ERR_CONFLICT);
	bring(DATASET_TIMEZONES, "b,Asia/Seoul");
	bulk_abort(NULL);
}

static void
test_forget(void **state)
{
	struct data_revision before, after;
	struct data_dataset held;

	(void)state;
	bring(DATASET_POLLS,
	    "a,active,2023-01-22 12:00:00\nb,active,2023-01-21 12:00:00");
	bring(DATASET_HOURS, "a,0,09:00,17:00");
	bring(DATASET_SPECIAL_HOURS, "a,2023-12-24,,\nb,2023-12-24,,");
	bring(DATASET_TIMEZONES, "a,Asia/Tokyo");
	assert_int_equal(data_revision(data, &before), ERR_NONE);
	assert_int_equal(bulk_forget(data, "c"), ERR_NOT_FOUND);
	assert_int_equal(bulk_forget(data, ""), ERR_NOT_FOUND);
	assert_int_equal(data_revision(data, &after), ERR_NONE);
	assert_int_equal(after.number, before.number);
	assert_int_equal(bulk_forget(data, "a"), ERR_NONE);
	check_shown("b", "b 2023-12-24:closed 2023-01-21T12:00:00+\n");
	assert_int_equal(data_revision(data, &after), ERR_NONE);
	assert_int_equal(after.number, before.number + 1);
	assert_int_equal(after.newest_us, at("2023-01-21 12:00:00"));
	assert_int_equal(data_dataset(data, DATASET_POLLS, &held), ERR_NONE);
	assert_int_equal(held.rows, 1);
	assert_int_equal(bulk_forget(data, "a"), ERR_NOT_FOUND);
	assert_int_equal(bulk_forget(data, "b"), ERR_NONE);
	check_shown("nothing", "");
	assert_int_equal(data_check(data), ERR_NONE);
}

/* Puts the number-th of many polls: 20 stores, a poll every 8 s each. */
static void
put_many(struct bulk *bulk, int64_t number, bool up)
{
	char id[] = { (char)('a' + number % 20), '\0' };
	struct dataset_row row = { .id = id, .id_len = 1 };
	bool fits;

	row.poll.at_us = at("2023-01-01 00:00:00") +
	    number / 20 * 8 * STAMP_S_US;
	row.poll.up = up;
	assert_int_equal(bulk_put(bulk, &row, &fits), ERR_NONE);
}

/* Rows of a later portion are as good as those of the first. */
static void
test_portions(void **state)
{
	struct data_dataset held;
	uint64_t stores;
	struct bulk_counts counts;
	struct bulk *bulk;
	int64_t i;

	(void)state;
	assert_int_equal(begin(data, DATASET_POLLS, 0, &bulk), ERR_NONE);
	for (i = 0; i < PORTION; i++)
		put_many(bulk, i, true);
	for (i = 0; i < 100; i++)
		put_many(bulk, i, false);
	for (i = 100; i < 300; i++)
		put_many(bulk, i, true);
	for (i = PORTION; i < PORTION + 50; i++)
		put_many(bulk, i, true);
	assert_int_equal(bulk_finish(bulk, &counts), ERR_NONE);
	assert_int_equal(counts.new, PORTION + 50);
	assert_int_equal(counts.changed, 100);
	assert_int_equal(counts.same, 200);
	assert_int_equal(bulk_commit(bulk, "1", 0, 0), ERR_NONE);
	assert_int_equal(data_dataset(data, DATASET_POLLS, &held), ERR_NONE);
	assert_int_equal(held.rows, PORTION + 50);
	assert_int_equal(data_dataset_stores(data, DATASET_POLLS, &stores),
	    ERR_NONE);
	assert_int_equal(stores, 20);
	assert_int_equal(data_check(data), ERR_NONE);
}

/* Imports a file of its own store and of one that all share, many times. */
static void *
write_often(void *ctx)
{
	const char *id = ctx;
	struct dataset_row own = { .id = id, .id_len = 1 };
	struct dataset_row shared = { .id = "z", .id_len = 1 };
	struct bulk_counts counts;
	struct data *mine = NULL;
	enum err err = data_open(&mine, state_folder);
	struct bulk *bulk;
	bool fits;
	int i;

	for (i = 0; i < ROUNDS && err == ERR_NONE; i++) {
		own.poll.at_us = STAMP_FIRST_US + i * STAMP_HOUR_US;
		shared.poll.at_us = own.poll.at_us + (id[0] - 'a') + 1;
		err = begin(mine, DATASET_POLLS, 0, &bulk);
		if (err != ERR_NONE)
			break;
		err = bulk_put(bulk, &own, &fits);
		if (err == ERR_NONE)
			err = bulk_put(bulk, &shared, &fits);
		if (err == ERR_NONE)
			err = bulk_finish(bulk, &counts);
		if (err == ERR_NONE && i % 3 != 2) {
			char import[JOB_ID_LEN + 1];

			ids_make(import);
			err = bulk_commit(bulk, import, 2, 0);
		} else {
			bulk_abort(bulk);
		}
	}
	data_close(mine);
	return err == ERR_NONE && i == ROUNDS ? ctx : NULL;
}

static void
test_writers(void **state)
{
	static char ids[THREADS][2] = { "a", "b", "c", "d" };
	pthread_t threads[THREADS];
	struct data_dataset held;
	uint64_t stores;
	struct data_revision r;
	void *done;
	int i;

	(void)state;
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, write_often,
				     ids[i]),
		    0);
	for (i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], &done), 0);
		assert_ptr_equal(done, ids[i]);
	}
	/* Of eight rounds each left two as they were. */
	assert_int_equal(data_dataset(data, DATASET_POLLS, &held), ERR_NONE);
	assert_int_equal(held.rows, THREADS * (ROUNDS - 2) * 2);
	assert_int_equal(data_dataset_stores(data, DATASET_POLLS, &stores),
	    ERR_NONE);
	assert_int_equal(stores, THREADS + 1);
	assert_int_equal(data_revision(data, &r), ERR_NONE);
	assert_int_equal(r.number, THREADS * (ROUNDS - 2));
	assert_int_equal(data_check(data), ERR_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		with_data(test_sample_flag),
		with_data(test_history),
		with_data(test_history_ends),
		with_data(test_expected),
		with_data(test_forget),
		with_data(test_portions),
		with_data(test_writers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
