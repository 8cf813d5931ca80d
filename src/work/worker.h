/*
 * The worker: takes queued jobs one after the other, under the lock of one
 * worker slot, until there are none left.
 */
#ifndef WORK_WORKER_H
#define WORK_WORKER_H

#include "base/err.h"
#include "sys/settings.h"
#include "work/import.h"
#include "work/report.h"

#define WORKER_LOCK_FD 3 /* where a spawned worker finds its lock */
#define WORKER_ANY_SLOT (-1)

/* How a report is made: report_make(), or a test's stand-in. */
typedef enum err worker_make(const char *state,
    const struct report_request *request, struct report_result *result);

/* How an upload is checked or imported: import_run(), or a stand-in. */
typedef enum err worker_import(struct data *data,
    const struct import_request *request, struct import_result *result);

struct worker_means {
	worker_make *make;
	worker_import *import;
};

/*
 * Works until the queue is empty, in slot `slot`, whose lock must be open
 * and taken as WORKER_LOCK_FD (ERR_INPUT if it is not), or in any free slot
 * with WORKER_ANY_SLOT (ERR_BUSY if there is none).  The process is changed:
 * it runs nicer, with umask 027 and a limit on its CPU time, and it is killed
 * by a signal if a job takes longer than SETTING_JOB_SECONDS.
 */
MUST_CHECK enum err work_run(const struct settings *settings, int slot);

/* The same with another way to make reports. */
MUST_CHECK enum err
worker_run(const struct settings *settings, int slot, worker_make *make);

/* The same with other ways to do all that a worker does. */
MUST_CHECK enum err worker_run_with(const struct settings *settings, int slot,
    const struct worker_means *means);

#endif
