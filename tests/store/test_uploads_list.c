/* The data sets and the history, and imports that are no uploads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "upload_fixture.h"

#include "work/job_desk.h"
#include "work/upload_keep.h"

/* As a command line does it; the import's id. */
static void
import_elsewhere(const char *text, char id[JOB_ID_LEN + 1])
{
	struct import_request request = { .dataset = DATASET_TIMEZONES,
		.file = "../by hand.csv",
		.who = "somebody" };
	struct import_result result;
	struct data *data;
	char path[FILE_PATH_MAX];

	scratch_write(state, "elsewhere.csv", text);
	request.fd = open(scratch_path(path, state, "elsewhere.csv"),
	    O_RDONLY | O_CLOEXEC);
	assert_true(request.fd >= 0);
	assert_int_equal(data_open(&data, state), ERR_NONE);
	import_result_init(&result);
	assert_int_equal(import_run(data, &request, &result), ERR_NONE);
	memcpy(id, result.id, sizeof(result.id));
	import_result_release(&result);
	data_close(data);
	assert_int_equal(close(request.fd), 0);
}

static json_t *
member(json_t *list, size_t i, const char *name)
{
	return json_object_get(json_array_get(list, i), name);
}

/* Checks an entry of the history: which it is, and in what state. */
static void
check_entry(json_t *json, size_t i, const char *id, const char *told)
{
	json_t *list = json_object_get(json, "imports");

	assert_string_equal(json_string_value(member(list, i, "import_id")),
	    id);
	assert_string_equal(json_string_value(member(list, i, "state")), told);
}

static json_t *
zones_of(json_t *json)
{
	return json_array_get(json_object_get(json, "datasets"),
	    DATASET_TIMEZONES);
}

static void
check_last(json_t *json, const char *last, const char *undo)
{
	json_t *set = zones_of(json);

	assert_string_equal(json_string_value(json_object_get(
				json_object_get(set, "last_import"), "id")),
	    last);
	if (undo == NULL)
		assert_true(json_is_null(json_object_get(set, "undo_import")));
	else
		assert_string_equal(json_string_value(json_object_get(set,
					"undo_import")),
		    undo);
}

static void
test_uploads(void **unused)
{
	char first[JOB_ID_LEN + 1], second[JOB_ID_LEN + 1];
	json_t *json, *set, *list;

	(void)unused;
	take_zones(first);
	confirm(first, false);
	wait_for(is_in(first, "Imported"));
	take_zones(second);
	json = see_list(10);
	set = zones_of(json);
	assert_string_equal(json_string_value(json_object_get(set, "name")),
	    "timezones");
	assert_int_equal(json_integer_value(json_object_get(set, "stores")), 2);
	assert_int_equal(json_integer_value(json_object_get(set, "rows")), 2);
	check_last(json, first, first);
	set = json_object_get(set, "last_import");
	assert_string_equal(json_string_value(json_object_get(set, "file")),
	    "some file.csv");
	check_entry(json, 0, second, "Preview");
	check_entry(json, 1, first, "Imported");
	list = json_object_get(json, "imports");
	assert_int_equal(json_integer_value(member(list, 0, "same")), 2);
	assert_true(json_is_null(member(list, 1, "undone_at")));
	/* The polls that the tests begin with. */
	assert_int_equal(json_array_size(list), 4);
	json_decref(json);
	json = see_list(1);
	assert_int_equal(json_array_size(json_object_get(json, "imports")), 1);
	check_entry(json, 0, second, "Preview");
	json_decref(json);
}

/* What came by the command line stands in the history, and can be undone. */
static void
test_elsewhere(void **unused)
{
	char first[JOB_ID_LEN + 1], second[JOB_ID_LEN + 1], text[1024];
	json_t *json, *list;

	(void)unused;
	take_zones(first);
	confirm(first, false);
	wait_for(is_in(first, "Imported"));
	import_elsewhere(ZONES "a,Asia/Seoul\nc,Asia/Seoul\n", second);
	json = see_list(10);
	check_last(json, second, second);
	check_entry(json, 0, second, "Imported");
	check_entry(json, 1, first, "Imported");
	list = json_object_get(json, "imports");
	assert_true(json_is_null(member(list, 0, "bytes")));
	assert_true(json_is_null(member(list, 0, "whole")));
	assert_true(json_is_integer(member(list, 1, "bytes")));
	json_decref(json);
	assert_string_equal(text_of(second, "file", text), "by hand.csv");
	assert_string_equal(text_of(second, "user", text), "somebody");
	assert_int_equal(number_of(second, "changed"), 1);
	assert_int_equal(number_of(second, "new"), 1);
	assert_int_equal(number_of(second, "can_undo"), 1);
	assert_int_equal(number_of(first, "can_undo"), 0);
	json = see(second);
	assert_true(json_is_true(json_object_get(json_object_get(json,
						     "result"),
	    "applied")));
	json_decref(json);
	assert_int_equal(upload_cancel(desk, second, &why), ERR_NOT_FOUND);
}

/* It is told when an import was undone; the one before is the last again. */
static void
test_undone(void **unused)
{
	char first[JOB_ID_LEN + 1], second[JOB_ID_LEN + 1], text[1024];
	json_t *json;

	(void)unused;
	import_elsewhere(ZONES "a,Asia/Seoul\n", first);
	take_zones(second);
	confirm(second, false);
	wait_for(is_in(second, "Imported"));
	assert_string_equal(text_of(second, "undone_at", text), "");
	assert_int_equal(upload_undo(desk, second, &why), ERR_NONE);
	assert_int_equal(strlen(text_of(second, "undone_at", text)), 27);
	assert_int_equal(number_of(second, "can_undo"), 0);
	json = see_list(10);
	check_last(json, first, NULL);
	check_entry(json, 0, second, "Imported");
	assert_true(json_is_string(member(json_object_get(json, "imports"), 0,
	    "undone_at")));
	assert_true(json_is_null(member(json_object_get(json, "imports"), 1,
	    "undone_at")));
	json_decref(json);
}

/* The upload is forgotten, the import is not. */
static void
test_outlived(void **unused)
{
	char id[JOB_ID_LEN + 1], text[1024];
	json_t *json;

	(void)unused;
	take_zones(id);
	confirm(id, false);
	wait_for(is_in(id, "Imported"));
	wait_for(are_slots_free());
	assert_int_equal(number_of(id, "bytes"), 52);
	desk->settings.value[SETTING_KEEP_HOURS] = 0;
	assert_int_equal(upload_keep_sweep(desk, UPLOAD_KEEP_AGE_US), ERR_NONE);
	assert_int_equal(number_of(id, "bytes"), -1);
	assert_int_equal(number_of(id, "new"), 2);
	assert_string_equal(text_of(id, "file", text), "some file.csv");
	assert_int_equal(strlen(text_of(id, "sha256", text)), 64);
	json = see_list(10);
	check_entry(json, 0, id, "Imported");
	json_decref(json);
	assert_int_equal(upload_undo(desk, id, &why), ERR_NONE);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		each(test_uploads),
		each(test_elsewhere),
		each(test_undone),
		each(test_outlived),
	};

	return run_uploader_or(cmocka_run_group_tests(tests, NULL, NULL));
}
