/* What job.c, worker.c and upkeep.c share; see work/job.h. */
#ifndef WORK_JOB_DESK_H
#define WORK_JOB_DESK_H

#include "store/store.h"
#include "sys/settings.h"
#include "work/job.h"

#include <stdbool.h>

#define DESK_TZDATA 32 /* bytes of the zone database's release */

struct job_desk {
	struct settings settings;
	struct jobs *jobs;
	struct data *data;                /* NULL until it is needed */
	char tzdata[DESK_TZDATA];         /* with data */
	char request[REQUEST_ID_LEN + 1]; /* that it acts for; "": none */
	bool hurried; /* its data is opened for who must answer */
};

/* Makes the folders of the state that are missing and opens the jobs. */
MUST_CHECK enum err
desk_init(struct job_desk *desk, const struct settings *settings);

/* Closes what is open.  The zero state may be released. */
void desk_release(struct job_desk *desk);

/* Makes the folder of the files that are served, if it is missing. */
MUST_CHECK enum err desk_make_spool(const struct job_desk *desk);

/* The id of the request that the desk acts for, or NULL. */
const char *desk_request(const struct job_desk *desk);

/* Opens the data, unless it is open. */
MUST_CHECK enum err desk_open_data(struct job_desk *desk);

/*
 * Puts jobs that are Running in the slot back into the queue, or ends them
 * if this was their last attempt or their time was up.  The caller holds the
 * slot's lock, and claimed none of them: their worker is gone.
 */
MUST_CHECK enum err desk_rescue(struct job_desk *desk, int slot);

/*
 * The same for all slots but those that somebody holds.  Look at the queue
 * afterwards: see desk_start_worker().
 */
MUST_CHECK enum err desk_rescue_others(struct job_desk *desk);

/*
 * Notices that the job's worker is gone or was never started, and does
 * something about it: *changed tells that the job is to be read again.
 */
MUST_CHECK enum err desk_look_after(struct job_desk *desk,
    const struct jobs_report *report, bool *changed);

/*
 * Ends a job that is not finished, for a reason and in words for people, and
 * removes what it has left.
 */
MUST_CHECK enum err desk_fail(struct job_desk *desk, int64_t job,
    const char *id, enum jobs_end end, const char *error);

/* What is told of a job that was stopped at its limit. */
extern const char desk_overtime[];

/*
 * Starts a worker if a job is queued for which none was started just now,
 * and a slot is free.  Failures are logged; a job for which it has failed
 * DESK_SPAWNS times in a row is ended.
 */
void desk_start_worker(struct job_desk *desk);

#define DESK_SPAWNS 5
/* A worker that was started has this long to take its job. */
#define DESK_SPAWN_US INT64_C(1000000)

#endif
