/* Shares of time as percentages, docs/SEMANTICS.md, "The counters". */
#ifndef CORE_SHARE_H
#define CORE_SHARE_H

#include <stdint.h>

#define SHARE_NONE (-1) /* there is nothing to divide by */

/*
 * part / whole in hundredths of a percent, 0 to 10,000, rounded down, so that
 * 10,000 means all of it; SHARE_NONE if whole is 0.  0 <= part <= whole; both
 * may be sums over any number of stores.
 */
int32_t share_floor(int64_t part, int64_t whole);

/*
 * value / unit, rounded half away from zero; unit > 0.  Hours with four
 * decimals are microseconds in units of 360,000.
 */
int64_t share_round(int64_t value, int64_t unit);

#endif
