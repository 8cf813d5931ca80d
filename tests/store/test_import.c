/* Imports of files: what is refused, what is applied, what is told of it. */
#include "work/import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "import_fixture.h"

#define POLLS "store_id,status,timestamp_utc\n"
#define HOURS "store_id,day,start_time_local,end_time_local\n"
#define ZONES "store_id,timezone_str\n"
#define SPECIAL "store_id,date,start_time_local,end_time_local\n"

enum {
	SKIP = 1,
	DRY = 2,
	ALL = 4 /* the file is the entire data set */
};

/* A file, and what comes of it. */
struct import_case {
	const char *name;
	enum dataset dataset;
	const char *text;
	int flags;
	enum err err;
	enum problem_code file_error;
	const char *told; /* as import_fixture.h has it */
	const char *shown;
};

#define GOOD ERR_NONE, PROBLEM_NONE
#define BAD ERR_INPUT, PROBLEM_NONE
#define REFUSED(code) ERR_INPUT, code

static const struct import_case cases[] = {
	{ "polls", DATASET_POLLS,
	    POLLS "a,active,2023-01-22 12:00:00 UTC\n"
		  "b,INACTIVE,2023-01-22 12:00:00\n",
	    0, GOOD, "2 rows 0 bad: 2 0 0 0 applied",
	    "a 2023-01-22T12:00:00+\nb 2023-01-22T12:00:00-\n" },
	{ "a header and nothing else", DATASET_POLLS, POLLS, 0, GOOD,
	    "0 rows 0 bad: 0 0 0 0 applied", "" },
	{ "no end of the last line", DATASET_TIMEZONES, ZONES "a,Asia/Tokyo", 0,
	    GOOD, "1 rows 0 bad: 1 0 0 0 applied", "a Asia/Tokyo\n" },
	{ "hours", DATASET_HOURS,
	    HOURS "a,0,09:00:00,17:00:00\na,0,09:00:00,17:00:00\n", 0, GOOD,
	    "2 rows 0 bad: 1 0 1 0 applied", "a 0:32400-61200\n" },
	{ "special hours", DATASET_SPECIAL_HOURS,
	    SPECIAL "a,2023-12-24,,\nb,2023-12-24,09:00,12:00\n", 0, GOOD,
	    "2 rows 0 bad: 2 0 0 0 applied",
	    "a 2023-12-24:closed\nb 2023-12-24:32400-43200\n" },
	{ "a dry run", DATASET_TIMEZONES, ZONES "a,Asia/Tokyo\n", DRY, GOOD,
	    "1 rows 0 bad: 1 0 0 0", "" },
	{ "one bad row, nothing applied", DATASET_POLLS,
	    POLLS "a,active,2023-01-22 12:00:00\nb,up,2023-01-22 12:00:00\n", 0,
	    BAD, "2 rows 1 bad: 1 0 0 0 3:status", "" },
	{ "one bad row, left out", DATASET_POLLS,
	    POLLS "a,active,2023-01-22 12:00:00\nb,up,2023-01-22 12:00:00\n",
	    SKIP, GOOD, "2 rows 1 bad: 1 0 0 0 3:status applied",
	    "a 2023-01-22T12:00:00+\n" },
	{ "left out, dry", DATASET_TIMEZONES, ZONES "a,Asia/Tokyo\nb,x\n",
	    SKIP | DRY, GOOD, "2 rows 1 bad: 1 0 0 0 3:timezone kept b", "" },
	{ "bad rows of all kinds, told by line", DATASET_POLLS,
	    POLLS "\n=a,active,2023-01-22 12:00:00\n\"b\nb\",up,x\n"
		  "a\"b,active,x\na,active,2023-01-22\na,active\n",
	    SKIP, GOOD,
	    "5 rows 5 bad: 0 0 0 0 3:store_id 4:store_id 6:quote"
	    " 7:timestamp 8:columns applied",
	    "" },
	{ "a store with a bad row has nothing to keep", DATASET_HOURS,
	    HOURS "a,0,09:00,17:00\na,9,09:00,17:00\nb,0,09:00,17:00\n", SKIP,
	    GOOD, "3 rows 1 bad: 1 0 1 0 3:day kept a applied",
	    "b 0:32400-61200\n" },
	{ "zones that contradict each other", DATASET_TIMEZONES,
	    ZONES "a,Asia/Tokyo\na,Asia/Seoul\nb,Asia/Seoul\na,Asia/Tokyo\n",
	    SKIP, GOOD, "4 rows 1 bad: 1 0 2 0 3:conflict kept a applied",
	    "b Asia/Seoul\n" },
	{ "closed and open", DATASET_SPECIAL_HOURS,
	    SPECIAL "a,2023-12-24,,\na,2023-12-24,09:00,10:00\n", 0, BAD,
	    "2 rows 1 bad: 0 0 1 0 3:conflict kept a", "" },
	{ "a zone that there is not", DATASET_TIMEZONES,
	    ZONES "a,../etc/passwd\n", 0, BAD,
	    "1 rows 1 bad: 0 0 0 0 2:timezone kept a", "" },
	{ "no bytes", DATASET_POLLS, "", 0, REFUSED(PROBLEM_EMPTY_FILE),
	    "0 rows 0 bad: 0 0 0 0", "" },
	{ "blank lines only", DATASET_POLLS, "\n\n", 0,
	    REFUSED(PROBLEM_BAD_HEADER), "0 rows 0 bad: 0 0 0 0 at 1", "" },
	{ "a byte order mark only", DATASET_POLLS, "\xef\xbb\xbf", 0,
	    REFUSED(PROBLEM_BAD_HEADER), "0 rows 0 bad: 0 0 0 0 at 1", "" },
	{ "another data set", DATASET_POLLS, ZONES "a,Asia/Tokyo\n", 0,
	    REFUSED(PROBLEM_BAD_HEADER), "0 rows 0 bad: 0 0 0 0 at 1", "" },
	{ "a header below blank lines", DATASET_TIMEZONES, "\n\n" ZONES "a,x\n",
	    SKIP, GOOD, "1 rows 1 bad: 0 0 0 0 4:timezone kept a applied", "" },
	{ "no text", DATASET_POLLS,
	    "\x7f"
	    "ELF\x02\x01\n",
	    0, REFUSED(PROBLEM_NOT_TEXT), "0 rows 0 bad: 0 0 0 0 at 1", "" },
	{ "gzipped", DATASET_POLLS, "\x1f\x8b\x08\x01", 0,
	    REFUSED(PROBLEM_COMPRESSED), "0 rows 0 bad: 0 0 0 0", "" },
	{ "whole", DATASET_TIMEZONES, ZONES, ALL, GOOD,
	    "0 rows 0 bad: 0 0 0 0 applied", "" },
};

