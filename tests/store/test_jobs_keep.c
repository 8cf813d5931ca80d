/* The jobs store: letting go of what is old. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "jobs_fixture.h"

static void
keeps(int n, bool files, bool parts)
{
	bool f, p;

	assert_int_equal(jobs_keeps(jobs, id_of(n), &f, &p), ERR_NONE);
	assert_int_equal(f, files);
	assert_int_equal(p, parts);
}

static void
test_keeps(void **unused)
{
	struct jobs_task task;

	(void)unused;
	keeps(1, false, false);
	add(1, HASH);
	keeps(1, true, false);
	task = claim(0);
	in_change(jobs_share(jobs, task.job, id_of(2), 1));
	keeps(1, true, true);
	keeps(2, true, false);
	complete(&task, HASH);
	keeps(1, true, false);
	jobs_task_release(&task);
	add(3, NULL);
	in_change(jobs_fail(jobs, find(3).job, JOBS_END_OTHER, "broken", 1));
	keeps(3, false, false);
}

static void
test_expire_and_forget(void **unused)
{
	struct jobs_ids *ids = calloc(1, sizeof(*ids));
	struct jobs_match match;
	struct jobs_report report;
	struct jobs_task task;
	bool any;

	(void)unused;
	assert_non_null(ids);
	add(1, HASH); /* created 1001 */
	add(2, NULL);
	assert_int_equal(jobs_any_old(jobs, 9999, &any), ERR_NONE);
	assert_false(any); /* none is finished */
	task = claim(0);
	in_change(jobs_share(jobs, task.job, id_of(3), 1003));
	complete(&task, HASH);
	jobs_task_release(&task);
	assert_int_equal(jobs_any_old(jobs, 1000, &any), ERR_NONE);
	assert_false(any);
	assert_int_equal(jobs_any_old(jobs, 1001, &any), ERR_NONE);
	assert_true(any);
	in_change(jobs_expire(jobs, 1002, ids));
	assert_int_equal(ids->count, 1);
	assert_string_equal(ids->id[0], id_of(1));
	assert_true(find(1).expired);
	assert_false(find(3).expired);
	keeps(1, false, false);
	keeps(3, true, false);
	/* The younger id keeps the result shared; then nobody does. */
	assert_int_equal(jobs_match(jobs, HASH, &match), ERR_NONE);
	assert_string_equal(match.source, id_of(3));
	in_change(jobs_expire(jobs, 9999, ids));
	assert_int_equal(ids->count, 1);
	assert_int_equal(jobs_match(jobs, HASH, &match), ERR_NONE);
	assert_string_equal(match.source, "");
	/* The one that is still queued is neither expired nor forgotten. */
	in_change(jobs_forget(jobs, 1001));
	assert_int_equal(jobs_find(jobs, id_of(1), &report), ERR_NOT_FOUND);
	assert_true(find(3).expired);
	in_change(jobs_forget(jobs, 9999));
	assert_int_equal(jobs_find(jobs, id_of(3), &report), ERR_NOT_FOUND);
	assert_int_equal(jobs_match(jobs, HASH, &match), ERR_NOT_FOUND);
	assert_int_equal(find(2).state, JOBS_QUEUED);
	free(ids);
}

/* More than one change can let go; the log of changes stays short. */
static void
test_many(void **unused)
{
	struct jobs_ids *ids = calloc(1, sizeof(*ids));
	char path[FILE_PATH_MAX];
	struct jobs_task task;
	struct stat st;
	int n;

	(void)unused;
	assert_non_null(ids);
	add(0, HASH);
	task = claim(0);
	for (n = 1; n <= JOBS_EXPIRE_MAX; n++)
		in_change(jobs_share(jobs, task.job, id_of(n), 1));
	complete(&task, HASH);
	jobs_task_release(&task);
	assert_int_equal(stat(scratch_path(path, state, "jobs.db-wal"), &st),
	    0);
	assert_true(st.st_size < 2 * 1024 * 1024);
	in_change(jobs_expire(jobs, 9999, ids));
	assert_int_equal(ids->count, JOBS_EXPIRE_MAX);
	in_change(jobs_expire(jobs, 9999, ids));
	assert_int_equal(ids->count, 1);
	in_change(jobs_expire(jobs, 9999, ids));
	assert_int_equal(ids->count, 0);
	free(ids);
}

