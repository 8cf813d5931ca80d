/* Uploads when data or files change meanwhile or workers are killed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "upload_fixture.h"

#include "work/forget.h"

#define MANY_ROWS 70000 /* more than it takes to be told of progress */

/* A file of zones that is read for a moment. */
static void
take_many(char id[JOB_ID_LEN + 1])
{
	struct buf text;
	int i;

	buf_init(&text, (size_t)16 * 1024 * 1024);
	buf_str(&text, ZONES);
	for (i = 0; i < MANY_ROWS; i++)
		buf_printf(&text, "store %d,Asia/Tokyo\n", i);
	take("timezones", buf_text(&text), id);
	buf_release(&text);
}

static void
test_data_changed_since_the_preview(void **unused)
{
	char id[JOB_ID_LEN + 1];

	(void)unused;
	take_zones(id);
	import_zone(state, "c");
	assert_int_equal(number_of(id, "can_confirm"), 0);
	assert_int_equal(number_of(id, "data_changed"), 1);
	assert_refused(upload_confirm(desk, id, false, &why), ERR_CONFLICT,
	    "data_changed");
	assert_int_equal(upload_recheck(desk, id, &why), ERR_NONE);
	wait_for(is_in(id, "Preview"));
	confirm(id, false);
	wait_for(is_in(id, "Imported"));
	assert_int_equal(dataset_now(DATASET_TIMEZONES).rows, 3);
}

/* Between the confirm and the import: nothing is lost but the preview. */
static void
test_data_changed_since_the_confirm(void **unused)
{
	char id[JOB_ID_LEN + 1];

	(void)unused;
	take_zones(id);
	scratch_write(state, "import", "moves");
	confirm(id, false);
	wait_for(is_in(id, "Preview"));
	assert_int_equal(dataset_now(DATASET_TIMEZONES).rows, 1);
	assert_int_equal(number_of(id, "data_changed"), 1);
	assert_int_equal(number_of(id, "can_confirm"), 0);
	assert_refused(upload_confirm(desk, id, false, &why), ERR_CONFLICT,
	    "data_changed");
	assert_int_equal(upload_recheck(desk, id, &why), ERR_NONE);
	wait_for(is_in(id, "Preview"));
	confirm(id, false);
	wait_for(is_in(id, "Imported"));
	assert_int_equal(dataset_now(DATASET_TIMEZONES).rows, 3);
}

/* While it is checked: it is checked against what is there then. */
static void
test_data_changed_during_the_check(void **unused)
{
	char id[JOB_ID_LEN + 1];

	(void)unused;
	scratch_write(state, "import", "moves");
	take_zones(id);
	assert_int_equal(count_runs(), 2);
	confirm(id, false);
	wait_for(is_in(id, "Imported"));
	assert_int_equal(dataset_now(DATASET_TIMEZONES).rows, 3);
}

static void
test_file_changed_since_the_check(void **unused)
{
	char id[JOB_ID_LEN + 1], name[64], text[1024];

	(void)unused;
	take_zones(id);
	(void)snprintf(name, sizeof(name), "uploads/%s.csv", id);
	/* As long as before. */
	scratch_write(state, name, ZONES "a,Asia/Tokyo\nc,America/Denver\n");
	confirm(id, false);
	wait_for(is_in(id, "Failed"));
	assert_non_null(strstr(text_of(id, "error", text), "not the one"));
	assert_int_equal(dataset_now(DATASET_TIMEZONES).rows, 0);
	wait_for(!has_upload(id, UPLOAD_CSV));
}

static void
test_killed_while_checking(void **unused)
{
	char id[JOB_ID_LEN + 1];

	(void)unused;
	scratch_write(state, "import", "half");
	take_many(id);
	wait_for(is_in(id, "Preview"));
	assert_int_equal(count_runs(), 2);
	assert_int_equal(number_of(id, "new"), MANY_ROWS);
	assert_int_equal(dataset_now(DATASET_TIMEZONES).rows, 0);
}

