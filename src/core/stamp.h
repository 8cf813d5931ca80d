/*
 * Time stamps: an instant is an int64_t of microseconds since
 * 1970-01-01 00:00:00 UTC, without leap seconds.
 */
#ifndef CORE_STAMP_H
#define CORE_STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STAMP_S_US INT64_C(1000000)
#define STAMP_MIN_US (60 * STAMP_S_US)
#define STAMP_HOUR_US (3600 * STAMP_S_US)
/* A day of UTC.  Local days have other lengths: see core/zone.h. */
#define STAMP_DAY_US (86400 * STAMP_S_US)

/* 2000-01-01 00:00:00 UTC, the earliest poll. */
#define STAMP_FIRST_US (INT64_C(946684800) * STAMP_S_US)
/* 3000-01-01 00:00:00 UTC, the first instant past all others. */
#define STAMP_END_US (INT64_C(32503680000) * STAMP_S_US)

#define STAMP_TEXT 28       /* bytes of a formatted stamp with its NUL */
#define STAMP_LOCAL_TEXT 33 /* of one with an offset */

/*
 * Reads a stamp like "2023-01-22 12:09:39.388884 UTC": a real date, a blank
 * or 'T', a time of day to 23:59:59, 0 to 6 fraction digits, and " UTC", "Z",
 * "+00:00" or nothing.  Nothing may stand before or behind.  False, with *us
 * untouched, if it is no such text.  The bounds of polls are the caller's.
 */
bool stamp_parse(const char *s, size_t len, int64_t *us);

/* Reads "YYYY-MM-DD", a real date, as its day number (core/civil.h). */
bool stamp_parse_date(const char *s, size_t len, int32_t *days);

/*
 * Reads "HH:MM" or "HH:MM:SS", 00:00:00 to 24:00:00, as seconds of the wall
 * clock since midnight.
 */
bool stamp_parse_clock(const char *s, size_t len, int32_t *seconds);

/*
 * Writes us as RFC 3339 with six digits and Z, "2023-01-22T12:09:39.388884Z",
 * and a NUL.  Years 0 to 9999.  Returns out.
 */
char *stamp_format(int64_t us, char out[STAMP_TEXT]);

/*
 * The same as a clock shows it whose time minus UTC is offset_s, with that
 * offset in the place of Z: "2023-01-22T06:09:39.388884-06:00".  Seconds of
 * an offset, which RFC 3339 cannot write, are left out of its text only.
 */
char *
stamp_format_local(int64_t us, int32_t offset_s, char out[STAMP_LOCAL_TEXT]);

#endif
