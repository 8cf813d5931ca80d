/*
 * The options of a report: what is taken keeps its bounds and is read from
 * what is written of it as the same.  The input is one text.
 */
#include "fuzz.h"

#include "base/number.h"
#include "core/stamp.h"
#include "work/report.h"

static void
check_reach(const char *s)
{
	int64_t us = -7, back = -7;
	char text[32];

	if (!report_parse_reach(s, &us)) {
		assert_int_equal(us, -7);
		return;
	}
	assert_true(us >= 0);
	assert_true(us == UPTIME_REACH_UNLIMITED || us % STAMP_S_US == 0);
	assert_true(report_parse_reach(report_format_reach(us, text), &back));
	assert_int_equal(back, us);
	/* The largest unit is the shortest text. */
	assert_true(strlen(text) <= strlen(s));
}

static void
check_as_of(const char *s)
{
	int64_t us = -7, stamp = -7;

	if (!report_parse_as_of(s, &us)) {
		assert_int_equal(us, -7);
		return;
	}
	if (us == REPORT_LATEST) {
		assert_int_equal(strcmp(s, "latest"), 0);
		return;
	}
	assert_true(us >= STAMP_FIRST_US && us < STAMP_END_US);
	assert_true(stamp_parse(s, strlen(s), &stamp) && stamp == us);
}

static void
check_interpolation(const char *s)
{
	enum interpolation i = INTERPOLATION__MAX;

	if (report_parse_interpolation(s, &i))
		assert_true(i < INTERPOLATION__MAX &&
		    strcmp(s, interpolation_names[i]) == 0);
}

/* Read as a number, in bounds that the text does not know of. */
static void
check_number(const char *s, size_t len)
{
	int64_t all = -7, some = -7;
	bool good = number_parse(s, len, INT64_MIN, INT64_MAX, &all);
	char text[24], back[24];

	assert_true(good || all == -7);
	assert_int_equal(number_parse(s, len, -99, 99, &some),
	    good && all >= -99 && all <= 99);
	if (!good)
		return;
	/* Leading zeros, and a sign before zero, are no other number. */
	len = number_format(all, 0, text);
	assert_true(len <= sizeof(text));
	assert_true(number_parse(text, len, INT64_MIN, INT64_MAX, &some));
	assert_int_equal(some, all);
	assert_int_equal(number_format(some, 0, back), len);
	assert_memory_equal(text, back, len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = fuzz_copy(data, size, true);

	check_reach(s);
	check_as_of(s);
	check_interpolation(s);
	check_number(s, size);
	free(s);
	return 0;
}
