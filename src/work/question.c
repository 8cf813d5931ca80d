/*
 * Questions.  The hash is of one line that names everything the files of a
 * report depend on; whatever comes to change them has to be added to it, and
 * a change of the program that alters its figures raises VERSION.
 */
#include "work/question.h"

#include "base/buf.h"
#include "sys/log.h"

#include <inttypes.h>
#include <jansson.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#define VERSION 2
#define LINE_MAX_BYTES ((size_t)1024 * 1024)
#define SHA256_BYTES 32

static enum err
hash_text(const char *text, size_t len, char out[JOBS_HASH])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int size = 0;
	size_t i;

	if (EVP_Digest(text, len, digest, &size, EVP_sha256(), NULL) != 1 ||
	    size != SHA256_BYTES)
		return ERR_NO_MEMORY;
	for (i = 0; i < size; i++) {
		out[2 * i] = hex[digest[i] >> 4];
		out[2 * i + 1] = hex[digest[i] & 15];
	}
	out[JOBS_HASH - 1] = '\0';
	return ERR_NONE;
}

enum err
question_hash(const struct question *q, char out[JOBS_HASH])
{
	struct buf line;
	enum err err;

	buf_init(&line, LINE_MAX_BYTES);
	buf_printf(&line,
	    "report %d %" PRId64 " %s %s %" PRId64 " %s %" PRId64 " %s",
	    VERSION, q->revision->number, q->revision->token, q->tzdata,
	    q->as_of_us, interpolation_names[q->rules.interpolation],
	    q->rules.reach_us, q->stores != NULL ? q->stores : "all");
	err = buf_err(&line);
	if (err == ERR_NONE)
		err = hash_text(line.data, line.len, out);
	buf_release(&line);
	return err;
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorts the ids and drops repetitions; returns how many stay. */
static size_t
sort_ids(const char **ids, size_t count)
{
	size_t i, n = 0;

	qsort(ids, count, sizeof(*ids), by_bytes);
	for (i = 0; i < count; i++)
		if (n == 0 || strcmp(ids[i], ids[n - 1]) != 0)
			ids[n++] = ids[i];
	return n;
}

static enum err
write_array(const char *const *ids, size_t count, char **out)
{
	json_t *array = json_array();
	size_t i;

	/* An element that could not be added is missed in the size. */
	for (i = 0; i < count; i++)
		(void)json_array_append_new(array, json_string(ids[i]));
	if (json_array_size(array) == count)
		*out = json_dumps(array, JSON_COMPACT);
	json_decref(array);
	return *out != NULL ? ERR_NONE : ERR_NO_MEMORY;
}

enum err
question_stores(const char *const *ids, size_t count, char **out)
{
	const char **sorted = calloc(count + 1, sizeof(*sorted));
	enum err err;

	*out = NULL;
	if (sorted == NULL)
		return ERR_NO_MEMORY;
	if (count > 0)
		memcpy(sorted, ids, count * sizeof(*sorted));
	err = write_array(sorted, sort_ids(sorted, count), out);
	free(sorted);
	return err;
}

enum err
question_filter_read(struct question_filter *f, const char *stores)
{
	size_t i;

	memset(f, 0, sizeof(*f));
	f->array = json_loads(stores, JSON_REJECT_DUPLICATES, NULL);
	f->count = json_array_size(f->array);
	f->ids = calloc(f->count + 1, sizeof(*f->ids));
	if (f->ids == NULL)
		return ERR_NO_MEMORY;
	for (i = 0; i < f->count; i++) {
		f->ids[i] = json_string_value(json_array_get(f->array, i));
		if (f->ids[i] == NULL)
			break;
	}
	if (json_is_array(f->array) && i == f->count)
		return ERR_NONE;
	log_error("jobs.db: a store filter is no array of texts");
	question_filter_release(f);
	return ERR_CORRUPT;
}

void
question_filter_release(struct question_filter *f)
{
	json_decref(f->array);
	free(f->ids);
	memset(f, 0, sizeof(*f));
}
