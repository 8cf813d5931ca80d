/*
 * Commits of which the disk does not say that they will last: each sync of one
 * fails in turn, alone or with all after it.  SQLite calls the fdatasync of
 * this program.
 */
#include "store/db.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <sys/syscall.h>

#include "db_fixture.h"

static int syncs, fails_at; /* counted from 1; 0: none fails */
static bool fails_on;       /* and all after it */

int
fdatasync(int fd)
{
	syncs++;
	if (fails_at > 0 &&
	    (syncs == fails_at || (fails_on && syncs > fails_at))) {
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_fdatasync, fd);
}

/* How many rows a restart finds, which reads the log anew. */
static int64_t
count_anew(void)
{
	struct db db;
	int64_t rows;

	assert_int_equal(db_open(&db, folder, "data"), ERR_NONE);
	assert_int_equal(db_check(&db, DB_QUICK_CHECK), ERR_NONE);
	rows = stores(&db);
	db_close(&db);
	return rows;
}

/* Commits a row while that sync fails: its error. */
static enum err
commit(int at, bool empty_log)
{
	struct db db;
	enum err err;

	assert_int_equal(db_open(&db, folder, "data"), ERR_NONE);
	assert_int_equal(db_begin(&db), ERR_NONE);
	assert_int_equal(db_exec(&db,
			     "INSERT INTO store (id) VALUES (random())"),
	    ERR_NONE);
	syncs = 0;
	fails_at = at;
	err = db_commit(&db, empty_log);
	fails_at = 0;
	db_close(&db);
	return err;
}

/*
 * What failed stays failed, and the next one goes well.  In an empty log the
 * header is synced as well, before the rows.
 */
static void
fail_each(bool on, bool empty_log)
{
	int64_t rows = 1;
	int at;

	fails_on = on;
	assert_int_equal(commit(0, empty_log), ERR_NONE);
	for (at = 1; commit(at, empty_log) != ERR_NONE; at++) {
		assert_int_equal(count_anew(), rows);
		assert_int_equal(commit(0, empty_log), ERR_NONE);
		assert_int_equal(count_anew(), ++rows);
	}
	assert_true(at > 1);
	assert_int_equal(count_anew(), rows + 1);
}

static void
test_alone(void **state)
{
	(void)state;
	fail_each(false, false);
}

static void
test_alone_in_empty_log(void **state)
{
	(void)state;
	fail_each(false, true);
}

static void
test_from_then_on(void **state)
{
	(void)state;
	fail_each(true, false);
}

static void
test_from_then_on_in_empty_log(void **state)
{
	(void)state;
	fail_each(true, true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		each(test_alone),
		each(test_alone_in_empty_log),
		each(test_from_then_on),
		each(test_from_then_on_in_empty_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
