/*
 * Reckoning in one pass.  The walk goes shift by shift and, inside a shift,
 * from one change of status to the next; each stretch between two polls is cut
 * where the deciding poll changes and where reach ends.  Everything else, the
 * counters and the outages, is a visitor of the segments.
 */
#include "core/uptime.h"

#include "core/stamp.h"

#include <string.h>

const int64_t uptime_window_us[WINDOW__MAX] = {
	[WINDOW_HOUR] = STAMP_HOUR_US,
	[WINDOW_DAY] = 24 * STAMP_HOUR_US,
	[WINDOW_WEEK] = 168 * STAMP_HOUR_US,
};

const char *const interpolation_names[INTERPOLATION__MAX] = {
	[INTERPOLATION_PREVIOUS] = "previous",
	[INTERPOLATION_NEXT] = "next",
	[INTERPOLATION_NEAREST] = "nearest",
};

const char *const status_now_names[STATUS_NOW__MAX] = {
	[STATUS_NOW_DOWN] = "down",
	[STATUS_NOW_UP] = "up",
	[STATUS_NOW_UNKNOWN] = "unknown",
	[STATUS_NOW_STALE] = "stale",
	[STATUS_NOW_CLOSED] = "closed",
};

const char *const window_names[WINDOW__MAX] = {
	[WINDOW_HOUR] = "hour",
	[WINDOW_DAY] = "day",
	[WINDOW_WEEK] = "week",
};

/* What the walk carries along. */
struct walk {
	const struct uptime_input *in;
	int64_t from_us;
	void (*visit)(void *ctx, const struct segment *s);
	void *ctx;
	const struct poll *last; /* latest evidence so far, or NULL */
	size_t next;             /* first poll not yet passed */
};

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Visits [start, end), clipped to the window, unless nothing is left. */
static void
emit(const struct walk *w, struct segment s)
{
	s.start_us = later(s.start_us, w->from_us);
	s.end_us = earlier(s.end_us, w->in->as_of_us);
	if (s.start_us < s.end_us)
		w->visit(w->ctx, &s);
}

/*
 * A stretch that one poll decides: known as far as reach goes from the poll,
 * to both sides; unknown beyond.
 */
static void
decide(const struct walk *w, int64_t start_us, int64_t end_us,
    const struct poll *by, bool observed)
{
	struct segment s = { start_us, end_us, STATUS_UNKNOWN, false,
		by->at_us };
	int64_t reach_us = w->in->rules.reach_us;
	int64_t known_us = start_us, lost_us = end_us;

	if (start_us >= end_us)
		return;
	/* Mostly, all of it is known. */
	if (reach_us >= by->at_us - start_us &&
	    reach_us >= end_us - by->at_us) {
		s.status = by->up ? STATUS_UP : STATUS_DOWN;
		s.observed = observed;
		emit(w, s);
		return;
	}
	if (reach_us < by->at_us - start_us)
		known_us = earlier(by->at_us - reach_us, end_us);
	if (reach_us < end_us - by->at_us)
		lost_us = later(by->at_us + reach_us, start_us);
	s.end_us = known_us;
	emit(w, s);
	s.start_us = later(start_us, known_us);
	s.end_us = earlier(end_us, lost_us);
	s.status = by->up ? STATUS_UP : STATUS_DOWN;
	s.observed = observed;
	emit(w, s);
	s.start_us = later(lost_us, known_us);
	s.end_us = end_us;
	s.status = STATUS_UNKNOWN;
	s.observed = false;
	emit(w, s);
}

/* The stretch between two successive polls of one shift. */
static void
between(const struct walk *w, const struct poll *a, const struct poll *b)
{
	bool observed = a->up == b->up &&
	    b->at_us - a->at_us <= UPTIME_OBSERVED_GAP_US;
	int64_t change_us = b->at_us;

	if (w->in->rules.interpolation == INTERPOLATION_NEXT)
		change_us = a->at_us;
	else if (w->in->rules.interpolation == INTERPOLATION_NEAREST)
		change_us = a->at_us + (b->at_us - a->at_us) / 2;
	decide(w, a->at_us, change_us, a, observed);
	decide(w, change_us, b->at_us, b, observed);
}

