/*
 * What is done about uploads on request.  Each change of state is decided
 * under the writer lock of the jobs, on the row as it then is: so of twenty
 * who confirm at once one queues the import, and the others find it queued.
 */
#include "work/upload.h"

#include "sys/clock.h"
#include "sys/ids.h"
#include "sys/log.h"
#include "work/upload_file.h"
#include "work/upload_impl.h"

#include <string.h>

_Static_assert(UPLOAD_FILE_MAX < UPLOADS_TEXT, "a file's name fits its row");

static const struct upload_refusal unknown_dataset = { "unknown_dataset",
	"There is no such data set: it is polls, hours, timezones or "
	"special-hours." };
static const struct upload_refusal no_dataset = { "no_dataset",
	"The header line tells of no data set: polls have store_id, status "
	"and timestamp_utc; hours store_id, day, start_time_local and "
	"end_time_local; time zones store_id and timezone_str; special hours "
	"store_id, date, start_time_local and end_time_local." };
static const struct upload_refusal compressed = { "compressed",
	"The file is compressed: unpack it first." };
static const struct upload_refusal queue_full = { "queue_full",
	"Too much is waiting to be worked on: try again later." };
static const struct upload_refusal bad_rows = { "bad_rows",
	"The file has bad rows: correct them, or confirm that they are left "
	"out." };
static const struct upload_refusal data_changed = { "data_changed",
	"The data has changed since the preview: have the file checked "
	"again." };
static const struct upload_refusal confirmed_otherwise = { "state_confirmed",
	"The import was confirmed already, with another choice about bad "
	"rows." };
static const struct upload_refusal not_newest = { "not_newest",
	"Only the newest import of a data set can be undone, and only once." };
static const struct upload_refusal no_undo_for_polls = { "no_undo_for_polls",
	"An import of polls cannot be undone." };

/* Why something cannot be done in a state. */
static const struct upload_refusal by_state[] = {
	[UPLOADS_CHECKING] = { "state_checking",
	    "The file is still being checked." },
	[UPLOADS_PREVIEW] = { "state_preview",
	    "The import has not been confirmed." },
	[UPLOADS_REJECTED] = { "state_rejected",
	    "The file was refused: there is nothing to import." },
	[UPLOADS_IMPORTING] = { "state_importing",
	    "The file is being imported." },
	[UPLOADS_IMPORTED] = { "state_imported",
	    "The file has been imported." },
	[UPLOADS_CANCELLED] = { "state_cancelled",
	    "The upload was cancelled: upload the file again." },
	[UPLOADS_EXPIRED] = { "state_expired",
	    "The upload was not confirmed in time: upload the file again." },
	[UPLOADS_FAILED] = { "state_failed",
	    "The upload has failed: upload the file again." },
};

_Static_assert(sizeof(by_state) / sizeof(by_state[0]) == UPLOADS__MAX,
    "every state has its refusal");

static enum err
refuse(struct upload_refusal *why, const struct upload_refusal *reason,
    enum err err)
{
	*why = *reason;
	return err;
}

/* Which data set is it, and may the file be taken at all? */
static enum err
look_at_file(const struct upload_new *upload, struct upload_glance *glance,
    struct upload_refusal *why)
{
	enum err err;
	enum dataset named = DATASET_POLLS;
	bool by_name = upload->dataset[0] != '\0';

	if (by_name && !dataset_parse(upload->dataset, &named))
		return refuse(why, &unknown_dataset, ERR_INPUT);
	err = upload_glance(upload->path, glance);
	if (err != ERR_NONE)
		return err == ERR_NOT_FOUND ? ERR_IO : err;
	if (glance->compressed)
		return refuse(why, &compressed, ERR_INPUT);
	if (by_name)
		glance->dataset = named;
	else if (!glance->known)
		return refuse(why, &no_dataset, ERR_INPUT);
	return ERR_NONE;
}

static enum err
add(struct job_desk *desk, const struct uploads_new *row,
    struct upload_refusal *why)
{
	int64_t queued;
	enum err err = jobs_begin(desk->jobs);

	if (err != ERR_NONE)
		return err;
	err = jobs_count_queued(desk->jobs, true, &queued);
	if (err == ERR_NONE && queued >= desk->settings.value[SETTING_QUEUE])
		err = refuse(why, &queue_full, ERR_BUSY);
	if (err == ERR_NONE)
		err = uploads_add(desk->jobs, row, clock_now_us());
	if (err == ERR_NONE)
		return jobs_commit(desk->jobs);
	jobs_rollback(desk->jobs);
	return err;
}

