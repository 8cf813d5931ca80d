/*
 * Gathering one store's input.  The polls of the week come with the scan,
 * with one UTC day more, so that the shift in which the week begins mostly
 * has evidence from before it; only stores for which that is not so are
 * looked up one by one, backwards.
 */
#include "work/reckon.h"

#include "core/civil.h"
#include "core/stamp.h"
#include "sys/tzdb.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* Shifts come from dates up to so many before and after the instants. */
#define DATES_BEFORE 2
#define DATES_AFTER 1
#define ZONE_MARGIN_S INT64_C(345600) /* four days: the dates around */

struct named_zone {
	struct zone zone;
	uint32_t number;
};

struct reckoner {
	struct data *data;
	const struct tzdb *tzdb;
	struct tzdb *own_tzdb; /* NULL where it was given */
	GHashTable *zones;     /* name -> struct named_zone */
	GPtrArray *zone_names;
	int64_t as_of_us;
	struct uptime_rules rules;
	int32_t first_day;
	int32_t last_day;
	int64_t zones_from_s;
	struct interval *shifts;
	size_t shift_cap;
	/* The zone of the last store, and the last look backwards. */
	const struct named_zone *zone;
	bool zone_given;
	const struct schedule *schedule;
	bool wants_evidence;
	bool has_past;
	struct poll past;
	bool has_latest;
	int64_t latest_us;
};

static void
free_zone(void *data)
{
	struct named_zone *named = data;

	free((void *)(uintptr_t)named->zone.segments);
	g_free(named);
}

/* Nothing is missing that a report of this instant rests on? */
static enum err
check_kept(struct data *data, int64_t as_of_us)
{
	struct data_revision revision;
	enum err err = data_revision(data, &revision);

	return err == ERR_NONE && as_of_us < revision.kept_us ? ERR_GONE : err;
}

enum err
reckoner_new(struct data *data, const struct tzdb *tzdb, int64_t as_of_us,
    const struct uptime_rules *rules, struct reckoner **out)
{
	struct reckoner *r = calloc(1, sizeof(*r));
	int64_t week_us = as_of_us - uptime_window_us[WINDOW_WEEK];
	int32_t oldest;
	enum err err;

	if (r == NULL)
		return ERR_NO_MEMORY;
	r->data = data;
	r->as_of_us = as_of_us;
	r->rules = *rules;
	r->first_day = (int32_t)civil_floor_div(week_us, STAMP_DAY_US) - 1;
	r->last_day = (int32_t)civil_floor_div(as_of_us, STAMP_DAY_US);
	r->zones = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    free_zone);
	r->zone_names = g_ptr_array_new();
	err = check_kept(data, as_of_us);
	if (err == ERR_NONE && tzdb == NULL)
		err = tzdb_open(&r->own_tzdb);
	r->tzdb = tzdb != NULL ? tzdb : r->own_tzdb;
	if (err == ERR_NONE)
		err = data_first_day(data, &oldest);
	if (err == ERR_NOT_FOUND) {
		oldest = r->first_day;
		err = ERR_NONE;
	}
	if (err != ERR_NONE) {
		reckoner_free(r);
		return err;
	}
	if (oldest > r->first_day)
		oldest = r->first_day;
	r->zones_from_s = (int64_t)oldest * CIVIL_DAY_S - ZONE_MARGIN_S;
	*out = r;
	return ERR_NONE;
}

void
reckoner_free(struct reckoner *r)
{
	if (r == NULL)
		return;
	g_hash_table_destroy(r->zones);
	(void)g_ptr_array_free(r->zone_names, TRUE);
	tzdb_close(r->own_tzdb);
	free(r->shifts);
	free(r);
}

void
reckoner_days(const struct reckoner *r, int32_t *first, int32_t *last)
{
	*first = r->first_day;
	*last = r->last_day;
}

const char *
reckoner_tzdata(const struct reckoner *r)
{
	return tzdb_version(r->tzdb);
}

const char *
reckoner_zone_name(const struct reckoner *r, uint32_t zone)
{
	return g_ptr_array_index(r->zone_names, zone);
}

uint32_t
reckoner_zones(const struct reckoner *r)
{
	return r->zone_names->len;
}

/* Sets r->zone to the zone of that name, opened once. */
static enum err
find_zone(struct reckoner *r, const char *name)
{
	struct named_zone *named = g_hash_table_lookup(r->zones, name);
	char *key;
	enum err err;

	if (named == NULL) {
		named = g_new0(struct named_zone, 1);
		err = tzdb_segments(r->tzdb, name, r->zones_from_s,
		    r->as_of_us / STAMP_S_US + ZONE_MARGIN_S, &named->zone);
		if (err != ERR_NONE) {
			g_free(named);
			return err == ERR_NOT_FOUND ? ERR_CORRUPT : err;
		}
		named->number = r->zone_names->len;
		key = g_strdup(name);
		(void)g_hash_table_insert(r->zones, key, named);
		g_ptr_array_add(r->zone_names, key);
	}
	r->zone = named;
	return ERR_NONE;
}

