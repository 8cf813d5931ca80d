/* What upload*.c and worker_upload.c share; see work/upload.h. */
#ifndef WORK_UPLOAD_IMPL_H
#define WORK_UPLOAD_IMPL_H

#include "store/store.h"
#include "work/import.h"
#include "work/job_desk.h"

#include <stdbool.h>

#define UPLOAD_JSON_MAX ((size_t)16 * 1024 * 1024)

/* An import as the data tells of it. */
struct upload_done {
	bool is; /* it was committed */
	enum dataset dataset;
	struct uploads_counts counts;
};

/* Was the import with this id committed, and what did it do? */
MUST_CHECK enum err upload_done_find(struct job_desk *desk, const char *id,
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

#endif
