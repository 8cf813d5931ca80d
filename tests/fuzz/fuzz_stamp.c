/*
 * Stamps, dates and times of day, against a slow reader of its own: it takes
 * one character after the other and counts days year by year and month by
 * month.  What was read is read again from what is written of it.
 */
#include "fuzz.h"

#include "core/civil.h"
#include "core/stamp.h"

struct text {
	const char *s;
	const char *end;
};

static bool
take_text(struct text *t, const char *what)
{
	size_t len = strlen(what);

	if ((size_t)(t->end - t->s) < len || memcmp(t->s, what, len) != 0)
		return false;
	t->s += len;
	return true;
}

/* Takes that many digits. */
static bool
take_digits(struct text *t, int digits, int64_t *out)
{
	*out = 0;
	while (digits-- > 0) {
		if (t->s == t->end || *t->s < '0' || *t->s > '9')
			return false;
		*out = *out * 10 + (*t->s++ - '0');
	}
	return true;
}

static int64_t
days_of_year(int64_t year)
{
	bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);

	return leap ? 366 : 365;
}

static bool
take_date(struct text *t, int64_t *days)
{
	int64_t lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int64_t year, month, day, i;

	if (!take_digits(t, 4, &year) || !take_text(t, "-") ||
	    !take_digits(t, 2, &month) || !take_text(t, "-") ||
	    !take_digits(t, 2, &day))
		return false;
	if (days_of_year(year) == 366)
		lengths[1] = 29;
	if (month < 1 || month > 12 || day < 1 || day > lengths[month - 1])
		return false;
	*days = day - 1;
	for (i = 1; i < month; i++)
		*days += lengths[i - 1];
	for (i = 1970; i < year; i++)
		*days += days_of_year(i);
	for (i = year; i < 1970; i++)
		*days -= days_of_year(i);
	return true;
}

/* "HH:MM:SS", or "HH:MM" where seconds may be left out. */
static bool
take_clock(struct text *t, bool short_too, int64_t *seconds)
{
	int64_t hour, minute, second = 0;

	if (!take_digits(t, 2, &hour) || !take_text(t, ":") ||
	    !take_digits(t, 2, &minute))
		return false;
	if ((!short_too || t->s < t->end) &&
	    (!take_text(t, ":") || !take_digits(t, 2, &second)))
		return false;
	*seconds = (hour * 60 + minute) * 60 + second;
	return minute < 60 && second < 60;
}

static bool
take_stamp(struct text *t, int64_t *us)
{
	int64_t days, seconds, digit, fraction = 0, unit = 100000;

	if (!take_date(t, &days) || (!take_text(t, " ") && !take_text(t, "T")))
		return false;
	if (!take_clock(t, false, &seconds) || seconds >= 86400)
		return false;
	if (take_text(t, ".")) {
		if (!take_digits(t, 1, &digit))
			return false;
		do {
			fraction += digit * unit;
			unit /= 10;
		} while (unit > 0 && take_digits(t, 1, &digit));
	}
	if (!take_text(t, " UTC") && !take_text(t, "Z"))
		(void)take_text(t, "+00:00");
	*us = (days * 86400 + seconds) * 1000000 + fraction;
	return true;
}

/* Written and read again, an instant of the years 0 to 9999 is the same. */
static void
check_written(int64_t us)
{
	char text[STAMP_TEXT];
	int64_t back;

	assert_int_equal(strlen(stamp_format(us, text)), STAMP_TEXT - 1);
	assert_true(stamp_parse(text, STAMP_TEXT - 1, &back));
	assert_int_equal(back, us);
}

static void
check_date(int32_t days)
{
	int year, month, day;

	civil_date(days, &year, &month, &day);
	assert_true(civil_is_date(year, month, day));
	assert_int_equal(civil_days(year, month, day), days);
	/* Day 0 was a Thursday. */
	assert_int_equal(civil_weekday(days), ((days % 7) + 7 + 3) % 7);
}

/* The first bytes as a number, brought between the years 0 and 9999. */
static void
check_number(const uint8_t *data, size_t size)
{
	const int64_t first = INT64_C(-719528) * STAMP_DAY_US;
	const uint64_t span = UINT64_C(3652425) * (uint64_t)STAMP_DAY_US;
	uint64_t number = 0;
	int64_t us;

	memcpy(&number, data, size < sizeof(number) ? size : sizeof(number));
	us = first + (int64_t)(number % span);
	check_written(us);
	check_date((int32_t)civil_floor_div(us, STAMP_DAY_US));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = fuzz_copy(data, size, false);
	struct text whole = { s, s + size }, t = whole;
	int64_t us = -7, wanted;
	int32_t days = -7, seconds = -7;
	bool good;

	good = take_stamp(&t, &wanted) && t.s == t.end;
	assert_int_equal(stamp_parse(s, size, &us), good);
	assert_int_equal(us, good ? wanted : -7);
	if (good)
		check_written(us);
	t = whole;
	good = take_date(&t, &wanted) && t.s == t.end;
	assert_int_equal(stamp_parse_date(s, size, &days), good);
	assert_int_equal(days, good ? wanted : -7);
	if (good)
		check_date(days);
	t = whole;
	good = take_clock(&t, true, &wanted) && t.s == t.end && wanted <= 86400;
	assert_int_equal(stamp_parse_clock(s, size, &seconds), good);
	/* A time of day that is too late is the caller's to drop. */
	assert_true(!good || seconds == wanted);
	check_number(data, size);
	free(s);
	return 0;
}
