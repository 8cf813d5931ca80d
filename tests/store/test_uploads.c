/* The table upload: its states, its jobs, what is due and what is old. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/store.h"
#include "sys/ids.h"

#include "../lib/scratch.h"

static char state[FILE_PATH_MAX];
static struct jobs *jobs;

static int
set_up(void **unused)
{
	(void)unused;
	scratch_make(state);
	return jobs_open(&jobs, state) == ERR_NONE ? 0 : -1;
}

static int
tear_down(void **unused)
{
	(void)unused;
	jobs_close(jobs);
	scratch_remove(state);
	return 0;
}

static void
begin(void)
{
	assert_int_equal(jobs_begin(jobs), ERR_NONE);
}

static void
commit(void)
{
	assert_int_equal(jobs_commit(jobs), ERR_NONE);
}

static void
add(char id[JOB_ID_LEN + 1], int64_t now_us)
{
	char job_id[JOB_ID_LEN + 1];
	const struct uploads_new upload = { .id = id,
		.job_id = job_id,
		.dataset = DATASET_SPECIAL_HOURS,
		.file = "f.csv",
		.who = "admin",
		.bytes = 12,
		.whole = true };

	ids_make(id);
	ids_make(job_id);
	begin();
	assert_int_equal(uploads_add(jobs, &upload, now_us), ERR_NONE);
	commit();
}

static struct uploads_row
find(const char *id)
{
	struct uploads_row row;

	assert_int_equal(uploads_find(jobs, id, &row), ERR_NONE);
	return row;
}

static void
tell(const char *id, const struct uploads_outcome *outcome, int64_t now_us)
{
	begin();
	assert_int_equal(uploads_tell(jobs, id, outcome, now_us), ERR_NONE);
	commit();
}

static void
tell_state(const char *id, enum uploads_state to, int64_t now_us)
{
	const struct uploads_outcome outcome = { .state = to };

	tell(id, &outcome, now_us);
}

static enum err
claim(int slot, struct jobs_task *task)
{
	enum err err;

	begin();
	err = jobs_claim(jobs, slot, 5, task);
	commit();
	return err;
}

static void
test_add(void **unused)
{
	char id[JOB_ID_LEN + 1], other[JOB_ID_LEN + 1];
	struct uploads_row row;

	(void)unused;
	add(id, 7);
	row = find(id);
	assert_string_equal(row.id, id);
	assert_int_equal(row.state, UPLOADS_CHECKING);
	assert_int_equal(row.dataset, DATASET_SPECIAL_HOURS);
	assert_string_equal(row.file, "f.csv");
	assert_string_equal(row.who, "admin");
	assert_int_equal(row.bytes, 12);
	assert_true(row.whole);
	assert_false(row.skip_bad);
	assert_int_equal(row.created_us, 7);
	assert_int_equal(row.finished_us, 0);
	assert_string_equal(row.sha256, "");
	assert_int_equal(row.work.state, JOBS_QUEUED);
	assert_int_not_equal(row.work.job, 0);
	ids_make(other);
	assert_int_equal(uploads_find(jobs, other, &row), ERR_NOT_FOUND);
}

static void
test_claimed_one_at_a_time(void **unused)
{
	char a[JOB_ID_LEN + 1], b[JOB_ID_LEN + 1], report[JOB_ID_LEN + 1];
	const struct jobs_order order = { .question = NULL };
	const struct jobs_result none = { .question = NULL };
	struct jobs_task first, task;
	struct jobs_due due;
	struct uploads_row row;
	bool can;

	(void)unused;
	add(a, 1);
	add(b, 2);
	assert_int_equal(claim(0, &first), ERR_NONE);
	assert_int_equal(first.kind, JOBS_CHECK);
	assert_int_equal(uploads_of_job(jobs, first.job, &row), ERR_NONE);
	assert_string_equal(row.id, a);
	assert_int_equal(row.work.state, JOBS_RUNNING);
	/* The second waits, and no worker is to be started for it. */
	assert_int_equal(claim(1, &task), ERR_NOT_FOUND);
	assert_int_equal(jobs_can_claim(jobs, &can), ERR_NONE);
	assert_false(can);
	assert_int_equal(jobs_spawn_due(jobs, 9, 9, &due), ERR_NOT_FOUND);
	/* A report does not wait. */
	ids_make(report);
	begin();
	assert_int_equal(jobs_add(jobs, report, &order, 3), ERR_NONE);
	commit();
	assert_int_equal(jobs_can_claim(jobs, &can), ERR_NONE);
	assert_true(can);
	assert_int_equal(claim(1, &task), ERR_NONE);
	assert_int_equal(task.kind, JOBS_REPORT);
	jobs_task_release(&task);
	begin();
	assert_int_equal(jobs_complete(jobs, &first, &none, 6), ERR_NONE);
	commit();
	assert_int_equal(claim(0, &task), ERR_NONE);
	assert_int_equal(uploads_of_job(jobs, task.job, &row), ERR_NONE);
	assert_string_equal(row.id, b);
}

