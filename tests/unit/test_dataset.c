/* The four data sets: headers, and every limit of every column. */
#include "codec/dataset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "../lib/check.h"
#include "../lib/instant.h"

#define NOW "2023-01-25 12:00:00"

static bool
is_zone(const void *ctx, const char *name, size_t len)
{
	const char *only = ctx;

	return len == strlen(only) && memcmp(name, only, len) == 0;
}

/* Reads the first record of a text; the row is valid until csv_free(). */
static struct csv *
read_record(const char *text, size_t len, struct csv_row *row)
{
	struct csv *csv;
	size_t space;
	char *to;

	assert_int_equal(csv_new(&csv), ERR_NONE);
	assert_int_equal(csv_next(csv, row), CSV_MORE);
	to = csv_space(csv, &space);
	assert_true(len <= space);
	memcpy(to, text, len);
	csv_filled(csv, len);
	csv_end(csv);
	assert_int_equal(csv_next(csv, row), CSV_ROW);
	return csv;
}

/* A reader of a data set that has read this header. */
static enum problem_code
read_header(struct dataset_reader *r, enum dataset dataset, const char *text,
    struct buf *why)
{
	static struct csv_row row;
	struct csv *csv = read_record(text, strlen(text), &row);
	enum problem_code code;

	memset(r, 0, sizeof(*r));
	r->dataset = dataset;
	r->now_us = at(NOW);
	r->is_zone = is_zone;
	r->zone_ctx = "Europe/Paris";
	buf_init(why, 1000);
	code = dataset_header(r, &row, why);
	csv_free(csv);
	return code;
}

#define POLLS "store_id,status,timestamp_utc"
#define HOURS "store_id,day,start_time_local,end_time_local"
#define ZONES "store_id,timezone_str"
#define SPECIAL "store_id,date,start_time_local,end_time_local"

static const struct {
	enum dataset dataset;
	const char *header;
	enum problem_code code;
	const char *why; /* part of the sentence */
} headers[] = {
	{ DATASET_POLLS, POLLS, PROBLEM_NONE, "" },
	{ DATASET_POLLS, "timestamp_utc,store_id,status", PROBLEM_NONE, "" },
	{ DATASET_POLLS, "Store_ID, STATUS ,\"Timestamp_UTC\"", PROBLEM_NONE,
	    "" },
	{ DATASET_POLLS, "x," POLLS ",y,y,", PROBLEM_NONE, "" },
	{ DATASET_POLLS, "store_id,status", PROBLEM_BAD_HEADER,
	    "does not name the column timestamp_utc." },
	{ DATASET_POLLS, POLLS ",Status", PROBLEM_BAD_HEADER,
	    "names more than once the column status." },
	{ DATASET_POLLS, HOURS, PROBLEM_BAD_HEADER,
	    "It looks like a file of hours, not of polls." },
	{ DATASET_POLLS, ZONES, PROBLEM_BAD_HEADER,
	    "looks like a file of timezones" },
	{ DATASET_POLLS, SPECIAL, PROBLEM_BAD_HEADER,
	    "looks like a file of special-hours" },
	{ DATASET_HOURS, POLLS, PROBLEM_BAD_HEADER,
	    "looks like a file of polls" },
	{ DATASET_POLLS, "store_id;status;timestamp_utc", PROBLEM_BAD_HEADER,
	    "column store_id." },
	{ DATASET_POLLS, "a,b", PROBLEM_BAD_HEADER, "column store_id." },
	{ DATASET_POLLS, "st\xffre,status", PROBLEM_NOT_TEXT, "" },
	{ DATASET_POLLS, "store_id,\x01", PROBLEM_NOT_TEXT, "" },
	{ DATASET_POLLS, "store_id\"," POLLS, PROBLEM_BAD_HEADER, "" },
	{ DATASET_HOURS, HOURS, PROBLEM_NONE, "" },
	{ DATASET_HOURS, "store_id,dayOfWeek,start_time_local,end_time_local",
	    PROBLEM_NONE, "" },
	{ DATASET_HOURS, "store_id,DAY_OF_WEEK,start_time_local,end_time_local",
	    PROBLEM_NONE, "" },
	{ DATASET_HOURS,
	    "store_id,day,day_of_week,start_time_local,end_time_local",
	    PROBLEM_BAD_HEADER, "more than once the column day." },
	{ DATASET_TIMEZONES, ZONES, PROBLEM_NONE, "" },
	{ DATASET_TIMEZONES, "timezone_str", PROBLEM_BAD_HEADER,
	    "column store_id." },
	{ DATASET_SPECIAL_HOURS, SPECIAL, PROBLEM_NONE, "" },
	{ DATASET_SPECIAL_HOURS, HOURS, PROBLEM_BAD_HEADER,
	    "looks like a file of hours, not of special-hours" },
};

