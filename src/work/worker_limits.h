/*
 * How long a job may run: the worker is killed by a signal when it takes
 * longer, by the wall or of CPU time, and leaves word of that in its slot.
 * Signal handlers are the process's; there is one worker to a process.
 */
#ifndef WORK_WORKER_LIMITS_H
#define WORK_WORKER_LIMITS_H

#include <stdint.h>

/* Begins a job that may take so many seconds; fd is the slot's lock file. */
void worker_limits_begin(int fd, int64_t seconds);

/* Ends it in time. */
void worker_limits_end(void);

#endif