static void
test_cases(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		const struct import_case *c = &cases[i];
		struct import_request request = { .dataset = c->dataset,
			.skip_bad = (c->flags & SKIP) != 0,
			.dry_run = (c->flags & DRY) != 0,
			.whole = (c->flags & ALL) != 0 };
		struct import_result result;

		assert_int_equal(data_set_up(NULL), 0);
		check_number(c->name,
		    import_text(&request, c->text, strlen(c->text), &result),
		    c->err);
		check_text(c->name, problem_name(result.file_error),
		    problem_name(c->file_error));
		check_told(c->name, &result, c->told);
		check_shown(c->name, c->shown);
		check_true(c->name,
		    (result.message.len > 0) ==
			(c->file_error != PROBLEM_NONE));
		import_result_release(&result);
		assert_int_equal(data_tear_down(NULL), 0);
	}
}

/* A line that is too long comes after good ones: none of them is applied. */
static void
test_too_long(void **state)
{
	static const struct {
		const char *name;
		const char *head;
		const char *tail;
		enum problem_code code;
	} longs[] = {
		{ "line", ZONES "a,Asia/Tokyo\nb,", "\nc,Asia/Tokyo\n",
		    PROBLEM_LINE_TOO_LONG },
		{ "quote", ZONES "a,Asia/Tokyo\nb,\"", "\nc,Asia/Tokyo\n",
		    PROBLEM_UNTERMINATED_QUOTE },
		{ "header", "x", ZONES, PROBLEM_LINE_TOO_LONG },
		{ "header of no text", "\x01", "", PROBLEM_NOT_TEXT },
		{ "header cut in a character", "\xc3\xa9", "\xc3\xa9",
		    PROBLEM_LINE_TOO_LONG },
	};
	static char text[80000];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(longs); i++) {
		struct import_request request = { .dataset = DATASET_TIMEZONES,
			.skip_bad = true };
		struct import_result result;

		memset(text, 'x', sizeof(text));
		memcpy(text, longs[i].head, strlen(longs[i].head));
		memcpy(text + 70000, longs[i].tail, strlen(longs[i].tail));
		check_number(longs[i].name,
		    import_text(&request, text, 70000 + strlen(longs[i].tail),
			&result),
		    ERR_INPUT);
		check_text(longs[i].name, problem_name(result.file_error),
		    problem_name(longs[i].code));
		check_true(longs[i].name, !result.applied);
		import_result_release(&result);
	}
	check_shown("nothing", "");
}

/* What a dry run tells is what an import does, from any state. */
static void
test_dry(void **state)
{
	static const char text[] = HOURS
	    "a,1,09:00,17:00\nb,0,09:00,17:00\nc,x,1,2\nd,1,09:00,10:00";
	int round;

	(void)state;
	bring(DATASET_HOURS,
	    "a,0,09:00,17:00\nb,0,09:00,17:00\nc,0,09:00,17:00\n"
	    "e,0,09:00,17:00");
	for (round = 0; round < 2; round++) {
		struct import_request request = { .dataset = DATASET_HOURS,
			.skip_bad = true,
			.whole = true,
			.dry_run = round == 0 };
		struct import_result result;

		assert_int_equal(import_text(&request, text, strlen(text),
				     &result),
		    ERR_NONE);
		check_told("dry", &result,
		    round == 0 ? "4 rows 1 bad: 2 0 1 2 4:day kept c"
			       : "4 rows 1 bad: 2 0 1 2 4:day kept c applied");
		import_result_release(&result);
	}
	check_shown("then",
	    "a 1:32400-61200\nb 0:32400-61200\n"
	    "c 0:32400-61200\nd 1:32400-36000\n");
}

/* A sample's files, and the first real one. */
static void
test_sample(void **state)
{
	struct import_request request = { .dataset = DATASET_TIMEZONES,
		.sample = true };
	struct import_result result;
	const char *text = ZONES "s,Asia/Tokyo\n";

	(void)state;
	assert_int_equal(import_text(&request, text, strlen(text), &result),
	    ERR_NONE);
	assert_false(result.counts.sample_removed);
	import_result_release(&result);
	request.sample = false;
	text = ZONES "a,Asia/Tokyo\n";
	assert_int_equal(import_text(&request, text, strlen(text), &result),
	    ERR_NONE);
	assert_true(result.counts.sample_removed);
	import_result_release(&result);
	check_shown("real", "a Asia/Tokyo\n");
	request.sample = true;
	assert_int_equal(import_text(&request, text, strlen(text), &result),
	    ERR_CONFLICT);
	assert_false(result.applied);
	import_result_release(&result);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		with_data(test_too_long),
		with_data(test_dry),
		with_data(test_sample),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
