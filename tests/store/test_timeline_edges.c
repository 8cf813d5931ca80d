/*
 * Outages, and between which two polls each of their edges lies, by examples.
 * The store is open from 09:00 to 17:00 UTC every day.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "timeline_fixture.h"

#define POLLS 8

struct example {
	const char *name;
	enum asked rules;
	const char *as_of;        /* in January 2023, like the polls */
	const char *polls[POLLS]; /* "23 16:00+" or "23 16:00-" */
	/* START-END OPEN[!] [<] AFTER..BY AFTER..BY of each; ! is going on,
	 * < has begun before the week. */
	const char *told;
};

static const struct example examples[] = {
	{ "none", PREVIOUS, "25 13:00", { "24 10:00+" }, "" },
	{ "never polled", PREVIOUS, "25 13:00", { NULL }, "" },
	{ "between two polls", PREVIOUS, "25 13:00",
	    { "24 10:00+", "24 11:00-", "24 12:00+" },
	    "24 11:00-24 12:00 1h 24 10:00..24 11:00 24 11:00..24 12:00" },
	{ "polls that agree", PREVIOUS, "25 13:00",
	    { "24 10:00+", "24 11:00-", "24 11:30-", "24 12:00+", "24 13:00+" },
	    "24 11:00-24 12:00 1h 24 10:00..24 11:00 24 11:30..24 12:00" },
	{ "two", PREVIOUS, "25 13:00",
	    { "23 10:00+", "24 10:00-", "24 11:00+", "24 12:00-", "24 13:00+" },
	    "24 09:00-24 11:00 2h 23 10:00..24 10:00 24 10:00..24 11:00, "
	    "24 12:00-24 13:00 1h 24 11:00..24 12:00 24 12:00..24 13:00" },
	/* The night between two shifts is not in it, and does not end it. */
	{ "over night", PREVIOUS, "25 13:00",
	    { "23 15:00+", "23 16:00-", "24 10:00-", "24 11:00+" },
	    "23 16:00-24 11:00 3h 23 15:00..23 16:00 24 10:00..24 11:00" },
	{ "until the night", PREVIOUS, "25 13:00",
	    { "23 15:00+", "23 16:00-", "24 10:00+" },
	    "23 16:00-23 17:00 1h 23 15:00..23 16:00 23 16:00..24 10:00" },
	/* Polls at night are none. */
	{ "polls of closed time", PREVIOUS, "25 13:00",
	    { "23 16:00+", "23 20:00-", "24 08:00+", "24 10:00-", "24 11:00+",
		"24 20:00-" },
	    "24 09:00-24 11:00 2h 23 16:00..24 10:00 24 10:00..24 11:00" },
	/* A poll as the shift ends decides nothing, and tells something. */
	{ "down at the shift's end", PREVIOUS, "25 13:00",
	    { "23 16:00+", "23 17:00-", "24 10:00-", "24 11:00+" },
	    "24 09:00-24 11:00 2h 23 16:00..23 17:00 24 10:00..24 11:00" },
	{ "up at the shift's end", PREVIOUS, "24 13:00",
	    { "23 15:00+", "23 16:00-", "23 17:00+", "24 10:00+" },
	    "23 16:00-23 17:00 1h 23 15:00..23 16:00 23 16:00..23 17:00" },
	/* No shift behind it says anything else. */
	{ "going on", PREVIOUS, "25 13:00", { "24 10:00+", "24 11:00-" },
	    "24 11:00-25 13:00 10h! 24 10:00..24 11:00 24 11:00..none" },
	{ "going on at night", PREVIOUS, "24 20:00",
	    { "24 10:00+", "24 11:00-" },
	    "24 11:00-24 17:00 6h! 24 10:00..24 11:00 24 11:00..none" },
	{ "up as it is asked", PREVIOUS, "24 13:00",
	    { "24 10:00+", "24 11:00-", "24 13:00+" },
	    "24 11:00-24 13:00 2h 24 10:00..24 11:00 24 11:00..24 13:00" },
	{ "up later than it is asked", PREVIOUS, "24 13:00",
	    { "24 10:00+", "24 11:00-", "24 13:01+" },
	    "24 11:00-24 13:00 2h! 24 10:00..24 11:00 24 11:00..none" },
	/* From before the week, and from before the days that are read. */
	{ "all week", PREVIOUS, "25 13:00", { "17 10:00+", "17 11:00-" },
	    "18 13:00-25 13:00 56h! < 17 10:00..17 11:00 17 11:00..none" },
	{ "longer", PREVIOUS, "25 13:00",
	    { "03 10:00+", "04 11:00-", "05 11:00-", "06 03:00+", "20 09:00-" },
	    "18 13:00-25 13:00 56h! < 03 10:00..04 11:00 20 09:00..none" },
	{ "never up", PREVIOUS, "25 13:00", { "04 11:00-", "05 11:00-" },
	    "18 13:00-25 13:00 56h! < none..04 11:00 05 11:00..none" },
	{ "first seen in the week", PREVIOUS, "25 13:00", { "20 11:00-" },
	    "18 13:00-25 13:00 56h! none..20 11:00 20 11:00..none" },
	/* The rules. */
	{ "the later one counts", NEXT, "25 13:00",
	    { "24 10:00+", "24 11:00-", "24 12:00+" },
	    "24 10:00-24 11:00 1h 24 10:00..24 11:00 24 11:00..24 12:00" },
	{ "the nearer one counts", NEAREST, "25 13:00",
	    { "24 10:00+", "24 11:00-", "24 12:00+" },
	    "24 10:30-24 11:30 1h 24 10:00..24 11:00 24 11:00..24 12:00" },
	/* Unknown time parts what may have been one. */
	{ "a short reach", NEAREST_30M, "25 13:00",
	    { "24 10:00-", "24 12:00-", "24 12:10-", "24 16:50+" },
	    "24 09:30-24 10:30 1h none..24 10:00 24 10:00..24 16:50, "
	    "24 11:30-24 12:40 1h none..24 12:00 24 12:10..24 16:50" },
};

