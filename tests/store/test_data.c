/* Reading the data: revisions, snapshots, scans, looking back. */
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data_fixture.h"

static struct data_revision
revision(void)
{
	struct data_revision r;

	assert_int_equal(data_revision(data, &r), ERR_NONE);
	return r;
}

static void
test_empty(void **state)
{
	struct data_revision r = revision();
	int32_t day;

	(void)state;
	assert_int_equal(r.number, 0);
	assert_false(r.has_polls);
	assert_false(r.sample);
	check_shown("empty", "");
	assert_int_equal(data_first_day(data, &day), ERR_NOT_FOUND);
	assert_int_equal(data_check(data), ERR_NONE);
	data_close(NULL);
}

static void
test_revision(void **state)
{
	struct data_revision a, b;

	(void)state;
	bring(DATASET_POLLS, "a,active,2023-01-22 12:00:00");
	a = revision();
	assert_int_equal(a.number, 1);
	assert_int_equal(strlen(a.token), DATA_TOKEN - 1);
	assert_true(a.has_polls);
	assert_int_equal(a.newest_us, at("2023-01-22 12:00:00"));
	/* What changes nothing makes no other state. */
	bring(DATASET_POLLS, "a,active,2023-01-22 12:00:00");
	b = revision();
	assert_int_equal(b.number, 1);
	assert_string_equal(a.token, b.token);
	bring(DATASET_TIMEZONES, "a,Europe/Paris");
	b = revision();
	assert_int_equal(b.number, 2);
	assert_string_not_equal(a.token, b.token);
	assert_int_equal(b.newest_us, a.newest_us);
	bring(DATASET_POLLS, "b,active,2023-01-22 11:00:00");
	assert_int_equal(revision().newest_us, a.newest_us);
	bring(DATASET_POLLS, "b,active,2023-01-23 00:00:00.000001");
	assert_int_equal(revision().newest_us,
	    at("2023-01-23 00:00:00.000001"));
	assert_int_equal(bulk_forget(data, "b"), ERR_NONE);
	assert_int_equal(revision().newest_us, a.newest_us);
}

static void
test_first_day(void **state)
{
	int32_t day;

	(void)state;
	bring(DATASET_POLLS,
	    "a,active,2023-01-22 12:00:00\nb,active,2023-01-20 23:59:59");
	assert_int_equal(data_first_day(data, &day), ERR_NONE);
	assert_int_equal(day, date("2023-01-20"));
}

/* Which polls a scan of days shows, as "FIRST LAST: POLLS". */
static const struct {
	const char *first;
	const char *last;
	const char *shown;
} ranges[] = {
	{ "2023-01-20", "2023-01-23",
	    "a 2023-01-21T00:00:00+ 2023-01-21T23:59:59- "
	    "2023-01-22T12:00:00+\n" },
	{ "2023-01-21", "2023-01-21",
	    "a 2023-01-21T00:00:00+ 2023-01-21T23:59:59-\n" },
	{ "2023-01-22", "2023-01-22", "a 2023-01-22T12:00:00+\n" },
	{ "2023-01-20", "2023-01-20", "a\n" },
	{ "2023-01-23", "2023-01-24", "a\n" },
	{ "2023-01-22", "2023-01-21", "a\n" },
};

static void
test_ranges(void **state)
{
	size_t i;

	(void)state;
	bring(DATASET_POLLS,
	    "a,active,2023-01-21 00:00:00\na,inactive,2023-01-21 23:59:59\n"
	    "a,active,2023-01-22 12:00:00");
	for (i = 0; i < COUNT(ranges); i++) {
		struct buf all, one;

		buf_init(&all, TEXT_MAX);
		buf_init(&one, TEXT_MAX);
		assert_int_equal(data_scan(data, date(ranges[i].first),
				     date(ranges[i].last), show_store, &all),
		    ERR_NONE);
		assert_int_equal(data_one(data, "a", date(ranges[i].first),
				     date(ranges[i].last), show_store, &one),
		    ERR_NONE);
		check_text(ranges[i].first, buf_text(&all), ranges[i].shown);
		check_text(ranges[i].first, buf_text(&one), ranges[i].shown);
		buf_release(&all);
		buf_release(&one);
	}
	assert_int_equal(data_one(data, "b", 0, 40000, show_store, NULL),
	    ERR_NOT_FOUND);
	assert_int_equal(data_one(data, "A", 0, 40000, show_store, NULL),
	    ERR_NOT_FOUND);
}

