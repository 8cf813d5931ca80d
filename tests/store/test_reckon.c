/*
 * Reckoning a store as it lies in storage: days that are loaded, evidence
 * from before them, zones of the database.  What comes out must be what
 * src/core/ makes of all polls there ever were, loaded at once.
 */
#include "work/reckon.h"

#include "core/civil.h"
#include "sys/tzdb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/dice.h"
#include "data_fixture.h"

#define STORES 40
#define FIRST "2022-12-20"
#define SPAN_DAYS INT64_C(90) /* of the history */
#define SHIFTS 2000

/* Zones to draw from; NULL is none given. */
static const char *const zones[] = { "America/New_York", "Pacific/Apia",
	"Asia/Kolkata", "Europe/London", NULL };

/* Adds random hours, special dates, a zone and polls of a store. */
static void
random_store(struct dice *dice, int number, struct buf *out[DATASET__MAX])
{
	static const char *const times[] = { "09:00,17:00", "00:00,00:00",
		"18:00,02:00", "00:00,02:00", "11:00,23:59", "02:30,03:15" };
	const char *zone = zones[dice_between(dice, 0, COUNT(zones) - 1)];
	int64_t n = dice_one_in(dice, 4) ? 0 : dice_between(dice, 1, 9);
	int year, month, day;

	if (zone != NULL)
		buf_printf(out[DATASET_TIMEZONES], "s%02d,%s\n", number, zone);
	while (n-- > 0)
		buf_printf(out[DATASET_HOURS], "s%02d,%d,%s\n", number,
		    (int)dice_between(dice, 0, 6),
		    times[dice_between(dice, 0, 5)]);
	for (n = 0; n < 6; n++) {
		civil_date(date(FIRST) + (int32_t)n * 14 +
			(int32_t)dice_between(dice, 0, 13),
		    &year, &month, &day);
		buf_printf(out[DATASET_SPECIAL_HOURS],
		    "s%02d,%04d-%02d-%02d,%s\n", number, year, month, day,
		    dice_one_in(dice, 2) ? "," : times[n]);
	}
	/* From a poll in many days to several an hour. */
	n = dice_one_in(dice, 6) ? 0 : dice_between(dice, 1, 60);
	while (n-- > 0) {
		char stamp[STAMP_TEXT];
		int64_t us = at(FIRST " 00:00:00") +
		    dice_between(dice, 0, SPAN_DAYS * 24 * 60) * STAMP_MIN_US;

		/* Often at midnight, where a day and a shift may end. */
		if (dice_one_in(dice, 4))
			us -= us % STAMP_DAY_US;
		buf_printf(out[DATASET_POLLS], "s%02d,%s,%s\n", number,
		    dice_one_in(dice, 2) ? "active" : "inactive",
		    stamp_format(us, stamp));
	}
}

static void
fill(struct dice *dice)
{
	struct buf texts[DATASET__MAX], *out[DATASET__MAX];
	enum dataset d;
	int number;

	for (d = 0; d < DATASET__MAX; d++) {
		buf_init(&texts[d], TEXT_MAX);
		out[d] = &texts[d];
	}
	for (number = 0; number < STORES; number++)
		random_store(dice, number, out);
	for (d = 0; d < DATASET__MAX; d++) {
		bring(d, buf_text(&texts[d]));
		buf_release(&texts[d]);
	}
}

/* One as_of and set of rules, and what the stores must come out as. */
struct whole {
	struct tzdb *tzdb;
	struct reckoner *reckoner;
	int64_t as_of_us;
	struct uptime_rules rules;
	struct reckoned wanted[STORES];
	int known; /* stores that have any known time */
};

static int
number_of(const struct data_store *store)
{
	return (store->id[1] - '0') * 10 + store->id[2] - '0';
}

