/* A report's lines to the last digit; the summary read back by jansson. */
#include "work/report_rows.h"

#include "core/stamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <math.h>

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

static void
test_fleet(void **state)
{
	struct reckoned dark = { .has_poll = true };
	struct reckoned never = { .has_poll = false };
	struct fleet f = { 0 };

	(void)state;
	dark.uptime.window[WINDOW_WEEK].down = 5;
	dark.uptime.now = STATUS_NOW_DOWN;
	dark.uptime.outages = 1;
	never.uptime.window[WINDOW_WEEK].unknown = 7;
	never.uptime.now = STATUS_NOW_CLOSED;
	fleet_add(&f, &store);
	fleet_add(&f, &store);
	fleet_add(&f, &dark);
	fleet_add(&f, &never);
	assert_int_equal(f.stores, 4);
	assert_int_equal(f.dark, 1);
	assert_int_equal(f.never_polled, 1);
	assert_int_equal(f.outages, 7);
	assert_int_equal(f.now[STATUS_NOW_STALE], 2);
	assert_int_equal(f.now[STATUS_NOW_DOWN], 1);
	assert_int_equal(f.now[STATUS_NOW_CLOSED], 1);
	assert_int_equal(f.now[STATUS_NOW_UP], 0);
	assert_int_equal(f.window[WINDOW_HOUR].up, 2);
	assert_int_equal(f.window[WINDOW_HOUR].observed_down, 10);
	assert_int_equal(f.window[WINDOW_DAY].down, 4000002);
	assert_int_equal(f.window[WINDOW_WEEK].down, 5);
	assert_int_equal(f.window[WINDOW_WEEK].unknown, 31);
}

/* The summary as an object; the caller's to json_decref(). */
static json_t *
summary(const struct report_request *request, const struct fleet *fleet)
{
	struct report_result result = { .as_of_us = INT64_C(1674389379388884),
		.revision = 42 };
	json_t *object;
	struct buf out;

	buf_init(&out, TEXT_MAX);
	report_summary(&out, request, &result, fleet, "2025b");
	object = json_loads(buf_text(&out), JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(object);
	buf_release(&out);
	return object;
}

/* The member at a path like "fleet.hour.up_s". */
static json_t *
member(json_t *object, const char *path)
{
	char part[64];
	size_t len;

	for (; *path != '\0'; path += len + (path[len] == '.')) {
		len = strcspn(path, ".");
		(void)snprintf(part, sizeof(part), "%.*s", (int)len, path);
		object = json_object_get(object, part);
		check_true(path, object != NULL);
	}
	return object;
}

static void
test_summary(void **state)
{
	static const struct {
		const char *path;
		double value;
	} numbers[] = {
		{ "revision", 42 },
		{ "stores", 1 },
		{ "never_polled", 0 },
		{ "dark", 0 },
		{ "outages", 3 },
		{ "status_now.stale", 1 },
		{ "status_now.up", 0 },
		{ "fleet.hour.up_s", 0.000001 },
		{ "fleet.hour.down_s", 0.000002 },
		{ "fleet.hour.availability_percent", 33.33 },
		{ "fleet.hour.availability_at_least_percent", 66.66 },
		{ "fleet.hour.availability_at_most_percent", 16.66 },
		{ "fleet.hour.coverage_percent", 150 },
		{ "fleet.week.availability_percent", 100 },
		{ "fleet.week.availability_at_least_percent", 99.99 },
		{ "fleet.week.observed_up_s", 604799.999999 },
	};
	struct report_request request = { .rules = { INTERPOLATION_NEXT,
					      24 * STAMP_HOUR_US } };
	struct fleet fleet = { 0 };
	json_t *object;
	size_t i;

	(void)state;
	fleet_add(&fleet, &store);
	object = summary(&request, &fleet);
	for (i = 0; i < COUNT(numbers); i++)
		check_true(numbers[i].path,
		    fabs(json_number_value(member(object, numbers[i].path)) -
			numbers[i].value) < 1e-9);
	assert_string_equal(json_string_value(member(object, "as_of")),
	    "2023-01-22T12:09:39.388884Z");
	assert_string_equal(json_string_value(member(object, "tzdata")),
	    "2025b");
	assert_string_equal(json_string_value(member(object,
				"rules.interpolation")),
	    "next");
	assert_string_equal(json_string_value(member(object, "rules.reach")),
	    "1d");
	assert_string_equal(json_string_value(member(object,
				"rules.observed_gap")),
	    "2h");
	assert_null(json_object_get(member(object, "rules"), "store_id"));
	json_decref(object);
}

/* No stores, nothing to divide by; and a filter of odd ids. */
static void
test_summary_of_nothing(void **state)
{
	static const char *const ids[] = { "a\"b", "caf\u00e9" };
	struct report_request request = {
		.rules = { INTERPOLATION_PREVIOUS, UPTIME_REACH_UNLIMITED },
		.stores = ids,
		.store_count = 2,
	};
	struct fleet fleet = { 0 };
	json_t *object = summary(&request, &fleet), *list;

	(void)state;
	assert_true(json_is_null(member(object,
	    "fleet.day.availability_percent")));
	assert_true(json_is_null(member(object, "fleet.day.coverage_percent")));
	list = member(object, "rules.store_id");
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(json_string_value(json_array_get(list, 0)), ids[0]);
	assert_string_equal(json_string_value(json_array_get(list, 1)), ids[1]);
	assert_string_equal(json_string_value(member(object, "rules.reach")),
	    "unlimited");
	json_decref(object);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_detail),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_fleet),
		cmocka_unit_test(test_summary),
		cmocka_unit_test(test_summary_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
