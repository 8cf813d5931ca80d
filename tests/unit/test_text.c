/*
 * Text from outside.  Clean text is compared with a slow model that follows
 * the table of well-formed byte sequences in the Unicode standard (3-7).
 */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../lib/check.h"
#include "../lib/dice.h"

/* Table 3-7: the first two bytes; any others are 80..BF. */
static const struct {
	unsigned char first_low, first_high, second_low, second_high;
	size_t len;
} sequences[] = {
	{ 0x00, 0x7f, 0, 0, 1 },
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 },
	{ 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

/* The length of the well-formed sequence at s, or 0. */
static size_t
model_length(const unsigned char *s, size_t len)
{
	size_t i, n;

	for (i = 0; i < COUNT(sequences); i++) {
		if (s[0] < sequences[i].first_low ||
		    s[0] > sequences[i].first_high)
			continue;
		if (sequences[i].len > len)
			return 0;
		if (sequences[i].len > 1 &&
		    (s[1] < sequences[i].second_low ||
			s[1] > sequences[i].second_high))
			return 0;
		for (n = 2; n < sequences[i].len; n++)
			if (s[n] < 0x80 || s[n] > 0xbf)
				return 0;
		return sequences[i].len;
	}
	return 0;
}

/* Whether one well-formed sequence turns the direction of writing. */
static bool
model_turns(const unsigned char *s, size_t len)
{
	static const char *const turns[] = { "\u200e", "\u200f", "\u202a",
		"\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067",
		"\u2068", "\u2069" };
	size_t i;

	for (i = 0; i < COUNT(turns); i++)
		if (len == 3 && memcmp(s, turns[i], 3) == 0)
			return true;
	return false;
}

static bool
model_is_clean(const char *text, size_t len, bool id)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t i, n;

	for (i = 0; i < len; i += n) {
		n = model_length(s + i, len - i);
		if (n == 0 || s[i] < 0x20 || s[i] == 0x7f ||
		    (s[i] == 0xc2 && s[i + 1] < 0xa0))
			return false;
		if (id && model_turns(s + i, n))
			return false;
	}
	return true;
}

static void
compare_clean(const char *s, size_t len)
{
	bool id = len >= 1 && len <= 64 && strchr("=+-@", s[0]) == NULL &&
	    model_is_clean(s, len, true);

	/* strchr finds a NUL too: an id does not start with one either. */
	assert_int_equal(text_is_clean(s, len), model_is_clean(s, len, false));
	assert_int_equal(text_is_store_id(s, len), id);
}

/* Every character of one to three bytes, and some of four. */
static void
test_characters(void **state)
{
	uint32_t first, second, third;
	char s[12] = "abcdefgh";

	(void)state;
	for (first = 0; first < 256; first++) {
		for (second = 0; second < 256; second++) {
			for (third = 0; third < 256; third += 11) {
				s[8] = (char)first;
				s[9] = (char)second;
				s[10] = (char)third;
				s[11] = (char)0x80;
				compare_clean(s, 12);
				compare_clean(s + 8, 3);
			}
			compare_clean(s + 8, 2);
		}
		compare_clean(s + 8, 1);
	}
}

/* A bad byte at every place of texts of every length: the fast path. */
static void
test_places(void **state)
{
	static const unsigned char bytes[] = { 0x00, 0x09, 0x1f, 0x20, 0x7e,
		0x7f, 0x80, 0xa0, 0xc0, 0xff };
	size_t len, at, i;

	(void)state;
	for (len = 1; len <= 66; len++) {
		for (at = 0; at < len; at++) {
			for (i = 0; i < COUNT(bytes); i++) {
				char s[66];

				memset(s, 'a', sizeof(s));
				s[at] = (char)bytes[i];
				compare_clean(s, len);
			}
		}
	}
}

static void
test_random(void **state)
{
	static const char *const pieces[] = { "a", "~", " ", "plainly",
		"\u00a0", "\xc2\x80", "\xc2\x9f", "\u00e9", "\u07ff", "\u0800",
		"\u200d", "\u200e", "\u202a", "\u2066", "\u2070", "\ud7ff",
		"\ue000", "\uffff", "\U00010000", "\U0010ffff", "\xc0\x80",
		"\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
		"\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80",
		"\xbf", "\xe2\x82", "\xf0\x9f\x98", "\t", "\x7f", "=", "-" };
	struct dice dice = { 7 };
	int i;

	(void)state;
	for (i = 0; i < 200000; i++) {
		char s[80];
		size_t len = 0;

		while (!dice_one_in(&dice, 8) && len < 70) {
			/* Half of the texts are clean for a while. */
			size_t p = (size_t)dice_between(&dice, 0,
			    i % 2 == 0 ? 3 : COUNT(pieces) - 1);

			memcpy(s + len, pieces[p], strlen(pieces[p]));
			len += strlen(pieces[p]);
		}
		if (len > 0)
			compare_clean(s, len);
	}
	assert_true(text_is_clean("", 0));
	assert_false(text_is_store_id("", 0));
}

