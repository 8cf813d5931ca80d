/*
 * Opening, locking, committing.  Every error of SQLite passes through
 * db_failed(), which logs it with the statement and maps it to ours.
 */
#include "store/db.h"

#include "store/backup.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define BUSY_MS 10000
#define LOCK_WAIT_US INT64_C(60000000)
#define LOCK_HURRIED_US INT64_C(1000000)
#define LOCK_STEP_US 2000

static enum err
map(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_DONE:
	case SQLITE_ROW:
		return ERR_NONE;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_BUSY;
	case SQLITE_NOMEM:
		return ERR_NO_MEMORY;
	case SQLITE_FULL:
		return ERR_NO_SPACE;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return ERR_CORRUPT;
	case SQLITE_CONSTRAINT:
		return ERR_CONFLICT;
	case SQLITE_TOOBIG:
		return ERR_TOO_LARGE;
	default:
		return ERR_IO;
	}
}

/*
 * The system's word on a failure, which tells a full disk apart.  SQLite does
 * not pass it on from a commit; the log's file still has it.
 */
static int
system_errno(sqlite3 *sql)
{
	int number = sqlite3_system_errno(sql);
	sqlite3_file *log = NULL;

	if (number == 0 &&
	    sqlite3_file_control(sql, NULL, SQLITE_FCNTL_JOURNAL_POINTER,
		&log) == SQLITE_OK &&
	    log != NULL && log->pMethods != NULL)
		(void)log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO,
		    &number);
	return number;
}

enum err
db_failed(struct db *db, const char *what)
{
	int code = sqlite3_extended_errcode(db->sql);
	enum err err = map(code);

	if (err == ERR_IO && db->sql != NULL)
		err = err_from_errno(system_errno(db->sql));
	if (err == ERR_NONE || err == ERR_NOT_FOUND)
		err = ERR_IO;
	log_error("%s.db: %s: %s (%d)", db->name, what,
	    db->sql != NULL ? sqlite3_errmsg(db->sql) : "not open", code);
	return err;
}

enum err
db_exec(struct db *db, const char *sql)
{
	if (sqlite3_exec(db->sql, sql, NULL, NULL, NULL) == SQLITE_OK)
		return ERR_NONE;
	return db_failed(db, sql);
}

enum err
db_prepare(struct db *db, const char *sql, sqlite3_stmt **out)
{
	if (sqlite3_prepare_v3(db->sql, sql, -1, SQLITE_PREPARE_PERSISTENT, out,
		NULL) == SQLITE_OK)
		return ERR_NONE;
	*out = NULL;
	return db_failed(db, sql);
}

enum err
db_step(struct db *db, sqlite3_stmt *stmt, bool *row)
{
	int code = sqlite3_step(stmt);
	enum err err = ERR_NONE;

	*row = code == SQLITE_ROW;
	if (code == SQLITE_ROW)
		return ERR_NONE;
	if (code != SQLITE_DONE)
		err = db_failed(db, sqlite3_sql(stmt));
	(void)sqlite3_reset(stmt);
	return err;
}

enum err
db_run(struct db *db, sqlite3_stmt *stmt)
{
	enum err err;
	bool row;

	do
		err = db_step(db, stmt, &row);
	while (err == ERR_NONE && row);
	return err;
}

/*
 * flock has no time limit of its own, and SIGALRM belongs to the program, so
 * a lock that is taken is asked for again every other millisecond.
 */
static enum err
take_lock(struct db *db)
{
	int64_t until_us = clock_monotonic_us() +
	    (db->hurried ? LOCK_HURRIED_US : LOCK_WAIT_US);

	while (flock(db->lock_fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR) {
			log_error("%s.lock: %s", db->name, strerror(errno));
			return ERR_IO;
		}
		if (clock_monotonic_us() > until_us) {
			if (!db->hurried)
				log_error("%s.lock: held for too long",
				    db->name);
			return ERR_BUSY;
		}
		(void)usleep(LOCK_STEP_US);
	}
	return ERR_NONE;
}

static void
give_lock(struct db *db)
{
	(void)flock(db->lock_fd, LOCK_UN);
}

enum err
db_begin(struct db *db)
{
	enum err err = take_lock(db);

	if (err != ERR_NONE)
		return err;
	err = db_exec(db, "BEGIN IMMEDIATE");
	if (err != ERR_NONE) {
		give_lock(db);
		return err;
	}
	db->writing = true;
	return ERR_NONE;
}

/* Moves the log into the database file; what readers still need stays. */
static void
checkpoint(struct db *db, int pages)
{
	int code, log_pages = 0, moved = 0;

	if (pages > 0) {
		code = sqlite3_wal_checkpoint_v2(db->sql, NULL,
		    SQLITE_CHECKPOINT_PASSIVE, &log_pages, &moved);
		if (code != SQLITE_OK || log_pages <= pages)
			return;
	}
	/* A reader must not make the writer wait for its end. */
	(void)sqlite3_busy_timeout(db->sql, 0);
	code = sqlite3_wal_checkpoint_v2(db->sql, NULL,
	    SQLITE_CHECKPOINT_TRUNCATE, &log_pages, &moved);
	(void)sqlite3_busy_timeout(db->sql, BUSY_MS);
	if (code != SQLITE_OK && code != SQLITE_BUSY)
		(void)db_failed(db, "checkpoint");
}

