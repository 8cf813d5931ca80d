/* Changing a database past the door. */
#ifndef TESTS_STORE_MEDDLE_H
#define TESTS_STORE_MEDDLE_H

#include "store/page_sum.h"

#include "../lib/check.h"
#include "../lib/scratch.h"

#include <sqlite3.h>

/* Runs SQL on place/file, which nobody has open, by one of SQLite's layers. */
static inline void
meddle_by(const char *layer, const char *place, const char *file,
    const char *sql)
{
	char path[FILE_PATH_MAX];
	sqlite3 *db;

	assert_int_equal(sqlite3_open_v2(scratch_path(path, place, file), &db,
			     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, layer),
	    SQLITE_OK);
	check_number(sql, sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* As the store itself writes: with sums. */
static inline void
meddle_as_own(const char *place, const char *file, const char *sql)
{
	meddle_by(page_sum_layer(), place, file, sql);
}

/* As a program writes that knows of no sums. */
static inline void
meddle_as_foreign(const char *place, const char *file, const char *sql)
{
	meddle_by(NULL, place, file, sql);
}

#endif
