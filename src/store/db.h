/*
 * One SQLite database of the state folder, opened the one way that is safe.
 *
 * Debian's SQLite is in the range of the WAL-reset bug (a write and a
 * checkpoint at the same instant), so every write transaction and every
 * checkpoint of a database happens under one flock of a lock file beside it,
 * and no connection ever checkpoints by itself.  Connections do not survive
 * a fork: nothing here may be used in a child but exec.
 *
 * For the files of src/store/ only.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/err.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#define DB_BUSY_MS 10000

struct db {
	sqlite3 *sql;
	const char *name; /* "data" or "jobs"; static */
	int lock_fd;      /* NAME.lock */
	bool writing;
	bool hurried; /* waits for the lock for 1 s only; false after opening */
	bool patient; /* waits for readers to empty a log that has grown large;
		       * false after opening */
	int64_t noted;  /* number of the last change, as noted at opening */
	int64_t change; /* number of the one that is being made; 0: none.  For
			 * whoever numbers changes to set before the commit */
};

/*
 * Opens STATE/NAME.db, making or migrating it with the steps of sql/NAME/.
 * ERR_NEWER if a later version of the program has written it; ERR_CORRUPT,
 * logged, if it is no such database, or is damaged where opening looks.  On
 * failure nothing is left open.
 */
MUST_CHECK enum err db_open(struct db *db, const char *state, const char *name);

/* Opens a database that is no state's: nobody else has it, it has no lock. */
MUST_CHECK enum err
db_open_alone(struct db *db, const char *path, const char *name);

/*
 * Runs the steps of sql/NAME/ that the database has not seen.  ERR_NEWER if
 * it has seen later ones than there are.  db_open() calls it.
 */
MUST_CHECK enum err db_migrate(struct db *db);

/* Closes it; rolls back what was not committed.  Zero state is allowed. */
void db_close(struct db *db);

/*
 * Takes the writer lock and begins a transaction.  Waits for at most 60 s,
 * then ERR_BUSY, logged; if hurried for 1 s, then ERR_BUSY, not logged.  On
 * failure nothing is held.
 */
MUST_CHECK enum err db_begin(struct db *db);

/*
 * Commits, and gives the lock back whatever comes of it.  A failed commit is
 * rolled back, and a restart does not bring it back; but the rows may be in
 * all the same: who must know looks.
 * empty_log: then moves the log into the database file; that a reader keeps
 * it from its end is no failure.  If patient, waits for the readers of a log
 * above 16 MiB, for 5 s at the most.
 */
MUST_CHECK enum err db_commit(struct db *db, bool empty_log);

/*
 * Commits a change of nothing, so that what a writer was killed over has
 * failed for good: see data_settle().
 */
MUST_CHECK enum err db_settle(struct db *db);

/* Rolls back and gives the lock back.  Does nothing outside a transaction. */
void db_rollback(struct db *db);

/* Begins and ends a read snapshot: what is read between is of one state. */
MUST_CHECK enum err db_read_begin(struct db *db);
void db_read_end(struct db *db);

/* Runs statements without parameters or results. */
MUST_CHECK enum err db_exec(struct db *db, const char *sql);

/* Prepares a statement; text must be a constant.  Finalize it before close. */
MUST_CHECK enum err
db_prepare(struct db *db, const char *sql, sqlite3_stmt **out);

/*
 * Steps a statement that gives rows: ERR_NONE with *row told.  At its end or
 * failure the statement is reset.
 */
MUST_CHECK enum err db_step(struct db *db, sqlite3_stmt *stmt, bool *row);

/* Runs a statement that gives one whole number; 0 if it gives none. */
MUST_CHECK enum err db_number(struct db *db, const char *sql, int64_t *out);

/* Steps a statement that gives no rows, then resets it. */
MUST_CHECK enum err db_run(struct db *db, sqlite3_stmt *stmt);

/* Logs and returns what SQLite's last call on the database failed with. */
enum err db_failed(struct db *db, const char *what);

/*
 * Runs one of SQLite's checks: the quick one reads every page, the thorough
 * one compares the indexes as well.  ERR_CORRUPT, logged, if it finds anything.
 */
#define DB_QUICK_CHECK "PRAGMA quick_check(1)"
#define DB_THOROUGH_CHECK "PRAGMA integrity_check(1)"
MUST_CHECK enum err db_check(struct db *db, const char *check);

#endif
