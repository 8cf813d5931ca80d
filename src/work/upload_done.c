/*
 * Imports that were committed, as the data tells of them: what has become of
 * an upload whose worker is gone, and what came by the command line or has
 * outlived its upload.
 */
#include "work/upload_file.h"
#include "work/upload_impl.h"

#include <stdio.h>
#include <string.h>

void
upload_done_take(void *ctx, const struct data_import *import)
{
	struct upload_done *done = ctx;
	struct uploads_row *row = &done->row;

	memset(done, 0, sizeof(*done));
	done->is = true;
	done->undone_us = import->undone_us;
	(void)snprintf(row->id, sizeof(row->id), "%s", import->id);
	row->state = UPLOADS_IMPORTED;
	row->dataset = import->dataset;
	upload_tidy_name(import->file, row->file);
	upload_tidy_name(import->who, row->who);
	row->bytes = UPLOAD_ELSEWHERE;
	row->created_us = import->at_us;
	row->finished_us = import->at_us;
	(void)snprintf(row->sha256, sizeof(row->sha256), "%s", import->sha256);
	row->counts = (struct uploads_counts){ import->rows, import->new,
		import->changed, import->same, import->bad, import->removed };
	row->skip_bad = import->bad > 0;
}

enum err
upload_done_find(struct job_desk *desk, const char *id, struct upload_done *out)
{
	enum err err = desk_open_data(desk);

	out->is = false;
	if (err == ERR_NONE)
		err = data_find_import(desk->data, id, upload_done_take, out);
	return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

enum err
upload_done_settle(struct job_desk *desk, const char *id,
    struct upload_done *out)
{
	enum err err = desk_open_data(desk);

	out->is = false;
	if (err == ERR_NONE)
		err = data_settle(desk->data);
	return err == ERR_NONE ? upload_done_find(desk, id, out) : err;
}

void
upload_result_json(const struct import_result *r, enum dataset dataset,
    struct buf *out)
{
	import_json(r, dataset, out);
	if (buf_err(out) == ERR_NONE && out->len > 0 &&
	    out->data[out->len - 1] == '\n')
		out->data[--out->len] = '\0';
}

void
upload_done_json(const struct upload_done *done, struct buf *out)
{
	const struct uploads_counts *c = &done->row.counts;
	struct import_result result;

	import_result_init(&result);
	result.rows = c->rows;
	result.bad = c->bad;
	result.counts.new = c->new;
	result.counts.changed = c->changed;
	result.counts.same = c->same;
	result.counts.removed = c->removed;
	result.applied = true;
	upload_result_json(&result, done->row.dataset, out);
	import_result_release(&result);
}
