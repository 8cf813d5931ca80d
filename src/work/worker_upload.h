/* One upload in a worker's hands; see work/worker.h. */
#ifndef WORK_WORKER_UPLOAD_H
#define WORK_WORKER_UPLOAD_H

#include "work/worker_job.h"

/*
 * Checks or imports the upload of the task, and tells what has become of it.
 * Fails only if that could not be told; whoever then looks at the upload
 * finds that its worker is gone.
 */
MUST_CHECK enum err
worker_upload_run(struct worker *worker, const struct jobs_task *task);

#endif
