/*
 * What an import does beside importing: lists and their limits, the file of
 * bad rows, hashes, the history, progress, JSON; and input that comes slowly
 * or not at all.
 */
#include "work/import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <sys/socket.h>

#include "import_fixture.h"

#define ZONES "store_id,timezone_str\n"
#define ID "01234567-89ab-4def-8123-456789abcdef"

static enum err
import_zones(const struct import_request *request, const char *text,
    struct import_result *result)
{
	struct import_request with = *request;

	with.dataset = DATASET_TIMEZONES;
	return import_text(&with, text, strlen(text), result);
}

/* So many bad rows: counted all, listed up to a limit. */
static void
test_lists(void **state)
{
	static const int counts[] = { 999, 1000, 1001, 3000 };
	struct import_request request = { .skip_bad = true };
	struct buf text;
	size_t i;
	int k;

	(void)state;
	buf_init(&text, TEXT_MAX);
	for (i = 0; i < COUNT(counts); i++) {
		int listed = counts[i] < 1000 ? counts[i] : 1000;
		struct import_result r;

		buf_reset(&text);
		buf_str(&text, ZONES);
		for (k = 0; k < counts[i]; k++)
			buf_printf(&text, "s%04d,x\n", k);
		assert_int_equal(import_zones(&request, text.data, &r),
		    ERR_NONE);
		assert_int_equal(r.bad, counts[i]);
		assert_int_equal(r.problem_count, listed);
		assert_int_equal(r.problems[listed - 1].line, listed + 1);
		assert_int_equal(r.kept_count, counts[i]);
		assert_int_equal(r.kept.len, listed * 6);
		assert_string_equal(r.kept.data, "s0000");
		import_result_release(&r);
	}
	buf_release(&text);
}

static void
test_bad_rows(void **state)
{
	char path[FILE_PATH_MAX], out[512];
	struct import_request request = { .bad_rows = scratch_path(path,
					      state_folder, "bad.csv") };
	struct import_result r;

	(void)state;
	assert_int_equal(import_zones(&request,
			     "\xef\xbb\xbf" ZONES "a,Asia/Tokyo\r\n \"b\",x\r\n"
			     "c\"d,y\n\"e\nf\",z\n",
			     &r),
	    ERR_INPUT);
	import_result_release(&r);
	assert_string_equal(scratch_read(state_folder, "bad.csv", out,
				sizeof(out)),
	    "line,reason,store_id,timezone_str\n3,timezone, \"b\",x\n"
	    "4,quote,c\"d,y\n5,store_id,\"e\nf\",z\n");
	/* Where none is bad there is no file, nor is the old one. */
	assert_int_equal(remove(path), 0);
	assert_int_equal(import_zones(&request, ZONES "a,Asia/Tokyo\n", &r),
	    ERR_NONE);
	import_result_release(&r);
	assert_false(scratch_has(state_folder, "bad.csv"));
	assert_false(scratch_has(state_folder, "bad.csv.tmp"));
	/* A refused file has no rows. */
	assert_int_equal(import_zones(&request, "a,b\n", &r), ERR_INPUT);
	import_result_release(&r);
	assert_false(scratch_has(state_folder, "bad.csv"));
	assert_false(scratch_has(state_folder, "bad.csv.tmp"));
}

/* The hash is the file's, and may be asked for beforehand. */
static void
test_hash(void **state)
{
	static const char known[] =
	    "80ccf44901a60504badd0985c58f64281ccd5828a7262a13a9c5e5415c09bb45";
	static const char other[] =
	    "00ccf44901a60504badd0985c58f64281ccd5828a7262a13a9c5e5415c09bb45";
	struct import_request request = { .want_sha256 = true,
		.expected_sha256 = known };
	struct import_result r;

	(void)state;
	assert_int_equal(import_zones(&request, ZONES "a,Asia/Tokyo\n", &r),
	    ERR_NONE);
	assert_string_equal(r.sha256, known);
	import_result_release(&r);
	assert_int_equal(import_zones(&request, ZONES "a,Asia/Seoul\n", &r),
	    ERR_CONFLICT);
	assert_false(r.applied);
	import_result_release(&r);
	request.expected_sha256 = other;
	assert_int_equal(import_zones(&request, ZONES "a,Asia/Tokyo\n", &r),
	    ERR_CONFLICT);
	import_result_release(&r);
	check_shown("the first", "a Asia/Tokyo\n");
}

