/*
 * Of any number of stores the few that lost most: for a table whose length is
 * limited.
 */
#ifndef WORK_WORST_H
#define WORK_WORST_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct worst;

/* None yet; room for max of them, 1 or more. */
MUST_CHECK enum err worst_new(size_t max, struct worst **out);

/* Gives it back; NULL is allowed. */
void worst_free(struct worst *w);

/*
 * Adds a store by its rank, each once.  If there are more than max, it or
 * another goes: the one that lost least, of equal ones that of the highest
 * rank.
 */
void worst_add(struct worst *w, size_t rank, int64_t lost_us);

/* How many there are. */
size_t worst_count(const struct worst *w);

/* Puts them in order of rank, once all were added: for worst_has(). */
void worst_sort(struct worst *w);

/* True if a store with this rank is among them. */
bool worst_has(const struct worst *w, size_t rank);

#endif