static void
test_headers(void **state)
{
	struct dataset_reader r;
	struct buf why;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(headers); i++) {
		check_text(headers[i].header,
		    problem_name(read_header(&r, headers[i].dataset,
			headers[i].header, &why)),
		    problem_name(headers[i].code));
		check_true(headers[i].header,
		    strstr(buf_text(&why), headers[i].why) != NULL);
		check_true(headers[i].header,
		    headers[i].code != PROBLEM_NONE || why.len == 0);
		buf_release(&why);
	}
}

struct row_case {
	const char *row;
	enum problem_code code;
};

#define OK PROBLEM_NONE

static const struct row_case poll_rows[] = {
	{ "a,active,2023-01-22 12:09:39.388884 UTC", OK },
	{ " a , INACTIVE , 2023-01-22 12:09:39 ", OK },
	{ "a,Active,2023-01-22 12:09:39", OK },
	{ ",active,2023-01-22 12:09:39", PROBLEM_STORE_ID },
	{ "-1,active,2023-01-22 12:09:39", PROBLEM_STORE_ID },
	{ "a,,2023-01-22 12:09:39", PROBLEM_STATUS },
	{ "a,up,2023-01-22 12:09:39", PROBLEM_STATUS },
	{ "a,activ,2023-01-22 12:09:39", PROBLEM_STATUS },
	{ "a,actives,2023-01-22 12:09:39", PROBLEM_STATUS },
	{ "a,inactives,2023-01-22 12:09:39", PROBLEM_STATUS },
	{ "a,active,", PROBLEM_TIMESTAMP },
	{ "a,active,1674389379", PROBLEM_TIMESTAMP },
	{ "a,active,1999-12-31 23:59:59.999999", PROBLEM_TIMESTAMP },
	{ "a,active,2000-01-01 00:00:00", OK },
	{ "a,active,2023-01-26 12:00:00", OK },
	{ "a,active,2023-01-26 12:00:00.000001", PROBLEM_TIMESTAMP },
	{ "a,active,2099-01-01 00:00:00", PROBLEM_TIMESTAMP },
	/* The first that applies. */
	{ "a\"b,x,x,x", PROBLEM_QUOTE },
	{ "=1,x", PROBLEM_COLUMNS },
	{ "a,active,2023-01-22 12:09:39,", PROBLEM_COLUMNS },
	{ "a", PROBLEM_COLUMNS },
	{ "=1,x,x", PROBLEM_STORE_ID },
	{ "a,x,x", PROBLEM_STATUS },
};

static const struct row_case hour_rows[] = {
	{ "a,0,09:00:00,17:00:00", OK },
	{ "a,6,09:00,17:00", OK },
	{ "a,7,09:00,17:00", PROBLEM_DAY },
	{ "a,-1,09:00,17:00", PROBLEM_DAY },
	{ "a,00,09:00,17:00", PROBLEM_DAY },
	{ "a,,09:00,17:00", PROBLEM_DAY },
	{ "a,Monday,09:00,17:00", PROBLEM_DAY },
	{ "a,/,09:00,17:00", PROBLEM_DAY },
	{ "a,0,00:00:00,00:00:00", OK },
	{ "a,0,00:00:00,24:00:00", OK },
	{ "a,0,23:59:59,00:00:00", OK },
	{ "a,0,24:00:00,24:00:00", PROBLEM_TIME },
	{ "a,0,24:00:00,02:00:00", PROBLEM_TIME },
	{ "a,0,09:00,24:00:01", PROBLEM_TIME },
	{ "a,0,09:00,24:00", OK },
	{ "a,0,,17:00", PROBLEM_TIME },
	{ "a,0,09:00,", PROBLEM_TIME },
	{ "a,0,,", PROBLEM_TIME },
	{ "a,0,9:00,17:00", PROBLEM_TIME },
	{ "a,0,09:00 AM,17:00", PROBLEM_TIME },
	{ "a,0,09:00,09:00:01", OK },
	{ "a,0,09:00,09:00:00", PROBLEM_WINDOW },
	{ "a,0,00:00:01,00:00:01", PROBLEM_WINDOW },
	{ "a,9,09:00,09:00", PROBLEM_DAY },
};

