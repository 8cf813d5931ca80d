/*
 * Backups: a folder with a copy of both databases, of one moment, and their
 * sums.  Reports and uploads are not in it, nor is what is not data: the
 * settings, the password.
 */
#ifndef WORK_BACKUP_H
#define WORK_BACKUP_H

#include "base/err.h"
#include "sys/file.h"

#include <stdint.h>

/*
 * Makes a backup of a state as the folder `target`, which must not be there:
 * ERR_CONFLICT, not logged, if it is.  It is whole, and on the disk, when it
 * has its name; until then it is target.tmp, which is removed on failure, and
 * by the next backup if this one was killed.  *revision: of the data in it.
 *
 * Called by root, the state is read as its owner and the target written as
 * root: see sys/owner.h.
 */
MUST_CHECK enum err
backup_make(const char *state, const char *target, int64_t *revision);

/* A backup that is open to be restored. */
struct restore;

/*
 * Opens the files of a backup.  ERR_INPUT, not logged, if the folder is no
 * backup.
 */
MUST_CHECK enum err restore_open(const char *folder, struct restore **out);

/*
 * Makes the backup the state's data, all of it or nothing: ERR_CORRUPT,
 * logged, if it is damaged; ERR_BUSY, not logged, if the service, a worker or
 * somebody else is at work on the state.  If it is cut short, nobody can use
 * the state until it is done again.  What was there before is kept in a
 * folder of the state, whose name goes to former; "" if there was nothing.
 */
MUST_CHECK enum err
restore_run(struct restore *r, const char *state, char former[FILE_PATH_MAX]);

/* Gives it back; NULL is allowed. */
void restore_close(struct restore *r);

#endif
