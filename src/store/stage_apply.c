/*
 * What is staged, applied group by group.  New rows and old ones are compared
 * as sets; a group that does not change is not written.
 */
#include "store/stage_impl.h"

#include <string.h>

#define NOT_NAMED "(SELECT id FROM temp.stage UNION SELECT id FROM temp.kept)"
#define DATE_NOT_NAMED \
	"(SELECT id, date FROM temp.stage" \
	" UNION SELECT id, date FROM temp.kept)"

#define HOURS_OF_DATE \
	"SELECT hours FROM special WHERE date = ?2" \
	" AND store = (SELECT key FROM store WHERE id = ?1)"

const struct stage_sql stage_sql[DATASET__MAX] = {
	[DATASET_HOURS] = {
	    "SELECT week, ?2 FROM store WHERE id = ?1",
	    "INSERT INTO store (id, week) SELECT ?1, ?3 WHERE ?2 = 0"
	    " ON CONFLICT (id) DO UPDATE SET week = ?3",
	    "INSERT OR IGNORE INTO undo SELECT 'hours', ?1, ?2,"
	    " (SELECT week FROM store WHERE id = ?1)",
	    "SELECT id, 0, week FROM store"
	    " WHERE week IS NOT NULL AND id NOT IN " NOT_NAMED,
	    "UPDATE store SET week = NULL"
	    " WHERE week IS NOT NULL AND id NOT IN " NOT_NAMED,
	},
	[DATASET_TIMEZONES] = {
	    "SELECT zone, ?2 FROM store WHERE id = ?1",
	    "INSERT INTO store (id, zone) SELECT ?1, ?3 WHERE ?2 = 0"
	    " ON CONFLICT (id) DO UPDATE SET zone = ?3",
	    "INSERT OR IGNORE INTO undo SELECT 'timezones', ?1, ?2,"
	    " (SELECT zone FROM store WHERE id = ?1)",
	    "SELECT id, 0, zone FROM store"
	    " WHERE zone IS NOT NULL AND id NOT IN " NOT_NAMED,
	    "UPDATE store SET zone = NULL"
	    " WHERE zone IS NOT NULL AND id NOT IN " NOT_NAMED,
	},
	[DATASET_SPECIAL_HOURS] = {
	    HOURS_OF_DATE,
	    "INSERT OR REPLACE INTO special"
	    " SELECT key, ?2, ?3 FROM store WHERE id = ?1",
	    "INSERT OR IGNORE INTO undo SELECT 'special-hours', ?1, ?2,"
	    " (" HOURS_OF_DATE ")",
	    "SELECT s.id, p.date, p.hours FROM special p"
	    " JOIN store s ON s.key = p.store"
	    " WHERE (s.id, p.date) NOT IN " DATE_NOT_NAMED,
	    "DELETE FROM special WHERE (store, date) IN"
	    " (SELECT p.store, p.date FROM special p"
	    " JOIN store s ON s.key = p.store"
	    " WHERE (s.id, p.date) NOT IN " DATE_NOT_NAMED ")",
	},
};

/*
 * Notes what a group had, for an undoing.  The first note throws the notes of
 * the import before away: only the newest that changed anything is undone.
 */
static enum err
record(struct stage *s, const char *id, int32_t date)
{
	sqlite3_stmt *stmt = NULL;
	enum err err = ERR_NONE;

	if (!s->recorded) {
		err = db_prepare(s->db, "DELETE FROM undo WHERE dataset = ?",
		    &stmt);
		if (err == ERR_NONE) {
			(void)sqlite3_bind_text(stmt, 1,
			    dataset_names[s->options->dataset], -1,
			    SQLITE_STATIC);
			err = db_run(s->db, stmt);
		}
		(void)sqlite3_finalize(stmt);
		s->recorded = true;
	}
	/* What comes after nothing is undone by removing all of it. */
	if (err != ERR_NONE || s->from_nothing)
		return err;
	stage_bind(s->record, id, strlen(id), date);
	return db_run(s->db, s->record);
}

