/* Parameters against a table: what is kept, what is refused, and how. */
#include "web/params.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ID,
	FORMAT,
	STORE,
	DEPTH,
	ROWS
};

#define STORES 3

static bool
is_digit(const char *value)
{
	return value[0] >= '0' && value[0] <= '9' && value[1] == '\0';
}

static const char *const formats[] = { "json", "csv", NULL };

static const struct param table[ROWS] = {
	[ID] = { "id", PARAM_JOB_ID, true, { 0 }, "a report id" },
	[FORMAT] = { "format", PARAM_WORD, false, { .words = formats },
	    "json or csv" },
	[STORE] = { "store_id", PARAM_STORE_ID, false, { .max_count = STORES },
	    "a store id" },
	[DEPTH] = { "depth", PARAM_CHECKED, false, { .check = is_digit },
	    "one digit" },
};

#define UUID "0123abcd-0123-4567-89ab-0123456789ab"

/* How values come: all in the query, or as a body of that type. */
enum way {
	QUERY,
	FORM,
	JSON
};

static const struct {
	enum way way;
	const char *query;
	const char *body;
	const char *code; /* "" for none */
	const char *message;
} cases[] = {
	{ QUERY, "id=" UUID, "", "", "" },
	{ FORM, "", "id=" UUID, "", "" },
	{ JSON, "", "{\"id\":\"" UUID "\"}", "", "" },
	{ FORM, "id=" UUID, "format=csv", "", "" },
	{ JSON, "id=" UUID, "{\"format\":\"csv\",\"depth\":3}", "", "" },
	{ QUERY, "id=" UUID "&depth=%37&format=csv", "", "", "" },
	{ QUERY, "%69d=" UUID, "", "", "" },
	{ QUERY, "id=" UUID "&store_id=a&store_id=a", "", "", "" },
	{ JSON, "id=" UUID "&store_id=a", "{\"store_id\":[\"b\",3]}", "", "" },
	{ QUERY, "", "", "missing_parameter",
	    "The parameter id is needed: a report id." },
	{ JSON, "", "{}", "missing_parameter",
	    "The parameter id is needed: a report id." },
	{ QUERY, "id=" UUID "&id=" UUID, "", "repeated_parameter",
	    "The parameter id may be given only once." },
	{ FORM, "id=" UUID, "id=" UUID, "repeated_parameter",
	    "The parameter id may be given only once." },
	{ JSON, "id=" UUID, "{\"id\":\"" UUID "\"}", "repeated_parameter",
	    "The parameter id may be given only once." },
	{ JSON, "", "{\"id\":\"" UUID "\",\"id\":\"" UUID "\"}",
	    "repeated_parameter",
	    "The JSON body has a name twice; give each once." },
	{ QUERY, "id=", "", "bad_parameter",
	    "The parameter id must be a report id." },
	{ QUERY, "id", "", "bad_parameter",
	    "The parameter id must be a report id." },
	{ QUERY, "id=" UUID "0", "", "bad_parameter",
	    "The parameter id must be a report id." },
	{ QUERY, "id=0123ABCD-0123-4567-89ab-0123456789ab", "", "bad_parameter",
	    "The parameter id must be a report id." },
	{ QUERY, "id=" UUID "&format=xml", "", "bad_parameter",
	    "The parameter format must be json or csv." },
	{ QUERY, "id=" UUID "&format=CSV", "", "bad_parameter",
	    "The parameter format must be json or csv." },
	{ QUERY, "id=" UUID "&depth=12", "", "bad_parameter",
	    "The parameter depth must be one digit." },
	{ JSON, "id=" UUID, "{\"depth\":1.0}", "bad_parameter",
	    "The parameter depth must be one digit." },
	{ JSON, "id=" UUID, "{\"depth\":null}", "bad_parameter",
	    "The parameter depth must be one digit." },
	{ JSON, "id=" UUID, "{\"depth\":[\"1\"]}", "bad_parameter",
	    "The parameter depth must be one value, not a list." },
	{ JSON, "id=" UUID, "{\"store_id\":[]}", "bad_parameter",
	    "The list store_id is empty; leave it out to mean all." },
	{ JSON, "id=" UUID, "{\"store_id\":[true]}", "bad_parameter",
	    "The parameter store_id must be a store id." },
	{ JSON, "id=" UUID, "{\"store_id\":\"a\\nb\"}", "bad_parameter",
	    "The parameter store_id must be a store id." },
	{ QUERY, "id=" UUID "&store_id=%3D1", "", "bad_parameter",
	    "The parameter store_id must be a store id." },
	{ QUERY, "id=" UUID "&store_id=", "", "bad_parameter",
	    "The parameter store_id must be a store id." },
	{ QUERY, "id=" UUID "&store_id=%00", "", "bad_parameter",
	    "The "
	    "parameter store_id is not percent-encoded clean UTF-8 text." },
	{ QUERY, "id=%zz", "", "bad_parameter",
	    "The parameter id is not "
	    "percent-encoded clean UTF-8 text." },
	{ QUERY, "id=" UUID "&x=1", "", "unknown_parameter",
	    "There is no parameter \"x\" here." },
	{ QUERY, "ID=" UUID, "", "unknown_parameter",
	    "There is no parameter \"ID\" here." },
	{ FORM, "", "report=1", "unknown_parameter",
	    "There is no parameter \"report\" here." },
	{ JSON, "", "{\"report\":1}", "unknown_parameter",
	    "There is no parameter \"report\" here." },
	{ QUERY, "=1", "", "unknown_parameter",
	    "There is a parameter that is not known here." },
	{ QUERY, "%00id=1", "", "unknown_parameter",
	    "There is a parameter that is not known here." },
	{ QUERY, "%zz=1", "", "unknown_parameter",
	    "There is a parameter that is not known here." },
	{ JSON, "", "{\"a\\nb\":1}", "unknown_parameter",
	    "There is a parameter that is not known here." },
	{ JSON, "", "[]", "bad_json",
	    "The JSON body must be an object, "
	    "like {\"name\": \"value\"}." },
	{ JSON, "", "{", "bad_json",
	    "The body is not valid JSON: see line 1, column 1." },
};

