/* The words that sentences are made of, without a store behind them. */
#include "work/timeline_words.h"

#include "core/share.h"
#include "core/stamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/check.h"
#include "../lib/instant.h"

#define S STAMP_S_US
#define TEXT_MAX ((size_t)4096)

static struct timeline timeline;
static struct buf out;

static int
set_up(void **state)
{
	(void)state;
	buf_init(&out, TEXT_MAX);
	timeline = (struct timeline){
		.schedule = { .zone = &new_york },
		.as_of_us = at("2026-11-02 12:00:00"),
	};
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	buf_release(&out);
	return 0;
}

#define with_words(test) \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)

/* A text with one value in it. */
static const char *
tell(const char *text, int64_t value)
{
	struct words w = words_begin(&timeline, &out);

	buf_reset(&out);
	words_tell(&w, text, value);
	return buf_text(&out);
}

static const struct {
	const char *text;
	int64_t value;
	const char *told;
} values[] = {
	{ "{length}", 0, "0 min" },
	{ "{length}", 1, "less than 1 s" },
	{ "{length}", S / 2 - 1, "less than 1 s" },
	/* Half a second is rounded away from zero. */
	{ "{length}", S / 2, "1 s" },
	{ "{length}", S, "1 s" },
	{ "{length}", 59 * S + S / 2 - 1, "59 s" },
	{ "{length}", 59 * S + S / 2, "1 min" },
	{ "{length}", 60 * S, "1 min" },
	{ "{length}", 61 * S, "1 min 1 s" },
	{ "{length}", 3600 * S - 1, "1 h" },
	{ "{length}", 3600 * S, "1 h" },
	{ "{length}", 3601 * S, "1 h 1 s" },
	{ "{length}", 168 * 3600 * S, "168 h" },
	{ "{length}", 45296 * S, "12 h 34 min 56 s" },
	{ "{age}", 48 * 3600 * S - S, "47 h 59 min 59 s" },
	{ "{age}", 48 * 3600 * S, "2 days" },
	{ "{age}", 72 * 3600 * S - 1, "2 days" },
	{ "{age}", 400 * STAMP_DAY_US, "400 days" },
	{ "{share}", 0, "0.00 %" },
	{ "{share}", 5, "0.05 %" },
	{ "{share}", 9999, "99.99 %" },
	{ "{share}", 10000, "100.00 %" },
	{ "{share}", SHARE_NONE, "none" },
	{ "{count}", 0, "0" },
	{ "{count}", 1000000, "1000000" },
	{ "{polls}", 0, "0 polls" },
	{ "{polls}", 1, "1 poll" },
	{ "{polls}", 2, "2 polls" },
	{ "{said}", 1, "active" },
	{ "{said}", 0, "inactive" },
	{ "a {count}.", 3, "a 3." },
};

static void
test_values(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(values); i++)
		check_text(values[i].told,
		    tell(values[i].text, values[i].value), values[i].told);
}

