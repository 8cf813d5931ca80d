/*
 * Uploads that nobody is at work on any more: jobs that were given up, and
 * previews that were left lying.  An import whose worker was lost may have
 * been committed all the same; the data knows.
 *
 * As in the upkeep of reports, rows come first and files after.
 */
#include "work/upload_keep.h"

#include "sys/clock.h"
#include "sys/log.h"
#include "work/upkeep.h"
#include "work/upload_file.h"
#include "work/upload_impl.h"

#include <stdio.h>
#include <string.h>

#define HOUR_US INT64_C(3600000000)

/* An import that was given up, but had been committed. */
static enum err
tell_done(struct job_desk *desk, const struct uploads_row *row,
    const struct upload_done *done)
{
	struct uploads_outcome outcome = { .state = UPLOADS_IMPORTED,
		.counts = &done->row.counts };
	struct buf result;
	enum err err;

	buf_init(&result, UPLOAD_JSON_MAX);
	upload_done_json(done, &result);
	err = buf_err(&result);
	outcome.result = buf_text(&result);
	if (err == ERR_NONE)
		err = uploads_tell(desk->jobs, row->id, &outcome,
		    clock_now_us());
	buf_release(&result);
	return err;
}

static enum err
tell_lost(struct job_desk *desk, const struct uploads_row *row)
{
	char error[UPLOADS_ERROR];
	struct uploads_outcome outcome = { .state = UPLOADS_FAILED,
		.error = error };

	(void)snprintf(error, sizeof(error), "The %s failed: %s.",
	    row->state == UPLOADS_CHECKING ? "check" : "import",
	    row->work.error);
	return uploads_tell(desk->jobs, row->id, &outcome, clock_now_us());
}

/* Within a change. */
static enum err
settle(struct job_desk *desk, const struct uploads_row *row)
{
	const struct uploads_outcome expired = { .state = UPLOADS_EXPIRED };
	struct upload_done done = { .is = false };
	enum err err = ERR_NONE;

	if (row->state == UPLOADS_PREVIEW)
		return uploads_tell(desk->jobs, row->id, &expired,
		    clock_now_us());
	if (row->state == UPLOADS_IMPORTING)
		err = upload_done_settle(desk, row->id, &done);
	if (err != ERR_NONE)
		return err;
	return done.is ? tell_done(desk, row, &done) : tell_lost(desk, row);
}

static enum err
find_due(struct job_desk *desk, struct uploads_row *row)
{
	return uploads_due(desk->jobs,
	    clock_now_us() -
		desk->settings.value[SETTING_UPLOAD_HOURS] * HOUR_US,
	    row);
}

/* Settles the one that is due, if it still is. */
static enum err
settle_next(struct job_desk *desk)
{
	struct uploads_row row;
	enum err err = jobs_begin(desk->jobs);

	if (err != ERR_NONE)
		return err;
	err = find_due(desk, &row);
	if (err == ERR_NONE)
		err = settle(desk, &row);
	if (err != ERR_NONE) {
		jobs_rollback(desk->jobs);
		return err;
	}
	err = jobs_commit(desk->jobs);
	if (err == ERR_NONE)
		upload_remove(desk->settings.state, row.id, UPLOAD_CSV);
	return err;
}

enum err
upload_freshen(struct job_desk *desk)
{
	struct uploads_row row;
	enum err err;

	do {
		err = find_due(desk, &row);
		if (err == ERR_NONE)
			err = settle_next(desk);
	} while (err == ERR_NONE);
	return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

enum err
upload_keep_expire(struct job_desk *desk, const char *id)
{
	struct uploads_row row;
	enum err err = jobs_begin(desk->jobs);

	if (err != ERR_NONE)
		return err;
	err = uploads_find(desk->jobs, id, &row);
	if (err == ERR_NONE && row.state != UPLOADS_PREVIEW)
		err = ERR_NOT_FOUND;
	if (err == ERR_NONE)
		err = settle(desk, &row);
	if (err == ERR_NONE)
		err = jobs_commit(desk->jobs);
	else
		jobs_rollback(desk->jobs);
	if (err == ERR_NONE)
		upload_remove(desk->settings.state, id, UPLOAD_CSV);
	/* Meanwhile somebody has done something with it. */
	return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

enum err
upload_keep_run(struct job_desk *desk)
{
	enum err err = upload_freshen(desk);

	return err == ERR_NONE ? upload_space_run(desk, UPKEEP_YOUNG_US) : err;
}

/* A row that came after the file was seen is no matter: the file is old. */
static enum err
judge(void *ctx, const char *id, enum upload_file file, bool *goes)
{
	struct job_desk *desk = ctx;
	struct uploads_row row;
	enum err err = uploads_find(desk->jobs, id, &row);

	*goes = err == ERR_NOT_FOUND ||
	    (err == ERR_NONE && file == UPLOAD_CSV &&
		!uploads_is_open(row.state));
	return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

enum err
upload_keep_sweep(struct job_desk *desk, int64_t age_us)
{
	int64_t keep_us = desk->settings.value[SETTING_KEEP_HOURS] * HOUR_US;
	int64_t before_us = clock_now_us() - keep_us, beyond_us = 0;
	enum err err = jobs_begin(desk->jobs);

	if (err != ERR_NONE)
		return err;
	err = uploads_beyond(desk->jobs, desk->settings.value[SETTING_HISTORY],
	    &beyond_us);
	if (err == ERR_NONE)
		err = uploads_forget(desk->jobs,
		    beyond_us > before_us ? beyond_us : before_us);
	if (err == ERR_NONE)
		err = jobs_commit(desk->jobs);
	else
		jobs_rollback(desk->jobs);
	if (err == ERR_NONE)
		err = upload_sweep(desk->settings.state, age_us, judge, desk);
	upload_sweep_bodies(desk->settings.state, age_us);
	return err;
}
