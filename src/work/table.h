/*
 * The stores of a report as a table: one JSON object with an array for each
 * column, which is a fraction of what an object for each store would be.
 */
#ifndef WORK_TABLE_H
#define WORK_TABLE_H

#include "base/err.h"
#include "work/census.h"
#include "work/outfile.h"

#include <stdint.h>

/* Of more than so many stores only those that lost most are listed. */
#define TABLE_MAX 50000
#define TABLE_WORST 5000

struct table;

/* An empty table of the stores of a census. */
MUST_CHECK enum err table_new(const struct census *census, struct table **out);

/* Gives it back; NULL is allowed. */
void table_free(struct table *t);

/*
 * Adds a store, in order of the rows.  Its row number is a column where not
 * all stores are listed.  Failures stick and come out of table_write().
 */
void table_add(struct table *t, const struct census_store *store);

/* Writes the object, once.  The reckoner is the one that knows the zones. */
MUST_CHECK enum err table_write(struct table *t, int64_t as_of_us,
    const struct reckoner *reckoner, struct outfile *out);

#endif
