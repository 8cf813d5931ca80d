/*
 * The frame of an import's transaction: the writer lock, the demonstration's
 * data that goes when real data comes, the rows themselves (bulk_polls.c,
 * bulk_stage.c), the stores that keep what they had, the new revision.
 */
#include "store/data_impl.h"

#include "sys/clock.h"
#include "sys/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bulk {
	struct data *data;
	struct bulk_options options;
	struct poll_bulk *polls;	/* one of these two */
	struct stage *stage;
	sqlite3_stmt *keep;
	struct bulk_counts counts;
};

/* Settles whose data this is: a demonstration's never mixes with another. */
static enum err
settle_sample(struct bulk *b)
{
	struct db *db = &b->data->db;
	struct data_revision revision;
	uint64_t stores;
	enum err err = data_revision(b->data, &revision);

	if (err == ERR_NONE)
		err = data_count_stores(b->data, &stores);
	if (err != ERR_NONE || revision.sample == b->options.sample)
		return err;
	if (b->options.sample && stores > 0) {
		log_error("the data is not the sample's; it stays as it is");
		return ERR_CONFLICT;
	}
	b->counts.sample_removed = !b->options.sample;
	return db_exec(db, b->options.sample
	    ? "UPDATE revision SET sample = 1"
	    : "DELETE FROM poll_day; DELETE FROM special; DELETE FROM store;"
	      "DELETE FROM import;"
	      "UPDATE revision SET sample = 0, newest_us = NULL");
}

static enum err
open_rows(struct bulk *b)
{
	struct db *db = &b->data->db;
	enum err err = settle_sample(b);

	if (err == ERR_NONE)
		err = db_exec(db, "CREATE TEMP TABLE kept (id TEXT NOT NULL,"
		    "date INTEGER NOT NULL, PRIMARY KEY (id, date))"
		    "WITHOUT ROWID");
	if (err == ERR_NONE)
		err = db_prepare(db,
		    "INSERT OR IGNORE INTO temp.kept VALUES (?, ?)", &b->keep);
	if (err != ERR_NONE)
		return err;
	return b->options.dataset == DATASET_POLLS
	    ? poll_bulk_open(db, b->options.whole, &b->polls)
	    : stage_open(db, &b->options, &b->stage);
}

enum err
bulk_begin(struct data *data, const struct bulk_options *options,
    struct bulk **bulk)
{
	struct bulk *b = calloc(1, sizeof(*b));
	enum err err;

	if (b == NULL)
		return ERR_NO_MEMORY;
	b->data = data;
	b->options = *options;
	err = db_begin(&data->db);
	if (err == ERR_NONE)
		err = open_rows(b);
	if (err != ERR_NONE) {
		bulk_abort(b);
		return err;
	}
	*bulk = b;
	return ERR_NONE;
}

/* Everything but the transaction. */
static void
close_rows(struct bulk *b)
{
	poll_bulk_close(b->polls);
	b->polls = NULL;
	stage_close(b->stage);
	b->stage = NULL;
	(void)sqlite3_finalize(b->keep);
	b->keep = NULL;
}

enum err
bulk_put(struct bulk *b, const struct dataset_row *row, bool *fits)
{
	enum err err;

	*fits = true;
	if (b->polls != NULL)
		return poll_bulk_put(b->polls, row->id, row->id_len,
		    &row->poll);
	err = stage_put(b->stage, row, fits);
	if (err == ERR_NONE && !*fits)
		err = bulk_keep(b, row->id, row->id_len, row->date);
	return err;
}

enum err
bulk_keep(struct bulk *b, const char *id, size_t len, int32_t date)
{
	(void)sqlite3_bind_text(b->keep, 1, id, (int)len, SQLITE_STATIC);
	(void)sqlite3_bind_int64(b->keep, 2,
	    b->options.dataset == DATASET_SPECIAL_HOURS ? date : 0);
	return db_run(&b->data->db, b->keep);
}

enum err
bulk_finish(struct bulk *b, struct bulk_counts *counts)
{
	enum err err = b->polls != NULL
	    ? poll_bulk_finish(b->polls, &b->counts)
	    : stage_finish(b->stage, &b->counts);

	*counts = b->counts;
	return err;
}

enum err
bulk_kept(struct bulk *b,
    void (*visit)(void *ctx, const char *id, int32_t date), void *ctx)
{
	struct db *db = &b->data->db;
	sqlite3_stmt *stmt;
	bool row;
	enum err err = db_prepare(db,
	    "SELECT id, date FROM temp.kept ORDER BY id, date", &stmt);

	while (err == ERR_NONE) {
		err = db_step(db, stmt, &row);
		if (err != ERR_NONE || !row)
			break;
		visit(ctx, (const char *)sqlite3_column_text(stmt, 0),
		    sqlite3_column_int(stmt, 1));
	}
	(void)sqlite3_finalize(stmt);
	return err;
}

/* A store that no data set names any more is none. */
static enum err
drop_empty_stores(struct db *db)
{
	return db_exec(db, "DELETE FROM store WHERE zone IS NULL"
	    " AND week IS NULL"
	    " AND NOT EXISTS (SELECT 1 FROM special WHERE store = store.key)"
	    " AND NOT EXISTS (SELECT 1 FROM poll_day WHERE store = store.key)");
}

