/*
 * The results of a report between its two passes: records of one size,
 * written by rank in the order in which stores are read, read in the order in
 * which they are told.  They lie in a nameless file, so that memory does not
 * grow with the stores.
 */
#ifndef WORK_RESULTS_H
#define WORK_RESULTS_H

#include "base/err.h"

#include <stddef.h>

struct results;

/* Makes an empty one, for records of size bytes, in the state's tmp/. */
MUST_CHECK enum err
results_new(const char *state, size_t size, struct results **out);

/* Gives it back; NULL is allowed. */
void results_free(struct results *r);

/* Sets the result of a rank.  Ranks in a row are written together. */
MUST_CHECK enum err
results_put(struct results *r, size_t rank, const void *record);

/* Reads the result of a rank; quick for ranks in order. */
MUST_CHECK enum err results_get(struct results *r, size_t rank, void *record);

#endif
