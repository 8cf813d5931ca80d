/*
 * Every statement of the jobs database, in one table, and how they are
 * prepared and read.  They are prepared when first used and then kept, since
 * a look is one step of a statement and must cost no more than that.
 *
 * Each query of what is queued or running says "finished_us IS NULL", which
 * lets it use the partial index job_open.
 */
#include "store/jobs_impl.h"

#include "sys/log.h"

#include <stdio.h>
#include <string.h>

const char *const jobs_state_names[] = {
	[JOBS_QUEUED] = "queued",
	[JOBS_RUNNING] = "running",
	[JOBS_COMPLETE] = "complete",
	[JOBS_FAILED] = "failed",
};

_Static_assert(sizeof(jobs_state_names) / sizeof(jobs_state_names[0]) ==
	JOBS__MAX,
    "every state has a name");

const char *const jobs_kind_names[] = {
	[JOBS_REPORT] = "report",
	[JOBS_CHECK] = "check",
	[JOBS_IMPORT] = "import",
};

_Static_assert(sizeof(jobs_kind_names) / sizeof(jobs_kind_names[0]) ==
	JOBS_KIND__MAX,
    "every kind has a name");

/*
 * A job that a worker may take now.  Uploads wait for the one that is at
 * work: they would only wait for its writer lock, and in a slot that a
 * report could have.
 */
#define CAN_BE_TAKEN \
	"state = 'queued' AND finished_us IS NULL" \
	" AND (kind = 'report' OR NOT EXISTS (SELECT 1 FROM job other" \
	" WHERE other.state = 'running' AND other.finished_us IS NULL" \
	" AND other.kind <> 'report'))"

