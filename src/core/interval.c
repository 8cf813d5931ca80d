/*
 * Merging.  The lists come nearly sorted (date by date), and short, which is
 * what insertion is best at.
 */
#include "core/interval.h"

static void
sort(struct interval *list, size_t n)
{
	size_t i, j;

	for (i = 1; i < n; i++) {
		struct interval one = list[i];

		for (j = i; j > 0 && list[j - 1].start_us > one.start_us; j--)
			list[j] = list[j - 1];
		list[j] = one;
	}
}

size_t
interval_merge(struct interval *list, size_t n)
{
	size_t i, kept = 0;

	sort(list, n);
	for (i = 0; i < n; i++) {
		if (list[i].end_us <= list[i].start_us)
			continue;
		if (kept > 0 && list[i].start_us <= list[kept - 1].end_us) {
			if (list[i].end_us > list[kept - 1].end_us)
				list[kept - 1].end_us = list[i].end_us;
			continue;
		}
		list[kept++] = list[i];
	}
	return kept;
}
