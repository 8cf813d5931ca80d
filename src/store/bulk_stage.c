/*
 * Hours, time zones and special hours on their way in.  Such a file replaces
 * what the stores that it names had, so all of its rows must be there before
 * the first store is touched: they wait in a temporary table, which SQLite
 * keeps on the disk when it grows, sorted by store.
 *
 * A group is what is replaced as one: the rows of a store, or of a store and
 * date.  Its new rows and its old ones are compared as sets.
 */
#include "store/data_impl.h"

#include "sys/log.h"

#include <stdlib.h>
#include <string.h>

/* Rows of a group at the most: what a blob may hold, far above any need. */
#define GROUP_MAX ((size_t)100000)

struct row_list {
	struct schedule_week_row *list;
	size_t n;
	size_t cap;
};

struct stage {
	struct db *db;
	const struct bulk_options *options;
	sqlite3_stmt *put;
	sqlite3_stmt *first;	/* what stands for a group already */
	sqlite3_stmt *old;
	sqlite3_stmt *set;
	sqlite3_stmt *keep;
	struct store_keys keys;
	struct row_list rows, before;
	unsigned char *bytes;
	size_t bytes_cap;
	struct bulk_counts counts;
};

/* How each data set reads, writes and drops what a group had. */
static const struct {
	/* ?1 the store's id, ?2 the date, ?3 the new value */
	const char *old;
	const char *set;
	/* Groups that the file does not name, with --whole. */
	const char *others;
	const char *drop;
} sql[DATASET__MAX] = {
	[DATASET_HOURS] = {"SELECT week, ?2 FROM store WHERE id = ?1",
	    "INSERT INTO store (id, week) SELECT ?1, ?3 WHERE ?2 = 0"
	    " ON CONFLICT (id) DO UPDATE SET week = ?3",
	    "SELECT week FROM store WHERE week IS NOT NULL AND id NOT IN "
	    "(SELECT id FROM temp.stage UNION SELECT id FROM temp.kept)",
	    "UPDATE store SET week = NULL WHERE id NOT IN "
	    "(SELECT id FROM temp.stage UNION SELECT id FROM temp.kept)"},
	[DATASET_TIMEZONES] = {"SELECT zone, ?2 FROM store WHERE id = ?1",
	    "INSERT INTO store (id, zone) SELECT ?1, ?3 WHERE ?2 = 0"
	    " ON CONFLICT (id) DO UPDATE SET zone = ?3",
	    "SELECT zone FROM store WHERE zone IS NOT NULL AND id NOT IN "
	    "(SELECT id FROM temp.stage UNION SELECT id FROM temp.kept)",
	    "UPDATE store SET zone = NULL WHERE id NOT IN "
	    "(SELECT id FROM temp.stage UNION SELECT id FROM temp.kept)"},
	[DATASET_SPECIAL_HOURS] = {
	    "SELECT hours FROM special WHERE date = ?2"
	    " AND store = (SELECT key FROM store WHERE id = ?1)",
	    "INSERT OR REPLACE INTO special"
	    " SELECT key, ?2, ?3 FROM store WHERE id = ?1",
	    "SELECT hours FROM special p JOIN store s ON s.key = p.store "
	    "WHERE (s.id, p.date) NOT IN (SELECT id, date FROM temp.stage "
	    "UNION SELECT id, date FROM temp.kept)",
	    "DELETE FROM special WHERE (store, date) IN (SELECT p.store, "
	    "p.date FROM special p JOIN store s ON s.key = p.store "
	    "WHERE (s.id, p.date) NOT IN (SELECT id, date FROM temp.stage "
	    "UNION SELECT id, date FROM temp.kept))"},
};

static enum err
prepare(struct stage *s)
{
	enum err err = db_exec(s->db, "CREATE TEMP TABLE stage ("
	    "id TEXT NOT NULL, date INTEGER NOT NULL, label INTEGER NOT NULL,"
	    "start_s INTEGER NOT NULL, end_s INTEGER NOT NULL, zone TEXT,"
	    "PRIMARY KEY (id, date, label, start_s, end_s)) WITHOUT ROWID");

	if (err == ERR_NONE)
		err = db_prepare(s->db, "INSERT OR IGNORE INTO temp.stage"
		    " VALUES (?, ?, ?, ?, ?, ?)", &s->put);
	if (err == ERR_NONE)
		err = db_prepare(s->db, "SELECT start_s, zone FROM temp.stage"
		    " WHERE id = ? AND date = ? LIMIT 1", &s->first);
	if (err == ERR_NONE)
		err = db_prepare(s->db, sql[s->options->dataset].old, &s->old);
	if (err == ERR_NONE)
		err = db_prepare(s->db, sql[s->options->dataset].set, &s->set);
	if (err == ERR_NONE)
		err = db_prepare(s->db, "SELECT 1 FROM temp.kept"
		    " WHERE id = ? AND date = ?", &s->keep);
	if (err == ERR_NONE)
		err = store_keys_open(s->db, &s->keys);
	return err;
}

