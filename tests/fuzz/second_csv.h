/*
 * A second opinion on CSV: libcsv in its strict mode.  In a file of its own,
 * because libcsv and src/codec/csv.h both have a csv_free().
 *
 * Where its rules differ from ours, its rows are brought to ours:
 *
 *	a byte order mark	ours drops it; libcsv is not shown it
 *	blanks within quotes	ours trims them too; so is done here
 *	fields above 1,024	ours counts them only; so is done here
 *	a bad row		ours goes on with the next; libcsv stops
 *	a record over 64 KiB	ours stops; libcsv goes on
 *
 * Both pass over blank lines, take LF, CR and CRLF for a line's end, trim
 * space and tab, and call a quote in a bare field, text behind a closing
 * quote and a quote that does not close wrong.
 */
#ifndef FUZZ_SECOND_CSV_H
#define FUZZ_SECOND_CSV_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Appends one field of a row, the number-th, as LENGTH:BYTES; or the end of a
 * row of that many.
 */
void show_field(struct buf *out, size_t number, const char *text, size_t len);
void show_row_end(struct buf *out, size_t count);

/* Appends all good rows before the first bad one; false if there is one. */
bool second_csv_read(struct buf *out, const char *text, size_t len);

#endif
