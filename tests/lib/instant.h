/* Instants and dates as text, and the zones that tests use. */
#ifndef LIB_INSTANT_H
#define LIB_INSTANT_H

#include "core/civil.h"
#include "core/stamp.h"
#include "core/zone.h"

#include <string.h>

/* The instant of a stamp, which must be one. */
static inline int64_t
at(const char *stamp)
{
	int64_t us = 0;

	if (!stamp_parse(stamp, strlen(stamp), &us))
		fail_msg("not a stamp: %s", stamp);
	return us;
}

/* The day number of a date, which must be one. */
static inline int32_t
date(const char *text)
{
	int32_t days = 0;

	if (!stamp_parse_date(text, strlen(text), &days))
		fail_msg("not a date: %s", text);
	return days;
}

/* Offsets by hand: the changes of 2026 (2025b), and one for all time. */
static const struct zone_segment utc_segments[] = { { 0, 0 } };
static const struct zone_segment phoenix_segments[] = { { 0, -7 * 3600 } };
static const struct zone_segment new_york_segments[] = {
	{ 1762063200, -5 * 3600 }, /* 2025-11-02 06:00 UTC */
	{ 1772953200, -4 * 3600 }, /* 2026-03-08 07:00 UTC */
	{ 1793512800, -5 * 3600 }, /* 2026-11-01 06:00 UTC */
};
/* Apia crossed the date line: no 30 December 2011. */
static const struct zone_segment apia_segments[] = {
	{ 1316872800, -10 * 3600 }, /* 2011-09-24 14:00 UTC */
	{ 1325239200, 14 * 3600 },  /* 2011-12-30 10:00 UTC */
};
static const struct zone utc = { utc_segments, 1 };
static const struct zone phoenix = { phoenix_segments, 1 };
static const struct zone new_york = { new_york_segments, 3 };
static const struct zone apia = { apia_segments, 2 };

/* Every test uses some of the zones. */
static inline const struct zone *
zone_by_number(int number)
{
	static const struct zone *const zones[] = { &utc, &phoenix, &new_york,
		&apia };

	return zones[number];
}

#endif
