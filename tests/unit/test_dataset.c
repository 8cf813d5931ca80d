/* The rows of the four data sets: every limit of every column. */
#include "codec/dataset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "../lib/check.h"
#include "dataset_header.h"

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
			struct csv *csv = csv_first(c->row, strlen(c->row),
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
	csv = csv_first(text, strlen(text), &row);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_bad_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