static enum err
take(struct params *p, enum way way, const char *query, const char *body)
{
	enum err err = params_begin(p, table, ROWS,
	    strlen(query) + strlen(body));

	assert_int_equal(err, ERR_NONE);
	err = params_form(p, query, strlen(query));
	if (err == ERR_NONE && way == FORM)
		err = params_form(p, body, strlen(body));
	if (err == ERR_NONE && way == JSON)
		err = params_json(p, body, strlen(body));
	return err == ERR_NONE ? params_finish(p) : err;
}

static void
test_cases(void **state)
{
	struct params p;
	size_t i;

	(void)state;
	params_init(&p);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool good = cases[i].code[0] == '\0';
		enum err err = take(&p, cases[i].way, cases[i].query,
		    cases[i].body);

		if (err != (good ? ERR_NONE : ERR_INPUT))
			fail_msg("?%s %s: %s", cases[i].query, cases[i].body,
			    buf_text(&p.message));
		assert_string_equal(p.code, cases[i].code);
		assert_string_equal(buf_text(&p.message), cases[i].message);
		if (good)
			assert_string_equal(params_text(&p, ID), UUID);
	}
	params_release(&p);
}

static void
test_values(void **state)
{
	struct params p;
	const char *const *stores;
	size_t count;

	(void)state;
	params_init(&p);
	assert_int_equal(take(&p, JSON, "store_id=a%26b&store_id=c+d&id=" UUID,
			     "{\"store_id\":12345678901234567,\"depth\":7}"),
	    ERR_NONE);
	assert_string_equal(params_text(&p, ID), UUID);
	assert_null(params_text(&p, FORMAT));
	assert_string_equal(params_text(&p, DEPTH), "7");
	stores = params_list(&p, STORE, &count);
	assert_int_equal(count, 3);
	assert_string_equal(stores[0], "a&b");
	assert_string_equal(stores[1], "c d");
	assert_string_equal(stores[2], "12345678901234567");
	(void)params_list(&p, FORMAT, &count);
	assert_int_equal(count, 0);
	/* Nothing of it is left for the next request. */
	assert_int_equal(take(&p, QUERY, "id=" UUID, ""), ERR_NONE);
	(void)params_list(&p, STORE, &count);
	assert_int_equal(count, 0);
	assert_null(params_text(&p, DEPTH));
	params_release(&p);
}

