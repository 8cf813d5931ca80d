/*
 * Lists of opening hours as sets, and as the blobs in which they are kept
 * (codec/pack.h).  For src/store/ only.
 */
#ifndef STORE_HOURS_LIST_H
#define STORE_HOURS_LIST_H

#include "base/err.h"
#include "core/schedule.h"

#include <stddef.h>
#include <stdint.h>

/* Rows of a list at the most: far above any need, far below a blob's limit. */
#define HOURS_LIST_MAX ((size_t)100000)

/* Zero state is empty; free(list) gives it back. */
struct hours_list {
	struct schedule_week_row *list;
	size_t n;
	size_t cap;
};

/* Appends a row.  ERR_TOO_LARGE, logged, above HOURS_LIST_MAX. */
MUST_CHECK enum err
hours_list_add(struct hours_list *l, const struct schedule_week_row *row);

/* Appends the rows of a blob.  ERR_CORRUPT, logged, if it is none. */
MUST_CHECK enum err
hours_list_read(struct hours_list *l, const void *blob, size_t len);

/* Sorts the rows and drops those that come again; returns how many did. */
size_t hours_list_make_set(struct hours_list *l);

/* How two sets differ. */
struct hours_difference {
	uint64_t new; /* in the first only */
	uint64_t same;
	uint64_t removed; /* in the second only */
};

/* Compares the set `now` with the set `before`. */
struct hours_difference hours_list_compare(const struct hours_list *now,
    const struct hours_list *before);

#endif
