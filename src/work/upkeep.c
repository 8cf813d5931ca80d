/*
 * The upkeep, done by workers between jobs.
 *
 * Rows first, files after: an id is marked and committed as expired before
 * its files go, so that none is told Complete without its files.  A crash in
 * between, or between linking files and committing their id, leaves files
 * that no row speaks for; the sweep finds these.  It judges each name under
 * the writer lock, under which no id is half given out, and takes a half
 * written file only from a job that is not Running.
 */
#include "work/upkeep.h"

#include "sys/clock.h"
#include "sys/log.h"
#include "work/job_desk.h"
#include "work/spool.h"
#include "work/upload_keep.h"

#include <stdlib.h>

#define HOUR_US INT64_C(3600000000)
#define SWEEP_US HOUR_US /* between two sweeps */
#define FORGET_FACTOR 4  /* times the age of expiry */

/* How ids are chosen and marked: jobs_expire() or jobs_expire_job(). */
typedef enum err
mark(struct jobs *jobs, int64_t before_us, struct jobs_ids *ids);

static enum err
expire_some(struct job_desk *desk, mark *how, int64_t before_us,
    struct jobs_ids *ids)
{
	enum err err = jobs_begin(desk->jobs);
	size_t i;

	if (err != ERR_NONE)
		return err;
	err = how(desk->jobs, before_us, ids);
	if (err != ERR_NONE) {
		jobs_rollback(desk->jobs);
		return err;
	}
	err = jobs_commit(desk->jobs);
	for (i = 0; i < ids->count && err == ERR_NONE; i++)
		spool_remove(desk->settings.state, ids->id[i]);
	return err;
}

static enum err
expire_old(struct job_desk *desk, int64_t before_us, struct jobs_ids *ids)
{
	enum err err = ERR_NONE;
	bool any = true;

	while (err == ERR_NONE && any) {
		err = jobs_any_old(desk->jobs, before_us, &any);
		if (err == ERR_NONE && any)
			err = expire_some(desk, jobs_expire, before_us, ids);
	}
	return err;
}

static enum err
make_room(struct job_desk *desk, int64_t before_us, struct jobs_ids *ids)
{
	int64_t most = desk->settings.value[SETTING_KEEP_MB] * UPKEEP_MB;
	int64_t bytes = 0;
	enum err err = jobs_space(desk->jobs, &bytes);

	if (err == ERR_NONE && bytes > most)
		log_info("reports take %lld MiB: the oldest are let go",
		    (long long)(bytes / UPKEEP_MB));
	while (err == ERR_NONE && bytes > most) {
		err = expire_some(desk, jobs_expire_job, before_us, ids);
		if (err == ERR_NONE)
			err = jobs_space(desk->jobs, &bytes);
	}
	/* What is left is too young to go. */
	return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

/* By age, by number, by space. */
static enum err
expire(struct job_desk *desk, int64_t now_us, int64_t keep_us)
{
	struct jobs_ids *ids = malloc(sizeof(*ids));
	int64_t young_us = now_us - UPKEEP_YOUNG_US, beyond_us = 0;
	enum err err = ERR_NO_MEMORY;

	if (ids != NULL)
		err = expire_old(desk, now_us - keep_us, ids);
	if (err == ERR_NONE)
		err = jobs_beyond(desk->jobs, false,
		    desk->settings.value[SETTING_HISTORY], &beyond_us);
	if (err == ERR_NONE)
		err = expire_old(desk,
		    beyond_us < young_us ? beyond_us : young_us, ids);
	if (err == ERR_NONE)
		err = make_room(desk, young_us, ids);
	free(ids);
	return err;
}

/* What of the name has to go, if it is judged now? */
static enum err
judge(struct job_desk *desk, const char *id, bool part, bool *goes)
{
	bool files, parts;
	enum err err = jobs_keeps(desk->jobs, id, &files, &parts);

	*goes = part ? !parts : !files;
	return err;
}

static enum err
sweep_name(void *ctx, const char *id, bool part)
{
	struct job_desk *desk = ctx;
	bool goes;
	enum err err = judge(desk, id, part, &goes);

	if (err != ERR_NONE || !goes)
		return err;
	err = jobs_begin(desk->jobs);
	if (err != ERR_NONE)
		return err;
	err = judge(desk, id, part, &goes);
	if (err == ERR_NONE && goes) {
		log_info("removing files of %s, which nobody wants", id);
		if (part)
			spool_remove_parts(desk->settings.state, id);
		else
			spool_remove(desk->settings.state, id);
	}
	jobs_rollback(desk->jobs);
	return err;
}

static enum err
forget(struct job_desk *desk, int64_t now_us, int64_t keep_us)
{
	int64_t before_us = now_us - FORGET_FACTOR * keep_us, beyond_us = 0;
	enum err err = jobs_begin(desk->jobs);

	if (err != ERR_NONE)
		return err;
	err = jobs_beyond(desk->jobs, true,
	    desk->settings.value[SETTING_HISTORY], &beyond_us);
	if (err == ERR_NONE)
		err = jobs_forget(desk->jobs,
		    beyond_us > before_us ? beyond_us : before_us);
	if (err == ERR_NONE)
		err = jobs_note_sweep(desk->jobs, now_us);
	if (err == ERR_NONE)
		return jobs_commit(desk->jobs);
	jobs_rollback(desk->jobs);
	return err;
}

void
upkeep_run(struct job_desk *desk)
{
	int64_t keep_us = desk->settings.value[SETTING_KEEP_HOURS] * HOUR_US;
	int64_t now_us = clock_now_us(), swept_us = 0;
	enum err err = expire(desk, now_us, keep_us);

	if (err == ERR_NONE)
		err = upload_keep_run(desk);
	if (err == ERR_NONE)
		err = jobs_swept(desk->jobs, &swept_us);
	/* A sweep that lies ahead was noted by a clock that was wrong. */
	if (err != ERR_NONE ||
	    (now_us >= swept_us && now_us - swept_us < SWEEP_US))
		return;
	err = spool_visit(desk->settings.state, sweep_name, desk);
	if (err == ERR_NONE)
		err = upload_keep_sweep(desk, UPLOAD_KEEP_AGE_US);
	if (err == ERR_NONE)
		err = forget(desk, now_us, keep_us);
	if (err != ERR_NONE)
		log_warn("sweep of the spool: %s", err_text(err));
}