/* At most STORES values of the repeatable one, wherever they come from. */
static void
test_most(void **state)
{
	static const struct {
		const char *query;
		const char *body;
		enum err err;
	} most[] = {
		{ "store_id=a&store_id=b", "{}", ERR_NONE },
		{ "store_id=a&store_id=b&store_id=c", "{}", ERR_NONE },
		{ "store_id=a&store_id=b&store_id=c&store_id=d", "{}",
		    ERR_INPUT },
		{ "", "{\"store_id\":[1,2,3]}", ERR_NONE },
		{ "", "{\"store_id\":[1,2,3,4]}", ERR_INPUT },
		{ "store_id=a", "{\"store_id\":[1,2,3]}", ERR_INPUT },
	};
	struct params p;
	size_t i;

	(void)state;
	params_init(&p);
	for (i = 0; i < sizeof(most) / sizeof(most[0]); i++) {
		char query[200];

		(void)snprintf(query, sizeof(query), "id=%s&%s", UUID,
		    most[i].query);
		assert_int_equal(take(&p, JSON, query, most[i].body),
		    most[i].err);
		if (most[i].err == ERR_INPUT)
			assert_string_equal(buf_text(&p.message),
			    "The "
			    "parameter store_id may be given at most 3 times.");
	}
	params_release(&p);
}

/* A name is shown up to 64 bytes. */
static void
test_long_name(void **state)
{
	struct params p;
	size_t len;

	(void)state;
	params_init(&p);
	for (len = 63; len <= 65; len++) {
		char name[66];
		bool shown;

		memset(name, 'n', len);
		name[len] = '\0';
		assert_int_equal(take(&p, QUERY, name, ""), ERR_INPUT);
		assert_string_equal(p.code, "unknown_parameter");
		shown = strstr(buf_text(&p.message), name) != NULL;
		assert_int_equal(shown, len <= 64);
	}
	params_release(&p);
}

/*
 * Many values: those taken first must still be there, in place, when the
 * last is, and a large request's memory is given back with the next one.
 */
static void
test_many(void **state)
{
	static const struct param many[] = {
		{ "s", PARAM_STORE_ID, false, { .max_count = 20000 }, "an id" },
	};
	struct params p;
	struct buf query;
	const char *const *values;
	size_t i, count;

	(void)state;
	buf_init(&query, 1u << 20);
	for (i = 0; i < 20000; i++)
		buf_printf(&query, "%ss=%zu", i > 0 ? "&" : "", i);
	params_init(&p);
	assert_int_equal(params_begin(&p, many, 1, query.len), ERR_NONE);
	assert_int_equal(params_form(&p, buf_text(&query), query.len),
	    ERR_NONE);
	values = params_list(&p, 0, &count);
	assert_int_equal(count, 20000);
	for (i = 0; i < count; i++)
		assert_int_equal(atoi(values[i]), i);
	assert_int_equal(params_begin(&p, many, 1, 10), ERR_NONE);
	assert_true(p.text.cap <= 65536);
	assert_int_equal(p.values[0].room, 0);
	buf_release(&query);
	params_release(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_most),
		cmocka_unit_test(test_long_name),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("params", tests, NULL, NULL);
}
