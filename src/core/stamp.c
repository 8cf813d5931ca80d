/*
 * Fixed formats read at fixed places.  An own reader, because strptime takes
 * 30 February, depends on the locale and is nine times slower, and a poll
 * file has millions of stamps.
 */
#include "core/stamp.h"

#include "core/civil.h"

#include <string.h>

/* The number of the two digits at s, or -1 (any bad digit makes it so). */
static int
two(const char *s)
{
	unsigned a = (unsigned)(s[0] - '0'), b = (unsigned)(s[1] - '0');

	return a > 9 || b > 9 ? -1 : (int)(a * 10 + b);
}

bool
stamp_parse_date(const char *s, size_t len, int32_t *days)
{
	int century, year, month, day;

	if (len != 10 || s[4] != '-' || s[7] != '-')
		return false;
	century = two(s);
	year = two(s + 2);
	month = two(s + 5);
	day = two(s + 8);
	if (century < 0 || year < 0 ||
	    !civil_is_date(century * 100 + year, month, day))
		return false;
	*days = civil_days(century * 100 + year, month, day);
	return true;
}

bool
stamp_parse_clock(const char *s, size_t len, int32_t *seconds)
{
	int hour, minute, second = 0;

	if ((len != 5 && len != 8) || s[2] != ':')
		return false;
	hour = two(s);
	minute = two(s + 3);
	if (len == 8)
		second = s[5] == ':' ? two(s + 6) : -1;
	if (hour < 0 || minute < 0 || second < 0 || minute > 59 || second > 59)
		return false;
	*seconds = hour * 3600 + minute * 60 + second;
	return *seconds <= CIVIL_DAY_S;
}

/* Reads ".ffffff", one to six digits, at *s; moves *s behind it. */
static bool
parse_fraction(const char **s, const char *end, int64_t *us)
{
	int64_t value = 0, unit = STAMP_S_US;
	const char *p = *s + 1;

	while (p < end && *p >= '0' && *p <= '9' && unit > 1) {
		unit /= 10;
		value += (*p++ - '0') * unit;
	}
	if (p == *s + 1)
		return false;
	*s = p;
	*us = value;
	return true;
}

static bool
is_utc_suffix(const char *s, size_t len)
{
	switch (len) {
	case 0:
		return true;
	case 1:
		return s[0] == 'Z';
	case 4:
		return memcmp(s, " UTC", 4) == 0;
	case 6:
		return memcmp(s, "+00:00", 6) == 0;
	default:
		return false;
	}
}

bool
stamp_parse(const char *s, size_t len, int64_t *us)
{
	const char *end = s + len, *p = s + 19;
	int64_t fraction = 0;
	int32_t days, seconds;

	if (len < 19 || (s[10] != ' ' && s[10] != 'T'))
		return false;
	if (!stamp_parse_date(s, 10, &days) ||
	    !stamp_parse_clock(s + 11, 8, &seconds) || seconds >= CIVIL_DAY_S)
		return false;
	if (p < end && *p == '.' && !parse_fraction(&p, end, &fraction))
		return false;
	if (!is_utc_suffix(p, (size_t)(end - p)))
		return false;
	*us = ((int64_t)days * CIVIL_DAY_S + seconds) * STAMP_S_US + fraction;
	return true;
}

/* Writes value with exactly width digits. */
static void
put_digits(char *out, int64_t value, int width)
{
	while (width-- > 0) {
		out[width] = (char)('0' + value % 10);
		value /= 10;
	}
}

char *
stamp_format(int64_t us, char out[STAMP_TEXT])
{
	int64_t days = civil_floor_div(us, STAMP_DAY_US);
	int64_t of_day = us - days * STAMP_DAY_US;
	int64_t seconds = of_day / STAMP_S_US;
	int year, month, day;

	civil_date((int32_t)days, &year, &month, &day);
	memcpy(out, "0000-00-00T00:00:00.000000Z", STAMP_TEXT);
	put_digits(out, year, 4);
	put_digits(out + 5, month, 2);
	put_digits(out + 8, day, 2);
	put_digits(out + 11, seconds / 3600, 2);
	put_digits(out + 14, seconds / 60 % 60, 2);
	put_digits(out + 17, seconds % 60, 2);
	put_digits(out + 20, of_day % STAMP_S_US, 6);
	return out;
}

char *
stamp_format_local(int64_t us, int32_t offset_s, char out[STAMP_LOCAL_TEXT])
{
	int32_t minutes = (offset_s < 0 ? -offset_s : offset_s) / 60;
	char *end = out + STAMP_TEXT - 2; /* where Z stands */

	(void)stamp_format(us + offset_s * STAMP_S_US, out);
	memcpy(end, "+00:00", 7);
	if (offset_s < 0)
		*end = '-';
	put_digits(end + 1, minutes / 60, 2);
	put_digits(end + 4, minutes % 60, 2);
	return out;
}
