/*
 * What every change of the data ends with: stores that nothing names go, the
 * revision moves on, the data sets' sizes are kept.  Forgetting and undoing,
 * which are changes without a file, are here too.
 */
#include "store/data_impl.h"

#include "store/hours_list.h"
#include "sys/clock.h"

#include <stdlib.h>
#include <string.h>

enum err
change_drop_stores(struct db *db)
{
	return db_exec(db,
	    "DELETE FROM store WHERE zone IS NULL"
	    " AND week IS NULL"
	    " AND NOT EXISTS (SELECT 1 FROM special WHERE store = store.key)"
	    " AND NOT EXISTS (SELECT 1 FROM poll_day WHERE store = store.key)");
}

enum err
change_newest(struct db *db, bool *any, int64_t *newest_us)
{
	struct poll_list list = { 0 };
	sqlite3_stmt *stmt;
	bool row;
	enum err err = db_prepare(db,
	    "SELECT day, polls FROM poll_day"
	    " WHERE day = (SELECT max(day) FROM poll_day)",
	    &stmt);

	*any = false;
	while (err == ERR_NONE) {
		err = db_step(db, stmt, &row);
		if (err != ERR_NONE || !row)
			break;
		list.n = 0;
		err = poll_list_read(&list, stmt, 1,
		    sqlite3_column_int(stmt, 0));
		if (err == ERR_NONE &&
		    (!*any || list.list[list.n - 1].at_us > *newest_us)) {
			*newest_us = list.list[list.n - 1].at_us;
			*any = true;
		}
	}
	(void)sqlite3_finalize(stmt);
	free(list.list);
	return err;
}

/* Marks the data set, or all of them, as changed by this revision. */
static enum err
mark(struct db *db, const char *name, int64_t added)
{
	sqlite3_stmt *stmt;
	enum err err = db_prepare(db,
	    "UPDATE dataset SET rows = rows + ?2,"
	    " revision = (SELECT number FROM revision)"
	    " WHERE ?1 IS NULL OR name = ?1",
	    &stmt);

	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int64(stmt, 2, added);
	err = db_run(db, stmt);
	(void)sqlite3_finalize(stmt);
	return err;
}

enum err
change_advance(struct db *db, const char *name, int64_t added)
{
	sqlite3_stmt *stmt = NULL;
	int64_t newest_us = 0;
	bool any, row;
	enum err err = change_newest(db, &any, &newest_us);

	if (err == ERR_NONE)
		err = db_prepare(db,
		    "UPDATE revision SET number = number + 1,"
		    " token = lower(hex(randomblob(8))), newest_us = ?"
		    " RETURNING number",
		    &stmt);
	if (err == ERR_NONE && any)
		(void)sqlite3_bind_int64(stmt, 1, newest_us);
	if (err == ERR_NONE)
		err = db_step(db, stmt, &row);
	if (err == ERR_NONE && row) {
		db->change = sqlite3_column_int64(stmt, 0);
		err = db_run(db, stmt);
	}
	(void)sqlite3_finalize(stmt);
	return err == ERR_NONE ? mark(db, name, added) : err;
}

/* How many rows the blobs that a statement gives (day, blob) hold. */
static enum err
count_blobs(struct db *db, const char *sql, bool polls, int64_t *rows)
{
	struct poll_list list = { 0 };
	struct hours_list hours = { 0 };
	sqlite3_stmt *stmt;
	bool row;
	enum err err = db_prepare(db, sql, &stmt);

	*rows = 0;
	while (err == ERR_NONE) {
		err = db_step(db, stmt, &row);
		if (err != ERR_NONE || !row)
			break;
		list.n = hours.n = 0;
		if (polls)
			err = poll_list_read(&list, stmt, 1,
			    sqlite3_column_int(stmt, 0));
		else
			err = hours_list_read(&hours,
			    sqlite3_column_blob(stmt, 1),
			    (size_t)sqlite3_column_bytes(stmt, 1));
		/* A zone and a closed date are one row without hours. */
		*rows += list.n + hours.n > 0 ? (int64_t)(list.n + hours.n) : 1;
	}
	(void)sqlite3_finalize(stmt);
	free(list.list);
	free(hours.list);
	return err;
}

enum err
change_recount(struct db *db)
{
	static const char *const blobs[DATASET__MAX] = {
		[DATASET_POLLS] = "SELECT day, polls FROM poll_day",
		[DATASET_HOURS] =
		    "SELECT 0, week FROM store WHERE week IS NOT NULL",
		[DATASET_TIMEZONES] =
		    "SELECT 0, NULL FROM store WHERE zone IS NOT NULL",
		[DATASET_SPECIAL_HOURS] = "SELECT 0, hours FROM special",
	};
	sqlite3_stmt *stmt;
	enum dataset d;
	int64_t rows;
	enum err err = db_prepare(db,
	    "UPDATE dataset SET rows = ? WHERE name = ?", &stmt);

	for (d = 0; d < DATASET__MAX && err == ERR_NONE; d++) {
		err = count_blobs(db, blobs[d], d == DATASET_POLLS, &rows);
		if (err != ERR_NONE)
			break;
		(void)sqlite3_bind_int64(stmt, 1, rows);
		(void)sqlite3_bind_text(stmt, 2, dataset_names[d], -1,
		    SQLITE_STATIC);
		err = db_run(db, stmt);
	}
	(void)sqlite3_finalize(stmt);
	return err;
}

