/*
 * The reader looks for the end of a record first and takes it apart after.
 * Almost all records are plain: no quote, no lone CR; they are found by memchr
 * and cut at their commas.  The others go through a scan byte by byte, which
 * remembers where it stopped when the record goes on in bytes not read yet.
 */
#include "codec/csv.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Fuzzing makes readers by the million, and takes a smaller one. */
#ifndef CSV_BUFFER_BYTES
#define CSV_BUFFER_BYTES ((size_t)1024 * 1024)
#endif

_Static_assert(CSV_BUFFER_BYTES > CSV_RECORD_MAX + 2,
    "a record that is too long fits, with its line end");

/* Where the scan of a record stands between two bytes. */
enum scan_state {
	SCAN_START,  /* of a field, blanks before it included */
	SCAN_BARE,   /* inside a field without quotes */
	SCAN_QUOTED, /* inside quotes */
	SCAN_CLOSED, /* behind a closing quote */
	SCAN_BEHIND, /* and behind blanks after it */
	SCAN_WRONG   /* a quote stands wrong: only the line end counts */
};

struct csv {
	char *data;
	char *plain; /* the quoted fields of a record, unquoted */
	size_t plain_used;
	size_t start; /* of the record at hand */
	size_t end;   /* of what was read */
	size_t at;    /* where the scan of the record stands */
	enum scan_state state;
	uint64_t line;   /* of the record's start */
	uint64_t inside; /* line ends inside the record, in quotes */
	bool last;       /* no more bytes will come */
	bool begun;      /* past the byte order mark */
};

enum err
csv_new(struct csv **out)
{
	struct csv *csv = calloc(1, sizeof(*csv));

	if (csv == NULL)
		return ERR_NO_MEMORY;
	csv->data = malloc(CSV_BUFFER_BYTES);
	csv->plain = malloc(CSV_RECORD_MAX);
	if (csv->data == NULL || csv->plain == NULL) {
		csv_free(csv);
		return ERR_NO_MEMORY;
	}
	csv->line = 1;
	*out = csv;
	return ERR_NONE;
}

void
csv_free(struct csv *csv)
{
	if (csv == NULL)
		return;
	free(csv->data);
	free(csv->plain);
	free(csv);
}

char *
csv_space(struct csv *csv, size_t *len)
{
	memmove(csv->data, csv->data + csv->start, csv->end - csv->start);
	csv->end -= csv->start;
	csv->at -= csv->start;
	csv->start = 0;
	*len = CSV_BUFFER_BYTES - csv->end;
	return csv->data + csv->end;
}

void
csv_filled(struct csv *csv, size_t len)
{
	csv->end += len;
}

void
csv_end(struct csv *csv)
{
	csv->last = true;
}

/* One byte of a record; false at the byte that ends it. */
static bool
scan_byte(struct csv *csv, char c)
{
	bool line_end = c == '\n' || c == '\r';

	switch (csv->state) {
	case SCAN_QUOTED:
		if (c == '"')
			csv->state = SCAN_CLOSED;
		/* CRLF is one line end: its CR is not counted. */
		if (c == '\n' ||
		    (c == '\r' && csv->at + 1 < csv->end &&
			csv->data[csv->at + 1] != '\n'))
			csv->inside++;
		return true;
	case SCAN_CLOSED:
	case SCAN_BEHIND:
		if (c == '"')
			csv->state = csv->state == SCAN_CLOSED ? SCAN_QUOTED
							       : SCAN_WRONG;
		else if (c == ',')
			csv->state = SCAN_START;
		else if (!line_end)
			csv->state = c == ' ' || c == '\t' ? SCAN_BEHIND
							   : SCAN_WRONG;
		return !line_end;
	case SCAN_WRONG:
		return !line_end;
	case SCAN_START:
		if (c == '"')
			csv->state = SCAN_QUOTED;
		else if (c != ',' && c != ' ' && c != '\t')
			csv->state = SCAN_BARE;
		return !line_end;
	case SCAN_BARE:
	default:
		if (c == '"')
			csv->state = SCAN_WRONG;
		else if (c == ',')
			csv->state = SCAN_START;
		return !line_end;
	}
}

/*
 * Moves csv->at to the end of the record; false if it is not there yet.  A CR
 * as the very last byte read waits for the next one, which may be its LF.
 */
static bool
find_end(struct csv *csv)
{
	for (; csv->at < csv->end; csv->at++) {
		char c = csv->data[csv->at];

		if (c == '\r' && csv->at + 1 == csv->end && !csv->last)
			return false;
		if (csv->at - csv->start > CSV_RECORD_MAX)
			return true;
		if (!scan_byte(csv, c))
			return true;
	}
	return csv->last;
}

/* Takes a field out of its quotes: doubled quotes become one. */
static void
unquote(struct csv *csv, struct csv_field *f)
{
	char *out = csv->plain + csv->plain_used;
	size_t i, used = 0;

	for (i = 1; i < f->len - 1; i++) {
		out[used++] = f->text[i];
		if (f->text[i] == '"')
			i++;
	}
	csv->plain_used += used;
	f->text = out;
	f->len = used;
	text_trim(&f->text, &f->len);
}