static const struct row_case zone_rows[] = {
	{ "a,Europe/Paris", OK },
	{ "a, Europe/Paris", OK },
	{ "a,europe/paris", PROBLEM_TIMEZONE },
	{ "a,Europe/Pari", PROBLEM_TIMEZONE },
	{ "a,", PROBLEM_TIMEZONE },
	{ "+a,Europe/Pari", PROBLEM_STORE_ID },
};

static const struct row_case special_rows[] = {
	{ "a,2023-12-24,09:00,17:00", OK },
	{ "a,2023-12-24,,", OK },
	{ "a,2023-12-24, , ", OK },
	{ "a,2023-12-24,,17:00", PROBLEM_TIME },
	{ "a,2023-12-24,09:00,", PROBLEM_TIME },
	{ "a,2023-02-29,,", PROBLEM_DATE },
	{ "a,24.12.2023,,", PROBLEM_DATE },
	{ "a,,,", PROBLEM_DATE },
	{ "a,2023-12-24,09:00,09:00", PROBLEM_WINDOW },
	{ "a,2023-12-24,00:00,00:00", OK },
	{ "a,2023-12-24,24:00,", PROBLEM_TIME },
	{ ",2023-12-24,,", PROBLEM_STORE_ID },
};

static const struct {
	enum dataset dataset;
	const char *header;
	const struct row_case *rows;
	size_t n;
} sets[] = {
	{ DATASET_POLLS, POLLS, poll_rows, COUNT(poll_rows) },
	{ DATASET_HOURS, HOURS, hour_rows, COUNT(hour_rows) },
	{ DATASET_TIMEZONES, ZONES, zone_rows, COUNT(zone_rows) },
	{ DATASET_SPECIAL_HOURS, SPECIAL, special_rows, COUNT(special_rows) },
};

static void
test_rows(void **state)
{
	static struct csv_row row;
	struct dataset_reader r;
	struct dataset_row out;
	size_t s, i;

	(void)state;
	for (s = 0; s < COUNT(sets); s++) {
		struct buf why;

		assert_int_equal(read_header(&r, sets[s].dataset,
				     sets[s].header, &why),
		    PROBLEM_NONE);
		for (i = 0; i < sets[s].n; i++) {
			const struct row_case *c = &sets[s].rows[i];
			struct csv *csv = read_record(c->row, strlen(c->row),
			    &row);

			check_text(c->row,
			    problem_name(dataset_row(&r, &row, &out)),
			    problem_name(c->code));
			csv_free(csv);
		}
		buf_release(&why);
	}
}

/* Reads one row under a header; what it points to is gone. */
static enum problem_code
read_row(enum dataset dataset, const char *header, const char *text,
    struct dataset_row *out)
{
	static struct csv_row row;
	struct dataset_reader r;
	enum problem_code code;
	struct csv *csv;
	struct buf why;

	assert_int_equal(read_header(&r, dataset, header, &why), PROBLEM_NONE);
	csv = read_record(text, strlen(text), &row);
	code = dataset_row(&r, &row, out);
	if (out->id != NULL)
		assert_memory_equal(out->id, "id-1", out->id_len);
	if (out->zone != NULL)
		assert_memory_equal(out->zone, "Europe/Paris", out->zone_len);
	csv_free(csv);
	buf_release(&why);
	return code;
}

/* The same for a good row. */
static void
take_row(enum dataset dataset, const char *header, const char *text,
    struct dataset_row *out)
{
	check_text(text, problem_name(read_row(dataset, header, text, out)),
	    "");
}

