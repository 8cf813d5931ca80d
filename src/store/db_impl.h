/* What the files db*.c share; not for others. */
#ifndef STORE_DB_IMPL_H
#define STORE_DB_IMPL_H

#include "store/db.h"

/*
 * What STATE/NAME.lock notes of the database beside it.  A checkpoint of ours
 * empties the log (NAME.db-wal) and leaves the file; nobody else should touch
 * it.  So an empty log that the note does not know of was emptied by another
 * program, or removed.
 */
struct db_note {
	bool pending;   /* the log may hold what the database does not */
	int64_t change; /* the last that was committed, if changes have numbers;
			 * else 0 */
};

/* Takes the writer lock, as db_begin() does, and gives it back. */
MUST_CHECK enum err db_lock(struct db *db);
void db_unlock(struct db *db);

/* Reads the note; without one nothing is pending. */
MUST_CHECK enum err db_note_read(struct db *db, struct db_note *out);

/* Writes it to the disk, if it is another, under the lock. */
MUST_CHECK enum err db_note_write(struct db *db, const struct db_note *note);

/* Moves all of the log into the file.  True if the log is empty then. */
bool db_empty_log(struct db *db);

/* ERR_NEWER, logged, if only a later program knows the version. */
MUST_CHECK enum err db_judge_version(const struct db *db, int64_t version);
MUST_CHECK enum err db_read_version(struct db *db, int64_t *version);

#endif