/* Adds a field, given its bytes between two commas. */
static void
add_field(struct csv *csv, struct csv_row *row, const char *text,
    const char *end)
{
	struct csv_field *f;

	if (row->count++ >= CSV_FIELDS_MAX)
		return;
	f = &row->fields[row->count - 1];
	f->text = text;
	f->len = (size_t)(end - text);
	if (text < end && (*text <= ' ' || end[-1] <= ' '))
		text_trim(&f->text, &f->len);
	if (f->len > 0 && f->text[0] == '"')
		unquote(csv, f);
}

/* Cuts a record at its commas. */
static void
split_plain(struct csv *csv, struct csv_row *row)
{
	const char *text = row->raw, *end = row->raw + row->raw_len, *comma;

	row->count = 0;
	while ((comma = memchr(text, ',', (size_t)(end - text))) != NULL) {
		add_field(csv, row, text, comma);
		text = comma + 1;
	}
	add_field(csv, row, text, end);
}

/* Cuts a record at the commas that are not in quotes. */
static void
split_quoted(struct csv *csv, struct csv_row *row)
{
	const char *text = row->raw, *end = row->raw + row->raw_len, *p;
	bool inside = false;

	row->count = 0;
	csv->plain_used = 0;
	for (p = text; p < end; p++) {
		if (*p == '"')
			inside = !inside;
		if (*p != ',' || inside)
			continue;
		add_field(csv, row, text, p);
		text = p + 1;
	}
	add_field(csv, row, text, end);
}

static bool
is_blank(const char *text, size_t len)
{
	text_trim(&text, &len);
	return len == 0;
}

/* Moves on to the record behind the line end at csv->at. */
static void
advance(struct csv *csv, size_t line_end)
{
	csv->start = csv->at = csv->at + line_end;
	csv->line += csv->inside + 1;
	csv->inside = 0;
	csv->state = SCAN_START;
}

/*
 * The usual record: everything up to the LF is there and holds neither a
 * quote nor a CR but the one before the LF.  False if it is not so.
 */
static bool
plain_record(struct csv *csv, struct csv_row *row)
{
	const char *text = csv->data + csv->start;
	const char *lf = memchr(text, '\n', csv->end - csv->start);
	size_t len;

	if (lf == NULL || csv->at != csv->start)
		return false;
	len = (size_t)(lf - text);
	if (len > 0 && text[len - 1] == '\r')
		len--;
	if (len > CSV_RECORD_MAX || memchr(text, '"', len) != NULL ||
	    memchr(text, '\r', len) != NULL)
		return false;
	row->problem.line = csv->line;
	row->problem.code = PROBLEM_NONE;
	row->raw = text;
	row->raw_len = len;
	split_plain(csv, row);
	csv->at = csv->start = (size_t)(lf + 1 - csv->data);
	csv->line++;
	return true;
}

/* Any other record, found to end at csv->at. */
static enum csv_event
odd_record(struct csv *csv, struct csv_row *row)
{
	const char *text = csv->data + csv->start;
	size_t len = csv->at - csv->start, line_end = 0;

	row->problem.line = csv->line;
	row->problem.code = PROBLEM_NONE;
	row->raw = text;
	row->raw_len = len;
	row->count = 0;
	if (len > CSV_RECORD_MAX) {
		row->problem.code = csv->state == SCAN_QUOTED
		    ? PROBLEM_UNTERMINATED_QUOTE
		    : PROBLEM_LINE_TOO_LONG;
		return CSV_REFUSED;
	}
	if (csv->at < csv->end) {
		line_end = 1;
		if (csv->data[csv->at] == '\r' && csv->at + 1 < csv->end &&
		    csv->data[csv->at + 1] == '\n')
			line_end = 2;
	}
	if (csv->state == SCAN_WRONG || csv->state == SCAN_QUOTED)
		row->problem.code = PROBLEM_QUOTE;
	else
		split_quoted(csv, row);
	advance(csv, line_end);
	return CSV_ROW;
}

enum csv_event
csv_next(struct csv *csv, struct csv_row *row)
{
	enum csv_event event;

	if (!csv->begun) {
		if (csv->end < 3 && !csv->last)
			return CSV_MORE;
		csv->begun = true;
		if (csv->end >= 3 && memcmp(csv->data, "\xef\xbb\xbf", 3) == 0)
			csv->start = csv->at = 3;
	}
	for (;;) {
		event = CSV_ROW;
		if (csv->start == csv->end)
			return csv->last ? CSV_END : CSV_MORE;
		if (!plain_record(csv, row)) {
			if (!find_end(csv))
				return CSV_MORE;
			event = odd_record(csv, row);
		}
		if (event == CSV_REFUSED || row->problem.code != PROBLEM_NONE ||
		    !is_blank(row->raw, row->raw_len))
			return event;
	}
}
