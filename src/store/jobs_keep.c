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

/* Runs a bound statement that gives the ids it has marked. */
static enum err
take_ids(struct jobs *jobs, sqlite3_stmt *stmt, struct jobs_ids *out)
{
	sqlite3_stmt *let_go;
	enum err err = jobs_sql(jobs, JOBS_SQL_LET_GO, &let_go);

	out->count = 0;
	while (err == ERR_NONE && out->count < JOBS_EXPIRE_MAX) {
		err = jobs_one(jobs, stmt);
		if (err == ERR_NONE)
			jobs_column_text(stmt, 0, out->id[out->count++],
			    sizeof(out->id[0]));
	}
	(void)sqlite3_reset(stmt);
	if (err != ERR_NONE && err != ERR_NOT_FOUND)
		return err;
	return db_run(&jobs->db, let_go);
}

enum err
jobs_expire(struct jobs *jobs, int64_t before_us, struct jobs_ids *out)
{
	sqlite3_stmt *stmt;
	enum err err = jobs_sql(jobs, JOBS_SQL_EXPIRE, &stmt);

	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int64(stmt, 1, before_us);
	(void)sqlite3_bind_int(stmt, 2, JOBS_EXPIRE_MAX);
	return take_ids(jobs, stmt, out);
}

/* Reads the number that a bound statement gives; *out stays if it is NULL. */
static enum err
read_number(struct jobs *jobs, sqlite3_stmt *stmt, int64_t *out)
{
	enum err err = jobs_one(jobs, stmt);

	if (err == ERR_NONE && sqlite3_column_type(stmt, 0) != SQLITE_NULL)
		*out = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_reset(stmt);
	return err;
}

enum err
jobs_expire_job(struct jobs *jobs, int64_t before_us, struct jobs_ids *out)
{
	sqlite3_stmt *oldest, *stmt;
	int64_t job = 0;
	enum err err = jobs_sql(jobs, JOBS_SQL_OLDEST, &oldest);

	if (err == ERR_NONE)
		err = jobs_sql(jobs, JOBS_SQL_EXPIRE_JOB, &stmt);
	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int64(oldest, 1, before_us);
	err = read_number(jobs, oldest, &job);
	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int64(stmt, 1, job);
	(void)sqlite3_bind_int(stmt, 2, JOBS_EXPIRE_MAX);
	return take_ids(jobs, stmt, out);
}

enum err
jobs_space(struct jobs *jobs, int64_t *bytes)
{
	sqlite3_stmt *stmt;
	enum err err = jobs_sql(jobs, JOBS_SQL_SPACE, &stmt);

	*bytes = 0;
	return err == ERR_NONE ? read_number(jobs, stmt, bytes) : err;
}

enum err
jobs_beyond(struct jobs *jobs, bool expired, int64_t n, int64_t *us)
{
	sqlite3_stmt *stmt;
	enum err err = jobs_sql(jobs, JOBS_SQL_BEYOND, &stmt);

	*us = INT64_MIN;
	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int(stmt, 1, expired);
	(void)sqlite3_bind_int64(stmt, 2, n);
	err = read_number(jobs, stmt, us);
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
