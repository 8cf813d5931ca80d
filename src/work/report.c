/*
 * A report in two passes over one snapshot.  The first reads the stores in
 * the order in which they lie in the file and reckons each; results go to
 * their rank, the place of the id in byte order.  The second reads ids and
 * results in order of rank and writes the rows.  Neither keeps more than one
 * store in memory, so a report's memory does not grow with the stores (but
 * for 16 bytes each, which say who has which rank).
 */
#include "work/report.h"

#include "sys/log.h"
#include "work/outfile.h"
#include "work/reckon.h"
#include "work/report_rows.h"
#include "work/results.h"

#include <stdlib.h>
#include <string.h>

#define TELL_STORES 256 /* stores between two progress calls */
#define LINE_BYTES ((size_t)64 * 1024)

/* The rank of a store in the order of ids. */
struct rank {
	int64_t key;
	size_t rank;
};

struct report {
	const struct report_request *request;
	struct report_result *result;
	struct data *data;
	struct reckoner *reckoner;
	struct results *results;
	struct rank *ranks; /* in the first pass in order of key */
	size_t count;
	size_t cap;
	size_t done;
	struct outfile *csv, *detail;
	struct buf line;
	struct fleet fleet;
};

static enum err
add_rank(void *ctx, int64_t key, const char *id, size_t len)
{
	struct report *r = ctx;

	(void)id;
	(void)len;
	if (r->count == r->cap) {
		size_t cap = r->cap == 0 ? 1024 : r->cap * 2;
		void *more = realloc(r->ranks, cap * sizeof(*r->ranks));

		if (more == NULL)
			return ERR_NO_MEMORY;
		r->ranks = more;
		r->cap = cap;
	}
	r->ranks[r->count].key = key;
	r->ranks[r->count].rank = r->count;
	r->count++;
	return ERR_NONE;
}

static int
by_key(const void *left, const void *right)
{
	const struct rank *a = left, *b = right;

	return (a->key > b->key) - (a->key < b->key);
}

static void
tell(struct report *r)
{
	if (r->request->progress != NULL)
		r->request->progress(r->request->progress_ctx, r->done,
		    r->count);
}

static enum err
reckon_one(void *ctx, const struct data_store *store)
{
	struct report *r = ctx;
	struct reckoned one;
	enum err err;

	if (r->done >= r->count || r->ranks[r->done].key != store->key) {
		log_error("store %s is not in the index of ids", store->id);
		return ERR_CORRUPT;
	}
	err = reckoner_store(r->reckoner, store, &one);
	if (err == ERR_NONE)
		err = results_put(r->results, r->ranks[r->done].rank, &one);
	if (++r->done % TELL_STORES == 0)
		tell(r);
	return err;
}

/* Reckons all stores. */
static enum err
reckon_all(struct report *r)
{
	int32_t first, last;
	enum err err = data_ids(r->data, add_rank, r);

	if (err != ERR_NONE)
		return err;
	qsort(r->ranks, r->count, sizeof(*r->ranks), by_key);
	reckoner_days(r->reckoner, &first, &last);
	tell(r);
	err = data_scan(r->data, first, last, reckon_one, r);
	tell(r);
	return err;
}

/* Writes the rows of one store. */
static enum err
write_row(struct report *r, const char *id, size_t len,
    const struct reckoned *one)
{
	fleet_add(&r->fleet, one);
	if (r->csv != NULL) {
		buf_reset(&r->line);
		report_row(&r->line, id, len, one);
		outfile_add(r->csv, r->line.data, r->line.len);
	}
	if (r->detail != NULL) {
		buf_reset(&r->line);
		report_detail_row(&r->line, id, len, one);
		outfile_add(r->detail, r->line.data, r->line.len);
	}
	r->result->rows++;
	return buf_err(&r->line);
}

static enum err
write_ranked(void *ctx, int64_t key, const char *id, size_t len)
{
	struct report *r = ctx;
	struct reckoned one;
	enum err err = results_get(r->results, r->result->rows, &one);

	(void)key;
	return err == ERR_NONE ? write_row(r, id, len, &one) : err;
}

