/*
 * The timeline for a terminal of 80 columns, from the same values as the JSON.
 * Instants outside the sentences are the store's local time with its offset,
 * to the microsecond, so that none is ambiguous.
 */
#include "work/timeline_words.h"

#include "core/stamp.h"

#include <string.h>

#define COLUMNS ((size_t)76)
#define INDENT "    "

static void
put_local(struct buf *out, const struct timeline *t, int64_t us)
{
	char stamp[STAMP_LOCAL_TEXT];

	buf_str(out,
	    stamp_format_local(us, zone_offset_s(t->schedule.zone, us), stamp));
}

static void
put_head(struct buf *out, const struct timeline *t)
{
	char stamp[STAMP_TEXT];

	buf_printf(out, "Store %s\nas of ", t->store->id);
	put_local(out, t, t->as_of_us);
	buf_printf(out, ", %s\n", stamp_format(t->as_of_us, stamp));
}

/* Breaks a text at its blanks into indented lines. */
static void
put_wrapped(struct buf *out, const char *text)
{
	size_t column = 0;

	while (*text != '\0') {
		size_t len = strcspn(text, " ");

		if (column > 0 && column + 1 + len > COLUMNS - strlen(INDENT)) {
			buf_char(out, '\n');
			column = 0;
		}
		buf_str(out, column == 0 ? INDENT : " ");
		buf_add(out, text, len);
		column += len + (column > 0);
		text += len + (text[len] == ' ');
	}
	buf_char(out, '\n');
}

static void
put_sentences(struct buf *out, const struct timeline *t)
{
	size_t i;

	for (i = 0; i < t->sentence_count; i++) {
		const struct timeline_sentence *s = &t->sentences[i];

		buf_printf(out, "\n%s: %s\n", s->title,
		    t->words.data + s->value);
		put_wrapped(out, t->words.data + s->text);
	}
}

/* One edge of an outage: the polls on either side of it. */
static void
put_edge(struct buf *out, const struct timeline *t, const char *what,
    const struct timeline_edge *e)
{
	buf_printf(out, INDENT "%s after ", what);
	if (e->after_us == TIMELINE_NONE)
		buf_str(out, "no poll at all");
	else
		put_local(out, t, e->after_us);
	buf_printf(out, "\n" INDENT "%*s    by ", (int)strlen(what), "");
	if (e->by_us == TIMELINE_NONE)
		buf_str(out, "no poll yet");
	else
		put_local(out, t, e->by_us);
	buf_char(out, '\n');
}

static void
put_outages(struct buf *out, const struct timeline *t)
{
	size_t i;

	for (i = 0; i < t->outage_count; i++) {
		const struct timeline_outage *o = &t->outages[i];
		struct words w = words_begin(t, out);

		buf_str(out, i == 0 ? "\nOutages\n\n" : "");
		put_local(out, t, o->start_us);
		buf_str(out, " to ");
		put_local(out, t, o->end_us);
		words_tell(&w, "\n" INDENT "{length} of open time", o->open_us);
		buf_str(out, o->clipped ? ", and before the week" : "");
		buf_str(out, o->ongoing ? ", and going on\n" : "\n");
		put_edge(out, t, "began", &o->start_edge);
		put_edge(out, t, "ended", &o->end_edge);
	}
}

/* From when on the store was what, and for how long. */
static void
put_state(struct buf *out, const struct timeline *t, struct interval when,
    const struct timeline_segment *s)
{
	struct words w = words_begin(t, out);
	const char *basis = s == NULL || s->status == STATUS_UNKNOWN ? ""
	    : s->observed ? "observed"
			  : "filled in";

	put_local(out, t, when.start_us);
	buf_printf(out, "  %-7s  %-9s  ",
	    s != NULL ? timeline_status_names[s->status] : "closed", basis);
	words_tell(&w, "{length}\n", when.end_us - when.start_us);
}

static void
put_states(struct buf *out, const struct timeline *t)
{
	struct interval closed = { t->week_us, t->week_us };
	size_t i;

	buf_str(out, "\nThe week\n\n");
	for (i = 0; i < t->segment_count; i++) {
		const struct timeline_segment *s = &t->segments[i];
		struct interval open = { s->start_us, s->end_us };

		closed.end_us = s->start_us;
		if (closed.start_us < closed.end_us)
			put_state(out, t, closed, NULL);
		put_state(out, t, open, s);
		closed.start_us = s->end_us;
	}
	closed.end_us = t->as_of_us;
	if (closed.start_us < closed.end_us)
		put_state(out, t, closed, NULL);
}

void
timeline_text(const struct timeline *t, struct buf *out)
{
	put_head(out, t);
	put_sentences(out, t);
	put_outages(out, t);
	put_states(out, t);
}
