/*
 * The frame of an import's transaction: the writer lock, the demonstration's
 * data that goes when real data comes, the rows themselves (bulk_polls.c,
 * bulk_stage.c), the stores that keep what they had, the new revision.
 */
#include "store/bulk_impl.h"

#include "sys/clock.h"
#include "sys/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The number that the next new store gets. */
static enum err
next_key(struct db *db, int64_t *key)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum err err = db_prepare(db,
	    "SELECT coalesce(max(key), 0) + 1 FROM store", &stmt);

	if (err == ERR_NONE)
		err = db_step(db, stmt, &row);
	if (row)
		*key = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return err;
}

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
	return db_exec(db,
	    b->options.sample
		? "UPDATE revision SET sample = 1"
		: "DELETE FROM poll_day; DELETE FROM special;"
		  "DELETE FROM store;"
		  "DELETE FROM import; DELETE FROM undo;"
		  "UPDATE dataset SET rows = 0, undo_import = NULL,"
		  " undo_to_nothing = 0;"
		  "UPDATE revision SET sample = 0, newest_us = NULL,"
		  " kept_us = NULL");
}

/* Is the data set still what the caller has seen? */
static enum err
check_expected(struct bulk *b)
{
	struct data_dataset now;
	enum err err;

	if (b->options.expected == NULL)
		return ERR_NONE;
	err = data_dataset(b->data, b->options.dataset, &now);
	return err == ERR_NONE && now.revision != *b->options.expected
	    ? ERR_CONFLICT
	    : err;
}

/* Opens what takes the rows, and tells it if there are none before. */
static enum err
open_dataset(struct bulk *b)
{
	struct db *db = &b->data->db;
	struct data_dataset now;
	enum err err;

	if (b->options.dataset == DATASET_POLLS)
		return poll_bulk_open(db, b->options.whole, &b->polls);
	err = data_dataset(b->data, b->options.dataset, &now);
	b->from_nothing = now.rows == 0;
	return err == ERR_NONE
	    ? stage_open(db, &b->options, b->from_nothing, &b->stage)
	    : err;
}

static enum err
open_rows(struct bulk *b)
{
	struct db *db = &b->data->db;
	enum err err = check_expected(b);

	if (err == ERR_NONE)
		err = settle_sample(b);
	if (err == ERR_NONE)
		err = next_key(db, &b->first_new_key);
	if (err == ERR_NONE)
		err = db_exec(db,
		    "CREATE TEMP TABLE kept (id TEXT NOT NULL,"
		    "date INTEGER NOT NULL, PRIMARY KEY (id, date))"
		    "WITHOUT ROWID;"
		    "CREATE TEMP TABLE losing (id TEXT PRIMARY KEY)"
		    "WITHOUT ROWID");
	if (err == ERR_NONE)
		err = db_prepare(db,
		    "INSERT OR IGNORE INTO temp.kept VALUES (?, ?)", &b->keep);
	return err == ERR_NONE ? open_dataset(b) : err;
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
	enum err err = b->polls != NULL ? poll_bulk_finish(b->polls, &b->counts)
					: stage_finish(b->stage, &b->counts);

	*counts = b->counts;
	return err;
}

/* Visits the ids that a statement gives. */
static enum err
visit_ids(struct bulk *b, const char *sql,
    void (*visit)(void *ctx, const char *id), void *ctx)
{
	struct db *db = &b->data->db;
	sqlite3_stmt *stmt;
	bool row;
	enum err err = db_prepare(db, sql, &stmt);

	while (err == ERR_NONE) {
		err = db_step(db, stmt, &row);
		if (err != ERR_NONE || !row)
			break;
		visit(ctx, (const char *)sqlite3_column_text(stmt, 0));
	}
	(void)sqlite3_finalize(stmt);
	return err;
}

enum err
bulk_losing(struct bulk *b, void (*visit)(void *ctx, const char *id), void *ctx)
{
	return visit_ids(b, "SELECT id FROM temp.losing ORDER BY id", visit,
	    ctx);
}

enum err
bulk_kept(struct bulk *b, void (*visit)(void *ctx, const char *id), void *ctx)
{
	return visit_ids(b, "SELECT DISTINCT id FROM temp.kept ORDER BY id",
	    visit, ctx);
}

void
bulk_source(struct bulk *b, const char *file, const char *who,
    const char *sha256)
{
	b->file = file;
	b->who = who;
	b->sha256 = sha256;
}

static void
bind_text(sqlite3_stmt *stmt, int at, const char *text)
{
	(void)sqlite3_bind_text(stmt, at, text, -1, SQLITE_STATIC);
}

