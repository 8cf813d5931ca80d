/*
 * Files that are whole or absent.  Failures are real ones: a limit of the
 * file's size, a folder in the way, a pipe that nobody reads; but for those of
 * fsync, which is this program's own.  Nothing here touches a device of the
 * machine.
 */
#include "sys/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "../lib/check.h"
#include "../lib/scratch.h"

#define BIG ((size_t)700 * 1024) /* more than two buffers */

static char folder[FILE_PATH_MAX];
static int fails_in; /* the so-manieth fsync from now on fails; 0: none */

int
fsync(int fd)
{
	if (fails_in > 0 && --fails_in == 0) {
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_fsync, fd);
}

static int
set_up(void **unused)
{
	(void)unused;
	scratch_make(folder);
	return 0;
}

static int
tear_down(void **unused)
{
	(void)unused;
	scratch_remove(folder);
	return 0;
}

/* Opens folder/name, which must work. */
static void
open_out(struct file_out *f, const char *name)
{
	char path[FILE_PATH_MAX];

	assert_int_equal(file_out_open(f, scratch_path(path, folder, name)),
	    ERR_NONE);
}

static void
assert_content(const char *name, const char *text)
{
	char out[64];

	assert_string_equal(scratch_read(folder, name, out, sizeof(out)), text);
}

static void
test_publish(void **state)
{
	char path[FILE_PATH_MAX];
	struct file_out f;
	struct stat st;

	(void)state;
	scratch_write(folder, "a", "old");
	open_out(&f, "a");
	file_out_add(&f, "new ", 4);
	file_out_add(&f, "", 0);
	file_out_add(&f, "text", 4);
	assert_int_equal(f.bytes, 8);
	/* Until the end the old one is there and the new one beside it. */
	assert_content("a", "old");
	assert_true(scratch_has(folder, "a.tmp"));
	assert_int_equal(file_out_publish(&f), ERR_NONE);
	assert_content("a", "new text");
	assert_false(scratch_has(folder, "a.tmp"));
	assert_int_equal(stat(scratch_path(path, folder, "a"), &st), 0);
	assert_int_equal(st.st_mode & 07137, 0);
	file_out_abort(&f);
	assert_content("a", "new text");
}

static void
test_empty(void **state)
{
	struct file_out f;

	(void)state;
	open_out(&f, "a");
	assert_int_equal(file_out_publish(&f), ERR_NONE);
	assert_true(scratch_has(folder, "a"));
	assert_content("a", "");
}

static void
test_big(void **state)
{
	static const size_t pieces[] = { BIG, 1, 1000, (size_t)256 * 1024 };
	char *text = malloc(BIG), *back = malloc(BIG + 2);
	size_t i, at;

	(void)state;
	assert_non_null(text);
	assert_non_null(back);
	for (i = 0; i < BIG; i++)
		text[i] = (char)('a' + i * 7 % 26);
	for (i = 0; i < COUNT(pieces); i++) {
		struct file_out f;

		open_out(&f, "big");
		for (at = 0; at < BIG; at += pieces[i])
			file_out_add(&f, text + at,
			    BIG - at < pieces[i] ? BIG - at : pieces[i]);
		assert_int_equal(f.bytes, BIG);
		assert_int_equal(file_out_publish(&f), ERR_NONE);
		scratch_read(folder, "big", back, BIG + 2);
		assert_int_equal(strlen(back), BIG);
		assert_memory_equal(back, text, BIG);
	}
	free(text);
	free(back);
}

static void
test_abort(void **state)
{
	struct file_out f;

	(void)state;
	scratch_write(folder, "a", "old");
	open_out(&f, "a");
	file_out_add(&f, "new", 3);
	file_out_abort(&f);
	file_out_abort(&f);
	assert_content("a", "old");
	assert_false(scratch_has(folder, "a.tmp"));
}

/* What was left by a process that was killed is written over. */
static void
test_leftover(void **state)
{
	struct file_out f;

	(void)state;
	scratch_write(folder, "a.tmp", "left over and longer");
	open_out(&f, "a");
	file_out_add(&f, "new", 3);
	assert_int_equal(file_out_publish(&f), ERR_NONE);
	assert_content("a", "new");
}

/* A full disk, as a limit of the file's size has it. */
static void
test_no_space(void **state)
{
	struct rlimit before, small;
	char *text = calloc(1, BIG);
	struct file_out f;
	enum err err;

	(void)state;
	assert_non_null(text);
	scratch_write(folder, "a", "old");
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = (rlim_t)300 * 1024;
	(void)signal(SIGXFSZ, SIG_IGN);
	open_out(&f, "a");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	file_out_add(&f, text, BIG);
	file_out_add(&f, text, BIG);
	err = file_out_publish(&f);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(err, ERR_NO_SPACE);
	assert_content("a", "old");
	assert_false(scratch_has(folder, "a.tmp"));
	free(text);
}

/* The name is taken by a folder while the file is written. */
static void
test_no_rename(void **state)
{
	char path[FILE_PATH_MAX];
	struct file_out f;

	(void)state;
	open_out(&f, "a");
	assert_int_equal(mkdir(scratch_path(path, folder, "a"), 0750), 0);
	assert_int_equal(file_out_publish(&f), ERR_IO);
	assert_false(scratch_has(folder, "a.tmp"));
	assert_int_equal(rmdir(path), 0);
}

