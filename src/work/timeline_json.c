/*
 * The timeline as JSON: for programs, and for the page of one store.  Instants
 * are UTC with microseconds, durations seconds with six decimals; "null" where
 * there is no such thing.
 */
#include "work/timeline_impl.h"

#include "base/number.h"
#include "codec/escape.h"
#include "core/civil.h"
#include "core/stamp.h"
#include "work/counters.h"
#include "work/report.h"

#include <inttypes.h>
#include <string.h>

/* Special hours are told so many dates beyond those shown. */
#define SPECIAL_AHEAD 30

/* Appends ahead, and then the instant or null. */
static void
put_instant(struct buf *out, const char *ahead, int64_t us)
{
	char stamp[STAMP_TEXT];

	buf_str(out, ahead);
	if (us == TIMELINE_NONE)
		buf_str(out, "null");
	else
		buf_printf(out, "\"%s\"", stamp_format(us, stamp));
}

static void
put_seconds(struct buf *out, const char *ahead, int64_t us)
{
	char text[32];
	size_t len = number_format(us, 6, text);

	buf_str(out, ahead);
	buf_add(out, text, len);
}

static void
put_bool(struct buf *out, const char *ahead, bool value)
{
	buf_str(out, ahead);
	buf_str(out, value ? "true" : "false");
}

static void
put_text(struct buf *out, const char *ahead, const char *text)
{
	buf_str(out, ahead);
	json_text(out, text, strlen(text));
}

/* What the answer is about and what it stands on. */
static void
put_head(struct buf *out, const struct timeline *t)
{
	char local[STAMP_LOCAL_TEXT];

	buf_str(out, "{\"store_id\":");
	json_text(out, t->store->id, t->store->id_len);
	put_instant(out, ",\"as_of\":", t->as_of_us);
	put_instant(out, ",\"newest_poll\":", t->revision.newest_us);
	buf_printf(out, ",\"revision\":%" PRId64, t->revision.number);
	put_text(out, ",\"tzdata\":", t->tzdata);
	buf_str(out, ",\"rules\":{");
	report_put_rules(out, &t->rules);
	put_text(out, "},\"timezone\":", t->zone);
	put_text(out, ",\"timezone_source\":",
	    t->store->zone != NULL ? "given" : "default");
	buf_printf(out, ",\"local_time\":\"%s\"",
	    stamp_format_local(t->as_of_us,
		zone_offset_s(t->schedule.zone, t->as_of_us), local));
}

/* The offsets in force from the first date's start to the last one's end. */
static void
put_offsets(struct buf *out, const struct timeline *t)
{
	const struct zone *zone = t->schedule.zone;
	int64_t from_us = t->dates[0].start_us;
	int64_t until_us = t->dates[t->date_count - 1].end_us;
	size_t i;

	put_instant(out, ",\"offsets\":[{\"from\":", from_us);
	buf_printf(out, ",\"offset_s\":%" PRId32 "}",
	    zone_offset_s(zone, from_us));
	for (i = 1; i < zone->count; i++) {
		int64_t us = zone->segments[i].from_s * STAMP_S_US;

		if (us <= from_us || us >= until_us)
			continue;
		put_instant(out, ",{\"from\":", us);
		buf_printf(out, ",\"offset_s\":%" PRId32 "}",
		    zone->segments[i].offset_s);
	}
	buf_char(out, ']');
}

static void
put_clock(struct buf *out, const char *ahead, int32_t second)
{
	buf_printf(out, "%s\"%02d:%02d:%02d\"", ahead, (int)(second / 3600),
	    (int)(second / 60 % 60), (int)(second % 60));
}

static void
put_row(struct buf *out, size_t number, const struct schedule_hours *h)
{
	put_clock(out, number > 0 ? ",{\"start\":" : "{\"start\":", h->start_s);
	put_clock(out, ",\"end\":", h->end_s);
	buf_char(out, '}');
}

static void
put_date(struct buf *out, const char *ahead, int32_t date)
{
	int year, month, day;

	civil_date(date, &year, &month, &day);
	buf_printf(out, "%s\"%04d-%02d-%02d\"", ahead, year, month, day);
}