/* Fails harmlessly where SQLite has rolled back by itself. */
static void
roll_back(struct db *db)
{
	(void)sqlite3_exec(db->sql, "ROLLBACK", NULL, NULL, NULL);
}

/*
 * Lets a failed commit have failed for good.  If only its sync has failed, its
 * frames lie whole behind the end of the log: nobody sees them, until a
 * restart reads the log anew and lets them count.  The frame of a commit that
 * changes nothing takes their place; that its own sync fails as well is no
 * matter to that.
 */
static void
disown(struct db *db)
{
	if (db_exec(db, "BEGIN IMMEDIATE; PRAGMA application_id=0; COMMIT") !=
	    ERR_NONE)
		roll_back(db);
}

enum err
db_commit(struct db *db, int pages)
{
	enum err err = db_exec(db, "COMMIT");

	if (err != ERR_NONE) {
		roll_back(db);
		disown(db);
	} else if (pages >= 0) {
		checkpoint(db, pages);
	}
	db->writing = false;
	give_lock(db);
	return err;
}

void
db_rollback(struct db *db)
{
	if (!db->writing)
		return;
	roll_back(db);
	db->writing = false;
	give_lock(db);
}

enum err
db_read_begin(struct db *db)
{
	return db_exec(db, "BEGIN; SELECT count(*) FROM sqlite_schema");
}

void
db_read_end(struct db *db)
{
	roll_back(db);
}

static enum err
is_wal(struct db *db, bool *is)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum err err = db_prepare(db, "PRAGMA journal_mode", &stmt);

	if (err == ERR_NONE)
		err = db_step(db, stmt, &row);
	*is = row &&
	    strcmp((const char *)sqlite3_column_text(stmt, 0), "wal") == 0;
	(void)sqlite3_finalize(stmt);
	return err;
}

/*
 * Turning the mode on writes to the file, hence under the lock; done once in
 * the life of a database, so that opening waits for no import.
 */
static enum err
enter_wal(struct db *db)
{
	bool is = false;
	enum err err = is_wal(db, &is);

	if (err != ERR_NONE || is)
		return err;
	err = take_lock(db);
	if (err != ERR_NONE)
		return err;
	err = db_exec(db, "PRAGMA journal_mode=WAL");
	give_lock(db);
	return err;
}

static enum err
configure(struct db *db)
{
	enum err err;

	(void)sqlite3_extended_result_codes(db->sql, 1);
	(void)sqlite3_busy_timeout(db->sql, BUSY_MS);
	if (sqlite3_db_config(db->sql, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
		NULL) != SQLITE_OK)
		return db_failed(db, "no checkpoint on close");
	err = db_exec(db, "PRAGMA page_size=8192");
	if (err == ERR_NONE)
		err = enter_wal(db);
	if (err == ERR_NONE)
		err = db_exec(db,
		    "PRAGMA synchronous=FULL;"
		    "PRAGMA wal_autocheckpoint=0;"
		    "PRAGMA foreign_keys=ON;"
		    "PRAGMA trusted_schema=OFF");
	return err;
}

enum err
db_open(struct db *db, const char *state, const char *name)
{
	char path[FILE_PATH_MAX], file[32];
	enum err err;

	memset(db, 0, sizeof(*db));
	db->name = name;
	db->lock_fd = -1;
	(void)snprintf(file, sizeof(file), "%s.lock", name);
	err = file_path(path, state, file);
	if (err == ERR_NONE && backup_is_interrupted(state)) {
		log_error("a restore was interrupted: have it done again");
		err = ERR_CORRUPT;
	}
	if (err != ERR_NONE)
		return err;
	db->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	if (db->lock_fd < 0) {
		log_error("open %s: %s", path, strerror(errno));
		return err_from_errno(errno);
	}
	(void)snprintf(file, sizeof(file), "%s.db", name);
	err = file_path(path, state, file);
	if (err == ERR_NONE &&
	    sqlite3_open_v2(path, &db->sql,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
		    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE,
		NULL) != SQLITE_OK)
		err = db_failed(db, "open");
	if (err == ERR_NONE)
		err = configure(db);
	if (err == ERR_NONE)
		err = db_migrate(db);
	if (err != ERR_NONE)
		db_close(db);
	return err;
}

void
db_close(struct db *db)
{
	if (db->sql != NULL) {
		db_rollback(db);
		(void)sqlite3_close_v2(db->sql);
		db->sql = NULL;
	}
	if (db->lock_fd > 0)
		(void)close(db->lock_fd);
	db->lock_fd = -1;
}

enum err
db_check(struct db *db)
{
	sqlite3_stmt *stmt;
	const char *text;
	bool row = false;
	enum err err = db_prepare(db, "PRAGMA quick_check(1)", &stmt);

	if (err == ERR_NONE)
		err = db_step(db, stmt, &row);
	text = row ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
	if (err == ERR_NONE && (text == NULL || strcmp(text, "ok") != 0)) {
		log_error("%s.db: quick_check: %s", db->name,
		    text != NULL ? text : "no answer");
		err = ERR_CORRUPT;
	}
	(void)sqlite3_finalize(stmt);
	return err;
}
