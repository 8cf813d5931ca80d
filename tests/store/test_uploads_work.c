/* Uploads from the taking to the import, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/wait.h>

#include "upload_fixture.h"

#define CONFIRMERS 20

static void
test_taken_checked_imported(void **unused)
{
	char id[JOB_ID_LEN + 1], text[1024];
	json_t *json;

	(void)unused;
	take_zones(id);
	json = see(id);
	assert_int_equal(json_integer_value(json_object_get(
			     json_object_get(json, "result"), "new")),
	    2);
	assert_true(json_is_object(json_object_get(json, "preview")));
	assert_true(json_is_null(json_object_get(json, "finished_at")));
	assert_true(json_is_true(json_object_get(json, "can_confirm")));
	json_decref(json);
	assert_string_equal(text_of(id, "file", text), "some file.csv");
	assert_string_equal(text_of(id, "user", text), "admin");
	assert_int_equal(strlen(text_of(id, "sha256", text)), 64);
	/* Nothing but a dry run so far. */
	assert_int_equal(dataset_now(DATASET_TIMEZONES).rows, 0);
	assert_true(has_upload(id, UPLOAD_CSV));
	confirm(id, false);
	wait_for(is_in(id, "Imported"));
	assert_int_equal(dataset_now(DATASET_TIMEZONES).rows, 2);
	wait_for(!has_upload(id, UPLOAD_CSV));
	json = see(id);
	assert_true(json_is_true(json_object_get(json_object_get(json,
						     "result"),
	    "applied")));
	assert_true(json_is_true(json_object_get(json, "can_undo")));
	assert_true(json_is_string(json_object_get(json, "finished_at")));
	json_decref(json);
	/* Again does nothing. */
	confirm(id, false);
	confirm(id, true);
	assert_int_equal(count_imports(DATASET_TIMEZONES), 1);
}

static void
test_bad_rows_are_chosen_about(void **unused)
{
	char id[JOB_ID_LEN + 1], text[1024], bad[256], name[64];

	(void)unused;
	take("timezones", ZONES "a,Asia/Tokyo\nb,Mars/Base\n", id);
	wait_for(is_in(id, "Preview"));
	assert_int_equal(number_of(id, "bad"), 1);
	assert_true(strstr(text_of(id, "bad_rows", text), id) != NULL);
	assert_int_equal(upload_bad_rows(desk, id), ERR_NONE);
	(void)snprintf(name, sizeof(name), "uploads/%s.bad.csv", id);
	assert_string_equal(scratch_read(state, name, bad, sizeof(bad)),
	    "line,reason,store_id,timezone_str\n3,timezone,b,Mars/Base\n");
	assert_refused(upload_confirm(desk, id, false, &why), ERR_CONFLICT,
	    "bad_rows");
	confirm(id, true);
	wait_for(is_in(id, "Imported"));
	assert_int_equal(dataset_now(DATASET_TIMEZONES).rows, 1);
	assert_int_equal(number_of(id, "skip_bad"), 1);
	/* The bad rows stay with the history. */
	assert_int_equal(upload_bad_rows(desk, id), ERR_NONE);
	assert_refused(upload_confirm(desk, id, false, &why), ERR_CONFLICT,
	    "state_confirmed");
}

static void
test_header_tells_the_data_set(void **unused)
{
	char id[JOB_ID_LEN + 1], text[1024];

	(void)unused;
	take("", ZONES "a,Asia/Tokyo\n", id);
	assert_string_equal(text_of(id, "dataset", text), "timezones");
	take("", POLLS "a,active,2023-01-22 12:09:39 UTC\n", id);
	assert_string_equal(text_of(id, "dataset", text), "polls");
	wait_for(is_in(id, "Preview"));
}

static void
test_not_taken(void **unused)
{
	char id[JOB_ID_LEN + 1];

	(void)unused;
	assert_refused(take_as("menus", ZONES, id), ERR_INPUT,
	    "unknown_dataset");
	assert_refused(take_as("", "a,b,c\n1,2,3\n", id), ERR_INPUT,
	    "no_dataset");
	assert_refused(take_as("", "", id), ERR_INPUT, "no_dataset");
	assert_refused(take_as("timezones", "\x1f\x8b\x08 and so on", id),
	    ERR_INPUT, "compressed");
	settings.value[SETTING_QUEUE] = 1;
	job_desk_close(desk);
	assert_int_equal(job_desk_open(&desk, &settings), ERR_NONE);
	hold_slots();
	take("timezones", ZONES, id);
	assert_refused(take_as("timezones", ZONES, id), ERR_BUSY, "queue_full");
	/* Nobody may be left to remove a file that comes back. */
	assert_false(scratch_has(state, "body/0001"));
	assert_int_equal(scratch_count(state, "uploads"), 1);
}

static void
test_wrong_file_is_rejected(void **unused)
{
	char id[JOB_ID_LEN + 1], text[1024];

	(void)unused;
	take("hours", POLLS "a,active,2023-01-22 12:09:39 UTC\n", id);
	wait_for(is_in(id, "Rejected"));
	assert_non_null(strstr(text_of(id, "error", text), "polls"));
	wait_for(!has_upload(id, UPLOAD_CSV));
	assert_refused(upload_confirm(desk, id, true, &why), ERR_CONFLICT,
	    "state_rejected");
	take("timezones", "", id);
	wait_for(is_in(id, "Rejected"));
}

