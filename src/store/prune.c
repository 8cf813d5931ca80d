/*
 * Removing old polls.  The blocks to be kept are noted in a temporary table;
 * what goes is read once, to be counted, and then removed by ranges of days,
 * in which the blocks lie side by side.  Pages that become free are used by
 * the polls to come: the file does not get smaller.
 */
#include "store/prune.h"

#include "store/data_impl.h"

#include <stdlib.h>

struct prune {
	struct data *data;
	sqlite3_stmt *keep;
	struct prune_counts counts;
};

#define GOES \
	" WHERE day < ? AND NOT EXISTS (SELECT 1 FROM temp.kept_block k" \
	" WHERE k.store = poll_day.store AND k.day = poll_day.day)"

enum err
prune_begin(struct data *data, struct prune **out)
{
	struct prune *p = calloc(1, sizeof(*p));
	enum err err;

	if (p == NULL)
		return ERR_NO_MEMORY;
	p->data = data;
	err = db_begin(&data->db);
	if (err == ERR_NONE)
		err = db_exec(&data->db,
		    "CREATE TEMP TABLE kept_block (store INTEGER NOT NULL,"
		    " day INTEGER NOT NULL, PRIMARY KEY (store, day))"
		    " WITHOUT ROWID");
	if (err == ERR_NONE)
		err = db_prepare(&data->db,
		    "INSERT OR IGNORE INTO temp.kept_block VALUES (?, ?)",
		    &p->keep);
	if (err != ERR_NONE) {
		prune_abort(p);
		return err;
	}
	*out = p;
	return ERR_NONE;
}

enum err
prune_keep(struct prune *p, int64_t key, int32_t day)
{
	(void)sqlite3_bind_int64(p->keep, 1, key);
	(void)sqlite3_bind_int(p->keep, 2, day);
	return db_run(&p->data->db, p->keep);
}

/* Counts what goes: its polls, and its days, in whose order it comes. */
static enum err
count(struct prune *p, int32_t before_day)
{
	struct db *db = &p->data->db;
	struct poll_list list = { 0 };
	int32_t last = INT32_MIN, day;
	sqlite3_stmt *stmt;
	bool row;
	enum err err = db_prepare(db,
	    "SELECT day, polls FROM poll_day" GOES " ORDER BY day", &stmt);

	if (err == ERR_NONE)
		(void)sqlite3_bind_int(stmt, 1, before_day);
	while (err == ERR_NONE) {
		err = db_step(db, stmt, &row);
		if (err != ERR_NONE || !row)
			break;
		list.n = 0;
		day = sqlite3_column_int(stmt, 0);
		err = poll_list_read(&list, stmt, 1, day);
		p->counts.polls += list.n;
		p->counts.days += day != last;
		last = day;
	}
	(void)sqlite3_finalize(stmt);
	free(list.list);
	return err;
}

/* Runs a statement whose only parameter is the day. */
static enum err
run_before(struct db *db, const char *sql, int32_t day, uint64_t *number)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum err err = db_prepare(db, sql, &stmt);

	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int(stmt, 1, day);
	err = db_step(db, stmt, &row);
	if (row && number != NULL)
		*number = (uint64_t)sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return err;
}

enum err
prune_finish(struct prune *p, int32_t before_day, struct prune_counts *counts)
{
	struct db *db = &p->data->db;
	enum err err = count(p, before_day);

	if (err == ERR_NONE)
		err = run_before(db, "DELETE FROM poll_day" GOES, before_day,
		    NULL);
	if (err == ERR_NONE)
		err = run_before(db,
		    "SELECT count(*) FROM poll_day WHERE day < ?", before_day,
		    &p->counts.kept);
	*counts = p->counts;
	return err;
}

/* Notes from when on reports may speak; that never goes back. */
static enum err
note_kept(struct db *db, int64_t kept_us)
{
	sqlite3_stmt *stmt;
	enum err err = db_prepare(db,
	    "UPDATE revision SET kept_us = max(?1, coalesce(kept_us, ?1))",
	    &stmt);

	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int64(stmt, 1, kept_us);
	err = db_run(db, stmt);
	(void)sqlite3_finalize(stmt);
	return err;
}

enum err
prune_commit(struct prune *p, int64_t kept_us)
{
	struct db *db = &p->data->db;
	int64_t gone = (int64_t)p->counts.polls;
	enum err err = ERR_NONE;

	if (gone == 0) {
		prune_abort(p);
		return ERR_NONE;
	}
	(void)sqlite3_finalize(p->keep);
	p->keep = NULL;
	err = change_advance(db, dataset_names[DATASET_POLLS], -gone);
	if (err == ERR_NONE)
		err = note_kept(db, kept_us);
	if (err == ERR_NONE)
		err = db_exec(db, "DROP TABLE temp.kept_block");
	if (err != ERR_NONE) {
		prune_abort(p);
		return err;
	}
	free(p);
	return db_commit(db, true);
}

void
prune_abort(struct prune *p)
{
	if (p == NULL)
		return;
	(void)sqlite3_finalize(p->keep);
	/* The temporary table goes with the transaction that made it. */
	db_rollback(&p->data->db);
	free(p);
}