/* A shift without evidence: rules 2 to 4. */
static void
without_evidence(const struct walk *w, const struct interval *shift,
    size_t shift_number)
{
	const struct uptime_input *in = w->in;
	struct segment none = { shift->start_us, shift->end_us, STATUS_UNKNOWN,
		false, 0 };
	size_t i = w->next, s = shift_number + 1;

	if (w->last != NULL) {
		decide(w, shift->start_us, shift->end_us, w->last, false);
		return;
	}
	/* The earliest evidence after the shift. */
	while (i < in->poll_count && s < in->shift_count) {
		if (in->polls[i].at_us < in->shifts[s].start_us) {
			i++;
		} else if (in->polls[i].at_us > in->shifts[s].end_us) {
			s++;
		} else {
			decide(w, shift->start_us, shift->end_us, &in->polls[i],
			    false);
			return;
		}
	}
	emit(w, none);
}

/* One shift; leaves w->next behind its last poll. */
static void
walk_shift(struct walk *w, size_t number)
{
	const struct uptime_input *in = w->in;
	const struct interval *shift = &in->shifts[number];
	const struct poll *last = NULL;

	if (number == 0 && in->past != NULL && in->past_joins)
		last = in->past;
	while (w->next < in->poll_count &&
	    in->polls[w->next].at_us < shift->start_us)
		w->next++;
	for (; w->next < in->poll_count &&
	     in->polls[w->next].at_us <= shift->end_us;
	     w->next++) {
		const struct poll *poll = &in->polls[w->next];

		if (last == NULL)
			decide(w, shift->start_us, poll->at_us, poll, false);
		else
			between(w, last, poll);
		last = poll;
	}
	if (last == NULL) {
		without_evidence(w, shift, number);
		return;
	}
	decide(w, last->at_us, shift->end_us, last, false);
	w->last = last;
}

/* Walks, and returns the latest evidence, or NULL. */
static const struct poll *
walk(const struct uptime_input *in, int64_t from_us,
    void (*visit)(void *ctx, const struct segment *s), void *ctx)
{
	struct walk w = { in, from_us, visit, ctx, in->past, 0 };
	size_t i;

	for (i = 0;
	     i < in->shift_count && in->shifts[i].start_us <= in->as_of_us; i++)
		walk_shift(&w, i);
	return w.last;
}

void
uptime_walk(const struct uptime_input *in, int64_t from_us,
    void (*visit)(void *ctx, const struct segment *s), void *ctx)
{
	(void)walk(in, from_us, visit, ctx);
}

bool
uptime_needs_past(const struct uptime_input *in)
{
	int64_t week_us = in->as_of_us - uptime_window_us[WINDOW_WEEK];
	size_t s, p = 0;

	for (s = 0; s < in->shift_count; s++) {
		const struct interval *shift = &in->shifts[s];
		int64_t until_us = shift->end_us;

		/* In the shift that runs as the week begins, only a poll
		 * before that is in front of everything. */
		if (shift->start_us <= week_us && shift->end_us > week_us)
			until_us = week_us;
		while (p < in->poll_count &&
		    in->polls[p].at_us < shift->start_us)
			p++;
		if (p < in->poll_count && in->polls[p].at_us <= until_us)
			return false;
		if (shift->end_us > week_us)
			return true;
	}
	return false;
}

/* Gathers counters, outages and the last run from the segments. */
struct tally {
	struct uptime *out;
	int64_t from_us[WINDOW__MAX];
	int64_t outage_us; /* open time of the one at hand */
	/* The run of one status at hand; STATUS__MAX: none yet. */
	enum status run;
	int64_t run_from_us;
	/* Who else wants to see the segments; may be NULL. */
	void (*visit)(void *ctx, const struct segment *s);
	void *ctx;
};

static void
end_outage(struct tally *t)
{
	if (t->outage_us == 0)
		return;
	t->out->outages++;
	t->out->longest_outage_us = later(t->out->longest_outage_us,
	    t->outage_us);
	t->outage_us = 0;
}

