/* Letting go of what is old.  See store/jobs.h. */
#ifndef STORE_JOBS_KEEP_H
#define STORE_JOBS_KEEP_H

#include "store/jobs.h"

#include <stddef.h>

#define JOBS_EXPIRE_MAX 256 /* ids that one change lets go */

struct jobs_ids {
	size_t count;
	char id[JOBS_EXPIRE_MAX][JOB_ID_LEN + 1];
};

/* True in *any if ids of finished jobs were given out up to before_us. */
MUST_CHECK enum err
jobs_any_old(struct jobs *jobs, int64_t before_us, bool *any);

/*
 * Marks ids of finished jobs that were given out up to before_us as expired,
 * and tells which: at most JOBS_EXPIRE_MAX, then there may be more.  Their
 * files are the caller's to remove once it has committed.
 */
MUST_CHECK enum err
jobs_expire(struct jobs *jobs, int64_t before_us, struct jobs_ids *out);

/*
 * The same for the complete job, of those that have files, for which an id
 * was last given out the longest ago, but not after before_us: all of its ids.
 * ERR_NOT_FOUND, not logged, if there is none.
 */
MUST_CHECK enum err
jobs_expire_job(struct jobs *jobs, int64_t before_us, struct jobs_ids *out);

/*
 * What the files of all reports take on the disk.  What was let go is not
 * counted any more, be its files removed or not.
 */
MUST_CHECK enum err jobs_space(struct jobs *jobs, int64_t *bytes);

/*
 * When that id was given out which has n younger ones beside it: of those
 * that are expired, or of the others.  INT64_MIN in *us if there is none.
 */
MUST_CHECK enum err
jobs_beyond(struct jobs *jobs, bool expired, int64_t n, int64_t *us);

/*
 * Forgets expired ids that were given out up to before_us, and jobs that no
 * id stands for any more.  Within a change.
 */
MUST_CHECK enum err jobs_forget(struct jobs *jobs, int64_t before_us);

/*
 * What the spool may hold under this name: *files if the id's files are
 * wanted (it was given out and not let go, and its job did not fail), *parts
 * if a worker may be writing them (its job is Running).
 */
MUST_CHECK enum err
jobs_keeps(struct jobs *jobs, const char *id, bool *files, bool *parts);

/* When the spool was last swept, and that it now is (within a change). */
MUST_CHECK enum err jobs_swept(struct jobs *jobs, int64_t *us);
MUST_CHECK enum err jobs_note_sweep(struct jobs *jobs, int64_t now_us);

#endif
