/*
 * Dates of the proleptic Gregorian calendar, as days since 1970-01-01.
 * Source of the formulas: the calendar repeats every 400 years = 146,097
 * days; a year counted from 1 March has its leap day at the end.
 */
#ifndef CORE_CIVIL_H
#define CORE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

#define CIVIL_DAY_S 86400 /* seconds of a day of UTC; of UTC only */

/* The day number of a date.  The date must be valid; years 0 to 9999. */
int32_t civil_days(int year, int month, int day);

/* The date of a day number, into *year, *month (1-12) and *day (1-31). */
void civil_date(int32_t days, int *year, int *month, int *day);

/* True if there is such a date: month 1-12, day within the month. */
bool civil_is_date(int year, int month, int day);

/* The weekday of a day number, 0 = Monday to 6 = Sunday. */
int civil_weekday(int32_t days);

/* value / by, rounded down also for negative values; by > 0. */
int64_t civil_floor_div(int64_t value, int64_t by);

#endif
