/*
 * The summary piece by piece: what was asked, the sums, and what the pages
 * draw: the distribution of availability, the hours in which time was lost,
 * the strip of the week, and the hours in which the poller was blind.
 */
#include "work/report_summary.h"

#include "base/number.h"
#include "codec/escape.h"
#include "core/stamp.h"
#include "work/counters.h"

#include <inttypes.h>
#include <string.h>

/* Appends "NAME": with a comma before it. */
static void
put_name(struct buf *out, const char *name)
{
	buf_printf(out, ",\"%s\":", name);
}

/* Appends value / 10^decimals. */
static void
put_number(struct buf *out, int64_t value, int decimals)
{
	char text[32];

	buf_add(out, text, number_format(value, decimals, text));
}

static void
put_stamp(struct buf *out, int64_t us)
{
	char stamp[STAMP_TEXT];

	buf_printf(out, "\"%s\"", stamp_format(us, stamp));
}

static void
put_rules(struct buf *out, const struct report_request *request)
{
	size_t i;

	buf_str(out, "{");
	report_put_rules(out, &request->rules);
	if (request->stores != NULL)
		buf_str(out, ",\"store_id\":[");
	for (i = 0; request->stores != NULL && i < request->store_count; i++) {
		buf_str(out, i > 0 ? "," : "");
		json_text(out, request->stores[i], strlen(request->stores[i]));
	}
	buf_str(out, request->stores != NULL ? "]}" : "}");
}

static void
put_windows(struct buf *out, const struct counters window[WINDOW__MAX])
{
	int i;

	for (i = 0; i < WINDOW__MAX; i++) {
		buf_printf(out, "%s\"%s\":", i > 0 ? "," : "{",
		    window_names[i]);
		counters_json(out, &window[i]);
	}
	buf_char(out, '}');
}

static void
put_fleet(struct buf *out, const struct fleet *f)
{
	int i;

	buf_printf(out,
	    ",\"stores\":%" PRIu64 ",\"never_polled\":%" PRIu64
	    ",\"dark\":%" PRIu64 ",\"outages\":%" PRIu64,
	    f->stores, f->never_polled, f->dark, f->outages);
	put_name(out, "newest_poll");
	if (f->has_poll)
		put_stamp(out, f->newest_poll_us);
	else
		buf_str(out, "null");
	put_name(out, "status_now");
	for (i = 0; i < STATUS_NOW__MAX; i++)
		buf_printf(out, "%s\"%s\":%" PRIu64, i > 0 ? "," : "{",
		    status_now_names[i], f->now[i]);
	buf_char(out, '}');
	put_name(out, "fleet");
	put_windows(out, f->window);
	put_name(out, "fleet_without_dark");
	put_windows(out, f->lit);
	put_name(out, "availability_week");
	buf_printf(out, "{\"none\":%" PRIu64 ",\"bins\":", f->no_bin);
	for (i = 0; i < FLEET_BINS; i++)
		buf_printf(out,
		    "%s{\"from\":%d,\"to\":%d,\"stores\":%" PRIu64 "}",
		    i > 0 ? "," : "[", fleet_bins[i].from, fleet_bins[i].to,
		    f->bin[i]);
	buf_str(out, "]}");
}

/* Appends n cells as an array of seconds. */
static void
put_seconds(struct buf *out, const int64_t *us, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		buf_char(out, i > 0 ? ',' : '[');
		put_number(out, us[i], 6);
	}
	buf_char(out, ']');
}

/* Appends the lost time by weekday and hour of the wall clock. */
static void
put_lost(struct buf *out, const struct cells_times *times)
{
	size_t cell;

	for (cell = 0; cell < CELLS; cell += CELLS_OF_A_DAY) {
		buf_char(out, cell > 0 ? ',' : '[');
		put_seconds(out, &times->lost_us[cell], CELLS_OF_A_DAY);
	}
	buf_char(out, ']');
}

/* Appends the times of the strip as members. */
static void
put_strip(struct buf *out, const struct cells_times *times)
{
	static const struct {
		const char *name;
		enum status status;
	} rows[] = {
		{ "\"up_s\":", STATUS_UP },
		{ ",\"down_s\":", STATUS_DOWN },
		{ ",\"unknown_s\":", STATUS_UNKNOWN },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_str(out, rows[i].name);
		put_seconds(out, times->status_us[rows[i].status], CELLS);
	}
}

static void
put_polled(struct buf *out, const struct polled *p)
{
	size_t i;

	put_name(out, "polled");
	for (i = 0; i < POLLED_HOURS; i++) {
		buf_char(out, i > 0 ? ',' : '[');
		put_number(out, p->before[i], 0);
	}
	buf_char(out, ']');
}

static void
put_blind(struct buf *out, const struct polled *p)
{
	struct polled_blind blind;
	size_t i;

	polled_find_blind(p, &blind);
	put_name(out, "blind");
	buf_printf(out, "{\"hours\":%zu,\"median_stores\":", blind.hours);
	put_number(out, (int64_t)blind.twice_median * 5, 1);
	buf_str(out, ",\"runs\":[");
	for (i = 0; i < blind.runs; i++) {
		const struct polled_run *run = &blind.run[i];
		int64_t from_us = p->clock_from_us +
		    (int64_t)run->first * STAMP_HOUR_US;

		buf_str(out, i > 0 ? ",{\"from\":" : "{\"from\":");
		put_stamp(out, from_us);
		put_name(out, "to");
		put_stamp(out, from_us + (int64_t)run->hours * STAMP_HOUR_US);
		buf_printf(out, ",\"hours\":%zu}", run->hours);
	}
	buf_str(out, "]}");
}

static void
put_week(struct buf *out, const struct census_week *week)
{
	struct cells_times all = week->lit;

	cells_add(&all, &week->dark);
	put_name(out, "lost_by_local_hour");
	buf_str(out, "{\"all\":");
	put_lost(out, &all);
	put_name(out, "without_dark");
	put_lost(out, &week->lit);
	buf_char(out, '}');
	put_name(out, "strip");
	buf_str(out, "{\"from\":");
	put_stamp(out, week->polled.from_us);
	buf_char(out, ',');
	put_strip(out, &all);
	put_name(out, "without_dark");
	buf_char(out, '{');
	put_strip(out, &week->lit);
	buf_char(out, '}');
	put_polled(out, &week->polled);
	buf_char(out, '}');
	put_blind(out, &week->polled);
}

void
report_summary_json(struct buf *out, const struct report_summary *s)
{
	buf_str(out, "{\"as_of\":");
	put_stamp(out, s->result->as_of_us);
	put_name(out, "rules");
	put_rules(out, s->request);
	put_name(out, "revision");
	put_number(out, s->result->revision, 0);
	put_name(out, "tzdata");
	json_text(out, s->tzdata, strlen(s->tzdata));
	put_fleet(out, s->fleet);
	put_week(out, s->week);
	buf_str(out, "}\n");
}
