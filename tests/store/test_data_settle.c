/*
 * A writer that is killed before the sync of its commit, while somebody has
 * the data open: nobody sees the rows, and once that is settled no restart
 * brings them in.  SQLite calls the fdatasync of this program.
 */
#include "store/data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db_fixture.h"

static bool dies;

int
fdatasync(int fd)
{
	if (dies)
		(void)raise(SIGKILL);
	return (int)syscall(SYS_fdatasync, fd);
}

/* Adds a store; with dies set, up to the sync of the commit. */
static void
add_store(bool dying)
{
	struct db db;

	if (db_open(&db, folder, "data") != ERR_NONE ||
	    db_begin(&db) != ERR_NONE ||
	    db_exec(&db, "INSERT INTO store (id) VALUES (random())") !=
		ERR_NONE)
		return;
	dies = dying;
	if (db_commit(&db, false) == ERR_NONE)
		db_close(&db);
}

static int64_t
count_stores(void)
{
	struct db db;
	sqlite3_stmt *stmt;
	int64_t value;
	bool row;

	assert_int_equal(db_open(&db, folder, "data"), ERR_NONE);
	assert_int_equal(db_prepare(&db, "SELECT count(*) FROM store", &stmt),
	    ERR_NONE);
	assert_int_equal(db_step(&db, stmt, &row), ERR_NONE);
	value = sqlite3_column_int64(stmt, 0);
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	db_close(&db);
	return value;
}

static void
wait_killed(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* Somebody who has the data open until he is killed. */
static pid_t
start_reader(void)
{
	char byte = 0;
	int ends[2];
	struct db db;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (db_open(&db, folder, "data") == ERR_NONE &&
		    db_read_begin(&db) == ERR_NONE) {
			db_read_end(&db);
			(void)!write(ends[1], &byte, 1);
		}
		for (;;)
			(void)pause();
	}
	assert_int_equal(close(ends[1]), 0);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	assert_int_equal(close(ends[0]), 0);
	return pid;
}

/* What a restart finds after a killed writer, with or without settling. */
static int64_t
count_after_kill(bool settles)
{
	struct data *data;
	pid_t reader, writer;

	add_store(false);
	reader = start_reader();
	writer = fork();
	assert_true(writer >= 0);
	if (writer == 0) {
		add_store(true);
		_exit(1);
	}
	wait_killed(writer);
	assert_int_equal(count_stores(), 1);
	if (settles) {
		assert_int_equal(data_open(&data, folder), ERR_NONE);
		assert_int_equal(data_settle(data), ERR_NONE);
		data_close(data);
	}
	assert_int_equal(kill(reader, SIGKILL), 0);
	wait_killed(reader);
	return count_stores();
}

static void
test_settled(void **state)
{
	(void)state;
	assert_int_equal(count_after_kill(true), 1);
}

/* Or the other test would show nothing. */
static void
test_left(void **state)
{
	(void)state;
	assert_int_equal(count_after_kill(false), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		each(test_settled),
		each(test_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
