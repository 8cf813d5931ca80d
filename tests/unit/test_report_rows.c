/* A report's lines, to the last digit. */
#include "work/report_rows.h"

#include "core/stamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/check.h"

#define TEXT_MAX ((size_t)1024 * 1024)

typedef void
put(struct buf *out, const char *id, size_t len, const struct reckoned *store);

/* One line, by one of the two functions. */
static void
check_line(const char *name, put *to, const char *id,
    const struct reckoned *store, const char *wanted)
{
	struct buf out;

	buf_init(&out, TEXT_MAX);
	to(&out, id, strlen(id), store);
	assert_int_equal(buf_err(&out), ERR_NONE);
	check_text(name, buf_text(&out), wanted);
	buf_release(&out);
}

static const struct {
	const char *name;
	const char *id;
	int64_t up[WINDOW__MAX];
	int64_t down[WINDOW__MAX];
	const char *line;
} rows[] = {
	{ "nothing", "1", { 0, 0, 0 }, { 0, 0, 0 },
	    "1,0.00,0.0000,0.0000,0.00,0.0000,0.0000\n" },
	{ "everything", "8419537941919820732",
	    { STAMP_HOUR_US, 24 * STAMP_HOUR_US, 168 * STAMP_HOUR_US },
	    { 0, 0, 0 },
	    "8419537941919820732,60.00,24.0000,168.0000,0.00,0.0000,"
	    "0.0000\n" },
	{ "just below half of the last digit", "a", { 299999, 179999, 179999 },
	    { 299999, 179999, 179999 },
	    "a,0.00,0.0000,0.0000,0.00,0.0000,0.0000\n" },
	{ "half of the last digit", "a", { 300000, 180000, 180000 },
	    { 300000, 180000, 180000 },
	    "a,0.01,0.0001,0.0001,0.01,0.0001,0.0001\n" },
	{ "one and a half", "a", { 899999, 540000, 539999 },
	    { 900000, 539999, 540000 },
	    "a,0.01,0.0002,0.0001,0.02,0.0001,0.0002\n" },
	{ "example 1", "a",
	    { 900 * STAMP_S_US, 8100 * STAMP_S_US, 8100 * STAMP_S_US },
	    { 2700 * STAMP_S_US, 2700 * STAMP_S_US, 2700 * STAMP_S_US },
	    "a,15.00,2.2500,2.2500,45.00,0.7500,"
	    "0.7500\n" },
	{ "an id to be quoted", "a,\"b\"", { 0, 0, 0 }, { 0, 0, 0 },
	    "\"a,\"\"b\"\"\",0.00,0.0000,0.0000,0.00,0.0000,0.0000\n" },
};

static void
test_rows(void **state)
{
	size_t i, w;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct reckoned store = { .has_poll = false };

		for (w = 0; w < WINDOW__MAX; w++) {
			store.uptime.window[w].up = rows[i].up[w];
			store.uptime.window[w].down = rows[i].down[w];
		}
		check_line(rows[i].name, report_row, rows[i].id, &store,
		    rows[i].line);
	}
}

/* A store of which no two figures are the same. */
static const struct reckoned store = {
	.uptime = {
		.window = {
			{ 1, 2, 3, 4, 5 },
			{ 1000000, 2000001, 3600000000, 99, 0 },
			{ 604800000000, 0, 12, 604799999999, 7 },
		},
		.longest_outage_us = 61000001,
		.outages = 3,
		.now = STATUS_NOW_STALE,
	},
	.last_poll_us = INT64_C(1674389379388884),
	.has_poll = true,
};

static void
test_detail(void **state)
{
	struct reckoned never = { .has_poll = false };

	(void)state;
	never.uptime.now = STATUS_NOW_UNKNOWN;
	check_line("all of it", report_detail_row, "x y", &store,
	    "x y,0.000001,0.000002,0.000003,0.000004,0.000005,"
	    "1.000000,2.000001,3600.000000,0.000099,0.000000,"
	    "604800.000000,0.000000,0.000012,604799.999999,0.000007,"
	    "3,61.000001,2023-01-22T12:09:39.388884Z,stale\n");
	check_line("never polled", report_detail_row, "=x", &never,
	    "=x,0.000000,0.000000,0.000000,0.000000,0.000000,"
	    "0.000000,0.000000,0.000000,0.000000,0.000000,"
	    "0.000000,0.000000,0.000000,0.000000,0.000000,"
	    "0,0.000000,,unknown\n");
}

/* Whoever reads the files goes by these names. */
static void
test_headers(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, TEXT_MAX);
	report_header(&out);
	assert_string_equal(buf_text(&out),
	    "store_id,uptime_last_hour(in minutes),"
	    "uptime_last_day(in hours),uptime_last_week(in hours),"
	    "downtime_last_hour(in minutes),downtime_last_day(in hours),"
	    "downtime_last_week(in hours)\n");
	buf_reset(&out);
	report_detail_header(&out);
	assert_string_equal(buf_text(&out),
	    "store_id,hour_up_s,hour_down_s,hour_unknown_s,"
	    "hour_observed_up_s,hour_observed_down_s,day_up_s,day_down_s,"
	    "day_unknown_s,day_observed_up_s,day_observed_down_s,week_up_s,"
	    "week_down_s,week_unknown_s,week_observed_up_s,"
	    "week_observed_down_s,outages,longest_outage_s,last_poll_utc,"
	    "status_now\n");
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_detail),
		cmocka_unit_test(test_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
