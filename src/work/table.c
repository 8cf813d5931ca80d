/*
 * Each column is a text of its own that grows row by row, so that stores are
 * read once.  What this takes is bounded by TABLE_MAX rows.  The zones come
 * last: which of them are in the table is known when all rows have been seen.
 */
#include "work/table.h"

#include "base/buf.h"
#include "base/number.h"
#include "codec/escape.h"
#include "core/civil.h"
#include "core/share.h"
#include "core/stamp.h"
#include "work/counters.h"
#include "work/fleet.h"

#include <stdlib.h>
#include <string.h>

/* More than TABLE_MAX ids of 64 bytes take, each of them escaped. */
#define COLUMN_BYTES ((size_t)32 * 1024 * 1024)
#define NUMBER_BYTES 24
#define NONE INT64_MIN /* a value that is not there: null */

/* The columns in their order.  Those of the windows are in theirs. */
enum column {
	ROW,
	ID,
	ZONE,
	ZONE_GIVEN,
	NOW,
	SINCE,
	LAST_POLL,
	AVAILABILITY,
	LOST = AVAILABILITY + WINDOW__MAX,
	WEEK_OPEN = LOST + WINDOW__MAX,
	LONGEST_OUTAGE,
	OUTAGES,
	COVERAGE,
	DARK,
	COLUMNS
};

static const char *const names[COLUMNS] = {
	[ROW] = "row",
	[ID] = "id",
	[ZONE] = "zone",
	[ZONE_GIVEN] = "zone_given",
	[NOW] = "now",
	[SINCE] = "since",
	[LAST_POLL] = "last_poll",
	[AVAILABILITY + WINDOW_HOUR] = "hour_availability",
	[AVAILABILITY + WINDOW_DAY] = "day_availability",
	[AVAILABILITY + WINDOW_WEEK] = "week_availability",
	[LOST + WINDOW_HOUR] = "hour_lost",
	[LOST + WINDOW_DAY] = "day_lost",
	[LOST + WINDOW_WEEK] = "week_lost",
	[WEEK_OPEN] = "week_open",
	[LONGEST_OUTAGE] = "longest_outage",
	[OUTAGES] = "outages",
	[COVERAGE] = "coverage",
	[DARK] = "dark",
};

struct table {
	size_t stores;
	size_t rows;
	bool complete;
	struct buf zones; /* of each row, uint32_t: the reckoner's number */
	struct buf head;
	struct buf column[COLUMNS];
};

enum err
table_new(const struct census *census, struct table **out)
{
	struct table *t = calloc(1, sizeof(*t));
	size_t i;

	if (t == NULL)
		return ERR_NO_MEMORY;
	t->stores = census_stores(census);
	t->complete = census_listed(census) == t->stores;
	buf_init(&t->zones, COLUMN_BYTES);
	buf_init(&t->head, COLUMN_BYTES);
	for (i = 0; i < COLUMNS; i++)
		buf_init(&t->column[i], COLUMN_BYTES);
	*out = t;
	return ERR_NONE;
}

void
table_free(struct table *t)
{
	size_t i;

	if (t == NULL)
		return;
	buf_release(&t->zones);
	buf_release(&t->head);
	for (i = 0; i < COLUMNS; i++)
		buf_release(&t->column[i]);
	free(t);
}

/* An instant in whole seconds, rounded down. */
static int64_t
instant(bool has, int64_t us)
{
	return has ? civil_floor_div(us, STAMP_S_US) : NONE;
}

/* A share in hundredths of a percent, rounded down. */
static int64_t
share(int64_t part, int64_t whole)
{
	int32_t floor = share_floor(part, whole);

	return floor == SHARE_NONE ? NONE : floor;
}

/* A time in whole seconds, rounded. */
static int64_t
seconds(int64_t us)
{
	return share_round(us, STAMP_S_US);
}

/* What a store's row holds, but for its id and zone. */
static void
take_values(const struct census_store *store, int64_t value[COLUMNS])
{
	const struct reckoned *one = &store->reckoned;
	const struct uptime *u = &one->uptime;
	const struct counters *week = &u->window[WINDOW_WEEK];
	int64_t open_us = counters_business(week);
	int w;

	value[ROW] = (int64_t)store->row;
	value[ZONE_GIVEN] = one->zone_given;
	value[NOW] = u->now;
	value[SINCE] = instant(u->has_since, u->since_us);
	value[LAST_POLL] = instant(one->has_poll, one->last_poll_us);
	for (w = 0; w < WINDOW__MAX; w++) {
		const struct counters *c = &u->window[w];

		value[AVAILABILITY + w] = share(c->up, c->up + c->down);
		value[LOST + w] = seconds(c->down);
	}
	value[WEEK_OPEN] = seconds(open_us);
	value[LONGEST_OUTAGE] = seconds(u->longest_outage_us);
	value[OUTAGES] = u->outages;
	value[COVERAGE] = share(week->observed_up + week->observed_down,
	    open_us);
	value[DARK] = fleet_is_dark(one);
}