/* Says what was committed, and has a worker do it. */
static void
set_going(struct job_desk *desk, const char *id, const char *what)
{
	log_info("import %s %s", id, what);
	desk_start_worker(desk);
}

enum err
upload_take(struct job_desk *desk, const struct upload_new *upload,
    char id[JOB_ID_LEN + 1], struct upload_refusal *why)
{
	char file[UPLOADS_TEXT], who[UPLOADS_TEXT], job_id[JOB_ID_LEN + 1];
	struct upload_glance glance;
	struct uploads_new row = { .id = id,
		.job_id = job_id,
		.file = file,
		.who = who,
		.whole = upload->whole,
		.request = desk_request(desk) };
	enum err err;

	*why = (struct upload_refusal){ NULL, NULL };
	err = look_at_file(upload, &glance, why);
	if (err != ERR_NONE)
		return err;
	ids_make(id);
	ids_make(job_id);
	upload_tidy_name(upload->file, file);
	upload_tidy_name(upload->who, who);
	row.dataset = glance.dataset;
	row.bytes = glance.bytes;
	err = upload_move(upload->path, desk->settings.state, id);
	if (err != ERR_NONE)
		return err == ERR_NOT_FOUND ? ERR_IO : err;
	err = add(desk, &row, why);
	if (err == ERR_NONE)
		set_going(desk, id, "taken, check queued");
	else
		upload_remove(desk->settings.state, id, UPLOAD_CSV);
	return err;
}

enum err
upload_find(struct job_desk *desk, const char *id, struct uploads_row *out)
{
	enum err err;

	if (!text_is_job_id(id))
		return ERR_INPUT;
	err = upload_freshen(desk);
	return err == ERR_NONE ? uploads_find(desk->jobs, id, out) : err;
}

enum err
upload_look_after(struct job_desk *desk, struct uploads_row *row)
{
	enum err err = ERR_NONE;
	bool changed = false;

	if (row->work.job == 0)
		return ERR_NONE;
	/* It may be waiting for the upload of a worker that is gone. */
	if (row->work.state == JOBS_QUEUED)
		err = desk_rescue_others(desk);
	if (err == ERR_NONE)
		err = desk_look_after(desk, &row->work, &changed);
	return err == ERR_NONE && changed ? upload_find(desk, row->id, row)
					  : err;
}

/* What a request is about. */
struct step {
	struct job_desk *desk;
	struct uploads_row row;
	int64_t revision; /* of the data set now */
	bool skip_bad;
	struct upload_refusal *why;
};

/*
 * Decides on the row as it is, within a change: ERR_NONE, *changes tells if
 * anything is to be committed.
 */
typedef enum err decide(struct step *s, bool *changes);

/* Begins a change, decides, and ends it. */
static enum err
take_step(struct step *s, const char *id, decide *how, bool *changed)
{
	struct jobs *jobs = s->desk->jobs;
	enum err err = jobs_begin(jobs);

	*changed = false;
	if (err != ERR_NONE)
		return err;
	err = uploads_find(jobs, id, &s->row);
	if (err == ERR_NONE)
		err = how(s, changed);
	if (err == ERR_NONE && *changed)
		return jobs_commit(jobs);
	jobs_rollback(jobs);
	return err;
}

static enum err
queue(struct step *s, enum jobs_kind kind, bool skip_bad)
{
	char id[JOB_ID_LEN + 1];
	const struct uploads_order order = { kind, id, skip_bad,
		desk_request(s->desk) };

	ids_make(id);
	return uploads_queue(s->desk->jobs, s->row.id, &order, clock_now_us());
}

static enum err
confirm(struct step *s, bool *changes)
{
	const struct uploads_row *row = &s->row;
	/* Where there are none the choice is of no matter. */
	bool skip_bad = s->skip_bad && row->counts.bad > 0;

	if (row->state == UPLOADS_IMPORTING || row->state == UPLOADS_IMPORTED)
		return row->skip_bad == skip_bad
		    ? ERR_NONE
		    : refuse(s->why, &confirmed_otherwise, ERR_CONFLICT);
	if (row->state != UPLOADS_PREVIEW)
		return refuse(s->why, &by_state[row->state], ERR_CONFLICT);
	if (row->counts.bad > 0 && !skip_bad)
		return refuse(s->why, &bad_rows, ERR_CONFLICT);
	if (row->revision != s->revision)
		return refuse(s->why, &data_changed, ERR_CONFLICT);
	*changes = true;
	return queue(s, JOBS_IMPORT, skip_bad);
}

