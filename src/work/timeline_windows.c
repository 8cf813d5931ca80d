/*
 * How the time of a window was judged: by the stretches that were down if
 * there are few, by the longest of them if there are many, by the polls if all
 * of it is alike.
 */
#include "work/timeline_explain.h"
#include "work/timeline_stretch.h"

#include "work/counters.h"

#define TOLD 2 /* stretches that are told one by one */

void
timeline_window_value(struct words *w, enum window window)
{
	const struct counters *c = &w->t->reckoned.uptime.window[window];

	if (counters_business(c) == 0) {
		words_text(w, "closed");
		return;
	}
	words_tell(w, "up {length}, down {length}", c->up, c->down);
	if (c->unknown > 0)
		words_tell(w, ", unknown {length}", c->unknown);
}

static int64_t
begin_of(const struct timeline *t, enum window window)
{
	return t->as_of_us - uptime_window_us[window];
}

/* The stretches of one status in a window. */
struct stretches {
	size_t count;
	struct stretch told[TOLD]; /* the first of them */
	struct stretch longest;
};

static struct stretches
find_stretches(const struct timeline *t, enum window window, enum status status)
{
	struct stretches found = { .count = 0 };
	struct stretch s;
	size_t i = 0;

	while (stretch_next(t, &i, &s)) {
		if (s.status != status || s.end_us <= begin_of(t, window))
			continue;
		if (found.count < TOLD)
			found.told[found.count] = s;
		if (found.count++ == 0 ||
		    s.end_us - s.start_us >
			found.longest.end_us - found.longest.start_us)
			found.longest = s;
	}
	return found;
}

/*
 * All the window's open time has one status, in several shifts.  Of polls
 * that say otherwise none decides any time: such a one lies at an end of a
 * shift or of the window.
 */
static void
tell_alike(struct words *w, const struct stretch *first)
{
	const struct timeline *t = w->t;
	bool up = first->status == STATUS_UP;
	size_t i = timeline_polls_before(t, first->first_poll_us);
	int64_t alike = !timeline_has_poll(t, i, first->first_poll_us);
	int64_t others = 0;

	for (; i < t->poll_count; i++) {
		alike += t->polls[i].in_hours && t->polls[i].up == up;
		others += t->polls[i].in_hours && t->polls[i].up != up;
	}
	if (alike == 1)
		words_tell(w, "the one poll that counts for it, {at}, ",
		    first->first_poll_us);
	else
		words_tell(w,
		    "all {polls} that count for it, from {instant} on, ", alike,
		    first->first_poll_us);
	words_tell(w, "said {said}", up);
	if (others > 0)
		words_tell(w, ", and by {count} more no time is judged",
		    others);
}

static void
tell_stretches(struct words *w, enum window window, enum status status)
{
	struct stretches s = find_stretches(w->t, window, status);
	size_t i;

	if (s.count > TOLD) {
		words_tell(w,
		    ", in {count} stretches, the longest from {instant} to "
		    "{instant}: ",
		    (int64_t)s.count, s.longest.start_us, s.longest.end_us);
		stretch_explain(w, &s.longest);
		return;
	}
	words_text(w, ": ");
	for (i = 0; i < s.count; i++) {
		words_text(w, i > 0 ? "; " : "");
		stretch_explain(w, &s.told[i]);
	}
}

/* The window's open time is all up or all down. */
static void
tell_whole(struct words *w, enum window window, const struct counters *c)
{
	struct stretches s = find_stretches(w->t, window,
	    c->down > 0 ? STATUS_DOWN : STATUS_UP);

	words_text(w, c->down > 0 ? "Down" : "Up");
	words_tell(w,
	    " for all of the {length} it was open: ", counters_business(c));
	if (s.count > 1)
		tell_alike(w, &s.told[0]);
	else
		stretch_explain(w, &s.told[0]);
}

static void
tell_parts(struct words *w, enum window window, const struct counters *c)
{
	bool down = c->down > 0;

	words_text(w, down ? "Down" : "Up");
	words_tell(w, " for {length} of the {length} it was open",
	    down ? c->down : c->up, counters_business(c));
	tell_stretches(w, window, down ? STATUS_DOWN : STATUS_UP);
}

/* How much of the known time was seen rather than filled in. */
static void
tell_observed(struct words *w, const struct counters *c)
{
	int64_t known = c->up + c->down;
	int64_t observed = c->observed_up + c->observed_down;

	if (known == 0)
		return;
	if (observed == 0)
		words_text(w, "; all of this is filled in");
	else if (observed == known)
		words_text(w, "; all of this is observed");
	else
		words_tell(w,
		    "; {length} of the open time is observed, the rest filled "
		    "in",
		    observed);
}

static void
tell_unknown(struct words *w, const struct counters *c)
{
	const struct timeline *t = w->t;

	if (c->unknown == 0)
		return;
	words_tell(w,
	    c->up + c->down > 0
		? "; {length} is unknown: "
		: "Unknown for all of the {length} it was open: ",
	    c->unknown);
	if (t->reckoned.uptime.has_evidence)
		words_tell(w,
		    "the poll that would count for it is over {length} away",
		    t->rules.reach_us);
	else
		words_no_evidence(w);
}

void
timeline_window_text(struct words *w, enum window window)
{
	const struct timeline *t = w->t;
	const struct counters *c = &t->reckoned.uptime.window[window];
	int64_t business = counters_business(c);
	int64_t closed = uptime_window_us[window] - business;

	if (business == 0) {
		words_tell(w,
		    "By its hours the store was closed from {instant} to "
		    "{instant}, and closed time counts neither as up nor as "
		    "down.",
		    begin_of(t, window), t->as_of_us);
		return;
	}
	if (c->up == business || c->down == business)
		tell_whole(w, window, c);
	else if (c->up + c->down > 0)
		tell_parts(w, window, c);
	tell_observed(w, c);
	tell_unknown(w, c);
	if (closed > 0)
		words_tell(w,
		    "; for the other {length} it was closed, which counts "
		    "neither as up nor as down",
		    closed);
	words_text(w, ".");
}
