/*
 * A time zone as the offsets that were in force, and the wall clock turned
 * into UTC by them.
 *
 * The rule for the two odd cases (RFC 5545, 3.3.5, says the same): a time
 * that the clock skips takes the offset in force before the gap; a time that
 * comes twice means its first occurrence.
 */
#ifndef CORE_ZONE_H
#define CORE_ZONE_H

#include <stddef.h>
#include <stdint.h>

struct zone_segment {
	int64_t from_s;   /* first second of UTC with this offset */
	int32_t offset_s; /* local time minus UTC */
};

/*
 * Segments in order of time; each ends where the next begins.  The first also
 * holds for all time before it, the last for all time after it.  At least
 * one.  The array is the caller's.
 */
struct zone {
	const struct zone_segment *segments;
	size_t count;
};

/*
 * The instant, in microseconds since the epoch, at which the zone's clock
 * shows `second` seconds (0 to 172,800) after the wall clock's midnight of
 * the local date `day` (days since 1970-01-01).
 */
int64_t zone_instant_us(const struct zone *z, int32_t day, int32_t second);

/* The local date, as days since 1970-01-01, at an instant. */
int32_t zone_local_day(const struct zone *z, int64_t us);

/* The offset in force at an instant, in seconds, local time minus UTC. */
int32_t zone_offset_s(const struct zone *z, int64_t us);

#endif