/* Expands the shifts that end at or after loaded_us and start by as_of. */
static enum err
expand(struct reckoner *r, const struct schedule *schedule,
    struct uptime_input *in)
{
	int32_t first = zone_local_day(schedule->zone, in->loaded_us) -
	    DATES_BEFORE;
	int32_t last = zone_local_day(schedule->zone, in->as_of_us) +
	    DATES_AFTER;
	size_t dates = (size_t)last - (size_t)first + 1;
	size_t bound = schedule_bound(schedule, dates);
	size_t n, skip = 0;

	if (bound > r->shift_cap) {
		void *more = realloc(r->shifts, bound * sizeof(*r->shifts));

		if (more == NULL)
			return ERR_NO_MEMORY;
		r->shifts = more;
		r->shift_cap = bound;
	}
	n = schedule_expand(schedule, first, last, r->shifts);
	while (skip < n && r->shifts[skip].end_us < in->loaded_us)
		skip++;
	while (n > skip && r->shifts[n - 1].start_us > in->as_of_us)
		n--;
	in->shifts = r->shifts + skip;
	in->shift_count = n - skip;
	return ERR_NONE;
}

/* Looks at a day's polls for the latest of all and the latest evidence. */
static void
look_back(void *ctx, const struct poll *polls, size_t n, bool *stop)
{
	struct reckoner *r = ctx;

	if (!r->has_latest) {
		r->has_latest = true;
		r->latest_us = polls[n - 1].at_us;
	}
	while (r->wants_evidence && n-- > 0) {
		if (!schedule_has(r->schedule, polls[n].at_us))
			continue;
		r->past = polls[n];
		r->has_past = true;
		break;
	}
	*stop = !r->wants_evidence || r->has_past;
}

/* Finds what counts from before the scan's days. */
static enum err
find_past(struct reckoner *r, const struct data_store *store,
    const struct schedule *schedule, struct uptime_input *in)
{
	enum err err;

	r->schedule = schedule;
	r->wants_evidence = uptime_needs_past(in);
	r->has_past = false;
	r->has_latest = in->poll_count > 0;
	if (r->has_latest)
		r->latest_us = in->polls[in->poll_count - 1].at_us;
	if (r->has_latest && !r->wants_evidence)
		return ERR_NONE;
	err = data_past(r->data, store->key, r->first_day, look_back, r);
	if (err != ERR_NONE || !r->has_past)
		return err;
	in->past = &r->past;
	in->past_joins = in->shift_count > 0 &&
	    in->shifts[0].start_us <= in->loaded_us &&
	    schedule_joins(schedule, r->past.at_us, in->loaded_us);
	return ERR_NONE;
}

enum err
reckoner_schedule(struct reckoner *r, const struct data_store *store,
    struct schedule *out)
{
	enum err err = find_zone(r,
	    store->zone != NULL ? store->zone : TZDB_DEFAULT);

	if (err != ERR_NONE)
		return err;
	*out = (struct schedule){ store->week, store->week_rows, store->special,
		store->special_rows, &r->zone->zone };
	return ERR_NONE;
}

enum err
reckoner_input(struct reckoner *r, const struct data_store *store,
    struct uptime_input *in, const struct zone **zone)
{
	struct schedule schedule;
	enum err err = reckoner_schedule(r, store, &schedule);

	if (err != ERR_NONE)
		return err;
	r->zone_given = store->zone != NULL;
	memset(in, 0, sizeof(*in));
	in->as_of_us = r->as_of_us;
	in->loaded_us = (int64_t)r->first_day * STAMP_DAY_US;
	in->rules = r->rules;
	in->polls = store->polls;
	in->poll_count = store->poll_count;
	while (in->poll_count > 0 &&
	    in->polls[in->poll_count - 1].at_us > in->as_of_us)
		in->poll_count--;
	*zone = schedule.zone;
	err = expand(r, &schedule, in);
	return err == ERR_NONE ? find_past(r, store, &schedule, in) : err;
}

/* What there is to tell of the store beside its uptime. */
static void
tell_rest(const struct reckoner *r, struct reckoned *out)
{
	out->has_poll = r->has_latest;
	out->last_poll_us = r->has_latest ? r->latest_us : 0;
	out->zone_given = r->zone_given;
	out->zone = r->zone->number;
}

void
reckoner_finish(const struct reckoner *r, const struct uptime_input *in,
    struct reckoned *out)
{
	memset(out, 0, sizeof(*out));
	uptime_reckon(in, &out->uptime);
	tell_rest(r, out);
}

enum err
reckoner_store(struct reckoner *r, const struct data_store *store,
    struct reckoned *out)
{
	struct uptime_input in;
	const struct zone *zone;
	enum err err = reckoner_input(r, store, &in, &zone);

	if (err == ERR_NONE)
		reckoner_finish(r, &in, out);
	return err;
}

enum err
reckoner_cells(struct reckoner *r, const struct data_store *store,
    struct cells *cells, struct reckoned *out)
{
	struct uptime_input in;
	const struct zone *zone;
	enum err err = reckoner_input(r, store, &in, &zone);

	if (err != ERR_NONE)
		return err;
	memset(out, 0, sizeof(*out));
	cells_begin(cells, in.as_of_us, zone);
	uptime_reckon_walk(&in, cells_visit, cells, &out->uptime);
	cells_end(cells);
	tell_rest(r, out);
	return ERR_NONE;
}
