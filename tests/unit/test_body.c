/* Bodies in files: which paths are opened, and what is made. */
#include "web/body.h"

#include "sys/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/scratch.h"

static const struct {
	const char *path; /* behind the state's folder */
	enum err expected;
} paths[] = {
	{ "/body/0000000001", ERR_NONE },
	{ "/body/absent", ERR_IO },
	{ "/body/", ERR_IO },
	{ "/body", ERR_IO },
	{ "/body/.", ERR_IO },
	{ "/body/..", ERR_IO },
	{ "/body/.hidden", ERR_IO },
	{ "/body/../secret", ERR_IO },
	{ "/body//0000000001", ERR_IO },
	{ "/body/folder", ERR_IO },
	{ "/body/folder/file", ERR_IO },
	{ "/body/link", ERR_IO },
	{ "/body/pipe", ERR_IO },
	{ "/secret", ERR_IO },
	{ "x/body/0000000001", ERR_IO },
	{ "", ERR_IO },
};

static const char *
join(char out[FILE_PATH_MAX], const char *state, const char *rest)
{
	(void)snprintf(out, FILE_PATH_MAX, "%s%s", state, rest);
	return out;
}

static void
touch(const char *state, const char *rest)
{
	char path[FILE_PATH_MAX];
	int fd = open(join(path, state, rest), O_CREAT | O_WRONLY, 0600);

	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
}

static void
make_state(char state[FILE_PATH_MAX])
{
	char path[FILE_PATH_MAX], secret[FILE_PATH_MAX];

	scratch_make(state);
	assert_int_equal(mkdir(join(path, state, "/body"), 0700), 0);
	assert_int_equal(mkdir(join(path, state, "/body/folder"), 0700), 0);
	touch(state, "/secret");
	touch(state, "/body/0000000001");
	touch(state, "/body/.hidden");
	touch(state, "/body/folder/file");
	(void)join(secret, state, "/secret");
	assert_int_equal(symlink(secret, join(path, state, "/body/link")), 0);
	assert_int_equal(mkfifo(join(path, state, "/body/pipe"), 0600), 0);
}

static void
test_open(void **unused)
{
	char state[FILE_PATH_MAX], path[FILE_PATH_MAX];
	size_t i;

	(void)unused;
	make_state(state);
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		int fd = -1;
		enum err err = body_open(state,
		    join(path, state, paths[i].path), &fd);

		if (err != paths[i].expected)
			fail_msg("%s: %s", paths[i].path, err_text(err));
		if (err == ERR_NONE)
			assert_int_equal(close(fd), 0);
	}
	scratch_remove(state);
}

static void
test_make(void **unused)
{
	char state[FILE_PATH_MAX], first[FILE_PATH_MAX], second[FILE_PATH_MAX];
	int fd, other;

	(void)unused;
	make_state(state);
	assert_int_equal(body_make(state, first, &fd), ERR_NONE);
	assert_int_equal(body_make(state, second, &other), ERR_NONE);
	assert_string_not_equal(first, second);
	assert_int_equal(write(fd, "abc", 3), 3);
	assert_int_equal(close(fd), 0);
	assert_int_equal(close(other), 0);
	assert_int_equal(body_open(state, first, &fd), ERR_NONE);
	assert_int_equal(close(fd), 0);
	scratch_remove(state);
	assert_int_equal(body_make(state, first, &fd), ERR_NOT_FOUND);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_make),
	};

	log_limit(LOG_LEVEL_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