/* Completes job n, whose files take so much. */
static void
complete_of(int n, int64_t disk_bytes)
{
	const struct jobs_result result = { .sha256 = SHA,
		.disk_bytes = disk_bytes };
	struct jobs_task task;

	add(n, NULL);
	task = claim(0);
	in_change(jobs_complete(jobs, &task, &result, 3000));
	jobs_task_release(&task);
}

static void
check_space(int64_t wanted)
{
	int64_t bytes = -1;

	assert_int_equal(jobs_space(jobs, &bytes), ERR_NONE);
	assert_int_equal(bytes, wanted);
}

static void
test_space(void **unused)
{
	struct jobs_ids *ids = calloc(1, sizeof(*ids));

	(void)unused;
	assert_non_null(ids);
	check_space(0);
	complete_of(1, 100); /* asked for at 1001, 1002, 1003 */
	complete_of(2, 20);
	complete_of(3, 3);
	check_space(123);
	/* The first has been asked for again: now it is the youngest. */
	in_change(jobs_share(jobs, find(1).job, id_of(4), 1004));
	in_change(jobs_expire_job(jobs, 1003, ids));
	assert_int_equal(ids->count, 1);
	assert_string_equal(ids->id[0], id_of(2));
	check_space(103);
	in_change(jobs_expire_job(jobs, 1003, ids));
	assert_string_equal(ids->id[0], id_of(3));
	assert_int_equal(jobs_begin(jobs), ERR_NONE);
	assert_int_equal(jobs_expire_job(jobs, 1003, ids), ERR_NOT_FOUND);
	jobs_rollback(jobs);
	/* By age, its first id alone frees nothing; then all of them go. */
	in_change(jobs_expire(jobs, 1001, ids));
	assert_int_equal(ids->count, 1);
	check_space(100);
	in_change(jobs_expire_job(jobs, 1004, ids));
	assert_int_equal(ids->count, 1);
	assert_string_equal(ids->id[0], id_of(4));
	check_space(0);
	free(ids);
}

/* What was asked for by a clock that was behind is no older than the rest. */
static void
test_space_clock_back(void **unused)
{
	struct jobs_ids *ids = calloc(1, sizeof(*ids));
	const struct jobs_order order = { .as_of_us = 1 };
	const struct jobs_result result = { .disk_bytes = 5 };
	struct jobs_task task;

	(void)unused;
	assert_non_null(ids);
	complete_of(1, 100); /* at 1001 */
	in_change(jobs_add(jobs, id_of(2), &order, 7));
	task = claim(0);
	in_change(jobs_complete(jobs, &task, &result, 3000));
	jobs_task_release(&task);
	assert_int_equal(jobs_begin(jobs), ERR_NONE);
	assert_int_equal(jobs_expire_job(jobs, 1000, ids), ERR_NOT_FOUND);
	jobs_rollback(jobs);
	in_change(jobs_expire_job(jobs, 1001, ids));
	check_space(5);
	free(ids);
}

static void
check_beyond(bool expired, int64_t n, int64_t wanted)
{
	int64_t us;

	assert_int_equal(jobs_beyond(jobs, expired, n, &us), ERR_NONE);
	assert_true(us == wanted);
}

static void
test_beyond(void **unused)
{
	struct jobs_ids *ids = calloc(1, sizeof(*ids));
	int n;

	(void)unused;
	assert_non_null(ids);
	check_beyond(false, 0, INT64_MIN);
	for (n = 1; n <= 3; n++)
		complete_of(n, 1);
	check_beyond(false, 0, 1003);
	check_beyond(false, 2, 1001);
	check_beyond(false, 3, INT64_MIN);
	check_beyond(true, 0, INT64_MIN);
	in_change(jobs_expire(jobs, 1002, ids));
	check_beyond(false, 0, 1003);
	check_beyond(false, 1, INT64_MIN);
	check_beyond(true, 1, 1001);
	free(ids);
}

static void
test_sweep(void **unused)
{
	int64_t us = -1;

	(void)unused;
	assert_int_equal(jobs_swept(jobs, &us), ERR_NONE);
	assert_int_equal(us, 0);
	in_change(jobs_note_sweep(jobs, 123));
	assert_int_equal(jobs_swept(jobs, &us), ERR_NONE);
	assert_int_equal(us, 123);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		each(test_keeps),
		each(test_expire_and_forget),
		each(test_many),
		each(test_space),
		each(test_space_clock_back),
		each(test_beyond),
		each(test_sweep),
	};

	return cmocka_run_group_tests_name("jobs_keep", tests, NULL, NULL);
}