static void
test_killed_while_importing(void **unused)
{
	char id[JOB_ID_LEN + 1];

	(void)unused;
	take_many(id);
	wait_for(is_in(id, "Preview"));
	scratch_write(state, "import", "half");
	confirm(id, false);
	wait_for(is_in(id, "Imported"));
	assert_int_equal(count_runs(), 3);
	assert_int_equal(dataset_now(DATASET_TIMEZONES).rows, MANY_ROWS);
	assert_int_equal(count_imports(DATASET_TIMEZONES), 1);
}

/* Nobody looks: to confirm again is enough. */
static void
test_confirmed_again_after_a_kill(void **unused)
{
	char id[JOB_ID_LEN + 1];

	(void)unused;
	take_many(id);
	wait_for(is_in(id, "Preview"));
	wait_for(are_slots_free());
	scratch_write(state, "import", "half");
	confirm(id, false);
	wait_for(!scratch_has(state, "import") && are_slots_free());
	assert_int_equal(dataset_now(DATASET_TIMEZONES).rows, 0);
	confirm(id, false);
	wait_for(dataset_now(DATASET_TIMEZONES).rows == MANY_ROWS);
	wait_for(are_slots_free());
	confirm(id, false);
	assert_int_equal(count_runs(), 3);
	assert_int_equal(count_imports(DATASET_TIMEZONES), 1);
}

/* Its commit is there, its telling is not. */
static void
test_killed_after_the_commit(void **unused)
{
	char id[JOB_ID_LEN + 1];
	json_t *json;

	(void)unused;
	take_zones(id);
	scratch_write(state, "import", "late");
	confirm(id, false);
	wait_for(is_in(id, "Imported"));
	/* The next worker has found it: it was not made again. */
	assert_int_equal(count_runs(), 2);
	assert_int_equal(count_imports(DATASET_TIMEZONES), 1);
	json = see(id);
	assert_int_equal(json_integer_value(json_object_get(
			     json_object_get(json, "result"), "new")),
	    2);
	json_decref(json);
	wait_for(!has_upload(id, UPLOAD_CSV));
}

static void
test_killed_twice(void **unused)
{
	char id[JOB_ID_LEN + 1], text[1024];

	(void)unused;
	scratch_write(state, "import", "half");
	take_many(id);
	wait_for(!scratch_has(state, "import"));
	scratch_write(state, "import", "half");
	wait_for(is_in(id, "Failed"));
	assert_non_null(strstr(text_of(id, "error", text), "twice"));
	assert_int_equal(count_runs(), 2);
	assert_false(has_upload(id, UPLOAD_CSV));
}

/* What is changed at once is not changed while an import is at work. */
static void
test_refused_during_an_import(void **unused)
{
	char id[JOB_ID_LEN + 1], path[FILE_PATH_MAX];
	int fd;

	(void)unused;
	take_zones(id);
	confirm(id, false);
	wait_for(is_in(id, "Imported"));
	assert_int_equal(lock_take(scratch_path(path, state, "data.lock"), &fd),
	    ERR_NONE);
	assert_int_equal(upload_undo(desk, id, &why), ERR_BUSY);
	assert_int_equal(forget_store(desk, "a"), ERR_BUSY);
	assert_true(is_in(id, "Imported"));
	lock_drop(&fd);
	assert_int_equal(forget_store(desk, "a"), ERR_NONE);
	assert_int_equal(forget_store(desk, "a"), ERR_NOT_FOUND);
	assert_int_equal(upload_undo(desk, id, &why), ERR_NONE);
	assert_int_equal(dataset_now(DATASET_TIMEZONES).rows, 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		each(test_data_changed_since_the_preview),
		each(test_data_changed_since_the_confirm),
		each(test_data_changed_during_the_check),
		each(test_file_changed_since_the_check),
		each(test_killed_while_checking),
		each(test_killed_while_importing),
		each(test_confirmed_again_after_a_kill),
		each(test_killed_after_the_commit),
		each(test_killed_twice),
		each(test_refused_during_an_import),
	};

	return run_uploader_or(cmocka_run_group_tests(tests, NULL, NULL));
}
