/* The clocks: against the C library's own, and each against itself. */
#include "sys/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <time.h>

/* The wall clock lies between two looks at the library's, a second apart. */
static void
test_now(void **state)
{
	time_t before = time(NULL);
	int64_t now_us = clock_now_us();
	time_t after = time(NULL);

	(void)state;
	/* time() may lag by a tick of the kernel. */
	assert_true(now_us >= ((int64_t)before - 1) * 1000000);
	assert_true(now_us <= ((int64_t)after + 2) * 1000000);
}

static void
test_monotonic(void **state)
{
	int64_t before_us = clock_monotonic_us(), now_us;
	const struct timespec pause = { 0, 3000000 };
	int64_t start_us;
	int i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		now_us = clock_monotonic_us();
		assert_true(now_us >= before_us);
		before_us = now_us;
	}
	start_us = clock_monotonic_us();
	assert_int_equal(nanosleep(&pause, NULL), 0);
	assert_true(clock_monotonic_us() - start_us >= 3000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_now),
		cmocka_unit_test(test_monotonic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
