/* Removing old polls: what goes, what stays, and the instant that is noted. */
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data_fixture.h"

static struct prune_counts counts;

/* Two stores with polls on days 1 to 4 of January. */
static void
bring_days(void)
{
	bring(DATASET_POLLS,
	    "a,active,2023-01-01 10:00:00\na,inactive,2023-01-01 11:00:00\n"
	    "a,active,2023-01-02 10:00:00\nb,active,2023-01-02 10:00:00\n"
	    "b,active,2023-01-03 10:00:00\na,active,2023-01-04 10:00:00");
}

static struct data_revision
revision(void)
{
	struct data_revision r;

	assert_int_equal(data_revision(data, &r), ERR_NONE);
	return r;
}

static uint64_t
rows(void)
{
	struct data_dataset set;

	assert_int_equal(data_dataset(data, DATASET_POLLS, &set), ERR_NONE);
	return set.rows;
}

static enum err
note_key(void *ctx, const struct data_store *store)
{
	*(int64_t *)ctx = store->key;
	return ERR_NONE;
}

/* Begins, keeps one day of a store, and takes all else before a day. */
static struct prune *
start(const char *id, const char *day, const char *before)
{
	struct prune *p;
	int64_t key = 0;

	assert_int_equal(data_one(data, id, 1, 0, note_key, &key), ERR_NONE);
	assert_int_equal(prune_begin(data, &p), ERR_NONE);
	assert_int_equal(prune_keep(p, key, date(day)), ERR_NONE);
	/* To say so twice, or of a day without polls, is no matter. */
	assert_int_equal(prune_keep(p, key, date(day)), ERR_NONE);
	assert_int_equal(prune_keep(p, key, date("2022-12-31")), ERR_NONE);
	assert_int_equal(prune_finish(p, date(before), &counts), ERR_NONE);
	return p;
}

static void
test_range(void **state)
{
	struct data_revision before, after;

	(void)state;
	bring_days();
	before = revision();
	assert_true(before.kept_us == INT64_MIN);
	assert_int_equal(prune_commit(start("b", "2023-01-02", "2023-01-03"),
			     77),
	    ERR_NONE);
	assert_int_equal(counts.polls, 3);
	assert_int_equal(counts.days, 2);
	assert_int_equal(counts.kept, 1);
	check_shown("pruned",
	    "a 2023-01-04T10:00:00+\n"
	    "b 2023-01-02T10:00:00+ 2023-01-03T10:00:00+\n");
	assert_int_equal(rows(), 3);
	after = revision();
	assert_int_equal(after.number, before.number + 1);
	assert_string_not_equal(after.token, before.token);
	assert_true(after.newest_us == before.newest_us);
	assert_int_equal(after.kept_us, 77);
	assert_int_equal(data_check(data), ERR_NONE);
}

static void
test_abort(void **state)
{
	struct data_revision before, after;
	struct prune *p;

	(void)state;
	bring_days();
	before = revision();
	p = start("b", "2023-01-02", "2023-01-05");
	prune_abort(p);
	prune_abort(NULL);
	after = revision();
	assert_memory_equal(&before, &after, sizeof(after));
	assert_int_equal(rows(), 6);
	/* Not even its temporary table is left: it can begin again. */
	prune_abort(start("b", "2023-01-02", "2023-01-05"));
	assert_int_equal(counts.polls, 5);
}

static void
test_nothing(void **state)
{
	struct data_revision before, after;

	(void)state;
	bring_days();
	before = revision();
	assert_int_equal(prune_commit(start("a", "2023-01-01", "2023-01-02"),
			     77),
	    ERR_NONE);
	assert_int_equal(counts.polls, 0);
	assert_int_equal(counts.kept, 1);
	after = revision();
	assert_memory_equal(&before, &after, sizeof(after));
}

/* The instant never goes back, but for a data set that is entirely new. */
static void
test_kept(void **state)
{
	char out[96];

	(void)state;
	bring_days();
	assert_int_equal(prune_commit(start("a", "2023-01-02", "2023-01-02"),
			     77),
	    ERR_NONE);
	assert_int_equal(prune_commit(start("a", "2023-01-02", "2023-01-03"),
			     50),
	    ERR_NONE);
	assert_int_equal(revision().kept_us, 77);
	bring(DATASET_POLLS, "a,active,2023-01-05 10:00:00");
	(void)load(DATASET_TIMEZONES, WHOLE, "a,Asia/Tokyo", out);
	assert_int_equal(revision().kept_us, 77);
	/* A store of bad rows keeps its polls: then it is not entirely new. */
	(void)load(DATASET_POLLS, WHOLE, "!b\na,active,2023-01-06 10:00:00",
	    out);
	assert_int_equal(revision().kept_us, 77);
	(void)load(DATASET_POLLS, WHOLE | ABORT, "a,active,2023-01-06 10:00:00",
	    out);
	assert_int_equal(revision().kept_us, 77);
	(void)load(DATASET_POLLS, WHOLE, "a,active,2023-01-06 10:00:00", out);
	assert_true(revision().kept_us == INT64_MIN);
}

static void
test_sample(void **state)
{
	char out[96];

	(void)state;
	(void)load(DATASET_POLLS, SAMPLE,
	    "a,active,2023-01-01 10:00:00\na,active,2023-01-04 10:00:00", out);
	assert_int_equal(prune_commit(start("a", "2023-01-04", "2023-01-03"),
			     77),
	    ERR_NONE);
	assert_int_equal(revision().kept_us, 77);
	bring(DATASET_POLLS, "a,active,2023-01-01 10:00:00");
	assert_true(revision().kept_us == INT64_MIN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		with_data(test_range),
		with_data(test_abort),
		with_data(test_nothing),
		with_data(test_kept),
		with_data(test_sample),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
