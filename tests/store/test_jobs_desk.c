/* Asking and looking up, as the FastCGI programs do it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk_fixture.h"

static void
test_complete(void **unused)
{
	char id[JOB_ID_LEN + 1], name[128], text[64];
	struct job_view view;

	(void)unused;
	trigger(REPORT_LATEST, id);
	wait_for(!is(id, JOB_RUNNING));
	view = look(id);
	assert_int_equal(view.state, JOB_COMPLETE);
	assert_true(view.as_of_us == NEWEST_US);
	assert_int_equal(view.rules.interpolation, INTERPOLATION_PREVIOUS);
	assert_true(view.rules.reach_us == UPTIME_REACH_UNLIMITED);
	assert_int_equal(view.revision, 2);
	assert_int_equal(view.rows, 2);
	assert_int_equal(strlen(view.sha256), 64);
	assert_true(view.finished_us >= view.created_us);
	assert_string_equal(view.error, "");
	assert_string_equal(scratch_read(state, spool_name(name, id, ".csv"),
				text, sizeof(text)),
	    "1674674002479220 0 0 all\n");
	assert_true(has_file(id, ".detail.csv"));
	assert_true(has_file(id, ".json"));
	assert_true(has_file(id, ".stores.json"));
	assert_true(has_file(id, ".strips.txt"));
	assert_string_equal(job_state_names[view.state], "Complete");
}

static void
test_unknown(void **unused)
{
	static const char *const malformed[] = { "", "x",
		"0123abcd-0123-4567-89ab-0123456789aB",
		"0123abcd-0123-4567-89ab-0123456789ab ",
		"../123abcd-0123-4567-89ab-0123456789a" };
	struct job_view view;
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++)
		assert_int_equal(job_look(desk, malformed[i], &view),
		    ERR_INPUT);
	assert_int_equal(job_look(desk, "0123abcd-0123-4567-89ab-0123456789ab",
			     &view),
	    ERR_NOT_FOUND);
}

static void
test_no_polls(void **unused)
{
	const struct job_question q = ask_for(REPORT_LATEST);
	char id[JOB_ID_LEN + 1];

	(void)unused;
	assert_int_equal(job_trigger(desk, &q, id), ERR_CONFLICT);
	assert_int_equal(count_starts(), 0);
	/* The same desk sees the first polls when they come. */
	import_poll("shop a", NEWEST_US);
	assert_int_equal(job_trigger(desk, &q, id), ERR_NONE);
	wait_for(is(id, JOB_COMPLETE));
}

static void
test_filter(void **unused)
{
	static const char *const known[] = { "shop b", "shop a", "shop b" };
	static const char *const unknown[] = { "shop a", "shop c" };
	static const char *const bad[] = { "shop a", "=x" };
	static const char *many[JOB_STORES_MAX + 1];
	struct job_question q = ask_for(5);
	char id[JOB_ID_LEN + 1], name[128], text[64];
	size_t i;

	(void)unused;
	q.stores = unknown;
	q.store_count = 2;
	assert_int_equal(job_trigger(desk, &q, id), ERR_NOT_FOUND);
	q.stores = bad;
	assert_int_equal(job_trigger(desk, &q, id), ERR_INPUT);
	for (i = 0; i <= JOB_STORES_MAX; i++)
		many[i] = "shop a";
	q.stores = many;
	q.store_count = JOB_STORES_MAX + 1;
	assert_int_equal(job_trigger(desk, &q, id), ERR_TOO_LARGE);
	q.store_count = JOB_STORES_MAX;
	assert_int_equal(job_trigger(desk, &q, id), ERR_NONE);
	q.stores = known;
	q.store_count = 3;
	assert_int_equal(job_trigger(desk, &q, id), ERR_NONE);
	wait_for(is(id, JOB_COMPLETE));
	assert_string_equal(scratch_read(state, spool_name(name, id, ".csv"),
				text, sizeof(text)),
	    "5 0 2 shop a\n");
}