enum err
stage_open(struct db *db, const struct bulk_options *options,
    struct stage **out)
{
	struct stage *s = calloc(1, sizeof(*s));
	enum err err;

	if (s == NULL)
		return ERR_NO_MEMORY;
	s->db = db;
	s->options = options;
	err = prepare(s);
	if (err != ERR_NONE) {
		stage_close(s);
		return err;
	}
	*out = s;
	return ERR_NONE;
}

void
stage_close(struct stage *s)
{
	if (s == NULL)
		return;
	(void)sqlite3_finalize(s->put);
	(void)sqlite3_finalize(s->first);
	(void)sqlite3_finalize(s->old);
	(void)sqlite3_finalize(s->set);
	(void)sqlite3_finalize(s->keep);
	store_keys_close(&s->keys);
	free(s->rows.list);
	free(s->before.list);
	free(s->bytes);
	free(s);
}

static void
bind_group(sqlite3_stmt *stmt, const struct dataset_row *row)
{
	(void)sqlite3_bind_text(stmt, 1, row->id, (int)row->id_len,
	    SQLITE_STATIC);
	(void)sqlite3_bind_int64(stmt, 2, row->date);
}

/* Does the row contradict an earlier one of its group? */
static enum err
contradicts(struct stage *s, const struct dataset_row *row, bool *does)
{
	bool there;
	enum err err;

	*does = false;
	bind_group(s->first, row);
	err = db_step(s->db, s->first, &there);
	if (err == ERR_NONE && there &&
	    s->options->dataset == DATASET_TIMEZONES)
		*does = (size_t)sqlite3_column_bytes(s->first, 1) !=
		    row->zone_len ||
		    memcmp(sqlite3_column_text(s->first, 1), row->zone,
		    row->zone_len) != 0;
	else if (err == ERR_NONE && there)
		*does = (sqlite3_column_int(s->first, 0) == SCHEDULE_CLOSED) !=
		    (row->week.hours.start_s == SCHEDULE_CLOSED);
	(void)sqlite3_reset(s->first);
	return err;
}

/* Adds the row unless it is there already; *added tells. */
static enum err
insert(struct stage *s, const struct dataset_row *row, bool *added)
{
	enum err err;

	bind_group(s->put, row);
	(void)sqlite3_bind_int64(s->put, 3, row->week.weekday);
	(void)sqlite3_bind_int64(s->put, 4, row->week.hours.start_s);
	(void)sqlite3_bind_int64(s->put, 5, row->week.hours.end_s);
	(void)sqlite3_bind_text(s->put, 6, row->zone, (int)row->zone_len,
	    SQLITE_STATIC);
	err = db_run(s->db, s->put);
	*added = sqlite3_changes(s->db->sql) > 0;
	return err;
}

enum err
stage_put(struct stage *s, const struct dataset_row *row, bool *fits)
{
	bool does = false, added;
	enum err err = ERR_NONE;

	if (s->options->dataset == DATASET_SPECIAL_HOURS)
		err = contradicts(s, row, &does);
	*fits = !does;
	if (err != ERR_NONE || does)
		return err;
	err = insert(s, row, &added);
	/* A store's zones share one key: which zone, only a look tells. */
	if (err == ERR_NONE && !added &&
	    s->options->dataset == DATASET_TIMEZONES)
		err = contradicts(s, row, &does);
	*fits = !does;
	s->counts.same += !added && !does;
	return err;
}

static enum err
add_row(struct row_list *l, const struct schedule_week_row *row)
{
	if (l->n == GROUP_MAX) {
		log_error("a store has over %zu rows of hours", GROUP_MAX);
		return ERR_TOO_LARGE;
	}
	if (l->n == l->cap) {
		size_t cap = l->cap == 0 ? 32 : l->cap * 2;
		void *more = realloc(l->list, cap * sizeof(*l->list));

		if (more == NULL)
			return ERR_NO_MEMORY;
		l->list = more;
		l->cap = cap;
	}
	l->list[l->n++] = *row;
	return ERR_NONE;
}