/* Appends ahead and the rows of a date. */
static void
put_rows(struct buf *out, const char *ahead, const struct schedule *s,
    int32_t day)
{
	struct schedule_hours h;
	size_t n;

	buf_printf(out, "%s[", ahead);
	for (n = 0; timeline_date_row(s, day, n, &h); n++)
		put_row(out, n, &h);
	buf_char(out, ']');
}

static void
put_hours(struct buf *out, const struct timeline *t)
{
	const struct schedule *s = &t->schedule;
	int32_t day = t->dates[0].day;
	int32_t last = t->dates[t->date_count - 1].day + SPECIAL_AHEAD;
	struct schedule_hours h;
	const char *comma = "";
	int weekday;
	size_t n;

	buf_printf(out, ",\"hours\":{\"source\":\"%s\",\"week\":[",
	    timeline_source_names[s->week_rows > 0 ? TIMELINE_WEEKLY
						   : TIMELINE_DEFAULT]);
	for (weekday = 0; weekday < 7; weekday++) {
		buf_str(out, weekday > 0 ? ",[" : "[");
		for (n = 0; timeline_weekday_row(s, weekday, n, &h); n++)
			put_row(out, n, &h);
		buf_char(out, ']');
	}
	buf_str(out, "],\"special\":[");
	for (; day <= last; day++) {
		if (timeline_source(s, day) != TIMELINE_SPECIAL)
			continue;
		buf_str(out, comma);
		put_date(out, "{\"date\":", day);
		put_rows(out, ",\"hours\":", s, day);
		buf_char(out, '}');
		comma = ",";
	}
	buf_str(out, "]}");
}

/* Members of an object of a date. */
static void
put_day(struct buf *out, const struct timeline *t, int32_t day)
{
	put_date(out, "{\"date\":", day);
	buf_printf(out, ",\"weekday\":%d,\"source\":\"%s\"", civil_weekday(day),
	    timeline_source_names[timeline_source(&t->schedule, day)]);
}

static void
put_dates(struct buf *out, const struct timeline *t)
{
	int32_t today = zone_local_day(t->schedule.zone, t->as_of_us);
	size_t i;

	buf_str(out, ",\"today\":");
	put_day(out, t, today);
	put_rows(out, ",\"hours\":", &t->schedule, today);
	buf_str(out, "},\"dates\":[");
	for (i = 0; i < t->date_count; i++) {
		const struct timeline_date *d = &t->dates[i];

		buf_str(out, i > 0 ? "," : "");
		put_day(out, t, d->day);
		put_instant(out, ",\"start\":", d->start_us);
		put_instant(out, ",\"end\":", d->end_us);
		/* Whole or half, but for a zone's wildest whims. */
		buf_printf(out, ",\"hours\":%.6g}",
		    (double)(d->end_us - d->start_us) / STAMP_HOUR_US);
	}
	buf_char(out, ']');
}

/* Business hours of the dates. */
static void
put_shifts(struct buf *out, const struct timeline *t)
{
	int64_t first_us = t->dates[0].start_us;
	int64_t last_us = t->dates[t->date_count - 1].end_us;
	const char *comma = "";
	size_t i;

	buf_str(out, ",\"shifts\":[");
	for (i = 0; i < t->shift_count; i++) {
		struct interval s = t->shifts[i];

		s.start_us = s.start_us > first_us ? s.start_us : first_us;
		s.end_us = s.end_us < last_us ? s.end_us : last_us;
		if (s.start_us >= s.end_us)
			continue;
		buf_str(out, comma);
		put_instant(out, "{\"start\":", s.start_us);
		put_instant(out, ",\"end\":", s.end_us);
		buf_char(out, '}');
		comma = ",";
	}
	buf_char(out, ']');
}

static void
put_polls(struct buf *out, const struct timeline *t)
{
	size_t i;

	buf_str(out, ",\"polls\":[");
	for (i = t->first_poll; i < t->poll_count; i++) {
		const struct timeline_poll *p = &t->polls[i];

		buf_str(out, i > t->first_poll ? "," : "");
		put_instant(out, "{\"at\":", p->at_us);
		put_text(out, ",\"status\":", p->up ? "active" : "inactive");
		put_bool(out, ",\"in_hours\":", p->in_hours);
		buf_char(out, '}');
	}
	buf_char(out, ']');
}

