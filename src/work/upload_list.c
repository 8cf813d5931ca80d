/*
 * The data sets and the history of imports as one JSON object.
 *
 * An import stands in two places: as an upload among the jobs, which is
 * forgotten after some days, and in the data, where those of the command line
 * are as well.  Both are gathered; where they tell of the same import, the
 * upload tells more, and the data whether it was undone.
 */
#include "work/upload.h"

#include "work/upload_impl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct listed {
	struct upload_scene scene;
	struct upload_done *list;
	size_t n;
	size_t uploads; /* the first of them are uploads */
	size_t cap;
};

static void
put_import(void *ctx, const struct data_import *import)
{
	struct buf *out = ctx;
	struct upload_done done;

	upload_done_take(&done, import);
	buf_printf(out, "{\"id\":\"%s\"", done.row.id);
	upload_json_stamp(out, "at", done.row.created_us);
	upload_json_text(out, "file", done.row.file);
	upload_json_text(out, "user", done.row.who);
	buf_printf(out, ",\"rows\":%" PRIu64, done.row.counts.rows);
	upload_json_text(out, "sha256", done.row.sha256);
	buf_char(out, '}');
}

static enum err
put_dataset(const struct upload_scene *s, enum dataset dataset,
    const struct data_revision *revision)
{
	const struct data_dataset *set = &s->sets[dataset];
	uint64_t stores;
	enum err err = data_dataset_stores(s->desk->data, dataset, &stores);

	buf_printf(s->out,
	    "%s{\"name\":\"%s\",\"rows\":%" PRIu64 ",\"stores\":%" PRIu64
	    ",\"revision\":%" PRId64,
	    dataset > 0 ? "," : "", dataset_names[dataset], set->rows, stores,
	    set->revision);
	upload_json_stamp(s->out, "newest",
	    dataset == DATASET_POLLS && revision->has_polls
		? revision->newest_us
		: 0);
	buf_str(s->out, ",\"last_import\":");
	if (set->last_import[0] == '\0')
		buf_str(s->out, "null");
	else if (err == ERR_NONE)
		err = data_find_import(s->desk->data, set->last_import,
		    put_import, s->out);
	upload_json_text(s->out, "undo_import", set->undo_import);
	buf_char(s->out, '}');
	return err;
}

/* The data sets as they are at one moment. */
static enum err
put_datasets(struct upload_scene *s)
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
note_upload(void *ctx, const struct uploads_row *row)
{
	struct listed *l = ctx;

	if (l->n < l->cap)
		l->list[l->n++] = (struct upload_done){ .row = *row };
	l->uploads = l->n;
}

static void
note_import(void *ctx, const struct data_import *import)
{
	struct listed *l = ctx;
	size_t i;

	for (i = 0; i < l->uploads; i++)
		if (strcmp(l->list[i].row.id, import->id) == 0) {
			l->list[i].undone_us = import->undone_us;
			return;
		}
	if (l->n < l->cap)
		upload_done_take(&l->list[l->n++], import);
}

/* The latest first. */
static int
compare(const void *a, const void *b)
{
	const struct uploads_row *x = &((const struct upload_done *)a)->row;
	const struct uploads_row *y = &((const struct upload_done *)b)->row;

	if (x->created_us != y->created_us)
		return x->created_us > y->created_us ? -1 : 1;
	return strcmp(x->id, y->id);
}

static enum err
gather(struct listed *l, size_t limit)
{
	struct job_desk *desk = l->scene.desk;
	enum err err;
	int i;

	l->cap = limit * (1 + DATASET__MAX);
	l->list = calloc(l->cap, sizeof(*l->list));
	if (l->list == NULL)
		return ERR_NO_MEMORY;
	err = uploads_visit(desk->jobs, limit, note_upload, l);
	for (i = 0; i < DATASET__MAX && err == ERR_NONE; i++)
		err = data_imports(desk->data, (enum dataset)i, limit,
		    note_import, l);
	qsort(l->list, l->n, sizeof(*l->list), compare);
	return err;
}

static enum err
put_history(struct listed *l, size_t limit)
{
	struct buf *out = l->scene.out;
	enum err err = gather(l, limit);
	size_t i;

	for (i = 0; err == ERR_NONE && i < l->n && i < limit; i++) {
		buf_str(out, i > 0 ? "," : "");
		upload_json(&l->scene, &l->list[i].row, l->list[i].undone_us);
		buf_char(out, '}');
	}
	free(l->list);
	return err;
}

enum err
upload_list(struct job_desk *desk, size_t limit, struct buf *json)
{
	struct listed listed = { .scene = { .desk = desk, .out = json } };
	enum err err = upload_freshen(desk);

	if (err == ERR_NONE)
		err = desk_open_data(desk);
	buf_str(json, "{\"datasets\":[");
	if (err == ERR_NONE)
		err = put_datasets(&listed.scene);
	buf_str(json, "],\"imports\":[");
	if (err == ERR_NONE)
		err = put_history(&listed,
		    limit < UPLOAD_LIST_MAX ? limit : UPLOAD_LIST_MAX);
	buf_str(json, "]}");
	return err == ERR_NONE ? buf_err(json) : err;
}
