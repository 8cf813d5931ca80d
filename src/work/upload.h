/*
 * Uploads: a CSV file that came over the web, checked by a worker, shown as a
 * preview, and imported once it is confirmed.
 *
 *	Checking -> Preview | Rejected | Failed
 *	Preview -> Importing | Cancelled | Expired
 *	Importing -> Imported | Failed, or Preview if the data set has changed
 *
 * The id of an upload is the id of its import.  Its files are
 * STATE/uploads/ID.csv, until nobody needs it any more, and ID.bad.csv, the
 * bad rows, which are kept as long as the upload is told of.
 */
#ifndef WORK_UPLOAD_H
#define WORK_UPLOAD_H

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

#define UPLOAD_FILE_MAX 200  /* bytes of a file's name that are kept */
#define UPLOAD_LIST_MAX 1000 /* imports that are listed at the most */

struct job_desk; /* work/job.h */

/* Why something is refused.  Both are static. */
struct upload_refusal {
	const char *code;    /* "bad_rows"; for programs */
	const char *message; /* a sentence */
};

struct upload_new {
	const char *path;    /* of the bytes, on the file system of STATE */
	const char *dataset; /* its name; "": the header line tells */
	const char *file;    /* name as it was given; for people */
	const char *who;
	bool whole; /* the file is the entire data set */
};

/*
 * Takes a file: moves it to the uploads, has it checked, and gives it an id,
 * which is on disk when this returns.  Takes milliseconds whatever the size.
 * On failure the file is where it was, or gone; it never comes back there,
 * as nobody might be left to remove it.
 *
 * Not logged, with a reason: ERR_INPUT, the data set is not known
 * ("unknown_dataset"), the header line tells none ("no_dataset"), the file is
 * "compressed"; ERR_BUSY, the queue is full ("queue_full").
 */
MUST_CHECK enum err
upload_take(struct job_desk *desk, const struct upload_new *upload,
    char id[JOB_ID_LEN + 1], struct upload_refusal *why);

/*
 * Appends the upload, or the import that was none, as a JSON object.
 * ERR_INPUT, not logged, if the id is malformed; ERR_NOT_FOUND, not logged,
 * if there is neither (any more).  Notices workers that died, as job_look()
 * does.
 */
MUST_CHECK enum err
upload_look(struct job_desk *desk, const char *id, struct buf *json);

/*
 * Confirms a preview: it will be imported, without the bad rows if skip_bad
 * says so.  Once only: confirming again what is Importing or Imported does
 * nothing, but notices that its worker is gone, as upload_look() does.
 * ERR_INPUT and ERR_NOT_FOUND as above.  ERR_CONFLICT, not logged,
 * with a reason: its state ("state_checking", "state_rejected",
 * "state_failed", "state_cancelled", "state_expired", "state_confirmed" with
 * another skip_bad), "bad_rows" that were not to be skipped, or
 * "data_changed": the data set is not as it was at the preview.
 */
MUST_CHECK enum err upload_confirm(struct job_desk *desk, const char *id,
    bool skip_bad, struct upload_refusal *why);

/*
 * Throws a preview away; doing so again does nothing.  Errors as for
 * upload_confirm(); the states in which it cannot be cancelled are reasons.
 */
MUST_CHECK enum err upload_cancel(struct job_desk *desk, const char *id,
    struct upload_refusal *why);

/*
 * Has a preview checked again, since the data set has changed; doing so
 * while it is Checking does nothing.  Errors as for upload_cancel().
 */
MUST_CHECK enum err upload_recheck(struct job_desk *desk, const char *id,
    struct upload_refusal *why);

/*
 * Gives the data set back what the import replaced, be it from the web or
 * the command line.  ERR_INPUT and ERR_NOT_FOUND as above; ERR_CONFLICT with
 * a reason: "no_undo_for_polls", "not_newest", or the upload's state.
 * ERR_BUSY, not logged: another import is being checked or applied.
 */
MUST_CHECK enum err
upload_undo(struct job_desk *desk, const char *id, struct upload_refusal *why);

/*
 * Appends the data sets and the newest imports, `limit` at the most, as one
 * JSON object: uploads, and what was imported otherwise.
 */
MUST_CHECK enum err
upload_list(struct job_desk *desk, size_t limit, struct buf *json);

/*
 * Is there a file STATE/uploads/ID.bad.csv to be shown?  ERR_INPUT and
 * ERR_NOT_FOUND, not logged, otherwise.
 */
MUST_CHECK enum err upload_bad_rows(struct job_desk *desk, const char *id);

#endif
