/* What the disk gives back other than it was written, and who wrote it. */
#include "store/page_sum.h"

#include "store/db.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/dice.h"
#include "db_fixture.h"
#include "meddle.h"

#define PAGE ((off_t)PAGE_SUM_PAGE)
#define ROWS \
	"WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n" \
	" WHERE i < 2000) INSERT INTO store (id) SELECT "

/* Adds stores; empty: the log is moved into the file then. */
static void
add_many(const char *ids, bool empty)
{
	struct db db;
	char sql[256];

	(void)snprintf(sql, sizeof(sql), ROWS "%s FROM n", ids);
	assert_int_equal(db_open(&db, folder, "data"), ERR_NONE);
	assert_int_equal(db_begin(&db), ERR_NONE);
	assert_int_equal(db_exec(&db, sql), ERR_NONE);
	assert_int_equal(db_commit(&db, empty), ERR_NONE);
	db_close(&db);
}

static enum err
look(void)
{
	struct db db;
	enum err err = db_open(&db, folder, "data");

	if (err == ERR_NONE) {
		err = db_check(&db, DB_QUICK_CHECK);
		db_close(&db);
	}
	return err;
}

static int
open_raw(const char *name)
{
	char path[FILE_PATH_MAX];
	int fd = open(scratch_path(path, folder, name), O_RDWR | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

/* Writes other bytes into a file, and keeps what was there. */
static void
spoil(const char *name, off_t at, uint8_t *bytes, size_t n)
{
	uint8_t *kept = malloc(n);
	int fd = open_raw(name);

	assert_non_null(kept);
	assert_int_equal(pread(fd, kept, n, at), n);
	assert_int_equal(pwrite(fd, bytes, n, at), n);
	memcpy(bytes, kept, n);
	free(kept);
	assert_int_equal(close(fd), 0);
}

/* One bit in each page, at any place, is found, and the page is named. */
static void
test_bits(void **state)
{
	struct dice dice = { 7 };
	off_t at, end;

	(void)state;
	add_many("i", true);
	end = size_of("data.db");
	for (at = 0; at < end; at += PAGE) {
		off_t where = at + dice_between(&dice, 0, PAGE - 1);
		uint8_t byte;
		int fd = open_raw("data.db");

		/* Not of what makes a file a database of this kind. */
		if (where < 100)
			where = 100;
		assert_int_equal(pread(fd, &byte, 1, where), 1);
		assert_int_equal(close(fd), 0);
		byte ^= (uint8_t)(1 << dice_between(&dice, 0, 7));
		spoil("data.db", where, &byte, 1);
		assert_int_equal(look(), ERR_CORRUPT);
		spoil("data.db", where, &byte, 1);
	}
	assert_int_equal(look(), ERR_NONE);
}

/* A sector without content, at each place of a page; the last has its sum. */
static void
test_sectors(void **state)
{
	uint8_t zeros[512];
	off_t at;

	(void)state;
	add_many("'a store with a long id ' || i", true);
	for (at = 9 * PAGE; at < 12 * PAGE; at += (off_t)sizeof(zeros)) {
		bool differs;

		memset(zeros, 0, sizeof(zeros));
		spoil("data.db", at, zeros, sizeof(zeros));
		differs = zeros[0] != 0 ||
		    memcmp(zeros, zeros + 1, sizeof(zeros) - 1) != 0;
		assert_int_equal(look(), differs ? ERR_CORRUPT : ERR_NONE);
		spoil("data.db", at, zeros, sizeof(zeros));
	}
}

/* A whole page where another belongs has a right sum, but not for there. */
static void
test_misplaced(void **state)
{
	uint8_t page[PAGE_SUM_PAGE];
	int fd;

	(void)state;
	add_many("i", true);
	fd = open_raw("data.db");
	assert_int_equal(pread(fd, page, sizeof(page), 10 * PAGE),
	    sizeof(page));
	assert_int_equal(close(fd), 0);
	spoil("data.db", 11 * PAGE, page, sizeof(page));
	assert_int_equal(look(), ERR_CORRUPT);
}

/* In the log while it is in use, when SQLite asks for no sum. */
static void
test_log(void **state)
{
	uint8_t byte = 0x5a;
	struct db db;

	(void)state;
	add_many("i", true);
	assert_int_equal(db_open(&db, folder, "data"), ERR_NONE);
	add_many("-i", false);
	assert_int_equal(db_check(&db, DB_QUICK_CHECK), ERR_NONE);
	/* What was read stays in memory: another reads it from the disk. */
	spoil("data.db-wal", 32 + 24 + 1000, &byte, 1);
	assert_int_equal(look(), ERR_CORRUPT);
	spoil("data.db-wal", 32 + 24 + 1000, &byte, 1);
	assert_int_equal(look(), ERR_NONE);
	db_close(&db);
}

/*
 * A transaction that does not fit into memory is in the log before its end,
 * and reads and writes there what has no valid sums yet.
 */
static void
test_spilled(void **state)
{
	struct db db;

	(void)state;
	assert_int_equal(db_open(&db, folder, "data"), ERR_NONE);
	assert_int_equal(db_exec(&db, "PRAGMA cache_size=10"), ERR_NONE);
	assert_int_equal(db_begin(&db), ERR_NONE);
	assert_int_equal(db_exec(&db, ROWS "random() FROM n"), ERR_NONE);
	assert_int_equal(db_exec(&db, "UPDATE store SET id = id || id"),
	    ERR_NONE);
	assert_int_equal(db_exec(&db, "UPDATE store SET id = id || 'x'"),
	    ERR_NONE);
	assert_int_equal(db_commit(&db, false), ERR_NONE);
	assert_int_equal(db_check(&db, DB_QUICK_CHECK), ERR_NONE);
	db_close(&db);
	assert_int_equal(look(), ERR_NONE);
	add_many("i", true);
	assert_int_equal(look(), ERR_NONE);
}

static void
test_cut_off(void **state)
{
	char path[FILE_PATH_MAX];
	off_t end;

	(void)state;
	add_many("i", true);
	end = size_of("data.db");
	assert_int_equal(truncate(scratch_path(path, folder, "data.db"),
			     end - PAGE),
	    0);
	assert_int_equal(look(), ERR_CORRUPT);
}

/* Another program that only looks moves the log's pages, without sums. */
static void
test_foreign_reader(void **state)
{
	uint8_t byte = 0x5a;

	(void)state;
	add_many("i", false);
	assert_true(size_of("data.db-wal") > 0);
	meddle_as_foreign(folder, "data.db", "SELECT count(*) FROM store");
	assert_int_equal(look(), ERR_NONE);
	/* All have got sums by that. */
	spoil("data.db", size_of("data.db") - PAGE + 5, &byte, 1);
	assert_int_equal(look(), ERR_CORRUPT);
	spoil("data.db", size_of("data.db") - PAGE + 5, &byte, 1);
	/* With an empty log it moves nothing, and nothing is to be done. */
	add_many("-i", true);
	meddle_as_foreign(folder, "data.db", "SELECT count(*) FROM store");
	assert_int_equal(look(), ERR_NONE);
}

/* One that writes makes pages whose sums are of what was there before. */
static void
test_foreign_writer(void **state)
{
	(void)state;
	add_many("i", true);
	meddle_as_foreign(folder, "data.db", "UPDATE store SET id = id || 'x'");
	assert_int_equal(look(), ERR_CORRUPT);
}

/* A database of a version without sums gets them when it is opened. */
static void
test_without(void **state)
{
	uint8_t byte = 0x5a;

	(void)state;
	meddle_as_foreign(folder, "data.db",
	    "PRAGMA page_size=8192; PRAGMA journal_mode=WAL;"
	    "CREATE TABLE old (x); INSERT INTO old VALUES (zeroblob(99999))");
	assert_int_equal(look(), ERR_NONE);
	spoil("data.db", 3 * PAGE - 1, &byte, 1);
	assert_int_equal(look(), ERR_CORRUPT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		each(test_bits),
		each(test_sectors),
		each(test_misplaced),
		each(test_log),
		each(test_spilled),
		each(test_cut_off),
		each(test_foreign_reader),
		each(test_foreign_writer),
		each(test_without),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
