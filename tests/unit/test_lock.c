/* Lock files: one holder, who may hand it on, and none after death. */
#include "sys/lock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/wait.h>

#include "../lib/scratch.h"

static char folder[FILE_PATH_MAX];
static char path[FILE_PATH_MAX];

static int
set_up(void **unused)
{
	(void)unused;
	scratch_make(folder);
	scratch_path(path, folder, "0.lock");
	return 0;
}

static int
tear_down(void **unused)
{
	(void)unused;
	scratch_remove(folder);
	return 0;
}

static void
test_one_holder(void **unused)
{
	struct stat st;
	int first, second;

	(void)unused;
	assert_int_equal(lock_take(path, &first), ERR_NONE);
	assert_true(first > 2);
	assert_int_equal(fcntl(first, F_GETFD), FD_CLOEXEC);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777 & ~0640u, 0);
	assert_int_equal(lock_take(path, &second), ERR_BUSY);
	assert_int_equal(second, -1);
	lock_drop(&first);
	assert_int_equal(first, -1);
	assert_int_equal(lock_take(path, &second), ERR_NONE);
	lock_drop(&second);
	lock_drop(&second);
	/* The file stays: two files of one name would be two locks. */
	assert_int_equal(stat(path, &st), 0);
}

static void
test_copy_holds(void **unused)
{
	int first, copy, other;

	(void)unused;
	assert_int_equal(lock_take(path, &first), ERR_NONE);
	copy = dup(first);
	assert_true(copy >= 0);
	lock_drop(&first);
	assert_int_equal(lock_take(path, &other), ERR_BUSY);
	assert_int_equal(close(copy), 0);
	assert_int_equal(lock_take(path, &other), ERR_NONE);
	lock_drop(&other);
}

static void
test_adopt(void **unused)
{
	char elsewhere[FILE_PATH_MAX];
	int held, open_only, other;

	(void)unused;
	assert_int_equal(lock_take(path, &held), ERR_NONE);
	assert_int_equal(fcntl(held, F_SETFD, 0), 0);
	assert_int_equal(lock_adopt(path, held), ERR_NONE);
	assert_int_equal(fcntl(held, F_GETFD), FD_CLOEXEC);
	/* Open on the file, but the lock is another's. */
	open_only = open(path, O_RDWR | O_CLOEXEC);
	assert_int_equal(lock_adopt(path, open_only), ERR_CONFLICT);
	/* The lock of another file. */
	scratch_path(elsewhere, folder, "1.lock");
	assert_int_equal(lock_take(elsewhere, &other), ERR_NONE);
	assert_int_equal(lock_adopt(path, other), ERR_CONFLICT);
	lock_drop(&other);
	/* No descriptor at all. */
	assert_int_equal(lock_adopt(path, 999), ERR_CONFLICT);
	/* Nobody's any more: then it is taken. */
	lock_drop(&held);
	assert_int_equal(lock_adopt(path, open_only), ERR_NONE);
	assert_int_equal(lock_take(path, &held), ERR_BUSY);
	assert_int_equal(close(open_only), 0);
}

static void
test_failure(void **unused)
{
	char missing[FILE_PATH_MAX];
	int fd = 7;

	(void)unused;
	scratch_path(missing, folder, "no/such/folder");
	assert_int_equal(lock_take(missing, &fd), ERR_NOT_FOUND);
	assert_int_equal(fd, -1);
}

static bool
can_take(void)
{
	int fd;
	bool can = lock_take(path, &fd) == ERR_NONE;

	lock_drop(&fd);
	return can;
}

static void
test_kill(void **unused)
{
	int ends[2], fd, status;
	char byte = 0;
	pid_t pid;

	(void)unused;
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		byte = lock_take(path, &fd) == ERR_NONE ? 'y' : 'n';
		if (write(ends[1], &byte, 1) == 1)
			for (;;)
				(void)pause();
		_exit(1);
	}
	assert_int_equal(read(ends[0], &byte, 1), 1);
	assert_int_equal(byte, 'y');
	assert_false(can_take());
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(can_take());
	(void)close(ends[0]);
	(void)close(ends[1]);
}

/* With the standard descriptors closed, the lock still lies above them. */
static void
test_above_standard(void **unused)
{
	int status;
	pid_t pid = fork();

	(void)unused;
	assert_true(pid >= 0);
	if (pid == 0) {
		int fd = -1;

		(void)close(0);
		(void)close(1);
		(void)close(2);
		_exit(lock_take(path, &fd) == ERR_NONE && fd > 2 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_holder),
		cmocka_unit_test(test_copy_holds),
		cmocka_unit_test(test_adopt),
		cmocka_unit_test(test_failure),
		cmocka_unit_test(test_kill),
		cmocka_unit_test(test_above_standard),
	};

	return cmocka_run_group_tests_name("lock", tests, set_up, tear_down);
}