static void
count(struct counters *c, const struct segment *s, int64_t length_us)
{
	switch (s->status) {
	case STATUS_UP:
		c->up += length_us;
		c->observed_up += s->observed ? length_us : 0;
		break;
	case STATUS_DOWN:
		c->down += length_us;
		c->observed_down += s->observed ? length_us : 0;
		break;
	default:
		c->unknown += length_us;
	}
}

static void
tally(void *ctx, const struct segment *s)
{
	struct tally *t = ctx;
	int w;

	for (w = 0; w < WINDOW__MAX; w++)
		if (s->end_us > t->from_us[w])
			count(&t->out->window[w], s,
			    s->end_us - later(s->start_us, t->from_us[w]));
	if (s->status == STATUS_DOWN)
		t->outage_us += s->end_us - s->start_us;
	else
		end_outage(t);
	/* Before the first run there is no other: it is the week's. */
	if (t->run != s->status && t->run != STATUS__MAX)
		t->run_from_us = s->start_us;
	t->run = s->status;
	if (t->visit != NULL)
		t->visit(t->ctx, s);
}

/* When the shift ends that may run at as_of; INT64_MIN if there is none. */
static int64_t
last_end_us(const struct uptime_input *in)
{
	return in->shift_count > 0 ? in->shifts[in->shift_count - 1].end_us
				   : INT64_MIN;
}

/* The status at as_of: its shift is half-open; decided by `last`. */
static enum status_now
now(const struct uptime_input *in, const struct poll *last)
{
	int64_t age_us;

	if (last_end_us(in) <= in->as_of_us)
		return STATUS_NOW_CLOSED;
	if (last == NULL)
		return STATUS_NOW_UNKNOWN;
	age_us = in->as_of_us - last->at_us;
	if (age_us > in->rules.reach_us)
		return STATUS_NOW_UNKNOWN;
	if (age_us > UPTIME_STALE_US)
		return STATUS_NOW_STALE;
	return last->up ? STATUS_NOW_UP : STATUS_NOW_DOWN;
}

/* What open time is while the status now is one of these. */
static const enum status open_status[STATUS_NOW__MAX] = {
	[STATUS_NOW_DOWN] = STATUS_DOWN,
	[STATUS_NOW_UP] = STATUS_UP,
	[STATUS_NOW_UNKNOWN] = STATUS_UNKNOWN,
};

/* Since when the store is what it is now. */
static void
tell_since(const struct uptime_input *in, const struct tally *t)
{
	struct uptime *out = t->out;

	out->has_since = true;
	if (out->now == STATUS_NOW_STALE) {
		out->since_us = out->now_poll_us;
	} else if (out->now == STATUS_NOW_CLOSED) {
		out->has_since = last_end_us(in) >= t->from_us[WINDOW_WEEK];
		out->since_us = out->has_since ? last_end_us(in) : 0;
	} else if (t->run == open_status[out->now] || t->run == STATUS__MAX) {
		out->since_us = t->run_from_us;
	} else {
		/* The poll or the shift that says so begins at as_of. */
		out->since_us = in->as_of_us;
	}
}

void
uptime_reckon_walk(const struct uptime_input *in,
    void (*visit)(void *ctx, const struct segment *s), void *ctx,
    struct uptime *out)
{
	struct tally t = { .out = out,
		.run = STATUS__MAX,
		.visit = visit,
		.ctx = ctx };
	const struct poll *last;
	int w;

	memset(out, 0, sizeof(*out));
	for (w = 0; w < WINDOW__MAX; w++)
		t.from_us[w] = in->as_of_us - uptime_window_us[w];
	t.run_from_us = t.from_us[WINDOW_WEEK];
	last = walk(in, t.from_us[WINDOW_WEEK], tally, &t);
	end_outage(&t);
	out->now = now(in, last);
	out->has_evidence = last != NULL;
	out->now_poll_us = last != NULL ? last->at_us : 0;
	tell_since(in, &t);
}

void
uptime_reckon(const struct uptime_input *in, struct uptime *out)
{
	uptime_reckon_walk(in, NULL, NULL, out);
}
