/* The options of a report: what is read, and back to text. */
#include "work/report.h"

#include "core/stamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/check.h"

#define DAY_US STAMP_DAY_US
#define UNTOUCHED (-7)

static const struct {
	const char *text;
	int64_t us;        /* UNTOUCHED: refused */
	const char *shown; /* NULL: as it was read */
} reaches[] = {
	{ "unlimited", UPTIME_REACH_UNLIMITED, NULL },
	{ "0s", 0, NULL },
	{ "0m", 0, "0s" },
	{ "0d", 0, "0s" },
	{ "1s", STAMP_S_US, NULL },
	{ "59s", 59 * STAMP_S_US, NULL },
	{ "60s", STAMP_MIN_US, "1m" },
	{ "61s", 61 * STAMP_S_US, NULL },
	{ "90m", 90 * STAMP_MIN_US, NULL },
	{ "120m", 2 * STAMP_HOUR_US, "2h" },
	{ "6h", 6 * STAMP_HOUR_US, NULL },
	{ "23h", 23 * STAMP_HOUR_US, NULL },
	{ "24h", DAY_US, "1d" },
	{ "25h", 25 * STAMP_HOUR_US, NULL },
	{ "7d", 7 * DAY_US, NULL },
	{ "168h", 7 * DAY_US, "7d" },
	{ "007d", 7 * DAY_US, "7d" },
	{ "365250d", 365250 * DAY_US, NULL },
	{ "365251d", UNTOUCHED, NULL },
	{ "8766001h", UNTOUCHED, NULL },
	{ "31557600000s", 365250 * DAY_US, "365250d" },
	{ "31557600001s", UNTOUCHED, NULL },
	{ "99999999999999999999d", UNTOUCHED, NULL },
	{ "-1h", UNTOUCHED, NULL },
	{ "+1h", UNTOUCHED, NULL },
	{ "1", UNTOUCHED, NULL },
	{ "h", UNTOUCHED, NULL },
	{ "", UNTOUCHED, NULL },
	{ "1w", UNTOUCHED, NULL },
	{ "1H", UNTOUCHED, NULL },
	{ "1 h", UNTOUCHED, NULL },
	{ " 1h", UNTOUCHED, NULL },
	{ "1h ", UNTOUCHED, NULL },
	{ "1.5h", UNTOUCHED, NULL },
	{ "1h30m", UNTOUCHED, NULL },
	{ "Unlimited", UNTOUCHED, NULL },
};

static void
test_reach(void **state)
{
	char shown[32];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(reaches); i++) {
		int64_t us = UNTOUCHED;
		bool good = reaches[i].us != UNTOUCHED;

		check_number(reaches[i].text,
		    report_parse_reach(reaches[i].text, &us), good);
		check_number(reaches[i].text, us, reaches[i].us);
		if (good)
			check_text(reaches[i].text,
			    report_format_reach(us, shown),
			    reaches[i].shown != NULL ? reaches[i].shown
						     : reaches[i].text);
	}
}

static const struct {
	const char *text;
	int64_t us; /* UNTOUCHED: refused */
} instants[] = {
	{ "latest", REPORT_LATEST },
	{ "2023-01-22 12:09:39.388884 UTC", INT64_C(1674389379388884) },
	{ "2023-01-22T12:09:39Z", INT64_C(1674389379000000) },
	{ "2000-01-01 00:00:00", STAMP_FIRST_US },
	{ "1999-12-31 23:59:59.999999", UNTOUCHED },
	{ "2999-12-31 23:59:59.999999", STAMP_END_US - 1 },
	{ "3000-01-01 00:00:00", UNTOUCHED },
	{ "2023-01-22", UNTOUCHED },
	{ "2023-01-22T12:09:39+01:00", UNTOUCHED },
	{ "now", UNTOUCHED },
	{ "Latest", UNTOUCHED },
	{ "1674389379", UNTOUCHED },
	{ "", UNTOUCHED },
};

static void
test_as_of(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(instants); i++) {
		int64_t us = UNTOUCHED;

		check_number(instants[i].text,
		    report_parse_as_of(instants[i].text, &us),
		    instants[i].us != UNTOUCHED);
		check_number(instants[i].text, us, instants[i].us);
	}
}

static void
test_interpolation(void **state)
{
	static const char *const others[] = { "", "Previous", "prev",
		"previous ", "linear", "nearest\n" };
	enum interpolation i, found;
	size_t k;

	(void)state;
	for (i = 0; i < INTERPOLATION__MAX; i++) {
		assert_true(report_parse_interpolation(interpolation_names[i],
		    &found));
		assert_int_equal(found, i);
	}
	for (k = 0; k < COUNT(others); k++)
		check_true(others[k],
		    !report_parse_interpolation(others[k], &found));
}

static void
test_put(void **state)
{
	const struct uptime_rules rules = { INTERPOLATION_NEAREST,
		36 * STAMP_HOUR_US };
	struct buf out;

	(void)state;
	buf_init(&out, 1024);
	report_put_rules(&out, &rules);
	assert_string_equal(buf_text(&out),
	    "\"interpolation\":\"nearest\",\"reach\":\"36h\","
	    "\"observed_gap\":\"2h\"");
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reach),
		cmocka_unit_test(test_as_of),
		cmocka_unit_test(test_interpolation),
		cmocka_unit_test(test_put),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
