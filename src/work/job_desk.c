/*
 * The desk, and what it does about workers: seeing that one is gone, and
 * starting one.
 *
 * No job is left lying, since each who lets go of a slot looks at the queue
 * once more.  A job is committed before a slot is tried; so whoever holds the
 * slot, and thereby keeps the job's owner from starting a worker, sees the
 * job when it has let go.  A worker does so itself (worker.c); here it is
 * the loop of desk_start_worker().
 */
#include "work/job_desk.h"

#include "sys/clock.h"
#include "sys/lock.h"
#include "sys/log.h"
#include "sys/spawn.h"
#include "sys/tzdb.h"
#include "work/slot.h"
#include "work/spool.h"

#include <stdio.h>
#include <string.h>

#define ATTEMPTS 2

const char desk_overtime[] = "took longer than the limit";

static enum err
make_folder(const struct job_desk *desk, const char *name)
{
	char path[FILE_PATH_MAX];
	enum err err = file_path(path, desk->settings.state, name);

	return err == ERR_NONE ? file_make_folder(path) : err;
}

enum err
desk_make_spool(const struct job_desk *desk)
{
	return make_folder(desk, "spool");
}

enum err
desk_init(struct job_desk *desk, const struct settings *settings)
{
	static const char *const folders[] = { ".", "log", "slots", "spool",
		"uploads", "body" };
	enum err err = ERR_NONE;
	size_t i;

	memset(desk, 0, sizeof(*desk));
	desk->settings = *settings;
	for (i = 0; i < sizeof(folders) / sizeof(folders[0]) && err == ERR_NONE;
	     i++)
		err = make_folder(desk, folders[i]);
	return err == ERR_NONE ? jobs_open(&desk->jobs, settings->state) : err;
}

void
desk_release(struct job_desk *desk)
{
	data_close(desk->data);
	jobs_close(desk->jobs);
	memset(desk, 0, sizeof(*desk));
}

const char *
desk_request(const struct job_desk *desk)
{
	return desk->request[0] != '\0' ? desk->request : NULL;
}

enum err
desk_open_data(struct job_desk *desk)
{
	struct tzdb *zones;
	enum err err;

	if (desk->data != NULL)
		return ERR_NONE;
	err = tzdb_open(&zones);
	if (err != ERR_NONE)
		return err;
	(void)snprintf(desk->tzdata, sizeof(desk->tzdata), "%s",
	    tzdb_version(zones));
	tzdb_close(zones);
	err = data_open(&desk->data, desk->settings.state);
	if (err != ERR_NONE)
		desk->data = NULL;
	else if (desk->hurried)
		data_hurry(desk->data);
	/* A folder that is gone is no unknown store. */
	return err == ERR_NOT_FOUND ? ERR_IO : err;
}

static enum err
remove_id(void *ctx, const char *id)
{
	const struct job_desk *desk = ctx;

	spool_remove(desk->settings.state, id);
	return ERR_NONE;
}

/* Within a change. */
static enum err
fail(struct job_desk *desk, int64_t job, const char *id, enum jobs_end end,
    const char *error)
{
	int64_t after = 0;
	enum err err = jobs_fail(desk->jobs, job, end, error, clock_now_us());

	if (err != ERR_NONE)
		return err;
	log_warn("job %s failed: %s", id, error);
	spool_remove_parts(desk->settings.state, id);
	return jobs_visit_ids(desk->jobs, job, &after, remove_id, desk);
}

static enum err
commit_if(struct job_desk *desk, enum err err)
{
	if (err == ERR_NONE)
		return jobs_commit(desk->jobs);
	jobs_rollback(desk->jobs);
	return err;
}

enum err
desk_fail(struct job_desk *desk, int64_t job, const char *id, enum jobs_end end,
    const char *error)
{
	enum err err = jobs_begin(desk->jobs);

	if (err != ERR_NONE)
		return err;
	return commit_if(desk, fail(desk, job, id, end, error));
}

