/*
 * Looking an id up.  A job that is finished costs one read and a stat; one
 * that is Running costs a read and a try of its slot's lock.  If that can be
 * taken, the worker is gone: what follows is desk_rescue()'s to decide, and
 * the row is read again.
 */
#include "work/job.h"

#include "sys/clock.h"
#include "sys/lock.h"
#include "work/job_desk.h"
#include "work/slot.h"
#include "work/spool.h"

#include <stdio.h>
#include <string.h>

/*
 * A worker is killed by its own alarm at the limit.  One that still holds
 * its slot so much later is stopped or stuck in the system; its job is given
 * up, and it finds that out when it wants to tell the result.
 */
#define GRACE_US INT64_C(60000000)

const char *const job_state_names[] = {
	[JOB_RUNNING] = "Running",
	[JOB_COMPLETE] = "Complete",
	[JOB_FAILED] = "Failed",
	[JOB_EXPIRED] = "Expired",
};

_Static_assert(sizeof(job_state_names) / sizeof(job_state_names[0]) == JOB__MAX,
    "every state has a name");

/* The note of the slot in which the job runs, if it is this job's. */
static bool
read_note(const struct job_desk *desk, const struct jobs_report *report,
    struct slot_note *note)
{
	slot_read(desk->settings.state, report->slot, note);
	return strcmp(note->id, report->job_id) == 0;
}

/* The job runs in a slot that somebody holds: is it held up? */
static enum err
check_time(struct job_desk *desk, const struct jobs_report *report,
    bool *changed)
{
	int64_t limit_us = desk->settings.value[SETTING_JOB_SECONDS] * 1000000;
	struct slot_note note;

	*changed = read_note(desk, report, &note) &&
	    clock_monotonic_us() - note.started_us > limit_us + GRACE_US;
	return *changed ? desk_fail(desk, report->job, report->job_id,
			      JOBS_END_OVERTIME, desk_overtime)
			: ERR_NONE;
}

static enum err
check_running(struct job_desk *desk, const struct jobs_report *report,
    bool *changed)
{
	int fd;
	enum err err = slot_take(desk->settings.state, report->slot, &fd);

	*changed = false;
	if (err == ERR_BUSY)
		return check_time(desk, report, changed);
	/* A folder that is gone is no unknown id. */
	if (err != ERR_NONE)
		return err == ERR_NOT_FOUND ? ERR_IO : err;
	*changed = true;
	err = desk_rescue(desk, report->slot);
	lock_drop(&fd);
	/* Whoever found the slot taken meanwhile relies on this look. */
	desk_start_worker(desk);
	return err;
}

static enum err
check_queued(struct job_desk *desk, const struct jobs_report *report,
    bool *changed)
{
	int64_t age_us = clock_now_us() - report->spawned_us;

	/* A worker was started just now, and needs a moment to be there. */
	*changed = age_us < 0 || age_us >= DESK_SPAWN_US;
	if (*changed)
		desk_start_worker(desk);
	return ERR_NONE;
}

enum err
desk_look_after(struct job_desk *desk, const struct jobs_report *report,
    bool *changed)
{
	static enum err (*const check[JOBS__MAX])(struct job_desk *,
	    const struct jobs_report *, bool *) = {
		[JOBS_QUEUED] = check_queued,
		[JOBS_RUNNING] = check_running,
	};

	*changed = false;
	return check[report->state] == NULL
	    ? ERR_NONE
	    : check[report->state](desk, report, changed);
}

/* Reads the row, and again if looking at it may have changed it. */
static enum err
find(struct job_desk *desk, const char *id, struct jobs_report *report)
{
	bool changed = false;
	enum err err = jobs_find(desk->jobs, id, report);

	if (err == ERR_NONE)
		err = desk_look_after(desk, report, &changed);
	return err == ERR_NONE && changed ? jobs_find(desk->jobs, id, report)
					  : err;
}

static enum job_state
public_state(const struct job_desk *desk, const char *id,
    const struct jobs_report *report)
{
	static const enum job_state states[JOBS__MAX] = {
		[JOBS_QUEUED] = JOB_RUNNING,
		[JOBS_RUNNING] = JOB_RUNNING,
		[JOBS_COMPLETE] = JOB_COMPLETE,
		[JOBS_FAILED] = JOB_FAILED,
	};

	if (report->expired)
		return JOB_EXPIRED;
	if (report->state == JOBS_COMPLETE &&
	    !spool_has(desk->settings.state, id))
		return JOB_EXPIRED;
	return states[report->state];
}

static void
show(const struct job_desk *desk, const char *id,
    const struct jobs_report *report, struct job_view *view)
{
	struct slot_note note;

	memset(view, 0, sizeof(*view));
	view->state = public_state(desk, id, report);
	view->created_us = report->created_us;
	view->as_of_us = report->as_of_us;
	view->rules = report->rules;
	/* An id that came to share a result is younger than this. */
	view->finished_us = report->finished_us > report->created_us
	    ? report->finished_us
	    : report->created_us;
	view->revision = report->revision;
	view->rows = report->rows;
	view->bytes = report->bytes;
	(void)snprintf(view->sha256, sizeof(view->sha256), "%s",
	    report->sha256);
	(void)snprintf(view->error, sizeof(view->error), "%s", report->error);
	if (report->state == JOBS_RUNNING && read_note(desk, report, &note)) {
		view->done = note.done;
		view->total = note.total;
	}
}

enum err
job_look(struct job_desk *desk, const char *id, struct job_view *view)
{
	struct jobs_report report;
	enum err err;

	if (!text_is_job_id(id))
		return ERR_INPUT;
	err = find(desk, id, &report);
	if (err == ERR_NONE)
		show(desk, id, &report, view);
	return err;
}
