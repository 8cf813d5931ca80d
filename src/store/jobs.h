/*
 * Jobs, and the ids that were answered for them: asking and looking up.  The
 * worker's part is in store/jobs_work.h, the upkeep in store/jobs_keep.h.
 *
 * Whatever changes something stands between jobs_begin() and jobs_commit(),
 * under the writer lock; nothing else is visible to others before that.
 */
#ifndef STORE_JOBS_H
#define STORE_JOBS_H

#include "base/err.h"
#include "base/text.h"
#include "core/uptime.h"

#include <stdbool.h>
#include <stdint.h>

#define JOBS_HASH 65       /* bytes of a SHA-256 in hex with its NUL */
#define JOBS_ERROR_MAX 128 /* bytes of a failure's text with its NUL */

struct jobs;

enum jobs_state {
	JOBS_QUEUED,
	JOBS_RUNNING,
	JOBS_COMPLETE,
	JOBS_FAILED,
	JOBS__MAX
};

/* How a job ends: complete, or why not. */
enum jobs_end {
	JOBS_END_COMPLETE,
	JOBS_END_INPUT,    /* what it was to work on is not there any more */
	JOBS_END_BUSY,     /* somebody else kept changing it */
	JOBS_END_MEMORY,   /* out of memory */
	JOBS_END_SPACE,    /* the disk is full */
	JOBS_END_IO,       /* reading or writing failed */
	JOBS_END_DAMAGE,   /* the stored data is damaged */
	JOBS_END_OVERTIME, /* it was stopped at the limit */
	JOBS_END_LOST,     /* its workers ended without a result */
	JOBS_END_START,    /* no worker could be started */
	JOBS_END_OTHER,
	JOBS_END__MAX
};

enum jobs_kind {
	JOBS_REPORT,
	JOBS_CHECK, /* of an upload: see store/uploads.h */
	JOBS_IMPORT,
	JOBS_KIND__MAX
};

/* The report that is to be made. */
struct jobs_order {
	const char *question; /* hash; NULL: not to be shared */
	int64_t as_of_us;
	struct uptime_rules rules;
	const char *stores;  /* JSON array of ids; NULL: all */
	const char *request; /* id of the request that asks; NULL: none */
};

/* An id that was given out, and its job as it stands. */
struct jobs_report {
	int64_t job;
	char job_id[JOB_ID_LEN + 1];
	enum jobs_state state;
	bool expired;        /* this id's files were let go */
	int slot;            /* Running: where */
	int64_t created_us;  /* of the id */
	int64_t spawned_us;  /* last start of a worker for it */
	int64_t finished_us; /* Complete, Failed */
	int64_t as_of_us;
	struct uptime_rules rules;
	int64_t revision; /* Complete, and the next three */
	uint64_t rows;
	uint64_t bytes;
	char sha256[JOBS_HASH];
	char error[JOBS_ERROR_MAX]; /* Failed */
};

/* A job that answers a question. */
struct jobs_match {
	int64_t job;
	char job_id[JOB_ID_LEN + 1];
	enum jobs_state state;
	int64_t shares; /* ids given out for it */
	/* The latest id whose files were not let go; "" if there is none. */
	char source[JOB_ID_LEN + 1];
};

/* Opens the jobs of a state folder, making them if they are missing. */
MUST_CHECK enum err jobs_open(struct jobs **jobs, const char *state);

/* Closes them; NULL is allowed. */
void jobs_close(struct jobs *jobs);

/* Has changes wait for others for a second only, as who must answer does. */
void jobs_hurry(struct jobs *jobs);

/*
 * Begins a change.  Waits for others; ERR_BUSY after a minute.  On failure
 * nothing is held.
 */
MUST_CHECK enum err jobs_begin(struct jobs *jobs);

/*
 * Makes the change last.  After a failure it has not happened, unless the
 * disk failed at the very end: who must know looks.
 */
MUST_CHECK enum err jobs_commit(struct jobs *jobs);

/* Leaves everything as it was.  Does nothing outside a change. */
void jobs_rollback(struct jobs *jobs);

/* Looks an id up; ERR_NOT_FOUND, not logged, if it was not given out. */
MUST_CHECK enum err
jobs_find(struct jobs *jobs, const char *id, struct jobs_report *out);

/*
 * The newest job of this question that did not fail; ERR_NOT_FOUND, not
 * logged, if there is none.
 */
MUST_CHECK enum err
jobs_match(struct jobs *jobs, const char *question, struct jobs_match *out);

/* Queues a job whose first id is `id`.  Within a change. */
MUST_CHECK enum err jobs_add(struct jobs *jobs, const char *id,
    const struct jobs_order *order, int64_t now_us);

/* Gives out one more id for a job.  Within a change. */
MUST_CHECK enum err
jobs_share(struct jobs *jobs, int64_t job, const char *id, int64_t now_us);

/* How many jobs of reports, or of uploads, are queued. */
MUST_CHECK enum err
jobs_count_queued(struct jobs *jobs, bool uploads, int64_t *count);

/* Reads the database through; ERR_CORRUPT, logged, if it is not well. */
MUST_CHECK enum err jobs_check(struct jobs *jobs);

#endif