/* Anybody may ask for reports: however many wait, an upload does not. */
static void
test_claimed_before_reports(void **unused)
{
	const struct jobs_order order = { .question = NULL };
	char report[JOB_ID_LEN + 1], upload[JOB_ID_LEN + 1];
	struct jobs_task task;
	int64_t count;
	int i;

	(void)unused;
	begin();
	for (i = 0; i < 3; i++) {
		ids_make(report);
		assert_int_equal(jobs_add(jobs, report, &order, i), ERR_NONE);
	}
	commit();
	add(upload, 9);
	assert_int_equal(jobs_count_queued(jobs, false, &count), ERR_NONE);
	assert_int_equal(count, 3);
	assert_int_equal(jobs_count_queued(jobs, true, &count), ERR_NONE);
	assert_int_equal(count, 1);
	assert_int_equal(claim(0, &task), ERR_NONE);
	assert_int_equal(task.kind, JOBS_CHECK);
	assert_int_equal(claim(1, &task), ERR_NONE);
	assert_int_equal(task.kind, JOBS_REPORT);
	jobs_task_release(&task);
	assert_int_equal(jobs_count_queued(jobs, true, &count), ERR_NONE);
	assert_int_equal(count, 0);
}

static void
test_tell_keeps_what_is_not_told(void **unused)
{
	const struct uploads_counts counts = { 6, 1, 2, 3, 4, 5 };
	const int64_t revision = 77;
	const struct uploads_outcome preview = { .state = UPLOADS_PREVIEW,
		.result = "{\"r\":1}",
		.preview = "{\"p\":1}",
		.sha256 = "abc",
		.counts = &counts,
		.revision = &revision };
	const struct uploads_outcome failed = { .state = UPLOADS_FAILED,
		.error = "It failed." };
	char id[JOB_ID_LEN + 1];
	struct uploads_row row;
	struct buf a, b;

	(void)unused;
	add(id, 7);
	tell(id, &preview, 8);
	row = find(id);
	assert_int_equal(row.state, UPLOADS_PREVIEW);
	assert_int_equal(row.finished_us, 0);
	assert_int_equal(row.work.job, 0);
	tell(id, &failed, 9);
	row = find(id);
	assert_int_equal(row.state, UPLOADS_FAILED);
	assert_int_equal(row.finished_us, 9);
	assert_string_equal(row.error, "It failed.");
	assert_string_equal(row.sha256, "abc");
	assert_int_equal(row.revision, 77);
	assert_memory_equal(&row.counts, &counts, sizeof(counts));
	buf_init(&a, 100);
	buf_init(&b, 100);
	assert_int_equal(uploads_texts(jobs, id, &a, &b), ERR_NONE);
	assert_string_equal(buf_text(&a), "{\"r\":1}");
	assert_string_equal(buf_text(&b), "{\"p\":1}");
	buf_release(&a);
	buf_release(&b);
}

