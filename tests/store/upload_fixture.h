/*
 * What tests of uploads share: a state folder, files to be taken, and a
 * worker that is this same program, started as "storemon work SLOT".  It
 * imports as the file STATE/import says:
 *
 *	ok		as always
 *	half		is killed in the middle
 *	late		is killed after all was done, but before it is told
 *	moves		the data set changes just before it is read
 *
 * "half" and "late" take the file away, so that they happen once; each start
 * of it adds a '+' to the file STATE/imports.  Include after cmocka.h.
 */
#ifndef STORE_UPLOAD_FIXTURE_H
#define STORE_UPLOAD_FIXTURE_H

#include "desk_fixture.h"

#include "work/upload.h"
#include "work/upload_file.h"

#include <jansson.h>

#define ZONES "store_id,timezone_str\n"
#define POLLS "store_id,status,timestamp_utc\n"

static struct upload_refusal why;

/* Appends a mark to a file of the state. */
static inline void
mark(const char *folder, const char *name)
{
	char path[FILE_PATH_MAX];
	int fd;

	if (file_path(path, folder, name) != ERR_NONE)
		_exit(1);
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
	if (fd < 0 || write(fd, "+", 1) != 1)
		_exit(1);
	(void)close(fd);
}

/* Takes a file with this text; returns what upload_take() does. */
static inline enum err
take_as(const char *dataset, const char *text, char id[JOB_ID_LEN + 1])
{
	char path[FILE_PATH_MAX];
	const struct upload_new upload = { .path = scratch_path(path, state,
					       "body/0001"),
		.dataset = dataset,
		.file = "some file.csv",
		.who = "admin" };

	scratch_write(state, "body/0001", text);
	return upload_take(desk, &upload, id, &why);
}

static inline void
take(const char *dataset, const char *text, char id[JOB_ID_LEN + 1])
{
	assert_int_equal(take_as(dataset, text, id), ERR_NONE);
	assert_true(text_is_job_id(id));
	assert_false(scratch_has(state, "body/0001"));
}

static inline json_t *
parse(struct buf *text)
{
	json_error_t error;
	json_t *json = json_loads(buf_text(text), JSON_REJECT_DUPLICATES,
	    &error);

	if (json == NULL)
		fail_msg("%s in %s", error.text, buf_text(text));
	buf_release(text);
	return json;
}

static inline json_t *
see(const char *id)
{
	struct buf text;

	buf_init(&text, (size_t)16 * 1024 * 1024);
	assert_int_equal(upload_look(desk, id, &text), ERR_NONE);
	return parse(&text);
}

static inline json_t *
see_list(size_t limit)
{
	struct buf text;

	buf_init(&text, (size_t)16 * 1024 * 1024);
	assert_int_equal(upload_list(desk, limit, &text), ERR_NONE);
	return parse(&text);
}

static inline bool
is_in(const char *id, const char *expected)
{
	json_t *json = see(id);
	bool is = strcmp(json_string_value(json_object_get(json, "state")),
		      expected) == 0;

	json_decref(json);
	return is;
}

/* Copies a text member of the upload; "" for null. */
static inline const char *
text_of(const char *id, const char *name, char out[1024])
{
	json_t *json = see(id);
	const char *value = json_string_value(json_object_get(json, name));

	(void)snprintf(out, 1024, "%s", value != NULL ? value : "");
	json_decref(json);
	return out;
}

/* A number of the upload, or -1 where it has none. */
static inline json_int_t
number_of(const char *id, const char *name)
{
	json_t *json = see(id);
	const json_t *value = json_object_get(json, name);
	json_int_t n = json_is_integer(value) ? json_integer_value(value)
	    : json_is_boolean(value)          ? json_is_true(value)
					      : -1;

	json_decref(json);
	return n;
}

static inline bool
has_upload(const char *id, enum upload_file file)
{
	return upload_has(state, id, file);
}

/* How many imports of the data set were committed. */
static inline void
count_import(void *ctx, const struct data_import *import)
{
	(void)import;
	(*(int *)ctx)++;
}

static inline int
count_imports(enum dataset dataset)
{
	struct data *data;
	int count = 0;

	assert_int_equal(data_open(&data, state), ERR_NONE);
	assert_int_equal(data_imports(data, dataset, 1000, count_import,
			     &count),
	    ERR_NONE);
	data_close(data);
	return count;
}