static void
note_import(void *ctx, const struct data_import *i)
{
	buf_printf(ctx, "%s %s %s %zu %" PRIu64 " %" PRIu64 "|", i->id, i->file,
	    i->who, strlen(i->sha256), i->rows, i->bad);
}

static void
test_history(void **state)
{
	struct import_request request = { .id = ID,
		.file = "zones.csv",
		.who = "somebody",
		.want_sha256 = true,
		.skip_bad = true };
	struct import_result r;
	struct buf seen;

	(void)state;
	assert_int_equal(import_zones(&request, ZONES "a,Asia/Tokyo\nb,x\n",
			     &r),
	    ERR_NONE);
	assert_string_equal(r.id, ID);
	import_result_release(&r);
	buf_init(&seen, TEXT_MAX);
	assert_int_equal(data_imports(data, DATASET_TIMEZONES, 9, note_import,
			     &seen),
	    ERR_NONE);
	assert_string_equal(buf_text(&seen), ID " zones.csv somebody 64 2 1|");
	buf_release(&seen);
	/* The same id is one import. */
	assert_true(import_zones(&request, ZONES "a,Asia/Seoul\n", &r) !=
	    ERR_NONE);
	assert_false(r.applied);
	import_result_release(&r);
	check_shown("the first", "a Asia/Tokyo\n");
}

static void
test_expected(void **state)
{
	int64_t seen = 0;
	struct import_request request = { .expected = &seen };
	struct import_result r;

	(void)state;
	assert_int_equal(import_zones(&request, ZONES "a,Asia/Tokyo\n", &r),
	    ERR_NONE);
	import_result_release(&r);
	assert_int_equal(import_zones(&request, ZONES "a,Asia/Seoul\n", &r),
	    ERR_CONFLICT);
	import_result_release(&r);
	check_shown("the first", "a Asia/Tokyo\n");
}

struct told {
	uint64_t rows;
	int64_t bytes;
	int calls;
};

static void
tell(void *ctx, uint64_t rows, int64_t bytes)
{
	struct told *told = ctx;

	assert_true(rows > told->rows && bytes >= told->bytes);
	told->rows = rows;
	told->bytes = bytes;
	told->calls++;
}

static void
test_progress(void **state)
{
	struct told told = { 0, 0, 0 };
	struct import_request request = { .progress = tell,
		.progress_ctx = &told,
		.dry_run = true };
	struct import_result r;
	struct buf text;
	int k;

	(void)state;
	buf_init(&text, TEXT_MAX);
	buf_str(&text, ZONES);
	for (k = 0; k < 200000; k++)
		buf_str(&text, "a,Asia/Tokyo\n");
	assert_int_equal(import_zones(&request, text.data, &r), ERR_NONE);
	assert_true(told.calls >= 3);
	assert_true(told.rows <= 200000 && told.rows > 190000);
	assert_true(told.bytes > 0 && (size_t)told.bytes <= text.len);
	import_result_release(&r);
	buf_release(&text);
}

