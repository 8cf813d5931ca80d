/* What the week's outages and its polls come to. */
#include "work/timeline_explain.h"

#include "work/counters.h"

void
timeline_outages_value(struct words *w, enum window window)
{
	const struct timeline *t = w->t;
	int64_t longest_us = t->reckoned.uptime.longest_outage_us;

	(void)window;
	if (t->outage_count == 0)
		words_text(w, "none");
	else if (t->outage_count == 1)
		words_tell(w, "1 outage, {length}", longest_us);
	else
		words_tell(w, "{count} outages, the longest {length}",
		    (int64_t)t->outage_count, longest_us);
}

static const struct timeline_outage *
find_longest(const struct timeline *t)
{
	const struct timeline_outage *found = t->outages;
	size_t i;

	for (i = 1; i < t->outage_count; i++)
		if (t->outages[i].open_us > found->open_us)
			found = &t->outages[i];
	return found;
}

static void
tell_edges(struct words *w, const struct timeline_outage *o)
{
	bool pruned = w->t->revision.kept_us != INT64_MIN;
	const struct timeline_edge *start = &o->start_edge;
	const struct timeline_edge *end = &o->end_edge;

	if (start->after_us == TIMELINE_NONE)
		words_tell(w,
		    pruned
			? ": no poll that is still kept said active before "
			  "it, and the first of these, {at}, said inactive"
			: ": no poll in business hours before it said active, "
			  "and the first of all, {at}, said inactive",
		    start->by_us);
	else
		words_tell(w,
		    ": it began between the poll {at}, the last that said "
		    "active, and the one {at}, the first that said inactive",
		    start->after_us, start->by_us);
	if (end->by_us == TIMELINE_NONE)
		words_tell(w,
		    ", and after the one {at} none has said otherwise yet",
		    end->after_us);
	else
		words_tell(w,
		    ", and it ended between the one {at}, the last that said "
		    "so, and the one {at}, which said active",
		    end->after_us, end->by_us);
}

static void
tell_none(struct words *w, const struct counters *week)
{
	int64_t business = counters_business(week);

	if (business == 0)
		words_text(w,
		    "There can be none: the store was closed for all of the "
		    "last 7 days.");
	else if (week->unknown == business)
		words_text(w,
		    "No outage is known, as nothing is known of the last 7 "
		    "days.");
	else
		words_text(w, "No open time of the last 7 days was down.");
}

void
timeline_outages_text(struct words *w, enum window window)
{
	const struct timeline *t = w->t;
	const struct timeline_outage *o;

	if (t->outage_count == 0) {
		tell_none(w, &t->reckoned.uptime.window[window]);
		return;
	}
	o = find_longest(t);
	words_text(w, t->outage_count == 1 ? "It" : "The longest");
	words_tell(w, " took {length} of open time, from {instant}", o->open_us,
	    o->start_us);
	words_text(w, o->clipped ? ", where the 7 days begin," : "");
	words_tell(w, " to {instant}", o->end_us);
	tell_edges(w, o);
	words_text(w,
	    "; closed time does not end an outage, and does not count in it.");
}

/* The polls that are shown, by whether they lie in business hours. */
struct poll_counts {
	int64_t in;
	int64_t in_up;
	int64_t out;
};

static struct poll_counts
count_polls(const struct timeline *t)
{
	struct poll_counts n = { 0, 0, 0 };
	size_t i;

	for (i = t->first_poll; i < t->poll_count; i++) {
		n.in += t->polls[i].in_hours;
		n.in_up += t->polls[i].in_hours && t->polls[i].up;
		n.out += !t->polls[i].in_hours;
	}
	return n;
}

void
timeline_polls_value(struct words *w, enum window window)
{
	struct poll_counts n = count_polls(w->t);

	(void)window;
	if (n.in + n.out == 0)
		words_text(w, "none");
	else
		words_tell(w, "{count} in business hours, {count} outside",
		    n.in, n.out);
}

static void
tell_no_polls(struct words *w)
{
	const struct reckoned *r = &w->t->reckoned;

	if (r->has_poll)
		words_tell(w,
		    "The store was not polled in these days: its last poll "
		    "was {at}.",
		    r->last_poll_us);
	else
		words_tell(w, "The store had never been polled by {instant}.",
		    w->t->as_of_us);
}

void
timeline_polls_text(struct words *w, enum window window)
{
	const struct timeline *t = w->t;
	struct poll_counts n = count_polls(t);

	(void)window;
	if (n.in + n.out == 0) {
		tell_no_polls(w);
		return;
	}
	words_tell(w,
	    "{polls} from {instant} to {instant}: {count} in business hours",
	    n.in + n.out, t->dates[0].start_us, t->as_of_us, n.in);
	if (n.in > 0)
		words_tell(w, " ({count} said active, {count} inactive)",
		    n.in_up, n.in - n.in_up);
	if (n.out > 0)
		words_tell(w, " and {count} outside", n.out);
	words_text(w,
	    n.out == 0 ? "."
		: n.out == 1
		? ", which does not count, as a closed store may be offline."
		: ", which do not count, as a closed store may be offline.");
}
