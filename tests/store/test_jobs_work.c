/* The jobs store: what workers take, finish and lose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "jobs_fixture.h"

#define REQUEST "0123456789abcdef0123456789abcdef"

static void
test_claim_in_order(void **unused)
{
	struct jobs_task task;
	int n;

	(void)unused;
	for (n = 1; n <= 3; n++)
		add(n, NULL);
	for (n = 1; n <= 3; n++) {
		task = claim(n);
		assert_string_equal(task.id, id_of(n));
		assert_int_equal(task.attempts, 1);
		assert_int_equal(task.as_of_us, 77);
		assert_int_equal(task.rules.reach_us, 5);
		assert_string_equal(task.stores, "[\"a\"]");
		assert_string_equal(task.request, "");
		jobs_task_release(&task);
	}
	assert_int_equal(jobs_begin(jobs), ERR_NONE);
	assert_int_equal(jobs_claim(jobs, 0, 1, &task), ERR_NOT_FOUND);
	jobs_rollback(jobs);
}

/* The request that made a job is told with it, each time it is taken. */
static void
test_request(void **unused)
{
	const struct jobs_order order = { .request = REQUEST };
	struct jobs_task task;

	(void)unused;
	in_change(jobs_add(jobs, id_of(1), &order, 1));
	task = claim(0);
	assert_string_equal(task.request, REQUEST);
	jobs_task_release(&task);
	assert_int_equal(jobs_running(jobs, 0, &task), ERR_NONE);
	assert_string_equal(task.request, REQUEST);
	in_change(jobs_requeue(jobs, task.job));
	jobs_task_release(&task);
	task = claim(1);
	assert_string_equal(task.request, REQUEST);
	jobs_task_release(&task);
}

static void
test_complete(void **unused)
{
	struct jobs_report report;
	struct jobs_task task;

	(void)unused;
	add(1, HASH);
	task = claim(0);
	complete(&task, HASH);
	report = find(1);
	assert_int_equal(report.state, JOBS_COMPLETE);
	assert_int_equal(report.finished_us, 3000);
	assert_int_equal(report.revision, 9);
	assert_int_equal(report.rows, 14219);
	assert_int_equal(report.bytes, 1234567);
	assert_string_equal(report.sha256, SHA);
	assert_string_equal(report.error, "");
	jobs_task_release(&task);
}

/* A worker that was given up cannot tell a result any more. */
static void
test_late_result(void **unused)
{
	const struct jobs_result result = { .sha256 = SHA };
	struct jobs_task late, task;

	(void)unused;
	add(1, HASH);
	late = claim(0);
	in_change(jobs_requeue(jobs, late.job));
	assert_int_equal(find(1).state, JOBS_QUEUED);
	task = claim(1);
	assert_int_equal(task.job, late.job);
	assert_int_equal(task.attempts, 2);
	assert_int_equal(jobs_begin(jobs), ERR_NONE);
	assert_int_equal(jobs_complete(jobs, &late, &result, 1), ERR_CONFLICT);
	jobs_rollback(jobs);
	in_change(jobs_fail(jobs, task.job, JOBS_END_OTHER, "took too long",
	    4000));
	assert_int_equal(jobs_begin(jobs), ERR_NONE);
	assert_int_equal(jobs_complete(jobs, &task, &result, 1), ERR_CONFLICT);
	jobs_rollback(jobs);
	assert_int_equal(find(1).state, JOBS_FAILED);
	assert_string_equal(find(1).error, "took too long");
	/* What is finished stays as it is. */
	in_change(jobs_fail(jobs, task.job, JOBS_END_OTHER, "again", 5000));
	in_change(jobs_requeue(jobs, task.job));
	assert_int_equal(find(1).state, JOBS_FAILED);
	assert_string_equal(find(1).error, "took too long");
	assert_int_equal(find(1).finished_us, 4000);
	jobs_task_release(&late);
	jobs_task_release(&task);
}

