/* JSON bodies: what is told, and what is refused as what. */
#include "codec/json_body.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

/* Members are shown as "name=value;", list elements as "name[]=value;". */
static bool
show(void *ctx, const struct json_member *m)
{
	struct buf *out = ctx;

	buf_printf(out, "%s%s=", m->name, m->in_list ? "[]" : "");
	if (m->empty_list)
		buf_str(out, "(empty)");
	else if (m->value == NULL)
		buf_str(out, "(other)");
	else
		buf_add(out, m->value, m->value_len);
	buf_char(out, ';');
	return strcmp(m->name, "stop") != 0;
}

static const struct {
	const char *text;
	enum json_result result;
	const char *told;
} cases[] = {
	{ "{}", JSON_DONE, "" },
	{ " \t\r\n{ } \n", JSON_DONE, "" },
	{ "{\"a\":\"1\"}", JSON_DONE, "a=1;" },
	{ "{\"a\":\"\",\"b\":\"x y\"}", JSON_DONE, "a=;b=x y;" },
	{ "{\"a\":12,\"b\":-3,\"c\":0}", JSON_DONE, "a=12;b=-3;c=0;" },
	{ "{\"a\":9223372036854775807}", JSON_DONE, "a=9223372036854775807;" },
	{ "{\"a\":-9223372036854775808}", JSON_DONE,
	    "a=-9223372036854775808;" },
	{ "{\"a\":9223372036854775808}", JSON_SYNTAX, "" },
	{ "{\"a\":[\"x\",\"y\",3]}", JSON_DONE, "a[]=x;a[]=y;a[]=3;" },
	{ "{\"a\":[]}", JSON_DONE, "a[]=(empty);" },
	{ "{\"a\":[[\"x\"]]}", JSON_DONE, "a[]=(other);" },
	{ "{\"a\":[{}]}", JSON_DONE, "a[]=(other);" },
	{ "{\"a\":true}", JSON_DONE, "a=(other);" },
	{ "{\"a\":null}", JSON_DONE, "a=(other);" },
	{ "{\"a\":{}}", JSON_DONE, "a=(other);" },
	{ "{\"a\":1.0}", JSON_DONE, "a=(other);" },
	{ "{\"a\":1e3}", JSON_DONE, "a=(other);" },
	{ "{\"a\":1e999}", JSON_SYNTAX, "" },
	{ "{\"a\":\"\\u00e9\\ud83c\\udf55\"}", JSON_DONE,
	    "a=\xc3\xa9\xf0\x9f\x8d\x95;" },
	{ "{\"a\":\"x\\ny\"}", JSON_DONE, "a=x\ny;" },
	{ "{\"stop\":1,\"b\":2}", JSON_STOPPED, "stop=1;" },
	{ "{\"stop\":[1,2],\"b\":2}", JSON_STOPPED, "stop[]=1;" },
	{ "{\"a\":1,\"a\":2}", JSON_DUPLICATE, "" },
	{ "{\"a\":1,\"\\u0061\":1}", JSON_DUPLICATE, "" },
	{ "{\"a\":{\"b\":1,\"b\":1}}", JSON_DUPLICATE, "" },
	{ "[]", JSON_NOT_OBJECT, "" },
	{ "[{\"a\":1}]", JSON_NOT_OBJECT, "" },
	{ "\"a\"", JSON_NOT_OBJECT, "" },
	{ "12", JSON_NOT_OBJECT, "" },
	{ "null", JSON_NOT_OBJECT, "" },
	{ "", JSON_SYNTAX, "" },
	{ " ", JSON_SYNTAX, "" },
	{ "{", JSON_SYNTAX, "" },
	{ "{\"a\"}", JSON_SYNTAX, "" },
	{ "{\"a\":1,}", JSON_SYNTAX, "" },
	{ "{a:1}", JSON_SYNTAX, "" },
	{ "{'a':1}", JSON_SYNTAX, "" },
	{ "{\"a\":01}", JSON_SYNTAX, "" },
	{ "{\"a\":+1}", JSON_SYNTAX, "" },
	{ "{\"a\":NaN}", JSON_SYNTAX, "" },
	{ "{\"a\":1}}", JSON_SYNTAX, "" },
	{ "{\"a\":1} {}", JSON_SYNTAX, "" },
	{ "{\"a\":1} // no", JSON_SYNTAX, "" },
	{ "{\"a\":\"x\ny\"}", JSON_SYNTAX, "" },
	{ "{\"a\":\"\\u0000\"}", JSON_SYNTAX, "" },
	{ "{\"\\u0000\":1}", JSON_SYNTAX, "" },
	{ "{\"a\":\"\\ud800\"}", JSON_SYNTAX, "" },
	{ "{\"a\":\"\xff\"}", JSON_SYNTAX, "" },
	{ "{\"a\":\"\xc0\xaf\"}", JSON_SYNTAX, "" },
	{ "\xef\xbb\xbf{}", JSON_SYNTAX, "" },
	{ "a=1&b=2", JSON_SYNTAX, "" },
};

