/* What upload*.c and worker_upload.c share; see work/upload.h. */
#ifndef WORK_UPLOAD_IMPL_H
#define WORK_UPLOAD_IMPL_H

#include "store/store.h"
#include "work/import.h"
#include "work/job_desk.h"

#include <stdbool.h>

#define UPLOAD_JSON_MAX ((size_t)16 * 1024 * 1024)

/* An import as the data tells of it, be it of an upload or not. */
struct upload_done {
	bool is;                /* it was committed */
	int64_t undone_us;      /* 0: it was not undone */
	struct uploads_row row; /* as of an upload; bytes: UPLOAD_ELSEWHERE */
};

#define UPLOAD_ELSEWHERE (-1) /* its file has not come over the web */

/* Takes what the data tells; ctx is a struct upload_done. */
void upload_done_take(void *ctx, const struct data_import *import);

/* Was the import with this id committed, and what did it do? */
MUST_CHECK enum err upload_done_find(struct job_desk *desk, const char *id,
    struct upload_done *out);

/*
 * The same of an import whose worker was killed: what it is told not to be in
 * the data no restart brings in any more.
 */
MUST_CHECK enum err upload_done_settle(struct job_desk *desk, const char *id,
    struct upload_done *out);

/* Its result as import_json() has it, but for the list of problems. */
void upload_done_json(const struct upload_done *done, struct buf *out);

/* Appends import_json() without the end of line. */
void upload_result_json(const struct import_result *r, enum dataset dataset,
    struct buf *out);

/*
 * Sees to uploads whose job was given up and to previews that nobody has
 * confirmed in time.
 */
MUST_CHECK enum err upload_freshen(struct job_desk *desk);

/*
 * Notices that nobody is at work on an upload that is Checking or Importing,
 * does something about it, and then reads it again.
 */
MUST_CHECK enum err
upload_look_after(struct job_desk *desk, struct uploads_row *row);

/*
 * Finds an upload as it is now.  ERR_INPUT, not logged, if the id is
 * malformed; ERR_NOT_FOUND, not logged, if there is none.
 */
MUST_CHECK enum err
upload_find(struct job_desk *desk, const char *id, struct uploads_row *out);

/* One upload as JSON, and what it is seen against: see upload_json.c. */
struct upload_scene {
	struct job_desk *desk;
	struct data_dataset sets[DATASET__MAX];
	struct buf *out;
};

/* Appends the upload but for the end of the object. */
void upload_json(const struct upload_scene *s, const struct uploads_row *row,
    int64_t undone_us);

/* Appends ,"NAME":"TEXT", or null for "". */
void upload_json_text(struct buf *out, const char *name, const char *text);

/* Appends ,"NAME":"STAMP", or null for 0. */
void upload_json_stamp(struct buf *out, const char *name, int64_t us);

#endif
