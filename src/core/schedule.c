/*
 * Schedules.  One function visits the hours of one local date, whether they
 * come of a special date, a weekday or of having no hours at all; the rest
 * are sinks for what it finds.  Every wall-clock boundary is converted for its
 * own date, so nothing here knows how long a local day is.
 */
#include "core/schedule.h"

#include "core/civil.h"

#define LAST_MINUTE_S (23 * 3600 + 59 * 60)

/* An interval cannot end later than this many dates after its own. */
#define REACH_DAYS 2

int32_t
schedule_end_s(const struct schedule_hours *hours)
{
	int32_t end_s = hours->end_s >= LAST_MINUTE_S ? CIVIL_DAY_S
						      : hours->end_s;

	return end_s <= hours->start_s ? end_s + CIVIL_DAY_S : end_s;
}

size_t
schedule_bound(const struct schedule *s, size_t dates)
{
	size_t per_date = s->week_rows > 0 ? s->week_rows : 1;

	return per_date * dates + s->special_rows;
}

/* The interval that a row's hours are on a date.  Always true. */
static bool
put(const struct schedule *s, int32_t day, const struct schedule_hours *hours,
    struct interval *out)
{
	out->start_us = zone_instant_us(s->zone, day, hours->start_s);
	out->end_us = zone_instant_us(s->zone, day, schedule_end_s(hours));
	return true;
}

/* The first special row of a date or of a later one. */
static size_t
special_from(const struct schedule *s, int32_t day)
{
	size_t low = 0, high = s->special_rows;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (s->special[mid].date < day)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Visits the hours of one date, one after the other. */
struct day_cursor {
	const struct schedule *s;
	int32_t day;
	size_t next; /* row to look at next */
	bool special;
};

static void
day_begin(struct day_cursor *c, const struct schedule *s, int32_t day)
{
	c->s = s;
	c->day = day;
	c->next = special_from(s, day);
	c->special = c->next < s->special_rows &&
	    s->special[c->next].date == day;
	if (!c->special)
		c->next = 0;
}

static bool
day_next(struct day_cursor *c, struct interval *out)
{
	static const struct schedule_hours whole_day = { 0, CIVIL_DAY_S };
	const struct schedule *s = c->s;
	size_t i;

	if (!c->special && s->week_rows == 0)
		return c->next++ == 0 && put(s, c->day, &whole_day, out);
	while (c->special && c->next < s->special_rows &&
	    s->special[c->next].date == c->day) {
		i = c->next++;
		if (s->special[i].hours.start_s != SCHEDULE_CLOSED)
			return put(s, c->day, &s->special[i].hours, out);
	}
	while (!c->special && c->next < s->week_rows) {
		i = c->next++;
		if (s->week[i].weekday == civil_weekday(c->day))
			return put(s, c->day, &s->week[i].hours, out);
	}
	return false;
}

size_t
schedule_expand(const struct schedule *s, int32_t first_day, int32_t last_day,
    struct interval *out)
{
	struct day_cursor cursor;
	size_t n = 0;
	int32_t day;

	for (day = first_day; day <= last_day; day++) {
		day_begin(&cursor, s, day);
		while (day_next(&cursor, out + n))
			n++;
	}
	return interval_merge(out, n);
}

/*
 * The latest end of an interval that holds us, its start included and, if
 * closed, its end too; us itself if none does.  *found tells them apart.
 */
static int64_t
open_until(const struct schedule *s, int64_t us, bool closed, bool *found)
{
	int32_t day = zone_local_day(s->zone, us) - REACH_DAYS;
	int32_t last = day + REACH_DAYS + 1;
	struct day_cursor cursor;
	struct interval one;
	int64_t until = us;

	*found = false;
	for (; day <= last; day++) {
		day_begin(&cursor, s, day);
		while (day_next(&cursor, &one)) {
			if (one.end_us <= one.start_us || one.start_us > us ||
			    one.end_us < us || (one.end_us == us && !closed))
				continue;
			*found = true;
			if (one.end_us > until)
				until = one.end_us;
		}
	}
	return until;
}

bool
schedule_has(const struct schedule *s, int64_t us)
{
	bool found;

	(void)open_until(s, us, true, &found);
	return found;
}

bool
schedule_joins(const struct schedule *s, int64_t from_us, int64_t to_us)
{
	bool found = schedule_has(s, from_us);
	int64_t at = from_us;

	while (found && at < to_us)
		at = open_until(s, at, false, &found);
	return found;
}
