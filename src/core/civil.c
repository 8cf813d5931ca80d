/*
 * Civil dates by arithmetic: no time zone, no table of month lengths but the
 * one that checks a date, no library whose behaviour depends on a locale.
 */
#include "core/civil.h"

/* Days from 0000-03-01, where the arithmetic starts, to 1970-01-01. */
#define EPOCH_FROM_MARCH_0 719468
#define DAYS_OF_400_YEARS 146097

int64_t
civil_floor_div(int64_t value, int64_t by)
{
	int64_t quotient = value / by;

	return value % by < 0 ? quotient - 1 : quotient;
}

int32_t
civil_days(int year, int month, int day)
{
	/* March is month 0, so that the leap day ends its year. */
	int y = month <= 2 ? year - 1 : year;
	int m = month <= 2 ? month + 9 : month - 3;
	int era = (int)civil_floor_div(y, 400);
	int of_era = y - era * 400;
	/* 153 days in each five months from March on: 31 30 31 30 31. */
	int of_year = (153 * m + 2) / 5 + day - 1;
	int days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;

	return era * DAYS_OF_400_YEARS + days - EPOCH_FROM_MARCH_0;
}

void
civil_date(int32_t days, int *year, int *month, int *day)
{
	int64_t from = (int64_t)days + EPOCH_FROM_MARCH_0;
	int era = (int)civil_floor_div(from, DAYS_OF_400_YEARS);
	int of_era = (int)(from - (int64_t)era * DAYS_OF_400_YEARS);
	int y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) /
	    365;
	int of_year = of_era - (365 * y + y / 4 - y / 100);
	int m = (5 * of_year + 2) / 153;

	*day = of_year - (153 * m + 2) / 5 + 1;
	*month = m < 10 ? m + 3 : m - 9;
	*year = y + era * 400 + (*month <= 2);
}

bool
civil_is_date(int year, int month, int day)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (month < 1 || month > 12 || day < 1)
		return false;
	return day <= lengths[month - 1] + (month == 2 && leap);
}

int
civil_weekday(int32_t days)
{
	/* 1970-01-01 was a Thursday, weekday 3. */
	int64_t shifted = (int64_t)days + 3;

	return (int)(shifted - 7 * civil_floor_div(shifted, 7));
}
