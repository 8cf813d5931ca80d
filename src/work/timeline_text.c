/*
 * The timeline for a terminal, from the same values as the JSON.  Instants are
 * the store's local time with its offset, so that none is ambiguous.
 */
#include "work/timeline_impl.h"

#include "core/stamp.h"

static void
put_local(struct buf *out, const struct timeline *t, int64_t us)
{
	char stamp[STAMP_LOCAL_TEXT];

	buf_str(out,
	    stamp_format_local(us, zone_offset_s(t->schedule.zone, us), stamp));
}

static void
put_edge(struct buf *out, const struct timeline *t,
    const struct timeline_edge *e)
{
	if (e->after_us == TIMELINE_NONE) {
		buf_str(out, "by ");
		put_local(out, t, e->by_us);
		return;
	}
	buf_str(out, e->by_us == TIMELINE_NONE ? "after " : "between ");
	put_local(out, t, e->after_us);
	if (e->by_us == TIMELINE_NONE)
		return;
	buf_str(out, " and ");
	put_local(out, t, e->by_us);
}

static void
put_outages(struct buf *out, const struct timeline *t)
{
	size_t i;

	for (i = 0; i < t->outage_count; i++) {
		const struct timeline_outage *o = &t->outages[i];

		buf_str(out, i == 0 ? "\nOutages\n\n" : "");
		put_local(out, t, o->start_us);
		buf_str(out, "  ");
		put_local(out, t, o->end_us);
		buf_printf(out, "%s%s\n  began ", o->clipped ? "  clipped" : "",
		    o->ongoing ? "  ongoing" : "");
		put_edge(out, t, &o->start_edge);
		buf_str(out, "\n  ended ");
		put_edge(out, t, &o->end_edge);
		buf_char(out, '\n');
	}
}

static void
put_segments(struct buf *out, const struct timeline *t)
{
	size_t i;

	buf_str(out, "\nOpen time of the week\n\n");
	for (i = 0; i < t->segment_count; i++) {
		const struct timeline_segment *s = &t->segments[i];

		put_local(out, t, s->start_us);
		buf_str(out, "  ");
		put_local(out, t, s->end_us);
		buf_printf(out, "  %-7s  %s\n",
		    timeline_status_names[s->status],
		    s->status == STATUS_UNKNOWN ? ""
			: s->observed           ? "observed"
						: "extrapolated");
	}
}

void
timeline_text(const struct timeline *t, struct buf *out)
{
	buf_printf(out, "store      %s\nas of      ", t->store->id);
	put_local(out, t, t->as_of_us);
	buf_printf(out, "\ntime zone  %s%s\nnow        %s\n", t->zone,
	    t->store->zone != NULL ? "" : " (assumed: none was given)",
	    status_now_names[t->reckoned.uptime.now]);
	put_outages(out, t);
	put_segments(out, t);
}
