/*
 * Opening a database.  Two things are looked at that SQLite does not ask: is
 * the log gone that a commit was left in, and has every page room for its sum?
 * Either way all pages are written anew, by VACUUM: one transaction, under the
 * writer lock.
 */
#include "store/db_impl.h"

#include "store/backup.h"
#include "store/page_sum.h"
#include "sys/file.h"
#include "sys/log.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define TEXT(number) TEXT_OF(number)
#define TEXT_OF(number) #number

/* The user_version in a database's header; see page_sum.c for its format. */
#define VERSION_AT 60

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
	err = db_lock(db);
	if (err != ERR_NONE)
		return err;
	err = db_exec(db, "PRAGMA journal_mode=WAL");
	db_unlock(db);
	return err;
}

static enum err
configure(struct db *db)
{
	enum err err;

	if (sqlite3_db_config(db->sql, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
		NULL) != SQLITE_OK)
		return db_failed(db, "no checkpoint on close");
	err = enter_wal(db);
	if (err == ERR_NONE)
		err = db_exec(db,
		    "PRAGMA synchronous=FULL;"
		    "PRAGMA wal_autocheckpoint=0;"
		    "PRAGMA foreign_keys=ON;"
		    "PRAGMA trusted_schema=OFF");
	return err;
}

/* How many bytes at the end of each page are not SQLite's, or shall not be. */
static int
reserve(struct db *db, int bytes)
{
	if (sqlite3_file_control(db->sql, "main", SQLITE_FCNTL_RESERVE_BYTES,
		&bytes) != SQLITE_OK)
		return 0;
	return bytes;
}

static enum err
open_file(struct db *db, const char *path)
{
	const char *layer = page_sum_layer();
	int64_t pages;
	enum err err;

	if (layer == NULL)
		return ERR_NO_MEMORY;
	if (sqlite3_open_v2(path, &db->sql,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
		    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE,
		layer) != SQLITE_OK)
		return db_failed(db, "open");
	(void)sqlite3_extended_result_codes(db->sql, 1);
	(void)sqlite3_busy_timeout(db->sql, DB_BUSY_MS);
	err = db_number(db, "PRAGMA page_count", &pages);
	if (err != ERR_NONE || pages > 0)
		return err;
	(void)reserve(db, PAGE_SUM_BYTES);
	return db_exec(db, "PRAGMA page_size=" TEXT(PAGE_SUM_PAGE));
}

/* Writes all pages anew, under the lock, and lets the note know. */
static enum err
write_anew(struct db *db, struct db_note *note)
{
	enum err err;

	note->pending = true;
	err = db_note_write(db, note);
	(void)reserve(db, PAGE_SUM_BYTES);
	if (err == ERR_NONE)
		err = db_exec(db, "VACUUM");
	if (err != ERR_NONE)
		return err;
	note->pending = !db_empty_log(db);
	return db_note_write(db, note);
}

/* Is the log empty, or not there, though the note says what it may hold? */
static enum err
is_log_gone(struct db *db, const char *path, struct db_note *note, bool *gone)
{
	char log[FILE_PATH_MAX + 8];
	struct stat status;
	enum err err = db_note_read(db, note);

	(void)snprintf(log, sizeof(log), "%s-wal", path);
	*gone = err == ERR_NONE && note->pending &&
	    (stat(log, &status) != 0 || status.st_size == 0);
	return err;
}

/*
 * Under the lock, hence after whoever was about to fill the log or has just
 * emptied it.  If it is gone all the same, then either a process was killed
 * after it had emptied it, or another program has moved its pages, which have
 * no sums then, or somebody has removed it.  All that is left is looked
 * through; that changes are missing is told by their number (data.c).
 */
static enum err
mend(struct db *db, const char *path)
{
	struct db_note note;
	bool gone = false;
	enum err err = db_lock(db);

	if (err != ERR_NONE)
		return err;
	err = is_log_gone(db, path, &note, &gone);
	if (err == ERR_NONE && gone) {
		log_info("%s.db-wal is gone or empty, unlike what %s.lock says:"
			 " looking through all of %s.db",
		    db->name, db->name, db->name);
		err = db_check(db, DB_THOROUGH_CHECK);
		if (err == ERR_NONE)
			err = write_anew(db, &note);
	}
	db_unlock(db);
	return err;
}

/* Gives the pages of a database of an earlier version room for their sums. */
static enum err
make_room(struct db *db)
{
	struct db_note note;
	int64_t version;
	enum err err;

	if (reserve(db, -1) >= PAGE_SUM_BYTES)
		return ERR_NONE;
	err = db_lock(db);
	if (err != ERR_NONE)
		return err;
	/* Reads the header anew: somebody else may have done it meanwhile. */
	err = db_read_version(db, &version);
	if (err == ERR_NONE)
		err = db_note_read(db, &note);
	if (err == ERR_NONE && reserve(db, -1) < PAGE_SUM_BYTES)
		err = write_anew(db, &note);
	db_unlock(db);
	return err;
}

/*
 * A program without sums that has changed the version has spoilt the sum of
 * the first page; then it is the version that is told.
 */
static enum err
ask_header(const struct db *db, enum err err)
{
	static const char magic[] = "SQLite format 3";
	char header[VERSION_AT + 4];
	sqlite3_file *file = NULL;
	uint32_t version;

	/* By SQLite's file: closing another would give up SQLite's locks. */
	if (sqlite3_file_control(db->sql, "main", SQLITE_FCNTL_FILE_POINTER,
		&file) != SQLITE_OK ||
	    file == NULL || file->pMethods == NULL ||
	    file->pMethods->xRead(file, header, sizeof(header), 0) !=
		SQLITE_OK ||
	    memcmp(header, magic, sizeof(magic)) != 0)
		return err;
	memcpy(&version, header + VERSION_AT, sizeof(version));
	return db_judge_version(db, (int32_t)be32toh(version)) == ERR_NEWER
	    ? ERR_NEWER
	    : err;
}

static enum err
open_database(struct db *db, const char *path)
{
	struct db_note note;
	int64_t version;
	bool gone;
	enum err err = is_log_gone(db, path, &note, &gone);

	if (err != ERR_NONE)
		return err;
	/* There may be more since the note was read, but not less. */
	db->noted = note.change;
	page_sum_pass_none(gone);
	err = open_file(db, path);
	if (err == ERR_NONE)
		err = configure(db);
	if (err == ERR_NONE)
		err = db_read_version(db, &version);
	if (err == ERR_NONE && gone)
		err = mend(db, path);
	page_sum_pass_none(false);
	if (err == ERR_NONE)
		err = db_migrate(db);
	if (err == ERR_NONE)
		err = make_room(db);
	return err;
}

static enum err
open_lock(struct db *db, const char *path)
{
	db->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	if (db->lock_fd >= 0)
		return ERR_NONE;
	log_error("open %s: %s", path, strerror(errno));
	return err_from_errno(errno);
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
	if (err == ERR_NONE)
		err = open_lock(db, path);
	(void)snprintf(file, sizeof(file), "%s.db", name);
	if (err == ERR_NONE)
		err = file_path(path, state, file);
	if (err == ERR_NONE)
		err = open_database(db, path);
	if (err == ERR_CORRUPT && db->sql != NULL)
		err = ask_header(db, err);
	if (err != ERR_NONE)
		db_close(db);
	return err;
}

enum err
db_open_alone(struct db *db, const char *path, const char *name)
{
	memset(db, 0, sizeof(*db));
	db->name = name;
	db->lock_fd = -1;
	return open_file(db, path);
}
