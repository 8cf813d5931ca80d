/*
 * What a confined process can still do, and what not.  Confining is for good,
 * so that each look is in a child, which tells by its exit status.
 */
#include "sys/confine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "../lib/check.h"
#include "../lib/scratch.h"
#include <linux/landlock.h>

static char folder[FILE_PATH_MAX], state[FILE_PATH_MAX], temp[FILE_PATH_MAX];
static char elsewhere[FILE_PATH_MAX];

static int
set_up(void **unused)
{
	char link[FILE_PATH_MAX];

	(void)unused;
	scratch_make(folder);
	(void)scratch_path(state, folder, "state");
	(void)scratch_path(temp, state, "tmp");
	(void)scratch_path(elsewhere, folder, "elsewhere");
	if (mkdir(state, 0750) != 0 || mkdir(elsewhere, 0750) != 0)
		return -1;
	scratch_write(folder, "secret", "not for everybody\n");
	return symlink(elsewhere, scratch_path(link, state, "spool"));
}

static int
tear_down(void **unused)
{
	(void)unused;
	scratch_remove(folder);
	return 0;
}

/* Runs a look in a confined child.  What it returns, 0 to 99; else 100. */
static int
confined(int (*look)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		confine_process(state);
		_exit(look());
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 100;
}

static int
error_of(int result)
{
	return result < 0 ? errno : 0;
}

static int
open_at(const char *base, const char *name, int flags)
{
	char path[FILE_PATH_MAX];

	(void)snprintf(path, sizeof(path), "%.2000s/%.2000s", base, name);
	return error_of(open(path, flags | O_CLOEXEC, 0640));
}

static int
write_state(void)
{
	return open_at(state, "new", O_WRONLY | O_CREAT | O_TRUNC);
}

static int
write_again(void)
{
	(void)write_state();
	return write_state();
}

static int
write_linked(void)
{
	return open_at(state, "spool/new", O_WRONLY | O_CREAT);
}

static int
nameless(void)
{
	return error_of(open(temp, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
}

static int
move(void)
{
	char from[FILE_PATH_MAX], to[FILE_PATH_MAX];

	(void)snprintf(from, sizeof(from), "%.4000s/a", state);
	(void)snprintf(to, sizeof(to), "%.4000s/tmp/b", state);
	(void)open_at(state, "a", O_WRONLY | O_CREAT);
	if (link(from, to) != 0 || unlink(from) != 0 || rename(to, from) != 0)
		return errno;
	return error_of(unlink(from));
}

static int
temp_folder(void)
{
	const char *set = getenv("SQLITE_TMPDIR");

	return set != NULL && strcmp(set, temp) == 0 ? 0 : 1;
}

static int
read_zones(void)
{
	return open_at("/usr/share/zoneinfo", "Europe/Dublin", O_RDONLY);
}

static int
no_rights(void)
{
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : 1;
}

static int
read_secret(void)
{
	return open_at(folder, "secret", O_RDONLY);
}

static int
read_users(void)
{
	return open_at("/etc", "passwd", O_RDONLY);
}

static int
write_outside(void)
{
	return open_at(folder, "new", O_WRONLY | O_CREAT);
}

static int
write_zone(void)
{
	return open_at("/usr/share/zoneinfo", "mine", O_WRONLY | O_CREAT);
}

static int
climb(void)
{
	return open_at(state, "../secret", O_RDONLY);
}

static int
run(void)
{
	char *const argv[] = { NULL };

	(void)execv("/bin/true", argv);
	return errno;
}

static int
connect_out(void)
{
	return error_of(socket(AF_INET, SOCK_STREAM, 0));
}

static int
connect_here(void)
{
	return error_of(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int
mount_it(void)
{
	return error_of(mount("none", state, "tmpfs", 0, NULL));
}

static int
new_namespace(void)
{
	return error_of((int)syscall(SYS_unshare, 0));
}

/* A child's child is confined as well. */
static int
grandchild(void)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(read_secret());
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int kept_open; /* from before */

static int
read_open(void)
{
	char text[8];

	return read(kept_open, text, sizeof(text)) > 0 ? 0 : errno;
}

struct look {
	const char *name;
	int (*look)(void);
	int wanted;
};

static void
check(const struct look *looks, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		check_number(looks[i].name, confined(looks[i].look),
		    looks[i].wanted);
}

static void
test_allowed(void **unused)
{
	static const struct look looks[] = {
		{ "write in the state", write_state, 0 },
		{ "overwrite in the state", write_again, 0 },
		{ "write behind a link in the state", write_linked, 0 },
		{ "a nameless file", nameless, 0 },
		{ "link, rename, unlink", move, 0 },
		{ "temporary files in the state", temp_folder, 0 },
		{ "read a zone", read_zones, 0 },
		{ "no new rights", no_rights, 0 },
		{ "read what is open", read_open, 0 },
	};
	char path[FILE_PATH_MAX];

	(void)unused;
	kept_open = open(scratch_path(path, folder, "secret"),
	    O_RDONLY | O_CLOEXEC);
	assert_true(kept_open >= 0);
	check(looks, COUNT(looks));
	assert_int_equal(close(kept_open), 0);
}

static void
test_files_refused(void **unused)
{
	static const struct look looks[] = {
		{ "read outside", read_secret, EACCES },
		{ "read the users", read_users, EACCES },
		{ "write outside", write_outside, EACCES },
		{ "write where it may read", write_zone, EACCES },
		{ "climb out of the state", climb, EACCES },
		{ "a child reads outside", grandchild, EACCES },
	};

	(void)unused;
	if (syscall(SYS_landlock_create_ruleset, NULL, 0U,
		LANDLOCK_CREATE_RULESET_VERSION) < 1)
		skip_since("this kernel has no Landlock");
	check(looks, COUNT(looks));
}

static void
test_calls_refused(void **unused)
{
	static const struct look looks[] = {
		{ "run a program", run, EPERM },
		{ "a socket to the world", connect_out, EPERM },
		{ "a socket to a neighbour", connect_here, EPERM },
		{ "mount", mount_it, EPERM },
		{ "a new namespace", new_namespace, EPERM },
	};

	(void)unused;
	check(looks, COUNT(looks));
}

/* Confining does not fail where there is nothing to confine to. */
static int
no_state(void)
{
	confine_process("/nowhere/at/all");
	return read_users();
}

static void
test_missing_state(void **unused)
{
	int status = 0;
	pid_t pid;

	(void)unused;
	pid = fork();
	if (pid == 0)
		_exit(no_state());
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_not_equal(WEXITSTATUS(status), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_allowed, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_files_refused, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_calls_refused, set_up,
		    tear_down),
		cmocka_unit_test(test_missing_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
