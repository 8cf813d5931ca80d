/*
 * Checking and importing an upload.
 *
 * The check is the import itself, rolled back.  It is run against the
 * revision that the data set had just before, and again if that moved: so
 * the revision that the preview is bound to is the one that it was made of.
 *
 * An import is committed in one database and told in another.  Between the
 * two the worker may be killed; so before and after everything the data is
 * asked whether it has the import, whose id is the upload's.
 */
#include "work/worker_upload.h"

#include "sys/clock.h"
#include "sys/log.h"
#include "work/slot.h"
#include "work/upload_file.h"
#include "work/upload_impl.h"
#include "work/worker_limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHECK_TRIES 5

/* Why something failed, for people; the others are err_text()'s. */
static const char *const reasons[ERR__MAX] = {
	[ERR_NO_SPACE] = "the disk is full",
	[ERR_IO] = "reading or writing a file failed",
	[ERR_CORRUPT] = "the stored data is damaged",
	[ERR_NOT_FOUND] = "the file is not there any more",
	[ERR_BUSY] = "the data is being changed by somebody else",
};

struct errand {
	struct worker *w;
	const struct jobs_task *task;
	struct uploads_row row;
	struct slot_note note;
	int fd; /* the file; -1 for none */
	struct import_request request;
	struct import_result result;
	struct preview preview;
	struct uploads_outcome outcome; /* what is told */
	enum jobs_end end;              /* for the counts */
	struct uploads_counts counts;
	int64_t revision;
	struct buf result_json;
	struct buf preview_json;
	char error[UPLOADS_ERROR];
};

static void
note_progress(void *ctx, uint64_t rows, int64_t bytes)
{
	struct errand *e = ctx;

	(void)rows;
	e->note.done = (uint64_t)bytes;
	slot_write(e->w->lock_fd, &e->note);
}

static enum err
open_file(struct errand *e)
{
	char path[FILE_PATH_MAX];
	struct stat st;
	enum err err = upload_path(path, e->w->desk.settings.state, e->row.id,
	    UPLOAD_CSV);

	if (err != ERR_NONE)
		return err;
	e->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	/* What is checked must be what a power cut leaves. */
	if (e->fd < 0 || fstat(e->fd, &st) != 0 || fsync(e->fd) != 0) {
		err = err_from_errno(errno);
		log_error("open %s: %s", path, err_text(err));
		return err;
	}
	if ((int64_t)st.st_size == e->row.bytes)
		return ERR_NONE;
	log_error("%s has %lld bytes instead of %lld", path,
	    (long long)st.st_size, (long long)e->row.bytes);
	return ERR_CORRUPT;
}

/* Runs the import that the request describes, from the file's start. */
static enum err
run(struct errand *e)
{
	import_result_release(&e->result);
	import_result_init(&e->result);
	if (lseek(e->fd, 0, SEEK_SET) != 0)
		return ERR_IO;
	e->request.dataset = e->row.dataset;
	e->request.fd = e->fd;
	e->request.bytes = e->row.bytes;
	e->request.whole = e->row.whole;
	e->request.want_sha256 = true;
	e->request.progress = note_progress;
	e->request.progress_ctx = e;
	return e->w->means.import(e->w->desk.data, &e->request, &e->result);
}

/* What a run has counted and found becomes what is told. */
static void
take_result(struct errand *e)
{
	const struct import_result *r = &e->result;

	e->counts = (struct uploads_counts){ r->rows, r->counts.new,
		r->counts.changed, r->counts.same, r->bad, r->counts.removed };
	e->outcome.counts = &e->counts;
	upload_result_json(r, e->row.dataset, &e->result_json);
	e->outcome.result = buf_text(&e->result_json);
	if (r->sha256[0] != '\0')
		e->outcome.sha256 = r->sha256;
}

/* why: if err itself does not say it. */
static void
fail(struct errand *e, enum err err, const char *what, const char *why)
{
	if (why == NULL)
		why = reasons[err] != NULL ? reasons[err] : err_text(err);
	e->end = worker_end(err);
	(void)snprintf(e->error, sizeof(e->error), "The %s failed: %s.", what,
	    why);
	log_warn("%s", e->error);
	e->outcome.state = UPLOADS_FAILED;
	e->outcome.error = e->error;
}

