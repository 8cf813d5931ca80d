/*
 * Random schedules against a slow model: an instant is open if some row of
 * some date near it says so.  Looks at every boundary and just beside it.
 */
#include "core/schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "../lib/check.h"
#include "../lib/dice.h"
#include "../lib/instant.h"

#define WEEK_MAX 10
#define SPECIAL_MAX 8
#define DATES 12
#define POINTS 4000

struct random_schedule {
	struct schedule s;
	struct schedule_week_row week[WEEK_MAX];
	struct schedule_special_row special[SPECIAL_MAX];
	int32_t first; /* of the dates that are looked at */
};

static int32_t
random_second(struct dice *dice, int32_t last)
{
	static const int32_t liked[] = { 0, 0, 3600, 7200, 9000, 10800, 36000,
		61200, 79200, 86339, 86340, 86399 };

	if (dice_one_in(dice, 3))
		return (int32_t)dice_between(dice, 0, last);
	return liked[dice_between(dice, 0, COUNT(liked) - 1)];
}

static struct schedule_hours
random_hours(struct dice *dice)
{
	struct schedule_hours hours = { random_second(dice, 86399),
		random_second(dice, 86400) };

	if (dice_one_in(dice, 10))
		hours.end_s = 86400;
	return hours;
}

static void
make(struct dice *dice, struct random_schedule *r)
{
	static const char *const around[] = { "2026-01-05", "2026-07-06",
		"2026-03-08", "2026-11-01", "2011-12-30" };
	int zone = (int)dice_between(dice, 0, 3);
	size_t n;
	int32_t day;

	r->first = date(zone == 3 ? around[4]
				  : around[dice_between(dice, 0, 3)]) -
	    DATES / 2;
	r->s = (struct schedule){ r->week, 0, r->special, 0,
		zone_by_number(zone) };
	n = (size_t)dice_between(dice, 0, WEEK_MAX);
	for (; r->s.week_rows < n; r->s.week_rows++) {
		r->week[r->s.week_rows].weekday = (int32_t)dice_between(dice, 0,
		    6);
		r->week[r->s.week_rows].hours = random_hours(dice);
	}
	n = (size_t)dice_between(dice, 0, SPECIAL_MAX);
	day = r->first - 2;
	for (; r->s.special_rows < n; r->s.special_rows++) {
		struct schedule_special_row
		    *row = &r->special[r->s.special_rows];

		day += (int32_t)dice_between(dice, 0, 3);
		row->date = day;
		row->hours = random_hours(dice);
		if (dice_one_in(dice, 3)) {
			row->hours.start_s = SCHEDULE_CLOSED;
			row->hours.end_s = 0;
		}
	}
}

/* The instant of a local second, by trying each segment. */
static int64_t
model_instant(const struct zone *z, int64_t local_s)
{
	const struct zone_segment *g = z->segments;
	size_t i;

	for (i = 0; i < z->count; i++) {
		int64_t at_s = local_s - g[i].offset_s;

		if ((i == 0 || at_s >= g[i].from_s) &&
		    (i + 1 == z->count || at_s < g[i + 1].from_s))
			return at_s * STAMP_S_US;
	}
	for (i = 1; i < z->count; i++)
		if (local_s >= g[i].from_s + g[i - 1].offset_s &&
		    local_s < g[i].from_s + g[i].offset_s)
			return (local_s - g[i - 1].offset_s) * STAMP_S_US;
	fail_msg("no instant");
	return 0;
}

/* The number-th interval of a date; false if it has not so many. */
static bool
model_interval(const struct schedule *s, int32_t day, size_t number,
    struct interval *out)
{
	const struct schedule_hours whole = { 0, 86400 };
	struct schedule_hours rows[WEEK_MAX + SPECIAL_MAX];
	size_t n = 0, i;
	bool special = false;
	int64_t end_s;

	for (i = 0; i < s->special_rows; i++) {
		if (s->special[i].date != day)
			continue;
		special = true;
		if (s->special[i].hours.start_s != SCHEDULE_CLOSED)
			rows[n++] = s->special[i].hours;
	}
	if (!special && s->week_rows == 0)
		rows[n++] = whole;
	/* Day 4 of 1970 was a Monday. */
	for (i = 0; !special && i < s->week_rows; i++)
		if (s->week[i].weekday == ((day - 4) % 7 + 7) % 7)
			rows[n++] = s->week[i].hours;
	if (number >= n)
		return false;
	end_s = rows[number].end_s;
	if (end_s >= 23 * 3600 + 59 * 60)
		end_s = 86400;
	if (end_s <= rows[number].start_s)
		end_s += 86400;
	out->start_us = model_instant(s->zone,
	    (int64_t)day * 86400 + rows[number].start_s);
	out->end_us = model_instant(s->zone, (int64_t)day * 86400 + end_s);
	return true;
}

