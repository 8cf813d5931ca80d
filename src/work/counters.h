/*
 * The counters of a window by name: summed up, and told as the columns of the
 * detail CSV and as the members of a JSON object.
 */
#ifndef WORK_COUNTERS_H
#define WORK_COUNTERS_H

#include "base/buf.h"
#include "core/uptime.h"

#include <stddef.h>
#include <stdint.h>

#define COUNTERS ((size_t)5)

/* "up", "down", "unknown", "observed_up", "observed_down". */
extern const char *const counter_names[COUNTERS];

/* The counter with the i-th of these names. */
int64_t counters_get(const struct counters *c, size_t i);

/* Adds each of one's counters to those of the sum. */
void counters_add(struct counters *sum, const struct counters *one);

/* Business time of the window: up + down + unknown. */
int64_t counters_business(const struct counters *c);

/*
 * Appends the window as a JSON object: each counter and the business time in
 * seconds with six decimals (up_s and so on, business_s), and
 * availability_percent, its two bounds and coverage_percent with two, rounded
 * down, or null where there is nothing to divide.
 */
void counters_json(struct buf *out, const struct counters *c);

#endif
