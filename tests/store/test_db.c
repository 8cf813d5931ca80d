/*
 * A database of the state: opening, the writer lock, snapshots and failures.
 * Started with the word "hold" the program is a writer that never ends, for
 * the tests to kill.
 */
#include "store/db.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "db_fixture.h"

#define THREADS 6
#define ROUNDS 20

static void
test_open(void **state)
{
	sqlite3_stmt *stmt;
	struct db db, zero = { 0 };
	bool row;

	(void)state;
	db_close(&zero);
	open_db(&db);
	assert_true(scratch_has(folder, "data.db"));
	assert_true(scratch_has(folder, "data.lock"));
	assert_int_equal(number(&db, "PRAGMA synchronous"), 2);
	assert_int_equal(number(&db, "PRAGMA wal_autocheckpoint"), 0);
	assert_int_equal(number(&db, "PRAGMA page_size"), 8192);
	assert_true(number(&db, "PRAGMA user_version") > 0);
	assert_int_equal(db_prepare(&db, "PRAGMA journal_mode", &stmt),
	    ERR_NONE);
	assert_int_equal(db_step(&db, stmt, &row), ERR_NONE);
	assert_string_equal(sqlite3_column_text(stmt, 0), "wal");
	(void)sqlite3_finalize(stmt);
	assert_int_equal(stores(&db), 0);
	assert_int_equal(db_check(&db, DB_QUICK_CHECK), ERR_NONE);
	db_close(&db);
	db_close(&db);
	assert_null(db.sql);
}

static void
test_commit(void **state)
{
	struct db a, b;

	(void)state;
	open_db(&a);
	open_db(&b);
	assert_int_equal(db_begin(&a), ERR_NONE);
	assert_int_equal(db_exec(&a, "INSERT INTO store (id) VALUES ('x')"),
	    ERR_NONE);
	assert_int_equal(stores(&a), 1);
	assert_int_equal(stores(&b), 0);
	assert_int_equal(db_commit(&a, true), ERR_NONE);
	assert_int_equal(stores(&b), 1);
	/* The other one may write at once. */
	add(&b, "INSERT INTO store (id) VALUES ('y')");
	assert_int_equal(stores(&a), 2);
	assert_int_equal(db_begin(&a), ERR_NONE);
	assert_int_equal(db_exec(&a, "DELETE FROM store"), ERR_NONE);
	db_rollback(&a);
	db_rollback(&a);
	assert_int_equal(stores(&a), 2);
	add(&b, "INSERT INTO store (id) VALUES ('z')");
	/* Closing leaves what was not committed, and lets go. */
	assert_int_equal(db_begin(&a), ERR_NONE);
	assert_int_equal(db_exec(&a, "DELETE FROM store"), ERR_NONE);
	db_close(&a);
	assert_int_equal(stores(&b), 3);
	add(&b, "INSERT INTO store (id) VALUES ('w')");
	db_close(&b);
}

static void
test_snapshot(void **state)
{
	struct db a, b;

	(void)state;
	open_db(&a);
	open_db(&b);
	assert_int_equal(db_read_begin(&b), ERR_NONE);
	/* A snapshot begins when it is told to, not at the first look. */
	add(&a, "INSERT INTO store (id) VALUES ('x')");
	assert_int_equal(stores(&b), 0);
	add(&a, "INSERT INTO store (id) VALUES ('y')");
	assert_int_equal(stores(&b), 0);
	db_read_end(&b);
	assert_int_equal(stores(&b), 2);
	db_close(&b);
	db_close(&a);
}

static void
test_statements(void **state)
{
	sqlite3_stmt *stmt;
	struct db db;
	bool row = true;

	(void)state;
	open_db(&db);
	assert_int_equal(db_prepare(&db, "SELECT nonsense", &stmt), ERR_IO);
	assert_null(stmt);
	assert_int_equal(db_exec(&db, "nonsense"), ERR_IO);
	add(&db, "INSERT INTO store (id) VALUES ('x')");
	assert_int_equal(db_begin(&db), ERR_NONE);
	assert_int_equal(db_prepare(&db, "INSERT INTO store (id) VALUES (?)",
			     &stmt),
	    ERR_NONE);
	(void)sqlite3_bind_text(stmt, 1, "x", 1, SQLITE_STATIC);
	assert_int_equal(db_run(&db, stmt), ERR_CONFLICT);
	(void)sqlite3_bind_text(stmt, 1, "y", 1, SQLITE_STATIC);
	assert_int_equal(db_run(&db, stmt), ERR_NONE);
	(void)sqlite3_finalize(stmt);
	assert_int_equal(db_commit(&db, true), ERR_NONE);
	/* At its end a statement begins again. */
	assert_int_equal(db_prepare(&db, "SELECT id FROM store ORDER BY id",
			     &stmt),
	    ERR_NONE);
	assert_int_equal(db_step(&db, stmt, &row), ERR_NONE);
	assert_int_equal(db_step(&db, stmt, &row), ERR_NONE);
	assert_true(row);
	assert_int_equal(db_step(&db, stmt, &row), ERR_NONE);
	assert_false(row);
	assert_int_equal(db_step(&db, stmt, &row), ERR_NONE);
	assert_true(row);
	assert_string_equal(sqlite3_column_text(stmt, 0), "x");
	(void)sqlite3_finalize(stmt);
	db_close(&db);
}

