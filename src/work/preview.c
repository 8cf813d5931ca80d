/* Gathering a preview, and writing it as JSON. */
#include "work/preview.h"

#include "codec/escape.h"
#include "core/civil.h"
#include "core/stamp.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((size_t)128 * 1024)
#define SHORT_SHIFT_US INT64_C(900000000)
#define DAY_US INT64_C(86400000000)
#define FIRST_MONDAY 4 /* days after 1970-01-01 */

static const struct {
	const char *name;
	uint64_t listed; /* stores at the most */
	const char *text;
} warnings[] = {
	[WARNING_WEEKDAYS_MISSING] = { "weekdays_missing", PREVIEW_EXAMPLES,
	    "Stores that are closed on at least one weekday." },
	[WARNING_ONE_WEEKDAY] = { "one_weekday", PREVIEW_EXAMPLES,
	    "Stores that are open on one weekday only." },
	[WARNING_SHORT_SHIFT] = { "short_shift", PREVIEW_EXAMPLES,
	    "Stores that open for less than 15 minutes at a stretch." },
	[WARNING_NEVER_POLLED] = { "never_polled", PREVIEW_EXAMPLES,
	    "Stores that have never been polled." },
	/* What would go is not to be guessed from examples. */
	[WARNING_LOSES] = { "loses", PREVIEW_LOSERS,
	    "Stores that lose what this file does not name." },
};

_Static_assert(sizeof(warnings) / sizeof(warnings[0]) == WARNING__MAX,
    "every warning has a name");

/* The columns of the first rows. */
static const char *const columns[DATASET__MAX] = {
	[DATASET_POLLS] = "[\"store_id\",\"status\",\"timestamp_utc\"]",
	[DATASET_HOURS] = "[\"store_id\",\"day\",\"start_time_local\","
			  "\"end_time_local\"]",
	[DATASET_TIMEZONES] = "[\"store_id\",\"timezone_str\"]",
	[DATASET_SPECIAL_HOURS] = "[\"store_id\",\"date\","
				  "\"start_time_local\",\"end_time_local\"]",
};

void
preview_init(struct preview *p, enum dataset dataset)
{
	size_t i;

	memset(p, 0, sizeof(*p));
	p->dataset = dataset;
	buf_init(&p->rows, TEXT_MAX);
	for (i = 0; i < WARNING__MAX; i++)
		buf_init(&p->warnings[i].examples, TEXT_MAX);
}

void
preview_release(struct preview *p)
{
	size_t i;

	buf_release(&p->rows);
	for (i = 0; i < WARNING__MAX; i++)
		buf_release(&p->warnings[i].examples);
}

static void
put_clock(struct buf *out, int32_t seconds)
{
	buf_printf(out, ",\"%02d:%02d:%02d\"", (int)(seconds / 3600),
	    (int)(seconds / 60 % 60), (int)(seconds % 60));
}

static void
put_hours(struct buf *out, const struct schedule_hours *hours)
{
	if (hours->start_s == SCHEDULE_CLOSED) {
		buf_str(out, ",\"\",\"\"");
		return;
	}
	put_clock(out, hours->start_s);
	put_clock(out, hours->end_s);
}

/* The fields behind the store's id. */
static void
put_fields(struct preview *p, const struct dataset_row *row)
{
	char stamp[STAMP_TEXT];
	int year, month, day;

	switch (p->dataset) {
	case DATASET_POLLS:
		buf_printf(&p->rows, ",\"%s\",\"%s\"",
		    row->poll.up ? "active" : "inactive",
		    stamp_format(row->poll.at_us, stamp));
		break;
	case DATASET_HOURS:
		buf_printf(&p->rows, ",\"%d\"", (int)row->week.weekday);
		put_hours(&p->rows, &row->week.hours);
		break;
	case DATASET_SPECIAL_HOURS:
		civil_date(row->date, &year, &month, &day);
		buf_printf(&p->rows, ",\"%04d-%02d-%02d\"", year, month, day);
		put_hours(&p->rows, &row->week.hours);
		break;
	default:
		buf_char(&p->rows, ',');
		json_text(&p->rows, row->zone, row->zone_len);
	}
}

void
preview_row(struct preview *p, const struct dataset_row *row)
{
	int64_t at_us = row->poll.at_us;

	if (p->dataset == DATASET_POLLS) {
		if (!p->has_stamps || at_us < p->oldest_us)
			p->oldest_us = at_us;
		if (!p->has_stamps || at_us > p->newest_us)
			p->newest_us = at_us;
		p->has_stamps = true;
	}
	if (p->row_count >= PREVIEW_ROWS)
		return;
	buf_str(&p->rows, p->row_count++ > 0 ? ",[" : "[");
	json_text(&p->rows, row->id, row->id_len);
	put_fields(p, row);
	buf_char(&p->rows, ']');
}

void
preview_problem(struct preview *p, uint64_t line, enum problem_code code)
{
	struct preview_group *g = &p->groups[code];

	if (g->rows < PREVIEW_EXAMPLES)
		g->lines[g->rows] = line;
	g->rows++;
}

static void
warn(struct preview *p, enum warning warning, const char *id)
{
	struct preview_warning *w = &p->warnings[warning];

	if (w->stores++ < warnings[warning].listed)
		buf_add(&w->examples, id, strlen(id) + 1);
}

/* Is one of the rows short?  Only then a shift can be. */
static bool
has_short_row(const struct schedule_week_row *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((schedule_end_s(&rows[i].hours) - rows[i].hours.start_s) *
			INT64_C(1000000) <
		    SHORT_SHIFT_US)
			return true;
	return false;
}

/*
 * Rows that touch are one shift, over midnight and over the end of the week
 * as well.  So three weeks are looked at, by a clock that never changes: what
 * begins in the middle one is whole.
 */