static const char *const texts[] = {
	[JOBS_SQL_FIND] =
	    "SELECT j.number, j.id, j.state, r.expired, j.slot, r.created_us,"
	    " j.spawned_us, j.finished_us, j.as_of_us, j.interpolation,"
	    " j.reach_us, j.revision, j.rows, j.bytes, j.sha256, j.error"
	    " FROM report r JOIN job j ON j.number = r.job WHERE r.id = ?",
	[JOBS_SQL_MATCH] =
	    "SELECT number, state, shares, (SELECT r.id FROM report r"
	    " WHERE r.job = job.number AND r.expired = 0"
	    " ORDER BY r.number DESC LIMIT 1), id"
	    " FROM job WHERE question = ? AND state <> 'failed'"
	    " ORDER BY number DESC LIMIT 1",
	[JOBS_SQL_ADD] =
	    "INSERT INTO job (id, kind, state, question, as_of_us,"
	    " interpolation, reach_us, stores, shares, attempts, spawns,"
	    " spawned_us, created_us, request)"
	    " VALUES (?, 'report', 'queued', ?, ?, ?, ?, ?, 0, 0, 0, 0, ?, ?)",
	[JOBS_SQL_SHARE] = "INSERT INTO report (id, job, created_us, expired)"
			   " VALUES (?1, ?2, " JOBS_CREATED(
			       "report WHERE expired = 0 AND", "?3") ", 0)",
	[JOBS_SQL_COUNT_SHARE] =
	    "UPDATE job SET shares = shares + 1, used_us = (SELECT created_us"
	    " FROM report WHERE number = last_insert_rowid())"
	    " WHERE number = ?",
	[JOBS_SQL_COUNT_QUEUED] =
	    "SELECT count(*) FROM job"
	    " WHERE state = 'queued' AND finished_us IS NULL"
	    " AND (kind <> 'report') = ?",
	[JOBS_SQL_COUNT_OPEN] =
	    "SELECT count(*) FILTER (WHERE state = 'queued'),"
	    " count(*) FILTER (WHERE state = 'running'),"
	    " min(created_us) FILTER (WHERE state = 'queued')"
	    " FROM job WHERE finished_us IS NULL",
	[JOBS_SQL_CLAIM] =
	    "UPDATE job SET state = 'running', slot = ?, started_us = ?,"
	    " attempts = attempts + 1 WHERE number ="
	    " (SELECT number FROM job WHERE " CAN_BE_TAKEN
	    " ORDER BY kind = 'report', number LIMIT 1)"
	    " RETURNING number, id, attempts, as_of_us, interpolation,"
	    " reach_us, stores, kind, request",
	[JOBS_SQL_CAN_CLAIM] = "SELECT 1 FROM job WHERE " CAN_BE_TAKEN
			       " LIMIT 1",
	[JOBS_SQL_SPAWNS_WORK] =
	    "UPDATE job SET spawns = 0 WHERE state = 'queued'"
	    " AND finished_us IS NULL AND spawns > 0",
	[JOBS_SQL_RUNNING] =
	    "SELECT number, id, attempts, as_of_us, interpolation, reach_us,"
	    " NULL, kind, request FROM job"
	    " WHERE state = 'running' AND finished_us IS NULL"
	    " AND slot = ? LIMIT 1",
	[JOBS_SQL_RUNNING_SLOT] =
	    "SELECT slot FROM job WHERE state = 'running'"
	    " AND finished_us IS NULL AND slot > ? ORDER BY slot LIMIT 1",
	[JOBS_SQL_REQUEUE] =
	    "UPDATE job SET state = 'queued', slot = NULL, spawns = 0,"
	    " spawned_us = 0"
	    " WHERE number = ? AND state = 'running'",
	[JOBS_SQL_FAIL] =
	    "UPDATE job SET state = 'failed', error = ?, finished_us = ?,"
	    " question = NULL WHERE number = ? AND finished_us IS NULL"
	    " RETURNING kind, finished_us - started_us",
	[JOBS_SQL_COMPLETE] =
	    "UPDATE job SET state = 'complete', question = ?, revision = ?,"
	    " rows = ?, bytes = ?, sha256 = ?, disk_bytes = ?, finished_us = ?"
	    " WHERE number = ? AND state = 'running' AND attempts = ?"
	    " RETURNING kind, finished_us - started_us",
	[JOBS_SQL_ENDED] =
	    "INSERT INTO ended VALUES (?1, ?2, ?3, 1, ?4)"
	    " ON CONFLICT (kind, outcome, bound_ms)"
	    " DO UPDATE SET jobs = jobs + 1, us = us + excluded.us",
	[JOBS_SQL_IDS] =
	    "SELECT number, id FROM report WHERE job = ? AND number > ?"
	    " ORDER BY number",
	[JOBS_SQL_SPAWN_DUE] =
	    "SELECT number, spawns FROM job WHERE " CAN_BE_TAKEN
	    " AND (spawned_us <= ? OR spawned_us > ?)"
	    " ORDER BY number LIMIT 1",
	[JOBS_SQL_SPAWN_NOTE] =
	    "UPDATE job SET spawns = spawns + 1, spawned_us = ?"
	    " WHERE number = ?",
	[JOBS_SQL_ANY_OLD] =
	    "SELECT 1 FROM report r JOIN job j ON j.number = r.job"
	    " WHERE r.expired = 0 AND r.created_us <= ?"
	    " AND j.finished_us IS NOT NULL LIMIT 1",
	[JOBS_SQL_EXPIRE] =
	    "UPDATE report SET expired = 1 WHERE number IN"
	    " (SELECT r.number FROM report r JOIN job j ON j.number = r.job"
	    " WHERE r.expired = 0 AND r.created_us <= ?"
	    " AND j.finished_us IS NOT NULL LIMIT ?) RETURNING id",
	[JOBS_SQL_EXPIRE_JOB] =
	    "UPDATE report SET expired = 1 WHERE number IN"
	    " (SELECT number FROM report WHERE job = ? AND expired = 0"
	    " LIMIT ?) RETURNING id",
	[JOBS_SQL_OLDEST] =
	    "SELECT number FROM job WHERE disk_bytes > 0 AND used_us <= ?"
	    " ORDER BY used_us, number LIMIT 1",
	[JOBS_SQL_LET_GO] = "UPDATE job SET disk_bytes = 0 WHERE disk_bytes > 0"
			    " AND NOT EXISTS (SELECT 1 FROM report r"
			    " WHERE r.job = job.number AND r.expired = 0)",
	[JOBS_SQL_SPACE] =
	    "SELECT sum(disk_bytes) FROM job WHERE disk_bytes > 0",
	[JOBS_SQL_BEYOND] = "SELECT created_us FROM report WHERE expired = ?"
			    " ORDER BY created_us DESC LIMIT 1 OFFSET ?",
	[JOBS_SQL_FORGET_IDS] =
	    "DELETE FROM report WHERE expired = 1 AND created_us <= ?",
	[JOBS_SQL_FORGET_JOBS] =
	    "DELETE FROM job WHERE finished_us IS NOT NULL AND NOT EXISTS"
	    " (SELECT 1 FROM report r WHERE r.job = job.number)"
	    " AND NOT EXISTS"
	    " (SELECT 1 FROM upload u WHERE u.job = job.number)",
	[JOBS_SQL_KEEPS_FILES] =
	    "SELECT 1 FROM report r JOIN job j ON j.number = r.job"
	    " WHERE r.id = ? AND r.expired = 0 AND j.state <> 'failed'",
	[JOBS_SQL_KEEPS_PARTS] =
	    "SELECT 1 FROM job WHERE id = ? AND state = 'running'",
	[JOBS_SQL_SWEPT] = "SELECT swept_us FROM upkeep",
	[JOBS_SQL_NOTE_SWEEP] = "UPDATE upkeep SET swept_us = ?",
};

