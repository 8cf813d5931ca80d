/*
 * The importing loop: bytes from the file to the CSV reader, records to the
 * data set's checks, good rows to the bulk, bad ones to the list of problems.
 * A dry run is the same work rolled back, so that what it says is what an
 * import would do.
 */
#include "work/import.h"

#include "sys/clock.h"
#include "sys/file.h"
#include "sys/ids.h"
#include "sys/log.h"
#include "sys/tzdb.h"
#include "work/outfile.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TEXT_MAX ((size_t)1024 * 1024) /* of the listed texts */
#define TELL_ROWS 65536                /* rows between two progress calls */

struct import {
	const struct import_request *request;
	struct import_result *result;
	struct csv *csv;
	struct tzdb *tzdb;
	struct bulk *bulk;
	struct dataset_reader reader;
	struct csv_row row;
	EVP_MD_CTX *hash;         /* of the bytes; NULL: not reckoned */
	struct outfile *bad_rows; /* NULL: not written */
	struct buf line;
	int64_t bytes;
};

void
import_result_init(struct import_result *r)
{
	memset(r, 0, sizeof(*r));
	buf_init(&r->message, TEXT_MAX);
	buf_init(&r->kept, TEXT_MAX);
}

void
import_result_release(struct import_result *r)
{
	buf_release(&r->message);
	buf_release(&r->kept);
}

static bool
is_zone(const void *ctx, const char *name, size_t len)
{
	return tzdb_has(ctx, name, len);
}

/* Reads the next bytes of the file into the reader. */
static enum err
fill(struct import *im)
{
	size_t space;
	char *to = csv_space(im->csv, &space);
	ssize_t n;

	do
		n = read(im->request->fd, to, space);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		log_error("read the file to import: %s", strerror(errno));
		return ERR_IO;
	}
	if (n == 0)
		csv_end(im->csv);
	if (im->bytes == 0 && n >= 0)
		im->result->file_error = dataset_sniff(to, (size_t)n);
	im->bytes += n;
	csv_filled(im->csv, (size_t)n);
	if (im->hash != NULL && EVP_DigestUpdate(im->hash, to, (size_t)n) != 1)
		return ERR_NO_MEMORY;
	return im->result->file_error == PROBLEM_NONE ? ERR_NONE : ERR_INPUT;
}

/* The next event that is not a want of bytes. */
static enum err
next(struct import *im, enum csv_event *event)
{
	enum err err = ERR_NONE;

	while ((*event = csv_next(im->csv, &im->row)) == CSV_MORE &&
	    err == ERR_NONE)
		err = fill(im);
	return err;
}

static enum err
refuse(struct import *im, enum problem_code code)
{
	im->result->file_error = code;
	im->result->file_line = im->row.problem.line;
	return ERR_INPUT;
}

/* Adds the row, as it came, to the file of bad rows; the code says why. */
static void
put_bad_row(struct import *im, enum problem_code code)
{
	if (im->bad_rows == NULL)
		return;
	buf_reset(&im->line);
	if (code == PROBLEM_NONE)
		buf_str(&im->line, "line,reason,");
	else
		buf_printf(&im->line, "%llu,%s,",
		    (unsigned long long)im->row.problem.line,
		    problem_name(code));
	buf_add(&im->line, im->row.raw, im->row.raw_len);
	buf_char(&im->line, '\n');
	outfile_add(im->bad_rows, im->line.data, im->line.len);
}

/* Is a line that was cut off clean, but for a character cut in two? */
static bool
is_clean_start(const struct csv_row *row)
{
	size_t cut;

	for (cut = 0; cut < 4 && cut <= row->raw_len; cut++)
		if (text_is_clean(row->raw, row->raw_len - cut))
			return true;
	return false;
}

static enum err
read_header(struct import *im)
{
	enum csv_event event;
	enum problem_code code;
	enum err err = next(im, &event);

	if (err != ERR_NONE)
		return err;
	if (event == CSV_END) {
		im->row.count = 0;
		im->row.raw_len = 0;
		im->row.problem.line = 1;
	}
	if (event == CSV_REFUSED)
		return refuse(im,
		    is_clean_start(&im->row) ? im->row.problem.code
					     : PROBLEM_NOT_TEXT);
	code = dataset_header(&im->reader, &im->row, &im->result->message);
	if (code == PROBLEM_NONE)
		put_bad_row(im, PROBLEM_NONE);
	return code == PROBLEM_NONE ? ERR_NONE : refuse(im, code);
}

/* Notes a bad row, and the store that keeps what it had for it. */
static enum err
note_problem(struct import *im, enum problem_code code,
    const struct dataset_row *row)
{
	struct import_result *r = im->result;
	bool special = im->request->dataset == DATASET_SPECIAL_HOURS;

	r->bad++;
	if (r->problem_count < IMPORT_PROBLEMS) {
		r->problems[r->problem_count].line = im->row.problem.line;
		r->problems[r->problem_count++].code = code;
	}
	put_bad_row(im, code);
	if (im->request->preview != NULL)
		preview_problem(im->request->preview, im->row.problem.line,
		    code);
	/* The bulk keeps the store of a conflict by itself. */
	if (code == PROBLEM_CONFLICT || !row->has_id ||
	    (special && !row->has_date))
		return ERR_NONE;
	return bulk_keep(im->bulk, row->id, row->id_len, row->date);
}