static void
test_queue_again_forgets_the_preview(void **unused)
{
	const struct uploads_counts counts = { 6, 1, 2, 3, 4, 5 };
	const struct uploads_outcome preview = { .state = UPLOADS_PREVIEW,
		.result = "{}",
		.sha256 = "abc",
		.counts = &counts };
	const struct uploads_order import = { JOBS_IMPORT, "j1", true, NULL };
	const struct uploads_order check = { JOBS_CHECK, "j2", false, "req" };
	char id[JOB_ID_LEN + 1];
	struct uploads_row row;

	(void)unused;
	add(id, 7);
	tell(id, &preview, 8);
	begin();
	assert_int_equal(uploads_queue(jobs, id, &import, 9), ERR_NONE);
	row = find(id);
	assert_int_equal(row.state, UPLOADS_IMPORTING);
	assert_true(row.skip_bad);
	assert_string_equal(row.sha256, "abc");
	jobs_rollback(jobs);
	begin();
	assert_int_equal(uploads_queue(jobs, id, &check, 9), ERR_NONE);
	commit();
	row = find(id);
	assert_int_equal(row.state, UPLOADS_CHECKING);
	assert_string_equal(row.sha256, "");
	assert_int_equal(row.counts.bad, 0);
}

static void
test_due(void **unused)
{
	char id[JOB_ID_LEN + 1], other[JOB_ID_LEN + 1];
	struct uploads_row row;

	(void)unused;
	add(id, 100);
	assert_int_equal(uploads_due(jobs, 1000, &row), ERR_NOT_FOUND);
	tell_state(id, UPLOADS_PREVIEW, 101);
	assert_int_equal(uploads_due(jobs, 99, &row), ERR_NOT_FOUND);
	assert_int_equal(uploads_due(jobs, 100, &row), ERR_NONE);
	assert_string_equal(row.id, id);
	tell_state(id, UPLOADS_EXPIRED, 102);
	assert_int_equal(uploads_due(jobs, 1000, &row), ERR_NOT_FOUND);
	add(other, 100);
	row = find(other);
	begin();
	assert_int_equal(jobs_fail(jobs, row.work.job, JOBS_END_OTHER, "why",
			     5),
	    ERR_NONE);
	commit();
	assert_int_equal(uploads_due(jobs, 0, &row), ERR_NONE);
	assert_string_equal(row.id, other);
	assert_string_equal(row.work.error, "why");
}

static void
test_forget(void **unused)
{
	char open[JOB_ID_LEN + 1], old[JOB_ID_LEN + 1], new[JOB_ID_LEN + 1];
	struct uploads_row row;
	int64_t job;

	(void)unused;
	add(open, 1);
	add(old, 1);
	add(new, 1);
	job = find(open).work.job;
	tell_state(old, UPLOADS_CANCELLED, 10);
	tell_state(new, UPLOADS_CANCELLED, 11);
	begin();
	assert_int_equal(jobs_fail(jobs, job, JOBS_END_OTHER, "why", 2),
	    ERR_NONE);
	assert_int_equal(uploads_forget(jobs, 10), ERR_NONE);
	/* The job of an upload stays as long as that does. */
	assert_int_equal(jobs_forget(jobs, 1000), ERR_NONE);
	commit();
	assert_int_equal(uploads_find(jobs, old, &row), ERR_NOT_FOUND);
	assert_int_equal(find(new).state, UPLOADS_CANCELLED);
	assert_int_equal(find(open).work.job, job);
}

static void
note_id(void *ctx, const struct uploads_row *row)
{
	char *seen = ctx;

	(void)snprintf(seen + strlen(seen), 5, "%.4s", row->id);
}

static void
test_visit_newest_first(void **unused)
{
	char a[JOB_ID_LEN + 1], b[JOB_ID_LEN + 1], c[JOB_ID_LEN + 1];
	char seen[64] = "", expected[64];

	(void)unused;
	add(a, 3);
	add(b, 2);
	add(c, 1);
	assert_int_equal(uploads_visit(jobs, 2, note_id, seen), ERR_NONE);
	(void)snprintf(expected, sizeof(expected), "%.4s%.4s", c, b);
	assert_string_equal(seen, expected);
}

#define each(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		each(test_add),
		each(test_claimed_one_at_a_time),
		each(test_claimed_before_reports),
		each(test_tell_keeps_what_is_not_told),
		each(test_queue_again_forgets_the_preview),
		each(test_due),
		each(test_forget),
		each(test_visit_newest_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
