/*
 * The worker's life: a slot, the queue in it, the upkeep, and a last look at
 * the queue after letting go of the slot; for whoever found all slots taken
 * has left his job to us.  Making a report and telling its result is in
 * worker_job.c; checking and importing uploads is in worker_upload.c.
 */
#include "work/worker.h"

#include "sys/clock.h"
#include "sys/lock.h"
#include "sys/log.h"
#include "work/job_desk.h"
#include "work/slot.h"
#include "work/upkeep.h"
#include "work/worker_job.h"
#include "work/worker_upload.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NICER 10

static void
prepare_process(void)
{
	(void)umask(027);
	errno = 0;
	if (nice(NICER) == -1 && errno != 0)
		log_warn("nice: %s", strerror(errno));
}

static enum err
enter_slot(struct worker *w, int slot)
{
	const struct settings *settings = &w->desk.settings;
	enum err err;

	if (slot == WORKER_ANY_SLOT)
		return slot_take_any(settings->state,
		    (int)settings->value[SETTING_WORKERS], &w->slot,
		    &w->lock_fd);
	err = slot_adopt(settings->state, slot, WORKER_LOCK_FD);
	if (err != ERR_NONE)
		return ERR_INPUT;
	w->slot = slot;
	w->lock_fd = WORKER_LOCK_FD;
	return ERR_NONE;
}

static enum err
claim(struct worker *w, struct jobs_task *task)
{
	enum err err = jobs_begin(w->desk.jobs);

	if (err != ERR_NONE)
		return err;
	err = jobs_claim(w->desk.jobs, w->slot, clock_now_us(), task);
	if (err != ERR_NONE) {
		jobs_rollback(w->desk.jobs);
		return err;
	}
	err = jobs_commit(w->desk.jobs);
	if (err != ERR_NONE)
		jobs_task_release(task);
	return err;
}

/* Takes jobs until there are none. */
static enum err
work_queue(struct worker *w)
{
	struct jobs_task task;
	enum err err;

	while ((err = claim(w, &task)) == ERR_NONE) {
		err = task.kind == JOBS_REPORT ? worker_job_run(w, &task)
					       : worker_upload_run(w, &task);
		jobs_task_release(&task);
		if (err != ERR_NONE)
			return err;
		upkeep_run(&w->desk);
	}
	return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

/* Everything that is done in a slot, before it is let go. */
static enum err
work_in_slot(struct worker *w)
{
	enum err err = desk_rescue(&w->desk, w->slot);

	if (err == ERR_NONE)
		err = desk_rescue_others(&w->desk);
	return err == ERR_NONE ? work_queue(w) : err;
}

static enum err
look_once_more(struct worker *w, bool *again)
{
	bool can;
	enum err err = jobs_can_claim(w->desk.jobs, &can);

	*again = false;
	if (err != ERR_NONE || !can)
		return err;
	err = enter_slot(w, WORKER_ANY_SLOT);
	*again = err == ERR_NONE;
	/* Who has the slots will look as well. */
	return err == ERR_BUSY ? ERR_NONE : err;
}

enum err
worker_run_with(const struct settings *settings, int slot,
    const struct worker_means *means)
{
	struct worker w = { .means = *means, .lock_fd = -1 };
	enum err err;
	bool again = true;

	prepare_process();
	err = desk_init(&w.desk, settings);
	if (err == ERR_NONE)
		err = enter_slot(&w, slot);
	while (err == ERR_NONE && again) {
		err = work_in_slot(&w);
		lock_drop(&w.lock_fd);
		if (err == ERR_NONE)
			err = look_once_more(&w, &again);
	}
	lock_drop(&w.lock_fd);
	desk_release(&w.desk);
	return err;
}

enum err
worker_run(const struct settings *settings, int slot, worker_make *make)
{
	const struct worker_means means = { make, import_run };

	return worker_run_with(settings, slot, &means);
}

enum err
work_run(const struct settings *settings, int slot)
{
	return worker_run(settings, slot, report_make);
}
