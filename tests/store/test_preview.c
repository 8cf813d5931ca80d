/* What an import would do, as it is shown before it is done. */
#include "work/preview.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "import_fixture.h"

#define POLLS "store_id,status,timestamp_utc\n"
#define HOURS "store_id,day,start_time_local,end_time_local\n"
#define ZONES "store_id,timezone_str\n"
#define SPECIAL "store_id,date,start_time_local,end_time_local\n"
#define WEEK(id, times) \
	id ",0," times "\n" id ",1," times "\n" id ",2," times "\n" id \
	   ",3," times "\n" id ",4," times "\n" id ",5," times "\n" id \
	   ",6," times "\n"

/* The preview of a file, as an object. */
static json_t *
look(enum dataset dataset, bool whole, const char *text)
{
	struct preview preview;
	struct import_request request = { .dataset = dataset,
		.dry_run = true,
		.skip_bad = true,
		.whole = whole,
		.preview = &preview };
	struct import_result result;
	struct buf out;
	json_t *json;

	preview_init(&preview, dataset);
	assert_int_equal(import_text(&request, text, strlen(text), &result),
	    ERR_NONE);
	import_result_release(&result);
	buf_init(&out, TEXT_MAX);
	preview_json(&preview, &out);
	preview_release(&preview);
	json = json_loads(buf_text(&out), JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(json);
	buf_release(&out);
	return json;
}

/* A member, without blanks, and the object is gone. */
static void
check_member(const char *name, json_t *json, const char *member,
    const char *wanted)
{
	char *got = json_dumps(json_object_get(json, member),
	    JSON_COMPACT | JSON_ENCODE_ANY);

	assert_non_null(got);
	check_text(name, got, wanted);
	free(got);
	json_decref(json);
}

static void
check_number_of(json_t *json, const char *member, json_int_t wanted)
{
	check_number(member,
	    (uint64_t)json_integer_value(json_object_get(json, member)),
	    (uint64_t)wanted);
}

/* The warnings as "CODE STORES LISTED: ID ID...|". */
static void
check_warnings(const char *name, json_t *json, const char *wanted)
{
	json_t *one, *id;
	struct buf out;
	size_t i, k;

	buf_init(&out, TEXT_MAX);
	json_array_foreach (json_object_get(json, "warnings"), i, one) {
		json_t *ids = json_object_get(one, "examples");

		assert_true(strlen(json_string_value(json_object_get(one,
				"message"))) > 10);
		buf_printf(&out, "%s %d %d:",
		    json_string_value(json_object_get(one, "code")),
		    (int)json_integer_value(json_object_get(one, "stores")),
		    (int)json_array_size(ids));
		json_array_foreach (ids, k, id)
			if (k < 3)
				buf_printf(&out, " %s", json_string_value(id));
		buf_char(&out, '|');
	}
	check_text(name, buf_text(&out), wanted);
	buf_release(&out);
	json_decref(json);
}

/* The first rows are those that will be stored, not those of the file. */
static void
test_rows(void **state)
{
	static const struct {
		enum dataset dataset;
		const char *text;
		const char *columns;
		const char *rows;
	} cases[] = {
		{ DATASET_POLLS,
		    "status,x,timestamp_utc,store_id\n"
		    "ACTIVE,1,2023-01-22T12:09:39.5Z, a \n"
		    "inactive,2,2023-01-22 12:09:39 UTC,\"b\"\"c\"\n"
		    "off,3,2023-01-22 12:09:39 UTC,d\n",
		    "[\"store_id\",\"status\",\"timestamp_utc\"]",
		    "[[\"a\",\"active\",\"2023-01-22T12:09:39.500000Z\"],"
		    "[\"b\\\"c\",\"inactive\",\"2023-01-22T12:09:39.000000Z\"]"
		    "]" },
		{ DATASET_HOURS, HOURS "a,0,9:00,10:00\na,6,09:00,24:00:00\n",
		    "[\"store_id\",\"day\",\"start_time_local\","
		    "\"end_time_local\"]",
		    "[[\"a\",\"6\",\"09:00:00\",\"24:00:00\"]]" },
		{ DATASET_TIMEZONES, ZONES "a,Mars\nb,Asia/Tokyo\n",
		    "[\"store_id\",\"timezone_str\"]",
		    "[[\"b\",\"Asia/Tokyo\"]]" },
		{ DATASET_SPECIAL_HOURS,
		    SPECIAL "a,2023-12-25,,\na,2024-02-29,09:00,10:30\n",
		    "[\"store_id\",\"date\",\"start_time_local\","
		    "\"end_time_local\"]",
		    "[[\"a\",\"2023-12-25\",\"\",\"\"],"
		    "[\"a\",\"2024-02-29\",\"09:00:00\",\"10:30:00\"]]" },
		{ DATASET_TIMEZONES, ZONES, "[\"store_id\",\"timezone_str\"]",
		    "[]" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		check_member("columns",
		    look(cases[i].dataset, false, cases[i].text), "columns",
		    cases[i].columns);
		check_member("rows",
		    look(cases[i].dataset, false, cases[i].text), "first_rows",
		    cases[i].rows);
	}
	check_shown("nothing has come in", "");
}

static void
test_first_rows_only(void **state)
{
	struct buf text;
	json_t *json;
	int k;

	(void)state;
	buf_init(&text, TEXT_MAX);
	buf_str(&text, ZONES);
	for (k = 0; k <= PREVIEW_ROWS; k++)
		buf_printf(&text, "s%02d,Asia/Tokyo\n", k);
	json = look(DATASET_TIMEZONES, false, buf_text(&text));
	assert_int_equal(json_array_size(json_object_get(json, "first_rows")),
	    PREVIEW_ROWS);
	json_decref(json);
	buf_release(&text);
}

/* Grouped by what is wrong, with the lines on which the rows start. */
static void
test_groups(void **state)
{
	struct buf text;
	json_t *json, *one;
	size_t i;

	(void)state;
	buf_init(&text, TEXT_MAX);
	buf_str(&text, ZONES "\n\"a\nb\",Asia/Tokyo\nc,Mars\nd\n");
	for (i = 0; i < 11; i++)
		buf_str(&text, "e,Venus\n");
	json = look(DATASET_TIMEZONES, false, buf_text(&text));
	json_array_foreach (json_object_get(json, "problem_groups"), i, one) {
		assert_true(strlen(json_string_value(json_object_get(one,
				"message"))) > 10);
		assert_int_equal(json_object_del(one, "message"), 0);
	}
	check_member("groups", json, "problem_groups",
	    "[{\"code\":\"columns\",\"rows\":1,\"first_lines\":[6]},"
	    "{\"code\":\"store_id\",\"rows\":1,\"first_lines\":[3]},"
	    "{\"code\":\"timezone\",\"rows\":12,"
	    "\"first_lines\":[5,7,8,9,10,11,12,13,14,15]}]");
	buf_release(&text);
}

static void
check_stamps(const char *name, json_t *json, const char *wanted)
{
	static const char *const members[] = { "oldest", "newest",
		"as_of_before", "as_of_after" };
	struct buf out;
	size_t i;

	buf_init(&out, TEXT_MAX);
	for (i = 0; i < COUNT(members); i++) {
		json_t *value = json_object_get(json, members[i]);

		buf_printf(&out, "%s%.19s", i > 0 ? " " : "",
		    json_is_null(value) ? "-" : json_string_value(value));
	}
	check_text(name, buf_text(&out), wanted);
	buf_release(&out);
	json_decref(json);
}

/* The oldest and the newest poll of the file, and what becomes of "now". */
static void
test_stamps(void **state)
{
	static const char polls[] = POLLS "a,active,2023-01-22 12:00:00\n"
					  "b,active,2023-01-24 12:00:00\n"
					  "c,active,2023-01-20 12:00:00\n"
					  "d,off,2023-01-30 12:00:00\n";

	(void)state;
	check_stamps("into nothing", look(DATASET_POLLS, false, polls),
	    "2023-01-20T12:00:00 2023-01-24T12:00:00 - 2023-01-24T12:00:00");
	check_stamps("no polls at all", look(DATASET_POLLS, false, POLLS),
	    "- - - -");
	bring(DATASET_POLLS, "x,active,2023-01-25 09:00:00");
	check_stamps("older ones", look(DATASET_POLLS, false, polls),
	    "2023-01-20T12:00:00 2023-01-24T12:00:00 2023-01-25T09:00:00"
	    " 2023-01-25T09:00:00");
	check_stamps("in place of all", look(DATASET_POLLS, true, polls),
	    "2023-01-20T12:00:00 2023-01-24T12:00:00 2023-01-25T09:00:00"
	    " 2023-01-24T12:00:00");
	check_stamps("another data set", look(DATASET_TIMEZONES, false, ZONES),
	    "- - 2023-01-25T09:00:00 2023-01-25T09:00:00");
}

/* The stores that there would be. */
static void
test_survey(void **state)
{
	json_t *json;

	(void)state;
	bring(DATASET_TIMEZONES, "a,Asia/Tokyo\nb,Asia/Tokyo");
	bring(DATASET_HOURS, "a,0,09:00,17:00");
	json = look(DATASET_HOURS, false,
	    HOURS "b,0,09:00,17:00\nc,0,09:00,17:00\nd,7,09:00,17:00\n");
	check_number_of(json, "stores", 3);
	check_number_of(json, "new_stores", 1);
	check_number_of(json, "stores_without_hours", 0);
	check_number_of(json, "stores_without_timezone", 1);
	json_decref(json);
	json = look(DATASET_POLLS, false, POLLS "e,active,2023-01-22 12:00\n");
	check_number_of(json, "stores", 2);
	check_number_of(json, "new_stores", 0);
	check_number_of(json, "stores_without_hours", 1);
	check_number_of(json, "stores_without_timezone", 0);
	json_decref(json);
	check_shown("as it was", "a Asia/Tokyo 0:32400-61200\nb Asia/Tokyo\n");
}

/* What is odd about hours.  Rows that touch are one shift. */
static void
test_hours(void **state)
{
	static const struct {
		const char *name;
		const char *rows;
		const char *wanted;
	} cases[] = {
		{ "as usual", WEEK("p", "09:00,17:00"), "" },
		{ "15 minutes", WEEK("p", "09:00,09:15"), "" },
		{ "a second less", WEEK("p", "09:00:01,09:15"),
		    "short_shift 1 1: p|" },
		{ "23:59 is midnight", WEEK("p", "23:45,23:59"), "" },
		{ "two that touch",
		    WEEK("p", "09:00,09:10") WEEK("p", "09:10,12:00"), "" },
		{ "two short ones",
		    WEEK("p", "09:00,09:05") WEEK("p", "09:05,09:10"),
		    "short_shift 1 1: p|" },
		{ "over midnight and the week's end",
		    WEEK("p", "00:00,00:10") WEEK("p", "18:00,24:00"), "" },
		{ "only at the week's end",
		    WEEK("p", "09:00,17:00") "p,0,00:00,00:10\n",
		    ""
		    "short_shift 1 1: p|" },
		{ "open all the time",
		    WEEK("p", "00:00,00:00") WEEK("p", "12:00,12:01"), "" },
		{ "one weekday", "p,3,09:00,17:00\np,3,18:00,19:00\n",
		    "one_weekday 1 1: p|" },
		{ "six weekdays",
		    "p,0,09:00,17:00\np,1,09:00,17:00\np,2,09:00,17:00\n"
		    "p,3,09:00,17:00\np,4,09:00,17:00\np,5,09:00,17:00\n",
		    "weekdays_missing 1 1: p|" },
		{ "never polled", WEEK("q", "09:00,17:00"),
		    "never_polled 1 1: q|" },
		{ "all at once, in order", "r,1,09:00,09:10\nq,0,09:00,12:00\n",
		    "one_weekday 2 2: q r|short_shift 1 1: r|"
		    "never_polled 2 2: q r|" },
		{ "a store with a bad row keeps what it had",
		    "p,3,09:00,17:00\np,8,09:00,17:00\n",
		    "weekdays_missing 1 1: p|" },
	};
	struct buf text;
	size_t i;

	(void)state;
	bring(DATASET_POLLS, "p,active,2023-01-22 12:00:00");
	bring(DATASET_HOURS, "p,0,09:00,17:00\np,1,09:00,17:00");
	buf_init(&text, TEXT_MAX);
	for (i = 0; i < COUNT(cases); i++) {
		buf_reset(&text);
		buf_printf(&text, "%s%s", HOURS, cases[i].rows);
		check_warnings(cases[i].name,
		    look(DATASET_HOURS, false, buf_text(&text)),
		    cases[i].wanted);
	}
	buf_release(&text);
}

/* Who loses what as the file is the entire data set. */
static void
test_losers(void **state)
{
	static const char zones[] = ZONES "a,Asia/Tokyo\n";

	(void)state;
	bring(DATASET_TIMEZONES, "a,Asia/Tokyo\nb,Asia/Tokyo\nc,Asia/Tokyo");
	bring(DATASET_HOURS, "b,0,09:00,17:00");
	bring(DATASET_SPECIAL_HOURS, "c,2023-01-02,,\nd,2023-01-02,,");
	bring(DATASET_POLLS,
	    "d,active,2023-01-22 12:00:00\ne,active,2023-01-22 12:00:00");
	check_warnings("in part", look(DATASET_TIMEZONES, false, zones), "");
	check_warnings("zones", look(DATASET_TIMEZONES, true, zones),
	    "loses 2 2: b c|");
	check_warnings("hours", look(DATASET_HOURS, true, HOURS),
	    "loses 1 1: b|");
	check_warnings("special hours",
	    look(DATASET_SPECIAL_HOURS, true, SPECIAL "d,2023-01-03,,\n"),
	    "loses 2 2: c d|");
	check_warnings("polls",
	    look(DATASET_POLLS, true, POLLS "e,active,2023-01-21 12:00:00\n"),
	    "loses 1 1: d|");
	check_warnings("a bad row keeps its store's",
	    look(DATASET_TIMEZONES, true, ZONES "b,Mars\n"), "loses 2 2: a c|");
}

#define LONG_NAME "store of a name as long as any may ever be in a file "

/* Examples of what is odd, but a list of what would go. */
static void
test_listed(void **state)
{
	struct import_request request = { .dataset = DATASET_HOURS };
	struct import_result result;
	struct buf rows, text;
	int k;

	(void)state;
	buf_init(&rows, TEXT_MAX);
	buf_init(&text, TEXT_MAX);
	buf_str(&rows, HOURS);
	buf_str(&text, HOURS);
	for (k = 0; k <= PREVIEW_LOSERS; k++)
		buf_printf(&rows, LONG_NAME "%04d,0,09:00,17:00\n", k);
	for (k = 0; k <= PREVIEW_EXAMPLES; k++)
		buf_printf(&text, "t%02d,0,09:00,17:00\n", k);
	assert_int_equal(import_text(&request, buf_text(&rows), rows.len,
			     &result),
	    ERR_NONE);
	import_result_release(&result);
	check_warnings("eleven", look(DATASET_HOURS, false, buf_text(&text)),
	    "one_weekday 11 10: t00 t01 t02|never_polled 11 10: t00 t01 t02|");
	check_warnings("a thousand and one", look(DATASET_HOURS, true, HOURS),
	    "loses 1001 1000: " LONG_NAME "0000 " LONG_NAME "0001 " LONG_NAME
	    "0002|");
	buf_release(&text);
	buf_release(&rows);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		with_data(test_rows),
		with_data(test_first_rows_only),
		with_data(test_groups),
		with_data(test_stamps),
		with_data(test_survey),
		with_data(test_hours),
		with_data(test_losers),
		with_data(test_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
