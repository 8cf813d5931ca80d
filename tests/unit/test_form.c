/* URL forms: what is split where, what is decoded, what is refused. */
#include "codec/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

/* Pairs are shown as "name:value|", undecoded. */
static const struct {
	const char *text;
	const char *pairs;
} splits[] = {
	{ "", "" },
	{ "&", "" },
	{ "&&&", "" },
	{ "a=1", "a:1|" },
	{ "a=1&b=2", "a:1|b:2|" },
	{ "a=1&&b=2&", "a:1|b:2|" },
	{ "&a=1", "a:1|" },
	{ "a", "a:|" },
	{ "a&b", "a:|b:|" },
	{ "a=", "a:|" },
	{ "=1", ":1|" },
	{ "=", ":|" },
	{ "a=b=c", "a:b=c|" },
	{ "a=1;b=2", "a:1;b=2|" },
	{ "a%3Db=c%26d", "a%3Db:c%26d|" },
};

static void
test_splits(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(splits) / sizeof(splits[0]); i++) {
		const char *s = splits[i].text;
		size_t len = strlen(s);
		struct form_pair pair;
		struct buf got;

		buf_init(&got, 1000);
		while (form_next(&s, &len, &pair)) {
			buf_add(&got, pair.name, pair.name_len);
			buf_char(&got, ':');
			buf_add(&got, pair.value, pair.value_len);
			buf_char(&got, '|');
		}
		assert_int_equal(len, 0);
		assert_string_equal(buf_text(&got), splits[i].pairs);
		buf_release(&got);
	}
}

static const struct {
	const char *text;
	const char *decoded; /* NULL: refused */
} codes[] = {
	{ "", "" },
	{ "plain-._~*", "plain-._~*" },
	{ "a+b", "a b" },
	{ "a%20b", "a b" },
	{ "a%2bb", "a+b" },
	{ "%2B%2b", "++" },
	{ "100%25", "100%" },
	{ "%C3%A9", "\xc3\xa9" },
	{ "\xc3\xa9", "\xc3\xa9" },
	{ "%F0%9F%8D%95", "\xf0\x9f\x8d\x95" },
	{ "%e2%82%ac", "\xe2\x82\xac" },
	{ "%", NULL },
	{ "%2", NULL },
	{ "%2g", NULL },
	{ "%g2", NULL },
	{ "%%20", NULL },
	{ "% 20", NULL },
	{ "%-1", NULL },
	{ "%00", NULL },
	{ "a%00b", NULL },
	{ "%0a", NULL },
	{ "%7F", NULL },
	{ "%C2%80", NULL },
	{ "%C3", NULL },
	{ "%C3%28", NULL },
	{ "%C0%AF", NULL },
	{ "%ED%A0%80", NULL },
	{ "%F4%90%80%80", NULL },
	{ "\xff", NULL },
};

static void
test_decodes(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		struct buf out;
		bool good;

		buf_init(&out, 1000);
		buf_str(&out, "before ");
		good = form_decode(&out, codes[i].text, strlen(codes[i].text));
		if (good != (codes[i].decoded != NULL))
			fail_msg("\"%s\": %d", codes[i].text, good);
		if (good) {
			assert_memory_equal(buf_text(&out), "before ", 7);
			assert_string_equal(buf_text(&out) + 7,
			    codes[i].decoded);
		}
		buf_release(&out);
	}
}

/* A percent sign near the end must not be read past it. */
static void
test_stays_inside(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	assert_false(form_decode(&out, "%20", 2));
	buf_reset(&out);
	assert_false(form_decode(&out, "%20", 1));
	buf_reset(&out);
	assert_true(form_decode(&out, "%20", 3));
	assert_string_equal(buf_text(&out), " ");
	buf_release(&out);
}

/* Every byte, escaped, comes back if it is printable ASCII, else not. */
static void
test_every_byte(void **state)
{
	int c;

	(void)state;
	for (c = 0; c < 256; c++) {
		struct buf in, out;
		bool good;

		buf_init(&in, 10);
		buf_init(&out, 10);
		buf_printf(&in, "%%%02X", (unsigned)c);
		good = form_decode(&out, buf_text(&in), in.len);
		assert_int_equal(good, c >= 0x20 && c < 0x7f);
		if (good)
			assert_int_equal(buf_text(&out)[0], c);
		buf_release(&in);
		buf_release(&out);
	}
}

static void
test_ceiling(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 3);
	assert_true(form_decode(&out, "abc", 3));
	assert_int_equal(buf_err(&out), ERR_NONE);
	buf_reset(&out);
	(void)form_decode(&out, "abc%20", 6);
	assert_int_equal(buf_err(&out), ERR_TOO_LARGE);
	buf_release(&out);
}

/* Random bytes: no crash, and nothing longer than what was sent. */
static void
test_random(void **state)
{
	static const char letters[] = "%&=+aF0\xc3\x80";
	char text[24];
	int i;

	(void)state;
	srand(1);
	for (i = 0; i < 20000; i++) {
		size_t n = (size_t)rand() % sizeof(text), j, len = n;
		const char *s = text;
		struct form_pair pair;
		struct buf out;

		for (j = 0; j < n; j++)
			text[j] = letters[(size_t)rand() %
			    (sizeof(letters) - 1)];
		buf_init(&out, 100);
		while (form_next(&s, &len, &pair)) {
			buf_reset(&out);
			(void)form_decode(&out, pair.value, pair.value_len);
			assert_true(out.len <= pair.value_len);
			assert_true(pair.name_len + pair.value_len <= n);
		}
		assert_ptr_equal(s, text + n);
		buf_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_splits),
		cmocka_unit_test(test_decodes),
		cmocka_unit_test(test_stays_inside),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests_name("form", tests, NULL, NULL);
}
