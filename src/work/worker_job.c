/*
 * Making one report.  The files are whole under their names before the row
 * says Complete: report_make() writes those of the job's first id, the other
 * ids get theirs by links, most of them before the writer lock is taken, so
 * that those who ask are not kept waiting.
 */
#include "work/worker_job.h"

#include "sys/clock.h"
#include "sys/log.h"
#include "work/question.h"
#include "work/slot.h"
#include "work/spool.h"
#include "work/worker_limits.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define TELL_TRIES 3
#define TELL_WAIT_S 1

/* Why there is no report, for people; the others are err_text()'s. */
static const char *const reasons[ERR__MAX] = {
	[ERR_NOT_FOUND] = "a store of the filter is not known any more",
	[ERR_CONFLICT] = "there are no polls",
	[ERR_NO_SPACE] = "the disk is full",
	[ERR_IO] = "reading or writing a file failed",
	[ERR_CORRUPT] = "the stored data is damaged",
};

static const enum jobs_end ends[] = {
	[ERR_NONE] = JOBS_END_COMPLETE,
	[ERR_INPUT] = JOBS_END_INPUT,
	[ERR_NOT_FOUND] = JOBS_END_INPUT,
	[ERR_CONFLICT] = JOBS_END_INPUT,
	[ERR_GONE] = JOBS_END_INPUT,
	[ERR_TOO_LARGE] = JOBS_END_OTHER,
	[ERR_BUSY] = JOBS_END_BUSY,
	[ERR_NO_MEMORY] = JOBS_END_MEMORY,
	[ERR_NO_SPACE] = JOBS_END_SPACE,
	[ERR_IO] = JOBS_END_IO,
	[ERR_CORRUPT] = JOBS_END_DAMAGE,
	[ERR_NEWER] = JOBS_END_OTHER,
	[ERR_CANCELLED] = JOBS_END_OTHER,
};

_Static_assert(sizeof(ends) / sizeof(ends[0]) == ERR__MAX,
    "every error is the end of a job");

struct result {
	enum err err; /* of making it */
	struct report_result report;
	char hash[JOBS_HASH]; /* "" if it is unsure what was answered */
};

struct progress {
	struct slot_note note;
	int lock_fd;
};

enum jobs_end
worker_end(enum err err)
{
	return ends[err];
}

static void
note_progress(void *ctx, uint64_t done, uint64_t total)
{
	struct progress *p = ctx;

	p->note.done = done;
	p->note.total = total;
	slot_write(p->lock_fd, &p->note);
}

/* Has what is asked written as files under the task's id. */
static enum err
make_files(struct worker *w, const struct jobs_task *task,
    const struct report_request *asked, struct report_result *result)
{
	const char *state = w->desk.settings.state;
	char path[REPORT_FILE__MAX][FILE_PATH_MAX];
	struct report_request request = *asked;
	enum err err = desk_make_spool(&w->desk);
	enum report_file f;

	for (f = 0; f < REPORT_FILE__MAX && err == ERR_NONE; f++) {
		err = spool_path(path[f], state, task->id, f);
		request.path[f] = path[f];
	}
	if (err != ERR_NONE)
		return err;
	request.gzip = true;
	return w->means.make(state, &request, result);
}

/* Makes the report within its time. */
static enum err
make_report(struct worker *w, const struct jobs_task *task,
    struct report_result *result)
{
	struct question_filter filter = { .ids = NULL };
	struct progress progress = { .lock_fd = w->lock_fd };
	struct report_request request = { .as_of_us = task->as_of_us,
		.rules = task->rules,
		.progress = note_progress,
		.progress_ctx = &progress };
	enum err err = ERR_NONE;

	memcpy(progress.note.id, task->id, sizeof(progress.note.id));
	progress.note.started_us = clock_monotonic_us();
	slot_write(w->lock_fd, &progress.note);
	if (task->stores != NULL) {
		err = question_filter_read(&filter, task->stores);
		request.stores = filter.ids;
		request.store_count = filter.count;
	}
	worker_limits_begin(w->lock_fd,
	    w->desk.settings.value[SETTING_JOB_SECONDS]);
	if (err == ERR_NONE)
		err = make_files(w, task, &request, result);
	worker_limits_end();
	question_filter_release(&filter);
	return err;
}

/* The revision of now; false if it cannot be told. */
static bool
read_revision(struct worker *w, struct data_revision *out)
{
	return desk_open_data(&w->desk) == ERR_NONE &&
	    data_revision(w->desk.data, out) == ERR_NONE;
}

/*
 * Which question was answered: the data may have changed since it was asked.
 * If it was the same before and after, the report is of that revision; else
 * its token is not known for certain, and the result is not to be shared.
 */
