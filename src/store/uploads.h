/*
 * Files that came over the web, and the jobs that check and import them.
 * They are kept beside the jobs: store/jobs.h says what a change is.
 */
#ifndef STORE_UPLOADS_H
#define STORE_UPLOADS_H

#include "base/buf.h"
#include "codec/dataset.h"
#include "store/jobs.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UPLOADS_TEXT 201  /* bytes of the file, the user, with their NUL */
#define UPLOADS_ERROR 512 /* bytes of an error with its NUL */

enum uploads_state {
	UPLOADS_CHECKING,
	UPLOADS_PREVIEW,
	UPLOADS_REJECTED,
	UPLOADS_IMPORTING,
	UPLOADS_IMPORTED,
	UPLOADS_CANCELLED,
	UPLOADS_EXPIRED,
	UPLOADS_FAILED,
	UPLOADS__MAX
};

/* What a check or an import has counted. */
struct uploads_counts {
	uint64_t rows, new, changed, same, bad, removed;
};

/* A job that checks or imports an upload. */
struct uploads_order {
	enum jobs_kind kind;
	const char *id;      /* of the job */
	bool skip_bad;       /* leave the bad rows out of the import */
	const char *request; /* id of the request that asks; NULL: none */
};

struct uploads_new {
	const char *id;
	const char *job_id; /* of the job that checks it */
	enum dataset dataset;
	const char *file;
	const char *who;
	int64_t bytes;
	bool whole;
	const char *request; /* id of the request that brings it; NULL: none */
};

struct uploads_row {
	char id[JOB_ID_LEN + 1];
	enum uploads_state state;
	enum dataset dataset;
	char file[UPLOADS_TEXT];
	char who[UPLOADS_TEXT];
	int64_t bytes;
	bool whole;
	bool skip_bad;
	int64_t created_us;
	int64_t finished_us;    /* 0: not yet */
	char sha256[JOBS_HASH]; /* "": not known yet */
	int64_t revision;       /* of the data set at the preview */
	struct uploads_counts counts;
	char error[UPLOADS_ERROR]; /* "" for none */
	/* Its job while it is Checking or Importing: job to error. */
	struct jobs_report work;
};

/* What has become of an upload.  NULL and false leave what is there. */
struct uploads_outcome {
	enum uploads_state state;
	const char *error;
	const char *result;  /* JSON */
	const char *preview; /* JSON */
	const char *sha256;
	const struct uploads_counts *counts;
	const int64_t *revision;
};

extern const char *const uploads_state_names[UPLOADS__MAX];

/* May something still become of an upload in this state? */
bool uploads_is_open(enum uploads_state state);

/* Adds an upload that is Checking, and its job.  Within a change. */
MUST_CHECK enum err uploads_add(struct jobs *jobs,
    const struct uploads_new *upload, int64_t now_us);

/* Looks one up; ERR_NOT_FOUND, not logged, if there is none. */
MUST_CHECK enum err
uploads_find(struct jobs *jobs, const char *id, struct uploads_row *out);

/* The same by the job that it has. */
MUST_CHECK enum err
uploads_of_job(struct jobs *jobs, int64_t job, struct uploads_row *out);

/* Appends the result and the preview; nothing where there is none. */
MUST_CHECK enum err uploads_texts(struct jobs *jobs, const char *id,
    struct buf *result, struct buf *preview);

/*
 * Gives a preview a job, by which it is Importing (JOBS_IMPORT), or Checking
 * again (JOBS_CHECK), what was checked being forgotten.  Within a change.
 */
MUST_CHECK enum err uploads_queue(struct jobs *jobs, const char *id,
    const struct uploads_order *order, int64_t now_us);

/* Tells what has become of it; it then has no job.  Within a change. */
MUST_CHECK enum err uploads_tell(struct jobs *jobs, const char *id,
    const struct uploads_outcome *outcome, int64_t now_us);

/* Visits the newest ones, the latest first, `limit` at the most. */
MUST_CHECK enum err uploads_visit(struct jobs *jobs, size_t limit,
    void (*visit)(void *ctx, const struct uploads_row *row), void *ctx);

/*
 * One upload that has to be seen to: whose job has failed, or a preview that
 * was made of a file that came up to before_us.  ERR_NOT_FOUND, not logged,
 * if there is none.
 */
MUST_CHECK enum err
uploads_due(struct jobs *jobs, int64_t before_us, struct uploads_row *out);

/*
 * When that upload ended which has n beside it that ended later; INT64_MIN in
 * *us if there is none.
 */
MUST_CHECK enum err uploads_beyond(struct jobs *jobs, int64_t n, int64_t *us);

/* Forgets what was finished up to before_us.  Within a change. */
MUST_CHECK enum err uploads_forget(struct jobs *jobs, int64_t before_us);

#endif
