/*
 * Asking for jobs and looking them up.
 *
 * A commit syncs the write-ahead log, so that an id that was told survives a
 * power cut.  The log is moved into the database only once it has grown over
 * LOG_PAGES: a checkpoint costs two more syncs, which one change in dozens
 * may pay, but not each.  Its length is told by SQLite after every commit,
 * of all processes together.
 */
#include "store/jobs_impl.h"

#include <stdlib.h>
#include <string.h>

#define LOG_PAGES 128

static int
note_log(void *ctx, sqlite3 *sql, const char *name, int pages)
{
	struct jobs *jobs = ctx;

	(void)sql;
	(void)name;
	jobs->log_pages = pages;
	return SQLITE_OK;
}

enum err
jobs_open(struct jobs **out, const char *state)
{
	struct jobs *jobs = calloc(1, sizeof(*jobs));
	enum err err;

	*out = NULL;
	if (jobs == NULL)
		return ERR_NO_MEMORY;
	err = db_open(&jobs->db, state, "jobs");
	if (err != ERR_NONE) {
		free(jobs);
		return err;
	}
	(void)sqlite3_wal_hook(jobs->db.sql, note_log, jobs);
	*out = jobs;
	return ERR_NONE;
}

void
jobs_close(struct jobs *jobs)
{
	size_t i;

	if (jobs == NULL)
		return;
	jobs_rollback(jobs);
	for (i = 0; i < JOBS_SQL__MAX; i++)
		(void)sqlite3_finalize(jobs->stmt[i]);
	db_close(&jobs->db);
	free(jobs);
}

void
jobs_hurry(struct jobs *jobs)
{
	jobs->db.hurried = true;
}

enum err
jobs_begin(struct jobs *jobs)
{
	return db_begin(&jobs->db);
}

enum err
jobs_commit(struct jobs *jobs)
{
	return db_commit(&jobs->db, jobs->log_pages > LOG_PAGES);
}

void
jobs_rollback(struct jobs *jobs)
{
	db_rollback(&jobs->db);
}

/* Columns in the order of JOBS_SQL_FIND. */
static enum err
read_report(sqlite3_stmt *stmt, struct jobs_report *out)
{
	enum err err;

	out->job = sqlite3_column_int64(stmt, 0);
	jobs_column_text(stmt, 1, out->job_id, sizeof(out->job_id));
	err = jobs_column_state(stmt, 2, &out->state);
	out->expired = sqlite3_column_int(stmt, 3) != 0;
	out->slot = sqlite3_column_int(stmt, 4);
	out->created_us = sqlite3_column_int64(stmt, 5);
	out->spawned_us = sqlite3_column_int64(stmt, 6);
	out->finished_us = sqlite3_column_int64(stmt, 7);
	if (err == ERR_NONE)
		err = jobs_column_rules(stmt, 8, &out->as_of_us, &out->rules);
	out->revision = sqlite3_column_int64(stmt, 11);
	out->rows = (uint64_t)sqlite3_column_int64(stmt, 12);
	out->bytes = (uint64_t)sqlite3_column_int64(stmt, 13);
	jobs_column_text(stmt, 14, out->sha256, sizeof(out->sha256));
	jobs_column_text(stmt, 15, out->error, sizeof(out->error));
	return err;
}

enum err
jobs_find(struct jobs *jobs, const char *id, struct jobs_report *out)
{
	sqlite3_stmt *stmt;
	enum err err = jobs_sql(jobs, JOBS_SQL_FIND, &stmt);

	memset(out, 0, sizeof(*out));
	if (err != ERR_NONE)
		return err;
	jobs_bind_text(stmt, 1, id);
	err = jobs_one(jobs, stmt);
	if (err == ERR_NONE)
		err = read_report(stmt, out);
	(void)sqlite3_reset(stmt);
	return err;
}

enum err
jobs_match(struct jobs *jobs, const char *question, struct jobs_match *out)
{
	sqlite3_stmt *stmt;
	enum err err = jobs_sql(jobs, JOBS_SQL_MATCH, &stmt);

	memset(out, 0, sizeof(*out));
	if (err != ERR_NONE)
		return err;
	jobs_bind_text(stmt, 1, question);
	err = jobs_one(jobs, stmt);
	if (err == ERR_NONE) {
		out->job = sqlite3_column_int64(stmt, 0);
		out->shares = sqlite3_column_int64(stmt, 2);
		jobs_column_text(stmt, 3, out->source, sizeof(out->source));
		jobs_column_text(stmt, 4, out->job_id, sizeof(out->job_id));
		err = jobs_column_state(stmt, 1, &out->state);
	}
	(void)sqlite3_reset(stmt);
	return err;
}

enum err
jobs_add(struct jobs *jobs, const char *id, const struct jobs_order *order,
    int64_t now_us)
{
	sqlite3_stmt *stmt;
	enum err err = jobs_sql(jobs, JOBS_SQL_ADD, &stmt);

	if (err != ERR_NONE)
		return err;
	jobs_bind_text(stmt, 1, id);
	jobs_bind_text(stmt, 2, order->question);
	(void)sqlite3_bind_int64(stmt, 3, order->as_of_us);
	jobs_bind_text(stmt, 4,
	    interpolation_names[order->rules.interpolation]);
	if (order->rules.reach_us == UPTIME_REACH_UNLIMITED)
		(void)sqlite3_bind_null(stmt, 5);
	else
		(void)sqlite3_bind_int64(stmt, 5, order->rules.reach_us);
	jobs_bind_text(stmt, 6, order->stores);
	(void)sqlite3_bind_int64(stmt, 7, now_us);
	jobs_bind_text(stmt, 8, order->request);
	err = db_run(&jobs->db, stmt);
	if (err != ERR_NONE)
		return err;
	return jobs_share(jobs, sqlite3_last_insert_rowid(jobs->db.sql), id,
	    now_us);
}

enum err
jobs_share(struct jobs *jobs, int64_t job, const char *id, int64_t now_us)
{
	sqlite3_stmt *put, *count;
	enum err err = jobs_sql(jobs, JOBS_SQL_SHARE, &put);

	if (err == ERR_NONE)
		err = jobs_sql(jobs, JOBS_SQL_COUNT_SHARE, &count);
	if (err != ERR_NONE)
		return err;
	jobs_bind_text(put, 1, id);
	(void)sqlite3_bind_int64(put, 2, job);
	(void)sqlite3_bind_int64(put, 3, now_us);
	err = db_run(&jobs->db, put);
	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int64(count, 1, job);
	return db_run(&jobs->db, count);
}

enum err
jobs_count_queued(struct jobs *jobs, bool uploads, int64_t *count)
{
	sqlite3_stmt *stmt;
	enum err err = jobs_sql(jobs, JOBS_SQL_COUNT_QUEUED, &stmt);

	*count = 0;
	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int(stmt, 1, uploads);
	err = jobs_one(jobs, stmt);
	if (err == ERR_NONE)
		*count = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_reset(stmt);
	return err;
}

enum err
jobs_check(struct jobs *jobs)
{
	return db_check(&jobs->db, DB_QUICK_CHECK);
}