static enum err
write_filtered(void *ctx, const struct data_store *store)
{
	struct report *r = ctx;
	struct reckoned one;
	enum err err = reckoner_store(r->reckoner, store, &one);

	if (err == ERR_NONE)
		err = write_row(r, store->id, store->id_len, &one);
	r->done++;
	return err;
}

static int
by_text(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;

	return strcmp(*a, *b);
}

/* Reckons and writes the stores of the filter, each once, in order. */
static enum err
write_some(struct report *r)
{
	const struct report_request *request = r->request;
	const char **ids = malloc(request->store_count * sizeof(*ids));
	int32_t first, last;
	enum err err = ERR_NONE;
	size_t i;

	if (ids == NULL)
		return ERR_NO_MEMORY;
	memcpy(ids, request->stores, request->store_count * sizeof(*ids));
	qsort(ids, request->store_count, sizeof(*ids), by_text);
	reckoner_days(r->reckoner, &first, &last);
	for (i = 0; i < request->store_count && err == ERR_NONE; i++)
		if (i == 0 || strcmp(ids[i], ids[i - 1]) != 0)
			err = data_one(r->data, ids[i], first, last,
			    write_filtered, r);
	free(ids);
	return err;
}

static enum err
open_file(const char *path, bool gzip, struct outfile **out)
{
	return path == NULL ? ERR_NONE : outfile_new(path, gzip, out);
}

static enum err
write_summary(struct report *r)
{
	struct outfile *f = NULL;
	struct buf text;
	enum err err = open_file(r->request->summary, r->request->gzip, &f);

	if (err != ERR_NONE || f == NULL)
		return err;
	buf_init(&text, (size_t)16 * 1024 * 1024);
	report_summary(&text, r->request, r->result, &r->fleet,
	    reckoner_tzdata(r->reckoner));
	err = buf_err(&text);
	if (err == ERR_NONE) {
		outfile_add(f, text.data, text.len);
		err = outfile_publish(f, NULL, NULL);
	} else {
		outfile_abort(f);
	}
	buf_release(&text);
	return err;
}

/* The report CSV comes last: where it is, the others are. */
static enum err
publish(struct report *r)
{
	enum err err = write_summary(r);

	if (err == ERR_NONE && r->detail != NULL) {
		err = outfile_publish(r->detail, NULL, NULL);
		r->detail = NULL;
	}
	if (err == ERR_NONE && r->csv != NULL) {
		err = outfile_publish(r->csv, r->result->sha256,
		    &r->result->bytes);
		r->csv = NULL;
	}
	return err;
}

static enum err
write_files(struct report *r)
{
	const struct report_request *request = r->request;
	enum err err = open_file(request->csv, request->gzip, &r->csv);

	if (err == ERR_NONE)
		err = open_file(request->detail, request->gzip, &r->detail);
	if (err != ERR_NONE)
		return err;
	buf_init(&r->line, LINE_BYTES);
	report_header(&r->line);
	if (r->csv != NULL)
		outfile_add(r->csv, r->line.data, r->line.len);
	buf_reset(&r->line);
	report_detail_header(&r->line);
	if (r->detail != NULL)
		outfile_add(r->detail, r->line.data, r->line.len);
	err = request->stores != NULL ? write_some(r)
				      : data_ids(r->data, write_ranked, r);
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
	err = reckoner_new(r->data, result->as_of_us, &r->request->rules,
	    &r->reckoner);
	if (err == ERR_NONE && r->request->stores == NULL) {
		err = results_new(state, &r->results);
		if (err == ERR_NONE)
			err = reckon_all(r);
	}
	return err == ERR_NONE ? write_files(r) : err;
}

enum err
report_make(const char *state, const struct report_request *request,
    struct report_result *result)
{
	struct report r = { .request = request, .result = result };
	enum err err = data_open(&r.data, state);

	memset(result, 0, sizeof(*result));
	if (err == ERR_NONE)
		err = data_read_begin(r.data);
	if (err == ERR_NONE) {
		err = make(&r, state);
		data_read_end(r.data);
	}
	outfile_abort(r.csv);
	outfile_abort(r.detail);
	buf_release(&r.line);
	results_free(r.results);
	reckoner_free(r.reckoner);
	free(r.ranks);
	data_close(r.data);
	return err;
}