/* Neither the file's sync may fail nor that of the folder, for its name. */
static void
test_no_sync(void **state)
{
	struct file_out f;
	int n;

	(void)state;
	for (n = 1; n <= 2; n++) {
		open_out(&f, "a");
		file_out_add(&f, "text", 4);
		fails_in = n;
		assert_int_equal(file_out_publish(&f), ERR_IO);
		assert_int_equal(fails_in, 0);
		assert_false(scratch_has(folder, "a"));
		assert_false(scratch_has(folder, "a.tmp"));
	}
	open_out(&f, "a");
	assert_int_equal(file_out_publish(&f), ERR_NONE);
}

static void
test_no_open(void **state)
{
	char path[FILE_PATH_MAX], longest[FILE_PATH_MAX];
	struct file_out f;

	(void)state;
	assert_int_equal(file_out_open(&f,
			     scratch_path(path, folder, "none/a")),
	    ERR_NOT_FOUND);
	file_out_abort(&f);
	assert_int_equal(file_out_open(&f, folder), ERR_IO);
	scratch_write(folder, "file", "");
	assert_int_equal(file_out_open(&f,
			     scratch_path(path, folder, "file/a")),
	    ERR_IO);
	memset(longest, 'x', sizeof(longest));
	longest[FILE_PATH_MAX - 4] = '\0';
	assert_int_equal(file_out_open(&f, longest), ERR_TOO_LARGE);
}

/* A pipe is written to as it is. */
static void
test_pipe(void **state)
{
	char path[FILE_PATH_MAX], back[16] = "";
	struct file_out f;
	int fd;

	(void)state;
	assert_int_equal(mkfifo(scratch_path(path, folder, "p"), 0600), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(fd >= 0);
	open_out(&f, "p");
	file_out_add(&f, "text", 4);
	assert_false(scratch_has(folder, "p.tmp"));
	assert_int_equal(file_out_publish(&f), ERR_NONE);
	assert_int_equal(read(fd, back, sizeof(back)), 4);
	assert_string_equal(back, "text");
	/* Nobody reads any more. */
	open_out(&f, "p");
	assert_int_equal(close(fd), 0);
	(void)signal(SIGPIPE, SIG_IGN);
	file_out_add(&f, "text", 4);
	assert_int_equal(file_out_publish(&f), ERR_IO);
	assert_true(scratch_has(folder, "p"));
}

/* Standard output is flushed and stays open. */
static void
test_stdout(void **state)
{
	char path[FILE_PATH_MAX];
	int saved = dup(STDOUT_FILENO), fd;
	struct file_out f;

	(void)state;
	(void)fflush(stdout);
	fd = open(scratch_path(path, folder, "out"), O_WRONLY | O_CREAT, 0600);
	assert_true(saved >= 0 && fd >= 0);
	assert_true(dup2(fd, STDOUT_FILENO) >= 0);
	assert_int_equal(file_out_open(&f, "-"), ERR_NONE);
	file_out_add(&f, "to stdout", 9);
	assert_int_equal(file_out_publish(&f), ERR_NONE);
	assert_int_equal(fcntl(STDOUT_FILENO, F_GETFD), 0);
	assert_true(dup2(saved, STDOUT_FILENO) >= 0);
	assert_int_equal(close(saved) + close(fd), 0);
	assert_content("out", "to stdout");
}

static void
test_paths(void **state)
{
	char out[FILE_PATH_MAX], part[FILE_PATH_MAX];

	(void)state;
	assert_int_equal(file_path(out, "/a/b", "c"), ERR_NONE);
	assert_string_equal(out, "/a/b/c");
	memset(part, 'x', sizeof(part));
	part[FILE_PATH_MAX - 3] = '\0';
	assert_int_equal(file_path(out, part, ""), ERR_NONE);
	assert_int_equal(file_path(out, part, "y"), ERR_NONE);
	assert_int_equal(strlen(out), FILE_PATH_MAX - 1);
	assert_int_equal(file_path(out, part, "yz"), ERR_TOO_LARGE);
}

static void
test_folders(void **state)
{
	char path[FILE_PATH_MAX];
	struct stat st;

	(void)state;
	scratch_path(path, folder, "new");
	assert_int_equal(file_make_folder(path), ERR_NONE);
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(st.st_mode & 0027, 0);
	assert_int_equal(file_make_folder(path), ERR_NONE);
	assert_int_equal(file_sync_folder(path), ERR_NONE);
	assert_int_equal(file_make_folder(scratch_path(path, folder, "no/new")),
	    ERR_NOT_FOUND);
	assert_int_equal(file_sync_folder(path), ERR_NOT_FOUND);
}

#define each(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		each(test_publish),
		each(test_empty),
		each(test_big),
		each(test_abort),
		each(test_leftover),
		each(test_no_space),
		each(test_no_rename),
		each(test_no_sync),
		each(test_no_open),
		each(test_pipe),
		each(test_stdout),
		each(test_paths),
		each(test_folders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
