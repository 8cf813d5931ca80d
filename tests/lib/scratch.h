/*
 * What tests of files and processes share: a folder that goes away with the
 * test, and waiting for a condition with a limit.  Include after cmocka.h.
 */
#ifndef LIB_SCRATCH_H
#define LIB_SCRATCH_H

#include "sys/clock.h"
#include "sys/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SCRATCH_WAIT_US INT64_C(120000000)
#define SCRATCH_STEP_US 2000

/* How long a test waits before it fails; TEST_WAIT_S says otherwise. */
static inline int64_t
scratch_wait_us(void)
{
	const char *seconds = getenv("TEST_WAIT_S");

	return seconds != NULL ? INT64_C(1000000) * strtol(seconds, NULL, 10)
			       : SCRATCH_WAIT_US;
}

/* Waits until the condition holds; the test fails if it does not in time. */
#define wait_for(condition) \
	do { \
		int64_t until_us_ = clock_monotonic_us() + scratch_wait_us(); \
\
		while (!(condition)) { \
			if (clock_monotonic_us() > until_us_) \
				fail_msg("never: %s", #condition); \
			(void)usleep(SCRATCH_STEP_US); \
		} \
	} while (0)

/* Makes a new empty folder; its path goes to out. */
static inline void
scratch_make(char out[FILE_PATH_MAX])
{
	const char *base = getenv("TMPDIR");

	(void)snprintf(out, FILE_PATH_MAX, "%s/storemon-test.XXXXXX",
	    base != NULL && base[0] != '\0' ? base : "/tmp");
	assert_non_null(mkdtemp(out));
}

static inline int
scratch_remove_entry(const char *path, const struct stat *st, int type,
    struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

/* Removes a folder with all that is in it. */
static inline void
scratch_remove(const char *path)
{
	(void)nftw(path, scratch_remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* out = folder "/" name. */
static inline const char *
scratch_path(char out[FILE_PATH_MAX], const char *folder, const char *name)
{
	assert_int_equal(file_path(out, folder, name), ERR_NONE);
	return out;
}

/* Writes a whole file. */
static inline void
scratch_write(const char *folder, const char *name, const char *text)
{
	char path[FILE_PATH_MAX];
	int fd = open(scratch_path(path, folder, name),
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);

	assert_true(fd >= 0);
	assert_int_equal(file_write_all(fd, text, strlen(text)), ERR_NONE);
	assert_int_equal(close(fd), 0);
}

/* Reads a file of less than size bytes; "" if it is not there. */
static inline const char *
scratch_read(const char *folder, const char *name, char *out, size_t size)
{
	char path[FILE_PATH_MAX];
	int fd = open(scratch_path(path, folder, name), O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t n = 0;

	while (fd >= 0 && used < size - 1 &&
	    (n = read(fd, out + used, size - 1 - used)) > 0)
		used += (size_t)n;
	out[used] = '\0';
	if (fd >= 0)
		(void)close(fd);
	assert_true(n >= 0);
	return out;
}

/* True if there is such a file. */
static inline bool
scratch_has(const char *folder, const char *name)
{
	char path[FILE_PATH_MAX];

	return access(scratch_path(path, folder, name), F_OK) == 0;
}

/* How many files there are in such a folder. */
static inline int
scratch_count(const char *folder, const char *name)
{
	char path[FILE_PATH_MAX];
	DIR *dir = opendir(scratch_path(path, folder, name));
	struct dirent *entry;
	int n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL)
		n += entry->d_name[0] != '.';
	(void)closedir(dir);
	return n;
}

#endif