/* Writes what the group has now: a zone, or else s->rows. */
static enum err
set_group(struct stage *s, const char *id, int32_t date, const char *zone)
{
	int64_t key;
	size_t len;
	enum err err = record(s, id, date);

	if (err == ERR_NONE && s->options->dataset == DATASET_SPECIAL_HOURS)
		err = store_keys_get(&s->keys, id, strlen(id), &key);
	if (err == ERR_NONE && zone == NULL)
		err = stage_pack(s, &s->rows, &len);
	if (err != ERR_NONE)
		return err;
	stage_bind(s->set, id, strlen(id), date);
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
	struct hours_difference d;
	size_t len = 0;
	bool closed, closing = special && s->rows.n == 0;
	enum err err = ERR_NONE;

	s->before.n = 0;
	if (there) {
		len = (size_t)sqlite3_column_bytes(s->old, 0);
		err = hours_list_read(&s->before,
		    sqlite3_column_blob(s->old, 0), len);
	}
	if (err != ERR_NONE)
		return err;
	/* A closed date is one row in the file and an empty blob here. */
	closed = special && there && len == 0;
	s->counts.same += hours_list_make_set(&s->rows);
	d = hours_list_compare(&s->rows, &s->before);
	d.same += closing && closed;
	d.new += closing && !closed;
	d.removed += closed && !closing;
	s->counts.same += d.same;
	s->counts.new += d.new;
	s->counts.removed += d.removed;
	if (d.new == 0 && d.removed == 0)
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
	stage_bind(s->keep, id, strlen(id), date);
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
	stage_bind(s->old, id, strlen(id), date);
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
		if (id[0] != '\0' &&
		    (strcmp(id, next) != 0 ||
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
			err = hours_list_read(&s->rows,
			    sqlite3_column_blob(all, 2),
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

/* A group that the file does not name: counted, noted, listed. */
static enum err
lose_group(struct stage *s, sqlite3_stmt *other, sqlite3_stmt *losing)
{
	const char *id = (const char *)sqlite3_column_text(other, 0);
	enum err err = ERR_NONE;

	s->before.n = 0;
	if (s->options->dataset != DATASET_TIMEZONES)
		err = hours_list_read(&s->before, sqlite3_column_blob(other, 2),
		    (size_t)sqlite3_column_bytes(other, 2));
	/* A zone and a closed date are one row. */
	s->counts.removed += s->before.n > 0 ? s->before.n : 1;
	if (err == ERR_NONE)
		err = record(s, id, sqlite3_column_int(other, 1));
	(void)sqlite3_bind_text(losing, 1, id, -1, SQLITE_STATIC);
	return err == ERR_NONE ? db_run(s->db, losing) : err;
}

/* Drops what the file does not name. */
static enum err
drop_others(struct stage *s)
{
	sqlite3_stmt *stmt = NULL, *losing = NULL;
	bool row;
	enum err err = db_prepare(s->db, stage_sql[s->options->dataset].others,
	    &stmt);

	if (err == ERR_NONE)
		err = db_prepare(s->db,
		    "INSERT OR IGNORE INTO temp.losing VALUES (?)", &losing);
	while (err == ERR_NONE) {
		err = db_step(s->db, stmt, &row);
		if (err != ERR_NONE || !row)
			break;
		err = lose_group(s, stmt, losing);
	}
	(void)sqlite3_finalize(stmt);
	(void)sqlite3_finalize(losing);
	if (err == ERR_NONE)
		err = db_exec(s->db, stage_sql[s->options->dataset].drop);
	return err;
}

enum err
stage_finish(struct stage *s, struct bulk_counts *counts)
{
	sqlite3_stmt *all = NULL;
	enum err err = stage_end_run(s);

	if (err == ERR_NONE)
		err = look_for_kept(s);
	if (err == ERR_NONE)
		err = db_prepare(s->db,
		    "SELECT id, date, value"
		    " FROM temp.stage ORDER BY id, date, portion",
		    &all);
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
