/*
 * The outages of the week, and between which two polls in business hours each
 * of their edges lies.
 *
 * An outage's edges are looked for from the polls that decide it: backwards
 * and forwards as long as the polls say down and lie in the outage.  Time in
 * front of the first one that is up or unknown (reach may end between two
 * polls that both say down) is where the outage before it may have been.
 * Only at the week's first outage that may lead to days that were not read;
 * what counts of them are two polls.
 */
#include "work/timeline_impl.h"

#include "core/schedule.h"

#include <stdlib.h>
#include <string.h>

/* The end of a run of polls that say down, seen from behind. */
struct past {
	const struct schedule *schedule;
	int64_t up_us;   /* the latest that says up */
	int64_t down_us; /* the earliest behind it */
};

/* The polls in business hours. */
struct evidence {
	struct poll *list;
	size_t n;
	struct past past; /* what is before them */
};

static void
look_back(void *ctx, const struct poll *polls, size_t n, bool *stop)
{
	struct past *past = ctx;

	while (n-- > 0 && !*stop) {
		if (!schedule_has(past->schedule, polls[n].at_us))
			continue;
		if (polls[n].up)
			past->up_us = polls[n].at_us;
		else
			past->down_us = polls[n].at_us;
		*stop = polls[n].up;
	}
}

static enum err
gather_evidence(struct evidence *e, const struct timeline *t, struct data *data,
    int32_t first_day)
{
	size_t i;

	e->past.schedule = &t->schedule;
	e->past.up_us = TIMELINE_NONE;
	e->past.down_us = TIMELINE_NONE;
	e->list = calloc(t->poll_count + 1, sizeof(*e->list));
	if (e->list == NULL)
		return ERR_NO_MEMORY;
	for (i = 0; i < t->poll_count; i++) {
		if (!t->polls[i].in_hours)
			continue;
		e->list[e->n].at_us = t->polls[i].at_us;
		e->list[e->n++].up = t->polls[i].up;
	}
	return data_past(data, t->store->key, first_day, look_back, &e->past);
}

/* How many of the polls lie before an instant. */
static size_t
count_before(const struct evidence *e, int64_t us)
{
	size_t low = 0, high = e->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (e->list[mid].at_us < us)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The latest of the first n polls that says up. */
static int64_t
last_up(const struct evidence *e, size_t n)
{
	while (n > 0 && !e->list[n - 1].up)
		n--;
	return n > 0 ? e->list[n - 1].at_us : e->past.up_us;
}

/*
 * The poll that decides an outage's first stretch, or an earlier one that
 * says down as well and does not lie before from_us.
 */
static void
find_start(const struct evidence *e, struct timeline_outage *o, int64_t poll_us,
    int64_t from_us)
{
	size_t i = count_before(e, poll_us);

	o->start_edge.by_us = poll_us;
	while (i > 0 && !e->list[i - 1].up && e->list[i - 1].at_us >= from_us)
		o->start_edge.by_us = e->list[--i].at_us;
	if (i == 0 && from_us == TIMELINE_NONE &&
	    e->past.down_us != TIMELINE_NONE)
		o->start_edge.by_us = e->past.down_us;
	o->start_edge.after_us = last_up(e, i);
}

/*
 * The poll that decides an outage's last stretch, or a later one that says
 * down as well and does not lie behind until_us.
 */
static void
find_end(const struct evidence *e, struct timeline_outage *o, int64_t poll_us,
    int64_t until_us)
{
	size_t i = count_before(e, poll_us + 1);

	o->end_edge.after_us = poll_us;
	while (i < e->n && !e->list[i].up && e->list[i].at_us <= until_us)
		o->end_edge.after_us = e->list[i++].at_us;
	while (i < e->n && !e->list[i].up)
		i++;
	o->end_edge.by_us = i < e->n ? e->list[i].at_us : TIMELINE_NONE;
}

static void
find_edges(const struct timeline *t, const struct evidence *e,
    struct timeline_outage *o)
{
	const struct timeline_segment *first = &t->segments[o->first];
	const struct timeline_segment *last = &t->segments[o->last];
	bool newest = o->last + 1 == t->segment_count;

	find_start(e, o, first->poll_us,
	    o->first > 0 ? first[-1].end_us : TIMELINE_NONE);
	find_end(e, o, last->last_poll_us,
	    newest ? t->as_of_us : last[1].start_us);
	o->ongoing = newest && o->end_edge.by_us == TIMELINE_NONE;
	o->clipped = o->start_edge.by_us < t->week_us;
}

/* Tells the runs of down segments apart. */
static void
find_outages(struct timeline *t)
{
	struct timeline_outage *o = NULL;
	size_t i;

	for (i = 0; i < t->segment_count; i++) {
		const struct timeline_segment *s = &t->segments[i];

		if (s->status != STATUS_DOWN) {
			o = NULL;
			continue;
		}
		if (o == NULL) {
			o = &t->outages[t->outage_count++];
			o->first = i;
			o->start_us = s->start_us;
		}
		o->last = i;
		o->end_us = s->end_us;
		o->open_us += s->end_us - s->start_us;
	}
}

enum err
timeline_edges(struct timeline *t, struct data *data, int32_t first_day)
{
	struct evidence e = { .n = 0 };
	enum err err;
	size_t i;

	t->outages = calloc(t->segment_count / 2 + 1, sizeof(*t->outages));
	if (t->outages == NULL)
		return ERR_NO_MEMORY;
	find_outages(t);
	if (t->outage_count == 0)
		return ERR_NONE;
	err = gather_evidence(&e, t, data, first_day);
	for (i = 0; i < t->outage_count && err == ERR_NONE; i++)
		find_edges(t, &e, &t->outages[i]);
	free(e.list);
	return err;
}
