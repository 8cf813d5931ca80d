/*
 * The four data sets as CSV files: their columns by header name, and their
 * rows checked and turned into values.
 */
#ifndef CODEC_DATASET_H
#define CODEC_DATASET_H

#include "base/buf.h"
#include "base/problem.h"
#include "codec/csv.h"
#include "core/schedule.h"
#include "core/uptime.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum dataset {
	DATASET_POLLS,
	DATASET_HOURS,
	DATASET_TIMEZONES,
	DATASET_SPECIAL_HOURS,
	DATASET__MAX
};

#define DATASET_COLUMNS 4 /* needed columns at the most */

/* "polls", "hours", "timezones", "special-hours". */
extern const char *const dataset_names[DATASET__MAX];

/* Reads such a name; false if it is none. */
bool dataset_parse(const char *name, enum dataset *out);

/* What rows are checked with. */
struct dataset_reader {
	enum dataset dataset;
	int64_t now_us; /* the wall clock: polls are at most 24 h ahead */
	/* True if it is the name of a time zone. */
	bool (*is_zone)(const void *ctx, const char *name, size_t len);
	const void *zone_ctx;
	/* Set by dataset_header(): */
	size_t columns;             /* of the header */
	size_t at[DATASET_COLUMNS]; /* field of each needed column */
};

/* A checked row.  Text points into the CSV row. */
struct dataset_row {
	const char *id;
	size_t id_len;
	struct poll poll;
	struct schedule_week_row week; /* hours; special hours: weekday 0 */
	int32_t date;                  /* special hours, else 0 */
	const char *zone;
	size_t zone_len;
	/* How far a bad row could be read: it names a store, and a date. */
	bool has_id;
	bool has_date;
};

/*
 * Looks at the first bytes of a file (8 are enough; fewer if it has no more):
 * PROBLEM_EMPTY_FILE, PROBLEM_COMPRESSED or PROBLEM_NONE.
 */
enum problem_code dataset_sniff(const char *bytes, size_t len);

/*
 * Reads the header line and remembers where the columns are.  What is wrong
 * is PROBLEM_NOT_TEXT or PROBLEM_BAD_HEADER, with a sentence for people added
 * to why (which column is missing or there twice, and which data set it looks
 * like).
 */
enum problem_code dataset_header(struct dataset_reader *r,
    const struct csv_row *header, struct buf *why);

/* The data set whose columns a header names; false if it is none's. */
bool dataset_guess(const struct csv_row *header, enum dataset *out);

/* Checks a row: the first problem that applies, or PROBLEM_NONE. */
enum problem_code dataset_row(const struct dataset_reader *r,
    const struct csv_row *csv, struct dataset_row *out);

#endif
