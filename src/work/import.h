/*
 * An import: a CSV file checked row by row and brought into the data, all of
 * it or nothing.
 */
#ifndef WORK_IMPORT_H
#define WORK_IMPORT_H

#include "base/buf.h"
#include "base/problem.h"
#include "codec/dataset.h"
#include "store/store.h"
#include "work/preview.h"

#include <stdbool.h>
#include <stdint.h>

#define IMPORT_PROBLEMS 1000 /* problems that are listed */
#define IMPORT_KEPT 1000     /* kept stores that are listed */

struct import_request {
	enum dataset dataset;
	int fd;         /* the file, read from where it stands */
	int64_t bytes;  /* its size for the progress; 0: not known */
	bool dry_run;   /* all the same, but rolled back */
	bool skip_bad;  /* apply the good rows though there are bad */
	bool whole;     /* the file is the entire data set */
	bool sample;    /* the rows are a demonstration's */
	const char *id; /* of the import; NULL: a new one */
	/* Where the file comes from, for the history; may be NULL. */
	const char *file;
	const char *who;
	/* Revision that the data set must still be of; NULL: any. */
	const int64_t *expected;
	bool want_sha256;            /* reckon the file's hash */
	const char *expected_sha256; /* it must have this one; or NULL */
	const char *bad_rows;        /* path for the bad rows as CSV; or NULL */
	struct preview *preview;     /* filled if it is not NULL */
	/* Told now and then; may be NULL. */
	void (*progress)(void *ctx, uint64_t rows, int64_t bytes);
	void *progress_ctx;
};

/* What came of it.  Initialise with import_result_init(). */
struct import_result {
	char id[JOB_ID_LEN + 1]; /* of the import */
	char sha256[65];         /* of the file, where it was wanted */
	uint64_t rows;           /* good and bad */
	uint64_t bad;
	struct bulk_counts counts;
	enum problem_code file_error; /* refused as a whole, or NONE */
	uint64_t file_line;           /* where */
	struct buf message;           /* sentence for file_error */
	struct problem problems[IMPORT_PROBLEMS];
	size_t problem_count;
	struct buf kept; /* stores that keep what they had, NUL ended */
	uint64_t kept_count;
	bool applied;
};

void import_result_init(struct import_result *r);
void import_result_release(struct import_result *r);

/*
 * Imports.  ERR_INPUT if the file is refused or has bad rows that were not to
 * be skipped: the result says why and nothing is applied.  Any other error is
 * the system's; nothing is applied then either, but for a failed commit
 * (ERR_IO, ERR_NO_SPACE): data_has_import() tells.  ERR_CONFLICT: the data set
 * or the file is not the expected one, or the data is real and the rows are a
 * sample's.  The file of bad rows is there only if there are any.
 */
MUST_CHECK enum err import_run(struct data *data,
    const struct import_request *request, struct import_result *result);

/*
 * Adds the result as the one JSON object of `import --json`.  Beside the
 * members that are always there: kept and kept_stores (the first
 * IMPORT_KEPT) if stores keep what they had for a bad row, and
 * sample_removed if the demonstration's data goes.
 */
void import_json(const struct import_result *r, enum dataset dataset,
    struct buf *out);

#endif
