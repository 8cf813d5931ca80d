/* Judging: one function for each part, in a table. */
#include "work/health.h"

#include "codec/escape.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define S_US INT64_C(1000000)
#define HOUR_S 3600
#define MB INT64_C(1048576)
#define WAIT_S 60     /* a job may wait so long while nobody works */
#define WARN_FACTOR 4 /* times the space that must be free */

const char *const health_part_names[] = {
	[HEALTH_DATA] = "data",
	[HEALTH_JOBS] = "jobs",
	[HEALTH_WORKERS] = "workers",
	[HEALTH_QUEUE] = "queue",
	[HEALTH_SPOOL] = "spool",
	[HEALTH_DISK] = "disk",
	[HEALTH_POLLS] = "polls",
};

_Static_assert(sizeof(health_part_names) / sizeof(health_part_names[0]) ==
	HEALTH__MAX,
    "every part has a name");

const char *const health_state_names[] = {
	[HEALTH_OK] = "ok",
	[HEALTH_WARNING] = "warning",
	[HEALTH_FAILED] = "failed",
};

_Static_assert(sizeof(health_state_names) / sizeof(health_state_names[0]) ==
	HEALTH_STATE__MAX,
    "every state has a name");

/* What is judged, and by what. */
struct view {
	const struct vitals *v;
	const int64_t *setting;
	struct health *h;
	char *reason; /* of the part */
};

static enum health_state say(const struct view *view, enum health_state state,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

static enum health_state
say(const struct view *view, enum health_state state, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(view->reason, HEALTH_REASON, format, ap);
	va_end(ap);
	return state;
}

/* Says why the storage of something failed, without a word of its insides. */
static enum health_state
say_storage(const struct view *view, const char *what, enum err err)
{
	return say(view, HEALTH_FAILED, "the %s cannot be used: %s", what,
	    err_text(err));
}

static enum health_state
judge_data(const struct view *view)
{
	return view->v->data == ERR_NONE
	    ? say(view, HEALTH_OK, "the data can be read")
	    : say_storage(view, "data", view->v->data);
}

static enum health_state
judge_jobs(const struct view *view)
{
	if (view->v->jobs != ERR_NONE)
		return say_storage(view, "jobs", view->v->jobs);
	if (view->v->change == ERR_BUSY)
		return say(view, HEALTH_WARNING,
		    "somebody is at the jobs for over a second");
	if (view->v->change != ERR_NONE)
		return say_storage(view, "jobs", view->v->change);
	return say(view, HEALTH_OK, "jobs can be read and changed");
}

/* How long ago an instant was; 0 if a clock says that it is to come. */
static int64_t
age_s(const struct vitals *v, int64_t us)
{
	return v->now_us > us ? (v->now_us - us) / S_US : 0;
}

static enum health_state
judge_workers(const struct view *view)
{
	const struct jobs_open *open = &view->v->open;
	int64_t most = view->setting[SETTING_WORKERS];

	if (view->v->jobs != ERR_NONE)
		return say(view, HEALTH_FAILED, "the jobs are not known");
	if (open->running == 0 && open->queued > 0 &&
	    age_s(view->v, open->oldest_us) > WAIT_S)
		return say(view, HEALTH_FAILED,
		    "jobs wait, and no worker takes them");
	return say(view, HEALTH_OK, "%" PRId64 " of %" PRId64 " at work",
	    open->running, most);
}

static enum health_state
judge_queue(const struct view *view)
{
	int64_t queued = view->v->open.queued;
	int64_t most = view->setting[SETTING_QUEUE];

	if (view->v->jobs != ERR_NONE)
		return say(view, HEALTH_FAILED, "the jobs are not known");
	return say(view, queued >= most ? HEALTH_WARNING : HEALTH_OK,
	    "%" PRId64 " of %" PRId64 " wait", queued, most);
}

static enum health_state
judge_spool(const struct view *view)
{
	return view->v->spool == ERR_NONE
	    ? say(view, HEALTH_OK, "reports can be written")
	    : say(view, HEALTH_FAILED, "reports cannot be written");
}

static enum health_state
judge_disk(const struct view *view)
{
	int64_t least = view->setting[SETTING_DISK_MB] * MB;
	int64_t available = view->v->disk_free;

	if (view->v->disk != ERR_NONE)
		return say(view, HEALTH_FAILED, "the space is not known");
	if (available < least)
		return say(view, HEALTH_FAILED, "the disk is full");
	if (available < WARN_FACTOR * least)
		return say(view, HEALTH_WARNING, "the disk is nearly full");
	return say(view, HEALTH_OK, "there is space");
}

static enum health_state
judge_polls(const struct view *view)
{
	const struct data_revision *revision = &view->v->revision;
	int64_t most_s = view->setting[SETTING_STALE_HOURS] * HOUR_S;
	int64_t age;

	if (view->v->data != ERR_NONE)
		return say(view, HEALTH_FAILED, "the data is not known");
	if (!revision->has_polls)
		return say(view, HEALTH_WARNING, "there are no polls yet");
	age = age_s(view->v, revision->newest_us);
	view->h->has_age = true;
	view->h->age_s = age;
	return say(view, age > most_s ? HEALTH_WARNING : HEALTH_OK,
	    "the newest poll is %" PRId64 " h old", age / HOUR_S);
}

void
health_judge(const struct vitals *v, const struct settings *settings,
    struct health *out)
{
	static enum health_state (*const judge[HEALTH__MAX])(const struct view
		*) = {
		[HEALTH_DATA] = judge_data,
		[HEALTH_JOBS] = judge_jobs,
		[HEALTH_WORKERS] = judge_workers,
		[HEALTH_QUEUE] = judge_queue,
		[HEALTH_SPOOL] = judge_spool,
		[HEALTH_DISK] = judge_disk,
		[HEALTH_POLLS] = judge_polls,
	};
	struct view view = { .v = v, .setting = settings->value, .h = out };
	size_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < HEALTH__MAX; i++) {
		view.reason = out->part[i].reason;
		out->part[i].state = judge[i](&view);
		if (out->part[i].state > out->state)
			out->state = out->part[i].state;
	}
}

void
health_json(const struct health *h, struct buf *out)
{
	size_t i;

	buf_printf(out, "\"status\":\"%s\",\"parts\":{",
	    health_state_names[h->state]);
	for (i = 0; i < HEALTH__MAX; i++) {
		buf_printf(out,
		    "%s\"%s\":{\"state\":\"%s\",\"reason\":", i > 0 ? "," : "",
		    health_part_names[i], health_state_names[h->part[i].state]);
		json_text(out, h->part[i].reason, strlen(h->part[i].reason));
		buf_char(out, '}');
	}
	buf_str(out, "},\"newest_poll_age_s\":");
	if (h->has_age)
		buf_printf(out, "%" PRId64, h->age_s);
	else
		buf_str(out, "null");
}
