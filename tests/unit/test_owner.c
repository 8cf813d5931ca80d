/*
 * Acting as the owner of the state.  Changes of user are made in children,
 * and only where the test runs as root; otherwise nothing may change.
 */
#include "sys/owner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/wait.h>

#include "../lib/check.h"
#include "../lib/scratch.h"

#define SOMEBODY 54321 /* a user that no machine has */

static char folder[FILE_PATH_MAX];

static int
set_up(void **unused)
{
	(void)unused;
	scratch_make(folder);
	return chmod(folder, 0755);
}

static int
tear_down(void **unused)
{
	(void)unused;
	scratch_remove(folder);
	return 0;
}

static uid_t
owner_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_uid : (uid_t)-1;
}

/* Runs it in a child; true if it says so there. */
static bool
in_child(bool (*run)(const char *state), const char *state)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(run(state) ? 0 : 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Makes an empty file beside nothing else; its owner. */
static uid_t
touch(const char *state, const char *name)
{
	char path[FILE_PATH_MAX];
	int fd;

	if (file_path(path, state, name) != ERR_NONE)
		return (uid_t)-1;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || close(fd) != 0)
		return (uid_t)-1;
	return owner_of(path);
}

static bool
acts(const char *state)
{
	if (owner_act(state) != ERR_NONE || geteuid() != SOMEBODY ||
	    touch(state, "a") != SOMEBODY)
		return false;
	owner_pause();
	if (geteuid() != 0 || getegid() != 0 || touch(state, "b") != 0)
		return false;
	owner_resume();
	return geteuid() == SOMEBODY && touch(state, "c") == SOMEBODY;
}

static bool
becomes(const char *state)
{
	if (owner_become(state) != ERR_NONE)
		return false;
	return getuid() == SOMEBODY && geteuid() == SOMEBODY &&
	    getgid() == SOMEBODY && touch(state, "a") == SOMEBODY &&
	    seteuid(0) != 0;
}

/* Nothing changes: the state is the caller's own. */
static bool
stays(const char *state)
{
	uid_t before = geteuid();

	if (owner_act(state) != ERR_NONE || owner_become(state) != ERR_NONE)
		return false;
	owner_pause();
	owner_resume();
	return geteuid() == before && getuid() == before;
}

static void
test_somebody_else(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip_since("takes root, to be somebody else");
	assert_int_equal(chown(folder, SOMEBODY, SOMEBODY), 0);
	assert_true(in_child(acts, folder));
	scratch_remove(folder);
	assert_int_equal(mkdir(folder, 0755), 0);
	assert_int_equal(chown(folder, SOMEBODY, SOMEBODY), 0);
	assert_true(in_child(becomes, folder));
}

static void
test_own(void **state)
{
	(void)state;
	assert_true(in_child(stays, folder));
}

static bool
finds_none(const char *state)
{
	return owner_act(state) == ERR_NOT_FOUND &&
	    owner_become(state) == ERR_NOT_FOUND;
}

static void
test_missing(void **state)
{
	char path[FILE_PATH_MAX];

	(void)state;
	if (geteuid() != 0)
		skip_since("takes root, to be somebody else");
	assert_true(in_child(finds_none, scratch_path(path, folder, "none")));
}

static void
test_make(void **state)
{
	char path[FILE_PATH_MAX];
	struct stat st;

	(void)state;
	scratch_path(path, folder, "state");
	assert_int_equal(owner_make_state(path), ERR_NONE);
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(st.st_mode & 0027, 0);
	assert_int_equal(owner_make_state(path), ERR_NONE);
	assert_int_equal(owner_make_state(scratch_path(path, folder,
			     "no/state")),
	    ERR_NOT_FOUND);
	/* The caller is who it was. */
	assert_int_equal(geteuid(), getuid());
}

#define each(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		each(test_somebody_else),
		each(test_own),
		each(test_missing),
		each(test_make),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
