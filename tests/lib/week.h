/*
 * One store's hours and polls, by hand, and what is reckoned from them with
 * nothing but src/core/.
 */
#ifndef LIB_WEEK_H
#define LIB_WEEK_H

#include "core/schedule.h"
#include "core/uptime.h"

#include "instant.h"

#define WEEK_POLLS 8
#define WEEK_ROWS 4
#define WEEK_SHIFTS 64
#define H 3600
#define REACH_ALL UPTIME_REACH_UNLIMITED

struct week_poll {
	const char *at; /* NULL behind the last */
	bool up;
};

struct week {
	const struct zone *zone;
	struct schedule_week_row rows[WEEK_ROWS];
	size_t row_count;
	struct week_poll polls[WEEK_POLLS];
	const char *as_of;
	enum interpolation interpolation;
	int64_t reach_us;
};

/* The input of a week; arrays are the caller's, as in core/uptime.h. */
struct week_input {
	struct uptime_input in;
	struct interval shifts[WEEK_SHIFTS];
	struct poll polls[WEEK_POLLS];
};

/* Fills w from the week; polls after as_of are left out. */
static inline void
week_load(const struct week *week, struct week_input *w)
{
	struct schedule s = { week->rows, week->row_count, NULL, 0,
		week->zone };
	struct uptime_input *in = &w->in;
	struct interval *shifts = w->shifts;
	size_t n, i;

	memset(in, 0, sizeof(*in));
	in->as_of_us = at(week->as_of);
	in->loaded_us = in->as_of_us - 10 * STAMP_DAY_US;
	in->rules.interpolation = week->interpolation;
	in->rules.reach_us = week->reach_us;
	n = schedule_expand(&s, (int32_t)(in->loaded_us / STAMP_DAY_US),
	    (int32_t)(in->as_of_us / STAMP_DAY_US) + 1, shifts);
	for (; n > 0 && shifts->end_us < in->loaded_us; n--)
		shifts++;
	while (n > 0 && shifts[n - 1].start_us > in->as_of_us)
		n--;
	in->shifts = shifts;
	in->shift_count = n;
	for (i = 0; i < WEEK_POLLS && week->polls[i].at != NULL; i++) {
		w->polls[i].at_us = at(week->polls[i].at);
		w->polls[i].up = week->polls[i].up;
		if (w->polls[i].at_us <= in->as_of_us)
			in->poll_count = i + 1;
	}
	in->polls = w->polls;
}

#endif
