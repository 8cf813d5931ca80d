/* Keeping the spool and the jobs from growing for ever. */
#ifndef WORK_UPKEEP_H
#define WORK_UPKEEP_H

#include <stdint.h>

struct job_desk;

/*
 * Lets go of reports older than SETTING_KEEP_HOURS, by the wall clock; a
 * clock that was set back only delays that.  Then of those that nobody has
 * asked for longest, while the files take more than SETTING_KEEP_MB or more
 * than SETTING_HISTORY ids have some; but never of one that was given out in
 * the last UPKEEP_YOUNG_US: who has just been told of it may fetch it.
 *
 * Now and then also removes files in the spool that belong to nobody, and
 * forgets ids that have been expired for three times as long again, or of
 * which there are more than SETTING_HISTORY.  Uploads and their files are let
 * go in the same way: see work/upload_keep.h.  Failures are logged; the next
 * run makes up for them.
 */
void upkeep_run(struct job_desk *desk);

#define UPKEEP_YOUNG_US INT64_C(300000000)
#define UPKEEP_MB INT64_C(1048576)

#endif
