/* Keeping the uploads from growing for ever; part of the upkeep. */
#ifndef WORK_UPLOAD_KEEP_H
#define WORK_UPLOAD_KEEP_H

#include "base/err.h"

#include <stdint.h>

struct job_desk;

/*
 * Ends previews that were not confirmed within SETTING_UPLOAD_HOURS; costs
 * one read if there are none.  Then, while the files take more than
 * SETTING_UPLOAD_MB, lets go of the oldest that nobody is at work on: bad
 * rows of uploads that have ended, and previews, which expire.
 */
MUST_CHECK enum err upload_keep_run(struct job_desk *desk);

/*
 * Forgets uploads that were finished SETTING_KEEP_HOURS ago, or of which
 * there are more than SETTING_HISTORY, and removes
 * files that belong to nobody and to which nothing was done for age_us.
 * That must be longer than a file is written to at a stretch or is there
 * before its row: UPLOAD_KEEP_AGE_US is.
 */
MUST_CHECK enum err upload_keep_sweep(struct job_desk *desk, int64_t age_us);

#define UPLOAD_KEEP_AGE_US INT64_C(3600000000)

/*
 * Ends a preview, if it still is one, and removes its file.  For
 * upload_keep.c and upload_space.c.
 */
MUST_CHECK enum err upload_keep_expire(struct job_desk *desk, const char *id);

/*
 * The part of upload_keep_run() that makes room; files to which something was
 * done in the last age_us stay.
 */
MUST_CHECK enum err upload_space_run(struct job_desk *desk, int64_t age_us);

/* What the files of uploads take on the disk. */
MUST_CHECK enum err upload_space_read(const char *state, int64_t *bytes);

#endif
