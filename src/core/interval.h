/* Half-open intervals [start, end) of instants. */
#ifndef CORE_INTERVAL_H
#define CORE_INTERVAL_H

#include <stddef.h>
#include <stdint.h>

struct interval {
	int64_t start_us;
	int64_t end_us;
};

/*
 * Sorts the n intervals, drops those that end at or before their start and
 * merges those that overlap or touch, in place.  Returns how many are left:
 * in order, apart from each other.
 */
size_t interval_merge(struct interval *list, size_t n);

#endif
