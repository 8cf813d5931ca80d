/*
 * Random histories of a store, and what the storage would give the program
 * of them.  Time is a row of ticks; all instants are even numbers of ticks,
 * so that midpoints are whole ones and nothing changes inside a tick.
 */
#ifndef UNIT_UPTIME_HISTORY_H
#define UNIT_UPTIME_HISTORY_H

#include "core/stamp.h"
#include "core/uptime.h"

#include "../lib/check.h"
#include "../lib/dice.h"

#define SHIFTS 12
#define POLLS 24
#define AS_OF_US (20000 * STAMP_DAY_US)

/* A history, and how it is looked at. */
struct history {
	int64_t tick_us;
	int64_t first; /* ticks; as_of is tick 0 */
	int64_t loaded;
	struct interval shifts[SHIFTS]; /* in ticks */
	size_t shift_count;
	struct poll polls[POLLS]; /* in ticks */
	size_t poll_count;
	enum interpolation interpolation;
	int64_t reach; /* ticks; -1: unlimited */
};

/* What the program is given of it. */
struct given {
	struct uptime_input in;
	struct interval shifts[SHIFTS];
	struct poll polls[POLLS];
	struct poll past;
};

static inline int64_t
even(struct dice *dice, int64_t low, int64_t high)
{
	return 2 * dice_between(dice, low / 2, high / 2);
}

/* Shifts apart from each other, from the first tick on; the last may run. */
static inline void
make_shifts(struct dice *dice, struct history *h)
{
	int64_t longest = -h->first / dice_between(dice, 1, 8) + 2;
	int64_t tick = h->first + even(dice, 0, longest);

	h->shift_count = 0;
	while (h->shift_count < SHIFTS && tick <= 0) {
		struct interval *s = &h->shifts[h->shift_count++];

		s->start_us = tick;
		s->end_us = tick + even(dice, 2, longest);
		tick = s->end_us + even(dice, 2, longest);
	}
}

/* Polls anywhere, many of them at or beside a boundary. */
static inline void
make_polls(struct dice *dice, struct history *h)
{
	bool taken[POLLS * 1000] = { false };
	int64_t n = dice_between(dice, 0, POLLS), tick;

	assert_true(-h->first < INT64_C(1000) * POLLS);
	while (n-- > 0) {
		tick = even(dice, h->first, 0);
		if (h->shift_count > 0 && dice_one_in(dice, 3)) {
			const struct interval *s = &h->shifts[dice_between(dice,
			    0, (int64_t)h->shift_count - 1)];

			tick = (dice_one_in(dice, 2) ? s->start_us
						     : s->end_us) +
			    even(dice, -2, 2);
		}
		if (dice_one_in(dice, 20))
			tick = h->loaded + even(dice, -2, 2);
		if (tick <= 0 && tick >= h->first)
			taken[-tick] = true;
	}
	h->poll_count = 0;
	for (tick = h->first; tick <= 0; tick++) {
		if (!taken[-tick])
			continue;
		h->polls[h->poll_count].at_us = tick;
		h->polls[h->poll_count++].up = dice_one_in(dice, 2);
	}
}

/* Spans of 3 hours, of 2 days, and of more than the week that is loaded. */
static inline void
make(struct dice *dice, struct history *h)
{
	static const struct {
		int64_t tick_s;
		int64_t ticks;
		int64_t loaded;
	} spans[] = {
		{ 2, 5400, 302400 },
		{ 60, 2880, 10080 },
		{ 600, 1728, 1008 },
		{ 600, 1728, 1152 },
		{ 1800, 700, 336 },
		{ 1800, 700, 384 },
	};
	size_t span = (size_t)dice_between(dice, 0, COUNT(spans) - 1);

	h->tick_us = spans[span].tick_s * STAMP_S_US;
	h->first = -spans[span].ticks;
	h->loaded = -spans[span].loaded;
	make_shifts(dice, h);
	make_polls(dice, h);
}

static inline int64_t
instant(const struct history *h, int64_t tick)
{
	return AS_OF_US + tick * h->tick_us;
}

/* The shift of which a tick is evidence, or -1. */
static inline int
shift_of(const struct history *h, int64_t tick)
{
	size_t i;

	for (i = 0; i < h->shift_count; i++)
		if (tick >= h->shifts[i].start_us &&
		    tick <= h->shifts[i].end_us)
			return (int)i;
	return -1;
}

/* Fills what the storage would: see core/uptime.h. */
static inline void
give(struct dice *dice, const struct history *h, struct given *g)
{
	struct uptime_input *in = &g->in;
	size_t i;

	memset(g, 0, sizeof(*g));
	in->as_of_us = AS_OF_US;
	in->loaded_us = instant(h, h->loaded);
	in->rules.interpolation = h->interpolation;
	in->rules.reach_us = h->reach < 0 ? UPTIME_REACH_UNLIMITED
					  : h->reach * h->tick_us;
	in->shifts = g->shifts;
	in->polls = g->polls;
	for (i = 0; i < h->shift_count; i++) {
		struct interval s = h->shifts[i];

		if (s.end_us < h->loaded)
			continue;
		if (s.start_us < h->loaded && dice_one_in(dice, 2))
			s.start_us = h->loaded;
		g->shifts[in->shift_count].start_us = instant(h, s.start_us);
		g->shifts[in->shift_count++].end_us = instant(h, s.end_us);
	}
	for (i = 0; i < h->poll_count; i++) {
		struct poll p = h->polls[i];
		int shift = shift_of(h, p.at_us);

		p.at_us = instant(h, p.at_us);
		if (h->polls[i].at_us >= h->loaded) {
			g->polls[in->poll_count++] = p;
		} else if (shift >= 0) {
			g->past = p;
			in->past = &g->past;
			in->past_joins = h->shifts[shift].end_us >= h->loaded;
		}
	}
}

#endif