static const struct {
	const char *text;
	bool good;
} ids[] = {
	{ "8419537941919820732", true },
	{ "a", true },
	{ "caf\u00e9 no. 7", true },
	{ "a=b", true },
	{ "a+b-c@d", true },
	{ "/", true },
	{ "=1", false },
	{ "+1", false },
	{ "-1", false },
	{ "@x", false },

	{ "123456789012345678901234567890123456789012345678901234567890123",
	    true },
	{ "1234567890123456789012345678901234567890123456789012345678901234",
	    true },
	{ "12345678901234567890123456789012345678901234567890123456789012345",
	    false },
	/* Bytes count, not characters. */
	{ "12345678901234567890123456789012345678901234567890123456789012"
	  "\u00e9",
	    true },
	{ "123456789012345678901234567890123456789012345678901234567890123"
	  "\u00e9",
	    false },
	{ "a\u202eb", false },
	{ "a\nb", false },
};

static void
test_ids(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(ids); i++)
		check_number(ids[i].text,
		    text_is_store_id(ids[i].text, strlen(ids[i].text)),
		    ids[i].good);
}

static const struct {
	const char *text;
	bool good;
} job_ids[] = {
	{ "01234567-89ab-cdef-0123-456789abcdef", true },
	{ "01234567-89ab-cdef-0123-456789abcde", false },
	{ "01234567-89ab-cdef-0123-456789abcdef0", false },
	{ "01234567-89AB-cdef-0123-456789abcdef", false },
	{ "01234567089ab-cdef-0123-456789abcdef", false },
	{ "0123456-789ab-cdef-0123-456789abcdef", false },
	{ "01234567-89ab-cdef-0123-456789abcdeg", false },
	{ "01234567-89ab-cdef-0123-45678/abcdef", false },
	{ "01234567-89ab-cdef-0123-45678:abcdef", false },
	{ "01234567-89ab-cdef-0123-45678`abcdef", false },
	{ "../../../../../../../../../etc/passw", false },
	{ "", false },
};

static void
test_job_ids(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(job_ids); i++)
		check_number(job_ids[i].text, text_is_job_id(job_ids[i].text),
		    job_ids[i].good);
}

static const struct {
	const char *text;
	size_t len;
	const char *word;
	bool same;
} words[] = {
	{ "active", 6, "active", true },
	{ "ACTIVE", 6, "active", true },
	{ "aCtIvE", 6, "ActIve", true },
	{ "active", 5, "active", false },
	{ "actives", 7, "active", false },
	{ "actives", 6, "active", true },
	{ "", 0, "", true },
	{ "", 0, "a", false },
	{ "a", 1, "", false },
	{ "a\0", 2, "a", false },
	{ "\0", 1, "", false },
	/* Only letters have a case. */
	{ "@", 1, "`", false },
	{ "[", 1, "{", false },
	{ "\xc3\x89", 2, "\xc3\xa9", false },
};

static void
test_words(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(words); i++)
		check_number(words[i].text,
		    text_same_word(words[i].text, words[i].len, words[i].word),
		    words[i].same);
}

static const char *const trims[][2] = {
	{ "", "" },
	{ " ", "" },
	{ "\t \t", "" },
	{ "a", "a" },
	{ " a", "a" },
	{ "a ", "a" },
	{ "\t a b\t ", "a b" },
	{ "\na\r", "\na\r" },
	{ "\xc2\xa0"
	  "a",
	    "\xc2\xa0"
	    "a" },
};

static void
test_trim(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(trims); i++) {
		const char *s = trims[i][0];
		size_t len = strlen(s);

		text_trim(&s, &len);
		check_number(trims[i][0], len, strlen(trims[i][1]));
		assert_memory_equal(s, trims[i][1], len);
	}
}

static const struct {
	const char *text;
	size_t len;
	size_t size;
	const char *shown;
} logs[] = {
	{ "plain text", 10, 64, "plain text" },
	{ "a\nb", 3, 64, "a\\x0ab" },
	{ "a\\b", 3, 64, "a\\x5cb" },
	{ "\x1b[31m", 5, 64, "\\x1b[31m" },
	{ "a\0b", 3, 64, "a\\x00b" },
	{ "\xc3\xa9", 2, 64, "\\xc3\\xa9" },
	{ "\x7f~", 2, 64, "\\x7f~" },
	{ "abcd", 4, 6, "abcd" },
	{ "abcd", 4, 5, "abcd" },
	{ "abcd", 4, 4, "abc" },
	{ "abcd", 4, 1, "" },
	/* An escape is whole or not there. */
	{ "a\n", 2, 6, "a\\x0a" },
	{ "a\n", 2, 5, "a" },
	{ "\nb", 2, 4, "" },
};

static void
test_log(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(logs); i++) {
		char out[65];

		memset(out, '#', sizeof(out));
		assert_ptr_equal(text_for_log(logs[i].text, logs[i].len, out,
				     logs[i].size),
		    out);
		check_text(logs[i].shown, out, logs[i].shown);
		check_number(logs[i].shown, out[logs[i].size], '#');
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_characters),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_job_ids),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_trim),
		cmocka_unit_test(test_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
