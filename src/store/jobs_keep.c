/*
 * What is old is let go in two steps: an id expires, and is then told to be
 * expired for three times as long again; after that it is forgotten.
 */
#include "store/jobs_keep.h"

#include "store/jobs_impl.h"

/* Runs a bound statement that asks whether there is a row. */
static enum err
ask(struct jobs *jobs, sqlite3_stmt *stmt, bool *is)
{
	enum err err = jobs_one(jobs, stmt);

	*is = err == ERR_NONE;
	(void)sqlite3_reset(stmt);
	return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

static enum err
run_with_time(struct jobs *jobs, enum jobs_sql which, int64_t us)
{
	sqlite3_stmt *stmt;
	enum err err = jobs_sql(jobs, which, &stmt);

	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int64(stmt, 1, us);
	return db_run(&jobs->db, stmt);
}

enum err
jobs_any_old(struct jobs *jobs, int64_t before_us, bool *any)
{
	sqlite3_stmt *stmt;
	enum err err = jobs_sql(jobs, JOBS_SQL_ANY_OLD, &stmt);

	*any = false;
	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int64(stmt, 1, before_us);
	return ask(jobs, stmt, any);
}

enum err
jobs_expire(struct jobs *jobs, int64_t before_us, struct jobs_ids *out)
{
	sqlite3_stmt *stmt;
	enum err err = jobs_sql(jobs, JOBS_SQL_EXPIRE, &stmt);

	out->count = 0;
	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int64(stmt, 1, before_us);
	(void)sqlite3_bind_int(stmt, 2, JOBS_EXPIRE_MAX);
	while (out->count < JOBS_EXPIRE_MAX) {
		err = jobs_one(jobs, stmt);
		if (err != ERR_NONE)
			break;
		jobs_column_text(stmt, 0, out->id[out->count++],
		    sizeof(out->id[0]));
	}
	(void)sqlite3_reset(stmt);
	return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

enum err
jobs_forget(struct jobs *jobs, int64_t before_us)
{
	sqlite3_stmt *stmt;
	enum err err = run_with_time(jobs, JOBS_SQL_FORGET_IDS, before_us);

	if (err == ERR_NONE)
		err = jobs_sql(jobs, JOBS_SQL_FORGET_JOBS, &stmt);
	return err == ERR_NONE ? db_run(&jobs->db, stmt) : err;
}

enum err
jobs_keeps(struct jobs *jobs, const char *id, bool *files, bool *parts)
{
	sqlite3_stmt *stmt;
	enum err err = jobs_sql(jobs, JOBS_SQL_KEEPS_FILES, &stmt);

	*files = *parts = true;
	if (err != ERR_NONE)
		return err;
	jobs_bind_text(stmt, 1, id);
	err = ask(jobs, stmt, files);
	if (err == ERR_NONE)
		err = jobs_sql(jobs, JOBS_SQL_KEEPS_PARTS, &stmt);
	if (err != ERR_NONE)
		return err;
	jobs_bind_text(stmt, 1, id);
	return ask(jobs, stmt, parts);
}

enum err
jobs_swept(struct jobs *jobs, int64_t *us)
{
	sqlite3_stmt *stmt;
	enum err err = jobs_sql(jobs, JOBS_SQL_SWEPT, &stmt);

	*us = 0;
	if (err != ERR_NONE)
		return err;
	err = jobs_one(jobs, stmt);
	if (err == ERR_NONE)
		*us = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_reset(stmt);
	return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

enum err
jobs_note_sweep(struct jobs *jobs, int64_t now_us)
{
	return run_with_time(jobs, JOBS_SQL_NOTE_SWEEP, now_us);
}
