/*
 * The spool: the folder STATE/spool of the files that are served.  Each id
 * has ID.csv, ID.detail.csv, ID.json, ID.stores.json and ID.strips.txt, and
 * each of these compressed beside it as NAME.gz; ids that share a job share
 * the files by hard links.
 */
#ifndef WORK_SPOOL_H
#define WORK_SPOOL_H

#include "base/err.h"
#include "base/text.h"
#include "sys/file.h"
#include "work/report.h"

#include <stdbool.h>
#include <stdint.h>

/* STATE/spool/ID.csv and so on. */
MUST_CHECK enum err spool_path(char out[FILE_PATH_MAX], const char *state,
    const char *id, enum report_file file);

/* True if the id's report CSV is there. */
bool spool_has(const char *state, const char *id);

/*
 * Gives the files of one id to another as well; what the other had is
 * replaced.  ERR_NOT_FOUND, not logged, if there is no report CSV; then, and
 * after a failure, the other id has no files.  Sync the folder afterwards.
 */
MUST_CHECK enum err
spool_link(const char *state, const char *from, const char *to);

/* What an id's files take on the disk, in bytes. */
int64_t spool_bytes(const char *state, const char *id);

/* Makes the names in the spool last. */
MUST_CHECK enum err spool_sync(const char *state);

/* Removes an id's files. */
void spool_remove(const char *state, const char *id);

/* Removes an id's half written files. */
void spool_remove_parts(const char *state, const char *id);

/*
 * Visits the names in the spool that belong to an id: part tells that it is
 * of a half written file.  Other names are passed over.  visit returns
 * ERR_NONE to go on; anything else ends the visits and is returned.
 */
MUST_CHECK enum err spool_visit(const char *state,
    enum err (*visit)(void *ctx, const char *id, bool part), void *ctx);

#endif
