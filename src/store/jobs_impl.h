/* What the files of the jobs store share; for src/store/jobs*.c only. */
#ifndef STORE_JOBS_IMPL_H
#define STORE_JOBS_IMPL_H

#include "store/db.h"
#include "store/jobs.h"
#include "store/jobs_count.h"

#include <stddef.h>

/* The statements; their texts are a table in jobs_sql.c. */
enum jobs_sql {
	JOBS_SQL_FIND,
	JOBS_SQL_MATCH,
	JOBS_SQL_ADD,
	JOBS_SQL_SHARE,
	JOBS_SQL_COUNT_SHARE,
	JOBS_SQL_COUNT_QUEUED,
	JOBS_SQL_COUNT_OPEN,
	JOBS_SQL_CLAIM,
	JOBS_SQL_CAN_CLAIM,
	JOBS_SQL_SPAWNS_WORK,
	JOBS_SQL_RUNNING,
	JOBS_SQL_RUNNING_SLOT,
	JOBS_SQL_REQUEUE,
	JOBS_SQL_FAIL,
	JOBS_SQL_COMPLETE,
	JOBS_SQL_ENDED,
	JOBS_SQL_IDS,
	JOBS_SQL_SPAWN_DUE,
	JOBS_SQL_SPAWN_NOTE,
	JOBS_SQL_ANY_OLD,
	JOBS_SQL_EXPIRE,
	JOBS_SQL_EXPIRE_JOB,
	JOBS_SQL_OLDEST,
	JOBS_SQL_LET_GO,
	JOBS_SQL_SPACE,
	JOBS_SQL_BEYOND,
	JOBS_SQL_FORGET_IDS,
	JOBS_SQL_FORGET_JOBS,
	JOBS_SQL_KEEPS_FILES,
	JOBS_SQL_KEEPS_PARTS,
	JOBS_SQL_SWEPT,
	JOBS_SQL_NOTE_SWEEP,
	JOBS_SQL__MAX
};

struct jobs {
	struct db db;
	int log_pages; /* of the write-ahead log, after a commit */
	sqlite3_stmt *stmt[JOBS_SQL__MAX];
};

/* The statement, prepared once for the life of the connection. */
MUST_CHECK enum err
jobs_sql(struct jobs *jobs, enum jobs_sql which, sqlite3_stmt **out);

/*
 * Steps a statement for its only row: ERR_NOT_FOUND, not logged, if it gives
 * none.  After ERR_NONE the columns can be read until sqlite3_reset().
 */
MUST_CHECK enum err jobs_one(struct jobs *jobs, sqlite3_stmt *stmt);

/* Reads a column with the name of a state; ERR_CORRUPT, logged, if none. */
MUST_CHECK enum err
jobs_column_state(sqlite3_stmt *stmt, int column, enum jobs_state *out);

/* Binds a text that outlives the step; NULL binds NULL. */
void jobs_bind_text(sqlite3_stmt *stmt, int index, const char *text);

/* Copies a text column; "" for NULL; cut at size - 1 bytes. */
void jobs_column_text(sqlite3_stmt *stmt, int column, char *out, size_t size);

/*
 * Reads the columns as_of_us, interpolation and reach_us from `first` on.
 * ERR_CORRUPT, logged, if the interpolation is none of ours.
 */
MUST_CHECK enum err jobs_column_rules(sqlite3_stmt *stmt, int first,
    int64_t *as_of_us, struct uptime_rules *rules);

/*
 * Counts a job that has ended, when the statement that ended it has given
 * its row (kind, time taken), which is read here.  Within its change.
 */
MUST_CHECK enum err
jobs_count_end(struct jobs *jobs, sqlite3_stmt *stmt, enum jobs_end end);

/*
 * SQL for when a new row of the table is said to be made, of an instant in
 * parameter `now`: never before another of its rows, so that nothing expires
 * early where the clock went back and came forward again.  A row from more
 * than a day ahead does not count: the clock had gone wrong that time.
 */
#define JOBS_CREATED(table, now) \
	"max(" now ", ifnull((SELECT max(created_us) FROM " table \
	" created_us <= " now " + 86400000000), 0))"

#endif
