/* What the CSV reader makes of a text that comes in pieces, as a text. */
#ifndef LIB_CSV_FEED_H
#define LIB_CSV_FEED_H

#include "base/buf.h"
#include "codec/csv.h"

#include "dice.h"

#include <inttypes.h>
#include <string.h>

/* Shows a row as LINE:CODE[FIELD][FIELD]..., told fields only. */
static inline void
csv_show_row(struct buf *out, const struct csv_row *row)
{
	size_t i;

	buf_printf(out, "%" PRIu64 ":%s", row->problem.line,
	    problem_name(row->problem.code));
	for (i = 0; i < row->count && i < CSV_FIELDS_MAX; i++) {
		buf_char(out, '[');
		buf_add(out, row->fields[i].text, row->fields[i].len);
		buf_char(out, ']');
	}
	buf_char(out, '\n');
}

/* Gives the reader its next piece: of `piece` bytes; 0: of a random size. */
static inline void
csv_give(struct csv *csv, const char **text, size_t *len, size_t piece,
    struct dice *dice)
{
	size_t space, n = piece > 0 ? piece : (size_t)dice_between(dice, 1, 9);
	char *to = csv_space(csv, &space);

	assert_true(space > 0);
	if (n > *len)
		n = *len;
	if (n > space)
		n = space;
	if (n == 0) {
		csv_end(csv);
		return;
	}
	memcpy(to, *text, n);
	csv_filled(csv, n);
	*text += n;
	*len -= n;
}

/* Reads all of the text and shows its rows; a refusal begins with a '!'. */
static inline void
csv_feed(struct buf *out, const char *text, size_t len, size_t piece,
    struct dice *dice)
{
	static struct csv_row row;
	enum csv_event event;
	struct csv *csv;

	assert_int_equal(csv_new(&csv), ERR_NONE);
	while ((event = csv_next(csv, &row)) != CSV_END) {
		if (event == CSV_MORE) {
			csv_give(csv, &text, &len, piece, dice);
			continue;
		}
		if (event == CSV_REFUSED) {
			buf_char(out, '!');
			row.count = 0;
		}
		csv_show_row(out, &row);
		if (event == CSV_REFUSED)
			break;
	}
	csv_free(csv);
	assert_int_equal(buf_err(out), ERR_NONE);
}

/* Reads the first record of a text; the row is valid until csv_free(). */
static inline struct csv *
csv_first(const char *text, size_t len, struct csv_row *row)
{
	struct csv *csv;
	size_t space;
	char *to;

	assert_int_equal(csv_new(&csv), ERR_NONE);
	assert_int_equal(csv_next(csv, row), CSV_MORE);
	to = csv_space(csv, &space);
	assert_true(len <= space);
	memcpy(to, text, len);
	csv_filled(csv, len);
	csv_end(csv);
	assert_int_equal(csv_next(csv, row), CSV_ROW);
	return csv;
}

#endif
