/* Keeping the uploads from growing for ever; part of the upkeep. */
#ifndef WORK_UPLOAD_KEEP_H
#define WORK_UPLOAD_KEEP_H

#include "base/err.h"

#include <stdint.h>

struct job_desk;

/*
 * Ends previews that were not confirmed within SETTING_UPLOAD_HOURS.  Costs
 * one read if there are none.
 */
MUST_CHECK enum err upload_keep_run(struct job_desk *desk);

/*
 * Forgets uploads that were finished SETTING_KEEP_HOURS ago, and removes
 * files that belong to nobody and to which nothing was done for age_us.
 * That must be longer than a file is written to at a stretch or is there
 * before its row: UPLOAD_KEEP_AGE_US is.
 */
MUST_CHECK enum err upload_keep_sweep(struct job_desk *desk, int64_t age_us);

#define UPLOAD_KEEP_AGE_US INT64_C(3600000000)

#endif
