/*
 * What tells that a backup is what was made: the file SHA256SUMS in it, as
 * `sha256sum -c` reads it, of the files of backup_files.
 */
#ifndef WORK_SUMS_H
#define WORK_SUMS_H

#include "base/err.h"
#include "store/store.h"

#include <stdbool.h>

#define SUMS_FILE "SHA256SUMS"
#define SUMS_HEX 65 /* of a hash, with its NUL */

struct sums {
	char hex[BACKUP_FILES][SUMS_HEX];
};

/* Reckons the hash of what is left to read of a file. */
MUST_CHECK enum err sums_of_fd(int fd, char hex[SUMS_HEX]);

/* Writes the file into a folder. */
MUST_CHECK enum err sums_write(const char *folder, const struct sums *sums);

/*
 * Reads it from a file that is open.  ERR_INPUT, not logged, if it is not of
 * this form: a line for each file, in their order, and nothing else.
 */
MUST_CHECK enum err sums_read(int fd, struct sums *sums);

#endif
