/* Why availability, its bounds and coverage are what they are. */
#include "work/timeline_explain.h"

#include "core/share.h"
#include "work/counters.h"

static const struct counters *
counters_of(const struct words *w, enum window window)
{
	return &w->t->reckoned.uptime.window[window];
}

static int64_t
observed(const struct counters *c)
{
	return c->observed_up + c->observed_down;
}

void
timeline_availability_value(struct words *w, enum window window)
{
	const struct counters *c = counters_of(w, window);

	words_tell(w, "{share}", share_floor(c->up, c->up + c->down));
}

void
timeline_availability_text(struct words *w, enum window window)
{
	const struct counters *c = counters_of(w, window);
	int64_t known = c->up + c->down;

	if (known == 0) {
		words_text(w,
		    "There is nothing to divide: no open time of the last 7 "
		    "days is known to have been up or down.");
		return;
	}
	if (c->down == 0)
		words_tell(w, "It was up for all of the {length}", known);
	else if (c->up == 0)
		words_tell(w, "It was up for none of the {length}", known);
	else
		words_tell(w, "It was up for {length} of the {length}", c->up,
		    known);
	words_text(w, " of open time for which that is known");
	if (c->unknown > 0)
		words_tell(w, "; {length} more is unknown and left out",
		    c->unknown);
	words_text(w,
	    c->down == 0 || c->up == 0
		? "."
		: "; the figure is rounded down, so that 100 % always means "
		  "no downtime at all.");
}

void
timeline_bounds_value(struct words *w, enum window window)
{
	const struct counters *c = counters_of(w, window);
	int64_t business = counters_business(c);

	if (business == 0)
		words_text(w, "none");
	else
		words_tell(w, "{share} to {share}",
		    share_floor(c->observed_up, business),
		    share_floor(business - c->observed_down, business));
}

void
timeline_bounds_text(struct words *w, enum window window)
{
	const struct counters *c = counters_of(w, window);
	int64_t business = counters_business(c);

	if (business == 0)
		words_text(w,
		    "There is nothing to divide: the store was closed for all "
		    "of the last 7 days.");
	else if (observed(c) == 0)
		words_tell(w,
		    "None of the {length} of open time is observed, so that "
		    "availability may be anything: all of it may have been "
		    "down, and all of it up.",
		    business);
	else
		words_tell(w,
		    "Of {length} of open time {length} was observed up, so "
		    "that availability is at least {share} even if all the "
		    "rest was down, and {length} was observed down, so that "
		    "it is at most {share} even if all the rest was up.",
		    business, c->observed_up,
		    share_floor(c->observed_up, business), c->observed_down,
		    share_floor(business - c->observed_down, business));
}

void
timeline_coverage_value(struct words *w, enum window window)
{
	const struct counters *c = counters_of(w, window);

	words_tell(w, "{share}",
	    share_floor(observed(c), counters_business(c)));
}

/* Why known time is not observed, as far as there is any of each kind. */
static void
tell_filled(struct words *w)
{
	static const char *const kinds[TIMELINE_FILLED__MAX] = {
		[TIMELINE_DISAGREE] = "{length} between two polls that "
				      "disagree",
		[TIMELINE_APART] = "{length} between two polls over 2 h apart",
		[TIMELINE_EDGE] = "{length} before a shift's first poll or "
				  "after its last",
		[TIMELINE_NO_POLL] = "{length} in shifts without a poll",
	};
	const char *comma = "; filled in: ";
	int i;

	for (i = 0; i < TIMELINE_FILLED__MAX; i++) {
		if (w->t->filled_us[i] == 0)
			continue;
		words_text(w, comma);
		words_tell(w, kinds[i], w->t->filled_us[i]);
		comma = ", ";
	}
}

void
timeline_coverage_text(struct words *w, enum window window)
{
	const struct counters *c = counters_of(w, window);
	int64_t business = counters_business(c);

	if (business == 0) {
		words_text(w,
		    "There is nothing to cover: the store was closed for all "
		    "of the last 7 days.");
		return;
	}
	words_tell(w, "Of {length} of open time ", business);
	if (observed(c) == 0)
		words_text(w, "none");
	else if (observed(c) == business)
		words_text(w, "all");
	else
		words_tell(w, "{length}", observed(c));
	words_text(w,
	    " is observed, that is between two polls of one shift that agree "
	    "and are at most 2 h apart");
	tell_filled(w);
	if (c->unknown > 0)
		words_tell(w, "; {length} is unknown", c->unknown);
	words_text(w, ".");
}
