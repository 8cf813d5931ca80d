/* Jobs as workers take, finish and lose them.  See store/jobs.h. */
#ifndef STORE_JOBS_WORK_H
#define STORE_JOBS_WORK_H

#include "store/jobs.h"

/* A job in a worker's hands.  The zero state may be released. */
struct jobs_task {
	int64_t job;
	enum jobs_kind kind;
	char id[JOB_ID_LEN + 1]; /* names the files of a report */
	int attempts;            /* this one included */
	int64_t as_of_us;        /* of a report, as are the others */
	struct uptime_rules rules;
	char *stores;                     /* JSON array of ids; NULL: all */
	char request[REQUEST_ID_LEN + 1]; /* that made it; "": not known */
};

struct jobs_result {
	/* What was found: an import may end so and its job be complete. */
	enum jobs_end end;
	const char *question; /* hash of what was answered; NULL: unsure */
	int64_t revision;
	uint64_t rows;
	uint64_t bytes;
	const char *sha256;
	int64_t disk_bytes; /* that its files take */
};

/* A queued job for which a worker should be started. */
struct jobs_due {
	int64_t job;
	int spawns; /* were, since any job was last taken */
};

/* Frees what the task holds. */
void jobs_task_release(struct jobs_task *task);

/*
 * Takes a queued job for a slot, whose lock the caller holds: the oldest of
 * uploads, unless one of these is Running, else the oldest of reports.  So
 * reports, for which anybody may ask, keep no upload waiting, and uploads
 * hold one slot at the most.  ERR_NOT_FOUND, not logged, if there is none to
 * be taken.  Within a change.
 */
MUST_CHECK enum err
jobs_claim(struct jobs *jobs, int slot, int64_t now_us, struct jobs_task *task);

/* True in *can if there is a job that jobs_claim() would take. */
MUST_CHECK enum err jobs_can_claim(struct jobs *jobs, bool *can);

/*
 * A job that is Running in the slot, told without its stores;
 * ERR_NOT_FOUND, not logged, if there is none.  Who holds the slot's lock
 * and did not claim the job itself knows by this that its worker is gone.
 */
MUST_CHECK enum err
jobs_running(struct jobs *jobs, int slot, struct jobs_task *task);

/* The lowest slot above `after` in which a job is Running; else -1. */
MUST_CHECK enum err jobs_running_slot(struct jobs *jobs, int after, int *slot);

/* Puts a Running job back into the queue.  Within a change. */
MUST_CHECK enum err jobs_requeue(struct jobs *jobs, int64_t job);

/*
 * Ends a job that is queued or Running, with a reason for the counts and one
 * for people.  Within a change.
 */
MUST_CHECK enum err jobs_fail(struct jobs *jobs, int64_t job, enum jobs_end end,
    const char *error, int64_t now_us);

/*
 * Ends a job with its result.  ERR_CONFLICT, not logged, if it is not
 * Running in this attempt any more: somebody has given the worker up.
 * Within a change.
 */
MUST_CHECK enum err
jobs_complete(struct jobs *jobs, const struct jobs_task *task,
    const struct jobs_result *result, int64_t now_us);

/*
 * Visits the ids of a job in the order of asking, those after number *after
 * only, and sets *after to the last one's number.  visit returns ERR_NONE to
 * go on; anything else ends the visits and is returned.
 */
MUST_CHECK enum err jobs_visit_ids(struct jobs *jobs, int64_t job,
    int64_t *after, enum err (*visit)(void *ctx, const char *id), void *ctx);

/*
 * The oldest job that could be taken and for which no worker was started
 * since since_us (or one after now_us, by a clock that jumped);
 * ERR_NOT_FOUND, not logged, if there is none.
 */
MUST_CHECK enum err jobs_spawn_due(struct jobs *jobs, int64_t since_us,
    int64_t now_us, struct jobs_due *due);

/* Notes that a worker is about to be started for it.  Within a change. */
MUST_CHECK enum err
jobs_spawn_note(struct jobs *jobs, int64_t job, int64_t now_us);

#endif
