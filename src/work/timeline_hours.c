/*
 * What the figures stand on that is not polls: business hours, the clock by
 * which they are read, and the rules.
 */
#include "work/timeline_explain.h"

#include "core/civil.h"
#include "core/stamp.h"
#include "work/report.h"

static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri",
	"Sat", "Sun" };

/* The rows of a weekday or a date, whichever row() is for, or "closed". */
static void
tell_rows(struct words *w,
    bool (*row)(const struct schedule *s, int32_t which, size_t number,
	struct schedule_hours *out),
    int32_t which)
{
	const struct schedule *s = &w->t->schedule;
	struct schedule_hours h;
	size_t n;

	for (n = 0; row(s, which, n, &h); n++) {
		words_text(w, n > 0 ? " and " : "");
		words_hours(w, &h);
	}
	if (n == 0)
		words_text(w, "closed");
}

void
timeline_hours_value(struct words *w, enum window window)
{
	const struct timeline *t = w->t;
	int32_t today = zone_local_day(t->schedule.zone, t->as_of_us);

	(void)window;
	if (timeline_source(&t->schedule, today) == TIMELINE_DEFAULT) {
		words_text(w, "always open");
		return;
	}
	words_text(w, "today ");
	tell_rows(w, timeline_date_row, today);
	if (timeline_source(&t->schedule, today) == TIMELINE_SPECIAL)
		words_text(w, " (special hours)");
}

/* True if two weekdays have the same rows. */
static bool
same_rows(const struct schedule *s, int a, int b)
{
	struct schedule_hours x, y;
	size_t n = 0;

	while (timeline_weekday_row(s, a, n, &x)) {
		if (!timeline_weekday_row(s, b, n, &y) ||
		    x.start_s != y.start_s || x.end_s != y.end_s)
			return false;
		n++;
	}
	return !timeline_weekday_row(s, b, n, &y);
}

/* "Mon-Fri 09:00-17:00, Sat and Sun closed". */
static void
tell_week(struct words *w)
{
	const struct schedule *s = &w->t->schedule;
	int first, last;

	for (first = 0; first < 7; first = last + 1) {
		last = first;
		while (last < 6 && same_rows(s, first, last + 1))
			last++;
		words_text(w, first > 0 ? ", " : "");
		words_text(w,
		    last - first == 6 ? "every day" : weekdays[first]);
		if (last > first && last - first < 6)
			buf_printf(w->out, "-%s", weekdays[last]);
		words_text(w, " ");
		tell_rows(w, timeline_weekday_row, first);
	}
}

/* The dates among those shown that have hours of their own. */
static void
tell_special(struct words *w)
{
	const struct timeline *t = w->t;
	const char *comma = "; special hours hold instead on ";
	size_t i;

	for (i = 0; i < t->date_count; i++) {
		int32_t day = t->dates[i].day;

		if (timeline_source(&t->schedule, day) != TIMELINE_SPECIAL)
			continue;
		words_text(w, comma);
		words_tell(w, "{date} (", day);
		tell_rows(w, timeline_date_row, day);
		words_text(w, ")");
		comma = ", ";
	}
}

void
timeline_hours_text(struct words *w, enum window window)
{
	(void)window;
	if (w->t->schedule.week_rows == 0) {
		words_text(w,
		    "No hours were given for this store, and a store "
		    "without hours counts as always open");
	} else {
		words_text(w, "The weekly hours are ");
		tell_week(w);
	}
	tell_special(w);
	words_text(w, ".");
}

void
timeline_zone_value(struct words *w, enum window window)
{
	(void)window;
	words_text(w, w->t->zone);
	words_text(w, w->t->store->zone != NULL ? "" : " (assumed)");
}