static enum err
check_once(struct errand *e)
{
	struct data_dataset before;
	enum err err = data_dataset(e->w->desk.data, e->row.dataset, &before);

	if (err != ERR_NONE)
		return err;
	e->revision = before.revision;
	e->request.expected = &e->revision;
	preview_release(&e->preview);
	preview_init(&e->preview, e->row.dataset);
	return run(e);
}

static enum err
check_file(struct errand *e)
{
	char bad[FILE_PATH_MAX];
	const char *state = e->w->desk.settings.state;
	enum err err = open_file(e);
	int i;

	if (err == ERR_NONE)
		err = upload_path(bad, state, e->row.id, UPLOAD_BAD);
	if (err != ERR_NONE)
		return err;
	upload_remove(state, e->row.id, UPLOAD_BAD);
	e->request.dry_run = true;
	/* Bad rows alone are no failure of the check. */
	e->request.skip_bad = true;
	e->request.bad_rows = bad;
	e->request.preview = &e->preview;
	err = check_once(e);
	for (i = 1; i < CHECK_TRIES && err == ERR_CONFLICT; i++)
		err = check_once(e);
	e->request.bad_rows = NULL;
	return err;
}

static enum err
check(struct errand *e)
{
	enum err err = check_file(e);

	if (err == ERR_NONE) {
		take_result(e);
		preview_json(&e->preview, &e->preview_json);
		e->outcome.preview = buf_text(&e->preview_json);
		e->outcome.revision = &e->revision;
		e->outcome.state = UPLOADS_PREVIEW;
	} else if (e->result.file_error != PROBLEM_NONE) {
		take_result(e);
		e->outcome.error = buf_text(&e->result.message);
		e->outcome.state = UPLOADS_REJECTED;
	} else {
		fail(e, err, "check",
		    err == ERR_CONFLICT ? "the data set keeps changing" : NULL);
	}
	return ERR_NONE;
}

static enum err
import_file(struct errand *e)
{
	enum err err = open_file(e);

	if (err != ERR_NONE)
		return err;
	e->revision = e->row.revision;
	e->request.expected = &e->revision;
	e->request.expected_sha256 = e->row.sha256;
	e->request.skip_bad = e->row.skip_bad;
	e->request.id = e->row.id;
	e->request.file = e->row.file;
	e->request.who = e->row.who;
	return run(e);
}

/* Is it in the data already?  Then that is what is told. */
static enum err
find_done(struct errand *e, bool *is)
{
	struct upload_done done = { .is = false };
	enum err err = e->task->attempts > 1
	    ? upload_done_settle(&e->w->desk, e->row.id, &done)
	    : upload_done_find(&e->w->desk, e->row.id, &done);

	*is = err == ERR_NONE && done.is;
	if (!*is)
		return err;
	e->counts = done.row.counts;
	e->outcome.counts = &e->counts;
	buf_reset(&e->result_json);
	upload_done_json(&done, &e->result_json);
	e->outcome.result = buf_text(&e->result_json);
	e->outcome.state = UPLOADS_IMPORTED;
	return ERR_NONE;
}

static const char *
import_reason(const struct errand *e, enum err err)
{
	if (err == ERR_CONFLICT)
		return "the file is not the one that was checked";
	if (err != ERR_INPUT)
		return NULL;
	return e->result.file_error != PROBLEM_NONE
	    ? buf_text(&e->result.message)
	    : "rows are bad now that were good when it was checked";
}

/* The file is as it was, the data set is not: somebody decides once more. */
static void
return_to_preview(struct errand *e)
{
	log_info("the data set has changed since the preview");
	e->end = worker_end(ERR_CONFLICT);
	e->outcome.state = UPLOADS_PREVIEW;
}

static enum err
import(struct errand *e)
{
	enum err result, err;
	bool is;

	err = find_done(e, &is);
	if (err != ERR_NONE || is)
		return err;
	result = import_file(e);
	if (result == ERR_NONE) {
		take_result(e);
		e->outcome.state = UPLOADS_IMPORTED;
		return ERR_NONE;
	}
	/* A commit that failed may have happened all the same. */
	err = find_done(e, &is);
	if (err != ERR_NONE || is)
		return err;
	/* The hash is known only where the revision was right. */
	if (result == ERR_CONFLICT && e->result.sha256[0] == '\0')
		return_to_preview(e);
	else
		fail(e, result, "import", import_reason(e, result));
	return ERR_NONE;
}