/* The result as an object, read back. */
static json_t *
as_json(const struct import_result *r)
{
	json_t *object;
	struct buf out;

	buf_init(&out, TEXT_MAX);
	import_json(r, DATASET_TIMEZONES, &out);
	object = json_loads(buf_text(&out), JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(object);
	buf_release(&out);
	return object;
}

static void
test_json(void **state)
{
	struct import_request request = { .skip_bad = true };
	struct import_result r;
	json_t *o, *one;

	(void)state;
	assert_int_equal(import_zones(&request,
			     ZONES "a,Asia/Tokyo\n\"b\"\"c\",x\n", &r),
	    ERR_NONE);
	o = as_json(&r);
	assert_string_equal(json_string_value(json_object_get(o, "dataset")),
	    "timezones");
	assert_int_equal(json_integer_value(json_object_get(o, "rows")), 2);
	assert_int_equal(json_integer_value(json_object_get(o, "new")), 1);
	assert_int_equal(json_integer_value(json_object_get(o, "changed")), 0);
	assert_int_equal(json_integer_value(json_object_get(o, "same")), 0);
	assert_int_equal(json_integer_value(json_object_get(o, "bad")), 1);
	assert_int_equal(json_integer_value(json_object_get(o, "removed")), 0);
	assert_true(json_is_true(json_object_get(o, "applied")));
	assert_true(json_is_null(json_object_get(o, "file_error")));
	assert_int_equal(json_array_size(json_object_get(o, "problems")), 1);
	one = json_array_get(json_object_get(o, "problems"), 0);
	assert_int_equal(json_integer_value(json_object_get(one, "line")), 3);
	assert_string_equal(json_string_value(json_object_get(one, "code")),
	    "timezone");
	assert_true(json_is_string(json_object_get(one, "message")));
	assert_int_equal(json_integer_value(json_object_get(o, "kept")), 1);
	one = json_array_get(json_object_get(o, "kept_stores"), 0);
	assert_string_equal(json_string_value(one), "b\"c");
	json_decref(o);
	import_result_release(&r);
	assert_int_equal(import_zones(&request, "", &r), ERR_INPUT);
	o = as_json(&r);
	one = json_object_get(o, "file_error");
	assert_string_equal(json_string_value(json_object_get(one, "code")),
	    "empty_file");
	assert_true(json_is_false(json_object_get(o, "applied")));
	assert_null(json_object_get(o, "kept"));
	json_decref(o);
	import_result_release(&r);
}

/* Each read gives a byte: what comes of it is the same. */
static enum err
import_slowly(const char *text, size_t len, struct import_result *r)
{
	struct import_request request = { .dataset = DATASET_TIMEZONES };
	int fds[2];
	enum err err;
	size_t i;

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
			     fds),
	    0);
	for (i = 0; i < len; i++)
		assert_int_equal(send(fds[0], text + i, 1, 0), 1);
	assert_int_equal(close(fds[0]), 0);
	request.fd = fds[1];
	import_result_init(r);
	err = import_run(data, &request, r);
	assert_int_equal(close(fds[1]), 0);
	return err;
}

static void
test_slowly(void **state)
{
	static const char text[] = "\xef\xbb\xbf" ZONES "\"a\",Asia/Tokyo\r\n";
	struct import_result r;

	(void)state;
	assert_int_equal(import_slowly(text, sizeof(text) - 1, &r), ERR_NONE);
	import_result_release(&r);
	check_shown("a byte at a time", "a Asia/Tokyo\n");
}

/* A file that cannot be read is no bad file. */
static void
test_unreadable(void **state)
{
	struct import_request request = { .dataset = DATASET_TIMEZONES };
	struct import_result r;

	(void)state;
	request.fd = open(state_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(request.fd >= 0);
	import_result_init(&r);
	assert_int_equal(import_run(data, &request, &r), ERR_IO);
	assert_false(r.applied);
	assert_int_equal(r.file_error, PROBLEM_NONE);
	import_result_release(&r);
	assert_int_equal(close(request.fd), 0);
	bring(DATASET_TIMEZONES, "a,Asia/Tokyo");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		with_data(test_lists),
		with_data(test_bad_rows),
		with_data(test_hash),
		with_data(test_history),
		with_data(test_expected),
		with_data(test_progress),
		with_data(test_json),
		with_data(test_slowly),
		with_data(test_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
