/* Exact division: in 128 bits, since sums of microseconds are large. */
#include "core/share.h"

int32_t
share_floor(int64_t part, int64_t whole)
{
	if (whole <= 0)
		return SHARE_NONE;
	return (int32_t)((__int128)part * 10000 / whole);
}

int64_t
share_round(int64_t value, int64_t unit)
{
	int64_t half = unit / 2;

	return value < 0 ? (value - half) / unit : (value + half) / unit;
}
