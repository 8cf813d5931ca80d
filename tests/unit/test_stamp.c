/* Stamps: what is one, what is none, and back to text. */
#include "core/stamp.h"

#include "core/civil.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/check.h"
#include "../lib/dice.h"

#define UNTOUCHED (-7)
#define BASE INT64_C(1674389379) /* 2023-01-22 12:09:39 UTC */

static const struct {
	const char *text;
	int64_t us;
} good[] = {
	{ "2023-01-22 12:09:39.388884 UTC", BASE * 1000000 + 388884 },
	{ "2023-01-22 12:09:39.388884Z", BASE * 1000000 + 388884 },
	{ "2023-01-22T12:09:39.388884+00:00", BASE * 1000000 + 388884 },
	{ "2023-01-22T12:09:39.388884 UTC", BASE * 1000000 + 388884 },
	{ "2023-01-22 12:09:39.388884", BASE * 1000000 + 388884 },
	{ "2023-01-22 12:09:39", BASE * 1000000 },
	{ "2023-01-22 12:09:39 UTC", BASE * 1000000 },
	{ "2023-01-22T12:09:39Z", BASE * 1000000 },
	{ "2023-01-22 12:09:39+00:00", BASE * 1000000 },
	{ "2023-01-22 12:09:39.3 UTC", BASE * 1000000 + 300000 },
	{ "2023-01-22 12:09:39.38", BASE * 1000000 + 380000 },
	{ "2023-01-22 12:09:39.388", BASE * 1000000 + 388000 },
	{ "2023-01-22 12:09:39.3888", BASE * 1000000 + 388800 },
	{ "2023-01-22 12:09:39.38888", BASE * 1000000 + 388880 },
	{ "2023-01-22 12:09:39.000001", BASE * 1000000 + 1 },
	{ "2023-01-22 12:09:39.0", BASE * 1000000 },
	{ "1970-01-01 00:00:00", 0 },
	{ "1969-12-31 23:59:59.999999", -1 },
	{ "2000-01-01 00:00:00", STAMP_FIRST_US },
	{ "2999-12-31 23:59:59.999999", STAMP_END_US - 1 },
	{ "2024-02-29 23:59:59", INT64_C(1709251199) * 1000000 },
	{ "0000-01-01 00:00:00", INT64_C(-62167219200) * 1000000 },
	{ "9999-12-31 23:59:59.999999", INT64_C(253402300799999999) },
};

static const char *const bad[] = {
	"",
	"2023",
	"2023-01-22",
	"2023-01-22 12:09",
	"2023-01-22 12:09:3",
	"2023-01-22 12:09:39.",
	"2023-01-22 12:09:39. UTC",
	"2023-01-22 12:09:39.3888841",
	"2023-01-22 12:09:39.3888840 UTC",
	"2023-01-22 12:09:39,388884",
	"2023-01-22 12:09:39 ",
	"2023-01-22 12:09:39  UTC",
	"2023-01-22 12:09:39 UTC ",
	"2023-01-22 12:09:39UTC",
	"2023-01-22 12:09:39 utc",
	"2023-01-22 12:09:39 Z",
	"2023-01-22 12:09:39z",
	"2023-01-22 12:09:39+00:01",
	"2023-01-22 12:09:39+0000",
	"2023-01-22 12:09:39-00:00",
	"2023-01-22 12:09:39 GMT",
	"2023-01-22 12:09:39+01:00",
	"2023-01-22 12:09:39 PST",
	"2023-01-22t12:09:39",
	"2023-01-22  12:09:39",
	"2023-01-22_12:09:39",
	" 2023-01-22 12:09:39",
	"2023/01/22 12:09:39",
	"22-01-2023 12:09:39",
	"2023-1-22 12:09:39",
	"2023-00-22 12:09:39",
	"2023-13-22 12:09:39",
	"2023-01-00 12:09:39",
	"2023-01-32 12:09:39",
	"2023-02-29 12:09:39",
	"2023-04-31 12:09:39",
	"2100-02-29 12:09:39",
	"2023-01-22 24:00:00",
	"2023-01-22 23:60:00",
	"2023-01-22 23:59:60",
	"2023-01-22 -1:00:00",
	"2023-01-22 1a:00:00",
	"2023-01-22 12-09-39",
	"20230122 12:09:39",
	"+023-01-22 12:09:39",
	"2023-01-22 12:09:39.-1",
	"-2023-01-22 12:09:3",
	"2023-01-22 12:09:39.38 8",
	"1674389379",
	"2023-01-22 12:09:39+00:00Z",
};

/* Reads from memory that ends where the text does. */
static bool
parse(const char *text, size_t len, int64_t *us)
{
	char *copy = malloc(len + 1);
	bool is;

	assert_non_null(copy);
	memcpy(copy + 1, text, len);
	*us = UNTOUCHED;
	is = stamp_parse(copy + 1, len, us);
	free(copy);
	return is;
}

static void
test_good(void **state)
{
	int64_t us;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good); i++) {
		check_true(good[i].text,
		    parse(good[i].text, strlen(good[i].text), &us));
		check_number(good[i].text, us, good[i].us);
	}
}

static void
test_bad(void **state)
{
	int64_t us;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		check_true(bad[i], !parse(bad[i], strlen(bad[i]), &us));
		check_number(bad[i], us, UNTOUCHED);
	}
}

/* Of all beginnings of a stamp only those that end at a digit are stamps. */
static void
test_beginnings(void **state)
{
	static const char text[] = "2023-01-22 12:09:39.388884 UTC";
	size_t len;
	int64_t us;

	(void)state;
	for (len = 0; len < sizeof(text); len++)
		assert_int_equal(parse(text, len, &us),
		    len == 19 || (len >= 21 && len <= 26) || len == 30);
}

