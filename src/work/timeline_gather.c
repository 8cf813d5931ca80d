/*
 * What a timeline consists of, from one store's input: local dates, shifts
 * and polls beyond the week, to its first date's start, and the segments of
 * the week, joined where neighbours are alike.
 */
#include "work/timeline_impl.h"

#include "core/civil.h"
#include "core/stamp.h"

#include <stdlib.h>
#include <string.h>

/* Shifts of a date may begin or end up to so many dates away. */
#define DATES_AROUND 2

const char *const timeline_status_names[STATUS__MAX] = {
	[STATUS_DOWN] = "down",
	[STATUS_UP] = "up",
	[STATUS_UNKNOWN] = "unknown",
};

const char *const timeline_source_names[TIMELINE_SOURCE__MAX] = {
	[TIMELINE_WEEKLY] = "weekly",
	[TIMELINE_SPECIAL] = "special",
	[TIMELINE_DEFAULT] = "default",
};

/* The place of a date's first special row; special_rows if it has none. */
static size_t
find_special(const struct schedule *s, int32_t day)
{
	size_t i = 0;

	while (i < s->special_rows && s->special[i].date != day)
		i++;
	return i;
}

enum timeline_source
timeline_source(const struct schedule *s, int32_t day)
{
	if (find_special(s, day) < s->special_rows)
		return TIMELINE_SPECIAL;
	return s->week_rows > 0 ? TIMELINE_WEEKLY : TIMELINE_DEFAULT;
}

bool
timeline_weekday_row(const struct schedule *s, int32_t weekday, size_t number,
    struct schedule_hours *out)
{
	static const struct schedule_hours whole_day = { 0, CIVIL_DAY_S };
	size_t i;

	if (s->week_rows == 0) {
		*out = whole_day;
		return number == 0;
	}
	for (i = 0; i < s->week_rows; i++) {
		if (s->week[i].weekday != weekday || number-- > 0)
			continue;
		*out = s->week[i].hours;
		return true;
	}
	return false;
}

bool
timeline_date_row(const struct schedule *s, int32_t day, size_t number,
    struct schedule_hours *out)
{
	size_t i = find_special(s, day);

	if (i == s->special_rows)
		return timeline_weekday_row(s, civil_weekday(day), number, out);
	for (; i < s->special_rows && s->special[i].date == day; i++) {
		if (s->special[i].hours.start_s == SCHEDULE_CLOSED ||
		    number-- > 0)
			continue;
		*out = s->special[i].hours;
		return true;
	}
	return false;
}

/*
 * The dates that touch the week.  One more is looked at to either side: where
 * a clock goes back over midnight, the date that it shows comes twice.
 */
static void
gather_dates(struct timeline *t)
{
	const struct zone *zone = t->schedule.zone;
	int32_t day = zone_local_day(zone, t->week_us) - 1;
	int32_t last = zone_local_day(zone, t->as_of_us) + 1;

	for (; day <= last && t->date_count < TIMELINE_DATES_MAX; day++) {
		struct timeline_date d = { day, zone_instant_us(zone, day, 0),
			zone_instant_us(zone, day + 1, 0) };

		if (d.start_us < d.end_us && d.end_us > t->week_us &&
		    d.start_us < t->as_of_us)
			t->dates[t->date_count++] = d;
	}
}

static enum err
gather_shifts(struct timeline *t)
{
	int32_t first = zone_local_day(t->schedule.zone, t->from_us) -
	    DATES_AROUND;
	int32_t last = t->dates[t->date_count - 1].day + 1;
	size_t bound = schedule_bound(&t->schedule,
	    (size_t)last - (size_t)first + 1);

	t->shifts = calloc(bound, sizeof(*t->shifts));
	if (t->shifts == NULL)
		return ERR_NO_MEMORY;
	t->shift_count = schedule_expand(&t->schedule, first, last, t->shifts);
	return ERR_NONE;
}

static enum err
gather_polls(struct timeline *t)
{
	const struct data_store *store = t->store;
	size_t i, s = 0;

	t->polls = calloc(store->poll_count + 1, sizeof(*t->polls));
	if (t->polls == NULL)
		return ERR_NO_MEMORY;
	for (i = 0; i < store->poll_count; i++) {
		int64_t at_us = store->polls[i].at_us;

		if (at_us > t->as_of_us)
			break;
		while (s < t->shift_count && t->shifts[s].end_us < at_us)
			s++;
		t->polls[i].at_us = at_us;
		t->polls[i].up = store->polls[i].up;
		t->polls[i].in_hours = s < t->shift_count &&
		    t->shifts[s].start_us <= at_us;
		t->first_poll += at_us < t->dates[0].start_us;
	}
	t->poll_count = i;
	return ERR_NONE;
}

