/* The jobs store: asking, looking up, sharing, several processes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/wait.h>

#include "jobs_fixture.h"

#define DAY INT64_C(86400000000)

static void
test_add_and_find(void **unused)
{
	struct jobs_report report;
	int64_t queued = -1;

	(void)unused;
	assert_int_equal(jobs_find(jobs, id_of(1), &report), ERR_NOT_FOUND);
	add(1, HASH);
	report = find(1);
	assert_int_equal(report.state, JOBS_QUEUED);
	assert_false(report.expired);
	assert_string_equal(report.job_id, id_of(1));
	assert_int_equal(report.created_us, 1001);
	assert_int_equal(report.as_of_us, 77);
	assert_int_equal(report.rules.interpolation, INTERPOLATION_NEAREST);
	assert_int_equal(report.rules.reach_us, 5);
	assert_int_equal(jobs_count_queued(jobs, false, &queued), ERR_NONE);
	assert_int_equal(queued, 1);
}

static void
test_unlimited_reach(void **unused)
{
	const struct jobs_order order = { .as_of_us = -5,
		.rules = { INTERPOLATION_PREVIOUS, UPTIME_REACH_UNLIMITED } };
	struct jobs_task task;

	(void)unused;
	in_change(jobs_add(jobs, id_of(1), &order, 1));
	assert_true(find(1).rules.reach_us == UPTIME_REACH_UNLIMITED);
	task = claim(0);
	assert_true(task.rules.reach_us == UPTIME_REACH_UNLIMITED);
	assert_int_equal(task.as_of_us, -5);
	assert_null(task.stores);
	jobs_task_release(&task);
}

static void
test_rollback(void **unused)
{
	const struct jobs_order order = { .question = HASH };
	struct jobs_report report;

	(void)unused;
	assert_int_equal(jobs_begin(jobs), ERR_NONE);
	assert_int_equal(jobs_add(jobs, id_of(1), &order, 1), ERR_NONE);
	jobs_rollback(jobs);
	jobs_rollback(jobs);
	assert_int_equal(jobs_find(jobs, id_of(1), &report), ERR_NOT_FOUND);
	add(1, HASH);
}

static void
test_match_and_share(void **unused)
{
	struct jobs_match match;
	struct jobs_task task;

	(void)unused;
	assert_int_equal(jobs_match(jobs, HASH, &match), ERR_NOT_FOUND);
	add(1, HASH);
	assert_int_equal(jobs_match(jobs, HASH, &match), ERR_NONE);
	assert_int_equal(match.state, JOBS_QUEUED);
	assert_int_equal(match.shares, 1);
	in_change(jobs_share(jobs, match.job, id_of(2), 1500));
	assert_int_equal(jobs_match(jobs, HASH, &match), ERR_NONE);
	assert_int_equal(match.shares, 2);
	assert_string_equal(match.source, id_of(2));
	/* Both ids see the one job. */
	task = claim(1);
	assert_int_equal(find(1).state, JOBS_RUNNING);
	assert_int_equal(find(2).state, JOBS_RUNNING);
	assert_int_equal(find(2).slot, 1);
	assert_int_equal(find(2).created_us, 1500);
	assert_string_equal(find(2).job_id, id_of(1));
	complete(&task, HASH);
	assert_int_equal(jobs_match(jobs, HASH, &match), ERR_NONE);
	assert_int_equal(match.state, JOBS_COMPLETE);
	jobs_task_release(&task);
}

/* The newest job answers; one that failed, or is not sure, does not. */
static void
test_match_newest(void **unused)
{
	struct jobs_match match;
	struct jobs_task first, second, third;

	(void)unused;
	add(1, HASH);
	add(2, HASH);
	add(3, HASH);
	first = claim(0);
	second = claim(0);
	third = claim(0);
	assert_int_equal(jobs_match(jobs, HASH, &match), ERR_NONE);
	assert_int_equal(match.job, third.job);
	in_change(jobs_fail(jobs, third.job, JOBS_END_OTHER, "broken", 5));
	assert_int_equal(jobs_match(jobs, HASH, &match), ERR_NONE);
	assert_int_equal(match.job, second.job);
	complete(&second, NULL);
	assert_int_equal(jobs_match(jobs, HASH, &match), ERR_NONE);
	assert_int_equal(match.job, first.job);
	jobs_task_release(&first);
	jobs_task_release(&second);
	jobs_task_release(&third);
}

