/* Forgetting a store: all that any data set says of it. */
#ifndef WORK_FORGET_H
#define WORK_FORGET_H

#include "base/err.h"

/*
 * Removes the store from the data of that state folder.  ERR_NOT_FOUND, not
 * logged, if no data set names it.  Waits for an import that is being applied.
 */
MUST_CHECK enum err forget_store(const char *state, const char *id);

#endif