/* Is it open at us?  Rows of the dates first to last count. */
static bool
model_open(const struct random_schedule *r, const int32_t dates[2], int64_t us,
    bool closed)
{
	struct interval one;
	int32_t day;
	size_t i;

	for (day = dates[0]; day <= dates[1]; day++)
		for (i = 0; model_interval(&r->s, day, i, &one); i++)
			if (one.start_us < one.end_us && us >= one.start_us &&
			    (us < one.end_us || (closed && us == one.end_us)))
				return true;
	return false;
}

/* All boundaries of the dates, each with the instants beside it. */
static size_t
model_points(const struct random_schedule *r, const int32_t dates[2],
    int64_t *points)
{
	struct interval one;
	size_t i, n = 0;
	int32_t day;
	int64_t step;

	for (day = dates[0]; day <= dates[1]; day++) {
		for (i = 0; model_interval(&r->s, day, i, &one); i++) {
			for (step = -1; step <= 1; step++) {
				assert_true(n + 2 <= POINTS);
				points[n++] = one.start_us + step;
				points[n++] = one.end_us + step;
			}
		}
	}
	return n;
}

static bool
holds(const struct interval *list, size_t n, int64_t us)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (us >= list[i].start_us && us < list[i].end_us)
			return true;
	return false;
}

static void
test_expand(void **state)
{
	static int64_t points[POINTS];
	struct dice dice = { 17 };
	int round;

	(void)state;
	for (round = 0; round < 60000; round++) {
		struct random_schedule r;
		struct interval *out;
		int32_t dates[2];
		size_t i, n, count, bound;

		make(&dice, &r);
		dates[0] = r.first + (int32_t)dice_between(&dice, 0, 4);
		dates[1] = dates[0] + (int32_t)dice_between(&dice, 0, 4);
		bound = schedule_bound(&r.s, (size_t)(dates[1] - dates[0]) + 1);
		out = malloc((bound + 1) * sizeof(*out));
		assert_non_null(out);
		n = schedule_expand(&r.s, dates[0], dates[1], out);
		assert_true(n <= bound);
		for (i = 0; i < n; i++)
			assert_true(out[i].start_us < out[i].end_us &&
			    (i == 0 || out[i - 1].end_us < out[i].start_us));
		count = model_points(&r, dates, points);
		for (i = 0; i < count; i++)
			assert_int_equal(holds(out, n, points[i]),
			    model_open(&r, dates, points[i], false));
		free(out);
	}
}

/* Whether it is open from a to b, by every boundary in between. */
static bool
model_joins(const struct random_schedule *r, const int32_t dates[2],
    const int64_t *points, size_t count)
{
	int64_t a = points[0], b = points[1];
	size_t i;

	if (a == b)
		return model_open(r, dates, a, true);
	if (!model_open(r, dates, a, false))
		return false;
	for (i = 2; i < count; i++)
		if (points[i] > a && points[i] < b &&
		    !model_open(r, dates, points[i], false))
			return false;
	return true;
}

static void
test_has_and_joins(void **state)
{
	static int64_t points[POINTS];
	struct dice dice = { 19 };
	int round, i;

	(void)state;
	for (round = 0; round < 6000; round++) {
		struct random_schedule r;
		int32_t dates[2];
		size_t count;

		make(&dice, &r);
		/* The rows of these dates decide in the middle of them. */
		dates[0] = r.first - 4;
		dates[1] = r.first + DATES + 4;
		count = 2 + model_points(&r, dates, points + 2);
		for (i = 0; i < 30 && count > 2; i++) {
			int64_t *pair = points;
			int64_t from = (int64_t)r.first * STAMP_DAY_US;
			int64_t to = from + DATES * STAMP_DAY_US;

			pair[0] = points[dice_between(&dice, 2,
			    (int64_t)count - 1)];
			pair[1] = points[dice_between(&dice, 2,
			    (int64_t)count - 1)];
			if (pair[0] < from || pair[1] > to || pair[0] > pair[1])
				continue;
			assert_int_equal(schedule_has(&r.s, pair[0]),
			    model_open(&r, dates, pair[0], true));
			assert_int_equal(schedule_joins(&r.s, pair[0], pair[1]),
			    model_joins(&r, dates, points, count));
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_expand),
		cmocka_unit_test(test_has_and_joins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