static void
test_progress(void **unused)
{
	char id[JOB_ID_LEN + 1];
	struct job_view view;

	(void)unused;
	set_mode("gate");
	hold_slots();
	trigger(REPORT_LATEST, id);
	view = look(id);
	assert_int_equal(view.state, JOB_RUNNING);
	assert_int_equal(view.done, 0);
	assert_int_equal(view.total, 0);
	drop_slots();
	wait_for(look(id).total > 0);
	view = look(id);
	assert_int_equal(view.state, JOB_RUNNING);
	assert_int_equal(view.done, 3);
	assert_int_equal(view.total, 10);
	scratch_write(state, "go", "");
	wait_for(is(id, JOB_COMPLETE));
	assert_int_equal(count_starts(), 1);
}

/* Ids that ask the same, while it runs and after, have one job's files. */
static void
test_sharing(void **unused)
{
	char id[4][JOB_ID_LEN + 1], path[FILE_PATH_MAX], name[128];
	static const char *const ends[] = { ".csv", ".detail.csv", ".json",
		".stores.json", ".strips.txt" };
	struct stat st;
	size_t i, k;

	(void)unused;
	set_mode("gate");
	hold_slots();
	trigger(REPORT_LATEST, id[0]);
	trigger(NEWEST_US, id[1]); /* the same instant by its name */
	drop_slots();
	wait_for(look(id[0]).total > 0);
	trigger(REPORT_LATEST, id[2]);
	assert_int_equal(look(id[2]).done, 3);
	scratch_write(state, "go", "");
	for (i = 0; i < 3; i++)
		wait_for(is(id[i], JOB_COMPLETE));
	trigger(REPORT_LATEST, id[3]);
	assert_true(is(id[3], JOB_COMPLETE));
	assert_true(look(id[3]).finished_us >= look(id[3]).created_us);
	for (i = 0; i < 4; i++) {
		for (k = 0; k < i; k++)
			assert_string_not_equal(id[i], id[k]);
		for (k = 0; k < 3; k++) {
			assert_int_equal(stat(scratch_path(path, state,
						  spool_name(name, id[i],
						      ends[k])),
					     &st),
			    0);
			assert_int_equal(st.st_nlink, 4);
		}
	}
	assert_int_equal(count_starts(), 1);
}

static void
test_not_shared(void **unused)
{
	static const char *const stores[] = { "shop a" };
	struct job_question q = ask_for(NEWEST_US);
	char id[JOB_ID_LEN + 1];

	(void)unused;
	hold_slots();
	trigger(NEWEST_US, id);
	trigger(NEWEST_US - 1, id);
	q.rules.reach_us = 3600;
	assert_int_equal(job_trigger(desk, &q, id), ERR_NONE);
	q.rules.interpolation = INTERPOLATION_NEXT;
	assert_int_equal(job_trigger(desk, &q, id), ERR_NONE);
	q.stores = stores;
	q.store_count = 1;
	assert_int_equal(job_trigger(desk, &q, id), ERR_NONE);
	import_poll("shop a", NEWEST_US - 2);
	assert_int_equal(job_trigger(desk, &q, id), ERR_NONE);
	drop_slots();
	wait_for(is(id, JOB_COMPLETE));
	wait_for(are_slots_free());
	assert_int_equal(count_starts(), 6);
}

/*
 * The data changed while the job waited: its result answers the question as
 * it would be asked now, and is shared with who asks it now.
 */
static void
test_answer_is_of_later_data(void **unused)
{
	char id[2][JOB_ID_LEN + 1];

	(void)unused;
	hold_slots();
	trigger(NEWEST_US, id[0]);
	import_poll("shop a", NEWEST_US - 2);
	drop_slots();
	wait_for(is(id[0], JOB_COMPLETE));
	assert_int_equal(look(id[0]).revision, 3);
	trigger(NEWEST_US, id[1]);
	assert_true(is(id[1], JOB_COMPLETE));
	assert_int_equal(count_starts(), 1);
}