/* The row that tells of the import. */
static enum err
tell(struct bulk *b, const char *import_id, uint64_t rows, uint64_t bad)
{
	const struct bulk_counts *c = &b->counts;
	const uint64_t numbers[] = { rows, c->new, c->changed, c->same, bad,
		c->removed };
	struct db *db = &b->data->db;
	sqlite3_stmt *stmt;
	size_t i;
	enum err err = db_prepare(db,
	    "INSERT INTO import SELECT ?, ?, ?,"
	    " number, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL FROM revision",
	    &stmt);

	if (err != ERR_NONE)
		return err;
	bind_text(stmt, 1, import_id);
	bind_text(stmt, 2, dataset_names[b->options.dataset]);
	(void)sqlite3_bind_int64(stmt, 3, clock_now_us());
	bind_text(stmt, 4, b->file);
	bind_text(stmt, 5, b->who);
	bind_text(stmt, 6, b->sha256);
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		(void)sqlite3_bind_int64(stmt, (int)i + 7, (int64_t)numbers[i]);
	err = db_run(db, stmt);
	(void)sqlite3_finalize(stmt);
	return err;
}

/* Forgets what was told longest ago, but never the import itself. */
static enum err
forget_imports(struct bulk *b, const char *import_id)
{
	struct db *db = &b->data->db;
	sqlite3_stmt *stmt;
	enum err err = db_prepare(db,
	    "DELETE FROM import WHERE dataset = ?1 AND id <> ?2 AND at_us <"
	    " (SELECT at_us FROM import WHERE dataset = ?1"
	    " ORDER BY at_us DESC LIMIT 1 OFFSET ?3)",
	    &stmt);

	if (err != ERR_NONE)
		return err;
	bind_text(stmt, 1, dataset_names[b->options.dataset]);
	bind_text(stmt, 2, import_id);
	(void)sqlite3_bind_int64(stmt, 3, BULK_IMPORTS_TOLD - 1);
	err = db_run(db, stmt);
	(void)sqlite3_finalize(stmt);
	return err;
}

/* Notes which import an undoing of the data set would undo. */
static enum err
note_undo(struct bulk *b, const char *import_id)
{
	struct db *db = &b->data->db;
	sqlite3_stmt *stmt;
	enum err err;

	if (b->stage == NULL || !stage_can_undo(b->stage))
		return ERR_NONE;
	err = db_prepare(db,
	    "UPDATE dataset SET undo_import = ?, undo_to_nothing = ?"
	    " WHERE name = ?",
	    &stmt);
	if (err != ERR_NONE)
		return err;
	bind_text(stmt, 1, import_id);
	(void)sqlite3_bind_int(stmt, 2, b->from_nothing);
	bind_text(stmt, 3, dataset_names[b->options.dataset]);
	err = db_run(db, stmt);
	(void)sqlite3_finalize(stmt);
	return err;
}

/* The rows were the entire data set: what they do not name is not there. */
static enum err
end_whole(struct bulk *b)
{
	struct db *db = &b->data->db;
	enum err err = change_drop_stores(db);

	/* Nor is anything missing of these polls, unless others were kept. */
	if (err == ERR_NONE && b->options.dataset == DATASET_POLLS)
		err = db_exec(db,
		    "UPDATE revision SET kept_us = NULL"
		    " WHERE NOT EXISTS (SELECT 1 FROM temp.kept)");
	return err;
}

enum err
bulk_commit(struct bulk *b, const char *import_id, uint64_t rows, uint64_t bad)
{
	const struct bulk_counts *c = &b->counts;
	struct db *db = &b->data->db;
	enum err err = note_undo(b, import_id);

	close_rows(b);
	if (err == ERR_NONE && b->options.whole)
		err = end_whole(b);
	if (err == ERR_NONE &&
	    (c->new > 0 || c->changed > 0 || c->removed > 0 ||
		c->sample_removed))
		err = change_advance(db,
		    c->sample_removed ? NULL
				      : dataset_names[b->options.dataset],
		    (int64_t)c->new - (int64_t)c->removed);
	if (err == ERR_NONE && c->sample_removed)
		err = change_recount(db);
	if (err == ERR_NONE)
		err = tell(b, import_id, rows, bad);
	if (err == ERR_NONE)
		err = forget_imports(b, import_id);
	if (err == ERR_NONE)
		err = db_exec(db,
		    "DROP TABLE IF EXISTS temp.stage;"
		    "DROP TABLE IF EXISTS temp.poll_new;"
		    "DROP TABLE temp.kept; DROP TABLE temp.losing");
	if (err == ERR_NONE)
		err = db_commit(db, true);
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