static void
put_segments(struct buf *out, const struct timeline *t)
{
	size_t i;

	buf_str(out, ",\"segments\":[");
	for (i = 0; i < t->segment_count; i++) {
		const struct timeline_segment *s = &t->segments[i];

		buf_str(out, i > 0 ? "," : "");
		put_instant(out, "{\"start\":", s->start_us);
		put_instant(out, ",\"end\":", s->end_us);
		put_text(out, ",\"status\":", timeline_status_names[s->status]);
		put_bool(out, ",\"observed\":", s->observed);
		put_instant(out, ",\"poll\":", s->poll_us);
		buf_char(out, '}');
	}
	buf_char(out, ']');
}

static void
put_outages(struct buf *out, const struct timeline *t)
{
	size_t i;

	buf_str(out, ",\"outages\":[");
	for (i = 0; i < t->outage_count; i++) {
		const struct timeline_outage *o = &t->outages[i];

		buf_str(out, i > 0 ? "," : "");
		put_instant(out, "{\"start\":", o->start_us);
		put_instant(out, ",\"end\":", o->end_us);
		put_seconds(out, ",\"open_s\":", o->open_us);
		put_bool(out, ",\"ongoing\":", o->ongoing);
		put_bool(out, ",\"clipped\":", o->clipped);
		put_instant(out,
		    ",\"start_edge\":{\"after\":", o->start_edge.after_us);
		put_instant(out, ",\"by\":", o->start_edge.by_us);
		put_instant(out,
		    "},\"end_edge\":{\"after\":", o->end_edge.after_us);
		put_instant(out, ",\"by\":", o->end_edge.by_us);
		buf_str(out, "}}");
	}
	put_seconds(out,
	    "],\"longest_outage_s\":", t->reckoned.uptime.longest_outage_us);
}

static void
put_figures(struct buf *out, const struct timeline *t)
{
	const struct uptime *u = &t->reckoned.uptime;
	const struct counters *week = &u->window[WINDOW_WEEK];
	int w;

	buf_str(out, ",\"counters\":{");
	for (w = 0; w < WINDOW__MAX; w++) {
		buf_printf(out, "%s\"%s\":", w > 0 ? "," : "", window_names[w]);
		counters_json(out, &u->window[w]);
	}
	buf_printf(out, "},\"status_now\":\"%s\"", status_now_names[u->now]);
	put_instant(out,
	    ",\"status_since\":", u->has_since ? u->since_us : TIMELINE_NONE);
	put_instant(out, ",\"status_poll\":", timeline_now_poll(t));
	put_instant(out, ",\"last_poll\":",
	    t->reckoned.has_poll ? t->reckoned.last_poll_us : TIMELINE_NONE);
	put_bool(out, ",\"dark\":", week->up == 0 && week->down > 0);
}

static void
put_sentences(struct buf *out, const struct timeline *t)
{
	size_t i;

	buf_str(out, ",\"explanations\":[");
	for (i = 0; i < t->sentence_count; i++) {
		const struct timeline_sentence *s = &t->sentences[i];

		put_text(out,
		    i > 0 ? ",{\"figure\":" : "{\"figure\":", s->figure);
		put_text(out, ",\"title\":", s->title);
		put_text(out, ",\"value\":", t->words.data + s->value);
		put_text(out, ",\"text\":", t->words.data + s->text);
		buf_char(out, '}');
	}
	buf_char(out, ']');
}

void
timeline_json(const struct timeline *t, struct buf *out)
{
	put_head(out, t);
	put_offsets(out, t);
	put_hours(out, t);
	put_dates(out, t);
	put_shifts(out, t);
	put_polls(out, t);
	put_segments(out, t);
	put_figures(out, t);
	put_outages(out, t);
	put_sentences(out, t);
	buf_str(out, "}\n");
}