void
timeline_zone_text(struct words *w, enum window window)
{
	const struct timeline *t = w->t;
	int64_t offset_us = zone_offset_s(t->schedule.zone, t->as_of_us) *
	    STAMP_S_US;

	(void)window;
	words_text(w,
	    t->store->zone != NULL
		? "The store's hours, and all times in these sentences, are "
		  "those of the clock in "
		: "No time zone was given for this store: its hours, and all "
		  "times in these sentences, are taken for those of the clock "
		  "in ");
	words_text(w, t->zone);
	if (t->store->zone == NULL)
		words_text(w, ", and if that is wrong, so are the figures");
	if (offset_us < 0)
		words_tell(w, "; it is {length} behind UTC now.", -offset_us);
	else if (offset_us > 0)
		words_tell(w, "; it is {length} ahead of UTC now.", offset_us);
	else
		words_text(w, "; it shows UTC now.");
}

/* --- changes of the clock ------------------------------------------------ */

/* The date in whose length a change shows; NULL for one of other days. */
static const struct timeline_date *
date_of(const struct timeline *t, const struct zone_segment *change)
{
	int64_t us = change->from_s * STAMP_S_US;
	size_t i;

	for (i = 0; i < t->date_count; i++)
		if (t->dates[i].start_us <= us && us < t->dates[i].end_us)
			return &t->dates[i];
	return NULL;
}

/* How much a change moves the clock forward. */
static int64_t
moved_us(const struct zone_segment *change)
{
	return (change->offset_s - change[-1].offset_s) * STAMP_S_US;
}

static void
tell_move(struct words *w, int64_t by_us)
{
	if (by_us > 0)
		words_tell(w, "forward by {length}", by_us);
	else
		words_tell(w, "back by {length}", -by_us);
}

void
timeline_clock_value(struct words *w, enum window window)
{
	const struct zone *zone = w->t->schedule.zone;
	const char *comma = "";
	size_t i;

	(void)window;
	for (i = 1; i < zone->count; i++) {
		if (date_of(w->t, &zone->segments[i]) == NULL)
			continue;
		words_text(w, comma);
		tell_move(w, moved_us(&zone->segments[i]));
		comma = ", ";
	}
}

void
timeline_clock_text(struct words *w, enum window window)
{
	const struct zone *zone = w->t->schedule.zone;
	const char *comma = "On ";
	size_t i;

	(void)window;
	for (i = 1; i < zone->count; i++) {
		const struct zone_segment *change = &zone->segments[i];
		const struct timeline_date *d = date_of(w->t, change);

		if (d == NULL)
			continue;
		words_text(w, comma);
		words_tell(w, "{date} the clock went ", d->day);
		tell_move(w, moved_us(change));
		words_tell(w,
		    ", so that this day has {length} and a shift over it is "
		    "that much ",
		    d->end_us - d->start_us);
		words_text(w, moved_us(change) > 0 ? "shorter" : "longer");
		comma = "; on ";
	}
	if (comma[0] == ';')
		words_text(w, ".");
}

/* --- rules --------------------------------------------------------------- */

void
timeline_rules_value(struct words *w, enum window window)
{
	char reach[32];

	(void)window;
	words_text(w, interpolation_names[w->t->rules.interpolation]);
	words_text(w, ", reach ");
	words_text(w, report_format_reach(w->t->rules.reach_us, reach));
}

void
timeline_rules_text(struct words *w, enum window window)
{
	static const char *const which[INTERPOLATION__MAX] = {
		[INTERPOLATION_PREVIOUS] = "earlier",
		[INTERPOLATION_NEXT] = "later",
		[INTERPOLATION_NEAREST] = "nearer",
	};
	const struct uptime_rules *rules = &w->t->rules;

	(void)window;
	words_text(w, "Between two polls of one shift the ");
	words_text(w, which[rules->interpolation]);
	words_text(w,
	    " one counts, before its first and after its last poll these, and "
	    "in a shift without any the last one before it");
	if (rules->reach_us == UPTIME_REACH_UNLIMITED)
		words_text(w, ", however long ago that was.");
	else
		words_tell(w,
		    "; but no poll counts for more than {length}, and what is "
		    "further away is unknown.",
		    rules->reach_us);
}
