/*
 * All stores of a report: each reckoned once, in the order in which they lie
 * in the file, then told in byte order of the id.
 */
#ifndef WORK_CENSUS_H
#define WORK_CENSUS_H

#include "base/err.h"
#include "core/cells.h"
#include "core/polled.h"
#include "store/store.h"
#include "work/reckon.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct census;

/* What is asked.  Everything pointed to is the caller's, for its life. */
struct census_question {
	const char *state; /* folder, for what lies between the passes */
	struct data *data; /* in a snapshot */
	struct reckoner *reckoner;
	int64_t as_of_us;          /* of the reckoner */
	const char *const *stores; /* ids, any order; NULL for all */
	size_t store_count;
	bool cells; /* census_week() and marks are wanted */
	/* Of more than list_max stores the list_worst that lost most open
	 * time in the week are listed, else all. */
	size_t list_max;
	size_t list_worst;
	/* Told now and then with stores done and in all; may be NULL. */
	void (*progress)(void *ctx, uint64_t done, uint64_t total);
	void *progress_ctx;
};

/* One store as it is told; valid until the next one. */
struct census_store {
	size_t row;     /* 0 for the first id in byte order */
	const char *id; /* len bytes, then a NUL */
	size_t len;
	bool listed;
	struct reckoned reckoned;
	struct cells_marks marks; /* with cells */
};

/* The week over all stores. */
struct census_week {
	struct cells_times lit;  /* sum over the stores that are not dark */
	struct cells_times dark; /* and over those that are */
	struct polled polled;
};

/*
 * Reckons the stores.  ERR_NOT_FOUND, not logged, if one of the filter is not
 * known; other failures are of storage, memory or disk.
 */
MUST_CHECK enum err
census_take(const struct census_question *question, struct census **out);

/* Gives it back; NULL is allowed. */
void census_free(struct census *c);

/* How many stores there are, each of a filter once; and how many are listed. */
size_t census_stores(const struct census *c);
size_t census_listed(const struct census *c);

/* The sums, if cells were asked for; valid until census_free(). */
const struct census_week *census_week(const struct census *c);

/*
 * Visits the stores in byte order of the id.  visit returns ERR_NONE to go
 * on; anything else ends the visits and is returned.
 */
MUST_CHECK enum err census_tell(struct census *c,
    enum err (*visit)(void *ctx, const struct census_store *store), void *ctx);

#endif