/* Ends the visits after as many as it is told. */
static enum err
stop_after(void *ctx, const struct data_store *store)
{
	int *left = ctx;

	(void)store;
	return --*left == 0 ? ERR_CANCELLED : ERR_NONE;
}

static void
test_stop(void **state)
{
	int left = 2;

	(void)state;
	bring(DATASET_TIMEZONES, "a,Asia/Tokyo\nb,Asia/Tokyo\nc,Asia/Tokyo");
	assert_int_equal(data_scan(data, 0, 0, stop_after, &left),
	    ERR_CANCELLED);
	assert_int_equal(left, 0);
	left = 4;
	assert_int_equal(data_scan(data, 0, 0, stop_after, &left), ERR_NONE);
	assert_int_equal(left, 1);
	left = 1;
	assert_int_equal(data_one(data, "b", 0, 0, stop_after, &left),
	    ERR_CANCELLED);
	/* And all can be read again. */
	check_shown("again", "a Asia/Tokyo\nb Asia/Tokyo\nc Asia/Tokyo\n");
}

/* Looking back: what is seen, and after how many days it is enough. */
struct back {
	struct buf seen;
	int days;
};

static void
look_back(void *ctx, const struct poll *polls, size_t n, bool *stop)
{
	struct back *back = ctx;
	struct data_store shown = { .polls = polls, .poll_count = n };

	assert_true(n > 0);
	buf_char(&back->seen, '|');
	show_polls(&back->seen, &shown);
	*stop = --back->days == 0;
}

static enum err
past_of_store(void *ctx, const struct data_store *store)
{
	struct back *back = ctx;

	buf_str(&back->seen, store->id);
	return data_past(data, store->key, date("2023-01-22"), look_back, back);
}

static void
test_past(void **state)
{
	static const struct {
		int days;
		const char *seen;
	} cases[] = {
		{ 1, "a| 2023-01-21T01:00:00- 2023-01-21T02:00:00+" },
		{ 2,
		    "a| 2023-01-21T01:00:00- 2023-01-21T02:00:00+"
		    "| 2023-01-19T12:00:00+" },
		{ 9,
		    "a| 2023-01-21T01:00:00- 2023-01-21T02:00:00+"
		    "| 2023-01-19T12:00:00+| 2023-01-01T12:00:00-" },
	};
	struct back back = { .days = 0 };
	size_t i;

	(void)state;
	bring(DATASET_POLLS,
	    "a,active,2023-01-22 00:00:00\na,active,2023-01-21 02:00:00\n"
	    "a,inactive,2023-01-21 01:00:00\na,active,2023-01-19 12:00:00\n"
	    "b,active,2023-01-20 12:00:00\na,inactive,2023-01-01 12:00:00\n"
	    "c,active,2023-01-23 12:00:00");
	buf_init(&back.seen, TEXT_MAX);
	for (i = 0; i < COUNT(cases); i++) {
		buf_reset(&back.seen);
		back.days = cases[i].days;
		assert_int_equal(data_one(data, "a", 0, 0, past_of_store,
				     &back),
		    ERR_NONE);
		check_text("past", buf_text(&back.seen), cases[i].seen);
	}
	/* From the visits of a scan. */
	buf_reset(&back.seen);
	back.days = 99;
	assert_int_equal(data_scan(data, date("2023-01-22"), date("2023-01-23"),
			     past_of_store, &back),
	    ERR_NONE);
	assert_non_null(strstr(buf_text(&back.seen),
	    "b| 2023-01-20T12:00:00+"));
	assert_null(strstr(buf_text(&back.seen), "c|"));
	buf_release(&back.seen);
}