/* The newest instant of the newest day's blocks, into *newest_us. */
static enum err
find_newest(struct db *db, bool *any, int64_t *newest_us)
{
	struct poll_list list = {0};
	sqlite3_stmt *stmt;
	bool row;
	enum err err = db_prepare(db, "SELECT day, polls FROM poll_day"
	    " WHERE day = (SELECT max(day) FROM poll_day)", &stmt);

	*any = false;
	while (err == ERR_NONE) {
		err = db_step(db, stmt, &row);
		if (err != ERR_NONE || !row)
			break;
		list.n = 0;
		err = poll_list_read(&list, stmt, 1,
		    sqlite3_column_int(stmt, 0));
		if (err == ERR_NONE && (!*any ||
		    list.list[list.n - 1].at_us > *newest_us)) {
			*newest_us = list.list[list.n - 1].at_us;
			*any = true;
		}
	}
	(void)sqlite3_finalize(stmt);
	free(list.list);
	return err;
}

/* Makes the data a new state: number, token, newest poll. */
static enum err
advance(struct db *db)
{
	sqlite3_stmt *stmt = NULL;
	int64_t newest_us = 0;
	bool any;
	enum err err = find_newest(db, &any, &newest_us);

	if (err == ERR_NONE)
		err = db_prepare(db, "UPDATE revision SET number = number + 1,"
		    " token = lower(hex(randomblob(8))), newest_us = ?",
		    &stmt);
	if (err == ERR_NONE && any)
		(void)sqlite3_bind_int64(stmt, 1, newest_us);
	if (err == ERR_NONE)
		err = db_run(db, stmt);
	(void)sqlite3_finalize(stmt);
	return err;
}

/* The row that tells of the import. */
static enum err
tell(struct bulk *b, const char *import_id, uint64_t rows, uint64_t bad)
{
	const struct bulk_counts *c = &b->counts;
	const uint64_t numbers[] = {rows, c->new, c->changed, c->same, bad,
	    c->removed};
	struct db *db = &b->data->db;
	sqlite3_stmt *stmt;
	size_t i;
	enum err err = db_prepare(db, "INSERT INTO import SELECT ?, ?, ?,"
	    " number, ?, ?, ?, ?, ?, ? FROM revision", &stmt);

	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_text(stmt, 1, import_id, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(stmt, 2, dataset_names[b->options.dataset],
	    -1, SQLITE_STATIC);
	(void)sqlite3_bind_int64(stmt, 3, clock_now_us());
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		(void)sqlite3_bind_int64(stmt, (int)i + 4,
		    (int64_t)numbers[i]);
	err = db_run(db, stmt);
	(void)sqlite3_finalize(stmt);
	return err;
}

enum err
bulk_commit(struct bulk *b, const char *import_id, uint64_t rows,
    uint64_t bad)
{
	const struct bulk_counts *c = &b->counts;
	struct db *db = &b->data->db;
	enum err err = ERR_NONE;

	close_rows(b);
	if (b->options.whole)
		err = drop_empty_stores(db);
	if (err == ERR_NONE && (c->new > 0 || c->changed > 0 ||
	    c->removed > 0 || c->sample_removed))
		err = advance(db);
	if (err == ERR_NONE)
		err = tell(b, import_id, rows, bad);
	if (err == ERR_NONE)
		err = db_exec(db, "DROP TABLE IF EXISTS temp.stage;"
		    "DROP TABLE IF EXISTS temp.poll_new; DROP TABLE temp.kept");
	if (err == ERR_NONE)
		err = db_commit(db, 0);
	else
		db_rollback(db);
	free(b);
	return err;
}

void
bulk_abort(struct bulk *b)
{
	if (b == NULL)
		return;
	close_rows(b);
	/* The temporary tables go with the transaction that made them. */
	db_rollback(&b->data->db);
	free(b);
}

enum err
bulk_forget(struct data *data, const char *id)
{
	struct db *db = &data->db;
	sqlite3_stmt *stmt = NULL;
	bool row = false;
	char sql[256];
	enum err err = db_begin(db);

	if (err != ERR_NONE)
		return err;
	err = db_prepare(db, "DELETE FROM store WHERE id = ? RETURNING key",
	    &stmt);
	if (err == ERR_NONE) {
		(void)sqlite3_bind_text(stmt, 1, id, -1, SQLITE_STATIC);
		err = db_step(db, stmt, &row);
	}
	if (err == ERR_NONE && row) {
		int64_t key = sqlite3_column_int64(stmt, 0);

		(void)sqlite3_reset(stmt);
		(void)snprintf(sql, sizeof(sql),
		    "DELETE FROM special WHERE store = %lld;"
		    "DELETE FROM poll_day WHERE store = %lld",
		    (long long)key, (long long)key);
		err = db_exec(db, sql);
	} else if (err == ERR_NONE) {
		err = ERR_NOT_FOUND;
	}
	(void)sqlite3_finalize(stmt);
	if (err == ERR_NONE)
		err = advance(db);
	if (err == ERR_NONE)
		return db_commit(db, 0);
	db_rollback(db);
	return err;
}
