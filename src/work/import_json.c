/* An import's result as the one object that programs read. */
#include "work/import.h"

#include "codec/escape.h"

#include <inttypes.h>
#include <string.h>

static void
text(struct buf *out, const char *s)
{
	json_text(out, s, strlen(s));
}

static void
problems(const struct import_result *r, struct buf *out)
{
	size_t i;

	buf_str(out, ",\"problems\":[");
	for (i = 0; i < r->problem_count; i++) {
		const struct problem *p = &r->problems[i];

		buf_printf(out,
		    "%s{\"line\":%" PRIu64 ",\"code\":", i > 0 ? "," : "",
		    p->line);
		text(out, problem_name(p->code));
		buf_str(out, ",\"message\":");
		text(out, problem_text(p->code));
		buf_char(out, '}');
	}
	buf_char(out, ']');
}

/* The stores that keep what they had, where there are any. */
static void
kept(const struct import_result *r, struct buf *out)
{
	const char *id = buf_text(&r->kept), *end = id + r->kept.len;
	const char *comma = "";

	if (r->kept_count == 0)
		return;
	buf_printf(out, ",\"kept\":%" PRIu64 ",\"kept_stores\":[",
	    r->kept_count);
	for (; id < end; id += strlen(id) + 1) {
		buf_str(out, comma);
		text(out, id);
		comma = ",";
	}
	buf_char(out, ']');
}

void
import_json(const struct import_result *r, enum dataset dataset,
    struct buf *out)
{
	buf_str(out, "{\"dataset\":");
	text(out, dataset_names[dataset]);
	buf_printf(out,
	    ",\"rows\":%" PRIu64 ",\"new\":%" PRIu64 ",\"changed\":%" PRIu64
	    ",\"same\":%" PRIu64 ",\"bad\":%" PRIu64 ",\"removed\":%" PRIu64,
	    r->rows, r->counts.new, r->counts.changed, r->counts.same, r->bad,
	    r->counts.removed);
	problems(r, out);
	kept(r, out);
	buf_str(out, ",\"file_error\":");
	if (r->file_error == PROBLEM_NONE) {
		buf_str(out, "null");
	} else {
		buf_str(out, "{\"code\":");
		text(out, problem_name(r->file_error));
		buf_str(out, ",\"message\":");
		text(out, buf_text(&r->message));
		buf_char(out, '}');
	}
	if (r->counts.sample_removed)
		buf_str(out, ",\"sample_removed\":true");
	buf_printf(out, ",\"applied\":%s}\n", r->applied ? "true" : "false");
}
