/* The jobs of an earlier release: what becomes of them by each later step. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "jobs_fixture.h"

#include "../lib/check.h"
#include "store/schema.h"

/* Three reports, one of them asked for twice, and an upload that waits. */
static const char first_release[] =
    "INSERT INTO job (number, id, kind, state, question, as_of_us,"
    " interpolation, shares, attempts, spawns, spawned_us, slot, created_us,"
    " started_us, finished_us, revision, rows, bytes, sha256) VALUES"
    " (1, '00000001-0123-4567-89ab-0123456789ab', 'report', 'complete',"
    " '" HASH "', 77, 'next', 2, 1, 0, 0, 0, 1001, 1002, 1003, 9, 5, 100,"
    " '" SHA "'),"
    " (2, '00000002-0123-4567-89ab-0123456789ab', 'report', 'complete',"
    " NULL, 77, 'next', 1, 1, 0, 0, 0, 1001, 1002, 1003, 9, 5, 100,"
    " '" SHA "'),"
    " (3, '00000003-0123-4567-89ab-0123456789ab', 'report', 'queued',"
    " NULL, 77, 'next', 1, 0, 0, 0, NULL, 1004, NULL, NULL, NULL, NULL,"
    " NULL, NULL),"
    " (4, '00000004-0123-4567-89ab-0123456789ab', 'check', 'queued',"
    " NULL, 0, 'previous', 0, 0, 0, 0, NULL, 1005, NULL, NULL, NULL, NULL,"
    " NULL, NULL);"
    "INSERT INTO report VALUES"
    " (1, '00000001-0123-4567-89ab-0123456789ab', 1, 1001, 0),"
    " (2, '00000005-0123-4567-89ab-0123456789ab', 1, 1006, 0),"
    " (3, '00000002-0123-4567-89ab-0123456789ab', 2, 1001, 1),"
    " (4, '00000003-0123-4567-89ab-0123456789ab', 3, 1004, 0);"
    "INSERT INTO upload (id, state, job, dataset, file, who, bytes, whole,"
    " skip_bad, created_us) VALUES ('00000006-0123-4567-89ab-0123456789ab',"
    " 'checking', 4, 'polls', 'f.csv', 'admin', 12, 0, 0, 1005)";

static void
run(sqlite3 *db, const char *sql)
{
	check_number(sql, sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
}

/* Makes a database as the first release left it. */
static void
make_first(void)
{
	char path[FILE_PATH_MAX];
	const struct schema_step *step;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(scratch_path(path, state, "jobs.db"),
			     &db),
	    SQLITE_OK);
	run(db, "PRAGMA page_size=8192; PRAGMA journal_mode=WAL");
	for (step = schema_steps; step->set != NULL; step++)
		if (strcmp(step->set, "jobs") == 0 && step->number == 1)
			run(db, step->sql);
	run(db, "PRAGMA user_version=1");
	run(db, first_release);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static int
set_up_first(void **unused)
{
	(void)unused;
	scratch_make(state);
	make_first();
	return jobs_open(&jobs, state) == ERR_NONE ? 0 : -1;
}

static void
test_reports_stay(void **unused)
{
	struct jobs_report report;
	struct jobs_match match;

	(void)unused;
	report = find(1);
	assert_int_equal(report.state, JOBS_COMPLETE);
	assert_int_equal(report.bytes, 100);
	assert_string_equal(report.sha256, SHA);
	assert_true(find(2).expired);
	assert_int_equal(find(3).state, JOBS_QUEUED);
	assert_int_equal(jobs_match(jobs, HASH, &match), ERR_NONE);
	assert_string_equal(match.source, id_of(5));
	assert_string_equal(match.job_id, id_of(1));
}

/* What waits is worked on; nobody knows which request made it. */
static void
test_work_goes_on(void **unused)
{
	bool report = false, check = false;
	struct uploads_row row;
	struct jobs_task task;
	int i;

	(void)unused;
	for (i = 0; i < 2; i++) {
		task = claim(i);
		assert_string_equal(task.request, "");
		if (task.kind == JOBS_CHECK) {
			check = true;
			assert_int_equal(uploads_of_job(jobs, task.job, &row),
			    ERR_NONE);
			assert_string_equal(row.id, id_of(6));
		} else {
			report = true;
			assert_string_equal(task.id, id_of(3));
		}
		complete(&task, NULL);
		jobs_task_release(&task);
	}
	assert_true(report && check);
}

/* Files of before are guessed at, and go in the order of their use. */
static void
test_space(void **unused)
{
	struct jobs_ids *ids = calloc(1, sizeof(*ids));
	int64_t bytes = 0;

	(void)unused;
	assert_non_null(ids);
	assert_int_equal(jobs_space(jobs, &bytes), ERR_NONE);
	assert_int_equal(bytes, 600);
	assert_int_equal(jobs_begin(jobs), ERR_NONE);
	assert_int_equal(jobs_expire_job(jobs, 1005, ids), ERR_NOT_FOUND);
	assert_int_equal(jobs_expire_job(jobs, 1006, ids), ERR_NONE);
	assert_int_equal(jobs_commit(jobs), ERR_NONE);
	assert_int_equal(ids->count, 2);
	assert_int_equal(jobs_space(jobs, &bytes), ERR_NONE);
	assert_int_equal(bytes, 0);
	free(ids);
}

static void
test_counts(void **unused)
{
	struct jobs_counts counts;

	(void)unused;
	assert_int_equal(jobs_count(jobs, &counts), ERR_NONE);
	assert_int_equal(counts.state[JOBS_COMPLETE], 2);
	assert_int_equal(counts.state[JOBS_QUEUED], 2);
	assert_int_equal(counts.uploads[UPLOADS_CHECKING], 1);
	/* What had ended before was not counted. */
	assert_int_equal(counts.ended[JOBS_REPORT].count[JOBS_END_COMPLETE], 0);
}

#undef each
#define each(test) \
	cmocka_unit_test_setup_teardown(test, set_up_first, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		each(test_reports_stay),
		each(test_work_goes_on),
		each(test_space),
		each(test_counts),
	};

	return cmocka_run_group_tests_name("jobs_migrate", tests, NULL, NULL);
}
