/* Rows as libcsv sees them. */
#include "second_csv.h"

#include "base/text.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_TOLD 1024

void
show_field(struct buf *out, size_t number, const char *text, size_t len)
{
	if (number >= FIELDS_TOLD)
		return;
	buf_printf(out, "%zu:", len);
	buf_add(out, text, len);
}

void
show_row_end(struct buf *out, size_t count)
{
	buf_printf(out, "=%zu\n", count);
}

/* The row at hand goes to out when its end comes: it may be a bad one. */
struct second {
	struct buf *out;
	struct buf row;
	size_t count;
};

static void
take_field(void *bytes, size_t len, void *ctx)
{
	struct second *s = ctx;
	const char *text = bytes;

	text_trim(&text, &len);
	show_field(&s->row, s->count++, text, len);
}

static void
take_row(int end, void *ctx)
{
	struct second *s = ctx;

	(void)end;
	buf_add(s->out, s->row.data, s->row.len);
	show_row_end(s->out, s->count);
	buf_reset(&s->row);
	s->count = 0;
}

bool
second_csv_read(struct buf *out, const char *text, size_t len)
{
	struct second s = { .out = out };
	struct csv_parser parser;
	bool good;

	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
		abort();
	buf_init(&s.row, out->max);
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
	}
	good = csv_parse(&parser, text, len, take_field, take_row, &s) == len &&
	    csv_fini(&parser, take_field, take_row, &s) == 0;
	/* What libcsv's csv_free() does; that name is taken here. */
	free(parser.entry_buf);
	buf_release(&s.row);
	return good;
}
