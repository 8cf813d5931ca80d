/* The CSV reader: what a row is, what is wrong with one, how long it may be. */
#include "codec/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "../lib/check.h"
#include "../lib/csv_feed.h"

#define SHOWN ((size_t)4 * 1024 * 1024)
#define WHOLE SIZE_MAX

static const char *const cases[][2] = {
	{ "", "" },
	{ "\n", "" },
	{ "\n\n", "" },
	{ " \t\n", "" },
	{ "a", "1:[a]\n" },
	{ "a\n", "1:[a]\n" },
	{ "a\r\n", "1:[a]\n" },
	{ "a\r", "1:[a]\n" },
	{ "a,b\nc,d\n", "1:[a][b]\n2:[c][d]\n" },
	{ "a,b\r\nc,d\r\n", "1:[a][b]\n2:[c][d]\n" },
	{ "a,b\rc,d\r", "1:[a][b]\n2:[c][d]\n" },
	{ "a\r\r\nb", "1:[a]\n3:[b]\n" },
	{ "a\n\rb", "1:[a]\n3:[b]\n" },
	{ "a\n\n\nb\n", "1:[a]\n4:[b]\n" },
	{ "a\n  \nb\n", "1:[a]\n3:[b]\n" },
	{ "\r\n\r\na\r\n", "3:[a]\n" },
	{ ",", "1:[][]\n" },
	{ ",,\n", "1:[][][]\n" },
	{ "a,", "1:[a][]\n" },
	{ " a ,\tb\t, c d ", "1:[a][b][c d]\n" },
	{ "\xef\xbb\xbf"
	  "a,b\n",
	    "1:[a][b]\n" },
	{ "\xef\xbb\xbf"
	  "\"a\",b\n",
	    "1:[a][b]\n" },
	{ "\xef\xbb\xbf", "" },
	{ "\xef\xbb", "1:[\xef\xbb]\n" },
	{ "a\n\xef\xbb\xbf"
	  "b\n",
	    "1:[a]\n2:[\xef\xbb\xbf"
	    "b]\n" },
	{ "\"a\"", "1:[a]\n" },
	{ "\"a\"\r\n", "1:[a]\n" },
	{ "\"a,b\",c", "1:[a,b][c]\n" },
	{ "\"a\"\"b\"", "1:[a\"b]\n" },
	{ "\"\"", "1:[]\n" },
	{ "\"\"\"\"", "1:[\"]\n" },
	{ "\"\"\"a\"\"\"", "1:[\"a\"]\n" },
	{ " \"a\" , \"b\"\t", "1:[a][b]\n" },
	{ "\" a \"", "1:[a]\n" },
	{ "\"a\nb\",c\nd", "1:[a\nb][c]\n3:[d]\n" },
	{ "\"a\r\nb\",c\nd", "1:[a\r\nb][c]\n3:[d]\n" },
	{ "\"a\rb\",c\nd", "1:[a\rb][c]\n3:[d]\n" },
	{ "\"a\r\",c\nd", "1:[a\r][c]\n3:[d]\n" },
	{ "\"a\n\n\"\nd", "1:[a\n\n]\n4:[d]\n" },
	{ "a\"b\nc", "1:quote\n2:[c]\n" },
	{ "a\"b,c\"d\ne", "1:quote\n2:[e]\n" },
	{ "\"a\"b\nc", "1:quote\n2:[c]\n" },
	{ "\"a\" b\nc", "1:quote\n2:[c]\n" },
	{ "\"a\"\"\nc", "1:quote\n" },
	{ "\"a\nb\" x\nc", "1:quote\n3:[c]\n" },
	{ "\"a\" \"b\"\nc", "1:quote\n2:[c]\n" },
	{ "\"a\"\t\"\nc", "1:quote\n2:[c]\n" },
	{ "a,\"b\nc\n", "1:quote\n" },
	{ "x\na,\"b\nc\n", "1:[x]\n2:quote\n" },
	{ "\"", "1:quote\n" },
	{ "caf\xc3\xa9,\x01\n", "1:[caf\xc3\xa9][\x01]\n" },
};

static void
test_cases(void **state)
{
	struct dice dice = { 1 };
	size_t i, piece;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		for (piece = 0; piece < 4; piece++) {
			struct buf out;

			buf_init(&out, SHOWN);
			csv_feed(&out, cases[i][0], strlen(cases[i][0]),
			    piece == 3 ? WHOLE : piece, &dice);
			check_text(cases[i][0], buf_text(&out), cases[i][1]);
			buf_release(&out);
		}
	}
}

