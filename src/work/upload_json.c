/*
 * One upload as the JSON object that pages and programs read.  An upload that
 * is Checking or Importing has a job; looking at it notices a
 * worker that is gone, as looking at a report does.
 */
#include "work/upload.h"

#include "codec/escape.h"
#include "core/stamp.h"
#include "work/slot.h"
#include "work/upload_file.h"
#include "work/upload_impl.h"

#include <inttypes.h>
#include <string.h>

static const char *const names[] = {
	[UPLOADS_CHECKING] = "Checking",
	[UPLOADS_PREVIEW] = "Preview",
	[UPLOADS_REJECTED] = "Rejected",
	[UPLOADS_IMPORTING] = "Importing",
	[UPLOADS_IMPORTED] = "Imported",
	[UPLOADS_CANCELLED] = "Cancelled",
	[UPLOADS_EXPIRED] = "Expired",
	[UPLOADS_FAILED] = "Failed",
};

_Static_assert(sizeof(names) / sizeof(names[0]) == UPLOADS__MAX,
    "every state has a name");

void
upload_json_text(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, ",\"%s\":", name);
	if (text[0] == '\0')
		buf_str(out, "null");
	else
		json_text(out, text, strlen(text));
}

static void
put_bool(struct buf *out, const char *name, bool is)
{
	buf_printf(out, ",\"%s\":%s", name, is ? "true" : "false");
}

void
upload_json_stamp(struct buf *out, const char *name, int64_t us)
{
	char stamp[STAMP_TEXT] = "";

	upload_json_text(out, name, us == 0 ? "" : stamp_format(us, stamp));
}

static void
put_progress(const struct upload_scene *s, const struct uploads_row *row)
{
	struct slot_note note = { .done = 0 };

	if (row->work.job == 0)
		return;
	if (row->work.state == JOBS_RUNNING)
		slot_read(s->desk->settings.state, row->work.slot, &note);
	if (strcmp(note.id, row->work.job_id) != 0)
		note.done = 0;
	buf_printf(s->out,
	    ",\"progress\":{\"done\":%" PRIu64 ",\"total\":%" PRId64 "}",
	    note.done, row->bytes);
}

static void
put_bad_rows(const struct upload_scene *s, const struct uploads_row *row)
{
	if (row->counts.bad > 0 && row->bytes != UPLOAD_ELSEWHERE &&
	    upload_has(s->desk->settings.state, row->id, UPLOAD_BAD))
		buf_printf(s->out,
		    ",\"bad_rows\":\"/admin/imports/%s/bad.csv\"", row->id);
	else
		buf_str(s->out, ",\"bad_rows\":null");
}

/* What may be done with it. */
static void
put_options(const struct upload_scene *s, const struct uploads_row *row,
    int64_t undone_us)
{
	const struct data_dataset *set = &s->sets[row->dataset];
	bool preview = row->state == UPLOADS_PREVIEW;
	bool changed = preview && set->revision != row->revision;

	put_bool(s->out, "data_changed", changed);
	put_bool(s->out, "can_confirm", preview && !changed);
	put_bool(s->out, "can_undo",
	    row->state == UPLOADS_IMPORTED &&
		strcmp(set->undo_import, row->id) == 0);
	upload_json_stamp(s->out, "undone_at", undone_us);
}

/* What is known only of a file that came over the web. */
static void
put_origin(struct buf *out, const struct uploads_row *row)
{
	if (row->bytes == UPLOAD_ELSEWHERE) {
		buf_str(out, ",\"bytes\":null,\"whole\":null");
		return;
	}
	buf_printf(out, ",\"bytes\":%" PRId64, row->bytes);
	put_bool(out, "whole", row->whole);
}

void
upload_json(const struct upload_scene *s, const struct uploads_row *row,
    int64_t undone_us)
{
	const struct uploads_counts *c = &row->counts;
	struct buf *out = s->out;

	buf_printf(out, "{\"import_id\":\"%s\"", row->id);
	upload_json_text(out, "dataset", dataset_names[row->dataset]);
	upload_json_text(out, "state", names[row->state]);
	upload_json_text(out, "file", row->file);
	upload_json_text(out, "user", row->who);
	put_origin(out, row);
	upload_json_text(out, "sha256", row->sha256);
	put_bool(out, "skip_bad", row->skip_bad);
	upload_json_stamp(out, "created_at", row->created_us);
	upload_json_stamp(out, "finished_at", row->finished_us);
	put_progress(s, row);
	buf_printf(out,
	    ",\"rows\":%" PRIu64 ",\"new\":%" PRIu64 ",\"changed\":%" PRIu64
	    ",\"same\":%" PRIu64 ",\"bad\":%" PRIu64 ",\"removed\":%" PRIu64,
	    c->rows, c->new, c->changed, c->same, c->bad, c->removed);
	put_bad_rows(s, row);
	put_options(s, row, undone_us);
	upload_json_text(out, "error", row->error);
}

static enum err
put_details(const struct upload_scene *s, const struct uploads_row *row)
{
	struct buf result, preview;
	enum err err;

	buf_init(&result, UPLOAD_JSON_MAX);
	buf_init(&preview, UPLOAD_JSON_MAX);
	err = uploads_texts(s->desk->jobs, row->id, &result, &preview);
	if (err == ERR_NONE)
		err = buf_err(&result);
	if (err == ERR_NONE)
		err = buf_err(&preview);
	buf_printf(s->out, ",\"result\":%s,\"preview\":%s",
	    result.len > 0 ? buf_text(&result) : "null",
	    preview.len > 0 ? buf_text(&preview) : "null");
	buf_release(&result);
	buf_release(&preview);
	return err;
}

/* An import that is no upload, or none any more. */
static enum err
look_elsewhere(struct upload_scene *s, const char *id)
{
	struct upload_done done;
	enum err err = upload_done_find(s->desk, id, &done);

	if (err == ERR_NONE && !done.is)
		return ERR_NOT_FOUND;
	if (err == ERR_NONE)
		err = data_dataset(s->desk->data, done.row.dataset,
		    &s->sets[done.row.dataset]);
	if (err != ERR_NONE)
		return err;
	upload_json(s, &done.row, done.undone_us);
	buf_str(s->out, ",\"result\":");
	upload_done_json(&done, s->out);
	buf_str(s->out, ",\"preview\":null}");
	return buf_err(s->out);
}

enum err
upload_look(struct job_desk *desk, const char *id, struct buf *json)
{
	struct upload_scene scene = { .desk = desk, .out = json };
	struct upload_done done = { .undone_us = 0 };
	struct uploads_row row;
	enum err err = upload_find(desk, id, &row);

	if (err == ERR_NOT_FOUND)
		return look_elsewhere(&scene, id);
	if (err == ERR_NONE)
		err = upload_look_after(desk, &row);
	if (err == ERR_NONE)
		err = desk_open_data(desk);
	/* Nothing depends on the data set while it is being worked on. */
	if (err == ERR_NONE && row.work.job == 0)
		err = data_dataset(desk->data, row.dataset,
		    &scene.sets[row.dataset]);
	if (err == ERR_NONE && row.state == UPLOADS_IMPORTED)
		err = upload_done_find(desk, id, &done);
	if (err != ERR_NONE)
		return err;
	upload_json(&scene, &row, done.undone_us);
	err = put_details(&scene, &row);
	buf_str(json, "}");
	return err == ERR_NONE ? buf_err(json) : err;
}