static inline struct data_dataset
dataset_now(enum dataset dataset)
{
	struct data_dataset set;
	struct data *data;

	assert_int_equal(data_open(&data, state), ERR_NONE);
	assert_int_equal(data_dataset(data, dataset, &set), ERR_NONE);
	data_close(data);
	return set;
}

/* Brings one zone in: a new revision of the zones. */
static inline void
import_zone(const char *folder, const char *store)
{
	const struct bulk_options options = { .dataset = DATASET_TIMEZONES };
	const struct dataset_row row = { .id = store,
		.id_len = strlen(store),
		.zone = "Asia/Tokyo",
		.zone_len = 10 };
	struct bulk_counts counts;
	struct data *data;
	char id[JOB_ID_LEN + 1];
	struct bulk *bulk;
	bool fits;

	ids_make(id);
	assert_int_equal(data_open(&data, folder), ERR_NONE);
	assert_int_equal(bulk_begin(data, &options, &bulk), ERR_NONE);
	assert_int_equal(bulk_put(bulk, &row, &fits), ERR_NONE);
	assert_int_equal(bulk_finish(bulk, &counts), ERR_NONE);
	assert_int_equal(bulk_commit(bulk, id, 1, 0), ERR_NONE);
	data_close(data);
}

/* How often a worker has run an import, dry or not. */
static inline int
count_runs(void)
{
	char text[64];

	return (int)strlen(scratch_read(state, "imports", text, sizeof(text)));
}

static inline void
assert_refused(enum err err, enum err expected, const char *code)
{
	assert_int_equal(err, expected);
	assert_non_null(why.code);
	assert_string_equal(why.code, code);
	assert_true(strlen(why.message) > 10);
}

static inline void
take_zones(char id[JOB_ID_LEN + 1])
{
	take("timezones", ZONES "a,Asia/Tokyo\nb,America/Denver\n", id);
	wait_for(is_in(id, "Preview"));
}

static inline void
confirm(const char *id, bool skip_bad)
{
	assert_int_equal(upload_confirm(desk, id, skip_bad, &why), ERR_NONE);
}

/* What follows runs in the worker. */

static inline bool
is_way(const char *folder, const char *way)
{
	char text[32];

	return strcmp(scratch_read(folder, "import", text, sizeof(text)),
		   way) == 0;
}

static inline void
die_once(const char *folder)
{
	char path[FILE_PATH_MAX];

	if (file_path(path, folder, "import") != ERR_NONE || unlink(path) != 0)
		_exit(1);
	(void)raise(SIGKILL);
}

static inline void
die_in_the_middle(void *ctx, uint64_t rows, int64_t bytes)
{
	(void)rows;
	(void)bytes;
	die_once(ctx);
}

static inline enum err
fake_import(struct data *data, const struct import_request *request,
    struct import_result *result)
{
	struct import_request mine = *request;
	char *folder = getenv("STOREMON_STATE");
	enum err err;

	mark(folder, "imports");
	if (is_way(folder, "half")) {
		mine.progress = die_in_the_middle;
		mine.progress_ctx = folder;
	}
	if (is_way(folder, "moves")) {
		scratch_write(folder, "import", "ok");
		import_zone(folder, "moved");
	}
	err = import_run(data, &mine, result);
	if (is_way(folder, "late"))
		die_once(folder);
	return err;
}

static inline int
run_uploader(const char *slot)
{
	const struct worker_means means = { fake_make, fake_import };
	const char *folder = getenv("STOREMON_STATE");
	struct settings s;
	int64_t n = WORKER_ANY_SLOT;

	if (folder == NULL || settings_load(&s, folder) != ERR_NONE)
		return 100;
	if (strcmp(slot, "any") != 0 &&
	    !number_parse(slot, strlen(slot), 0, 63, &n))
		return 100;
	return (int)worker_run_with(&s, (int)n, &means);
}

/* For main(): this is the worker, or the tests. */
#define run_uploader_or(tests) \
	(argc > 2 && strcmp(argv[1], "work") == 0 ? run_uploader(argv[2]) \
						  : (tests))

#endif