static void
tell_question(struct worker *w, const struct jobs_task *task,
    const struct data_revision *before, struct result *result)
{
	struct data_revision after;
	const struct question question = { .revision = &after,
		.tzdata = w->desk.tzdata,
		.as_of_us = task->as_of_us,
		.rules = task->rules,
		.stores = task->stores };

	result->hash[0] = '\0';
	if (before == NULL || !read_revision(w, &after) ||
	    strcmp(before->token, after.token) != 0 ||
	    before->number != after.number ||
	    after.number != result->report.revision)
		return;
	if (question_hash(&question, result->hash) != ERR_NONE)
		result->hash[0] = '\0';
}

struct links {
	const char *state;
	const char *from;
};

static enum err
link_id(void *ctx, const char *id)
{
	const struct links *l = ctx;

	return strcmp(id, l->from) == 0 ? ERR_NONE
					: spool_link(l->state, l->from, id);
}

/* Within a change: links the files of ids after *after, and completes. */
static enum err
complete(struct worker *w, const struct jobs_task *task,
    const struct result *result, int64_t *after)
{
	struct links links = { w->desk.settings.state, task->id };
	const struct jobs_result row = {
		.question = result->hash[0] != '\0' ? result->hash : NULL,
		.revision = result->report.revision,
		.rows = result->report.rows,
		.bytes = result->report.bytes,
		.sha256 = result->report.sha256,
		.disk_bytes = spool_bytes(links.state, task->id),
	};
	enum err err = jobs_visit_ids(w->desk.jobs, task->job, after, link_id,
	    &links);

	if (err == ERR_NONE)
		err = spool_sync(links.state);
	if (err == ERR_NONE)
		err = jobs_complete(w->desk.jobs, task, &row, clock_now_us());
	return err;
}

static enum err
tell_complete(struct worker *w, const struct jobs_task *task,
    const struct result *result)
{
	struct links links = { w->desk.settings.state, task->id };
	int64_t after = 0;
	enum err err = jobs_visit_ids(w->desk.jobs, task->job, &after, link_id,
	    &links);

	if (err == ERR_NONE)
		err = jobs_begin(w->desk.jobs);
	if (err != ERR_NONE)
		return err;
	err = complete(w, task, result, &after);
	if (err == ERR_NONE)
		return jobs_commit(w->desk.jobs);
	jobs_rollback(w->desk.jobs);
	return err;
}

static enum err
tell_failed(struct worker *w, const struct jobs_task *task, enum err why)
{
	return desk_fail(&w->desk, task->job, task->id, worker_end(why),
	    reasons[why] != NULL ? reasons[why] : err_text(why));
}

static enum err
tell(struct worker *w, const struct jobs_task *task,
    const struct result *result)
{
	enum err err;

	if (result->err != ERR_NONE)
		return tell_failed(w, task, result->err);
	err = tell_complete(w, task, result);
	if (err != ERR_CONFLICT)
		return err;
	log_warn("the job was given up meanwhile");
	spool_remove(w->desk.settings.state, task->id);
	return ERR_NONE;
}

/* A commit that failed may have happened all the same. */
static bool
is_told(struct worker *w, const struct jobs_task *task)
{
	struct jobs_report report;

	return jobs_find(w->desk.jobs, task->id, &report) == ERR_NONE &&
	    report.state != JOBS_RUNNING;
}

/* Tells the result; if that cannot be, then why; if need be, repeatedly. */
static enum err
tell_surely(struct worker *w, const struct jobs_task *task,
    struct result *result)
{
	enum err err = ERR_NONE;
	int i;

	for (i = 0; i < TELL_TRIES; i++) {
		if (i > 0)
			(void)sleep(TELL_WAIT_S);
		err = tell(w, task, result);
		if (err == ERR_NONE || is_told(w, task))
			return ERR_NONE;
		if (i + 2 == TELL_TRIES && result->err == ERR_NONE)
			result->err = err;
	}
	log_error("the result could not be told: %s", err_text(err));
	return err;
}

enum err
worker_job_run(struct worker *w, const struct jobs_task *task)
{
	struct data_revision before;
	struct result result;
	bool known = read_revision(w, &before);
	int64_t start_us = clock_monotonic_us();
	enum err err;

	memset(&result, 0, sizeof(result));
	log_context(task->request, task->id);
	log_info("report begun, attempt %d", task->attempts);
	result.err = make_report(w, task, &result.report);
	if (result.err == ERR_NONE)
		tell_question(w, task, known ? &before : NULL, &result);
	err = tell_surely(w, task, &result);
	if (err == ERR_NONE && result.err == ERR_NONE)
		log_info("report complete: %" PRIu64 " rows in %.3f s",
		    result.report.rows,
		    (double)(clock_monotonic_us() - start_us) / 1e6);
	log_context(NULL, NULL);
	return err;
}
