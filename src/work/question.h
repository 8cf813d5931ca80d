/*
 * What a report was asked about, in the form in which it is kept: the store
 * filter as one text, and a hash of all that the answer depends on.
 */
#ifndef WORK_QUESTION_H
#define WORK_QUESTION_H

#include "base/err.h"
#include "core/uptime.h"
#include "store/store.h"

#include <stddef.h>
#include <stdint.h>

struct question {
	const struct data_revision *revision;
	const char *tzdata; /* release of the zone database */
	int64_t as_of_us;   /* resolved */
	struct uptime_rules rules;
	const char *stores; /* from question_stores(); NULL: all */
};

/* Hashes the question: equal ones, and only these, have the same hash. */
MUST_CHECK enum err
question_hash(const struct question *question, char out[JOBS_HASH]);

/*
 * The filter as a JSON array, in byte order and without repetitions, for the
 * caller to free().  The ids must be store ids.
 */
MUST_CHECK enum err
question_stores(const char *const *ids, size_t count, char **out);

/* A filter that was read.  The zero state may be released. */
struct question_filter {
	struct json_t *array;
	const char **ids; /* in array */
	size_t count;
};

/* Reads what question_stores() wrote; ERR_CORRUPT, logged, if it did not. */
MUST_CHECK enum err
question_filter_read(struct question_filter *filter, const char *stores);

/* Gives back what it holds. */
void question_filter_release(struct question_filter *filter);

#endif