/* Reads a blob of hours into l; *closed if it is there and has no rows. */
static enum err
read_hours(struct row_list *l, sqlite3_stmt *stmt, bool *closed)
{
	const void *blob = sqlite3_column_blob(stmt, 0);
	size_t len = (size_t)sqlite3_column_bytes(stmt, 0), n;
	struct schedule_week_row none = {0, {0, 0}};
	enum err err = ERR_NONE;

	*closed = len == 0 && sqlite3_column_type(stmt, 0) != SQLITE_NULL;
	while (err == ERR_NONE && l->cap < len / 3 + 1) {
		l->n = l->cap;
		err = add_row(l, &none);
	}
	l->n = 0;
	if (err != ERR_NONE)
		return err;
	if (!unpack_hours(blob, len, l->list, &n)) {
		log_error("data.db: hours of a store are damaged");
		return ERR_CORRUPT;
	}
	l->n = n;
	return ERR_NONE;
}

static int
compare(const struct schedule_week_row *a, const struct schedule_week_row *b)
{
	if (a->weekday != b->weekday)
		return a->weekday < b->weekday ? -1 : 1;
	if (a->hours.start_s != b->hours.start_s)
		return a->hours.start_s < b->hours.start_s ? -1 : 1;
	return (a->hours.end_s > b->hours.end_s) -
	    (a->hours.end_s < b->hours.end_s);
}

/* Counts two sorted sets against each other. */
static void
count_rows(struct stage *s)
{
	size_t i = 0, j = 0;

	while (i < s->rows.n || j < s->before.n) {
		int order = i == s->rows.n ? 1 : j == s->before.n ? -1
		    : compare(&s->rows.list[i], &s->before.list[j]);

		s->counts.new += order < 0;
		s->counts.same += order == 0;
		s->counts.removed += order > 0;
		i += order <= 0;
		j += order >= 0;
	}
}

