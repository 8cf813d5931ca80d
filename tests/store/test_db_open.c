/* Databases that are not as they should be: newer, foreign, damaged. */
#include "store/db.h"

#include "store/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "db_fixture.h"
#include "meddle.h"

/* Opening fails with err, and leaves nothing open. */
static void
check_open(const char *name, enum err err)
{
	struct db db;

	check_number(name, db_open(&db, folder, "data"), err);
	check_true(name, db.sql == NULL && db.lock_fd == -1);
}

static void
make(void)
{
	struct db db;

	assert_int_equal(db_open(&db, folder, "data"), ERR_NONE);
	assert_int_equal(db_begin(&db), ERR_NONE);
	assert_int_equal(db_exec(&db,
			     "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1"
			     " FROM n WHERE i < 2000)"
			     " INSERT INTO store (id) SELECT i FROM n"),
	    ERR_NONE);
	assert_int_equal(db_commit(&db, true), ERR_NONE);
	db_close(&db);
}

static void
test_newer(void **state)
{
	const struct schema_step *step;
	struct db db;
	char sql[64];
	int newest = 0;

	(void)state;
	for (step = schema_steps; step->set != NULL; step++)
		if (strcmp(step->set, "data") == 0)
			newest = step->number;
	make();
	(void)snprintf(sql, sizeof(sql), "PRAGMA user_version=%d", newest);
	meddle_as_own(folder, "data.db", sql);
	assert_int_equal(db_open(&db, folder, "data"), ERR_NONE);
	db_close(&db);
	(void)snprintf(sql, sizeof(sql), "PRAGMA user_version=%d", newest + 1);
	meddle_as_own(folder, "data.db", sql);
	check_open("newer by one", ERR_NEWER);
	/* It was not touched: the newer program goes on with it. */
	(void)snprintf(sql, sizeof(sql), "PRAGMA user_version=%d", newest);
	meddle_as_own(folder, "data.db", sql);
	assert_int_equal(db_open(&db, folder, "data"), ERR_NONE);
	assert_int_equal(db_check(&db, DB_QUICK_CHECK), ERR_NONE);
	db_close(&db);
	/* A program that knows no sums has spoilt one, but not the number. */
	meddle_as_foreign(folder, "data.db", "PRAGMA user_version=999");
	check_open("newer, without a sum", ERR_NEWER);
}

static void
test_foreign(void **state)
{
	char text[20001];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	scratch_write(folder, "data.db", text);
	check_open("no database", ERR_CORRUPT);
	scratch_write(folder, "data.db", "SQLite format 3");
	check_open("the beginning of one", ERR_CORRUPT);
}

/* A file without a byte is a new database. */
static void
test_empty(void **state)
{
	struct db db;

	(void)state;
	scratch_write(folder, "data.db", "");
	assert_int_equal(db_open(&db, folder, "data"), ERR_NONE);
	assert_int_equal(db_check(&db, DB_QUICK_CHECK), ERR_NONE);
	db_close(&db);
}

/* Stopped behind the mode and before the first step. */
static void
test_half_made(void **state)
{
	struct db db;

	(void)state;
	meddle_as_foreign(folder, "data.db",
	    "PRAGMA page_size=8192; PRAGMA journal_mode=WAL;"
	    "CREATE TABLE x (y); DROP TABLE x");
	assert_int_equal(db_open(&db, folder, "data"), ERR_NONE);
	assert_int_equal(db_check(&db, DB_QUICK_CHECK), ERR_NONE);
	db_close(&db);
}

/* A page in the middle is overwritten. */
static void
test_damaged(void **state)
{
	char path[FILE_PATH_MAX], page[8192];
	struct db db;
	off_t at;
	int fd;

	(void)state;
	make();
	memset(page, 0xa5, sizeof(page));
	fd = open(scratch_path(path, folder, "data.db"), O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	at = lseek(fd, 0, SEEK_END) / 8192 / 2 * 8192;
	assert_int_equal(pwrite(fd, page, sizeof(page), at), sizeof(page));
	assert_int_equal(close(fd), 0);
	assert_int_equal(db_open(&db, folder, "data"), ERR_NONE);
	assert_int_equal(db_check(&db, DB_QUICK_CHECK), ERR_CORRUPT);
	db_close(&db);
}

static void
test_cut_off(void **state)
{
	char path[FILE_PATH_MAX];
	struct db db;
	enum err err;

	(void)state;
	make();
	assert_int_equal(truncate(scratch_path(path, folder, "data.db"),
			     (off_t)5 * 8192),
	    0);
	err = db_open(&db, folder, "data");
	if (err == ERR_NONE) {
		err = db_check(&db, DB_QUICK_CHECK);
		db_close(&db);
	}
	assert_int_equal(err, ERR_CORRUPT);
}

/* A note that nobody can read is taken for the worst, and written anew. */
static void
test_note(void **state)
{
	static const char *const notes[] = { "x", "log settled, change -1\n",
		"log pending, change 0000000000000000000\n",
		"log settled, change 00000000000000000000000000000000000000" };
	struct db db;
	size_t i;

	(void)state;
	make();
	for (i = 0; i < sizeof(notes) / sizeof(notes[0]); i++) {
		scratch_write(folder, "data.lock", notes[i]);
		assert_int_equal(db_open(&db, folder, "data"), ERR_NONE);
		check_number(notes[i], db.noted, 0);
		assert_int_equal(db_begin(&db), ERR_NONE);
		db.change = 7;
		assert_int_equal(db_commit(&db, true), ERR_NONE);
		db_close(&db);
		assert_int_equal(db_open(&db, folder, "data"), ERR_NONE);
		check_number(notes[i], db.noted, 7);
		db_close(&db);
	}
}

static void
test_no_folder(void **state)
{
	char longest[FILE_PATH_MAX];
	struct db db;

	(void)state;
	scratch_remove(folder);
	check_open("no folder", ERR_NOT_FOUND);
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(db_open(&db, longest, "data"), ERR_TOO_LARGE);
	/* The database's place is taken by a folder. */
	assert_int_equal(mkdir(folder, 0750), 0);
	assert_int_equal(mkdir(scratch_path(longest, folder, "data.db"), 0750),
	    0);
	check_open("a folder", ERR_IO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		each(test_newer),
		each(test_foreign),
		each(test_empty),
		each(test_half_made),
		each(test_damaged),
		each(test_cut_off),
		each(test_note),
		each(test_no_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