_Static_assert(sizeof(texts) / sizeof(texts[0]) == JOBS_SQL__MAX,
    "every statement has its text");

enum err
jobs_sql(struct jobs *jobs, enum jobs_sql which, sqlite3_stmt **out)
{
	enum err err = ERR_NONE;

	if (jobs->stmt[which] == NULL)
		err = db_prepare(&jobs->db, texts[which], &jobs->stmt[which]);
	*out = jobs->stmt[which];
	return err;
}

enum err
jobs_one(struct jobs *jobs, sqlite3_stmt *stmt)
{
	bool row;
	enum err err = db_step(&jobs->db, stmt, &row);

	if (err == ERR_NONE && !row)
		err = ERR_NOT_FOUND;
	return err;
}

void
jobs_bind_text(sqlite3_stmt *stmt, int index, const char *text)
{
	(void)sqlite3_bind_text(stmt, index, text, -1, SQLITE_STATIC);
}

void
jobs_column_text(sqlite3_stmt *stmt, int column, char *out, size_t size)
{
	const char *text = (const char *)sqlite3_column_text(stmt, column);

	(void)snprintf(out, size, "%s", text != NULL ? text : "");
}

enum err
jobs_column_state(sqlite3_stmt *stmt, int column, enum jobs_state *out)
{
	char name[16];
	int i;

	jobs_column_text(stmt, column, name, sizeof(name));
	for (i = 0; i < JOBS__MAX; i++)
		if (strcmp(name, jobs_state_names[i]) == 0) {
			*out = (enum jobs_state)i;
			return ERR_NONE;
		}
	log_error("jobs.db: unknown state \"%s\"", name);
	return ERR_CORRUPT;
}

enum err
jobs_column_rules(sqlite3_stmt *stmt, int first, int64_t *as_of_us,
    struct uptime_rules *rules)
{
	char name[16];
	int i;

	*as_of_us = sqlite3_column_int64(stmt, first);
	rules->reach_us = UPTIME_REACH_UNLIMITED;
	if (sqlite3_column_type(stmt, first + 2) != SQLITE_NULL)
		rules->reach_us = sqlite3_column_int64(stmt, first + 2);
	jobs_column_text(stmt, first + 1, name, sizeof(name));
	for (i = 0; i < INTERPOLATION__MAX; i++)
		if (strcmp(name, interpolation_names[i]) == 0) {
			rules->interpolation = (enum interpolation)i;
			return ERR_NONE;
		}
	log_error("jobs.db: unknown interpolation \"%s\"", name);
	return ERR_CORRUPT;
}
