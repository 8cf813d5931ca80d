/*
 * The week in hours: examples by hand, and random weeks against a model that
 * cuts time at every quarter of an hour and asks the clock in between.
 */
#include "core/cells.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/instant.h"
#include "uptime_history.h"

#define QUARTER_US (15 * STAMP_MIN_US)

/* Offsets that are not of whole hours; Lord Howe's summer is of half of one. */
static const struct zone_segment kolkata_segments[] = { { 0, 19800 } };
static const struct zone_segment kathmandu_segments[] = { { 0, 20700 } };
static const struct zone_segment lord_howe_segments[] = {
	{ 1759591800, 39600 }, /* 2025-10-04 15:30 UTC */
	{ 1775314800, 37800 }, /* 2026-04-04 15:00 UTC */
	{ 1791041400, 39600 }, /* 2026-10-03 15:30 UTC */
};
static const struct zone kolkata = { kolkata_segments, 1 };
static const struct zone kathmandu = { kathmandu_segments, 1 };
static const struct zone lord_howe = { lord_howe_segments, 3 };

static const struct zone *const zones[] = { &utc, &phoenix, &new_york, &apia,
	&kolkata, &kathmandu, &lord_howe };

static size_t
of_day(int day, size_t hour)
{
	return (size_t)day * CELLS_OF_A_DAY + hour;
}

/* One stretch of down time, and what it takes of two local hours. */
static const struct {
	const char *name;
	const struct zone *zone;
	const char *from;
	const char *to;
	size_t cell[2];
	int64_t lost_s[2];
} stretches[] = {
	{ "within an hour", &utc, "2026-07-06 09:10:00", "2026-07-06 09:20:00",
	    { 9, 10 }, { 600, 0 } },
	{ "to the end of one", &utc, "2026-07-06 09:10:00",
	    "2026-07-06 10:00:00", { 9, 10 }, { 3000, 0 } },
	{ "over the end of one", &utc, "2026-07-06 09:59:59",
	    "2026-07-06 10:00:01", { 9, 10 }, { 1, 1 } },
	{ "from Sunday to Monday", &utc, "2026-07-05 23:30:00",
	    "2026-07-06 00:10:00", { 167, 0 }, { 1800, 600 } },
	{ "west", &phoenix, "2026-07-06 06:50:00", "2026-07-06 07:20:00",
	    { 167, 0 }, { 600, 1200 } },
	{ "half an hour off", &kolkata, "2026-07-05 18:20:00",
	    "2026-07-05 18:40:00", { 167, 0 }, { 600, 600 } },
	{ "three quarters off", &kathmandu, "2026-07-06 01:00:00",
	    "2026-07-06 01:30:00", { 6, 7 }, { 900, 900 } },
	/* Sunday 01:59:59 is followed by 03:00:00. */
	{ "a skipped hour", &new_york, "2026-03-08 06:50:00",
	    "2026-03-08 07:20:00", { 6 * 24 + 1, 6 * 24 + 3 }, { 600, 1200 } },
	{ "an hour that comes twice", &new_york, "2026-11-01 05:00:00",
	    "2026-11-01 07:00:00", { 6 * 24 + 1, 6 * 24 + 2 }, { 7200, 0 } },
	/* 02:00 back to 01:30: its second half comes twice. */
	{ "half an hour that comes twice", &lord_howe, "2026-04-04 14:00:00",
	    "2026-04-04 15:45:00", { 6 * 24 + 1, 6 * 24 + 2 }, { 5400, 900 } },
	/* Thursday the 29th is followed by Saturday the 31st. */
	{ "a skipped day", &apia, "2011-12-30 09:30:00", "2011-12-30 10:30:00",
	    { 3 * 24 + 23, 5 * 24 }, { 1800, 1800 } },
};

static void
test_stretches(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(stretches); i++) {
		struct segment down = { at(stretches[i].from),
			at(stretches[i].to), STATUS_DOWN, false, 0 };
		struct cells c;
		int64_t sum_us = 0;

		cells_begin(&c, down.end_us, stretches[i].zone);
		cells_visit(&c, &down);
		cells_end(&c);
		for (k = 0; k < CELLS; k++)
			sum_us += c.times.lost_us[k];
		check_number(stretches[i].name, sum_us,
		    down.end_us - down.start_us);
		for (k = 0; k < 2; k++) {
			size_t cell = stretches[i].cell[k];

			check_number(stretches[i].name, c.times.lost_us[cell],
			    stretches[i].lost_s[k] * STAMP_S_US);
			check_number(stretches[i].name,
			    cells_has(&c.marks.lost, cell),
			    stretches[i].lost_s[k] > 0);
		}
		/* Up to as_of, so in the last cell of the strip. */
		check_true(stretches[i].name,
		    c.times.status_us[STATUS_DOWN][CELLS - 1] > 0);
	}
}