static bool
has_short_shift(struct preview *p, const struct schedule_week_row *rows,
    size_t n)
{
	static const struct zone_segment still = { 0, 0 };
	static const struct zone zone = { &still, 1 };
	const struct schedule s = { .week = rows,
		.week_rows = n,
		.zone = &zone };
	const int64_t from_us = (FIRST_MONDAY + 7) * DAY_US;
	struct interval *shifts;
	bool is_short = false;
	size_t count, i;

	if (!has_short_row(rows, n))
		return false;
	shifts = calloc(schedule_bound(&s, 21), sizeof(*shifts));
	if (shifts == NULL) {
		p->err = ERR_NO_MEMORY;
		return false;
	}
	count = schedule_expand(&s, FIRST_MONDAY, FIRST_MONDAY + 20, shifts);
	for (i = 0; i < count && !is_short; i++)
		is_short = shifts[i].start_us >= from_us &&
		    shifts[i].start_us < from_us + 7 * DAY_US &&
		    shifts[i].end_us - shifts[i].start_us < SHORT_SHIFT_US;
	free(shifts);
	return is_short;
}

static void
look_at_hours(void *ctx, const char *id, bool polled,
    const struct schedule_week_row *rows, size_t n)
{
	struct preview *p = ctx;
	unsigned weekdays = 0;
	size_t i;

	for (i = 0; i < n; i++)
		weekdays |= 1u << rows[i].weekday;
	if (__builtin_popcount(weekdays) == 1)
		warn(p, WARNING_ONE_WEEKDAY, id);
	else if (weekdays != 0x7f)
		warn(p, WARNING_WEEKDAYS_MISSING, id);
	if (has_short_shift(p, rows, n))
		warn(p, WARNING_SHORT_SHIFT, id);
	if (!polled)
		warn(p, WARNING_NEVER_POLLED, id);
}

static void
look_at_loser(void *ctx, const char *id)
{
	warn(ctx, WARNING_LOSES, id);
}

enum err
preview_finish(struct preview *p, struct bulk *bulk)
{
	enum err err = bulk_survey(bulk, &p->survey);

	if (err == ERR_NONE && p->dataset == DATASET_HOURS)
		err = bulk_hours(bulk, look_at_hours, p);
	if (err == ERR_NONE)
		err = bulk_losing(bulk, look_at_loser, p);
	if (err == ERR_NONE)
		err = p->err;
	return err == ERR_NONE ? buf_err(&p->rows) : err;
}

static void
put_groups(const struct preview *p, struct buf *out)
{
	const char *comma = "";
	size_t code, i;

	buf_str(out, ",\"problem_groups\":[");
	for (code = 0; code < PROBLEM__MAX; code++) {
		const struct preview_group *g = &p->groups[code];

		if (g->rows == 0)
			continue;
		buf_printf(out,
		    "%s{\"code\":\"%s\",\"rows\":%" PRIu64 ",\"message\":",
		    comma, problem_name(code), g->rows);
		json_text(out, problem_text(code), strlen(problem_text(code)));
		buf_str(out, ",\"first_lines\":[");
		for (i = 0; i < g->rows && i < PREVIEW_EXAMPLES; i++)
			buf_printf(out, "%s%" PRIu64, i > 0 ? "," : "",
			    g->lines[i]);
		buf_str(out, "]}");
		comma = ",";
	}
	buf_char(out, ']');
}

static void
put_warnings(const struct preview *p, struct buf *out)
{
	const char *comma = "", *between, *id;
	size_t i;

	buf_str(out, ",\"warnings\":[");
	for (i = 0; i < WARNING__MAX; i++) {
		const struct preview_warning *w = &p->warnings[i];
		const char *end = buf_text(&w->examples) + w->examples.len;

		if (w->stores == 0)
			continue;
		buf_printf(out,
		    "%s{\"code\":\"%s\",\"stores\":%" PRIu64
		    ",\"message\":\"%s\",\"examples\":[",
		    comma, warnings[i].name, w->stores, warnings[i].text);
		between = "";
		for (id = buf_text(&w->examples); id < end;
		     id += strlen(id) + 1) {
			buf_str(out, between);
			json_text(out, id, strlen(id));
			between = ",";
		}
		buf_str(out, "]}");
		comma = ",";
	}
	buf_char(out, ']');
}

/* Appends ,"NAME":"STAMP" or null. */
static void
put_stamp(struct buf *out, const char *name, bool has, int64_t us)
{
	char stamp[STAMP_TEXT];

	if (has)
		buf_printf(out, ",\"%s\":\"%s\"", name,
		    stamp_format(us, stamp));
	else
		buf_printf(out, ",\"%s\":null", name);
}

void
preview_json(const struct preview *p, struct buf *out)
{
	const struct bulk_survey *s = &p->survey;

	buf_printf(out, "{\"columns\":%s,\"first_rows\":[%s]",
	    columns[p->dataset], buf_text(&p->rows));
	put_groups(p, out);
	put_warnings(p, out);
	put_stamp(out, "oldest", p->has_stamps, p->oldest_us);
	put_stamp(out, "newest", p->has_stamps, p->newest_us);
	put_stamp(out, "as_of_before", s->has_newest_before,
	    s->newest_before_us);
	put_stamp(out, "as_of_after", s->has_newest, s->newest_us);
	buf_printf(out,
	    ",\"stores\":%" PRIu64 ",\"new_stores\":%" PRIu64
	    ",\"stores_without_hours\":%" PRIu64
	    ",\"stores_without_timezone\":%" PRIu64 "}",
	    s->stores, s->new_stores, s->without_hours, s->without_zone);
}