static void
test_values(void **state)
{
	struct dataset_row out;

	(void)state;
	take_row(DATASET_POLLS, "x,timestamp_utc,status,store_id",
	    ",2023-01-22 12:09:39.5,inactive,id-1", &out);
	assert_int_equal(out.id_len, 4);
	assert_int_equal(out.poll.at_us, at("2023-01-22 12:09:39.5"));
	assert_false(out.poll.up);
	take_row(DATASET_POLLS, POLLS, "id-1,ACTIVE,2023-01-22 12:09:39", &out);
	assert_true(out.poll.up);
	take_row(DATASET_HOURS, HOURS, "id-1,3,22:00,24:00", &out);
	assert_int_equal(out.week.weekday, 3);
	assert_int_equal(out.week.hours.start_s, 79200);
	assert_int_equal(out.week.hours.end_s, 86400);
	assert_int_equal(out.date, 0);
	take_row(DATASET_TIMEZONES, ZONES, "id-1,Europe/Paris", &out);
	assert_int_equal(out.zone_len, 12);
	take_row(DATASET_SPECIAL_HOURS, SPECIAL, "id-1,2023-12-24,,", &out);
	assert_int_equal(out.date, date("2023-12-24"));
	assert_int_equal(out.week.hours.start_s, SCHEDULE_CLOSED);
	assert_int_equal(out.week.weekday, 0);
}

/* A bad row still tells which store, and date, keeps what it had. */
static const struct {
	const char *row;
	enum problem_code code;
	bool has_id;
	bool has_date;
} bad_rows[] = {
	{ "id-1,2023-12-24,x,", PROBLEM_TIME, true, true },
	{ "id-1,2023-12-24,09:00,09:00", PROBLEM_WINDOW, true, true },
	{ "id-1,2023-12-32,,", PROBLEM_DATE, true, false },
	{ "=,2023-12-24,,", PROBLEM_STORE_ID, false, true },
	{ "id-1,2023-12-24,09:00,10:00,", PROBLEM_COLUMNS, true, true },
	{ "id-1,2023-12-24", PROBLEM_COLUMNS, true, true },
	{ "id-1", PROBLEM_COLUMNS, true, false },
	{ "id-1\",2023-12-24,,", PROBLEM_QUOTE, false, false },
};

static void
test_bad_rows(void **state)
{
	struct dataset_row out;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad_rows); i++) {
		check_number(bad_rows[i].row,
		    read_row(DATASET_SPECIAL_HOURS, SPECIAL, bad_rows[i].row,
			&out),
		    bad_rows[i].code);
		check_number(bad_rows[i].row, out.has_id, bad_rows[i].has_id);
		check_number(bad_rows[i].row, out.has_date,
		    bad_rows[i].has_date);
	}
}

static const struct {
	const char *bytes;
	size_t len;
	enum problem_code code;
} sniffs[] = {
	{ "", 0, PROBLEM_EMPTY_FILE },
	{ "s", 1, OK },
	{ "store_id", 8, OK },
	{ "\x1f\x8b\x08\x00", 4, PROBLEM_COMPRESSED },
	{ "\x1f\x8b", 2, PROBLEM_COMPRESSED },
	{ "\x1f", 1, OK },
	{ "PK\x03\x04\x14", 5, PROBLEM_COMPRESSED },
	{ "PK\x05\x06", 4, PROBLEM_COMPRESSED },
	{ "PK,a", 4, OK },
	{ "\x28\xb5\x2f\xfd", 4, PROBLEM_COMPRESSED },
	{ "\xfd"
	  "7zXZ",
	    5, PROBLEM_COMPRESSED },
	{ "BZh9", 4, PROBLEM_COMPRESSED },
	{ "BZ", 2, OK },
};

static void
test_sniff(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(sniffs); i++)
		check_text(sniffs[i].bytes,
		    problem_name(dataset_sniff(sniffs[i].bytes, sniffs[i].len)),
		    problem_name(sniffs[i].code));
}

static void
test_names(void **state)
{
	enum dataset d, found;

	(void)state;
	for (d = 0; d < DATASET__MAX; d++) {
		assert_true(dataset_parse(dataset_names[d], &found));
		assert_int_equal(found, d);
	}
	assert_false(dataset_parse("", &found));
	assert_false(dataset_parse("Polls", &found));
	assert_false(dataset_parse("special_hours", &found));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_bad_rows),
		cmocka_unit_test(test_sniff),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
