/* One job in a worker's hands; see work/worker.h. */
#ifndef WORK_WORKER_JOB_H
#define WORK_WORKER_JOB_H

#include "work/job_desk.h"
#include "work/worker.h"

struct worker {
	struct job_desk desk;
	struct worker_means means;
	int slot;
	int lock_fd; /* of the slot; -1 for none */
};

/*
 * Makes the report that the task asks for, and tells the result or why there
 * is none.  Fails only if that could not be told; whoever then looks at the
 * job finds that its worker is gone.
 */
MUST_CHECK enum err
worker_job_run(struct worker *worker, const struct jobs_task *task);

/* The end, for the counts, of a job whose work has failed with err. */
enum jobs_end worker_end(enum err err);

#endif
