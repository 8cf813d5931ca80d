/*
 * A report is a census of the stores, told row by row into files that are
 * published together at the end.  What only the pages need, the cells of the
 * week, is reckoned only where a file is asked for that has it.
 */
#include "work/report.h"

#include "work/census.h"
#include "work/fleet.h"
#include "work/outfile.h"
#include "work/report_rows.h"
#include "work/report_summary.h"
#include "work/strips.h"
#include "work/table.h"

#include <string.h>

#define LINE_BYTES ((size_t)64 * 1024)
#define SUMMARY_BYTES ((size_t)16 * 1024 * 1024)

struct report {
	const struct report_request *request;
	struct report_result *result;
	struct data *data;
	struct reckoner *reckoner;
	struct census *census;
	struct outfile *file[REPORT_FILE__MAX];
	struct table *table;
	struct buf line;
	struct fleet fleet;
};

static bool
wants(const struct report *r, enum report_file file)
{
	return r->request->path[file] != NULL;
}

static enum err
take_census(struct report *r, const char *state)
{
	const struct report_request *request = r->request;
	bool lists = wants(r, REPORT_STORES) || wants(r, REPORT_STRIPS);
	const struct census_question question = {
		.state = state,
		.data = r->data,
		.reckoner = r->reckoner,
		.as_of_us = r->result->as_of_us,
		.stores = request->stores,
		.store_count = request->store_count,
		.cells = wants(r, REPORT_SUMMARY) || wants(r, REPORT_STRIPS),
		.list_max = lists ? TABLE_MAX : SIZE_MAX,
		.list_worst = TABLE_WORST,
		.progress = request->progress,
		.progress_ctx = request->progress_ctx,
	};

	return census_take(&question, &r->census);
}

static enum err
open_files(struct report *r)
{
	enum err err = ERR_NONE;
	int f;

	for (f = 0; f < REPORT_FILE__MAX && err == ERR_NONE; f++)
		if (r->request->path[f] != NULL)
			err = outfile_new(r->request->path[f], r->request->gzip,
			    &r->file[f]);
	if (err == ERR_NONE && wants(r, REPORT_CSV))
		err = outfile_hash(r->file[REPORT_CSV]);
	if (err == ERR_NONE && wants(r, REPORT_STORES))
		err = table_new(r->census, &r->table);
	return err;
}

/* Hands the line on to a file and begins the next; an error stays. */
static void
end_line(struct report *r, enum report_file file)
{
	if (buf_err(&r->line) != ERR_NONE)
		return;
	outfile_add(r->file[file], r->line.data, r->line.len);
	buf_reset(&r->line);
}

static void
write_headers(struct report *r)
{
	if (wants(r, REPORT_CSV)) {
		report_header(&r->line);
		end_line(r, REPORT_CSV);
	}
	if (wants(r, REPORT_DETAIL)) {
		report_detail_header(&r->line);
		end_line(r, REPORT_DETAIL);
	}
}

/* Writes what the files have of one store. */
static enum err
write_store(void *ctx, const struct census_store *store)
{
	struct report *r = ctx;
	const struct reckoned *one = &store->reckoned;

	if (wants(r, REPORT_CSV)) {
		report_row(&r->line, store->id, store->len, one);
		end_line(r, REPORT_CSV);
	}
	if (wants(r, REPORT_DETAIL)) {
		report_detail_row(&r->line, store->id, store->len, one);
		end_line(r, REPORT_DETAIL);
	}
	if (wants(r, REPORT_SUMMARY))
		fleet_add(&r->fleet, one);
	if (wants(r, REPORT_STORES) && store->listed)
		table_add(r->table, store);
	if (wants(r, REPORT_STRIPS) && store->listed) {
		strips_row(&r->line, &store->marks);
		end_line(r, REPORT_STRIPS);
	}
	r->result->rows++;
	return buf_err(&r->line);
}

static enum err
write_summary(struct report *r)
{
	const struct report_summary summary = {
		.request = r->request,
		.result = r->result,
		.fleet = &r->fleet,
		.week = census_week(r->census),
		.tzdata = reckoner_tzdata(r->reckoner),
	};
	struct buf text;
	enum err err;

	buf_init(&text, SUMMARY_BYTES);
	report_summary_json(&text, &summary);
	err = buf_err(&text);
	if (err == ERR_NONE)
		outfile_add(r->file[REPORT_SUMMARY], text.data, text.len);
	buf_release(&text);
	return err;
}

/* Takes back what was published after the file `failed`, in that order. */
static void
withdraw(const struct report *r, int failed)
{
	int f;

	for (f = failed + 1; f < REPORT_FILE__MAX; f++)
		if (r->request->path[f] != NULL)
			outfile_remove(r->request->path[f], r->request->gzip);
}

/* The report CSV, the first, comes last: where it is, the others are. */
static enum err
publish(struct report *r)
{
	struct report_result *result = r->result;
	enum err err = ERR_NONE;
	int f;

	for (f = REPORT_FILE__MAX - 1; f >= 0 && err == ERR_NONE; f--) {
		struct outfile *file = r->file[f];

		r->file[f] = NULL;
		if (file != NULL)
			err = outfile_publish(file,
			    f == REPORT_CSV ? result->sha256 : NULL,
			    f == REPORT_CSV ? &result->bytes : NULL);
		if (err != ERR_NONE)
			withdraw(r, f);
	}
	return err;
}

static enum err
write_files(struct report *r)
{
	enum err err = open_files(r);

	if (err != ERR_NONE)
		return err;
	buf_init(&r->line, LINE_BYTES);
	write_headers(r);
	err = census_tell(r->census, write_store, r);
	if (err == ERR_NONE && wants(r, REPORT_SUMMARY))
		err = write_summary(r);
	if (err == ERR_NONE && wants(r, REPORT_STORES))
		err = table_write(r->table, r->result->as_of_us, r->reckoner,
		    r->file[REPORT_STORES]);
	return err == ERR_NONE ? publish(r) : err;
}

/* Inside the snapshot. */
static enum err
make(struct report *r, const char *state)
{
	struct report_result *result = r->result;
	struct data_revision revision;
	enum err err = data_revision(r->data, &revision);

	if (err != ERR_NONE)
		return err;
	if (!revision.has_polls)
		return ERR_CONFLICT;
	result->revision = revision.number;
	result->as_of_us = r->request->as_of_us == REPORT_LATEST
	    ? revision.newest_us
	    : r->request->as_of_us;
	err = reckoner_new(r->data, NULL, result->as_of_us, &r->request->rules,
	    &r->reckoner);
	if (err == ERR_NONE)
		err = take_census(r, state);
	return err == ERR_NONE ? write_files(r) : err;
}

enum err
report_make(const char *state, const struct report_request *request,
    struct report_result *result)
{
	struct report r = { .request = request, .result = result };
	enum err err = data_open(&r.data, state);
	int f;

	memset(result, 0, sizeof(*result));
	if (err == ERR_NONE)
		err = data_read_begin(r.data);
	if (err == ERR_NONE) {
		err = make(&r, state);
		data_read_end(r.data);
	}
	for (f = 0; f < REPORT_FILE__MAX; f++)
		outfile_abort(r.file[f]);
	table_free(r.table);
	buf_release(&r.line);
	census_free(r.census);
	reckoner_free(r.reckoner);
	data_close(r.data);
	return err;
}
