/*
 * A store's week cut into hours, twice over: the 168 hours before as_of, and
 * the hours of the seven weekdays as the store's own clock shows them.
 */
#ifndef CORE_CELLS_H
#define CORE_CELLS_H

#include "core/uptime.h"
#include "core/zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CELLS 168
#define CELLS_OF_A_DAY 24
#define CELLS_WORDS 3

/*
 * Open time by cells, of a store or as a sum over stores.
 *
 * status_us: cell i is [as_of - 168 h + i h, as_of - 168 h + (i + 1) h).
 * lost_us: down time; cell 24 d + h is the hour h of the wall clock on the
 * weekday d, 0 = Monday.  An instant lies in the hour that the clock shows
 * then: one that comes twice takes both, one that is skipped nothing.
 */
struct cells_times {
	int64_t status_us[STATUS__MAX][CELLS];
	int64_t lost_us[CELLS];
};

/* A set of cells: cell i is the bit i % 64 of word i / 64, the lowest 0. */
struct cells_set {
	uint64_t word[CELLS_WORDS];
};

/* Of a store: which of its times are not zero. */
struct cells_marks {
	struct cells_set status[STATUS__MAX];
	struct cells_set lost;
};

/* One store's week while it is walked.  The zone is the caller's. */
struct cells {
	int64_t from_us;
	const struct zone *zone;
	struct segment run; /* not yet spread; empty: none */
	struct cells_times times;
	struct cells_marks marks;
};

/* Begins with empty cells. */
void cells_begin(struct cells *c, int64_t as_of_us, const struct zone *zone);

/*
 * Takes the next segment of the week: for uptime_walk(), with the struct
 * cells as its context.
 */
void cells_visit(void *cells, const struct segment *s);

/* Ends the walk: times and marks are whole only now. */
void cells_end(struct cells *c);

/* Adds one's times to those of the sum. */
void cells_add(struct cells_times *sum, const struct cells_times *one);

/* True if the cell, below CELLS, is in the set. */
bool cells_has(const struct cells_set *set, size_t cell);

#endif