static void
test_cases(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct json_place place = { 0, 0 };
		struct buf told;
		struct json_sink sink = { .take = show, .ctx = &told };
		enum json_result result;

		buf_init(&told, 1000);
		result = json_body_read(cases[i].text, strlen(cases[i].text),
		    &sink, &place);
		if (result != cases[i].result)
			fail_msg("%s: %d", cases[i].text, result);
		assert_string_equal(buf_text(&told), cases[i].told);
		if (result == JSON_SYNTAX)
			assert_true(place.line >= 1);
		buf_release(&told);
	}
}

static void
test_place(void **state)
{
	static const char text[] = "{\n  \"a\": 1,\n  \"b\": x\n}";
	struct json_place place;
	struct buf told;
	struct json_sink sink = { .take = show, .ctx = &told };

	(void)state;
	buf_init(&told, 100);
	assert_int_equal(json_body_read(text, strlen(text), &sink, &place),
	    JSON_SYNTAX);
	assert_int_equal(place.line, 3);
	assert_int_equal(place.column, 8);
	buf_release(&told);
}

/* Lines and columns count from 1, also where there is nothing to count. */
static void
test_place_of_nothing(void **state)
{
	static const char *const texts[] = { "", "{", "{\n", "\n\n" };
	struct json_place place;
	struct buf told;
	struct json_sink sink = { .take = show, .ctx = &told };
	size_t i;

	(void)state;
	buf_init(&told, 100);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(json_body_read(texts[i], strlen(texts[i]),
				     &sink, &place),
		    JSON_SYNTAX);
		assert_true(place.line >= 1 && place.column >= 1);
	}
	buf_release(&told);
}

/* A NUL behind the object, and an object cut off by its length. */
static void
test_length_counts(void **state)
{
	struct json_place place;
	struct buf told;
	struct json_sink sink = { .take = show, .ctx = &told };

	(void)state;
	buf_init(&told, 100);
	assert_int_equal(json_body_read("{}\0", 3, &sink, &place), JSON_SYNTAX);
	assert_int_equal(json_body_read("{}", 1, &sink, &place), JSON_SYNTAX);
	assert_int_equal(json_body_read("{}x", 2, &sink, &place), JSON_DONE);
	buf_release(&told);
}

/* Nesting deeper than the reader goes is refused, not a crash. */
static void
test_deep(void **state)
{
	struct json_place place;
	struct buf told, deep;
	struct json_sink sink = { .take = show, .ctx = &told };
	int i;

	(void)state;
	buf_init(&told, 100);
	buf_init(&deep, 1u << 20);
	for (i = 0; i < 500000; i++)
		buf_char(&deep, '[');
	assert_int_equal(json_body_read(buf_text(&deep), deep.len, &sink,
			     &place),
	    JSON_SYNTAX);
	buf_release(&deep);
	buf_release(&told);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_place_of_nothing),
		cmocka_unit_test(test_length_counts),
		cmocka_unit_test(test_deep),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
