/*
 * Uploads, with each call failing in turn: a file is taken or not wanted;
 * what is checked ends as a preview or says why not; what is confirmed is
 * imported once or not at all, and says so.
 */
#include "work/upload.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/check.h"
#include "../store/upload_fixture.h"
#include "nth.h"

#define TEXT ZONES "a,Asia/Tokyo\nbad row\nb,America/Denver\n"

static char upload[JOB_ID_LEN + 1]; /* of the run at hand; "" for none */

/* A fresh state in which no worker is started; one that is ends at once. */
static void
prepare_state(void)
{
	upload[0] = '\0';
	assert_int_equal(set_up(NULL), 0);
	assert_int_equal(setenv("STOREMON_PROGRAM", "/bin/true", 1), 0);
	import_zone(state, "a");
	hold_slots();
	scratch_write(state, "body/0001", TEXT);
}

/* Between the runs there is a desk; during them, one of their own. */
static enum err with_own_desk(enum err (*run)(void))
{
	enum err err;

	job_desk_close(desk);
	desk = NULL;
	err = job_desk_open(&desk, &settings);
	if (err == ERR_NONE)
		err = run();
	job_desk_close(desk);
	desk = NULL;
	return err;
}

static void
open_desk(void)
{
	assert_int_equal(job_desk_open(&desk, &settings), ERR_NONE);
}

/* Works until the queue is empty, in this process. */
static enum err
work(void)
{
	return work_run(&settings, WORKER_ANY_SLOT);
}

static enum err
take_file(void)
{
	char path[FILE_PATH_MAX], id[JOB_ID_LEN + 1];
	struct upload_new new = { .dataset = "timezones",
		.file = "some file.csv",
		.who = "admin" };
	enum err err = file_path(path, state, "body/0001");

	new.path = path;
	if (err == ERR_NONE)
		err = upload_take(desk, &new, id, &why);
	if (err == ERR_NONE)
		memcpy(upload, id, sizeof(upload));
	return err;
}

static enum err
take_run(void)
{
	return with_own_desk(take_file);
}

/* What was not taken is not among the uploads either, and is sent again. */
static void
check_taken(enum err err)
{
	assert_int_equal(scratch_count(state, "uploads"), err == ERR_NONE);
	assert_true(err != ERR_NONE || !scratch_has(state, "body/0001"));
	open_desk();
	if (err != ERR_NONE) {
		scratch_write(state, "body/0001", TEXT);
		assert_int_equal(take_file(), ERR_NONE);
	}
	drop_slots();
	assert_int_equal(work(), ERR_NONE);
	assert_true(is_in(upload, "Preview"));
	assert_int_equal(tear_down(NULL), 0);
}

static void
test_taking(void **unused)
{
	const struct sweep sweep = { "taking", prepare_state, take_run,
		check_taken };

	(void)unused;
	sweep_run(&sweep);
}

static void
prepare_taken(void)
{
	prepare_state();
	assert_int_equal(take_file(), ERR_NONE);
	drop_slots();
	job_desk_close(desk);
	desk = NULL;
}

/* Ends, by a second worker if need be, as a preview or with a reason. */
static void
check_checked(enum err err)
{
	char reason[1024];

	(void)err;
	assert_int_equal(work(), ERR_NONE);
	open_desk();
	if (is_in(upload, "Preview")) {
		assert_int_equal(number_of(upload, "rows"), 3);
		assert_int_equal(number_of(upload, "bad"), 1);
		assert_true(has_upload(upload, UPLOAD_CSV));
	} else {
		assert_true(is_in(upload, "Failed"));
		assert_true(text_of(upload, "error", reason)[0] != '\0');
	}
	assert_int_equal(count_imports(DATASET_TIMEZONES), 1);
	assert_int_equal(tear_down(NULL), 0);
}

static void
test_checking(void **unused)
{
	const struct sweep sweep = { "checking", prepare_taken, work,
		check_checked };

	(void)unused;
	sweep_run(&sweep);
}

static void
prepare_preview(void)
{
	prepare_taken();
	assert_int_equal(work(), ERR_NONE);
	hold_slots();
	open_desk();
}

static enum err
confirm_file(void)
{
	return upload_confirm(desk, upload, true, &why);
}

static enum err
cancel_file(void)
{
	return upload_cancel(desk, upload, &why);
}

static enum err
confirm_run(void)
{
	return with_own_desk(confirm_file);
}

static enum err
cancel_run(void)
{
	return with_own_desk(cancel_file);
}

