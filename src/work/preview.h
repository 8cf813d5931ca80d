/*
 * What an import would do, told before it is done: first rows, problems by
 * kind, what the data would be afterwards, and what is odd without being
 * wrong.
 */
#ifndef WORK_PREVIEW_H
#define WORK_PREVIEW_H

#include "base/buf.h"
#include "base/problem.h"
#include "codec/dataset.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PREVIEW_ROWS 20     /* first rows that are shown */
#define PREVIEW_EXAMPLES 10 /* lines of a problem, stores of a warning */
#define PREVIEW_LOSERS 1000 /* stores that lose their rows */

/* Odd, but no error. */
enum warning {
	WARNING_WEEKDAYS_MISSING, /* closed on some weekdays */
	WARNING_ONE_WEEKDAY,      /* open on one weekday only */
	WARNING_SHORT_SHIFT,      /* a shift under 15 minutes */
	WARNING_NEVER_POLLED,     /* hours of a store without polls */
	WARNING_LOSES,            /* --whole: a store loses its rows */
	WARNING__MAX
};

struct preview_warning {
	uint64_t stores;
	struct buf examples; /* ids, each ended by NUL */
};

struct preview_group {
	uint64_t rows;
	uint64_t lines[PREVIEW_EXAMPLES];
};

struct preview {
	enum dataset dataset;
	struct buf rows; /* JSON arrays, with commas between */
	size_t row_count;
	struct preview_group groups[PROBLEM__MAX];
	bool has_stamps; /* polls: the two are set */
	int64_t oldest_us;
	int64_t newest_us;
	struct bulk_survey survey;
	struct preview_warning warnings[WARNING__MAX];
	enum err err; /* the first failure to note something */
};

void preview_init(struct preview *p, enum dataset dataset);
void preview_release(struct preview *p);

/* Notes a good row; the first ones are shown as they will be stored. */
void preview_row(struct preview *p, const struct dataset_row *row);

/* Notes a bad row. */
void preview_problem(struct preview *p, uint64_t line, enum problem_code code);

/* Looks at the data as it would be, before the commit or the rollback. */
MUST_CHECK enum err preview_finish(struct preview *p, struct bulk *bulk);

/* Appends the preview as a JSON object. */
void preview_json(const struct preview *p, struct buf *out);

#endif
