/* Is there memory left? */
#include "sys/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/check.h"

#define LIMIT ((rlim_t)1 << 30)

/* The sanitizer ends a process that asks for too much. */
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED true
#else
#define SANITIZED false
#endif

static void
test_left(void **unused)
{
	(void)unused;
	assert_true(memory_is_left(1));
	assert_true(memory_is_left((size_t)1 << 20));
	if (!SANITIZED)
		assert_false(memory_is_left(SIZE_MAX / 4));
}

/* In a child that may not have so much. */
static void
test_limited(void **unused)
{
	const struct rlimit limit = { LIMIT, LIMIT };
	int status;
	pid_t pid;

	(void)unused;
	if (SANITIZED)
		skip_since("sanitizers map more than the limit");
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (setrlimit(RLIMIT_AS, &limit) != 0)
			_exit(2);
		_exit(memory_is_left((size_t)LIMIT) ||
		    !memory_is_left((size_t)1 << 16));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_limited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
