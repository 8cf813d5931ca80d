/*
 * Why a stretch was judged so: the polls that said it, and what made them
 * count from its start and until its end.  The rules are those of
 * docs/SEMANTICS.md, "Status at an instant"; nothing is decided here, only
 * recognised.
 */
#include "work/timeline_stretch.h"

/* A stretch among what lies around it. */
struct setting {
	const struct timeline *t;
	const struct stretch *s;
	const struct interval *shift;
	bool shift_cut;      /* it began before the polls that were read */
	int64_t polls;       /* that decide the stretch, at least one */
	int64_t previous_us; /* poll of the shift before them, or none */
	int64_t next_us;     /* poll of the shift behind them, or none */
};

bool
stretch_next(const struct timeline *t, size_t *segment, struct stretch *out)
{
	const struct timeline_segment *s = t->segments + *segment;
	const struct timeline_segment *end = t->segments + t->segment_count;

	if (s == end)
		return false;
	*out = (struct stretch){ s->start_us, s->end_us, s->status, s->poll_us,
		s->last_poll_us };
	for (s++;
	     s < end && s->start_us == out->end_us && s->status == out->status;
	     s++) {
		out->end_us = s->end_us;
		out->last_poll_us = s->last_poll_us;
	}
	*segment = (size_t)(s - t->segments);
	return true;
}

/* The poll of that number if it lies in the shift, or TIMELINE_NONE. */
static int64_t
poll_of_shift(const struct setting *at, size_t number)
{
	const struct timeline_poll *p = at->t->polls + number;

	if (number >= at->t->poll_count || p->at_us < at->shift->start_us ||
	    p->at_us > at->shift->end_us)
		return TIMELINE_NONE;
	return p->at_us;
}

static struct setting
look_around(const struct timeline *t, const struct stretch *s)
{
	struct setting at = { .t = t, .s = s, .shift = t->shifts };
	size_t first = timeline_polls_before(t, s->first_poll_us);
	size_t behind = timeline_polls_before(t, s->last_poll_us + 1);

	while (at.shift->end_us <= s->start_us)
		at.shift++;
	at.shift_cut = at.shift->start_us < t->from_us;
	at.polls = (int64_t)(behind - first) +
	    !timeline_has_poll(t, first, s->first_poll_us);
	at.previous_us = first > 0 ? poll_of_shift(&at, first - 1)
				   : TIMELINE_NONE;
	at.next_us = poll_of_shift(&at, behind);
	return at;
}

static void
tell_polls(struct words *w, const struct setting *at)
{
	const struct stretch *s = at->s;
	int64_t first_us = s->first_poll_us;
	bool up = s->status == STATUS_UP;

	if (at->polls > 1)
		words_tell(w,
		    "the {polls} from {instant} to {instant} said {said}",
		    at->polls, first_us, s->last_poll_us, up);
	else if (first_us < at->shift->start_us && !at->shift_cut)
		words_tell(w,
		    "no poll fell into the shift that began {at}, and the "
		    "last one before it, {at}, said {said}",
		    at->shift->start_us, first_us, up);
	else if (first_us > at->shift->end_us)
		words_tell(w,
		    "no poll had fallen into its hours by then, and the first "
		    "one that did, {at}, said {said}",
		    first_us, up);
	else
		words_tell(w, "the poll {at} said {said}", first_us, up);
}

/* What makes the polls count from the start, where they came later. */
static void
tell_from(struct words *w, const struct setting *at)
{
	const struct stretch *s = at->s;
	int64_t first_us = s->first_poll_us;

	if (first_us <= s->start_us)
		return;
	if (first_us - s->start_us == at->t->rules.reach_us)
		words_tell(w, " from {instant} ({length} before)", s->start_us,
		    first_us - s->start_us);
	else if (at->previous_us == TIMELINE_NONE && !at->shift_cut)
		words_tell(w, " from the opening {at}", at->shift->start_us);
	else if (at->previous_us == TIMELINE_NONE)
		words_text(w,
		    at->t->has_past
			? " from before these days"
			: ", being the first of all, from the beginning");
	else if (at->t->rules.interpolation == INTERPOLATION_NEXT)
		words_tell(w, " back to the poll before ({instant})",
		    at->previous_us);
	else
		words_tell(w, " from {instant} (halfway to the poll before)",
		    at->previous_us + (first_us - at->previous_us) / 2);
}

static void
tell_until(struct words *w, const struct setting *at)
{
	const struct stretch *s = at->s;

	if (s->end_us == at->shift->end_us)
		words_tell(w, " until the shift's end {at}", s->end_us);
	else if (s->end_us == at->t->as_of_us)
		words_text(w, " until now");
	else if (s->end_us - s->last_poll_us == at->t->rules.reach_us)
		words_tell(w, " until {instant} ({length} after)", s->end_us,
		    s->end_us - s->last_poll_us);
	else if (s->end_us == at->next_us)
		words_tell(w, " until the poll {at} said {said}", s->end_us,
		    s->status != STATUS_UP);
	else
		words_tell(w, " until {instant} (halfway to the next poll)",
		    s->end_us);
}

void
stretch_explain(struct words *w, const struct stretch *s)
{
	struct setting at = look_around(w->t, s);

	tell_polls(w, &at);
	/* By the rule "next" a poll counts up to itself. */
	if (s->first_poll_us <= s->start_us && s->end_us == s->last_poll_us)
		return;
	words_text(w, at.polls > 1 ? ", and they count" : ", and it counts");
	tell_from(w, &at);
	if (s->end_us != s->last_poll_us)
		tell_until(w, &at);
}