/*
 * Within a change.  Who has given this worker up may have queued the job
 * again or have told a failure; an import that is in the data is told over
 * both.
 */
static enum err
tell_row(struct errand *e)
{
	const struct jobs_result none = { .end = e->end };
	struct jobs *jobs = e->w->desk.jobs;
	enum err err = jobs_complete(jobs, e->task, &none, clock_now_us());

	if (err == ERR_CONFLICT && e->outcome.state == UPLOADS_IMPORTED)
		err = ERR_NONE;
	return err == ERR_NONE
	    ? uploads_tell(jobs, e->row.id, &e->outcome, clock_now_us())
	    : err;
}

static enum err
tell(struct errand *e)
{
	struct jobs *jobs = e->w->desk.jobs;
	enum err err = buf_err(&e->result_json);

	if (err == ERR_NONE)
		err = buf_err(&e->preview_json);
	if (err == ERR_NONE)
		err = jobs_begin(jobs);
	if (err != ERR_NONE)
		return err;
	err = tell_row(e);
	if (err == ERR_NONE)
		err = jobs_commit(jobs);
	else
		jobs_rollback(jobs);
	if (err == ERR_CONFLICT) {
		log_warn("the job was given up meanwhile");
		return ERR_NONE;
	}
	if (err == ERR_NONE && !uploads_is_open(e->outcome.state))
		upload_remove(e->w->desk.settings.state, e->row.id, UPLOAD_CSV);
	return err;
}

/* Does the task within its time. */
static enum err
work(struct errand *e)
{
	struct worker *w = e->w;
	enum err err;

	memcpy(e->note.id, e->task->id, sizeof(e->note.id));
	e->note.total = (uint64_t)e->row.bytes;
	e->note.started_us = clock_monotonic_us();
	slot_write(w->lock_fd, &e->note);
	worker_limits_begin(w->lock_fd,
	    w->desk.settings.value[SETTING_JOB_SECONDS]);
	err = desk_open_data(&w->desk);
	if (err == ERR_NONE)
		err = e->task->kind == JOBS_CHECK ? check(e) : import(e);
	worker_limits_end();
	return err;
}

/* Another worker has told of the upload: nothing is left to do. */
static enum err
end_task(struct worker *w, const struct jobs_task *task)
{
	const struct jobs_result none = { .question = NULL };
	enum err err = jobs_begin(w->desk.jobs);

	if (err != ERR_NONE)
		return err;
	err = jobs_complete(w->desk.jobs, task, &none, clock_now_us());
	if (err == ERR_NONE)
		return jobs_commit(w->desk.jobs);
	jobs_rollback(w->desk.jobs);
	return err == ERR_CONFLICT ? ERR_NONE : err;
}

enum err
worker_upload_run(struct worker *w, const struct jobs_task *task)
{
	struct errand e = { .w = w, .task = task, .fd = -1 };
	enum err err = uploads_of_job(w->desk.jobs, task->job, &e.row);

	if (err == ERR_NOT_FOUND)
		return end_task(w, task);
	if (err != ERR_NONE)
		return err;
	log_context(task->request, e.row.id);
	log_info("%s begun, attempt %d", jobs_kind_names[task->kind],
	    task->attempts);
	import_result_init(&e.result);
	preview_init(&e.preview, e.row.dataset);
	buf_init(&e.result_json, UPLOAD_JSON_MAX);
	buf_init(&e.preview_json, UPLOAD_JSON_MAX);
	err = work(&e);
	if (err == ERR_NONE)
		err = tell(&e);
	if (err == ERR_NONE)
		log_info("%s ended: %s", jobs_kind_names[task->kind],
		    uploads_state_names[e.outcome.state]);
	else
		log_error("the upload is left as it is: %s", err_text(err));
	if (e.fd >= 0)
		(void)close(e.fd);
	buf_release(&e.preview_json);
	buf_release(&e.result_json);
	preview_release(&e.preview);
	import_result_release(&e.result);
	log_context(NULL, NULL);
	return err;
}
