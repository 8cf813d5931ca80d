/*
 * Business hours: from weekly rows and special dates of a wall clock to
 * shifts of UTC.  The rules are those of docs/SEMANTICS.md, "Business time".
 */
#ifndef CORE_SCHEDULE_H
#define CORE_SCHEDULE_H

#include "core/interval.h"
#include "core/zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCHEDULE_CLOSED (-1) /* start_s of a special row: closed all day */

/* Seconds of the wall clock since midnight, as the files have them. */
struct schedule_hours {
	int32_t start_s; /* 0 to 86,399 */
	int32_t end_s;   /* 0 to 86,400 */
};

struct schedule_week_row {
	int32_t weekday; /* 0 = Monday to 6 */
	struct schedule_hours hours;
};

struct schedule_special_row {
	int32_t date; /* days since 1970-01-01, local */
	struct schedule_hours hours;
};

/*
 * What a store has.  No weekly rows at all: always open, but for its special
 * dates.  Special rows are in order of date.  Both arrays are the caller's.
 */
struct schedule {
	const struct schedule_week_row *week;
	size_t week_rows;
	const struct schedule_special_row *special;
	size_t special_rows;
	const struct zone *zone;
};

/*
 * Where a row's hours end, in seconds after midnight of the date on which
 * they start: rules 1 (23:59:00 and later is midnight) and 2 (an end at or
 * before the start is on the next date).  0 to 172,800.
 */
int32_t schedule_end_s(const struct schedule_hours *hours);

/* How many intervals schedule_expand() may need for so many dates. */
size_t schedule_bound(const struct schedule *s, size_t dates);

/*
 * Writes the shifts that come of the local dates first_day to last_day, both
 * included, merged and in order, to out, which has room for
 * schedule_bound(s, last_day - first_day + 1) of them.  Returns how many.
 * Shifts at either edge may go on in dates not asked for.
 */
size_t schedule_expand(const struct schedule *s, int32_t first_day,
    int32_t last_day, struct interval *out);

/*
 * True if the instant lies in a shift, both its ends included: a poll then
 * is evidence.  Looks only at the dates around it.
 */
bool schedule_has(const struct schedule *s, int64_t us);

/*
 * True if the store is open without a break from from_us to to_us.  Walks
 * date by date; keeps nothing.
 */
bool schedule_joins(const struct schedule *s, int64_t from_us, int64_t to_us);

#endif