static enum err
settle(struct job_desk *desk, const struct jobs_task *task,
    const struct slot_note *note)
{
	if (note->overtime != 0 && strcmp(note->id, task->id) == 0)
		return fail(desk, task->job, task->id, JOBS_END_OVERTIME,
		    desk_overtime);
	if (task->attempts >= ATTEMPTS)
		return fail(desk, task->job, task->id, JOBS_END_LOST,
		    "the worker ended without a result, twice");
	log_warn("job %s: its worker is gone, trying again", task->id);
	return jobs_requeue(desk->jobs, task->job);
}

enum err
desk_rescue(struct job_desk *desk, int slot)
{
	struct slot_note note;
	struct jobs_task task;
	bool any = false;
	enum err err = jobs_begin(desk->jobs);

	if (err != ERR_NONE)
		return err;
	slot_read(desk->settings.state, slot, &note);
	while ((err = jobs_running(desk->jobs, slot, &task)) == ERR_NONE) {
		any = true;
		err = settle(desk, &task, &note);
		jobs_task_release(&task);
		if (err != ERR_NONE)
			break;
	}
	if (err == ERR_NOT_FOUND && any)
		return commit_if(desk, ERR_NONE);
	jobs_rollback(desk->jobs);
	return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

enum err
desk_rescue_others(struct job_desk *desk)
{
	int slot = -1, fd;
	enum err err;

	for (;;) {
		err = jobs_running_slot(desk->jobs, slot, &slot);
		if (err != ERR_NONE || slot < 0)
			return err;
		err = slot_take(desk->settings.state, slot, &fd);
		if (err == ERR_BUSY)
			continue;
		if (err == ERR_NONE)
			err = desk_rescue(desk, slot);
		lock_drop(&fd);
		if (err != ERR_NONE)
			return err;
	}
}

static enum err
find_due(struct job_desk *desk, struct jobs_due *due)
{
	int64_t now_us = clock_now_us();

	return jobs_spawn_due(desk->jobs, now_us - DESK_SPAWN_US, now_us, due);
}

/*
 * Notes the start of a worker before it happens: one that cannot be started
 * and one that dies before it takes a job count the same.
 */
static enum err
note_start(struct job_desk *desk)
{
	struct jobs_due due;
	enum err err = jobs_begin(desk->jobs), result;

	if (err != ERR_NONE)
		return err;
	while ((err = find_due(desk, &due)) == ERR_NONE &&
	    due.spawns >= DESK_SPAWNS) {
		err = jobs_fail(desk->jobs, due.job, JOBS_END_START,
		    "no worker could be started", clock_now_us());
		if (err != ERR_NONE)
			break;
	}
	if (err == ERR_NONE)
		err = jobs_spawn_note(desk->jobs, due.job, clock_now_us());
	/* Where nothing is due any more, some may have been ended. */
	result = commit_if(desk, err == ERR_NOT_FOUND ? ERR_NONE : err);
	return result == ERR_NONE ? err : result;
}

static enum err
start(struct job_desk *desk, int slot, int fd)
{
	char program[FILE_PATH_MAX], log[FILE_PATH_MAX];
	char state[FILE_PATH_MAX + 32], number[16];
	const char *argv[] = { "storemon", "work", number, NULL };
	const struct spawn spawn = { .program = program,
		.argv = argv,
		.variable = state,
		.log = log,
		.fd = fd };
	enum err err = spawn_find(program, "storemon");

	if (err == ERR_NONE)
		err = make_folder(desk, "log");
	if (err == ERR_NONE)
		err = file_path(log, desk->settings.state, "log/worker.log");
	if (err != ERR_NONE)
		return err;
	(void)snprintf(number, sizeof(number), "%d", slot);
	(void)snprintf(state, sizeof(state), "STOREMON_STATE=%s",
	    desk->settings.state);
	return spawn_start(&spawn);
}

void
desk_start_worker(struct job_desk *desk)
{
	int slots = (int)desk->settings.value[SETTING_WORKERS], slot, fd;
	struct jobs_due due;
	enum err err;

	while (find_due(desk, &due) == ERR_NONE) {
		if (slot_take_any(desk->settings.state, slots, &slot, &fd) !=
		    ERR_NONE)
			return;
		err = note_start(desk);
		if (err == ERR_NONE)
			(void)start(desk, slot, fd);
		lock_drop(&fd);
		if (err != ERR_NOT_FOUND)
			return;
	}
}
