/*
 * How many stores were polled, hour by hour of the week, and in which hours
 * that were far too few: docs/SEMANTICS.md, "Blind".
 */
#ifndef CORE_POLLED_H
#define CORE_POLLED_H

#include "core/uptime.h"

#include <stddef.h>
#include <stdint.h>

#define POLLED_HOURS 168

/*
 * Stores with a poll of any kind in each hour.  The hours before as_of are
 * cells as in core/cells.h; the hours of the clock are those of UTC that lie
 * wholly within the week.
 */
struct polled {
	int64_t from_us;
	int64_t clock_from_us;
	size_t clock_hours; /* 167, or 168 if as_of is on the hour */
	uint32_t before[POLLED_HOURS];
	uint32_t clock[POLLED_HOURS];
};

struct polled_run {
	size_t first; /* hour of the clock */
	size_t hours;
};

struct polled_blind {
	uint64_t
	    twice_median; /* of the stores polled in an hour of the clock */
	size_t hours;
	struct polled_run run[POLLED_HOURS / 2 + 1]; /* apart from each other */
	size_t runs;
};

/* Begins with no stores. */
void polled_begin(struct polled *p, int64_t as_of_us);

/* Adds a store by its polls, in order; those outside the week do not count. */
void polled_add(struct polled *p, const struct poll *polls, size_t n);

/* Finds the blind hours. */
void polled_find_blind(const struct polled *p, struct polled_blind *out);

#endif
