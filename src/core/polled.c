/*
 * Counting goes from poll to poll and past all that are in the hour counted
 * last.  The comparison with the median is made of whole numbers, so that
 * nothing depends on how a machine rounds.
 */
#include "core/polled.h"

#include "core/stamp.h"

#include <string.h>

/* Blind: under a fifth of the median, so under a tenth of twice of it. */
#define TWICE_MEDIAN_PARTS 10

void
polled_begin(struct polled *p, int64_t as_of_us)
{
	int64_t past_us = as_of_us % STAMP_HOUR_US; /* the hour */

	memset(p, 0, sizeof(*p));
	p->from_us = as_of_us - uptime_window_us[WINDOW_WEEK];
	p->clock_hours = past_us == 0 ? POLLED_HOURS : POLLED_HOURS - 1;
	p->clock_from_us = as_of_us - past_us -
	    (int64_t)p->clock_hours * STAMP_HOUR_US;
}

/* Counts a store in each of the hours from from_us on that has a poll. */
static void
count(uint32_t stores[POLLED_HOURS], int64_t from_us, size_t hours,
    const struct poll *polls, size_t n)
{
	int64_t end_us = from_us + (int64_t)hours * STAMP_HOUR_US;
	int64_t next_us = from_us;
	size_t i;

	for (i = 0; i < n && polls[i].at_us < end_us; i++) {
		uint64_t hour;

		if (polls[i].at_us < next_us)
			continue;
		hour = (uint64_t)(polls[i].at_us - from_us) /
		    (uint64_t)STAMP_HOUR_US;
		stores[hour]++;
		next_us = from_us + ((int64_t)hour + 1) * STAMP_HOUR_US;
	}
}

void
polled_add(struct polled *p, const struct poll *polls, size_t n)
{
	count(p->before, p->from_us, POLLED_HOURS, polls, n);
	count(p->clock, p->clock_from_us, p->clock_hours, polls, n);
}

/* The k-th of n numbers in order, k from 0. */
static uint32_t
kth(const uint32_t *numbers, size_t n, size_t k)
{
	size_t i, j;

	for (i = 0; i + 1 < n; i++) {
		size_t less = 0, same = 0;

		for (j = 0; j < n; j++) {
			less += numbers[j] < numbers[i];
			same += numbers[j] == numbers[i];
		}
		if (less <= k && k < less + same)
			break;
	}
	return numbers[i];
}

void
polled_find_blind(const struct polled *p, struct polled_blind *out)
{
	size_t n = p->clock_hours, i;

	memset(out, 0, sizeof(*out));
	out->twice_median = (uint64_t)kth(p->clock, n, (n - 1) / 2) +
	    kth(p->clock, n, n / 2);
	for (i = 0; i < n; i++) {
		struct polled_run *last = &out->run[out->runs];

		if (p->clock[i] * (uint64_t)TWICE_MEDIAN_PARTS >=
		    out->twice_median)
			continue;
		if (out->runs > 0 && last[-1].first + last[-1].hours == i) {
			last[-1].hours++;
		} else {
			last->first = i;
			last->hours = 1;
			out->runs++;
		}
		out->hours++;
	}
}
