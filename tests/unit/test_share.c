/* Shares: rounded down; figures: rounded half away from zero. */
#include "core/share.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/check.h"

static const struct {
	const char *name;
	int64_t part;
	int64_t whole;
	int32_t share;
} shares[] = {
	{ "nothing to divide by", 0, 0, SHARE_NONE },
	{ "none", 0, 1, 0 },
	{ "all", 1, 1, 10000 },
	{ "a third", 1, 3, 3333 },
	{ "two thirds", 2, 3, 6666 },
	{ "all but a microsecond of a week", INT64_C(604799999999),
	    INT64_C(604800000000), 9999 },
	{ "a microsecond of a week", 1, INT64_C(604800000000), 0 },
	{ "just below a hundredth", 9999, 100000000, 0 },
	{ "a hundredth", 10000, 100000000, 1 },
	{ "just above a hundredth", 10001, 100000000, 1 },
	{ "sums beyond 64 bits", INT64_MAX, INT64_MAX, 10000 },
	{ "nearly all of such a sum", INT64_MAX - 1, INT64_MAX, 9999 },
	{ "half of such a sum", INT64_MAX / 2, INT64_MAX, 4999 },
};

static void
test_shares(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(shares); i++)
		check_number(shares[i].name,
		    share_floor(shares[i].part, shares[i].whole),
		    shares[i].share);
}

static const struct {
	const char *name;
	int64_t value;
	int64_t unit;
	int64_t rounded;
} rounds[] = {
	{ "zero", 0, 360000, 0 },
	{ "below half", 179999, 360000, 0 },
	{ "half", 180000, 360000, 1 },
	{ "above half", 180001, 360000, 1 },
	{ "below one and a half", 539999, 360000, 1 },
	{ "one and a half", 540000, 360000, 2 },
	{ "below half, negative", -179999, 360000, 0 },
	{ "half, negative", -180000, 360000, -1 },
	{ "one and a half, negative", -540000, 360000, -2 },
	{ "an hour in hundredths of a minute", INT64_C(3600000000), 600000,
	    6000 },
	{ "a week in ten-thousandths of an hour", INT64_C(604800000000), 360000,
	    1680000 },
	{ "odd unit, below half", 1, 3, 0 },
	{ "odd unit, above half", 2, 3, 1 },
	{ "unit one", 7, 1, 7 },
};

static void
test_rounds(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rounds); i++)
		check_number(rounds[i].name,
		    share_round(rounds[i].value, rounds[i].unit),
		    rounds[i].rounded);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_rounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
