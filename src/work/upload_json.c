/*
 * Uploads and data sets as the JSON objects that pages and programs read.
 * An upload that is Checking or Importing has a job; looking at it notices a
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

/* Uploads and what they are seen against. */
struct scene {
	struct job_desk *desk;
	struct data_dataset sets[DATASET__MAX];
	struct buf *out;
	const char *comma;
};

/* Appends ,"NAME":"TEXT", or null for "". */
static void
put_text(struct buf *out, const char *name, const char *text)
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

/* Appends ,"NAME":"STAMP", or null for 0. */
static void
put_stamp(struct buf *out, const char *name, int64_t us)
{
	char stamp[STAMP_TEXT] = "";

	put_text(out, name, us == 0 ? "" : stamp_format(us, stamp));
}

static void
put_progress(const struct scene *s, const struct uploads_row *row)
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
put_bad_rows(const struct scene *s, const struct uploads_row *row)
{
	if (row->counts.bad > 0 &&
	    upload_has(s->desk->settings.state, row->id, UPLOAD_BAD))
		buf_printf(s->out,
		    ",\"bad_rows\":\"/admin/imports/%s/bad.csv\"", row->id);
	else
		buf_str(s->out, ",\"bad_rows\":null");
}

/* What may be done with it. */
static void
put_options(const struct scene *s, const struct uploads_row *row)
{
	const struct data_dataset *set = &s->sets[row->dataset];
	bool preview = row->state == UPLOADS_PREVIEW;
	bool changed = preview && set->revision != row->revision;

	put_bool(s->out, "data_changed", changed);
	put_bool(s->out, "can_confirm", preview && !changed);
	put_bool(s->out, "can_undo",
	    row->state == UPLOADS_IMPORTED &&
		strcmp(set->undo_import, row->id) == 0);
}

/* Everything but the end of the object. */
static void
put_upload(const struct scene *s, const struct uploads_row *row)
{
	const struct uploads_counts *c = &row->counts;
	struct buf *out = s->out;

	buf_printf(out, "{\"import_id\":\"%s\"", row->id);
	put_text(out, "dataset", dataset_names[row->dataset]);
	put_text(out, "state", names[row->state]);
	put_text(out, "file", row->file);
	put_text(out, "user", row->who);
	buf_printf(out, ",\"bytes\":%" PRId64, row->bytes);
	put_text(out, "sha256", row->sha256);
	put_bool(out, "whole", row->whole);
	put_bool(out, "skip_bad", row->skip_bad);
	put_stamp(out, "created_at", row->created_us);
	put_stamp(out, "finished_at", row->finished_us);
	put_progress(s, row);
	buf_printf(out,
	    ",\"rows\":%" PRIu64 ",\"new\":%" PRIu64 ",\"changed\":%" PRIu64
	    ",\"same\":%" PRIu64 ",\"bad\":%" PRIu64 ",\"removed\":%" PRIu64,
	    c->rows, c->new, c->changed, c->same, c->bad, c->removed);
	put_bad_rows(s, row);
	put_options(s, row);
	put_text(out, "error", row->error);
}

static enum err
put_details(const struct scene *s, const struct uploads_row *row)
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

enum err
upload_look(struct job_desk *desk, const char *id, struct buf *json)
{
	struct scene scene = { .desk = desk, .out = json };
	struct uploads_row row;
	enum err err = upload_find(desk, id, &row);

	if (err == ERR_NONE)
		err = upload_look_after(desk, &row);
	if (err == ERR_NONE)
		err = desk_open_data(desk);
	/* Nothing depends on the data set while it is being worked on. */
	if (err == ERR_NONE && row.work.job == 0)
		err = data_dataset(desk->data, row.dataset,
		    &scene.sets[row.dataset]);
	if (err != ERR_NONE)
		return err;
	put_upload(&scene, &row);
	err = put_details(&scene, &row);
	buf_str(json, "}");
	return err == ERR_NONE ? buf_err(json) : err;
}

static void
put_import(void *ctx, const struct data_import *import)
{
	struct scene *s = ctx;

	buf_printf(s->out, "{\"id\":\"%s\"", import->id);
	put_stamp(s->out, "at", import->at_us);
	put_text(s->out, "file", import->file);
	put_text(s->out, "user", import->who);
	buf_printf(s->out, ",\"rows\":%" PRIu64, import->rows);
	put_text(s->out, "sha256", import->sha256);
	buf_char(s->out, '}');
	s->comma = "";
}

static enum err
put_dataset(struct scene *s, enum dataset dataset,
    const struct data_revision *revision)
{
	const struct data_dataset *set = &s->sets[dataset];
	enum err err;

	buf_printf(s->out,
	    "%s{\"name\":\"%s\",\"rows\":%" PRIu64 ",\"stores\":%" PRIu64
	    ",\"revision\":%" PRId64,
	    dataset > 0 ? "," : "", dataset_names[dataset], set->rows,
	    set->stores, set->revision);
	put_stamp(s->out, "newest",
	    dataset == DATASET_POLLS && revision->has_polls
		? revision->newest_us
		: 0);
	buf_str(s->out, ",\"last_import\":");
	s->comma = "null";
	err = data_imports(s->desk->data, dataset, 1, put_import, s);
	buf_str(s->out, s->comma);
	put_text(s->out, "undo_import", set->undo_import);
	buf_char(s->out, '}');
	return err;
}

/* The data sets as they are at one moment. */
static enum err
put_datasets(struct scene *s)
{
	struct data *data = s->desk->data;
	struct data_revision revision;
	enum err err = data_read_begin(data);
	int i;

	if (err != ERR_NONE)
		return err;
	err = data_revision(data, &revision);
	for (i = 0; i < DATASET__MAX && err == ERR_NONE; i++) {
		err = data_dataset(data, (enum dataset)i, &s->sets[i]);
		if (err == ERR_NONE)
			err = put_dataset(s, (enum dataset)i, &revision);
	}
	data_read_end(data);
	return err;
}

static void
put_listed(void *ctx, const struct uploads_row *row)
{
	struct scene *s = ctx;

	buf_str(s->out, s->comma);
	put_upload(s, row);
	buf_char(s->out, '}');
	s->comma = ",";
}

enum err
upload_list(struct job_desk *desk, size_t limit, struct buf *json)
{
	struct scene scene = { .desk = desk, .out = json };
	enum err err = upload_freshen(desk);

	if (err == ERR_NONE)
		err = desk_open_data(desk);
	buf_str(json, "{\"datasets\":[");
	if (err == ERR_NONE)
		err = put_datasets(&scene);
	buf_str(json, "],\"imports\":[");
	scene.comma = "";
	if (err == ERR_NONE)
		err = uploads_visit(desk->jobs,
		    limit < UPLOAD_LIST_MAX ? limit : UPLOAD_LIST_MAX,
		    put_listed, &scene);
	buf_str(json, "]}");
	return err == ERR_NONE ? buf_err(json) : err;
}