/* Texts of a head, `fill` bytes of 'x', and a tail. */
static const struct {
	const char *name;
	const char *head;
	long fill; /* more than CSV_RECORD_MAX */
	const char *tail;
	const char *last; /* how what is shown ends */
} lengths[] = {
	{ "below, LF", "", -1, "\nz\n", "2:[z]\n" },
	{ "at, LF", "", 0, "\nz\n", "2:[z]\n" },
	{ "above, LF", "", 1, "\nz\n", "!1:line_too_long\n" },
	{ "at, CRLF", "", 0, "\r\nz\n", "2:[z]\n" },
	{ "above, CRLF", "", 1, "\r\nz\n", "!1:line_too_long\n" },
	{ "at, CR", "", 0, "\rz\n", "2:[z]\n" },
	{ "above, CR", "", 1, "\rz\n", "!1:line_too_long\n" },
	{ "at, end of the file", "z\n", 0, "", "x]\n" },
	{ "above, end of the file", "z\n", 1, "", "!2:line_too_long\n" },
	{ "at, behind a field", "z,", -2, "\nz\n", "2:[z]\n" },
	{ "above, behind a field", "z,", -1, "\nz\n", "!1:line_too_long\n" },
	{ "below, quoted", "\"", -3, "\"\nz\n", "2:[z]\n" },
	{ "at, quoted", "\"", -2, "\"\nz\n", "2:[z]\n" },
	{ "above, quoted", "\"", -1, "\"\nz\n", "!1:line_too_long\n" },
	{ "well above, quoted", "\"", 9, "\"\nz\n", "!1:unterminated_quote\n" },
	{ "a quote left open", "z\n\"", 900, "", "!2:unterminated_quote\n" },
	{ "a quote left open below", "\"", -9, "", "1:quote\n" },
	{ "a quote in the wrong place", "a\"", 9, "\nz", "!1:line_too_long\n" },
	{ "over many buffers", "", 5000000, "\nz\n", "!1:line_too_long\n" },
};

static void
test_lengths(void **state)
{
	static const size_t pieces[] = { WHOLE, 4096, 61 };
	struct dice dice = { 2 };
	size_t i, p;

	(void)state;
	for (i = 0; i < COUNT(lengths); i++) {
		size_t head = strlen(lengths[i].head);
		size_t fill = (size_t)((long)CSV_RECORD_MAX + lengths[i].fill);
		size_t len = head + fill + strlen(lengths[i].tail);
		char *text = malloc(len + 1);

		assert_non_null(text);
		memcpy(text, lengths[i].head, head);
		memset(text + head, 'x', fill);
		memcpy(text + head + fill, lengths[i].tail,
		    strlen(lengths[i].tail) + 1);
		for (p = 0; p < COUNT(pieces); p++) {
			size_t want = strlen(lengths[i].last);
			struct buf out;

			buf_init(&out, SHOWN);
			csv_feed(&out, text, len, pieces[p], &dice);
			check_true(lengths[i].name, out.len >= want);
			check_text(lengths[i].name,
			    buf_text(&out) + out.len - want, lengths[i].last);
			buf_release(&out);
		}
		free(text);
	}
}

/* Fields beyond the last that is told are counted all the same. */
static void
test_many_fields(void **state)
{
	static struct csv_row row;
	size_t commas, space;
	struct csv *csv;
	char *to;

	(void)state;
	for (commas = CSV_FIELDS_MAX - 2; commas <= CSV_FIELDS_MAX; commas++) {
		assert_int_equal(csv_new(&csv), ERR_NONE);
		assert_int_equal(csv_next(csv, &row), CSV_MORE);
		to = csv_space(csv, &space);
		memset(to, ',', commas);
		/* Once as a plain record, once as one with a quote. */
		memset(to + commas + 1, ',', commas);
		to[commas] = '\n';
		to[2 * commas + 1] = '"';
		to[2 * commas + 2] = '"';
		csv_filled(csv, 2 * commas + 3);
		csv_end(csv);
		assert_int_equal(csv_next(csv, &row), CSV_ROW);
		assert_int_equal(row.count, commas + 1);
		assert_int_equal(row.raw_len, commas);
		assert_int_equal(csv_next(csv, &row), CSV_ROW);
		assert_int_equal(row.count, commas + 1);
		assert_int_equal(row.problem.line, 2);
		assert_int_equal(csv_next(csv, &row), CSV_END);
		assert_int_equal(csv_next(csv, &row), CSV_END);
		csv_free(csv);
	}
	csv_free(NULL);
}

/* Rows that lie across the ends of the reader's buffer. */
static void
test_many_rows(void **state)
{
	struct dice dice = { 3 };
	size_t len = 0, cap = (size_t)3 * 1024 * 1024;
	char *text = malloc(cap);
	struct buf wanted, out;
	int line = 1;

	(void)state;
	assert_non_null(text);
	buf_init(&wanted, 8 * SHOWN);
	buf_init(&out, 8 * SHOWN);
	for (; len < cap - 100; line++) {
		int64_t number = dice_between(&dice, 0, 99999999);
		bool quoted = dice_one_in(&dice, 5);

		len += (size_t)snprintf(text + len, 100,
		    quoted ? "\"%" PRId64 "\",b\r\n" : "%" PRId64 ",b\n",
		    number);
		buf_printf(&wanted, "%d:[%" PRId64 "][b]\n", line, number);
	}
	csv_feed(&out, text, len, WHOLE, &dice);
	assert_string_equal(buf_text(&out), buf_text(&wanted));
	buf_release(&out);
	csv_feed(&out, text, len, 0, &dice);
	assert_string_equal(buf_text(&out), buf_text(&wanted));
	buf_release(&out);
	buf_release(&wanted);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_many_fields),
		cmocka_unit_test(test_many_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
