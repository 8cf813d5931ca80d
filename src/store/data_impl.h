/* What the files of src/store/ share about the data; not for others. */
#ifndef STORE_DATA_IMPL_H
#define STORE_DATA_IMPL_H

#include "codec/pack.h"
#include "store/bulk.h"
#include "store/data.h"
#include "store/db.h"

/* Polls of one store and UTC day at the most: 11 a second. */
#define DATA_DAY_POLLS_MAX ((size_t)1000000)

struct data {
	struct db db;
	sqlite3_stmt *revision;
	sqlite3_stmt *past;
};

/* A list of polls that grows.  Zero state is empty; free(list). */
struct poll_list {
	struct poll *list;
	size_t n;
	size_t cap;
};

/* Makes room for `more` polls.  ERR_NO_MEMORY. */
MUST_CHECK enum err poll_list_room(struct poll_list *l, size_t more);

/*
 * Appends the polls of the block in column `column` of a row of stmt.
 * ERR_CORRUPT, logged, if it is no block.
 */
MUST_CHECK enum err poll_list_read(struct poll_list *l, sqlite3_stmt *stmt,
    int column, int32_t day);

/* Polls of a store between bulk_begin() and bulk_finish(): see bulk_polls.c. */
struct poll_bulk;

MUST_CHECK enum err
poll_bulk_open(struct db *db, bool whole, struct poll_bulk **out);
MUST_CHECK enum err poll_bulk_put(struct poll_bulk *p, const char *id,
    size_t len, const struct poll *poll);
/* Keeps the polls of the stores in temp.kept where they are all replaced. */
MUST_CHECK enum err
poll_bulk_finish(struct poll_bulk *p, struct bulk_counts *counts);
void poll_bulk_close(struct poll_bulk *p);

/*
 * The staging area of the data sets that replace rows of a store, the
 * tables temp.stage and temp.kept: see bulk_stage.c.
 */
struct stage;

MUST_CHECK enum err stage_open(struct db *db,
    const struct bulk_options *options, bool from_nothing, struct stage **out);
MUST_CHECK enum err
stage_put(struct stage *s, const struct dataset_row *row, bool *fits);
MUST_CHECK enum err stage_finish(struct stage *s, struct bulk_counts *counts);
/* True if something was changed, and noted so that it can be undone. */
bool stage_can_undo(const struct stage *s);
void stage_close(struct stage *s);

/* What is done at the end of every change of the data: see change.c. */

/* Removes the stores that no data set names any more. */
MUST_CHECK enum err change_drop_stores(struct db *db);

/*
 * Makes the data a new state: number, token, newest poll.  name: the data set
 * that has changed, NULL for all; added: rows that it has more than before.
 */
MUST_CHECK enum err
change_advance(struct db *db, const char *name, int64_t added);

/* The newest poll of all; *any is false while there is none. */
MUST_CHECK enum err change_newest(struct db *db, bool *any, int64_t *newest_us);

/* Counts the rows of every data set anew. */
MUST_CHECK enum err change_recount(struct db *db);

/* Finds a store's key, or makes one: see data.c. */
struct store_keys {
	struct db *db;
	sqlite3_stmt *find;
	sqlite3_stmt *make;
};

MUST_CHECK enum err store_keys_open(struct db *db, struct store_keys *k);
MUST_CHECK enum err
store_keys_get(struct store_keys *k, const char *id, size_t len, int64_t *key);
void store_keys_close(struct store_keys *k);

#endif