/* Writes what the group has now: a zone, or else s->rows. */
static enum err
set_group(struct stage *s, const char *id, int32_t date, const char *zone)
{
	int64_t key;
	size_t bytes;

	if (s->options->dataset == DATASET_SPECIAL_HOURS) {
		enum err err = store_keys_get(&s->keys, id, strlen(id), &key);

		if (err != ERR_NONE)
			return err;
	}
	(void)sqlite3_bind_text(s->set, 1, id, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int64(s->set, 2, date);
	if (zone != NULL) {
		(void)sqlite3_bind_text(s->set, 3, zone, -1, SQLITE_STATIC);
		return db_run(s->db, s->set);
	}
	if (s->bytes_cap < s->rows.n * PACK_HOURS_MAX + 1) {
		size_t cap = s->rows.n * PACK_HOURS_MAX + 1024;
		void *more = realloc(s->bytes, cap);

		if (more == NULL)
			return ERR_NO_MEMORY;
		s->bytes = more;
		s->bytes_cap = cap;
	}
	bytes = pack_hours(s->rows.list, s->rows.n, s->bytes);
	(void)sqlite3_bind_blob(s->set, 3, s->bytes, (int)bytes,
	    SQLITE_STATIC);
	return db_run(s->db, s->set);
}

/* A zone against the one that stands in the row of s->old. */
static enum err
apply_zone(struct stage *s, const char *id, const char *zone)
{
	const char *before = (const char *)sqlite3_column_text(s->old, 0);
	bool same = before != NULL && strcmp(before, zone) == 0;

	s->counts.new += before == NULL;
	s->counts.changed += before != NULL && !same;
	s->counts.same += same;
	return same ? ERR_NONE : set_group(s, id, 0, zone);
}

/* s->rows against the hours that stand in the row of s->old, if any. */
static enum err
apply_rows(struct stage *s, const char *id, int32_t date, bool there)
{
	bool closed = false, closing = false;
	struct bulk_counts was = s->counts;
	enum err err = ERR_NONE;

	s->before.n = 0;
	if (there)
		err = read_hours(&s->before, s->old, &closed);
	if (err != ERR_NONE)
		return err;
	/* A closed date is one row in the file and an empty blob here. */
	if (s->rows.n > 0 &&
	    s->rows.list[0].hours.start_s == SCHEDULE_CLOSED) {
		s->rows.n = 0;
		closing = true;
	}
	count_rows(s);
	s->counts.same += closing && closed;
	s->counts.new += closing && !closed;
	s->counts.removed += closed && !closing;
	if (s->counts.new == was.new && s->counts.removed == was.removed)
		return ERR_NONE;
	return set_group(s, id, date, NULL);
}

/* Does the group keep what it had? */
static enum err
is_kept(struct stage *s, const char *id, int32_t date, bool *is)
{
	enum err err;

	(void)sqlite3_bind_text(s->keep, 1, id, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int64(s->keep, 2, date);
	err = db_step(s->db, s->keep, is);
	(void)sqlite3_reset(s->keep);
	return err;
}

/* Applies one group; its rows are in s->rows, or it is a zone. */
static enum err
apply(struct stage *s, const char *id, int32_t date, const char *zone)
{
	bool there = false, kept = false;
	enum err err = is_kept(s, id, date, &kept);

	if (err == ERR_NONE && kept) {
		s->counts.same += zone != NULL ? 1 : s->rows.n;
		return ERR_NONE;
	}
	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_text(s->old, 1, id, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int64(s->old, 2, date);
	err = db_step(s->db, s->old, &there);
	if (err == ERR_NONE)
		err = zone != NULL ? apply_zone(s, id, zone)
				   : apply_rows(s, id, date, there);
	(void)sqlite3_reset(s->old);
	return err;
}

/* Goes through the staged rows, group by group. */
static enum err
apply_groups(struct stage *s, sqlite3_stmt *all)
{
	char id[STORE_ID_MAX + 1] = "", zone[DATA_ZONE_MAX] = "";
	bool zones = s->options->dataset == DATASET_TIMEZONES, row;
	int32_t date = 0;
	enum err err;

	s->rows.n = 0;
	for (;;) {
		struct schedule_week_row one;
		const char *next;

		err = db_step(s->db, all, &row);
		if (err != ERR_NONE)
			return err;
		next = row ? (const char *)sqlite3_column_text(all, 0) : "";
		if (id[0] != '\0' && (strcmp(id, next) != 0 ||
		    date != sqlite3_column_int(all, 1))) {
			err = apply(s, id, date, zones ? zone : NULL);
			s->rows.n = 0;
		}
		if (!row || err != ERR_NONE)
			return err;
		memcpy(id, next, strlen(next) + 1);
		date = sqlite3_column_int(all, 1);
		one.weekday = sqlite3_column_int(all, 2);
		one.hours.start_s = sqlite3_column_int(all, 3);
		one.hours.end_s = sqlite3_column_int(all, 4);
		if (zones)
			(void)sqlite3_snprintf(sizeof(zone), zone, "%s",
			    sqlite3_column_text(all, 5));
		err = add_row(&s->rows, &one);
		if (err != ERR_NONE)
			return err;
	}
}

/* Drops what the file does not name, and counts it. */
static enum err
drop_others(struct stage *s)
{
	sqlite3_stmt *stmt;
	bool row, closed;
	enum err err = db_prepare(s->db, sql[s->options->dataset].others,
	    &stmt);

	while (err == ERR_NONE) {
		err = db_step(s->db, stmt, &row);
		if (err != ERR_NONE || !row)
			break;
		if (s->options->dataset == DATASET_TIMEZONES) {
			s->counts.removed++;
			continue;
		}
		err = read_hours(&s->before, stmt, &closed);
		s->counts.removed += closed ? 1 : s->before.n;
	}
	(void)sqlite3_finalize(stmt);
	if (err == ERR_NONE)
		err = db_exec(s->db, sql[s->options->dataset].drop);
	return err;
}

enum err
stage_finish(struct stage *s, struct bulk_counts *counts)
{
	sqlite3_stmt *all;
	enum err err = db_prepare(s->db, "SELECT id, date, label, start_s,"
	    " end_s, zone FROM temp.stage"
	    " ORDER BY id, date, label, start_s, end_s", &all);

	if (err == ERR_NONE)
		err = apply_groups(s, all);
	(void)sqlite3_finalize(all);
	if (err == ERR_NONE && s->options->whole)
		err = drop_others(s);
	counts->new += s->counts.new;
	counts->changed += s->counts.changed;
	counts->same += s->counts.same;
	counts->removed += s->counts.removed;
	return err;
}
