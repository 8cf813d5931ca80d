/* The header lines of the four data sets, and first bytes of files. */
#include "codec/dataset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "../lib/check.h"
#include "dataset_header.h"

static const struct {
	enum dataset dataset;
	const char *header;
	enum problem_code code;
	const char *why; /* part of the sentence */
} headers[] = {
	{ DATASET_POLLS, POLLS, PROBLEM_NONE, "" },
	{ DATASET_POLLS, "timestamp_utc,store_id,status", PROBLEM_NONE, "" },
	{ DATASET_POLLS, "Store_ID, STATUS ,\"Timestamp_UTC\"", PROBLEM_NONE,
	    "" },
	{ DATASET_POLLS, "x," POLLS ",y,y,", PROBLEM_NONE, "" },
	{ DATASET_POLLS, "store_id,status", PROBLEM_BAD_HEADER,
	    "does not name the column timestamp_utc." },
	{ DATASET_POLLS, POLLS ",Status", PROBLEM_BAD_HEADER,
	    "names more than once the column status." },
	{ DATASET_POLLS, HOURS, PROBLEM_BAD_HEADER,
	    "It looks like a file of hours, not of polls." },
	{ DATASET_POLLS, ZONES, PROBLEM_BAD_HEADER,
	    "looks like a file of timezones" },
	{ DATASET_POLLS, SPECIAL, PROBLEM_BAD_HEADER,
	    "looks like a file of special-hours" },
	{ DATASET_HOURS, POLLS, PROBLEM_BAD_HEADER,
	    "looks like a file of polls" },
	{ DATASET_POLLS, "store_id;status;timestamp_utc", PROBLEM_BAD_HEADER,
	    "column store_id." },
	{ DATASET_POLLS, "a,b", PROBLEM_BAD_HEADER, "column store_id." },
	{ DATASET_POLLS, "st\xffre,status", PROBLEM_NOT_TEXT, "" },
	{ DATASET_POLLS, "store_id,\x01", PROBLEM_NOT_TEXT, "" },
	{ DATASET_POLLS, "store_id\"," POLLS, PROBLEM_BAD_HEADER, "" },
	{ DATASET_HOURS, HOURS, PROBLEM_NONE, "" },
	{ DATASET_HOURS, "store_id,dayOfWeek,start_time_local,end_time_local",
	    PROBLEM_NONE, "" },
	{ DATASET_HOURS, "store_id,DAY_OF_WEEK,start_time_local,end_time_local",
	    PROBLEM_NONE, "" },
	{ DATASET_HOURS,
	    "store_id,day,day_of_week,start_time_local,end_time_local",
	    PROBLEM_BAD_HEADER, "more than once the column day." },
	{ DATASET_TIMEZONES, ZONES, PROBLEM_NONE, "" },
	{ DATASET_TIMEZONES, "timezone_str", PROBLEM_BAD_HEADER,
	    "column store_id." },
	{ DATASET_SPECIAL_HOURS, SPECIAL, PROBLEM_NONE, "" },
	{ DATASET_SPECIAL_HOURS, HOURS, PROBLEM_BAD_HEADER,
	    "looks like a file of hours, not of special-hours" },
};

static void
test_headers(void **state)
{
	struct dataset_reader r;
	struct buf why;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(headers); i++) {
		check_text(headers[i].header,
		    problem_name(read_header(&r, headers[i].dataset,
			headers[i].header, &why)),
		    problem_name(headers[i].code));
		check_true(headers[i].header,
		    strstr(buf_text(&why), headers[i].why) != NULL);
		check_true(headers[i].header,
		    headers[i].code != PROBLEM_NONE || why.len == 0);
		buf_release(&why);
	}
}

static const struct {
	const char *bytes;
	size_t len;
	enum problem_code code;
} sniffs[] = {
	{ "", 0, PROBLEM_EMPTY_FILE },
	{ "s", 1, PROBLEM_NONE },
	{ "store_id", 8, PROBLEM_NONE },
	{ "\x1f\x8b\x08\x00", 4, PROBLEM_COMPRESSED },
	{ "\x1f\x8b", 2, PROBLEM_COMPRESSED },
	{ "\x1f", 1, PROBLEM_NONE },
	{ "PK\x03\x04\x14", 5, PROBLEM_COMPRESSED },
	{ "PK\x05\x06", 4, PROBLEM_COMPRESSED },
	{ "PK,a", 4, PROBLEM_NONE },
	{ "\x28\xb5\x2f\xfd", 4, PROBLEM_COMPRESSED },
	{ "\xfd"
	  "7zXZ",
	    5, PROBLEM_COMPRESSED },
	{ "BZh9", 4, PROBLEM_COMPRESSED },
	{ "BZ", 2, PROBLEM_NONE },
};

static void
test_sniff(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(sniffs); i++)
		check_text(sniffs[i].bytes,
		    problem_name(dataset_sniff(sniffs[i].bytes, sniffs[i].len)),
		    problem_name(sniffs[i].code));
}

static void
test_names(void **state)
{
	enum dataset d, found;

	(void)state;
	for (d = 0; d < DATASET__MAX; d++) {
		assert_true(dataset_parse(dataset_names[d], &found));
		assert_int_equal(found, d);
	}
	assert_false(dataset_parse("", &found));
	assert_false(dataset_parse("Polls", &found));
	assert_false(dataset_parse("special_hours", &found));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_sniff),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
