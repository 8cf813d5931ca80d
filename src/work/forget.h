/* Forgetting a store: all that any data set says of it. */
#ifndef WORK_FORGET_H
#define WORK_FORGET_H

#include "base/err.h"

struct job_desk; /* work/job.h */

/*
 * Removes the store from the data.  Not logged: ERR_NOT_FOUND, no data set
 * names it; ERR_BUSY, an import is being checked or applied.
 */
MUST_CHECK enum err forget_store(struct job_desk *desk, const char *id);

#endif
