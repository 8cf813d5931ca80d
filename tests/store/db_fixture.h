/* A state folder without anything, and SQL past the door. */
#ifndef STORE_DB_FIXTURE_H
#define STORE_DB_FIXTURE_H

#include "store/db.h"

#include "../lib/check.h"
#include "../lib/scratch.h"

static char folder[FILE_PATH_MAX];

static inline int
set_up(void **unused)
{
	(void)unused;
	if (access("/dev/shm", W_OK | X_OK) == 0)
		(void)setenv("TMPDIR", "/dev/shm", 0);
	scratch_make(folder);
	return 0;
}

static inline int
tear_down(void **unused)
{
	(void)unused;
	scratch_remove(folder);
	return 0;
}

/* The number that a statement gives. */
static inline int64_t
number(struct db *db, const char *sql)
{
	sqlite3_stmt *stmt;
	int64_t value;
	bool row;

	assert_int_equal(db_prepare(db, sql, &stmt), ERR_NONE);
	assert_int_equal(db_step(db, stmt, &row), ERR_NONE);
	assert_true(row);
	value = sqlite3_column_int64(stmt, 0);
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	return value;
}

static inline int64_t
stores(struct db *db)
{
	return number(db, "SELECT count(*) FROM store");
}

static inline void
open_db(struct db *db)
{
	assert_int_equal(db_open(db, folder, "data"), ERR_NONE);
}

/* Adds a store in a transaction of its own. */
static inline void
add(struct db *db, const char *sql)
{
	assert_int_equal(db_begin(db), ERR_NONE);
	assert_int_equal(db_exec(db, sql), ERR_NONE);
	assert_int_equal(db_commit(db, true), ERR_NONE);
}

static inline off_t
size_of(const char *name)
{
	char path[FILE_PATH_MAX];
	struct stat st;

	if (stat(scratch_path(path, folder, name), &st) != 0)
		return -1;
	return st.st_size;
}

#define each(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
