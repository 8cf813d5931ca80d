/*
 * Reading, writing, committing.  Every error of SQLite passes through
 * db_failed(), which logs it with the statement and maps it to ours.
 */
#include "store/db_impl.h"
#include "store/page_sum.h"

#include "sys/log.h"

#include <string.h>
#include <unistd.h>

/* A log that is large, and how long its readers are waited for. */
#define LOG_PAGES (16 * 1024 * 1024 / PAGE_SUM_PAGE)
#define PATIENCE_MS 5000

/* Writes the first page as it is. */
#define CHANGE_NOTHING "PRAGMA application_id=0"

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

enum err
db_begin(struct db *db)
{
	enum err err = db_lock(db);

	if (err != ERR_NONE)
		return err;
	err = db_exec(db, "BEGIN IMMEDIATE");
	if (err != ERR_NONE) {
		db_unlock(db);
		return err;
	}
	db->writing = true;
	return ERR_NONE;
}

/* Waits for readers for so long. */
static int
checkpoint(struct db *db, int wait_ms, int *log_pages)
{
	int moved, code;

	(void)sqlite3_busy_timeout(db->sql, wait_ms);
	code = sqlite3_wal_checkpoint_v2(db->sql, NULL,
	    SQLITE_CHECKPOINT_TRUNCATE, log_pages, &moved);
	(void)sqlite3_busy_timeout(db->sql, DB_BUSY_MS);
	return code;
}

/*
 * A reader does not make the writer wait for its end, unless the log has grown
 * large: readers of whom one always begins before another ends would let it
 * grow for ever.
 */
bool
db_empty_log(struct db *db)
{
	int log_pages = 0;
	int code = checkpoint(db, 0, &log_pages);

	if (code == SQLITE_BUSY && db->patient && log_pages > LOG_PAGES)
		code = checkpoint(db, PATIENCE_MS, &log_pages);
	if (code != SQLITE_OK && code != SQLITE_BUSY)
		(void)db_failed(db, "checkpoint");
	return code == SQLITE_OK;
}

static void
end_writing(struct db *db)
{
	db->writing = false;
	db->change = 0;
	db_unlock(db);
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
	if (db_exec(db, "BEGIN IMMEDIATE;" CHANGE_NOTHING "; COMMIT") !=
	    ERR_NONE)
		roll_back(db);
}

/* After a commit, which a note that could not be written does not undo. */
static void
settle(struct db *db, struct db_note *note, bool empty_log)
{
	if (db->change > 0)
		note->change = db->change;
	note->pending = !(empty_log && db_empty_log(db));
	if (db_note_write(db, note) != ERR_NONE)
		log_error("%s.lock: says less than there is", db->name);
}

enum err
db_commit(struct db *db, bool empty_log)
{
	struct db_note note;
	enum err err = db_note_read(db, &note);

	note.pending = true;
	if (err == ERR_NONE)
		err = db_note_write(db, &note);
	if (err != ERR_NONE) {
		db_rollback(db);
		return err;
	}
	err = db_exec(db, "COMMIT");
	if (err == ERR_NONE) {
		settle(db, &note, empty_log);
	} else {
		roll_back(db);
		disown(db);
	}
	end_writing(db);
	return err;
}

void
db_rollback(struct db *db)
{
	if (!db->writing)
		return;
	roll_back(db);
	end_writing(db);
}

enum err
db_settle(struct db *db)
{
	enum err err = db_begin(db);

	if (err != ERR_NONE)
		return err;
	err = db_exec(db, CHANGE_NOTHING);
	if (err == ERR_NONE)
		return db_commit(db, false);
	db_rollback(db);
	return err;
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
db_number(struct db *db, const char *sql, int64_t *out)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum err err = db_prepare(db, sql, &stmt);

	*out = 0;
	if (err == ERR_NONE)
		err = db_step(db, stmt, &row);
	if (row)
		*out = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return err;
}

enum err
db_check(struct db *db, const char *check)
{
	sqlite3_stmt *stmt;
	const char *text;
	bool row = false;
	enum err err = db_prepare(db, check, &stmt);

	if (err == ERR_NONE)
		err = db_step(db, stmt, &row);
	text = row ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
	if (err == ERR_NONE && (text == NULL || strcmp(text, "ok") != 0)) {
		log_error("%s.db: %s: %s", db->name, check,
		    text != NULL ? text : "no answer");
		err = ERR_CORRUPT;
	}
	(void)sqlite3_finalize(stmt);
	return err;
}