static void
bring_polls(const struct example *e)
{
	char row[96];
	size_t i;

	for (i = 0; i < POLLS && e->polls[i] != NULL; i++) {
		const char *poll = e->polls[i];

		(void)snprintf(row, sizeof(row), "a,%s,2023-01-%.8s:00",
		    poll[8] == '+' ? "active" : "inactive", poll);
		bring(DATASET_POLLS, row);
	}
	/* Of another store, so that there are some. */
	bring(DATASET_POLLS, "b,active,2023-01-01 00:00:00");
	bring(DATASET_TIMEZONES, "a,UTC");
	bring(DATASET_HOURS,
	    "a,0,09:00,17:00\na,1,09:00,17:00\na,2,09:00,17:00\n"
	    "a,3,09:00,17:00\na,4,09:00,17:00\na,5,09:00,17:00\n"
	    "a,6,09:00,17:00");
}

/* Appends a member that is an instant as "23 16:00", or "none". */
static void
put(struct buf *out, const json_t *object, const char *name)
{
	const char *stamp = json_string_value(json_object_get(object, name));

	if (stamp == NULL) {
		buf_str(out, "none");
		return;
	}
	assert_memory_equal(stamp, "2023-01-", 8);
	assert_string_equal(stamp + 16, ":00.000000Z");
	buf_printf(out, "%.2s %.5s", stamp + 8, stamp + 11);
}

static void
put_edge(struct buf *out, const json_t *outage, const char *name)
{
	const json_t *edge = json_object_get(outage, name);

	buf_char(out, ' ');
	put(out, edge, "after");
	buf_str(out, "..");
	put(out, edge, "by");
}

static void
put_outages(struct buf *out, const json_t *object)
{
	const json_t *list = json_object_get(object, "outages"), *one;
	size_t i;

	json_array_foreach (list, i, one) {
		buf_str(out, i > 0 ? ", " : "");
		put(out, one, "start");
		buf_char(out, '-');
		put(out, one, "end");
		buf_printf(out, " %dh",
		    (int)(json_real_value(json_object_get(one, "open_s")) /
			3600));
		if (json_is_true(json_object_get(one, "ongoing")))
			buf_char(out, '!');
		if (json_is_true(json_object_get(one, "clipped")))
			buf_str(out, " <");
		put_edge(out, one, "start_edge");
		put_edge(out, one, "end_edge");
	}
}

static void
check_example(const struct example *e)
{
	struct timeline_question question = { .store = "a",
		.rules = timeline_rules[e->rules] };
	struct timeline_desk *desk;
	struct buf out, told;
	char stamp[32];
	json_t *object;

	bring_polls(e);
	(void)snprintf(stamp, sizeof(stamp), "2023-01-%s:00", e->as_of);
	question.as_of_us = at(stamp);
	buf_init(&out, TEXT_MAX);
	buf_init(&told, TEXT_MAX);
	assert_int_equal(timeline_open(&desk, state_folder), ERR_NONE);
	assert_int_equal(timeline_ask(desk, &question, timeline_json, &out),
	    ERR_NONE);
	object = json_loads(buf_text(&out), 0, NULL);
	assert_non_null(object);
	put_outages(&told, object);
	check_text(e->name, buf_text(&told), e->told);
	json_decref(object);
	timeline_close(desk);
	buf_release(&out);
	buf_release(&told);
}

static void
test_examples(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(examples); i++) {
		assert_int_equal(data_set_up(NULL), 0);
		check_example(&examples[i]);
		assert_int_equal(data_tear_down(NULL), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
