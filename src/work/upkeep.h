/* Keeping the spool and the jobs from growing for ever. */
#ifndef WORK_UPKEEP_H
#define WORK_UPKEEP_H

struct job_desk;

/*
 * Lets go of reports older than SETTING_KEEP_HOURS, by the wall clock; a
 * clock that was set back only delays that.  Now and then also removes files
 * in the spool that belong to nobody, and forgets ids that have been expired
 * for three times as long again.  Uploads and their files are let go in the
 * same way: see work/upload_keep.h.  Failures are logged; the next run makes up
 * for them.
 */
void upkeep_run(struct job_desk *desk);

#endif
