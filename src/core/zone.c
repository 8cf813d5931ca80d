/*
 * Zone arithmetic.  A report's zones have a handful of segments, so they are
 * walked, not bisected.
 */
#include "core/zone.h"

#include "core/civil.h"
#include "core/stamp.h"

int64_t
zone_instant_us(const struct zone *z, int32_t day, int32_t second)
{
	const struct zone_segment *s = z->segments;
	int64_t local_s = (int64_t)day * CIVIL_DAY_S + second;
	size_t i = 0;

	/*
	 * The first segment that has not ended yet when its own clock shows
	 * this time: no earlier one ever shows it.  If that instant lies
	 * before the segment begins, the time falls into the gap in front of
	 * it and takes the offset before the gap.
	 */
	while (i + 1 < z->count && local_s - s[i].offset_s >= s[i + 1].from_s)
		i++;
	if (i > 0 && local_s - s[i].offset_s < s[i].from_s)
		i--;
	return (local_s - s[i].offset_s) * STAMP_S_US;
}

int32_t
zone_offset_s(const struct zone *z, int64_t us)
{
	size_t i = z->count - 1;

	while (i > 0 && us < z->segments[i].from_s * STAMP_S_US)
		i--;
	return z->segments[i].offset_s;
}

int32_t
zone_local_day(const struct zone *z, int64_t us)
{
	int64_t local_us = us + zone_offset_s(z, us) * STAMP_S_US;

	return (int32_t)civil_floor_div(local_us, STAMP_DAY_US);
}
