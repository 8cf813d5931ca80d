/* The jobs store: counts for who operates the service. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "jobs_fixture.h"

#include "../lib/check.h"

static struct jobs_counts
count(void)
{
	struct jobs_counts counts;

	assert_int_equal(jobs_count(jobs, &counts), ERR_NONE);
	return counts;
}

static struct jobs_open
count_open(void)
{
	struct jobs_open open;

	assert_int_equal(jobs_count_open(jobs, &open), ERR_NONE);
	return open;
}

static void
test_nothing(void **unused)
{
	const struct jobs_counts none = { .spool_bytes = 0 };
	struct jobs_counts counts = count();
	struct jobs_open open = count_open();

	(void)unused;
	assert_memory_equal(&counts, &none, sizeof(none));
	assert_int_equal(open.queued, 0);
	assert_int_equal(open.running, 0);
	assert_int_equal(open.oldest_us, 0);
}

static void
test_open(void **unused)
{
	struct jobs_task task;
	struct jobs_open open;

	(void)unused;
	add(3, NULL); /* created 1003 */
	add(4, NULL);
	add(5, NULL);
	open = count_open();
	assert_int_equal(open.queued, 3);
	assert_int_equal(open.oldest_us, 1003);
	task = claim(0);
	open = count_open();
	assert_int_equal(open.queued, 2);
	assert_int_equal(open.running, 1);
	assert_int_equal(open.oldest_us, 1004);
	complete(&task, NULL);
	jobs_task_release(&task);
	open = count_open();
	assert_int_equal(open.queued, 2);
	assert_int_equal(open.running, 0);
}

/* Counts by state and end, and of ids by what became of them. */
static void
test_ends(void **unused)
{
	struct jobs_ids *ids = calloc(1, sizeof(*ids));
	const struct jobs_result full = { .end = JOBS_END_SPACE };
	struct jobs_counts counts;
	struct jobs_task task;

	(void)unused;
	assert_non_null(ids);
	add(1, HASH);
	add(2, NULL);
	add(3, NULL);
	add(4, NULL);
	task = claim(0);
	in_change(jobs_share(jobs, task.job, id_of(5), 1006));
	complete(&task, HASH);
	jobs_task_release(&task);
	task = claim(0);
	in_change(jobs_complete(jobs, &task, &full, 3000));
	jobs_task_release(&task);
	in_change(jobs_fail(jobs, find(3).job, JOBS_END_START, "x", 9));
	/* It has ended: not once more. */
	in_change(jobs_fail(jobs, find(3).job, JOBS_END_IO, "x", 9));
	in_change(jobs_expire(jobs, 1001, ids));
	counts = count();
	assert_int_equal(counts.state[JOBS_QUEUED], 1);
	assert_int_equal(counts.state[JOBS_COMPLETE], 2);
	assert_int_equal(counts.state[JOBS_FAILED], 1);
	assert_int_equal(counts.ids[false], 4);
	assert_int_equal(counts.ids[true], 1);
	assert_int_equal(counts.ended[JOBS_REPORT].count[JOBS_END_COMPLETE], 1);
	assert_int_equal(counts.ended[JOBS_REPORT].count[JOBS_END_SPACE], 1);
	assert_int_equal(counts.ended[JOBS_REPORT].count[JOBS_END_START], 1);
	assert_int_equal(counts.ended[JOBS_REPORT].count[JOBS_END_IO], 0);
	assert_int_equal(counts.ended[JOBS_IMPORT].count[JOBS_END_COMPLETE], 0);
	/* Forgotten, they have been all the same. */
	in_change(jobs_expire(jobs, 9999, ids));
	in_change(jobs_forget(jobs, 9999));
	counts = count();
	assert_int_equal(counts.state[JOBS_COMPLETE], 0);
	assert_int_equal(counts.ended[JOBS_REPORT].count[JOBS_END_COMPLETE], 1);
	free(ids);
}

/* Which bound counts a job that took so long. */
static const struct {
	int64_t us;
	int bound;
} times[] = {
	{ -5, 0 },
	{ 0, 0 },
	{ 100000, 0 },
	{ 100001, 1 },
	{ 1000000, 3 },
	{ 1000001, 4 },
	{ 300000000, JOBS_BOUNDS - 1 },
	{ 300000001, JOBS_BOUNDS },
};

static void
test_times(void **unused)
{
	const struct jobs_result result = { .sha256 = SHA };
	struct jobs_counts before = count(), after;
	struct jobs_task task;
	size_t i;
	int64_t us;

	(void)unused;
	for (i = 0; i < COUNT(times); i++) {
		add((int)i, NULL);
		task = claim(0); /* at 2000 */
		in_change(jobs_complete(jobs, &task, &result,
		    2000 + times[i].us));
		jobs_task_release(&task);
		after = count();
		us = after.ended[JOBS_REPORT].took_us -
		    before.ended[JOBS_REPORT].took_us;
		check_number("time", us, times[i].us < 0 ? 0 : times[i].us);
		before.ended[JOBS_REPORT].took[times[i].bound]++;
		assert_memory_equal(before.ended[JOBS_REPORT].took,
		    after.ended[JOBS_REPORT].took,
		    sizeof(after.ended[JOBS_REPORT].took));
		before = after;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		each(test_nothing),
		each(test_open),
		each(test_ends),
		each(test_times),
	};

	return cmocka_run_group_tests_name("jobs_count", tests, NULL, NULL);
}