static const struct {
	const char *stamp;
	const char *text;
	const char *told;
} instants[] = {
	{ "2026-11-02 12:00:00", "{instant}", "Mon 2 Nov 07:00" },
	{ "2026-11-02 12:00:00", "{at}", "on Mon 2 Nov at 07:00" },
	/* Seconds are cut off, and told only where there are some. */
	{ "2026-11-02 12:00:00.999999", "{instant}", "Mon 2 Nov 07:00" },
	{ "2026-11-02 12:00:01", "{instant}", "Mon 2 Nov 07:00:01" },
	{ "2026-11-02 12:59:59.5", "{at}", "on Mon 2 Nov at 07:59:59" },
	/* The local date, and its year if that is another. */
	{ "2026-11-02 04:59:59", "{instant}", "Sun 1 Nov 23:59:59" },
	{ "2026-11-02 05:00:00", "{instant}", "Mon 2 Nov 00:00" },
	{ "2026-01-01 04:59:00", "{instant}", "Wed 31 Dec 2025 23:59" },
	{ "2026-01-01 05:00:00", "{instant}", "Thu 1 Jan 00:00" },
	/* The hour that comes twice, 01:00 to 02:00. */
	{ "2026-11-01 04:59:59", "{instant}", "Sun 1 Nov 00:59:59" },
	{ "2026-11-01 05:00:00", "{instant}",
	    "Sun 1 Nov 01:00 before the clock went back" },
	{ "2026-11-01 05:59:59.999999", "{at}",
	    "on Sun 1 Nov at 01:59:59 before the clock went back" },
	{ "2026-11-01 06:00:00", "{instant}",
	    "Sun 1 Nov 01:00 after the clock went back" },
	{ "2026-11-01 06:59:59.999999", "{instant}",
	    "Sun 1 Nov 01:59:59 after the clock went back" },
	{ "2026-11-01 07:00:00", "{instant}", "Sun 1 Nov 02:00" },
	/* One that does not come at all leaves no mark. */
	{ "2026-03-08 06:59:59", "{instant}", "Sun 8 Mar 01:59:59" },
	{ "2026-03-08 07:00:00", "{instant}", "Sun 8 Mar 03:00" },
};

static void
test_instants(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(instants); i++)
		check_text(instants[i].stamp,
		    tell(instants[i].text, at(instants[i].stamp)),
		    instants[i].told);
	check_text("date", tell("{date}", date("2026-02-28")), "Sat 28 Feb");
	check_text("date", tell("{date}", date("2024-02-29")),
	    "Thu 29 Feb 2024");
}

/* A date is named once, until another has been. */
static void
test_dates_named(void **state)
{
	struct words w = words_begin(&timeline, &out);
	int64_t monday = at("2026-11-02 15:00:00");

	(void)state;
	words_tell(&w, "{at}, {at}, {instant}, ", monday, monday + 60 * S,
	    monday + 120 * S);
	words_tell(&w, "{instant}, {at}; ", monday - STAMP_DAY_US, monday);
	words_text(&w, "{date} ");
	words_tell(&w, "{date} {instant}", date("2026-11-03"),
	    at("2026-11-03 15:00:00"));
	assert_string_equal(buf_text(&out),
	    "on Mon 2 Nov at 10:00, at 10:01, 10:02, "
	    "Sun 1 Nov 10:00, on Mon 2 Nov at 10:00; "
	    "{date} Tue 3 Nov 10:00");
	/* A new sentence begins anew. */
	w = words_begin(&timeline, &out);
	buf_reset(&out);
	words_tell(&w, "{instant}", monday);
	assert_string_equal(buf_text(&out), "Mon 2 Nov 10:00");
}

static void
test_hours(void **state)
{
	static const struct {
		struct schedule_hours hours;
		const char *told;
	} rows[] = {
		{ { 32400, 61200 }, "09:00-17:00" },
		{ { 32401, 61230 }, "09:00:01-17:00:30" },
		{ { 0, 86400 }, "00:00-24:00" },
		{ { 0, 0 }, "00:00-24:00" },
		{ { 39600, 86340 }, "11:00-24:00" },
		{ { 39600, 86339 }, "11:00-23:58:59" },
		{ { 79200, 7200 }, "22:00-02:00" },
	};
	struct words w = words_begin(&timeline, &out);
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		buf_reset(&out);
		words_hours(&w, &rows[i].hours);
		check_text(rows[i].told, buf_text(&out), rows[i].told);
	}
}

static void
test_no_evidence(void **state)
{
	struct words w = words_begin(&timeline, &out);

	(void)state;
	words_no_evidence(&w);
	assert_string_equal(buf_text(&out), "it has never been polled");
	timeline.reckoned.has_poll = true;
	buf_reset(&out);
	words_no_evidence(&w);
	assert_string_equal(buf_text(&out),
	    "none of its polls has ever fallen into its business hours");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		with_words(test_values),
		with_words(test_instants),
		with_words(test_dates_named),
		with_words(test_hours),
		with_words(test_no_evidence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