/* The revision of the upload's data set; what follows checks it again. */
static enum err
read_revision(struct step *s, const char *id)
{
	struct data_dataset now;
	enum err err = upload_find(s->desk, id, &s->row);

	if (err == ERR_NONE)
		err = desk_open_data(s->desk);
	if (err == ERR_NONE)
		err = data_dataset(s->desk->data, s->row.dataset, &now);
	if (err == ERR_NONE)
		s->revision = now.revision;
	return err;
}

enum err
upload_confirm(struct job_desk *desk, const char *id, bool skip_bad,
    struct upload_refusal *why)
{
	struct step step = { .desk = desk, .skip_bad = skip_bad, .why = why };
	enum err err;
	bool changed = false;

	*why = (struct upload_refusal){ NULL, NULL };
	err = read_revision(&step, id);
	if (err == ERR_NONE)
		err = take_step(&step, id, confirm, &changed);
	if (err != ERR_NONE || !changed)
		return err == ERR_NONE ? upload_look_after(desk, &step.row)
				       : err;
	set_going(desk, id, "confirmed, queued");
	return ERR_NONE;
}

static enum err
cancel(struct step *s, bool *changes)
{
	const struct uploads_outcome cancelled = { .state = UPLOADS_CANCELLED };

	if (s->row.state == UPLOADS_CANCELLED)
		return ERR_NONE;
	if (s->row.state != UPLOADS_PREVIEW)
		return refuse(s->why, &by_state[s->row.state], ERR_CONFLICT);
	*changes = true;
	return uploads_tell(s->desk->jobs, s->row.id, &cancelled,
	    clock_now_us());
}

enum err
upload_cancel(struct job_desk *desk, const char *id, struct upload_refusal *why)
{
	struct step step = { .desk = desk, .why = why };
	enum err err;
	bool changed = false;

	*why = (struct upload_refusal){ NULL, NULL };
	err = upload_find(desk, id, &step.row);
	if (err == ERR_NONE)
		err = take_step(&step, id, cancel, &changed);
	if (err == ERR_NONE && changed) {
		log_info("import %s cancelled", id);
		upload_remove(desk->settings.state, id, UPLOAD_CSV);
	}
	return err;
}

static enum err
recheck(struct step *s, bool *changes)
{
	if (s->row.state == UPLOADS_CHECKING)
		return ERR_NONE;
	if (s->row.state != UPLOADS_PREVIEW)
		return refuse(s->why, &by_state[s->row.state], ERR_CONFLICT);
	*changes = true;
	return queue(s, JOBS_CHECK, false);
}

enum err
upload_recheck(struct job_desk *desk, const char *id,
    struct upload_refusal *why)
{
	struct step step = { .desk = desk, .why = why };
	enum err err;
	bool changed = false;

	*why = (struct upload_refusal){ NULL, NULL };
	err = upload_find(desk, id, &step.row);
	if (err == ERR_NONE)
		err = take_step(&step, id, recheck, &changed);
	if (err == ERR_NONE && changed)
		set_going(desk, id, "check queued again");
	return err;
}

/* What is told of an import that is not in the data. */
static enum err
refuse_undo(struct job_desk *desk, const char *id, struct upload_refusal *why)
{
	struct uploads_row row;
	enum err err = upload_find(desk, id, &row);

	if (err != ERR_NONE)
		return err;
	/* The data of an import that is not there any more has gone. */
	return refuse(why,
	    row.state == UPLOADS_IMPORTED ? &not_newest : &by_state[row.state],
	    ERR_CONFLICT);
}

enum err
upload_undo(struct job_desk *desk, const char *id, struct upload_refusal *why)
{
	struct upload_done done = { .is = false };
	enum err err;

	*why = (struct upload_refusal){ NULL, NULL };
	if (!text_is_job_id(id))
		return ERR_INPUT;
	err = upload_done_find(desk, id, &done);
	if (err != ERR_NONE)
		return err;
	if (!done.is)
		return refuse_undo(desk, id, why);
	if (done.row.dataset == DATASET_POLLS)
		return refuse(why, &no_undo_for_polls, ERR_CONFLICT);
	err = bulk_undo(desk->data, done.row.dataset, id);
	if (err == ERR_NONE)
		log_info("import %s undone", id);
	return err == ERR_CONFLICT ? refuse(why, &not_newest, err) : err;
}

enum err
upload_bad_rows(struct job_desk *desk, const char *id)
{
	struct uploads_row row;
	enum err err = upload_find(desk, id, &row);

	return err == ERR_NONE &&
		!upload_has(desk->settings.state, id, UPLOAD_BAD)
	    ? ERR_NOT_FOUND
	    : err;
}
