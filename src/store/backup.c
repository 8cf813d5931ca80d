/*
 * The moment: while the writer lock of the jobs is held, a snapshot of the
 * jobs is begun and then one of the data.  No job changes in between, so that
 * both are as they are when the second begins.  The lock is given back then;
 * an import may be under way all the time, and is in the copy or not.
 *
 * SQLite's backup copies the pages of a snapshot that is open; what makes the
 * copy small, VACUUM INTO, takes none.  So there are two steps, the first of
 * them into a file that goes again.
 */
#include "store/backup.h"

#include "store/data_impl.h"
#include "store/jobs_impl.h"
#include "sys/file.h"
#include "sys/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PART ".part" /* the copy that is not compact yet */

const char *const backup_files[BACKUP_FILES] = { "data.db", "jobs.db" };

struct backup {
	struct db data;
	struct db jobs;
};

bool
backup_is_interrupted(const char *state)
{
	char path[FILE_PATH_MAX];

	return file_path(path, state, BACKUP_RESTORE) == ERR_NONE &&
	    access(path, F_OK) == 0;
}

static enum err
begin(struct backup *b, const char *state)
{
	struct db writer = { .sql = NULL };
	enum err err = db_open(&writer, state, "jobs");

	if (err == ERR_NONE)
		err = db_begin(&writer);
	if (err == ERR_NONE)
		err = db_read_begin(&b->jobs);
	if (err == ERR_NONE)
		err = db_read_begin(&b->data);
	db_rollback(&writer);
	db_close(&writer);
	return err;
}

enum err
backup_open(const char *state, struct backup **out)
{
	struct backup *b = calloc(1, sizeof(*b));
	enum err err;

	if (b == NULL)
		return ERR_NO_MEMORY;
	err = db_open(&b->data, state, "data");
	if (err == ERR_NONE)
		err = db_open(&b->jobs, state, "jobs");
	if (err == ERR_NONE)
		err = begin(b, state);
	if (err != ERR_NONE) {
		backup_close(b);
		return err;
	}
	*out = b;
	return ERR_NONE;
}

void
backup_close(struct backup *b)
{
	if (b == NULL)
		return;
	db_close(&b->data);
	db_close(&b->jobs);
	free(b);
}

enum err
backup_revision(struct backup *b, int64_t *number)
{
	return db_number(&b->data, "SELECT number FROM revision", number);
}

/* All pages of the snapshot that is open. */
static enum err
copy_pages(struct db *from, struct db *to)
{
	sqlite3_backup *b = sqlite3_backup_init(to->sql, "main", from->sql,
	    "main");

	if (b == NULL)
		return db_failed(to, "begin a copy");
	(void)sqlite3_backup_step(b, -1);
	return sqlite3_backup_finish(b) == SQLITE_OK ? ERR_NONE
						     : db_failed(to, "copy");
}

static enum err
compact(struct db *from, const char *path)
{
	sqlite3_stmt *stmt;
	enum err err = db_prepare(from, "VACUUM INTO ?", &stmt);

	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_text(stmt, 1, path, -1, SQLITE_STATIC);
	err = db_run(from, stmt);
	(void)sqlite3_finalize(stmt);
	return err;
}

static enum err
check_copy(const char *name, const char *path)
{
	struct db copy;
	enum err err = db_open_alone(&copy, path, name);

	if (err == ERR_NONE)
		err = db_check(&copy, DB_QUICK_CHECK);
	db_close(&copy);
	return err;
}

/* SQLite does not say if it could not remove what it had beside the file. */
static enum err
remove_part(const char *path)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	char file[FILE_PATH_MAX + 16];
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		(void)snprintf(file, sizeof(file), "%s%s", path, ends[i]);
		if (unlink(file) != 0 && errno != ENOENT) {
			log_error("unlink %s: %s", file, strerror(errno));
			return err_from_errno(errno);
		}
	}
	return ERR_NONE;
}

/* Copies one database to folder/file. */
static enum err
copy_one(struct db *from, const char *folder, const char *file)
{
	struct db part = { .lock_fd = -1 };
	char path[FILE_PATH_MAX], temp[FILE_PATH_MAX], name[32];
	enum err err = file_path(path, folder, file);

	(void)snprintf(name, sizeof(name), "%s" PART, file);
	if (err == ERR_NONE)
		err = file_path(temp, folder, name);
	if (err == ERR_NONE)
		err = db_open_alone(&part, temp, from->name);
	if (err == ERR_NONE)
		err = copy_pages(from, &part);
	if (err == ERR_NONE)
		err = compact(&part, path);
	db_close(&part);
	if (err == ERR_NONE)
		err = remove_part(temp);
	return err == ERR_NONE ? check_copy(from->name, path) : err;
}

enum err
backup_copy(struct backup *b, const char *folder)
{
	enum err err = copy_one(&b->data, folder, backup_files[0]);

	return err == ERR_NONE ? copy_one(&b->jobs, folder, backup_files[1])
			       : err;
}

/* Moves the log into the file, which then stands for itself. */
static enum err
leave_wal(struct db *db)
{
	sqlite3_stmt *stmt;
	const char *mode;
	bool row = false;
	enum err err = db_prepare(db, "PRAGMA journal_mode=DELETE", &stmt);

	if (err == ERR_NONE)
		err = db_step(db, stmt, &row);
	mode = row ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
	if (err == ERR_NONE && (mode == NULL || strcmp(mode, "delete") != 0)) {
		log_error("%s.db: cannot do without its log", db->name);
		err = ERR_BUSY;
	}
	(void)sqlite3_finalize(stmt);
	return err;
}

static enum err
settle_data(const char *folder)
{
	struct data *data = NULL;
	enum err err = data_open(&data, folder);

	if (err == ERR_NONE)
		err = data_check(data);
	if (err == ERR_NONE)
		err = leave_wal(&data->db);
	data_close(data);
	return err;
}

static enum err
settle_jobs(const char *folder)
{
	struct jobs *jobs = NULL;
	enum err err = jobs_open(&jobs, folder);

	if (err == ERR_NONE)
		err = jobs_check(jobs);
	if (err == ERR_NONE)
		err = leave_wal(&jobs->db);
	jobs_close(jobs);
	return err;
}

enum err
backup_settle(const char *folder)
{
	enum err err = settle_data(folder);

	return err == ERR_NONE ? settle_jobs(folder) : err;
}
