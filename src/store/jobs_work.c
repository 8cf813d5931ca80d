/*
 * Jobs in the hands of workers.  Nothing here knows of locks or processes:
 * the caller holds the slot's lock and says what follows from that.
 */
#include "store/jobs_work.h"

#include "store/jobs_impl.h"

#include "sys/log.h"

#include <stdlib.h>
#include <string.h>

void
jobs_task_release(struct jobs_task *task)
{
	free(task->stores);
	task->stores = NULL;
}

static enum err
column_kind(sqlite3_stmt *stmt, int column, enum jobs_kind *out)
{
	char name[16];
	int i;

	jobs_column_text(stmt, column, name, sizeof(name));
	for (i = 0; i < JOBS_KIND__MAX; i++)
		if (strcmp(name, jobs_kind_names[i]) == 0) {
			*out = (enum jobs_kind)i;
			return ERR_NONE;
		}
	log_error("jobs.db: unknown kind of job \"%s\"", name);
	return ERR_CORRUPT;
}

/* Columns in the order of JOBS_SQL_CLAIM. */
static enum err
read_task(sqlite3_stmt *stmt, struct jobs_task *task)
{
	const char *stores = (const char *)sqlite3_column_text(stmt, 6);
	enum err err = column_kind(stmt, 7, &task->kind);

	if (err != ERR_NONE)
		return err;
	task->job = sqlite3_column_int64(stmt, 0);
	jobs_column_text(stmt, 1, task->id, sizeof(task->id));
	task->attempts = sqlite3_column_int(stmt, 2);
	jobs_column_text(stmt, 8, task->request, sizeof(task->request));
	if (stores != NULL) {
		task->stores = strdup(stores);
		if (task->stores == NULL)
			return ERR_NO_MEMORY;
	}
	return jobs_column_rules(stmt, 3, &task->as_of_us, &task->rules);
}

/* Runs a statement whose only row is a task. */
static enum err
step_task(struct jobs *jobs, sqlite3_stmt *stmt, struct jobs_task *task)
{
	enum err err = jobs_one(jobs, stmt);

	if (err == ERR_NONE)
		err = read_task(stmt, task);
	(void)sqlite3_reset(stmt);
	if (err != ERR_NONE)
		jobs_task_release(task);
	return err;
}

enum err
jobs_claim(struct jobs *jobs, int slot, int64_t now_us, struct jobs_task *task)
{
	sqlite3_stmt *claim, *works;
	enum err err = jobs_sql(jobs, JOBS_SQL_CLAIM, &claim);

	memset(task, 0, sizeof(*task));
	if (err == ERR_NONE)
		err = jobs_sql(jobs, JOBS_SQL_SPAWNS_WORK, &works);
	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int(claim, 1, slot);
	(void)sqlite3_bind_int64(claim, 2, now_us);
	err = step_task(jobs, claim, task);
	if (err == ERR_NONE)
		err = db_run(&jobs->db, works);
	if (err != ERR_NONE)
		jobs_task_release(task);
	return err;
}

