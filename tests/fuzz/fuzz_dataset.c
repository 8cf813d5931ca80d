/*
 * The data sets, on a file of any bytes taken for each of them: a row without
 * a problem keeps every bound that storage and reckoning rely on, and a bad
 * one says no more than it could read.
 */
#include "fuzz.h"

#include "base/text.h"
#include "codec/dataset.h"
#include "core/civil.h"
#include "core/stamp.h"

#include "../lib/csv_feed.h"

#define NOW_US (INT64_C(1790000000) * STAMP_S_US)
#define SENTENCE_MAX 400

/* Zones by their look: the list of the system is fuzz_zone's. */
static bool
is_zone(const void *ctx, const char *name, size_t len)
{
	(void)ctx;
	return len > 0 && memchr(name, '/', len) != NULL;
}

static void
check_hours(enum dataset dataset, const struct schedule_hours *hours)
{
	bool closed = hours->start_s == SCHEDULE_CLOSED;

	assert_true(!closed || dataset == DATASET_SPECIAL_HOURS);
	assert_true(closed
		? hours->end_s == 0
		: hours->start_s >= 0 && hours->start_s < CIVIL_DAY_S &&
		    hours->end_s >= 0 && hours->end_s <= CIVIL_DAY_S);
	assert_true(closed || hours->start_s == 0 ||
	    hours->start_s != hours->end_s);
}

static void
check_good(const struct dataset_reader *r, const struct dataset_row *row)
{
	int year, month, day;

	assert_true(row->has_id && text_is_store_id(row->id, row->id_len));
	switch (r->dataset) {
	case DATASET_POLLS:
		assert_true(row->poll.at_us >= STAMP_FIRST_US &&
		    row->poll.at_us <= NOW_US + STAMP_DAY_US);
		break;
	case DATASET_HOURS:
		assert_true(row->week.weekday >= 0 && row->week.weekday <= 6);
		check_hours(r->dataset, &row->week.hours);
		break;
	case DATASET_SPECIAL_HOURS:
		assert_true(row->has_date && row->week.weekday == 0);
		civil_date(row->date, &year, &month, &day);
		assert_true(year >= 0 && year <= 9999 &&
		    civil_is_date(year, month, day));
		check_hours(r->dataset, &row->week.hours);
		break;
	default:
		assert_true(is_zone(NULL, row->zone, row->zone_len));
	}
}

static void
check_row(const struct dataset_reader *r, const struct csv_row *csv)
{
	struct dataset_row row;
	enum problem_code code = dataset_row(r, csv, &row);

	assert_true(code == PROBLEM_NONE ||
	    (code >= PROBLEM_QUOTE && code < PROBLEM_CONFLICT));
	assert_true(csv->problem.code == PROBLEM_NONE ||
	    code == csv->problem.code);
	assert_true((csv->count == r->columns) || code != PROBLEM_NONE);
	assert_true(!row.has_id || text_is_store_id(row.id, row.id_len));
	assert_true(!row.has_date || r->dataset == DATASET_SPECIAL_HOURS);
	if (code == PROBLEM_NONE)
		check_good(r, &row);
}

static void
check_header(struct dataset_reader *r, const struct csv_row *header,
    enum problem_code code, const struct buf *why)
{
	enum dataset guess = DATASET__MAX;
	bool known = dataset_guess(header, &guess);
	size_t i;

	assert_int_equal(buf_err(why), ERR_NONE);
	assert_true(why->len <= SENTENCE_MAX &&
	    text_is_clean(buf_text(why), why->len));
	assert_true(code == PROBLEM_NONE || code == PROBLEM_NOT_TEXT ||
	    code == PROBLEM_BAD_HEADER);
	assert_true(known == (guess < DATASET__MAX));
	if (code != PROBLEM_NONE)
		return;
	assert_true(known && why->len == 0);
	for (i = 0; i < DATASET_COLUMNS; i++)
		assert_true(r->at[i] < r->columns);
}

/* All of the file as that data set. */
static void
check_file(enum dataset dataset, const char *text, size_t len)
{
	static struct csv_row row;
	struct dataset_reader r = { .dataset = dataset,
		.now_us = NOW_US,
		.is_zone = is_zone };
	enum problem_code code = PROBLEM_NONE;
	enum csv_event event;
	bool begun = false;
	struct csv *csv;
	struct buf why;

	buf_init(&why, SENTENCE_MAX + 1);
	assert_int_equal(csv_new(&csv), ERR_NONE);
	while (code == PROBLEM_NONE &&
	    (event = csv_next(csv, &row)) != CSV_END && event != CSV_REFUSED) {
		if (event == CSV_MORE) {
			csv_give(csv, &text, &len, SIZE_MAX, NULL);
		} else if (begun) {
			check_row(&r, &row);
		} else {
			code = dataset_header(&r, &row, &why);
			check_header(&r, &row, code, &why);
			begun = true;
		}
	}
	csv_free(csv);
	buf_release(&why);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_copy(data, size, false);
	enum problem_code code = dataset_sniff(text, size);
	enum dataset d;

	assert_int_equal(code == PROBLEM_EMPTY_FILE, size == 0);
	for (d = 0; d < DATASET__MAX && code == PROBLEM_NONE; d++)
		check_file(d, text, size);
	free(text);
	return 0;
}
