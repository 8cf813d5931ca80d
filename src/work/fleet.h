/*
 * The sums of a report over its stores, and their shares of weekly
 * availability; see docs/SEMANTICS.md for the terms.
 */
#ifndef WORK_FLEET_H
#define WORK_FLEET_H

#include "work/reckon.h"

#include <stdbool.h>
#include <stdint.h>

#define FLEET_BINS 14

/*
 * Bounds of weekly availability, in percent: from <= a < to.  The first is of
 * the dark stores, the last of those without down time.
 */
struct fleet_bin {
	int from;
	int to;
};

extern const struct fleet_bin fleet_bins[FLEET_BINS];

/* All zeros: no store yet. */
struct fleet {
	uint64_t stores;
	uint64_t dark;
	uint64_t never_polled;
	uint64_t now[STATUS_NOW__MAX]; /* stores by status at as_of */
	uint64_t outages;
	struct counters window[WINDOW__MAX];
	struct counters lit[WINDOW__MAX]; /* of stores that are not dark */
	bool has_poll;
	int64_t newest_poll_us;
	uint64_t bin[FLEET_BINS]; /* stores */
	uint64_t no_bin;          /* with no up or down time in the week */
};

/* Dark: no up time in the week, and down time. */
bool fleet_is_dark(const struct reckoned *store);

/* Adds a store to the sums. */
void fleet_add(struct fleet *f, const struct reckoned *store);

#endif
