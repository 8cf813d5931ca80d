/*
 * Hours, time zones and special hours on their way in.  Such a file replaces
 * what the stores that it names had, so all of its rows must be there before
 * the first store is touched: they wait in a temporary table, which SQLite
 * keeps on the disk when it grows, sorted by store.  Rows of hours that
 * follow one another for the same store wait as one.
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
#define RUN_MAX ((size_t)1000)

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
	bool any_kept;
	/* Rows of hours that wait for the next store's. */
	char run_id[STORE_ID_MAX + 1];
	struct row_list run;
	int64_t portions;	/* staged so far */
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
	    "id TEXT NOT NULL, date INTEGER NOT NULL,"
	    "portion INTEGER NOT NULL, value NOT NULL,"
	    "PRIMARY KEY (id, date, portion)) WITHOUT ROWID");

	if (err == ERR_NONE)
		err = db_prepare(s->db, "INSERT OR IGNORE INTO temp.stage"
		    " VALUES (?, ?, ?, ?)", &s->put);
	if (err == ERR_NONE)
		err = db_prepare(s->db, "SELECT value FROM temp.stage"
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
	free(s->run.list);
	free(s->rows.list);
	free(s->before.list);
	free(s->bytes);
	free(s);
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

/* Appends the rows of a blob to l. */
static enum err
read_hours(struct row_list *l, const void *blob, size_t len)
{
	struct schedule_week_row none = {0, {0, 0}};
	size_t n, was = l->n;
	enum err err = ERR_NONE;

	while (err == ERR_NONE && l->cap < was + len / 3 + 1) {
		l->n = l->cap;
		err = add_row(l, &none);
	}
	l->n = was;
	if (err != ERR_NONE)
		return err;
	if (!unpack_hours(blob, len, l->list + was, &n)) {
		log_error("data.db: hours of a store are damaged");
		return ERR_CORRUPT;
	}
	l->n += n;
	return ERR_NONE;
}

/* Packs rows into s->bytes. */
static enum err
pack(struct stage *s, const struct row_list *l, size_t *len)
{
	size_t wanted = l->n * PACK_HOURS_MAX + 1;

	if (s->bytes_cap < wanted) {
		void *more = realloc(s->bytes, wanted + 1024);

		if (more == NULL)
			return ERR_NO_MEMORY;
		s->bytes = more;
		s->bytes_cap = wanted + 1024;
	}
	*len = pack_hours(l->list, l->n, s->bytes);
	return ERR_NONE;
}

static void
bind_group(sqlite3_stmt *stmt, const char *id, size_t len, int32_t date)
{
	(void)sqlite3_bind_text(stmt, 1, id, (int)len, SQLITE_STATIC);
	(void)sqlite3_bind_int64(stmt, 2, date);
}

/* Stages the rows of a group that came together; none: closed. */
static enum err
put_rows(struct stage *s, const struct dataset_row *group,
    const struct row_list *rows)
{
	size_t len;
	enum err err = pack(s, rows, &len);

	if (err != ERR_NONE)
		return err;
	bind_group(s->put, group->id, group->id_len, group->date);
	(void)sqlite3_bind_int64(s->put, 3, s->portions++);
	(void)sqlite3_bind_blob(s->put, 4, s->bytes, (int)len, SQLITE_STATIC);
	return db_run(s->db, s->put);
}

/* Stages the run of hours at hand and begins the next one. */
static enum err
end_run(struct stage *s)
{
	struct dataset_row group = {.id = s->run_id,
	    .id_len = strlen(s->run_id)};
	enum err err = ERR_NONE;

	if (s->run.n > 0)
		err = put_rows(s, &group, &s->run);
	s->run.n = 0;
	return err;
}

static enum err
put_hours(struct stage *s, const struct dataset_row *row)
{
	enum err err = ERR_NONE;

	if (strlen(s->run_id) != row->id_len ||
	    memcmp(s->run_id, row->id, row->id_len) != 0 ||
	    s->run.n == RUN_MAX) {
		err = end_run(s);
		memcpy(s->run_id, row->id, row->id_len);
		s->run_id[row->id_len] = '\0';
	}
	return err == ERR_NONE ? add_row(&s->run, &row->week) : err;
}

/* Special hours: a date is closed or open, as its first row says. */
static enum err
put_special(struct stage *s, const struct dataset_row *row, bool *fits)
{
	bool closed = row->week.hours.start_s == SCHEDULE_CLOSED, there;
	enum err err;

	bind_group(s->first, row->id, row->id_len, row->date);
	err = db_step(s->db, s->first, &there);
	if (err == ERR_NONE && there)
		*fits = closed == (sqlite3_column_bytes(s->first, 0) == 0);
	(void)sqlite3_reset(s->first);
	if (err != ERR_NONE || !*fits)
		return err;
	if (closed && there) {
		s->counts.same++;
		return ERR_NONE;
	}
	s->rows.n = 0;
	if (!closed)
		err = add_row(&s->rows, &row->week);
	return err == ERR_NONE ? put_rows(s, row, &s->rows) : err;
}

/* Zones: a store has one, as its first row says. */
static enum err
put_zone(struct stage *s, const struct dataset_row *row, bool *fits)
{
	bool there;
	enum err err;

	bind_group(s->put, row->id, row->id_len, 0);
	(void)sqlite3_bind_int64(s->put, 3, 0);
	(void)sqlite3_bind_text(s->put, 4, row->zone, (int)row->zone_len,
	    SQLITE_STATIC);
	err = db_run(s->db, s->put);
	if (err != ERR_NONE || sqlite3_changes(s->db->sql) > 0)
		return err;
	bind_group(s->first, row->id, row->id_len, 0);
	err = db_step(s->db, s->first, &there);
	if (err == ERR_NONE && there)
		*fits = (size_t)sqlite3_column_bytes(s->first, 0) ==
		    row->zone_len && memcmp(sqlite3_column_text(s->first, 0),
		    row->zone, row->zone_len) == 0;
	(void)sqlite3_reset(s->first);
	s->counts.same += *fits;
	return err;
}

enum err
stage_put(struct stage *s, const struct dataset_row *row, bool *fits)
{
	*fits = true;
	switch (s->options->dataset) {
	case DATASET_HOURS:
		return put_hours(s, row);
	case DATASET_SPECIAL_HOURS:
		return put_special(s, row, fits);
	default:
		return put_zone(s, row, fits);
	}
}

static int
compare(const void *left, const void *right)
{
	const struct schedule_week_row *a = left, *b = right;

	if (a->weekday != b->weekday)
		return a->weekday < b->weekday ? -1 : 1;
	if (a->hours.start_s != b->hours.start_s)
		return a->hours.start_s < b->hours.start_s ? -1 : 1;
	return (a->hours.end_s > b->hours.end_s) -
	    (a->hours.end_s < b->hours.end_s);
}

/* Sorts rows; rows that come again go, and count as same. */
static void
make_set(struct stage *s, struct row_list *l)
{
	size_t i, kept = 0;

	if (l->n == 0)
		return;
	qsort(l->list, l->n, sizeof(*l->list), compare);
	for (i = 0; i < l->n; i++) {
		if (kept > 0 && compare(&l->list[kept - 1], &l->list[i]) == 0)
			s->counts.same++;
		else
			l->list[kept++] = l->list[i];
	}
	l->n = kept;
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
	size_t len;
	enum err err = ERR_NONE;

	if (s->options->dataset == DATASET_SPECIAL_HOURS)
		err = store_keys_get(&s->keys, id, strlen(id), &key);
	if (err == ERR_NONE && zone == NULL)
		err = pack(s, &s->rows, &len);
	if (err != ERR_NONE)
		return err;
	bind_group(s->set, id, strlen(id), date);
	if (zone != NULL)
		(void)sqlite3_bind_text(s->set, 3, zone, -1, SQLITE_STATIC);
	else
		(void)sqlite3_bind_blob(s->set, 3, s->bytes, (int)len,
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
	bool special = s->options->dataset == DATASET_SPECIAL_HOURS;
	struct bulk_counts was;
	size_t len = 0;
	bool closed, closing = special && s->rows.n == 0;
	enum err err = ERR_NONE;

	s->before.n = 0;
	if (there) {
		len = (size_t)sqlite3_column_bytes(s->old, 0);
		err = read_hours(&s->before, sqlite3_column_blob(s->old, 0),
		    len);
	}
	if (err != ERR_NONE)
		return err;
	/* A closed date is one row in the file and an empty blob here. */
	closed = special && there && len == 0;
	make_set(s, &s->rows);
	was = s->counts;
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

	*is = false;
	if (!s->any_kept)
		return ERR_NONE;
	bind_group(s->keep, id, strlen(id), date);
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
		s->counts.same += s->rows.n > 0 ? s->rows.n : 1;
		return ERR_NONE;
	}
	if (err != ERR_NONE)
		return err;
	bind_group(s->old, id, strlen(id), date);
	err = db_step(s->db, s->old, &there);
	if (err == ERR_NONE)
		err = zone != NULL ? apply_zone(s, id, zone)
				   : apply_rows(s, id, date, there);
	(void)sqlite3_reset(s->old);
	return err;
}

/* Goes through what is staged, group by group. */
static enum err
apply_groups(struct stage *s, sqlite3_stmt *all)
{
	char id[STORE_ID_MAX + 1] = "", zone[DATA_ZONE_MAX] = "";
	bool zones = s->options->dataset == DATASET_TIMEZONES, row;
	int32_t date = 0;
	enum err err;

	s->rows.n = 0;
	for (;;) {
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
		if (zones)
			(void)sqlite3_snprintf(sizeof(zone), zone, "%s",
			    sqlite3_column_text(all, 2));
		else
			err = read_hours(&s->rows, sqlite3_column_blob(all, 2),
			    (size_t)sqlite3_column_bytes(all, 2));
		if (err != ERR_NONE)
			return err;
	}
}

/* Is there a group that keeps what it had? */
static enum err
look_for_kept(struct stage *s)
{
	sqlite3_stmt *stmt;
	enum err err = db_prepare(s->db, "SELECT 1 FROM temp.kept LIMIT 1",
	    &stmt);

	if (err == ERR_NONE)
		err = db_step(s->db, stmt, &s->any_kept);
	(void)sqlite3_finalize(stmt);
	return err;
}

/* Drops what the file does not name, and counts it. */
static enum err
drop_others(struct stage *s)
{
	sqlite3_stmt *stmt;
	bool row;
	enum err err = db_prepare(s->db, sql[s->options->dataset].others,
	    &stmt);

	while (err == ERR_NONE) {
		err = db_step(s->db, stmt, &row);
		if (err != ERR_NONE || !row)
			break;
		s->before.n = 0;
		if (s->options->dataset != DATASET_TIMEZONES)
			err = read_hours(&s->before,
			    sqlite3_column_blob(stmt, 0),
			    (size_t)sqlite3_column_bytes(stmt, 0));
		/* A zone and a closed date are one row. */
		s->counts.removed += s->before.n > 0 ? s->before.n : 1;
	}
	(void)sqlite3_finalize(stmt);
	if (err == ERR_NONE)
		err = db_exec(s->db, sql[s->options->dataset].drop);
	return err;
}

enum err
stage_finish(struct stage *s, struct bulk_counts *counts)
{
	sqlite3_stmt *all = NULL;
	enum err err = end_run(s);

	if (err == ERR_NONE)
		err = look_for_kept(s);
	if (err == ERR_NONE)
		err = db_prepare(s->db, "SELECT id, date, value"
		    " FROM temp.stage ORDER BY id, date, portion", &all);
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
