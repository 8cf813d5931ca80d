/*
 * Files that are whole or absent: written under NAME.tmp, synced, renamed,
 * and the folder synced.  A failure of any step is reported and leaves no
 * file under the final name that was not there before.
 */
#ifndef SYS_FILE_H
#define SYS_FILE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FILE_PATH_MAX 4096

/* A file being written, buffered.  Storage is the caller's. */
struct file_out {
	int fd;
	char path[FILE_PATH_MAX]; /* final name; "" where none is needed */
	char temp[FILE_PATH_MAX]; /* name while it is written */
	char *data;
	size_t used;
	uint64_t bytes; /* written so far, buffer included */
	enum err err;   /* the first failure; sticks */
};

/*
 * Opens path for writing as path.tmp (mode 0640); standard output if path is
 * "-"; a device or a pipe as it is.  On failure nothing needs to be closed.
 */
MUST_CHECK enum err file_out_open(struct file_out *f, const char *path);

/* Appends len bytes.  Failures stick and come out of file_out_publish(). */
void file_out_add(struct file_out *f, const void *data, size_t len);

/*
 * Makes what was added the file: flush, fsync, close, rename, fsync of the
 * folder.  On failure the temporary file is gone.  Standard output is only
 * flushed.  Either way f is closed.
 */
MUST_CHECK enum err file_out_publish(struct file_out *f);

/* Throws the file away.  Does nothing if it is closed already. */
void file_out_abort(struct file_out *f);

/* Writes all len bytes to fd, going on after interrupted or short writes. */
MUST_CHECK enum err file_write_all(int fd, const void *data, size_t len);

/* Syncs the folder that holds path, so that a rename or unlink in it stays. */
MUST_CHECK enum err file_sync_folder(const char *path);

/* Makes the folder (mode 0750) if it is missing.  Its parent must be there. */
MUST_CHECK enum err file_make_folder(const char *path);

/*
 * out = folder "/" name.  ERR_TOO_LARGE if it does not fit FILE_PATH_MAX;
 * logged.
 */
MUST_CHECK enum err
file_path(char out[FILE_PATH_MAX], const char *folder, const char *name);

#endif
