/*
 * One store's week as JSON and as text: what is asked, what goes wrong, and
 * that both are written from the same values.  The sentences are in
 * test_timeline_windows.c and _figures.c, outages in _edges.c; that all values
 * are right on data made to hurt is shown by tests/cli/test_timeline.py.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "work/prune.h"

#include "timeline_fixture.h"

static struct timeline_desk *desk;

static int
set_up(void **state)
{
	if (data_set_up(state) != 0)
		return -1;
	return timeline_open(&desk, state_folder) == ERR_NONE ? 0 : -1;
}

static int
tear_down(void **state)
{
	timeline_close(desk);
	return data_tear_down(state);
}

#define with_desk(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static enum err
ask(const char *store, const char *as_of, struct buf *out)
{
	struct timeline_question question = { .store = store,
		.as_of_us = as_of == NULL ? REPORT_LATEST : at(as_of),
		.rules = { INTERPOLATION_PREVIOUS, UPTIME_REACH_UNLIMITED } };

	buf_init(out, TEXT_MAX);
	return timeline_ask(desk, &question, timeline_json, out);
}

static json_t *
ask_json(const char *store, const char *as_of)
{
	struct buf out;
	json_t *object;

	assert_int_equal(ask(store, as_of, &out), ERR_NONE);
	object = json_loads(buf_text(&out), JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(object);
	buf_release(&out);
	return object;
}

/* A member as compact JSON, for the caller to free(). */
static char *
member(const json_t *object, const char *name)
{
	char *text = json_dumps(json_object_get(object, name),
	    JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));

	assert_non_null(text);
	return text;
}

static const struct {
	const char *store;
	const char *as_of;
	const char *name;
	const char *value;
} members[] = {
	{ "lunch", "2023-01-23 19:00:00", "segments",
	    "[{\"start\":\"2023-01-23T16:00:00.000000Z\","
	    "\"end\":\"2023-01-23T17:15:00.000000Z\",\"status\":\"up\","
	    "\"observed\":false,\"poll\":\"2023-01-23T16:14:00.000000Z\"},"
	    "{\"start\":\"2023-01-23T17:15:00.000000Z\","
	    "\"end\":\"2023-01-23T19:00:00.000000Z\",\"status\":\"down\","
	    "\"observed\":false,\"poll\":\"2023-01-23T17:15:00.000000Z\"}]" },
	{ "lunch", "2023-01-23 19:00:00", "status_now", "\"closed\"" },
	{ "lunch", "2023-01-23 19:00:00", "status_poll", "null" },
	{ "lunch", "2023-01-23 19:00:00", "status_since",
	    "\"2023-01-23T19:00:00.000000Z\"" },
	{ "lunch", NULL, "as_of", "\"2023-03-12T08:30:00.000000Z\"" },
	{ "lunch", "2023-01-23 18:30:00", "newest_poll",
	    "\"2023-03-12T08:30:00.000000Z\"" },
	{ "lunch", "2023-01-23 18:30:00", "local_time",
	    "\"2023-01-23T11:30:00.000000-07:00\"" },
	/* Closed time is part of an outage. */
	{ "dark", "2023-01-18 18:00:00", "outages",
	    "[{\"start\":\"2023-01-11T18:00:00.000000Z\","
	    "\"end\":\"2023-01-17T22:00:00.000000Z\",\"open_s\":129600.0,"
	    "\"ongoing\":true,\"clipped\":false,"
	    "\"start_edge\":{\"after\":null,"
	    "\"by\":\"2023-01-16T17:15:00.000000Z\"},"
	    "\"end_edge\":{\"after\":\"2023-01-17T17:15:00.000000Z\","
	    "\"by\":null}}]" },
	/* A poll before the week said down. */
	{ "dark", "2023-01-23 19:00:00", "outages",
	    "[{\"start\":\"2023-01-16T19:00:00.000000Z\","
	    "\"end\":\"2023-01-23T16:00:00.000000Z\",\"open_s\":100800.0,"
	    "\"ongoing\":true,\"clipped\":true,"
	    "\"start_edge\":{\"after\":null,"
	    "\"by\":\"2023-01-16T17:15:00.000000Z\"},"
	    "\"end_edge\":{\"after\":\"2023-01-17T17:15:00.000000Z\","
	    "\"by\":null}}]" },
	{ "dark", "2023-01-24 00:00:00", "dark", "true" },
	{ "dark", "2023-01-24 00:00:00", "today",
	    "{\"date\":\"2023-01-23\",\"weekday\":0,\"source\":\"special\","
	    "\"hours\":[{\"start\":\"10:00:00\",\"end\":\"11:00:00\"}]}" },
	{ "never", "2023-01-24 00:00:00", "dark", "false" },
	{ "never", "2023-01-24 00:00:00", "last_poll", "null" },
	{ "never", "2023-01-24 00:00:00", "timezone", "\"America/Chicago\"" },
	{ "never", "2023-01-24 00:00:00", "timezone_source", "\"default\"" },
	{ "first", "2023-01-24 00:00:00", "today",
	    "{\"date\":\"2023-01-23\",\"weekday\":0,\"source\":\"default\","
	    "\"hours\":[{\"start\":\"00:00:00\",\"end\":\"24:00:00\"}]}" },
	{ "fall", "2022-11-06 12:00:00", "offsets",
	    "[{\"from\":\"2022-10-30T05:00:00.000000Z\",\"offset_s\":-18000},"
	    "{\"from\":\"2022-11-06T07:00:00.000000Z\","
	    "\"offset_s\":-21600}]" },
};

