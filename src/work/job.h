/*
 * Reports as questions that are asked now and answered later: an id is given
 * out at once, a worker process makes the files, and the id is looked up
 * until there is a result.
 *
 * A desk is what one process needs to ask and to look: an open jobs database
 * with its statements.  Keep one for the life of a process; it must not
 * cross a fork.
 */
#ifndef WORK_JOB_H
#define WORK_JOB_H

#include "base/err.h"
#include "base/text.h"
#include "core/uptime.h"
#include "sys/settings.h"
#include "work/report.h"

#include <stddef.h>
#include <stdint.h>

#define JOB_STORES_MAX 1000 /* ids in a store filter */
#define JOB_ERROR_MAX 128   /* bytes of a failure's text with its NUL */

/* What the one who asked is told.  A job that waits is Running to him. */
enum job_state {
	JOB_RUNNING,
	JOB_COMPLETE, /* the files are there */
	JOB_FAILED,   /* ended, with a reason */
	JOB_EXPIRED,  /* was there once; the files are gone */
	JOB__MAX
};

/* "Running", "Complete", "Failed", "Expired". */
extern const char *const job_state_names[JOB__MAX];

struct job_question {
	int64_t as_of_us; /* or REPORT_LATEST */
	struct uptime_rules rules;
	const char *const *stores; /* ids, any order; NULL for all */
	size_t store_count;
};

struct job_view {
	enum job_state state;
	int64_t created_us; /* when the id was given out */
	int64_t as_of_us;   /* resolved */
	struct uptime_rules rules;
	/* Running: stores done and in all; 0 and 0 before it has begun. */
	uint64_t done;
	uint64_t total;
	/* Complete and Failed; never before created_us. */
	int64_t finished_us;
	/* Complete: of the report CSV. */
	int64_t revision;
	uint64_t rows;
	uint64_t bytes;
	char sha256[REPORT_SHA256];
	/* Failed: the reason, for people. */
	char error[JOB_ERROR_MAX];
};

struct job_desk;

/*
 * Opens the desk of a state folder, making what is missing in it.  What is
 * changed through it waits for an import for a second at the most.  From then
 * on the process ignores SIGCHLD, so that workers which it starts leave no
 * zombies: it cannot wait for children of its own any more.
 */
MUST_CHECK enum err
job_desk_open(struct job_desk **desk, const struct settings *settings);

/*
 * Tells for which request the desk acts from now on; its id is kept with the
 * jobs that it makes, so that their worker's lines in the log name it.
 */
void job_desk_for(struct job_desk *desk, const char *request);

/* Closes it; NULL is allowed.  Workers go on. */
void job_desk_close(struct job_desk *desk);

/*
 * Asks.  The id is on disk when this returns; a job that is asked the same
 * question of the same data shares its files with the new id.  Starts a
 * worker if one is free; that it cannot be started is no failure here.
 *
 * Not logged: ERR_CONFLICT, there are no polls yet; ERR_NOT_FOUND, a store of
 * the filter is not known; ERR_GONE, polls of that time were removed;
 * ERR_TOO_LARGE, more than JOB_STORES_MAX of them; ERR_INPUT, one of them is
 * no store id; ERR_BUSY, the queue is full.
 */
MUST_CHECK enum err job_trigger(struct job_desk *desk,
    const struct job_question *question, char id[JOB_ID_LEN + 1]);

/*
 * Looks an id up.  ERR_INPUT, not logged, if it is malformed; ERR_NOT_FOUND,
 * not logged, if it was never given out or long ago.  Costs one read in the
 * ordinary case; notices workers that died, and gets their jobs going again
 * or ends them.
 */
MUST_CHECK enum err
job_look(struct job_desk *desk, const char *id, struct job_view *view);

#endif