/* Neighbours that touch are one run; the first and the last cell are filled. */
static void
test_strip(void **state)
{
	int64_t as_of_us = at("2026-07-06 09:30:00.000001");
	int64_t from_us = as_of_us - 168 * STAMP_HOUR_US;
	const struct segment list[] = {
		{ from_us, from_us + 1, STATUS_UP, false, 0 },
		{ from_us + 1, from_us + STAMP_HOUR_US, STATUS_UP, true, 0 },
		{ from_us + STAMP_HOUR_US, from_us + STAMP_HOUR_US + 7,
		    STATUS_UNKNOWN, false, 0 },
		{ as_of_us - STAMP_HOUR_US - 1, as_of_us, STATUS_DOWN, false,
		    0 },
	};
	struct cells c;
	size_t i;

	(void)state;
	cells_begin(&c, as_of_us, &utc);
	for (i = 0; i < COUNT(list); i++)
		cells_visit(&c, &list[i]);
	cells_end(&c);
	assert_int_equal(c.times.status_us[STATUS_UP][0], STAMP_HOUR_US);
	assert_int_equal(c.times.status_us[STATUS_UP][1], 0);
	assert_int_equal(c.times.status_us[STATUS_UNKNOWN][1], 7);
	assert_int_equal(c.times.status_us[STATUS_DOWN][166], 1);
	assert_int_equal(c.times.status_us[STATUS_DOWN][167], STAMP_HOUR_US);
	assert_int_equal(c.marks.status[STATUS_UP].word[0], 1);
	assert_int_equal(c.marks.status[STATUS_UNKNOWN].word[0], 2);
	assert_int_equal(c.marks.status[STATUS_DOWN].word[2], 3ULL << 38);
	/* Monday 08:30:00 to 09:30:00, and a microsecond on either side. */
	assert_int_equal(c.times.lost_us[of_day(0, 8)], 30 * STAMP_MIN_US);
	assert_int_equal(c.times.lost_us[of_day(0, 9)], 30 * STAMP_MIN_US + 1);
}

/* What the cells should be, and how far the walk has come. */
struct model {
	int64_t from_us;
	const struct zone *zone;
	struct cells_times times;
};

/* Counts a piece within which neither clock comes to a new hour. */
static void
model_piece(struct model *m, enum status status, int64_t start_us,
    int64_t end_us)
{
	int64_t local_us = start_us +
	    zone_offset_s(m->zone, start_us) * STAMP_S_US;
	int64_t hour = civil_floor_div(local_us, STAMP_HOUR_US);
	int32_t day = zone_local_day(m->zone, start_us);
	size_t cell = of_day(civil_weekday(day), (size_t)(hour - 24 * day));

	m->times.status_us[status][(start_us - m->from_us) /
	    STAMP_HOUR_US] += end_us - start_us;
	if (status == STATUS_DOWN)
		m->times.lost_us[cell] += end_us - start_us;
}

static void
model_visit(void *ctx, const struct segment *s)
{
	struct model *m = ctx;
	int64_t at_us = s->start_us;

	while (at_us < s->end_us) {
		int64_t quarter_us = at_us - at_us % QUARTER_US + QUARTER_US;
		int64_t past_us = (at_us - m->from_us) % STAMP_HOUR_US;
		int64_t next_us = at_us - past_us + STAMP_HOUR_US;

		if (next_us > quarter_us)
			next_us = quarter_us;
		if (next_us > s->end_us)
			next_us = s->end_us;
		model_piece(m, s->status, at_us, next_us);
		at_us = next_us;
	}
}

static void
assert_marks(const struct cells_set *set, const int64_t us[CELLS])
{
	size_t i;

	for (i = 0; i < CELLS; i++)
		assert_int_equal(cells_has(set, i), us[i] > 0);
	assert_int_equal(set->word[2] >> (CELLS - 128), 0);
}

/* Moves a week to another as_of, so that the zones' changes come into it. */
static void
move(struct given *g, int64_t by_us)
{
	size_t i;

	g->in.as_of_us += by_us;
	g->in.loaded_us += by_us;
	for (i = 0; i < g->in.shift_count; i++) {
		g->shifts[i].start_us += by_us;
		g->shifts[i].end_us += by_us;
	}
	for (i = 0; i < g->in.poll_count; i++)
		g->polls[i].at_us += by_us;
	g->past.at_us += by_us;
}

static void
compare(const struct given *g, const struct zone *zone)
{
	struct model m = { g->in.as_of_us - uptime_window_us[WINDOW_WEEK], zone,
		{ { { 0 } }, { 0 } } };
	struct cells_times sum;
	struct uptime plain, walked;
	struct cells c;
	int s;

	uptime_walk(&g->in, m.from_us, model_visit, &m);
	cells_begin(&c, g->in.as_of_us, zone);
	uptime_reckon_walk(&g->in, cells_visit, &c, &walked);
	cells_end(&c);
	assert_memory_equal(&c.times, &m.times, sizeof(m.times));
	for (s = 0; s < STATUS__MAX; s++)
		assert_marks(&c.marks.status[s], c.times.status_us[s]);
	assert_marks(&c.marks.lost, c.times.lost_us);
	uptime_reckon(&g->in, &plain);
	assert_memory_equal(&plain, &walked, sizeof(plain));
	sum = c.times;
	cells_add(&sum, &m.times);
	for (s = 0; s < CELLS; s++) {
		assert_int_equal(sum.lost_us[s], 2 * c.times.lost_us[s]);
		assert_int_equal(sum.status_us[STATUS_UP][s],
		    2 * c.times.status_us[STATUS_UP][s]);
	}
}

static void
test_model(void **state)
{
	static const char *const as_ofs[] = { "2026-03-09 04:00:00",
		"2026-11-02 13:00:00.123456", "2026-04-06 00:45:00.000001",
		"2011-12-31 10:29:59.999999", "2026-07-06 09:00:00" };
	struct dice dice = { 29 };
	int round;
	size_t i;

	(void)state;
	for (round = 0; round < 200; round++) {
		struct history h;
		struct given g;

		make(&dice, &h);
		h.interpolation = (enum interpolation)dice_between(&dice, 0,
		    INTERPOLATION__MAX - 1);
		h.reach = dice_one_in(&dice, 3) ? dice_between(&dice, 0, 60)
						: -1;
		give(&dice, &h, &g);
		for (i = 0; i < COUNT(as_ofs) * COUNT(zones); i++) {
			move(&g, at(as_ofs[i / COUNT(zones)]) - g.in.as_of_us);
			compare(&g, zones[i % COUNT(zones)]);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stretches),
		cmocka_unit_test(test_strip),
		cmocka_unit_test(test_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
