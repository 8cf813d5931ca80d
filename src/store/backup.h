/*
 * Copies of both databases as they are at one moment, made while others go on
 * reading and writing.
 */
#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The files that a copy consists of, and those of a state as well. */
#define BACKUP_FILES 2
extern const char *const backup_files[BACKUP_FILES]; /* "data.db", ... */

struct backup;

/*
 * Opens a state's databases and holds on to them as they are now.  Waits for
 * who writes the jobs, but not for an import.
 */
MUST_CHECK enum err backup_open(const char *state, struct backup **out);

/* The revision of the data that is held. */
MUST_CHECK enum err backup_revision(struct backup *b, int64_t *number);

/*
 * Writes the copies into a folder that has none.  They are compact, have been
 * looked through (ERR_CORRUPT, logged, if the original is damaged), and need
 * no other file beside them.  What a failure leaves is the caller's to remove.
 */
MUST_CHECK enum err backup_copy(struct backup *b, const char *folder);

/* Lets go; NULL is allowed. */
void backup_close(struct backup *b);

/*
 * Makes copies in a folder fit for use: brought to the newest schema, read
 * through to the last block, and again with no other file beside them but
 * lock files.  ERR_CORRUPT or ERR_NEWER, logged, if that cannot be.
 */
MUST_CHECK enum err backup_settle(const char *folder);

/*
 * True if a restore of the state was begun and did not come to its end: the
 * databases are neither those of before nor those of the backup, and nobody
 * may open them.
 */
bool backup_is_interrupted(const char *state);

/* The folder of the state in which a restore is under way. */
#define BACKUP_RESTORE "restore"

#endif