/* Runs a statement with one text parameter; *changed: rows it touched. */
static enum err
run_with(struct db *db, const char *sql, const char *text, int *changed)
{
	sqlite3_stmt *stmt;
	enum err err = db_prepare(db, sql, &stmt);

	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_text(stmt, 1, text, -1, SQLITE_STATIC);
	err = db_run(db, stmt);
	*changed = sqlite3_changes(db->sql);
	(void)sqlite3_finalize(stmt);
	return err;
}

/* Commits a change of all data sets, or rolls back after err. */
static enum err
end_change(struct db *db, const char *name, enum err err)
{
	if (err == ERR_NONE)
		err = change_drop_stores(db);
	if (err == ERR_NONE)
		err = change_advance(db, name, 0);
	if (err == ERR_NONE)
		err = change_recount(db);
	if (err == ERR_NONE)
		return db_commit(db, true);
	db_rollback(db);
	return err;
}

enum err
bulk_forget(struct data *data, const char *id)
{
	static const char *const sql[] = {
		"DELETE FROM special WHERE store ="
		" (SELECT key FROM store WHERE id = ?)",
		"DELETE FROM poll_day WHERE store ="
		" (SELECT key FROM store WHERE id = ?)",
		"DELETE FROM undo WHERE store = ?",
		"DELETE FROM store WHERE id = ?"
	};
	struct db *db = &data->db;
	int changed = 0;
	size_t i;
	enum err err = db_begin(db);

	if (err != ERR_NONE)
		return err;
	for (i = 0; i < sizeof(sql) / sizeof(sql[0]) && err == ERR_NONE; i++)
		err = run_with(db, sql[i], id, &changed);
	if (err == ERR_NONE && changed == 0)
		err = ERR_NOT_FOUND;
	return end_change(db, NULL, err);
}

/* How a data set gets back what the table undo has; polls never do. */
static const char *const restore[DATASET__MAX] = {
	[DATASET_HOURS] =
	    "INSERT INTO store (id, week) SELECT store, value FROM undo"
	    " WHERE dataset = 'hours'"
	    " ON CONFLICT (id) DO UPDATE SET week = excluded.week;"
	    "DELETE FROM undo WHERE dataset = 'hours'",
	[DATASET_TIMEZONES] =
	    "INSERT INTO store (id, zone) SELECT store, value FROM undo"
	    " WHERE dataset = 'timezones'"
	    " ON CONFLICT (id) DO UPDATE SET zone = excluded.zone;"
	    "DELETE FROM undo WHERE dataset = 'timezones'",
	[DATASET_SPECIAL_HOURS] =
	    "INSERT OR IGNORE INTO store (id) SELECT store FROM undo"
	    " WHERE dataset = 'special-hours';"
	    "DELETE FROM special WHERE (store, date) IN"
	    " (SELECT s.key, u.date FROM undo u JOIN store s ON s.id = u.store"
	    " WHERE u.dataset = 'special-hours');"
	    "INSERT INTO special SELECT s.key, u.date, u.value FROM undo u"
	    " JOIN store s ON s.id = u.store"
	    " WHERE u.dataset = 'special-hours' AND u.value IS NOT NULL;"
	    "DELETE FROM undo WHERE dataset = 'special-hours'",
};

/* How a data set is emptied, where there was nothing to get back. */
static const char *const empty[DATASET__MAX] = {
	[DATASET_HOURS] = "UPDATE store SET week = NULL",
	[DATASET_TIMEZONES] = "UPDATE store SET zone = NULL",
	[DATASET_SPECIAL_HOURS] = "DELETE FROM special",
};

static enum err
note_undone(struct db *db, const char *import_id)
{
	sqlite3_stmt *stmt;
	enum err err = db_prepare(db,
	    "UPDATE import SET undone_us = ? WHERE id = ?", &stmt);

	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int64(stmt, 1, clock_now_us());
	(void)sqlite3_bind_text(stmt, 2, import_id, -1, SQLITE_STATIC);
	err = db_run(db, stmt);
	(void)sqlite3_finalize(stmt);
	return err;
}

enum err
bulk_undo(struct data *data, enum dataset dataset, const char *import_id)
{
	struct db *db = &data->db;
	struct data_dataset now;
	int changed;
	enum err err = db_begin(db);

	if (err != ERR_NONE)
		return err;
	err = data_dataset(data, dataset, &now);
	if (err == ERR_NONE &&
	    (restore[dataset] == NULL || now.undo_import[0] == '\0' ||
		strcmp(now.undo_import, import_id) != 0))
		err = ERR_CONFLICT;
	if (err == ERR_NONE)
		err = db_exec(db,
		    now.undo_to_nothing ? empty[dataset] : restore[dataset]);
	if (err == ERR_NONE)
		err = run_with(db,
		    "UPDATE dataset SET undo_import = NULL WHERE name = ?",
		    dataset_names[dataset], &changed);
	if (err == ERR_NONE)
		err = note_undone(db, import_id);
	return end_change(db, dataset_names[dataset], err);
}