static void
test_members(void **state)
{
	size_t i;

	(void)state;
	timeline_bring();
	for (i = 0; i < COUNT(members); i++) {
		json_t *object = ask_json(members[i].store, members[i].as_of);
		char *text = member(object, members[i].name);

		check_text(members[i].store, text, members[i].value);
		free(text);
		json_decref(object);
	}
}

/* A day of 25 hours is told as such, on the day it is. */
static void
test_long_day(void **state)
{
	json_t *object, *date;

	(void)state;
	timeline_bring();
	object = ask_json("fall", "2022-11-06 12:00:00");
	assert_int_equal(json_array_size(json_object_get(object, "dates")), 8);
	date = json_array_get(json_object_get(object, "dates"), 7);
	check_text("date", json_string_value(json_object_get(date, "date")),
	    "2022-11-06");
	assert_int_equal(json_integer_value(json_object_get(date, "hours")),
	    25);
	json_decref(object);
}

static void
test_refusals(void **state)
{
	struct buf out;

	(void)state;
	assert_int_equal(ask("lunch", NULL, &out), ERR_CONFLICT);
	buf_release(&out);
	timeline_bring();
	assert_int_equal(ask("nobody", NULL, &out), ERR_NOT_FOUND);
	buf_release(&out);
	assert_int_equal(ask("lun", NULL, &out), ERR_NOT_FOUND);
	buf_release(&out);
	/* And the desk is well afterwards. */
	assert_int_equal(ask("lunch", NULL, &out), ERR_NONE);
	buf_release(&out);
}

/* What cannot be held is no answer that ends in the middle. */
static void
test_too_large(void **state)
{
	struct timeline_question question = { "lunch", REPORT_LATEST,
		{ INTERPOLATION_PREVIOUS, UPTIME_REACH_UNLIMITED } };
	struct buf out;

	(void)state;
	timeline_bring();
	buf_init(&out, 2000);
	assert_int_equal(timeline_ask(desk, &question, timeline_json, &out),
	    ERR_TOO_LARGE);
	buf_release(&out);
}

/* A later question sees what was imported since; a desk holds no snapshot. */
static void
test_fresh(void **state)
{
	struct buf out;

	(void)state;
	timeline_bring();
	assert_int_equal(ask("new", NULL, &out), ERR_NOT_FOUND);
	buf_release(&out);
	bring(DATASET_POLLS, "new,active,2023-04-01 00:00:00");
	assert_int_equal(ask("new", NULL, &out), ERR_NONE);
	assert_non_null(strstr(buf_text(&out),
	    "\"as_of\":\"2023-04-01T00:00:00.000000Z\""));
	buf_release(&out);
}

/* What was removed cannot be told, and is not taken for never polled. */
static void
test_pruned(void **state)
{
	struct prune_result result;
	json_t *object;
	struct buf out;

	(void)state;
	timeline_bring();
	assert_int_equal(prune_run(state_folder, 10, false, &result), ERR_NONE);
	assert_true(result.any);
	assert_int_equal(ask("dark", "2023-01-23 19:00:00", &out), ERR_GONE);
	buf_release(&out);
	object = ask_json("dark", NULL);
	assert_non_null(strstr(timeline_said(object, "outages", "text"),
	    ": no poll that is still kept said active before it, and the "
	    "first of these, on Tue 17 Jan at 12:15, said inactive, and"));
	json_decref(object);
}

static void
test_find(void **state)
{
	static const struct {
		const char *prefix;
		size_t limit;
		const char *found;
	} cases[] = {
		{ "f", 5, "[\"fall\",\"first\"],\"more\":false}\n" },
		{ "f", 1, "[\"fall\"],\"more\":true}\n" },
		{ "fall", 1, "[\"fall\"],\"more\":false}\n" },
		{ "x", 5, "[],\"more\":false}\n" },
		{ "", 2, "[\"busy\",\"dark\"],\"more\":true}\n" },
	};
	struct buf out;
	size_t i;

	(void)state;
	timeline_bring();
	buf_init(&out, TEXT_MAX);
	for (i = 0; i < COUNT(cases); i++) {
		buf_reset(&out);
		assert_int_equal(timeline_find(desk, cases[i].prefix,
				     cases[i].limit, &out),
		    ERR_NONE);
		check_text(cases[i].prefix,
		    strstr(buf_text(&out), "\"stores\":") + 9, cases[i].found);
	}
	buf_reset(&out);
	assert_int_equal(timeline_find(desk, "\"<", 1, &out), ERR_NONE);
	check_text("markup", buf_text(&out),
	    "{\"prefix\":\"\\\"<\",\"stores\":[],\"more\":false}\n");
	buf_release(&out);
	timeline_close(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		with_desk(test_members),
		with_desk(test_long_day),
		with_desk(test_refusals),
		with_desk(test_too_large),
		with_desk(test_fresh),
		with_desk(test_pruned),
		with_desk(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