/* Any other byte anywhere is refused or changes what the text means. */
static void
test_bytes(void **state)
{
	static const char text[] = "2023-01-22 12:09:39.388884 UTC";
	char other[sizeof(text)];
	size_t place;
	int64_t us;
	int byte;

	(void)state;
	for (place = 0; place < sizeof(text) - 1; place++) {
		for (byte = 0; byte < 256; byte++) {
			bool digit = byte >= '0' && byte <= '9';

			memcpy(other, text, sizeof(text));
			other[place] = (char)byte;
			if (!parse(other, sizeof(text) - 1, &us))
				continue;
			if (other[place] == text[place] ||
			    (place == 10 && byte == 'T'))
				assert_int_equal(us, BASE * 1000000 + 388884);
			else
				assert_true(digit &&
				    us != BASE * 1000000 + 388884);
		}
	}
}

static void
test_round_trip(void **state)
{
	struct dice dice = { 5 };
	int i;

	(void)state;
	for (i = 0; i < 200000; i++) {
		int64_t us = dice_between(&dice, good[21].us, good[22].us);
		char out[STAMP_TEXT];
		int64_t back;

		if (dice_one_in(&dice, 3))
			us -= us % STAMP_S_US;
		assert_ptr_equal(stamp_format(us, out), out);
		assert_int_equal(strlen(out), 27);
		assert_true(parse(out, strlen(out), &back));
		assert_int_equal(back, us);
	}
}

static void
test_format(void **state)
{
	char out[STAMP_TEXT];

	(void)state;
	assert_string_equal(stamp_format(BASE * 1000000 + 388884, out),
	    "2023-01-22T12:09:39.388884Z");
	assert_string_equal(stamp_format(0, out),
	    "1970-01-01T00:00:00.000000Z");
	assert_string_equal(stamp_format(-1, out),
	    "1969-12-31T23:59:59.999999Z");
	assert_string_equal(stamp_format(STAMP_END_US, out),
	    "3000-01-01T00:00:00.000000Z");
}

static void
test_format_local(void **state)
{
	static const struct {
		int32_t offset_s;
		const char *text;
	} rows[] = {
		{ 0, "2023-01-22T12:09:39.388884+00:00" },
		{ -6 * 3600, "2023-01-22T06:09:39.388884-06:00" },
		{ -12 * 3600 - 600, "2023-01-21T23:59:39.388884-12:10" },
		{ 14 * 3600, "2023-01-23T02:09:39.388884+14:00" },
		{ 20700, "2023-01-22T17:54:39.388884+05:45" },
		{ -1800, "2023-01-22T11:39:39.388884-00:30" },
		/* Seconds count, and are not told. */
		{ -2670, "2023-01-22T11:25:09.388884-00:44" },
	};
	char out[STAMP_LOCAL_TEXT];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		check_text(rows[i].text,
		    stamp_format_local(BASE * 1000000 + 388884,
			rows[i].offset_s, out),
		    rows[i].text);
}

static const struct {
	const char *text;
	bool good;
	int32_t seconds;
} clocks[] = {
	{ "00:00", true, 0 },
	{ "00:00:00", true, 0 },
	{ "09:05", true, 32700 },
	{ "09:05:07", true, 32707 },
	{ "23:59:59", true, 86399 },
	{ "24:00", true, 86400 },
	{ "24:00:00", true, 86400 },
	{ "24:00:01", false, 0 },
	{ "24:01", false, 0 },
	{ "25:00", false, 0 },
	{ "23:60", false, 0 },
	{ "23:59:60", false, 0 },
	{ "9:05", false, 0 },
	{ "09:5", false, 0 },
	{ "09:05:7", false, 0 },
	{ "0905", false, 0 },
	{ "09-05", false, 0 },
	{ "09:05-07", false, 0 },
	{ "09:05:07.0", false, 0 },
	{ " 09:05", false, 0 },
	{ "09:05 ", false, 0 },
	{ "", false, 0 },
	{ "09:05 AM", false, 0 },
	{ "-1:05", false, 0 },
	{ "0a:05", false, 0 },
};

static void
test_clock(void **state)
{
	int32_t seconds;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(clocks); i++) {
		check_number(clocks[i].text,
		    stamp_parse_clock(clocks[i].text, strlen(clocks[i].text),
			&seconds),
		    clocks[i].good);
		if (clocks[i].good)
			check_number(clocks[i].text, seconds,
			    clocks[i].seconds);
	}
}

static const struct {
	const char *text;
	bool good;
	int32_t days;
} dates[] = {
	{ "1970-01-01", true, 0 },
	{ "2023-12-24", true, 19715 },
	{ "2024-02-29", true, 19782 },
	{ "2023-02-29", false, 0 },
	{ "2023-12-2", false, 0 },
	{ "2023-12-245", false, 0 },
	{ "", false, 0 },
	{ "2023/12/24", false, 0 },
	{ "24.12.2023", false, 0 },
	{ "2023-12-24 ", false, 0 },
	{ "2023-1a-24", false, 0 },
	{ "20a3-12-24", false, 0 },
	{ "a023-12-24", false, 0 },
};

static void
test_date(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(dates); i++) {
		int32_t days = UNTOUCHED;

		check_number(dates[i].text,
		    stamp_parse_date(dates[i].text, strlen(dates[i].text),
			&days),
		    dates[i].good);
		check_number(dates[i].text, days,
		    dates[i].good ? dates[i].days : UNTOUCHED);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_beginnings),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_format_local),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_date),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