enum err
jobs_can_claim(struct jobs *jobs, bool *can)
{
	sqlite3_stmt *stmt;
	enum err err = jobs_sql(jobs, JOBS_SQL_CAN_CLAIM, &stmt);

	*can = false;
	if (err != ERR_NONE)
		return err;
	err = jobs_one(jobs, stmt);
	*can = err == ERR_NONE;
	(void)sqlite3_reset(stmt);
	return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

enum err
jobs_running(struct jobs *jobs, int slot, struct jobs_task *task)
{
	sqlite3_stmt *stmt;
	enum err err = jobs_sql(jobs, JOBS_SQL_RUNNING, &stmt);

	memset(task, 0, sizeof(*task));
	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int(stmt, 1, slot);
	return step_task(jobs, stmt, task);
}

enum err
jobs_running_slot(struct jobs *jobs, int after, int *slot)
{
	sqlite3_stmt *stmt;
	enum err err = jobs_sql(jobs, JOBS_SQL_RUNNING_SLOT, &stmt);

	*slot = -1;
	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int(stmt, 1, after);
	err = jobs_one(jobs, stmt);
	if (err == ERR_NONE)
		*slot = sqlite3_column_int(stmt, 0);
	(void)sqlite3_reset(stmt);
	return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

enum err
jobs_requeue(struct jobs *jobs, int64_t job)
{
	sqlite3_stmt *stmt;
	enum err err = jobs_sql(jobs, JOBS_SQL_REQUEUE, &stmt);

	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int64(stmt, 1, job);
	return db_run(&jobs->db, stmt);
}

/* Runs a bound statement that ends a job, if it does, and counts that. */
static enum err
end_job(struct jobs *jobs, sqlite3_stmt *stmt, enum jobs_end end)
{
	enum err err = jobs_one(jobs, stmt);

	if (err == ERR_NONE)
		err = jobs_count_end(jobs, stmt, end);
	(void)sqlite3_reset(stmt);
	return err;
}

enum err
jobs_fail(struct jobs *jobs, int64_t job, enum jobs_end end, const char *error,
    int64_t now_us)
{
	sqlite3_stmt *stmt;
	enum err err = jobs_sql(jobs, JOBS_SQL_FAIL, &stmt);

	if (err != ERR_NONE)
		return err;
	jobs_bind_text(stmt, 1, error);
	(void)sqlite3_bind_int64(stmt, 2, now_us);
	(void)sqlite3_bind_int64(stmt, 3, job);
	err = end_job(jobs, stmt, end);
	/* It has ended before, and stays as it is. */
	return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

enum err
jobs_complete(struct jobs *jobs, const struct jobs_task *task,
    const struct jobs_result *result, int64_t now_us)
{
	sqlite3_stmt *stmt;
	enum err err = jobs_sql(jobs, JOBS_SQL_COMPLETE, &stmt);

	if (err != ERR_NONE)
		return err;
	jobs_bind_text(stmt, 1, result->question);
	(void)sqlite3_bind_int64(stmt, 2, result->revision);
	(void)sqlite3_bind_int64(stmt, 3, (int64_t)result->rows);
	(void)sqlite3_bind_int64(stmt, 4, (int64_t)result->bytes);
	jobs_bind_text(stmt, 5, result->sha256);
	(void)sqlite3_bind_int64(stmt, 6, result->disk_bytes);
	(void)sqlite3_bind_int64(stmt, 7, now_us);
	(void)sqlite3_bind_int64(stmt, 8, task->job);
	(void)sqlite3_bind_int(stmt, 9, task->attempts);
	err = end_job(jobs, stmt, result->end);
	return err == ERR_NOT_FOUND ? ERR_CONFLICT : err;
}

enum err
jobs_visit_ids(struct jobs *jobs, int64_t job, int64_t *after,
    enum err (*visit)(void *ctx, const char *id), void *ctx)
{
	char id[JOB_ID_LEN + 1];
	sqlite3_stmt *stmt;
	enum err err = jobs_sql(jobs, JOBS_SQL_IDS, &stmt);

	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int64(stmt, 1, job);
	(void)sqlite3_bind_int64(stmt, 2, *after);
	for (;;) {
		err = jobs_one(jobs, stmt);
		if (err != ERR_NONE)
			break;
		*after = sqlite3_column_int64(stmt, 0);
		jobs_column_text(stmt, 1, id, sizeof(id));
		err = visit(ctx, id);
		if (err != ERR_NONE)
			break;
	}
	(void)sqlite3_reset(stmt);
	return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

enum err
jobs_spawn_due(struct jobs *jobs, int64_t since_us, int64_t now_us,
    struct jobs_due *due)
{
	sqlite3_stmt *stmt;
	enum err err = jobs_sql(jobs, JOBS_SQL_SPAWN_DUE, &stmt);

	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int64(stmt, 1, since_us);
	(void)sqlite3_bind_int64(stmt, 2, now_us);
	err = jobs_one(jobs, stmt);
	if (err == ERR_NONE) {
		due->job = sqlite3_column_int64(stmt, 0);
		due->spawns = sqlite3_column_int(stmt, 1);
	}
	(void)sqlite3_reset(stmt);
	return err;
}

enum err
jobs_spawn_note(struct jobs *jobs, int64_t job, int64_t now_us)
{
	sqlite3_stmt *stmt;
	enum err err = jobs_sql(jobs, JOBS_SQL_SPAWN_NOTE, &stmt);

	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int64(stmt, 1, now_us);
	(void)sqlite3_bind_int64(stmt, 2, job);
	return db_run(&jobs->db, stmt);
}
