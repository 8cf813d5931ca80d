/* Numbers: what is read, what is refused, what is written. */
#include "base/number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/check.h"
#include "../lib/dice.h"

#define UNTOUCHED INT64_C(-77)

static const struct {
	const char *text;
	int64_t min;
	int64_t max;
	bool good;
	int64_t value;
} reads[] = {
	{ "0", 0, 9, true, 0 },
	{ "-0", -9, 9, true, 0 },
	{ "007", 0, 9, true, 7 },
	{ "1", 2, 4, false, 0 },
	{ "2", 2, 4, true, 2 },
	{ "3", 2, 4, true, 3 },
	{ "4", 2, 4, true, 4 },
	{ "5", 2, 4, false, 0 },
	{ "-4", -4, -2, true, -4 },
	{ "-5", -4, -2, false, 0 },
	{ "-2", -4, -2, true, -2 },
	{ "-1", -4, -2, false, 0 },
	{ "9223372036854775806", INT64_MIN, INT64_MAX, true, INT64_MAX - 1 },
	{ "9223372036854775807", INT64_MIN, INT64_MAX, true, INT64_MAX },
	{ "9223372036854775808", INT64_MIN, INT64_MAX, false, 0 },
	{ "-9223372036854775807", INT64_MIN, INT64_MAX, true, -INT64_MAX },
	{ "-9223372036854775808", INT64_MIN, INT64_MAX, true, INT64_MIN },
	{ "-9223372036854775809", INT64_MIN, INT64_MAX, false, 0 },
	{ "18446744073709551617", INT64_MIN, INT64_MAX, false, 0 },
	{ "99999999999999999999999999", INT64_MIN, INT64_MAX, false, 0 },
	{ "", INT64_MIN, INT64_MAX, false, 0 },
	{ "-", INT64_MIN, INT64_MAX, false, 0 },
	{ "--1", INT64_MIN, INT64_MAX, false, 0 },
	{ "+1", INT64_MIN, INT64_MAX, false, 0 },
	{ " 1", INT64_MIN, INT64_MAX, false, 0 },
	{ "1 ", INT64_MIN, INT64_MAX, false, 0 },
	{ "1\n", INT64_MIN, INT64_MAX, false, 0 },
	{ "1-", INT64_MIN, INT64_MAX, false, 0 },
	{ "1.0", INT64_MIN, INT64_MAX, false, 0 },
	{ "1e3", INT64_MIN, INT64_MAX, false, 0 },
	{ "0x10", INT64_MIN, INT64_MAX, false, 0 },
	{ "1/", INT64_MIN, INT64_MAX, false, 0 },
	{ "1:", INT64_MIN, INT64_MAX, false, 0 },
	{ "\xd9\xa3", INT64_MIN, INT64_MAX, false, 0 },
};

static void
test_read(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(reads); i++) {
		int64_t value = UNTOUCHED;
		bool good = number_parse(reads[i].text, strlen(reads[i].text),
		    reads[i].min, reads[i].max, &value);

		check_number(reads[i].text, good, reads[i].good);
		check_number(reads[i].text, value,
		    good ? reads[i].value : UNTOUCHED);
	}
}

/* All of len counts, a NUL too, and nothing behind it. */
static void
test_length(void **state)
{
	int64_t value = UNTOUCHED;

	(void)state;
	assert_true(number_parse("1234", 2, 0, 99, &value));
	assert_int_equal(value, 12);
	assert_false(number_parse("12\0", 3, 0, 99, &value));
	assert_false(number_parse("12", 0, 0, 99, &value));
	assert_int_equal(value, 12);
}

static const struct {
	int64_t value;
	int decimals;
	const char *text;
} writes[] = {
	{ 0, 0, "0" },
	{ 0, 2, "0.00" },
	{ 5, 0, "5" },
	{ 5, 1, "0.5" },
	{ 5, 2, "0.05" },
	{ 99, 2, "0.99" },
	{ 100, 2, "1.00" },
	{ 12345, 2, "123.45" },
	{ -5, 2, "-0.05" },
	{ -12345, 4, "-1.2345" },
	{ 1, 9, "0.000000001" },
	{ INT64_MAX, 0, "9223372036854775807" },
	{ INT64_MIN, 0, "-9223372036854775808" },
	{ INT64_MIN, 9, "-9223372036.854775808" },
	{ INT64_MAX, 6, "9223372036854.775807" },
};

static void
test_write(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(writes); i++) {
		char out[25];
		size_t len;

		memset(out, '#', sizeof(out));
		len = number_format(writes[i].value, writes[i].decimals, out);
		assert_true(len < sizeof(out));
		check_number(writes[i].text, out[len], '#');
		out[len] = '\0';
		check_text(writes[i].text, out, writes[i].text);
	}
}

/* What is written is read back; the library's printf says the same. */
static void
test_round_trip(void **state)
{
	struct dice dice = { 1 };
	int i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		int64_t value = (int64_t)(dice_roll(&dice) << 11 ^
				    dice_roll(&dice)) >>
		    dice_between(&dice, 0, 63);
		char out[25], wanted[25];
		int64_t back;
		size_t len = number_format(value, 0, out);

		out[len] = '\0';
		(void)snprintf(wanted, sizeof(wanted), "%" PRId64, value);
		assert_string_equal(out, wanted);
		assert_true(number_parse(out, len, INT64_MIN, INT64_MAX,
		    &back));
		assert_int_equal(back, value);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
