/*
 * The CSV reader, on a file of any bytes:
 *
 * - it says the same whether the file comes at once, byte by byte or in
 *   pieces;
 * - lines go forward only, and a field's blanks are trimmed;
 * - libcsv finds the same rows, and the first bad one at the same place;
 * - rows written by csv_field() are read back as they were.
 */
#include "fuzz.h"

#include "codec/csv.h"
#include "codec/escape.h"

#include "../lib/csv_feed.h"
#include "second_csv.h"

#define SHOWN ((size_t)32 << 20)

/* What the reader made of a text. */
struct reading {
	struct buf rows;    /* the good rows before the first bad one, shown */
	struct buf written; /* and written as CSV again */
	bool bad;           /* there was a bad row */
	bool refused;       /* the file was */
};

static void
check_row(const struct csv_row *row, uint64_t *line)
{
	size_t i;

	assert_true(row->problem.line > *line);
	*line = row->problem.line;
	assert_true(row->problem.code == PROBLEM_NONE ||
	    row->problem.code == PROBLEM_QUOTE);
	assert_true(row->problem.code == PROBLEM_NONE || row->count == 0);
	assert_true(row->problem.code != PROBLEM_NONE || row->count > 0);
	for (i = 0; i < row->count && i < CSV_FIELDS_MAX; i++) {
		const char *text = row->fields[i].text;
		size_t len = row->fields[i].len;

		assert_true(len <= row->raw_len);
		assert_true(len == 0 ||
		    (strchr(" \t", text[0]) == NULL || text[0] == '\0'));
	}
}

/* An empty row and one too long to be told have no written form. */
static void
keep_row(struct reading *r, const struct csv_row *row)
{
	size_t i;

	for (i = 0; i < row->count && i < CSV_FIELDS_MAX; i++)
		show_field(&r->rows, i, row->fields[i].text,
		    row->fields[i].len);
	show_row_end(&r->rows, row->count);
	if (row->count > CSV_FIELDS_MAX ||
	    (row->count == 1 && row->fields[0].len == 0))
		return;
	for (i = 0; i < row->count; i++) {
		if (i > 0)
			buf_char(&r->written, ',');
		csv_field(&r->written, row->fields[i].text, row->fields[i].len);
	}
	buf_str(&r->written, "\r\n");
}

/* Reads a text at once, up to its first bad row. */
static void
read_rows(struct reading *r, const char *text, size_t len)
{
	static struct csv_row row;
	enum csv_event event;
	uint64_t line = 0;
	struct csv *csv;

	memset(r, 0, sizeof(*r));
	buf_init(&r->rows, SHOWN);
	buf_init(&r->written, SHOWN);
	assert_int_equal(csv_new(&csv), ERR_NONE);
	while (!r->bad && (event = csv_next(csv, &row)) != CSV_END) {
		if (event == CSV_MORE) {
			csv_give(csv, &text, &len, SIZE_MAX, NULL);
			continue;
		}
		r->refused = event == CSV_REFUSED;
		if (!r->refused)
			check_row(&row, &line);
		r->bad = r->refused || row.problem.code != PROBLEM_NONE;
		if (!r->bad)
			keep_row(r, &row);
	}
	csv_free(csv);
	assert_int_equal(buf_err(&r->rows), ERR_NONE);
	assert_int_equal(buf_err(&r->written), ERR_NONE);
}

static void
release(struct reading *r)
{
	buf_release(&r->rows);
	buf_release(&r->written);
}

static void
check_same(const struct buf *a, const struct buf *b)
{
	assert_int_equal(a->len, b->len);
	assert_true(a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

static void
check_pieces(const char *text, size_t len)
{
	static const size_t pieces[] = { SIZE_MAX, 1, 0 };
	struct dice dice = { 7 + len };
	struct buf first, other;
	size_t i;

	buf_init(&first, SHOWN);
	buf_init(&other, SHOWN);
	csv_feed(&first, text, len, pieces[0], &dice);
	for (i = 1; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		buf_reset(&other);
		csv_feed(&other, text, len, pieces[i], &dice);
		check_same(&first, &other);
	}
	buf_release(&first);
	buf_release(&other);
}

static void
check_second_opinion(const struct reading *r, const char *text, size_t len)
{
	struct buf theirs;
	bool good;

	buf_init(&theirs, SHOWN);
	good = second_csv_read(&theirs, text, len);
	if (!r->refused) {
		assert_int_equal(good, !r->bad);
		check_same(&r->rows, &theirs);
	}
	buf_release(&theirs);
}

/* The written rows, read and written once more, are the same bytes. */
static void
check_written(const struct reading *r)
{
	struct reading again;
	struct buf text;

	/* Behind another line, so that no byte order mark is seen in it. */
	buf_init(&text, SHOWN);
	buf_str(&text, "header\r\n");
	buf_add(&text, buf_text(&r->written), r->written.len);
	read_rows(&again, text.data, text.len);
	assert_true(!again.bad);
	check_same(&again.written, &text);
	release(&again);
	buf_release(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_copy(data, size, false);
	struct reading r;

	check_pieces(text, size);
	read_rows(&r, text, size);
	check_second_opinion(&r, text, size);
	check_written(&r);
	release(&r);
	free(text);
	return 0;
}
