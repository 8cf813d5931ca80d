/* The summary, read back by jansson. */
#include "work/report_summary.h"

#include "core/stamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../lib/check.h"

#define TEXT_MAX ((size_t)1024 * 1024)
#define AS_OF_US INT64_C(1674389379388884) /* 2023-01-22 12:09:39.388884 */

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
	.last_poll_us = AS_OF_US - 1,
	.has_poll = true,
};

/* The summary as an object; the caller's to json_decref(). */
static json_t *
summary(const struct report_request *request, const struct fleet *fleet,
    const struct census_week *week)
{
	struct report_result result = { .as_of_us = AS_OF_US, .revision = 42 };
	const struct report_summary s = { request, &result, fleet, week,
		"2025b" };
	json_t *object;
	struct buf out;

	buf_init(&out, TEXT_MAX);
	report_summary_json(&out, &s);
	object = json_loads(buf_text(&out), JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(object);
	buf_release(&out);
	return object;
}

/* The element or member at a path like "fleet.hour.up_s" or "bins.3.to". */
static json_t *
member(json_t *object, const char *path)
{
	char part[64];
	size_t len;

	for (; *path != '\0'; path += len + (path[len] == '.')) {
		len = strcspn(path, ".");
		(void)snprintf(part, sizeof(part), "%.*s", (int)len, path);
		if (json_is_array(object))
			object = json_array_get(object,
			    (size_t)strtoul(part, NULL, 10));
		else
			object = json_object_get(object, part);
		check_true(path, object != NULL);
	}
	return object;
}

struct number {
	const char *path;
	double value;
};

static void
assert_numbers(json_t *object, const struct number *numbers, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		check_true(numbers[i].path,
		    fabs(json_number_value(member(object, numbers[i].path)) -
			numbers[i].value) < 1e-9);
}

static void
assert_texts(json_t *object, const char *const texts[][2], size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		check_text(texts[i][0],
		    json_string_value(member(object, texts[i][0])),
		    texts[i][1]);
}

static const struct number sums[] = {
	{ "revision", 42 },
	{ "stores", 2 },
	{ "never_polled", 0 },
	{ "dark", 1 },
	{ "outages", 3 },
	{ "status_now.stale", 1 },
	{ "status_now.down", 1 },
	{ "status_now.up", 0 },
	{ "fleet.hour.up_s", 0.000001 },
	{ "fleet.hour.down_s", 0.000002 },
	{ "fleet.hour.business_s", 0.000006 },
	{ "fleet.hour.availability_percent", 33.33 },
	{ "fleet.hour.availability_at_least_percent", 66.66 },
	{ "fleet.hour.availability_at_most_percent", 16.66 },
	{ "fleet.hour.coverage_percent", 150 },
	{ "fleet.week.availability_percent", 99.99 },
	{ "fleet.week.down_s", 0.000001 },
	{ "fleet.week.observed_up_s", 604799.999999 },
	{ "fleet_without_dark.week.down_s", 0 },
	{ "fleet_without_dark.week.availability_percent", 100 },
	{ "fleet_without_dark.day.business_s", 3603.000001 },
	{ "availability_week.none", 0 },
	{ "availability_week.bins.0.stores", 1 },
	{ "availability_week.bins.0.to", 0 },
	{ "availability_week.bins.10.from", 90 },
	{ "availability_week.bins.10.to", 95 },
	{ "availability_week.bins.13.stores", 1 },
	{ "availability_week.bins.13.from", 100 },
};

static void
test_sums(void **state)
{
	static const char *const texts[][2] = {
		{ "as_of", "2023-01-22T12:09:39.388884Z" },
		{ "tzdata", "2025b" },
		{ "newest_poll", "2023-01-22T12:09:39.388883Z" },
		{ "rules.interpolation", "next" },
		{ "rules.reach", "1d" },
		{ "rules.observed_gap", "2h" },
	};
	struct report_request request = { .rules = { INTERPOLATION_NEXT,
					      24 * STAMP_HOUR_US } };
	static struct census_week week;
	struct reckoned dark = { .has_poll = true };
	struct fleet fleet = { 0 };
	json_t *object;

	(void)state;
	polled_begin(&week.polled, AS_OF_US);
	dark.uptime.window[WINDOW_WEEK].down = 1;
	fleet_add(&fleet, &store);
	fleet_add(&fleet, &dark);
	object = summary(&request, &fleet, &week);
	assert_numbers(object, sums, COUNT(sums));
	assert_texts(object, texts, COUNT(texts));
	assert_null(json_object_get(member(object, "rules"), "store_id"));
	json_decref(object);
}

/* Cell i has i microseconds of lit stores and a second of dark ones. */
static void
fill_week(struct census_week *week)
{
	size_t i;

	polled_begin(&week->polled, AS_OF_US);
	for (i = 0; i < CELLS; i++) {
		week->lit.lost_us[i] = (int64_t)i;
		week->dark.lost_us[i] = STAMP_S_US;
		week->lit.status_us[STATUS_UP][i] = 2 * (int64_t)i;
		week->lit.status_us[STATUS_DOWN][i] = 3 * (int64_t)i;
		week->dark.status_us[STATUS_DOWN][i] = STAMP_S_US;
		week->lit.status_us[STATUS_UNKNOWN][i] = 5 * (int64_t)i;
		week->polled.before[i] = (uint32_t)i;
		week->polled.clock[i] = i == 5 || i == 6 || i == 166 ? 1 : 9;
	}
}

static const struct number week_numbers[] = {
	{ "lost_by_local_hour.all.0.0", 1 },
	{ "lost_by_local_hour.all.6.23", 1.000167 },
	{ "lost_by_local_hour.all.1.2", 1.000026 },
	{ "lost_by_local_hour.without_dark.1.2", 0.000026 },
	{ "strip.up_s.167", 0.000334 },
	{ "strip.down_s.100", 1.0003 },
	{ "strip.unknown_s.1", 0.000005 },
	{ "strip.without_dark.up_s.167", 0.000334 },
	{ "strip.without_dark.down_s.100", 0.0003 },
	{ "strip.without_dark.unknown_s.1", 0.000005 },
	{ "strip.polled.0", 0 },
	{ "strip.polled.167", 167 },
	{ "blind.hours", 3 },
	{ "blind.median_stores", 9 },
	{ "blind.runs.0.hours", 2 },
	{ "blind.runs.1.hours", 1 },
};

static void
test_week(void **state)
{
	static const struct {
		const char *path;
		size_t size;
	} sizes[] = {
		{ "lost_by_local_hour.all", 7 },
		{ "lost_by_local_hour.without_dark.6", 24 },
		{ "strip.up_s", CELLS },
		{ "strip.without_dark.unknown_s", CELLS },
		{ "strip.polled", CELLS },
		{ "blind.runs", 2 },
		{ "availability_week.bins", FLEET_BINS },
	};
	/* The week's first whole hour of the clock is 2023-01-15 13:00. */
	static const char *const texts[][2] = {
		{ "strip.from", "2023-01-15T12:09:39.388884Z" },
		{ "blind.runs.0.from", "2023-01-15T18:00:00.000000Z" },
		{ "blind.runs.0.to", "2023-01-15T20:00:00.000000Z" },
		{ "blind.runs.1.to", "2023-01-22T12:00:00.000000Z" },
	};
	struct report_request request = { .rules = { INTERPOLATION_NEXT, 0 } };
	static struct census_week week;
	struct fleet fleet = { 0 };
	json_t *object;
	size_t i;

	(void)state;
	fill_week(&week);
	object = summary(&request, &fleet, &week);
	assert_numbers(object, week_numbers, COUNT(week_numbers));
	assert_texts(object, texts, COUNT(texts));
	for (i = 0; i < COUNT(sizes); i++)
		check_number(sizes[i].path,
		    json_array_size(member(object, sizes[i].path)),
		    sizes[i].size);
	json_decref(object);
}

/* No stores, nothing to divide by; and a filter of odd ids. */
static void
test_nothing(void **state)
{
	static const char *const ids[] = { "a\"b", "caf\u00e9" };
	struct report_request request = {
		.rules = { INTERPOLATION_PREVIOUS, UPTIME_REACH_UNLIMITED },
		.stores = ids,
		.store_count = 2,
	};
	static const char *const nulls[] = { "fleet.day.availability_percent",
		"fleet.day.coverage_percent", "newest_poll",
		"fleet_without_dark.week.availability_percent" };
	static struct census_week week;
	struct fleet fleet = { 0 };
	json_t *object, *list;
	size_t i;

	(void)state;
	polled_begin(&week.polled, AS_OF_US);
	object = summary(&request, &fleet, &week);
	for (i = 0; i < COUNT(nulls); i++)
		check_true(nulls[i], json_is_null(member(object, nulls[i])));
	list = member(object, "rules.store_id");
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(json_string_value(json_array_get(list, 0)), ids[0]);
	assert_string_equal(json_string_value(json_array_get(list, 1)), ids[1]);
	assert_string_equal(json_string_value(member(object, "rules.reach")),
	    "unlimited");
	assert_int_equal(json_array_size(member(object, "blind.runs")), 0);
	json_decref(object);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_week),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
