/* Why the store is what it is now, and since when. */
#include "work/timeline_explain.h"

void
timeline_status_value(struct words *w, enum window window)
{
	(void)window;
	words_text(w, status_now_names[w->t->reckoned.uptime.now]);
}

static int64_t
now_age_us(const struct timeline *t)
{
	return t->as_of_us - t->reckoned.uptime.now_poll_us;
}

static void
tell_running(struct words *w)
{
	const struct timeline *t = w->t;
	const struct uptime *u = &t->reckoned.uptime;
	const char *now = status_now_names[u->now];

	words_text(w, "The store is open and ");
	words_text(w, now);
	words_tell(w, " {at}: its last poll in business hours, {at}, ",
	    t->as_of_us, u->now_poll_us);
	if (now_age_us(t) > 0)
		words_tell(w, "{length} before, ", now_age_us(t));
	words_tell(w, "said {said}; it has been ", t->now_up);
	words_text(w, now);
	if (u->since_us <= t->week_us)
		words_text(w, " for all its open time of the last 7 days.");
	else
		words_tell(w, " since {instant}, closed time aside.",
		    u->since_us);
}

static void
tell_stale(struct words *w)
{
	const struct timeline *t = w->t;

	words_tell(w,
	    "The last poll in business hours, {at}, said {said}, but that was "
	    "{age} before {instant}, and a poll over 2 h old is not taken for "
	    "what the store is now.",
	    t->reckoned.uptime.now_poll_us, t->now_up, now_age_us(t),
	    t->as_of_us);
}

/* When it opens next, or TIMELINE_NONE if that is not within a day or so. */
static int64_t
next_opening(const struct timeline *t)
{
	size_t i;

	for (i = 0; i < t->shift_count; i++)
		if (t->shifts[i].start_us > t->as_of_us)
			return t->shifts[i].start_us;
	return TIMELINE_NONE;
}

static void
tell_closed(struct words *w)
{
	const struct timeline *t = w->t;
	const struct uptime *u = &t->reckoned.uptime;
	int64_t next_us = next_opening(t);

	words_tell(w, "By its hours the store is closed {at}", t->as_of_us);
	if (!u->has_since)
		words_text(w, " and has been for all of the last 7 days");
	else if (u->since_us == t->as_of_us)
		words_text(w, ", where its shift ends");
	else
		words_tell(w, ", as it has been since {instant}", u->since_us);
	if (next_us != TIMELINE_NONE)
		words_tell(w, ", and opens again {at}", next_us);
	words_text(w, "; polls in closed time say nothing about the store.");
}

static void
tell_unknown(struct words *w)
{
	const struct timeline *t = w->t;
	const struct uptime *u = &t->reckoned.uptime;

	words_tell(w,
	    "The store is open {at}, and whether it is up is not "
	    "known: ",
	    t->as_of_us);
	if (u->has_evidence)
		words_tell(w,
		    "its last poll in business hours, {at}, is {age} old, and "
		    "by the rules a poll counts for {length} at the most",
		    u->now_poll_us, now_age_us(t), t->rules.reach_us);
	else
		words_no_evidence(w);
	words_text(w, ".");
}

void
timeline_status_text(struct words *w, enum window window)
{
	static void (*const tell[])(struct words *) = {
		[STATUS_NOW_DOWN] = tell_running,
		[STATUS_NOW_UP] = tell_running,
		[STATUS_NOW_UNKNOWN] = tell_unknown,
		[STATUS_NOW_STALE] = tell_stale,
		[STATUS_NOW_CLOSED] = tell_closed,
	};

	(void)window;
	tell[w->t->reckoned.uptime.now](w);
}