static void
test_running(void **unused)
{
	struct jobs_task task, seen;
	int slot;

	(void)unused;
	assert_int_equal(jobs_running_slot(jobs, -1, &slot), ERR_NONE);
	assert_int_equal(slot, -1);
	add(1, NULL);
	add(2, NULL);
	task = claim(4);
	jobs_task_release(&task);
	assert_int_equal(jobs_running(jobs, 3, &seen), ERR_NOT_FOUND);
	assert_int_equal(jobs_running(jobs, 4, &seen), ERR_NONE);
	assert_string_equal(seen.id, id_of(1));
	assert_int_equal(seen.attempts, 1);
	jobs_task_release(&seen);
	task = claim(2);
	jobs_task_release(&task);
	assert_int_equal(jobs_running_slot(jobs, -1, &slot), ERR_NONE);
	assert_int_equal(slot, 2);
	assert_int_equal(jobs_running_slot(jobs, 2, &slot), ERR_NONE);
	assert_int_equal(slot, 4);
	assert_int_equal(jobs_running_slot(jobs, 4, &slot), ERR_NONE);
	assert_int_equal(slot, -1);
}

#define S INT64_C(1000000)

static void
test_spawns(void **unused)
{
	struct jobs_task task;
	struct jobs_due due;

	(void)unused;
	assert_int_equal(jobs_spawn_due(jobs, 99 * S, 100 * S, &due),
	    ERR_NOT_FOUND);
	add(1, NULL);
	add(2, NULL);
	add(3, NULL);
	assert_int_equal(jobs_spawn_due(jobs, 99 * S, 100 * S, &due), ERR_NONE);
	assert_int_equal(due.job, find(1).job);
	assert_int_equal(due.spawns, 0);
	in_change(jobs_spawn_note(jobs, due.job, 100 * S));
	assert_int_equal(find(1).spawned_us, 100 * S);
	/* The next one, while the first has its worker coming. */
	assert_int_equal(jobs_spawn_due(jobs, 99 * S, 100 * S, &due), ERR_NONE);
	assert_int_equal(due.job, find(2).job);
	/* Again the first, when none came; or when the clock jumped back. */
	assert_int_equal(jobs_spawn_due(jobs, 100 * S, 101 * S, &due),
	    ERR_NONE);
	assert_int_equal(due.job, find(1).job);
	assert_int_equal(due.spawns, 1);
	assert_int_equal(jobs_spawn_due(jobs, 8 * S, 9 * S, &due), ERR_NONE);
	assert_int_equal(due.job, find(1).job);
	/* Once a job was taken, starting works: all begin anew. */
	in_change(jobs_spawn_note(jobs, find(2).job, 100 * S));
	task = claim(0);
	jobs_task_release(&task);
	assert_int_equal(jobs_spawn_due(jobs, 200 * S, 201 * S, &due),
	    ERR_NONE);
	assert_int_equal(due.job, find(2).job);
	assert_int_equal(due.spawns, 0);
	/* One that comes back has its worker due at once. */
	in_change(jobs_requeue(jobs, find(1).job));
	assert_int_equal(jobs_spawn_due(jobs, 100 * S, 100 * S, &due),
	    ERR_NONE);
	assert_int_equal(due.job, find(1).job);
	assert_int_equal(due.spawns, 0);
}

struct visited {
	int count;
	char last[JOB_ID_LEN + 1];
	enum err answer;
};

static enum err
visit(void *ctx, const char *id)
{
	struct visited *v = ctx;

	v->count++;
	(void)snprintf(v->last, sizeof(v->last), "%s", id);
	return v->answer;
}

static void
test_visit_ids(void **unused)
{
	struct visited v = { .answer = ERR_NONE };
	int64_t after = 0, job;

	(void)unused;
	add(1, HASH);
	add(7, NULL);
	job = find(1).job;
	in_change(jobs_share(jobs, job, id_of(2), 1));
	assert_int_equal(jobs_visit_ids(jobs, job, &after, visit, &v),
	    ERR_NONE);
	assert_int_equal(v.count, 2);
	assert_string_equal(v.last, id_of(2));
	/* Those that came since only. */
	in_change(jobs_share(jobs, job, id_of(3), 1));
	assert_int_equal(jobs_visit_ids(jobs, job, &after, visit, &v),
	    ERR_NONE);
	assert_int_equal(v.count, 3);
	assert_string_equal(v.last, id_of(3));
	after = 0;
	v.answer = ERR_NO_SPACE;
	assert_int_equal(jobs_visit_ids(jobs, job, &after, visit, &v),
	    ERR_NO_SPACE);
	assert_int_equal(v.count, 4);
	assert_string_equal(v.last, id_of(1));
	/* A visit that was stopped keeps nothing open. */
	add(8, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		each(test_claim_in_order),
		each(test_request),
		each(test_complete),
		each(test_late_result),
		each(test_running),
		each(test_spawns),
		each(test_visit_ids),
	};

	return cmocka_run_group_tests_name("jobs_work", tests, NULL, NULL);
}
