/*
 * Reading the data sets.  A snapshot is one state of the data; everything
 * read between data_read_begin() and data_read_end() is of it.
 */
#ifndef STORE_DATA_H
#define STORE_DATA_H

#include "base/err.h"
#include "base/text.h"
#include "codec/dataset.h"
#include "core/schedule.h"
#include "core/uptime.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DATA_TOKEN 17    /* bytes of a revision's token with its NUL */
#define DATA_ZONE_MAX 64 /* bytes of the longest zone name with its NUL */

struct data;

/* Which state of the data this is. */
struct data_revision {
	int64_t number;         /* counts committed changes */
	char token[DATA_TOKEN]; /* random per change */
	bool has_polls;
	int64_t newest_us; /* the newest poll, if there are any */
	bool sample;       /* the demonstration's data */
	/* Older polls were removed: no report may speak of a time before. */
	int64_t kept_us; /* INT64_MIN: none were */
};

/*
 * One store as a scan shows it.  Pointers are valid until the next one.
 * week and special are NULL where there are none.
 */
struct data_store {
	int64_t key;    /* the store's number in the database */
	const char *id; /* id_len bytes, then a NUL */
	size_t id_len;
	const char *zone; /* NULL: none given */
	const struct schedule_week_row *week;
	size_t week_rows;
	const struct schedule_special_row *special;
	size_t special_rows;
	const struct poll *polls; /* in order, instants differ */
	size_t poll_count;
};

/* Opens the data of a state folder, making it if it is missing. */
MUST_CHECK enum err data_open(struct data **data, const char *state);

/* Closes it; NULL is allowed. */
void data_close(struct data *data);

/*
 * From now on a change waits for other writers for a second at the most, then
 * ends with ERR_BUSY, not logged: for who must answer meanwhile.
 */
void data_hurry(struct data *data);

/*
 * Lets what a writer was killed over have failed for good.  Killed before the
 * sync of its commit, it leaves frames that nobody sees, until a restart
 * counts them; a commit that changes nothing takes their place.
 */
MUST_CHECK enum err data_settle(struct data *data);

/* Begins a snapshot; end it with data_read_end(). */
MUST_CHECK enum err data_read_begin(struct data *data);

/* Ends the snapshot. */
void data_read_end(struct data *data);

/* Reads the revision. */
MUST_CHECK enum err data_revision(struct data *data, struct data_revision *out);

/* What a data set holds. */
struct data_dataset {
	int64_t revision; /* that last changed it; 0: none */
	uint64_t rows;
	char undo_import[JOB_ID_LEN + 1]; /* can be undone; "": none */
	bool undo_to_nothing;             /* it was the data set's first */
	char last_import[JOB_ID_LEN + 1]; /* newest not undone; "": none */
};

/* Looks at a data set. */
MUST_CHECK enum err
data_dataset(struct data *data, enum dataset dataset, struct data_dataset *out);

/* Counts the stores that have rows of it, which takes a look at each. */
MUST_CHECK enum err
data_dataset_stores(struct data *data, enum dataset dataset, uint64_t *count);

/* An import that was committed.  Text is "" where it is not known. */
struct data_import {
	char id[JOB_ID_LEN + 1];
	enum dataset dataset;
	int64_t at_us;
	int64_t revision;
	const char *file;
	const char *who;
	const char *sha256;
	uint64_t rows, new, changed, same, bad, removed;
	int64_t undone_us; /* 0: it was not undone */
};

/*
 * Visits the imports of a data set, the latest first, `limit` at the most,
 * those that were undone too.  Pointers are valid during the visit.
 */
MUST_CHECK enum err
data_imports(struct data *data, enum dataset dataset, size_t limit,
    void (*visit)(void *ctx, const struct data_import *import), void *ctx);

/*
 * Visits the import with this id; ERR_NOT_FOUND, not logged, if none was
 * committed.
 */
MUST_CHECK enum err data_find_import(struct data *data, const char *id,
    void (*visit)(void *ctx, const struct data_import *import), void *ctx);

/* How many stores there are. */
MUST_CHECK enum err data_count_stores(struct data *data, uint64_t *count);

/* The UTC day of the oldest poll; ERR_NOT_FOUND, not logged, without any. */
MUST_CHECK enum err data_first_day(struct data *data, int32_t *day);

/*
 * Visits all stores in order of their key, each with its polls of the UTC
 * days first_day to last_day, both included.  visit returns ERR_NONE to go
 * on; anything else ends the scan and is returned.  ERR_CORRUPT if a block
 * cannot be read.
 */
MUST_CHECK enum err
data_scan(struct data *data, int32_t first_day, int32_t last_day,
    enum err (*visit)(void *ctx, const struct data_store *store), void *ctx);

/*
 * The same for one store; ERR_NOT_FOUND, not logged, if there is none with
 * this id.  May not be called from a scan's visit.
 */
MUST_CHECK enum err
data_one(struct data *data, const char *id, int32_t first_day, int32_t last_day,
    enum err (*visit)(void *ctx, const struct data_store *store), void *ctx);

/*
 * Visits a store's polls of days before `before_day`, the latest day first,
 * within a day in order, until visit says *stop.  May be called from a
 * scan's visit.
 */
MUST_CHECK enum err
data_past(struct data *data, int64_t key, int32_t before_day,
    void (*visit)(void *ctx, const struct poll *polls, size_t n, bool *stop),
    void *ctx);

/* Visits all ids with their keys, in byte order of the id. */
MUST_CHECK enum err data_ids(struct data *data,
    enum err (*visit)(void *ctx, int64_t key, const char *id, size_t len),
    void *ctx);

/* Visits `limit` at the most of the ids that begin with prefix, likewise. */
MUST_CHECK enum err
data_find_ids(struct data *data, const char *prefix, size_t limit,
    enum err (*visit)(void *ctx, int64_t key, const char *id, size_t len),
    void *ctx);

/*
 * Reads everything there is and checks that it is what was written: SQLite's
 * own check, each block, each reference.  ERR_CORRUPT, logged, if not.
 */
MUST_CHECK enum err data_check(struct data *data);

#endif
