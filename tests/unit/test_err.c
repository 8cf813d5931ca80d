/* Errors: a phrase for each, and what an errno stands for. */
#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

#include "../lib/check.h"

static void
test_texts(void **state)
{
	enum err a, b;

	(void)state;
	for (a = 0; a < ERR__MAX; a++) {
		assert_true(strlen(err_text(a)) >= 4);
		for (b = 0; b < a; b++)
			assert_string_not_equal(err_text(a), err_text(b));
	}
	assert_string_equal(err_text(ERR_NO_MEMORY), "out of memory");
	assert_string_equal(err_text(ERR__MAX), "unknown error");
}

static const struct {
	int number;
	enum err err;
} numbers[] = {
	{ ENOMEM, ERR_NO_MEMORY },
	{ ENOSPC, ERR_NO_SPACE },
	{ EDQUOT, ERR_NO_SPACE },
	{ EFBIG, ERR_NO_SPACE },
	{ ENOENT, ERR_NOT_FOUND },
	{ EAGAIN, ERR_BUSY },
	{ EWOULDBLOCK, ERR_BUSY },
	{ EBUSY, ERR_BUSY },
	{ EIO, ERR_IO },
	{ EACCES, ERR_IO },
	{ 0, ERR_IO },
	{ -1, ERR_IO },
};

static void
test_errno(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(numbers); i++)
		assert_int_equal(err_from_errno(numbers[i].number),
		    numbers[i].err);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_errno),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