/* What was answered is not certain: nobody else gets this answer. */
static void
test_unsure_answer(void **unused)
{
	char id[2][JOB_ID_LEN + 1];

	(void)unused;
	set_mode("stray");
	trigger(NEWEST_US, id[0]);
	wait_for(is(id[0], JOB_COMPLETE));
	trigger(NEWEST_US, id[1]);
	wait_for(is(id[1], JOB_COMPLETE));
	wait_for(are_slots_free());
	assert_int_equal(count_starts(), 2);
}

static void
test_most_shares(void **unused)
{
	char id[JOB_ID_LEN + 1];
	int i;

	(void)unused;
	job_desk_close(desk);
	settings.value[SETTING_SHARES] = 2;
	assert_int_equal(job_desk_open(&desk, &settings), ERR_NONE);
	hold_slots();
	for (i = 0; i < 5; i++)
		trigger(NEWEST_US, id);
	drop_slots();
	wait_for(is(id, JOB_COMPLETE));
	wait_for(are_slots_free());
	assert_int_equal(count_starts(), 3);
	/* The last job has room for one more; then another is made. */
	trigger(NEWEST_US, id);
	assert_true(is(id, JOB_COMPLETE));
	trigger(NEWEST_US, id);
	wait_for(is(id, JOB_COMPLETE));
	wait_for(are_slots_free());
	assert_int_equal(count_starts(), 4);
}

static void
test_queue_full(void **unused)
{
	struct job_question q = ask_for(3);
	char id[JOB_ID_LEN + 1];

	(void)unused;
	job_desk_close(desk);
	settings.value[SETTING_QUEUE] = 2;
	assert_int_equal(job_desk_open(&desk, &settings), ERR_NONE);
	hold_slots();
	trigger(1, id);
	trigger(2, id);
	assert_int_equal(job_trigger(desk, &q, id), ERR_BUSY);
	/* Who asks what is queued already is let in. */
	trigger(2, id);
	drop_slots();
	wait_for(is(id, JOB_COMPLETE));
	wait_for(are_slots_free());
	assert_int_equal(job_trigger(desk, &q, id), ERR_NONE);
}

/* A file that somebody removed: told so, and never handed on. */
static void
test_missing_file(void **unused)
{
	char id[2][JOB_ID_LEN + 1], path[FILE_PATH_MAX], name[128];

	(void)unused;
	trigger(NEWEST_US, id[0]);
	wait_for(is(id[0], JOB_COMPLETE));
	assert_int_equal(unlink(scratch_path(path, state,
			     spool_name(name, id[0], ".csv"))),
	    0);
	assert_true(is(id[0], JOB_EXPIRED));
	trigger(NEWEST_US, id[1]);
	wait_for(is(id[1], JOB_COMPLETE));
	assert_true(is(id[0], JOB_EXPIRED));
	wait_for(are_slots_free());
	assert_int_equal(count_starts(), 2);
	/* The whole folder, too. */
	scratch_remove(scratch_path(path, state, "spool"));
	assert_true(is(id[1], JOB_EXPIRED));
	trigger(NEWEST_US, id[1]);
	wait_for(is(id[1], JOB_COMPLETE));
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		each(test_complete),
		each(test_unknown),
		cmocka_unit_test_setup_teardown(test_no_polls, set_up_empty,
		    tear_down),
		each(test_filter),
		each(test_progress),
		each(test_sharing),
		each(test_not_shared),
		each(test_answer_is_of_later_data),
		each(test_unsure_answer),
		each(test_most_shares),
		each(test_queue_full),
		each(test_missing_file),
	};

	return run_worker_or(cmocka_run_group_tests_name("jobs_desk", tests,
	    NULL, NULL));
}
