/*
 * The write-ahead log of a database: when it is moved into the file, and what
 * its readers have to do with that.
 */
#include "store/db.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

#include "db_fixture.h"

#define READ_ON_US 200000

static void
test_checkpoint(void **state)
{
	static const char insert[] = "INSERT INTO store (id) VALUES (random())";
	struct db db, reader;

	(void)state;
	open_db(&db);
	add(&db, insert);
	assert_int_equal(size_of("data.db-wal"), 0);
	assert_int_equal(db_begin(&db), ERR_NONE);
	assert_int_equal(db_exec(&db, insert), ERR_NONE);
	assert_int_equal(db_commit(&db, false), ERR_NONE);
	assert_true(size_of("data.db-wal") > 0);
	add(&db, insert);
	assert_int_equal(size_of("data.db-wal"), 0);
	/* A reader keeps the log; that is no failure, and costs no time. */
	open_db(&reader);
	assert_int_equal(db_read_begin(&reader), ERR_NONE);
	add(&db, insert);
	assert_true(size_of("data.db-wal") > 0);
	assert_int_equal(stores(&reader), 3);
	db_read_end(&reader);
	add(&db, insert);
	assert_int_equal(size_of("data.db-wal"), 0);
	/* The last to close does not checkpoint either. */
	assert_int_equal(db_begin(&db), ERR_NONE);
	assert_int_equal(db_exec(&db, insert), ERR_NONE);
	assert_int_equal(db_commit(&db, false), ERR_NONE);
	db_close(&reader);
	db_close(&db);
	assert_true(size_of("data.db-wal") > 0);
}

/* In a thread: ends the reading of the context a while after the commit. */
static void *
read_on(void *context)
{
	struct db *reader = context, other;

	open_db(&other);
	while (stores(&other) < 2)
		(void)usleep(SCRATCH_STEP_US);
	/* Until the log is tried to be emptied, which nothing tells. */
	(void)usleep(READ_ON_US);
	db_read_end(reader);
	db_close(&other);
	return NULL;
}

/* A log that has grown large is emptied once its readers have ended. */
static void
test_large_log(void **state)
{
	static const char large
	    [] = "CREATE TABLE large AS SELECT zeroblob(20000000) AS bytes;"
		 "INSERT INTO store (id) VALUES ('y')";
	struct db db, reader;
	pthread_t thread;

	(void)state;
	open_db(&db);
	open_db(&reader);
	db.patient = true;
	add(&db, "INSERT INTO store (id) VALUES ('x')");
	assert_int_equal(db_read_begin(&reader), ERR_NONE);
	assert_int_equal(pthread_create(&thread, NULL, read_on, &reader), 0);
	add(&db, large);
	assert_int_equal(size_of("data.db-wal"), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	db_close(&reader);
	db_close(&db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		each(test_checkpoint),
		each(test_large_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