#define PROCESSES 4
#define EACH 50

static void
add_in_child(int first)
{
	const struct jobs_order order = { .as_of_us = 1 };
	struct jobs *mine;
	int i;

	if (jobs_open(&mine, state) != ERR_NONE)
		_exit(1);
	for (i = 0; i < EACH; i++)
		if (jobs_begin(mine) != ERR_NONE ||
		    jobs_add(mine, id_of(first + i), &order, 1) != ERR_NONE ||
		    jobs_commit(mine) != ERR_NONE)
			_exit(1);
	jobs_close(mine);
	_exit(0);
}

/* Four processes add at once: each has its connection, none is refused. */
static void
test_processes(void **unused)
{
	int64_t queued;
	int i, status;

	(void)unused;
	/* Ours must not cross the fork. */
	jobs_close(jobs);
	jobs = NULL;
	for (i = 0; i < PROCESSES; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			add_in_child(1000 * (i + 1));
	}
	for (i = 0; i < PROCESSES; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(jobs_open(&jobs, state), ERR_NONE);
	assert_int_equal(jobs_count_queued(jobs, false, &queued), ERR_NONE);
	assert_int_equal(queued, PROCESSES * EACH);
}

/* Who is killed within a change leaves neither rows nor the lock. */
static void
test_killed_writer(void **unused)
{
	const struct jobs_order order = { .as_of_us = 1 };
	struct jobs_report report;
	int ends[2], status;
	char byte = 0;
	pid_t pid;

	(void)unused;
	jobs_close(jobs);
	jobs = NULL;
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct jobs *mine;

		if (jobs_open(&mine, state) == ERR_NONE &&
		    jobs_begin(mine) == ERR_NONE &&
		    jobs_add(mine, id_of(1), &order, 1) == ERR_NONE &&
		    write(ends[1], "y", 1) == 1)
			for (;;)
				(void)pause();
		_exit(1);
	}
	assert_int_equal(read(ends[0], &byte, 1), 1);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(jobs_open(&jobs, state), ERR_NONE);
	assert_int_equal(jobs_find(jobs, id_of(1), &report), ERR_NOT_FOUND);
	add(1, HASH);
	assert_int_equal(find(1).state, JOBS_QUEUED);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

/* Asked for at each `now` in turn, when is it said to have been made? */
static void
test_clock_back(void **unused)
{
	static const struct {
		int64_t now, created;
	} asked[] = {
		{ 5 * DAY, 5 * DAY },
		{ 5 * DAY - 1, 5 * DAY },
		{ 4 * DAY, 5 * DAY },
		{ 5 * DAY + 1, 5 * DAY + 1 },
		/* A clock that was over a day ahead had gone wrong. */
		{ 4 * DAY, 5 * DAY },
		{ 4 * DAY - 1, 4 * DAY - 1 },
		{ 90 * DAY, 90 * DAY },
		{ 6 * DAY, 6 * DAY },
	};
	int i, n = (int)(sizeof(asked) / sizeof(asked[0]));
	int64_t job;

	(void)unused;
	add(99, NULL);
	job = find(99).job;
	for (i = 0; i < n; i++) {
		in_change(jobs_share(jobs, job, id_of(i), asked[i].now));
		assert_int_equal(find(i).created_us, asked[i].created);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		each(test_add_and_find),
		each(test_unlimited_reach),
		each(test_rollback),
		each(test_match_and_share),
		each(test_match_newest),
		each(test_processes),
		each(test_killed_writer),
		each(test_clock_back),
	};

	return cmocka_run_group_tests_name("jobs", tests, NULL, NULL);
}