size_t
timeline_polls_before(const struct timeline *t, int64_t us)
{
	size_t low = 0, high = t->poll_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (t->polls[mid].at_us < us)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool
timeline_has_poll(const struct timeline *t, size_t number, int64_t us)
{
	return number < t->poll_count && t->polls[number].at_us == us;
}

/* What counts of the time before the polls. */
static void
gather_past(struct timeline *t, const struct uptime_input *in)
{
	int64_t now_us = t->reckoned.uptime.now_poll_us;
	size_t i = timeline_polls_before(t, now_us);

	t->has_past = in->past != NULL;
	if (timeline_has_poll(t, i, now_us))
		t->now_up = t->polls[i].up;
	else
		t->now_up = t->has_past && in->past->up;
}

/* Grows t->segments as they come. */
struct gathering {
	struct timeline *t;
	const struct uptime_input *in;
	size_t room;
	struct timeline_segment *last; /* NULL: none yet */
	size_t shift;                  /* of the last one that is known */
	enum err err;
};

/* What a poll says of a shift; nothing if it lies in another or is none. */
enum saying {
	SAYS_NOTHING,
	SAYS_DOWN,
	SAYS_UP
};

static enum saying
says(const struct timeline *t, size_t number, const struct interval *shift)
{
	const struct timeline_poll *p;

	if (number >= t->poll_count)
		return SAYS_NOTHING;
	p = &t->polls[number];
	if (p->at_us < shift->start_us || p->at_us > shift->end_us)
		return SAYS_NOTHING;
	return p->up ? SAYS_UP : SAYS_DOWN;
}

/*
 * Why a known segment, as the walk gives it, is not observed.  It holds no
 * poll but at its ends, and those around it are in business hours if they
 * are of its shift.
 */
static enum timeline_filled
why_filled(struct gathering *g, const struct segment *s)
{
	const struct timeline *t = g->t;
	const struct interval *shift;
	enum saying before, behind;

	while (t->shifts[g->shift].end_us <= s->start_us)
		g->shift++;
	shift = &t->shifts[g->shift];
	/* Without a poll before, this is a number that no poll has. */
	before = says(t, timeline_polls_before(t, s->start_us + 1) - 1, shift);
	behind = says(t, timeline_polls_before(t, s->end_us), shift);
	/* The shift's last poll may be older than the polls that were read. */
	if (before == SAYS_NOTHING && g->in->past_joins &&
	    shift->start_us <= g->in->loaded_us)
		before = g->in->past->up ? SAYS_UP : SAYS_DOWN;
	if (before == SAYS_NOTHING && behind == SAYS_NOTHING)
		return TIMELINE_NO_POLL;
	if (before == SAYS_NOTHING || behind == SAYS_NOTHING)
		return TIMELINE_EDGE;
	return before != behind ? TIMELINE_DISAGREE : TIMELINE_APART;
}

static void
append(struct gathering *g, const struct segment *s)
{
	struct timeline *t = g->t;
	int64_t poll_us = s->status == STATUS_UNKNOWN ? TIMELINE_NONE
						      : s->poll_us;

	if (t->segment_count == g->room) {
		size_t room = g->room == 0 ? 64 : g->room * 2;
		void *more = realloc(t->segments, room * sizeof(*t->segments));

		if (more == NULL) {
			g->err = ERR_NO_MEMORY;
			return;
		}
		t->segments = more;
		g->room = room;
	}
	g->last = &t->segments[t->segment_count++];
	*g->last = (struct timeline_segment){ s->start_us, s->end_us, s->status,
		s->observed, poll_us, poll_us };
}

static void
add_segment(void *ctx, const struct segment *s)
{
	struct gathering *g = ctx;
	struct timeline_segment *last = g->last;

	if (s->status != STATUS_UNKNOWN && !s->observed)
		g->t->filled_us[why_filled(g, s)] += s->end_us - s->start_us;
	if (last == NULL || last->end_us != s->start_us ||
	    last->status != s->status || last->observed != s->observed) {
		append(g, s);
		return;
	}
	last->end_us = s->end_us;
	if (s->status != STATUS_UNKNOWN)
		last->last_poll_us = s->poll_us;
}

enum err
timeline_gather(struct timeline *t, const struct uptime_input *in,
    int32_t first_day)
{
	struct gathering g = { .t = t, .in = in };
	enum err err;

	t->from_us = (int64_t)first_day * STAMP_DAY_US;
	gather_dates(t);
	err = gather_shifts(t);
	if (err == ERR_NONE)
		err = gather_polls(t);
	if (err != ERR_NONE)
		return err;
	gather_past(t, in);
	uptime_walk(in, t->week_us, add_segment, &g);
	return g.err;
}

int64_t
timeline_now_poll(const struct timeline *t)
{
	const struct uptime *u = &t->reckoned.uptime;

	if (u->now == STATUS_NOW_CLOSED || u->now == STATUS_NOW_UNKNOWN)
		return TIMELINE_NONE;
	return u->now_poll_us;
}

void
timeline_release(struct timeline *t)
{
	free(t->shifts);
	free(t->polls);
	free(t->segments);
	free(t->outages);
	buf_release(&t->words);
}
