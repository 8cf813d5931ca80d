/*
 * Removing old polls: begin, say what is to stay, then commit or abort.  All
 * of it is one transaction under the writer lock, of one state of the data.
 */
#ifndef STORE_PRUNE_H
#define STORE_PRUNE_H

#include "base/err.h"
#include "store/data.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct prune;

/* What goes, and what stays of the days before. */
struct prune_counts {
	uint64_t polls; /* that go */
	uint64_t days;  /* UTC days of which some go */
	uint64_t kept;  /* blocks, of a store and day, that stay */
};

/* Begins.  Waits for other writers.  What is read then is of one state. */
MUST_CHECK enum err prune_begin(struct data *data, struct prune **prune);

/* Says that a store's polls of that UTC day stay. */
MUST_CHECK enum err prune_keep(struct prune *p, int64_t key, int32_t day);

/* Removes all others of days before that one. */
MUST_CHECK enum err
prune_finish(struct prune *p, int32_t before_day, struct prune_counts *counts);

/*
 * Commits, as a new revision for which reports speak of kept_us and later.
 * Where no poll went, nothing changes.  The prune is gone, whatever is
 * returned.
 */
MUST_CHECK enum err prune_commit(struct prune *p, int64_t kept_us);

/* Leaves everything as it was.  NULL is allowed.  The prune is gone. */
void prune_abort(struct prune *p);

#endif