/* Confirming again is no second import. */
static void
check_confirmed(enum err err)
{
	open_desk();
	assert_true(err != ERR_NONE || is_in(upload, "Importing"));
	assert_int_equal(confirm_file(), ERR_NONE);
	drop_slots();
	assert_int_equal(work(), ERR_NONE);
	assert_true(is_in(upload, "Imported"));
	assert_int_equal(count_imports(DATASET_TIMEZONES), 2);
	assert_int_equal(tear_down(NULL), 0);
}

static void
check_cancelled(enum err err)
{
	open_desk();
	assert_true(err != ERR_NONE || is_in(upload, "Cancelled"));
	assert_int_equal(cancel_file(), ERR_NONE);
	assert_true(is_in(upload, "Cancelled"));
	assert_int_equal(count_imports(DATASET_TIMEZONES), 1);
	assert_int_equal(tear_down(NULL), 0);
}

static void
test_deciding(void **unused)
{
	const struct sweep confirm_it = { "confirming", prepare_preview,
		confirm_run, check_confirmed };
	const struct sweep cancel_it = { "cancelling", prepare_preview,
		cancel_run, check_cancelled };

	(void)unused;
	sweep_run(&confirm_it);
	sweep_run(&cancel_it);
}

static void
prepare_confirmed(void)
{
	prepare_preview();
	assert_int_equal(confirm_file(), ERR_NONE);
	drop_slots();
	job_desk_close(desk);
	desk = NULL;
}

/* Imported once, and said so; or not, and said so. */
static void
check_imported(enum err err)
{
	(void)err;
	assert_int_equal(work(), ERR_NONE);
	open_desk();
	if (is_in(upload, "Imported")) {
		assert_int_equal(count_imports(DATASET_TIMEZONES), 2);
	} else {
		assert_true(is_in(upload, "Failed"));
		assert_int_equal(count_imports(DATASET_TIMEZONES), 1);
	}
	assert_int_equal(tear_down(NULL), 0);
}

static void
test_importing(void **unused)
{
	const struct sweep sweep = { "importing", prepare_confirmed, work,
		check_imported };

	(void)unused;
	sweep_run(&sweep);
}

static void
prepare_imported(void)
{
	prepare_confirmed();
	assert_int_equal(work(), ERR_NONE);
	open_desk();
}

static enum err
look_at_all(void)
{
	struct buf text;
	enum err err;

	buf_init(&text, (size_t)1024 * 1024);
	err = upload_look(desk, upload, &text);
	if (err == ERR_NONE)
		err = upload_list(desk, 10, &text);
	buf_release(&text);
	if (err == ERR_NONE)
		err = upload_bad_rows(desk, upload);
	return err;
}

static enum err
undo_file(void)
{
	return upload_undo(desk, upload, &why);
}

static enum err
look_run(void)
{
	return with_own_desk(look_at_all);
}

static enum err
undo_run(void)
{
	return with_own_desk(undo_file);
}

static void
check_looked(enum err err)
{
	(void)err;
	open_desk();
	assert_int_equal(look_at_all(), ERR_NONE);
	assert_true(is_in(upload, "Imported"));
	assert_int_equal(tear_down(NULL), 0);
}

/* The data set has what it had, or still what was imported. */
static void
check_undone(enum err err)
{
	bool undone;

	open_desk();
	undone = dataset_now(DATASET_TIMEZONES).rows == 1;
	assert_true(err != ERR_NONE || undone);
	assert_int_equal(undo_file(), undone ? ERR_CONFLICT : ERR_NONE);
	assert_int_equal(dataset_now(DATASET_TIMEZONES).rows, 1);
	assert_int_equal(tear_down(NULL), 0);
}

static void
test_afterwards(void **unused)
{
	const struct sweep looking = { "looking", prepare_imported, look_run,
		check_looked };
	const struct sweep undoing = { "undoing", prepare_imported, undo_run,
		check_undone };

	(void)unused;
	sweep_run(&looking);
	sweep_run(&undoing);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_taking),
		cmocka_unit_test(test_checking),
		cmocka_unit_test(test_deciding),
		cmocka_unit_test(test_importing),
		cmocka_unit_test(test_afterwards),
	};

	/* In memory, if possible: each commit waits for the disk. */
	if (access("/dev/shm", W_OK | X_OK) == 0)
		(void)setenv("TMPDIR", "/dev/shm", 0);
	return cmocka_run_group_tests_name("uploads, calls failing", tests,
	    NULL, NULL);
}