/*
 * A commit that finds no space: nothing is in, and the lock is free.  SQLite
 * tells a limit of the file's size, unlike a full disk, as any failed write.
 */
static void
test_no_space(void **state)
{
	struct rlimit before, small;
	struct db db, other;
	enum err err;

	(void)state;
	open_db(&db);
	open_db(&other);
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 100000;
	assert_int_equal(db_begin(&db), ERR_NONE);
	assert_int_equal(db_exec(&db,
			     "INSERT INTO store (id, week) VALUES ('x',"
			     " zeroblob(300000))"),
	    ERR_NONE);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	err = db_commit(&db, true);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_true(err == ERR_NO_SPACE || err == ERR_IO);
	assert_int_equal(stores(&other), 0);
	add(&other, "INSERT INTO store (id) VALUES ('y')");
	add(&db, "INSERT INTO store (id) VALUES ('z')");
	assert_int_equal(stores(&other), 2);
	assert_int_equal(db_check(&db, DB_QUICK_CHECK), ERR_NONE);
	db_close(&other);
	db_close(&db);
}

/* Adds one to a number by reading it and writing it back. */
static void *
count_up(void *unused)
{
	struct db db;
	char sql[128];
	int i;

	(void)unused;
	if (db_open(&db, folder, "data") != ERR_NONE)
		return NULL;
	for (i = 0; i < ROUNDS; i++) {
		if (db_begin(&db) != ERR_NONE)
			break;
		(void)snprintf(sql, sizeof(sql),
		    "UPDATE revision SET number = %lld",
		    (long long)number(&db, "SELECT number FROM revision") + 1);
		if (db_exec(&db, sql) != ERR_NONE ||
		    db_commit(&db, i % 2 == 0) != ERR_NONE)
			break;
	}
	db_close(&db);
	return NULL;
}

/* All of them make the database, each for the first time. */
static void
test_many_writers(void **state)
{
	pthread_t threads[THREADS];
	struct db db;
	int i;

	(void)state;
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, count_up,
				     NULL),
		    0);
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	open_db(&db);
	assert_int_equal(number(&db, "SELECT number FROM revision"),
	    THREADS * ROUNDS);
	assert_int_equal(db_check(&db, DB_QUICK_CHECK), ERR_NONE);
	db_close(&db);
}

/* Opens, writes, says so and waits for its end. */
static int
hold(const char *state)
{
	struct db db;

	if (db_open(&db, state, "data") != ERR_NONE ||
	    db_begin(&db) != ERR_NONE ||
	    db_exec(&db, "INSERT INTO store (id) VALUES ('x')") != ERR_NONE ||
	    write(STDOUT_FILENO, "!", 1) != 1)
		return 1;
	for (;;)
		(void)pause();
}

/* Starts a writer, kills it where it holds the lock. */
static void
test_killed(void **state)
{
	int pipes[2], status, lock;
	char path[FILE_PATH_MAX], byte;
	struct db db;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)dup2(pipes[1], STDOUT_FILENO);
		(void)execl("/proc/self/exe", "test_db", "hold", folder, NULL);
		_exit(127);
	}
	assert_int_equal(close(pipes[1]), 0);
	assert_int_equal(read(pipes[0], &byte, 1), 1);
	/* It has the lock, and a snapshot can be read all the same. */
	lock = open(scratch_path(path, folder, "data.lock"), O_RDWR);
	assert_true(lock >= 0);
	assert_int_equal(flock(lock, LOCK_EX | LOCK_NB), -1);
	open_db(&db);
	assert_int_equal(stores(&db), 0);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	add(&db, "INSERT INTO store (id) VALUES ('y')");
	assert_int_equal(stores(&db), 1);
	assert_int_equal(db_check(&db, DB_QUICK_CHECK), ERR_NONE);
	db_close(&db);
	assert_int_equal(close(lock) + close(pipes[0]), 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		each(test_open),
		each(test_commit),
		each(test_snapshot),
		each(test_statements),
		each(test_no_space),
		each(test_many_writers),
		each(test_killed),
	};

	if (argc == 3 && strcmp(argv[1], "hold") == 0)
		return hold(argv[2]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