static void
put_number(struct buf *out, int64_t number)
{
	char *to = buf_room(out, NUMBER_BYTES);

	if (to != NULL)
		out->len += number_format(number, 0, to);
}

void
table_add(struct table *t, const struct census_store *store)
{
	int64_t value[COLUMNS];
	size_t i;

	take_values(store, value);
	buf_add(&t->zones, &store->reckoned.zone, sizeof(uint32_t));
	for (i = 0; i < COLUMNS; i++) {
		struct buf *column = &t->column[i];

		if (i == ZONE)
			continue;
		buf_str(column, t->rows > 0 ? "," : "");
		if (i == ID)
			json_text(column, store->id, store->len);
		else if (value[i] == NONE)
			buf_str(column, "null");
		else
			put_number(column, value[i]);
	}
	t->rows++;
}

/* A zone on its way from the reckoner's number to that of the file. */
struct used_zone {
	const char *name;
	uint32_t number;
	bool used;
	uint32_t place;
};

static int
by_name(const void *left, const void *right)
{
	const struct used_zone *a = left, *b = right;

	return strcmp(a->name, b->name);
}

static int
by_number(const void *left, const void *right)
{
	const struct used_zone *a = left, *b = right;

	return (a->number > b->number) - (a->number < b->number);
}

/* Appends the names of the used ones of n zones, in byte order. */
static void
put_zones(struct buf *out, struct used_zone *zones, uint32_t n)
{
	uint32_t place = 0, i;

	qsort(zones, n, sizeof(*zones), by_name);
	for (i = 0; i < n; i++) {
		if (!zones[i].used)
			continue;
		buf_str(out, place > 0 ? "," : "");
		json_text(out, zones[i].name, strlen(zones[i].name));
		zones[i].place = place++;
	}
	qsort(zones, n, sizeof(*zones), by_number);
}

static void
put_head(struct table *t, int64_t as_of_us)
{
	struct buf *out = &t->head;
	char stamp[STAMP_TEXT];
	int i;

	buf_printf(out,
	    "{\"as_of\":\"%s\",\"stores\":%zu,\"listed\":%zu,"
	    "\"complete\":%s,\"order\":\"id\",\"status_names\":",
	    stamp_format(as_of_us, stamp), t->stores, t->rows,
	    t->complete ? "true" : "false");
	for (i = 0; i < STATUS_NOW__MAX; i++)
		buf_printf(out, "%s\"%s\"", i > 0 ? "," : "[",
		    status_now_names[i]);
	buf_str(out, "],\"zones\":[");
}

/* Fills the column of the zones, and appends their names to the head. */
static enum err
finish_zones(struct table *t, const struct reckoner *reckoner)
{
	const uint32_t *of_row = (const void *)t->zones.data;
	uint32_t n = reckoner_zones(reckoner), i;
	struct used_zone *zones = calloc(n + (size_t)1, sizeof(*zones));
	size_t row;

	if (zones == NULL)
		return ERR_NO_MEMORY;
	for (i = 0; i < n; i++) {
		zones[i].name = reckoner_zone_name(reckoner, i);
		zones[i].number = i;
	}
	for (row = 0; row < t->rows; row++)
		zones[of_row[row]].used = true;
	put_zones(&t->head, zones, n);
	for (row = 0; row < t->rows; row++) {
		buf_str(&t->column[ZONE], row > 0 ? "," : "");
		put_number(&t->column[ZONE], zones[of_row[row]].place);
	}
	free(zones);
	return ERR_NONE;
}

/* The first error of any of the texts. */
static enum err
first_error(const struct table *t)
{
	enum err err = buf_err(&t->head);
	size_t i;

	for (i = 0; i < COLUMNS && err == ERR_NONE; i++)
		err = buf_err(&t->column[i]);
	return err;
}

static void
add_column(struct outfile *out, const char *before, const char *name,
    const struct buf *values)
{
	outfile_add(out, before, strlen(before));
	outfile_add(out, "\"", 1);
	outfile_add(out, name, strlen(name));
	outfile_add(out, "\":[", 3);
	outfile_add(out, values->data, values->len);
	outfile_add(out, "]", 1);
}

enum err
table_write(struct table *t, int64_t as_of_us, const struct reckoner *reckoner,
    struct outfile *out)
{
	size_t first = t->complete ? ID : ROW, i;
	enum err err = buf_err(&t->zones);

	put_head(t, as_of_us);
	if (err == ERR_NONE)
		err = finish_zones(t, reckoner);
	if (err == ERR_NONE)
		err = first_error(t);
	if (err != ERR_NONE)
		return err;
	outfile_add(out, t->head.data, t->head.len);
	for (i = first; i < COLUMNS; i++)
		add_column(out, i > first ? "," : "],\"columns\":{", names[i],
		    &t->column[i]);
	outfile_add(out, "}}\n", 3);
	return ERR_NONE;
}
