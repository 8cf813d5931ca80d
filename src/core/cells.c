/*
 * Segments are joined into runs of one status first, since most neighbours
 * are alike: a run is then spread over its cells, and only its two ends need
 * a division.  Local hours are cells of the same length whose row begins
 * elsewhere: with a constant offset, at a Monday's midnight of that clock; a
 * run is cut where the offset changes.
 */
#include "core/cells.h"

#include "core/stamp.h"

#include <string.h>

/* 1969-12-29, a Monday, three days before the epoch. */
#define MONDAY_US (-3 * STAMP_DAY_US)

void
cells_begin(struct cells *c, int64_t as_of_us, const struct zone *zone)
{
	memset(c, 0, sizeof(*c));
	c->from_us = as_of_us - uptime_window_us[WINDOW_WEEK];
	c->zone = zone;
}

/*
 * Spreads [start, end), not empty, over cells of an hour each, of which one
 * begins at origin, at or before the start, as the first of a row.
 */
static void
spread(int64_t start_us, int64_t end_us, int64_t origin_us, int64_t us[CELLS],
    struct cells_set *set)
{
	uint64_t hour = (uint64_t)(start_us - origin_us) /
	    (uint64_t)STAMP_HOUR_US;
	int64_t next_us = origin_us + ((int64_t)hour + 1) * STAMP_HOUR_US;
	size_t cell = hour % CELLS;

	for (;;) {
		set->word[cell / 64] |= UINT64_C(1) << cell % 64;
		if (next_us >= end_us)
			break;
		us[cell] += next_us - start_us;
		start_us = next_us;
		next_us += STAMP_HOUR_US;
		cell = cell + 1 < CELLS ? cell + 1 : 0;
	}
	us[cell] += end_us - start_us;
}

/* The same by the hours of the zone's clock. */
static void
spread_local(struct cells *c, int64_t start_us, int64_t end_us)
{
	const struct zone_segment *s = c->zone->segments;
	size_t i = 0, count = c->zone->count;

	while (i + 1 < count && s[i + 1].from_s * STAMP_S_US <= start_us)
		i++;
	while (start_us < end_us) {
		int64_t until_us = end_us;

		if (i + 1 < count && s[i + 1].from_s * STAMP_S_US < end_us)
			until_us = s[i + 1].from_s * STAMP_S_US;
		spread(start_us, until_us,
		    MONDAY_US - s[i].offset_s * STAMP_S_US, c->times.lost_us,
		    &c->marks.lost);
		start_us = until_us;
		i++;
	}
}

void
cells_end(struct cells *c)
{
	const struct segment *run = &c->run;

	if (run->start_us == run->end_us)
		return;
	spread(run->start_us, run->end_us, c->from_us,
	    c->times.status_us[run->status], &c->marks.status[run->status]);
	if (run->status == STATUS_DOWN)
		spread_local(c, run->start_us, run->end_us);
	c->run.end_us = c->run.start_us;
}

void
cells_visit(void *cells, const struct segment *s)
{
	struct cells *c = cells;

	if (c->run.end_us == s->start_us && c->run.status == s->status) {
		c->run.end_us = s->end_us;
		return;
	}
	cells_end(c);
	c->run = *s;
}

void
cells_add(struct cells_times *sum, const struct cells_times *one)
{
	int status;
	size_t i;

	for (status = 0; status < STATUS__MAX; status++)
		for (i = 0; i < CELLS; i++)
			sum->status_us[status][i] += one->status_us[status][i];
	for (i = 0; i < CELLS; i++)
		sum->lost_us[i] += one->lost_us[i];
}

bool
cells_has(const struct cells_set *set, size_t cell)
{
	return (set->word[cell / 64] >> cell % 64 & 1) != 0;
}
