/* Escaping by destination; JSON is read back by jansson. */
#include "codec/escape.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

typedef void escape(struct buf *out, const char *s, size_t len);

static const struct {
	escape *to;
	const char *text;
	const char *escaped;
} cases[] = {
	{ json_text, "", "\"\"" },
	{ json_text, "plain", "\"plain\"" },
	{ json_text, "a\"b\\c/", "\"a\\\"b\\\\c/\"" },
	{ json_text, "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"" },
	{ json_text, "\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\"" },
	{ json_text, "caf\xc3\xa9!", "\"caf\xc3\xa9!\"" },
	{ json_text, "\xf0\x9f\x8d\x95", "\"\xf0\x9f\x8d\x95\"" },
	{ json_text,
	    "a\xff"
	    "b",
	    "\"a\\ufffdb\"" },
	{ json_text, "\xc3\xa9\xff", "\"\\ufffd\"" },
	{ json_text, "\xc2\x85", "\"\\ufffd\"" },
	{ csv_field, "", "" },
	{ csv_field, "plain text", "plain text" },
	{ csv_field, "a,b", "\"a,b\"" },
	{ csv_field, "a\"b", "\"a\"\"b\"" },
	{ csv_field, "\"", "\"\"\"\"" },
	{ csv_field, "a\nb", "\"a\nb\"" },
	{ csv_field, "a\rb", "\"a\rb\"" },
	{ csv_field, " a", "\" a\"" },
	{ csv_field, "a\t", "\"a\t\"" },
	{ csv_field, "a;b'c", "a;b'c" },
	{ html_text, "", "" },
	{ html_text, "plain", "plain" },
	{ html_text, "<b class=\"x\" id='y'>&amp;",
	    "&lt;b class=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;" },
	{ html_text, "a\tb\nc", "a\tb\nc" },
	{ html_text,
	    "a\x01"
	    "b\x7f"
	    "c\r",
	    "abc" },
	{ html_text, "caf\xc3\xa9", "caf\xc3\xa9" },
	{ header_value, "", "" },
	{ header_value, "attachment; filename=\"a.csv\"",
	    "attachment; filename=\"a.csv\"" },
};

static void
test_cases(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf out;

		buf_init(&out, 1000);
		cases[i].to(&out, cases[i].text, strlen(cases[i].text));
		assert_int_equal(buf_err(&out), ERR_NONE);
		assert_string_equal(buf_text(&out), cases[i].escaped);
		buf_release(&out);
	}
}

static void
test_nul(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	json_text(&out, "a\0b", 3);
	assert_string_equal(buf_text(&out), "\"a\\u0000b\"");
	buf_reset(&out);
	html_text(&out, "a\0b", 3);
	assert_string_equal(buf_text(&out), "ab");
	buf_release(&out);
}

static void
test_header_refuses(void **state)
{
	static const char *const bad[] = { "a\r\nSet-Cookie: b", "a\n", "\r",
		"a\tb", "\x7f", "caf\xc3\xa9", "\x80" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct buf out;

		buf_init(&out, 1000);
		buf_str(&out, "X: ");
		header_value(&out, bad[i], strlen(bad[i]));
		assert_int_equal(buf_err(&out), ERR_INPUT);
		assert_string_equal(buf_text(&out), "X: ");
		buf_release(&out);
	}
}

/* Whatever the bytes: valid JSON, and clean text comes back unchanged. */
static void
test_random_json(void **state)
{
	static const char
	    letters[] = "ab\"\\\n\x01\x7f\xc3\xa9\xe2\x82\xac\xff";
	char text[16];
	int i;

	(void)state;
	srand(1);
	for (i = 0; i < 20000; i++) {
		size_t n = (size_t)rand() % sizeof(text), j;
		struct buf out;
		json_t *back;

		for (j = 0; j < n; j++)
			text[j] = letters[(size_t)rand() %
			    (sizeof(letters) - 1)];
		buf_init(&out, 1000);
		json_text(&out, text, n);
		back = json_loadb(buf_text(&out), out.len, JSON_DECODE_ANY,
		    NULL);
		assert_non_null(back);
		if (text_is_clean(text, n)) {
			assert_int_equal(json_string_length(back), n);
			assert_memory_equal(json_string_value(back), text, n);
		}
		json_decref(back);
		buf_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_header_refuses),
		cmocka_unit_test(test_random_json),
	};

	return cmocka_run_group_tests_name("escape", tests, NULL, NULL);
}