static void
test_names_are_tidied(void **unused)
{
	static const char *const names[][2] = {
		{ "../../etc/passwd", "passwd" },
		{ "C:\\data\\a b.csv", "a b.csv" },
		{ "x\r\nSet-Cookie: 1.csv", "x??Set-Cookie: 1.csv" },
		{ "\xc3\xa9t\xc3\xa9.csv", "\xc3\xa9t\xc3\xa9.csv" },
		{ "\xff.csv", "?.csv" },
		{ "a\xe2\x80\xae"
		  "b.csv",
		    "a???b.csv" },
	};
	char id[JOB_ID_LEN + 1], path[FILE_PATH_MAX], text[1024];
	size_t i;

	(void)unused;
	hold_slots();
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct upload_new upload = { .path = scratch_path(path,
						       state, "body/1"),
			.dataset = "timezones",
			.file = names[i][0],
			.who = "admin" };

		scratch_write(state, "body/1", ZONES);
		assert_int_equal(upload_take(desk, &upload, id, &why),
		    ERR_NONE);
		assert_string_equal(text_of(id, "file", text), names[i][1]);
	}
}

/* In a child: confirms through a desk of its own, once all are there. */
static void
confirm_at(const char *id)
{
	struct job_desk *mine;

	if (job_desk_open(&mine, &settings) != ERR_NONE)
		_exit(1);
	while (!scratch_has(state, "go"))
		(void)usleep(SCRATCH_STEP_US);
	if (upload_confirm(mine, id, false, &why) != ERR_NONE)
		_exit(1);
	job_desk_close(mine);
	_exit(0);
}

static void
test_confirmed_by_many_at_once(void **unused)
{
	char id[JOB_ID_LEN + 1];
	int ended = 0, status, i;

	(void)unused;
	take_zones(id);
	job_desk_close(desk);
	desk = NULL;
	wait_for(are_slots_free());
	assert_ptr_not_equal(signal(SIGCHLD, SIG_DFL), SIG_ERR);
	for (i = 0; i < CONFIRMERS; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			confirm_at(id);
	}
	scratch_write(state, "go", "");
	for (i = 0; i < CONFIRMERS; i++)
		if (wait(&status) > 0 && WIFEXITED(status) &&
		    WEXITSTATUS(status) == 0)
			ended++;
	assert_int_equal(ended, CONFIRMERS);
	assert_int_equal(job_desk_open(&desk, &settings), ERR_NONE);
	wait_for(is_in(id, "Imported"));
	/* One check and one import. */
	assert_int_equal(count_runs(), 2);
	assert_int_equal(count_imports(DATASET_TIMEZONES), 1);
}

static void
test_cancel(void **unused)
{
	char id[JOB_ID_LEN + 1], other[JOB_ID_LEN + 1];

	(void)unused;
	take_zones(id);
	assert_int_equal(upload_cancel(desk, id, &why), ERR_NONE);
	assert_true(is_in(id, "Cancelled"));
	assert_false(has_upload(id, UPLOAD_CSV));
	assert_int_equal(upload_cancel(desk, id, &why), ERR_NONE);
	assert_refused(upload_confirm(desk, id, false, &why), ERR_CONFLICT,
	    "state_cancelled");
	take_zones(other);
	confirm(other, false);
	wait_for(is_in(other, "Imported"));
	assert_refused(upload_cancel(desk, other, &why), ERR_CONFLICT,
	    "state_imported");
	ids_make(other);
	assert_int_equal(upload_cancel(desk, other, &why), ERR_NOT_FOUND);
	assert_int_equal(upload_cancel(desk, "../x", &why), ERR_INPUT);
}

static void
test_undo(void **unused)
{
	char first[JOB_ID_LEN + 1], second[JOB_ID_LEN + 1];
	char polls[JOB_ID_LEN + 1];

	(void)unused;
	take_zones(first);
	assert_refused(upload_undo(desk, first, &why), ERR_CONFLICT,
	    "state_preview");
	confirm(first, false);
	wait_for(is_in(first, "Imported"));
	take("timezones", ZONES "z,Asia/Tokyo\n", second);
	wait_for(is_in(second, "Preview"));
	confirm(second, false);
	wait_for(is_in(second, "Imported"));
	assert_refused(upload_undo(desk, first, &why), ERR_CONFLICT,
	    "not_newest");
	assert_int_equal(upload_undo(desk, second, &why), ERR_NONE);
	assert_int_equal(dataset_now(DATASET_TIMEZONES).rows, 2);
	assert_refused(upload_undo(desk, second, &why), ERR_CONFLICT,
	    "not_newest");
	take("polls", POLLS "a,active,2023-01-22 12:09:39 UTC\n", polls);
	wait_for(is_in(polls, "Preview"));
	confirm(polls, false);
	wait_for(is_in(polls, "Imported"));
	assert_refused(upload_undo(desk, polls, &why), ERR_CONFLICT,
	    "no_undo_for_polls");
	ids_make(polls);
	assert_int_equal(upload_undo(desk, polls, &why), ERR_NOT_FOUND);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		each(test_taken_checked_imported),
		each(test_bad_rows_are_chosen_about),
		each(test_header_tells_the_data_set),
		each(test_not_taken),
		each(test_wrong_file_is_rejected),
		each(test_names_are_tidied),
		each(test_confirmed_by_many_at_once),
		each(test_cancel),
		each(test_undo),
	};

	return run_uploader_or(cmocka_run_group_tests(tests, NULL, NULL));
}