static enum err
take_row(struct import *im)
{
	struct dataset_row row;
	enum problem_code code = dataset_row(&im->reader, &im->row, &row);
	enum err err = ERR_NONE;
	bool fits = true;

	if (++im->result->rows % TELL_ROWS == 0 &&
	    im->request->progress != NULL)
		im->request->progress(im->request->progress_ctx,
		    im->result->rows, im->bytes);
	if (code == PROBLEM_NONE) {
		err = bulk_put(im->bulk, &row, &fits);
		if (err == ERR_NONE && !fits)
			code = PROBLEM_CONFLICT;
		else if (im->request->preview != NULL)
			preview_row(im->request->preview, &row);
	}
	if (err == ERR_NONE && code != PROBLEM_NONE)
		err = note_problem(im, code, &row);
	return err;
}

static enum err
read_rows(struct import *im)
{
	enum csv_event event;
	enum err err;

	for (;;) {
		err = next(im, &event);
		if (err != ERR_NONE || event == CSV_END)
			return err;
		if (event == CSV_REFUSED)
			return refuse(im, im->row.problem.code);
		err = take_row(im);
		if (err != ERR_NONE)
			return err;
	}
}

static void
list_kept(void *ctx, const char *id)
{
	struct import_result *r = ctx;

	if (r->kept_count++ < IMPORT_KEPT)
		buf_add(&r->kept, id, strlen(id) + 1);
}

/* The bytes are read: tells their hash, and is it the one that was wanted? */
static enum err
check_hash(struct import *im)
{
	struct import_result *r = im->result;
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int len = 0, i;

	if (im->hash == NULL)
		return ERR_NONE;
	if (EVP_DigestFinal_ex(im->hash, digest, &len) != 1 || len != 32)
		return ERR_NO_MEMORY;
	for (i = 0; i < len; i++)
		(void)snprintf(r->sha256 + 2 * (size_t)i, 3, "%02x", digest[i]);
	if (im->request->expected_sha256 == NULL ||
	    strcmp(im->request->expected_sha256, r->sha256) == 0)
		return ERR_NONE;
	log_error("import %s: the file is not the one that was checked", r->id);
	return ERR_CONFLICT;
}

static enum err
publish_bad_rows(struct import *im)
{
	struct outfile *f = im->bad_rows;

	im->bad_rows = NULL;
	if (f == NULL || im->result->bad > 0)
		return f == NULL ? ERR_NONE : outfile_publish(f, NULL, NULL);
	outfile_abort(f);
	return ERR_NONE;
}

/* The rows are in; decide, commit or not. */
static enum err
conclude(struct import *im)
{
	const struct import_request *request = im->request;
	struct import_result *r = im->result;
	bool blocked = r->bad > 0 && !request->skip_bad;
	bool kept = r->bad > 0 &&
	    (request->dataset != DATASET_POLLS || request->whole);
	enum err err = check_hash(im);

	if (err == ERR_NONE)
		err = bulk_finish(im->bulk, &r->counts);
	if (err == ERR_NONE && kept)
		err = bulk_kept(im->bulk, list_kept, r);
	if (err == ERR_NONE && request->preview != NULL)
		err = preview_finish(request->preview, im->bulk);
	if (err == ERR_NONE)
		err = publish_bad_rows(im);
	if (err != ERR_NONE)
		return err;
	if (request->dry_run || blocked)
		return blocked ? ERR_INPUT : ERR_NONE;
	bulk_source(im->bulk, request->file, request->who,
	    im->hash != NULL ? r->sha256 : NULL);
	err = bulk_commit(im->bulk, r->id, r->rows, r->bad);
	im->bulk = NULL;
	r->applied = err == ERR_NONE;
	return err;
}

/* What the request asks for beside the import itself. */
static enum err
open_extras(struct import *im)
{
	const struct import_request *request = im->request;

	if (request->id != NULL)
		(void)snprintf(im->result->id, sizeof(im->result->id), "%s",
		    request->id);
	else
		ids_make(im->result->id);
	buf_init(&im->line, CSV_RECORD_MAX + 256);
	if (request->want_sha256) {
		im->hash = EVP_MD_CTX_new();
		if (im->hash == NULL ||
		    EVP_DigestInit_ex(im->hash, EVP_sha256(), NULL) != 1)
			return ERR_NO_MEMORY;
	}
	return request->bad_rows == NULL
	    ? ERR_NONE
	    : outfile_new(request->bad_rows, false, &im->bad_rows);
}

static enum err
open_parts(struct import *im, struct data *data)
{
	const struct import_request *request = im->request;
	struct bulk_options options = { .dataset = request->dataset,
		.whole = request->whole,
		.sample = request->sample,
		.expected = request->expected };
	enum err err = csv_new(&im->csv);

	if (err == ERR_NONE)
		err = open_extras(im);
	im->reader.dataset = request->dataset;
	im->reader.now_us = clock_now_us();
	im->reader.is_zone = is_zone;
	if (err == ERR_NONE && request->dataset == DATASET_TIMEZONES)
		err = tzdb_open(&im->tzdb);
	im->reader.zone_ctx = im->tzdb;
	/* The header is read before other writers are made to wait. */
	if (err == ERR_NONE)
		err = read_header(im);
	if (err == ERR_NONE)
		err = bulk_begin(data, &options, &im->bulk);
	return err;
}

enum err
import_run(struct data *data, const struct import_request *request,
    struct import_result *result)
{
	struct import im = { .request = request, .result = result };
	enum err err = open_parts(&im, data);

	if (err == ERR_NONE)
		err = read_rows(&im);
	if (err == ERR_NONE)
		err = conclude(&im);
	bulk_abort(im.bulk);
	outfile_abort(im.bad_rows);
	EVP_MD_CTX_free(im.hash);
	buf_release(&im.line);
	csv_free(im.csv);
	tzdb_close(im.tzdb);
	if (result->file_error != PROBLEM_NONE && result->message.len == 0)
		buf_str(&result->message, problem_text(result->file_error));
	return err;
}