static enum err
note_id(void *ctx, int64_t key, const char *id, size_t len)
{
	struct buf *out = ctx;

	assert_true(key > 0);
	assert_int_equal(strlen(id), len);
	buf_printf(out, "[%s]", id);
	return strcmp(id, "z") == 0 ? ERR_CANCELLED : buf_err(out);
}

/* Ids are found by their first bytes, in the order of these. */
static void
test_find(void **state)
{
	static const struct {
		const char *prefix;
		size_t limit;
		enum err err;
		const char *found;
	} cases[] = {
		{ "a", 9, ERR_NONE, "[a%][aB][ab][ab c]" },
		{ "ab", 9, ERR_NONE, "[ab][ab c]" },
		{ "ab", 1, ERR_NONE, "[ab]" },
		{ "ab", 0, ERR_NONE, "" },
		{ "a%", 9, ERR_NONE, "[a%]" },
		{ "ab c", 9, ERR_NONE, "[ab c]" },
		{ "ab cd", 9, ERR_NONE, "" },
		{ "caf\xc3", 9, ERR_NONE, "[caf\xc3\xa9]" },
		{ "A", 9, ERR_NONE, "" },
		{ "", 2, ERR_NONE, "[1][a%]" },
		{ "z", 9, ERR_CANCELLED, "[z]" },
	};
	struct buf out;
	size_t i;

	(void)state;
	bring(DATASET_TIMEZONES,
	    "ab c,UTC\nz,UTC\nab,UTC\na%,UTC\naB,UTC\n1,UTC\n"
	    "caf\xc3\xa9,UTC\nb,UTC");
	buf_init(&out, TEXT_MAX);
	for (i = 0; i < COUNT(cases); i++) {
		buf_reset(&out);
		check_number(cases[i].prefix,
		    data_find_ids(data, cases[i].prefix, cases[i].limit,
			note_id, &out),
		    cases[i].err);
		check_text(cases[i].prefix, buf_text(&out), cases[i].found);
	}
	buf_release(&out);
}

/* A snapshot sees nothing of what others commit. */
static void
test_snapshot(void **state)
{
	struct data *other;
	struct data_revision r;
	struct buf before, after;
	int32_t first = date(SHOWN_FIRST);

	(void)state;
	bring(DATASET_POLLS, "a,active,2023-01-22 12:00:00");
	assert_int_equal(data_open(&other, state_folder), ERR_NONE);
	assert_int_equal(data_read_begin(other), ERR_NONE);
	bring(DATASET_POLLS,
	    "a,inactive,2023-01-22 12:00:00\nb,active,2023-01-23 12:00:00");
	assert_int_equal(bulk_forget(data, "a"), ERR_NONE);
	buf_init(&before, TEXT_MAX);
	assert_int_equal(data_scan(other, first, first + 99, show_store,
			     &before),
	    ERR_NONE);
	assert_string_equal(buf_text(&before), "a 2023-01-22T12:00:00+\n");
	assert_int_equal(data_revision(other, &r), ERR_NONE);
	assert_int_equal(r.number, 1);
	assert_int_equal(r.newest_us, at("2023-01-22 12:00:00"));
	data_read_end(other);
	show(other, &after);
	assert_string_equal(buf_text(&after), "b 2023-01-23T12:00:00+\n");
	assert_int_equal(data_revision(other, &r), ERR_NONE);
	assert_int_equal(r.number, 3);
	buf_release(&before);
	buf_release(&after);
	data_close(other);
}

/* Everything is there when the data is opened again. */
static void
test_again(void **state)
{
	(void)state;
	bring(DATASET_POLLS, "a,active,2023-01-22 12:00:00");
	bring(DATASET_HOURS, "a,0,09:00,17:00");
	data_close(data);
	assert_int_equal(data_open(&data, state_folder), ERR_NONE);
	check_shown("again", "a 0:32400-61200 2023-01-22T12:00:00+\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		with_data(test_empty),
		with_data(test_revision),
		with_data(test_first_day),
		with_data(test_ranges),
		with_data(test_stop),
		with_data(test_past),
		with_data(test_find),
		with_data(test_snapshot),
		with_data(test_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
