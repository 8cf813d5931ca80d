/*
 * A streaming CSV reader (RFC 4180): commas, double quotes, lines that end in
 * LF, CRLF or CR, a UTF-8 byte order mark dropped.  It owns one buffer of
 * fixed size and does no input itself:
 *
 *	while ((event = csv_next(csv, &row)) != CSV_END)
 *		if (event == CSV_MORE)
 *			read into csv_space(), then csv_filled() or csv_end()
 *
 * Stricter than most readers: a quote inside a bare field and text behind a
 * closing quote are errors of the row, since a file with them was not written
 * by RFC 4180 and its columns may be shifted.
 */
#ifndef CODEC_CSV_H
#define CODEC_CSV_H

#include "base/err.h"
#include "base/problem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CSV_RECORD_MAX ((size_t)64 * 1024) /* bytes of a record */
#define CSV_FIELDS_MAX 1024                /* fields that are told */

enum csv_event {
	CSV_ROW,    /* a record; the blank ones are passed over */
	CSV_MORE,   /* needs more bytes, or to be told that there are none */
	CSV_END,    /* no more records */
	CSV_REFUSED /* the file cannot be read on: row->problem */
};

struct csv_field {
	const char *text; /* len bytes, trimmed of blanks */
	size_t len;
};

/* A record.  Fields are valid until the next call on the reader. */
struct csv_row {
	struct problem problem; /* of the row (quote), or of the file */
	size_t count;           /* of fields, also those not told */
	struct csv_field fields[CSV_FIELDS_MAX];
	const char *raw; /* the record as it came, without its end */
	size_t raw_len;
};

struct csv;

/* A new reader, or ERR_NO_MEMORY. */
MUST_CHECK enum err csv_new(struct csv **out);

/* Gives it back; NULL is allowed. */
void csv_free(struct csv *csv);

/* Where the next bytes of the file go, and how many; after CSV_MORE only. */
char *csv_space(struct csv *csv, size_t *len);

/* Tells how many bytes were put there. */
void csv_filled(struct csv *csv, size_t len);

/* Tells that the file has no more bytes. */
void csv_end(struct csv *csv);

/* The next event; see above.  row is set for CSV_ROW and CSV_REFUSED. */
enum csv_event csv_next(struct csv *csv, struct csv_row *row);

#endif
