/* Dates: known ones, and every day of ten thousand years counted through. */
#include "core/civil.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/check.h"

static const struct {
	const char *name;
	int year;
	int month;
	int day;
	int32_t days;
	int weekday;
} dates[] = {
	{ "epoch", 1970, 1, 1, 0, 3 },
	{ "day before", 1969, 12, 31, -1, 2 },
	{ "leap day of 1972", 1972, 2, 29, 789, 1 },
	{ "first poll", 2000, 1, 1, 10957, 5 },
	{ "leap day of 2000", 2000, 2, 29, 11016, 1 },
	{ "a Sunday", 2023, 1, 22, 19379, 6 },
	{ "a Monday", 2023, 1, 23, 19380, 0 },
	{ "28 February 2100", 2100, 2, 28, 47540, 6 },
	{ "1 March 2100", 2100, 3, 1, 47541, 0 },
	{ "the last", 9999, 12, 31, 2932896, 4 },
	{ "the first", 0, 1, 1, -719528, 5 },
	{ "leap day of 0", 0, 2, 29, -719469, 1 },
	{ "from where it counts", 0, 3, 1, -719468, 2 },
};

static void
test_known(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(dates); i++) {
		int year, month, day;

		check_number(dates[i].name,
		    civil_days(dates[i].year, dates[i].month, dates[i].day),
		    dates[i].days);
		check_number(dates[i].name, civil_weekday(dates[i].days),
		    dates[i].weekday);
		civil_date(dates[i].days, &year, &month, &day);
		check_number(dates[i].name, year, dates[i].year);
		check_number(dates[i].name, month, dates[i].month);
		check_number(dates[i].name, day, dates[i].day);
	}
}

/* Day after day: no gap, nothing twice, the weekdays in turn. */
static void
test_every_day(void **state)
{
	int32_t days = civil_days(0, 1, 1);
	int year, month, day, weekday = civil_weekday(days);
	int y, m, d;

	(void)state;
	for (year = 0; year <= 9999; year++) {
		for (month = 1; month <= 12; month++) {
			for (day = 1; civil_is_date(year, month, day);
			     day++, days++) {
				assert_int_equal(civil_days(year, month, day),
				    days);
				civil_date(days, &y, &m, &d);
				assert_true(y == year && m == month &&
				    d == day);
				assert_int_equal(civil_weekday(days), weekday);
				weekday = weekday == 6 ? 0 : weekday + 1;
			}
			assert_true(day >= 29 && day <= 32);
		}
	}
	assert_int_equal(days, 2932897);
}

static const struct {
	int year;
	int month;
	int last;
} months[] = {
	{ 2023, 1, 31 },
	{ 2023, 2, 28 },
	{ 2024, 2, 29 },
	{ 2000, 2, 29 },
	{ 1900, 2, 28 },
	{ 2100, 2, 28 },
	{ 2400, 2, 29 },
	{ 0, 2, 29 },
	{ 2023, 3, 31 },
	{ 2023, 4, 30 },
	{ 2023, 5, 31 },
	{ 2023, 6, 30 },
	{ 2023, 7, 31 },
	{ 2023, 8, 31 },
	{ 2023, 9, 30 },
	{ 2023, 10, 31 },
	{ 2023, 11, 30 },
	{ 2023, 12, 31 },
	{ 2023, 0, 0 },
	{ 2023, 13, 0 },
	{ 2023, -1, 0 },
};

static void
test_is_date(void **state)
{
	size_t i;
	int day;

	(void)state;
	for (i = 0; i < COUNT(months); i++)
		for (day = -1; day <= 33; day++)
			assert_int_equal(civil_is_date(months[i].year,
					     months[i].month, day),
			    day >= 1 && day <= months[i].last);
}

static const struct {
	int64_t value;
	int64_t by;
	int64_t quotient;
} divisions[] = {
	{ 0, 7, 0 },
	{ 6, 7, 0 },
	{ 7, 7, 1 },
	{ 8, 7, 1 },
	{ -1, 7, -1 },
	{ -6, 7, -1 },
	{ -7, 7, -1 },
	{ -8, 7, -2 },
	{ 5, 1, 5 },
	{ -5, 1, -5 },
	{ INT64_MAX, 2, INT64_MAX / 2 },
	{ INT64_MIN, 2, INT64_MIN / 2 },
	{ INT64_MIN, INT64_MAX, -2 },
};

static void
test_floor(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(divisions); i++)
		assert_int_equal(civil_floor_div(divisions[i].value,
				     divisions[i].by),
		    divisions[i].quotient);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_every_day),
		cmocka_unit_test(test_is_date),
		cmocka_unit_test(test_floor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