/* Reckons a store of which all polls are shown, by src/core/ alone. */
static enum err
want(void *ctx, const struct data_store *store)
{
	static struct interval shifts[SHIFTS];
	struct whole *w = ctx;
	struct reckoned *out = &w->wanted[number_of(store)];
	int32_t first = date(FIRST) - 30;
	int32_t last = (int32_t)(w->as_of_us / STAMP_DAY_US) + 3;
	struct zone zone;
	struct schedule s = { store->week, store->week_rows, store->special,
		store->special_rows, &zone };
	struct uptime_input in = { .as_of_us = w->as_of_us,
		.loaded_us = (first + 3) * STAMP_DAY_US,
		.rules = w->rules,
		.shifts = shifts,
		.polls = store->polls };

	assert_int_equal(tzdb_segments(w->tzdb,
			     store->zone != NULL ? store->zone : TZDB_DEFAULT,
			     (first - 9) * INT64_C(86400),
			     (last + 9) * INT64_C(86400), &zone),
	    ERR_NONE);
	assert_true(schedule_bound(&s, (size_t)(last - first + 1)) <= SHIFTS);
	in.shift_count = schedule_expand(&s, first, last, shifts);
	while (in.shift_count > 0 &&
	    shifts[in.shift_count - 1].start_us > w->as_of_us)
		in.shift_count--;
	while (in.poll_count < store->poll_count &&
	    store->polls[in.poll_count].at_us <= w->as_of_us)
		in.poll_count++;
	memset(out, 0, sizeof(*out));
	uptime_reckon(&in, &out->uptime);
	out->has_poll = in.poll_count > 0;
	if (out->has_poll)
		out->last_poll_us = in.polls[in.poll_count - 1].at_us;
	free((void *)(uintptr_t)zone.segments);
	return ERR_NONE;
}

static enum err
compare(void *ctx, const struct data_store *store)
{
	struct whole *w = ctx;
	const struct reckoned *wanted = &w->wanted[number_of(store)];
	const struct uptime *up = &wanted->uptime;
	struct reckoned got;

	assert_int_equal(reckoner_store(w->reckoner, store, &got), ERR_NONE);
	if (memcmp(got.uptime.window, up->window, sizeof(up->window)) != 0)
		fail_msg("%s as of %" PRId64 ": week up %" PRId64
			 " not %" PRId64 ", down %" PRId64 " not %" PRId64,
		    store->id, w->as_of_us, got.uptime.window[WINDOW_WEEK].up,
		    up->window[WINDOW_WEEK].up,
		    got.uptime.window[WINDOW_WEEK].down,
		    up->window[WINDOW_WEEK].down);
	check_number(store->id, got.uptime.outages, up->outages);
	check_number(store->id, got.uptime.longest_outage_us,
	    up->longest_outage_us);
	check_text(store->id, status_now_names[got.uptime.now],
	    status_now_names[up->now]);
	check_number(store->id, got.has_poll, wanted->has_poll);
	check_number(store->id, got.last_poll_us, wanted->last_poll_us);
	w->known += up->window[WINDOW_WEEK].up + up->window[WINDOW_WEEK].down >
	    0;
	return ERR_NONE;
}

/* All stores as of some instant, by some rules. */
static void
reckon_all(struct whole *w)
{
	int32_t first, last;
	char id[16];
	int i;

	assert_int_equal(data_read_begin(data), ERR_NONE);
	assert_int_equal(reckoner_new(data, w->tzdb, w->as_of_us, &w->rules,
			     &w->reckoner),
	    ERR_NONE);
	for (i = 0; i < STORES; i++) {
		(void)snprintf(id, sizeof(id), "s%02d", i);
		assert_int_equal(data_one(data, id, 0, 40000, want, w),
		    ERR_NONE);
	}
	reckoner_days(w->reckoner, &first, &last);
	assert_int_equal(data_scan(data, first, last, compare, w), ERR_NONE);
	reckoner_free(w->reckoner);
	data_read_end(data);
}

