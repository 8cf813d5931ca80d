/*
 * The system's time zone database: which names there are, which release it
 * is, and the offsets of a zone as segments (core/zone.h).
 *
 * Names are checked against the database's own list before anything else
 * sees them: GTimeZone also takes POSIX strings and paths.
 */
#ifndef SYS_TZDB_H
#define SYS_TZDB_H

#include "base/err.h"
#include "core/zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TZDB_DEFAULT "America/Chicago" /* of a store without a zone */

struct tzdb;

/*
 * Reads the list.  ERR_IO, logged, if the system has no database;
 * ERR_NO_MEMORY.
 */
MUST_CHECK enum err tzdb_open(struct tzdb **out);

/* Gives it back; NULL is allowed. */
void tzdb_close(struct tzdb *db);

/* True unless the system's database was replaced since it was opened. */
bool tzdb_is_fresh(const struct tzdb *db);

/* True if the len bytes are a zone's or a link's name, in exact case. */
bool tzdb_has(const struct tzdb *db, const char *name, size_t len);

/* The release, like "2025b".  Valid until tzdb_close(). */
const char *tzdb_version(const struct tzdb *db);

/*
 * The offsets in force from from_s to to_s (seconds since the epoch), as a
 * new array for the caller to free(); at least one segment.  ERR_NOT_FOUND,
 * logged, if there is no such zone; ERR_IO, logged, if it cannot be read;
 * ERR_NO_MEMORY.
 */
MUST_CHECK enum err tzdb_segments(const struct tzdb *db, const char *name,
    int64_t from_s, int64_t to_s, struct zone *out);

#endif
