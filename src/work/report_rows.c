/*
 * Figures as text.  Every figure is a whole number of microseconds until
 * here; it is rounded once, half away from zero, to the decimals of its
 * column.
 */
#include "work/report_rows.h"

#include "base/number.h"
#include "codec/escape.h"
#include "core/share.h"
#include "core/stamp.h"
#include "work/counters.h"

/* How a window is told in the report CSV. */
static const struct {
	int64_t unit_us; /* of the last decimal */
	int decimals;
} report_units[WINDOW__MAX] = {
	[WINDOW_HOUR] = { STAMP_MIN_US / 100, 2 },   /* minutes */
	[WINDOW_DAY] = { STAMP_HOUR_US / 10000, 4 }, /* hours */
	[WINDOW_WEEK] = { STAMP_HOUR_US / 10000, 4 },
};

void
report_header(struct buf *out)
{
	buf_str(out,
	    "store_id,uptime_last_hour(in minutes),"
	    "uptime_last_day(in hours),uptime_last_week(in hours),"
	    "downtime_last_hour(in minutes),downtime_last_day(in hours),"
	    "downtime_last_week(in hours)\n");
}

void
report_detail_header(struct buf *out)
{
	size_t i;
	int w;

	buf_str(out, "store_id");
	for (w = 0; w < WINDOW__MAX; w++)
		for (i = 0; i < COUNTERS; i++)
			buf_printf(out, ",%s_%s_s", window_names[w],
			    counter_names[i]);
	buf_str(out, ",outages,longest_outage_s,last_poll_utc,status_now\n");
}

/* Appends a comma and value / 10^decimals. */
static void
put_number(struct buf *out, int64_t number, int decimals)
{
	char *to = buf_room(out, 32);

	if (to == NULL)
		return;
	*to = ',';
	out->len += 1 + number_format(number, decimals, to + 1);
}

void
report_row(struct buf *out, const char *id, size_t len,
    const struct reckoned *store)
{
	const struct counters *windows = store->uptime.window;
	int w;

	csv_field(out, id, len);
	for (w = 0; w < WINDOW__MAX; w++)
		put_number(out,
		    share_round(windows[w].up, report_units[w].unit_us),
		    report_units[w].decimals);
	for (w = 0; w < WINDOW__MAX; w++)
		put_number(out,
		    share_round(windows[w].down, report_units[w].unit_us),
		    report_units[w].decimals);
	buf_char(out, '\n');
}

void
report_detail_row(struct buf *out, const char *id, size_t len,
    const struct reckoned *store)
{
	const struct uptime *u = &store->uptime;
	char stamp[STAMP_TEXT];
	size_t i;
	int w;

	csv_field(out, id, len);
	for (w = 0; w < WINDOW__MAX; w++)
		for (i = 0; i < COUNTERS; i++)
			put_number(out, counters_get(&u->window[w], i), 6);
	put_number(out, u->outages, 0);
	put_number(out, u->longest_outage_us, 6);
	buf_char(out, ',');
	if (store->has_poll)
		buf_str(out, stamp_format(store->last_poll_us, stamp));
	buf_char(out, ',');
	buf_str(out, status_now_names[u->now]);
	buf_char(out, '\n');
}
