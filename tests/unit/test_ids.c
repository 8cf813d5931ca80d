/* Ids: their spelling, and that nobody makes one twice. */
#include "sys/ids.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES 8
#define EACH 500
#define ALL ((size_t)PROCESSES * EACH)

static int
by_text(const void *a, const void *b)
{
	return memcmp(a, b, JOB_ID_LEN + 1);
}

static void
test_spelling(void **unused)
{
	char id[JOB_ID_LEN + 1];
	int i;

	(void)unused;
	for (i = 0; i < 200; i++) {
		ids_make(id);
		assert_true(text_is_job_id(id));
		assert_int_equal(id[14], '4');
		assert_non_null(strchr("89ab", id[19]));
	}
}

/* In a child that has made ids before the fork, as its siblings have. */
static void
make_some(int fd)
{
	char id[JOB_ID_LEN + 1];
	int i;

	for (i = 0; i < EACH; i++) {
		ids_make(id);
		if (write(fd, id, sizeof(id)) != (ssize_t)sizeof(id))
			_exit(1);
	}
	_exit(0);
}

static void
read_all(int fd, char (*ids)[JOB_ID_LEN + 1])
{
	size_t used = 0, size = ALL * sizeof(*ids);
	ssize_t n;

	while (used < size &&
	    (n = read(fd, (char *)ids + used, size - used)) > 0)
		used += (size_t)n;
	assert_int_equal(used, size);
}

static void
test_across_fork(void **unused)
{
	char(*ids)[JOB_ID_LEN + 1] = calloc(ALL, sizeof(*ids));
	char before[JOB_ID_LEN + 1];
	int ends[2], i, status;
	size_t k;

	(void)unused;
	assert_non_null(ids);
	ids_make(before);
	assert_int_equal(pipe(ends), 0);
	for (i = 0; i < PROCESSES; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			make_some(ends[1]);
	}
	assert_int_equal(close(ends[1]), 0);
	read_all(ends[0], ids);
	assert_int_equal(close(ends[0]), 0);
	for (i = 0; i < PROCESSES; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	qsort(ids, ALL, sizeof(*ids), by_text);
	for (k = 0; k < ALL; k++) {
		assert_true(text_is_job_id(ids[k]));
		assert_true(k == 0 || strcmp(ids[k - 1], ids[k]) != 0);
	}
	free(ids);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spelling),
		cmocka_unit_test(test_across_fork),
	};

	return cmocka_run_group_tests_name("ids", tests, NULL, NULL);
}