static void
test_random(void **state)
{
	static const int64_t reaches[] = { UPTIME_REACH_UNLIMITED,
		6 * STAMP_HOUR_US, 20 * STAMP_DAY_US };
	static struct whole w;
	struct dice dice = { 73 };
	int round;

	(void)state;
	assert_int_equal(tzdb_open(&w.tzdb), ERR_NONE);
	fill(&dice);
	for (round = 0; round < 80; round++) {
		w.as_of_us = at(FIRST " 00:00:00") +
		    dice_between(&dice, INT64_C(-7200),
			(SPAN_DAYS + 10) * 24 * 60) *
			STAMP_MIN_US;
		w.rules.interpolation = (enum interpolation)(round % 3);
		w.rules.reach_us = reaches[round / 3 % 3];
		reckon_all(&w);
	}
	assert_true(w.known > 80 * STORES / 3);
	tzdb_close(w.tzdb);
	reckoner_free(NULL);
}

/* Reckons the one store that there is. */
static enum err
reckon_one(void *ctx, const struct data_store *store)
{
	void **parts = ctx;

	return reckoner_store(parts[0], store, parts[1]);
}

static enum err
reckon(const char *as_of, int64_t reach_us, struct reckoned *out)
{
	struct uptime_rules rules = { INTERPOLATION_PREVIOUS, reach_us };
	struct reckoner *reckoner;
	int32_t first, last;
	void *parts[2];
	enum err err;

	assert_int_equal(data_read_begin(data), ERR_NONE);
	assert_int_equal(reckoner_new(data, NULL, at(as_of), &rules, &reckoner),
	    ERR_NONE);
	parts[0] = reckoner;
	parts[1] = out;
	reckoner_days(reckoner, &first, &last);
	err = data_scan(data, first, last, reckon_one, parts);
	reckoner_free(reckoner);
	data_read_end(data);
	return err;
}

/* The last evidence is weeks old, and counts as far as reach lets it. */
static void
test_past(void **state)
{
	struct reckoned one;

	(void)state;
	bring(DATASET_TIMEZONES, "a,Asia/Tokyo");
	bring(DATASET_HOURS, "a,0,09:00,12:00");
	/* Monday in Tokyo, and a later poll outside the hours. */
	bring(DATASET_POLLS,
	    "a,inactive,2023-01-02 01:00:00\na,active,2023-01-03 01:00:00");
	assert_int_equal(reckon("2023-02-01 00:00:00", UPTIME_REACH_UNLIMITED,
			     &one),
	    ERR_NONE);
	assert_int_equal(one.uptime.window[WINDOW_WEEK].down,
	    3 * STAMP_HOUR_US);
	assert_int_equal(one.last_poll_us, at("2023-01-03 01:00:00"));
	/* Monday the 30th at 11:00 in Tokyo is 28 d and an hour later. */
	assert_int_equal(reckon("2023-02-01 00:00:00", 673 * STAMP_HOUR_US,
			     &one),
	    ERR_NONE);
	assert_int_equal(one.uptime.window[WINDOW_WEEK].down,
	    2 * STAMP_HOUR_US);
	assert_int_equal(one.uptime.window[WINDOW_WEEK].unknown, STAMP_HOUR_US);
	/* Just before it: two hours of one Monday and one of the next. */
	assert_int_equal(reckon("2023-01-02 00:59:59.999999",
			     UPTIME_REACH_UNLIMITED, &one),
	    ERR_NONE);
	assert_false(one.has_poll);
	assert_int_equal(one.uptime.window[WINDOW_WEEK].unknown,
	    3 * STAMP_HOUR_US);
}

/* A zone that the database does not know any more. */
static void
test_lost_zone(void **state)
{
	struct reckoned one;

	(void)state;
	bring(DATASET_TIMEZONES, "a,Mars/Base");
	assert_int_equal(reckon("2023-02-01 00:00:00", UPTIME_REACH_UNLIMITED,
			     &one),
	    ERR_CORRUPT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		with_data(test_random),
		with_data(test_past),
		with_data(test_lost_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
