/*
 * Bringing data in: begin, put rows, then commit or abort.  All of it is one
 * transaction under the writer lock, whatever the number of rows; memory
 * stays bounded, since rows are handed to the database in portions.
 */
#ifndef STORE_BULK_H
#define STORE_BULK_H

#include "base/err.h"
#include "codec/dataset.h"
#include "store/data.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BULK_IMPORTS_TOLD 10000

struct bulk;

struct bulk_options {
	enum dataset dataset;
	bool whole;  /* the rows are the entire data set */
	bool sample; /* the rows are a demonstration's */
	/* Revision that the data set must still be of; NULL: any. */
	const int64_t *expected;
};

/* What the rows did.  new + changed + same = rows put. */
struct bulk_counts {
	uint64_t new;
	uint64_t changed;    /* another status or zone than before */
	uint64_t same;       /* what was there before, or not taken */
	uint64_t removed;    /* rows there before that are not any more */
	bool sample_removed; /* the demonstration's data went */
};

/*
 * Begins.  Waits for other writers.  ERR_CONFLICT, not logged, if the data set
 * is not of the expected revision any more.  The first rows that are no
 * sample's remove the sample's data, if it is there, in the same transaction.
 */
MUST_CHECK enum err bulk_begin(struct data *data,
    const struct bulk_options *options, struct bulk **bulk);

/*
 * Puts one good row, in the order of the file; what it points to is copied.
 * *fits is false if it contradicts an earlier row (the conflict of zones and
 * special hours): the row is then not taken, and its store (store and date)
 * is kept as by bulk_keep().
 */
MUST_CHECK enum err
bulk_put(struct bulk *bulk, const struct dataset_row *row, bool *fits);

/*
 * Tells that a bad row named this store (this store and date, for special
 * hours): it keeps what it had, and its good rows count as same.  Polls keep
 * only where the rows are the entire data set.
 */
MUST_CHECK enum err
bulk_keep(struct bulk *bulk, const char *id, size_t len, int32_t date);

/*
 * Ends the putting: what has not been handed to the database yet is, and the
 * counts are final.
 */
MUST_CHECK enum err bulk_finish(struct bulk *bulk, struct bulk_counts *counts);

/* Visits the stores that keep what they had, in order; after bulk_finish(). */
MUST_CHECK enum err bulk_kept(struct bulk *bulk,
    void (*visit)(void *ctx, const char *id), void *ctx);

/* Visits the stores that lose theirs, as the rows are the entire data set. */
MUST_CHECK enum err bulk_losing(struct bulk *bulk,
    void (*visit)(void *ctx, const char *id), void *ctx);

/* What the data would be after a commit; after bulk_finish(). */
struct bulk_survey {
	uint64_t stores;
	uint64_t new_stores; /* that no data set named before */
	uint64_t without_hours;
	uint64_t without_zone;
	bool has_newest_before;
	int64_t newest_before_us;
	bool has_newest;
	int64_t newest_us;
};

MUST_CHECK enum err bulk_survey(struct bulk *bulk, struct bulk_survey *out);

/*
 * Visits the stores of which rows of hours were put, with the hours they
 * would have; polled: it has polls.  After bulk_finish(), hours only.
 */
MUST_CHECK enum err bulk_hours(struct bulk *bulk,
    void (*visit)(void *ctx, const char *id, bool polled,
	const struct schedule_week_row *rows, size_t n),
    void *ctx);

/* Tells where the rows come from, for the import's row.  Borrowed. */
void bulk_source(struct bulk *bulk, const char *file, const char *who,
    const char *sha256);

/*
 * Commits, with a row that tells of the import: its id, the rows of the file
 * and how many of them were bad.  The newest BULK_IMPORTS_TOLD imports of a
 * data set are told of, others are forgotten.  The bulk is gone, whatever is
 * returned.
 */
MUST_CHECK enum err bulk_commit(struct bulk *bulk, const char *import_id,
    uint64_t rows, uint64_t bad);

/* Leaves everything as it was.  NULL is allowed.  The bulk is gone. */
void bulk_abort(struct bulk *bulk);

/*
 * Removes a store from all data sets; ERR_NOT_FOUND, not logged, if no data
 * set names it.
 */
MUST_CHECK enum err bulk_forget(struct data *data, const char *id);

/*
 * Gives a data set back what the import with this id replaced.  ERR_CONFLICT,
 * not logged, if it is not the newest import that changed the data set, or is
 * one of polls, which cannot be undone.
 */
MUST_CHECK enum err
bulk_undo(struct data *data, enum dataset dataset, const char *import_id);

#endif
