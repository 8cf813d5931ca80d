/* Letting go: by age, whatever the clock does, and what belongs to nobody. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk_fixture.h"

#include "../lib/check.h"
#include "work/job_desk.h"
#include "work/spool.h"
#include "work/upkeep.h"

#define NOBODY "0123abcd-0123-4567-89ab-0123456789ab"
#define HOUR_US INT64_C(3600000000)

/* The upkeep of a worker that keeps reports so long. */
static void
keep(int64_t hours)
{
	desk->settings.value[SETTING_KEEP_HOURS] = hours;
	upkeep_run(desk);
}

static void
complete(int64_t as_of_us, char id[JOB_ID_LEN + 1])
{
	trigger(as_of_us, id);
	wait_for(is(id, JOB_COMPLETE));
	wait_for(are_slots_free());
}

/* An id of a finished job that was given out at that time. */
static void
add_old(const char *id, int64_t created_us)
{
	const struct jobs_order order = { .as_of_us = 1 };
	struct jobs_report report;
	char name[128];

	assert_int_equal(jobs_begin(desk->jobs), ERR_NONE);
	assert_int_equal(jobs_add(desk->jobs, id, &order, created_us),
	    ERR_NONE);
	assert_int_equal(jobs_find(desk->jobs, id, &report), ERR_NONE);
	assert_int_equal(jobs_fail(desk->jobs, report.job, JOBS_END_OTHER, "x",
			     created_us),
	    ERR_NONE);
	assert_int_equal(jobs_commit(desk->jobs), ERR_NONE);
	scratch_write(state, spool_name(name, id, ".csv"), "x");
}

/* A complete report, asked for so long ago, whose files take so many MiB. */
static void
add_complete(const char *id, int64_t minutes, int64_t mib)
{
	const int64_t at_us = clock_now_us() - minutes * 60000000;
	const struct jobs_order order = { .as_of_us = 1 };
	const struct jobs_result result = { .disk_bytes = mib * UPKEEP_MB };
	struct jobs_task task;
	char name[128];

	assert_int_equal(jobs_begin(desk->jobs), ERR_NONE);
	assert_int_equal(jobs_add(desk->jobs, id, &order, at_us), ERR_NONE);
	assert_int_equal(jobs_claim(desk->jobs, 0, at_us, &task), ERR_NONE);
	assert_int_equal(jobs_complete(desk->jobs, &task, &result, at_us),
	    ERR_NONE);
	assert_int_equal(jobs_commit(desk->jobs), ERR_NONE);
	jobs_task_release(&task);
	scratch_write(state, spool_name(name, id, ".csv"), "x");
}

/* One more id for a job, given out so long ago. */
static void
share(const char *from, const char *id, int64_t minutes)
{
	struct jobs_report report;
	char name[128];

	assert_int_equal(jobs_find(desk->jobs, from, &report), ERR_NONE);
	assert_int_equal(jobs_begin(desk->jobs), ERR_NONE);
	assert_int_equal(jobs_share(desk->jobs, report.job, id,
			     clock_now_us() - minutes * 60000000),
	    ERR_NONE);
	assert_int_equal(jobs_commit(desk->jobs), ERR_NONE);
	scratch_write(state, spool_name(name, id, ".csv"), "x");
}

static const char *const some[] = { "0123abcd-0123-4567-89ab-000000000001",
	"0123abcd-0123-4567-89ab-000000000002",
	"0123abcd-0123-4567-89ab-000000000003",
	"0123abcd-0123-4567-89ab-000000000004",
	"0123abcd-0123-4567-89ab-000000000005" };

/* Which of them are complete and have their file: "1-345". */
static void
check_kept(const char *wanted)
{
	char shown[COUNT(some) + 1] = "";
	size_t i;

	for (i = 0; i < COUNT(some); i++) {
		bool kept = is(some[i], JOB_COMPLETE);

		assert_int_equal(kept, has_file(some[i], ".csv"));
		shown[i] = kept ? (char)('1' + i) : '-';
	}
	assert_string_equal(shown, wanted);
}

static void
test_space(void **unused)
{
	(void)unused;
	add_complete(some[0], 10, 4);
	add_complete(some[1], 9, 4);
	add_complete(some[2], 8, 4);
	add_complete(some[3], 1, 40);
	/* The oldest of all, but somebody was given it just now. */
	add_complete(NOBODY, 60, 4);
	share(NOBODY, some[4], 2);
	desk->settings.value[SETTING_KEEP_MB] = 56;
	keep(168);
	check_kept("12345");
	desk->settings.value[SETTING_KEEP_MB] = 55;
	keep(168);
	check_kept("-2345");
	desk->settings.value[SETTING_KEEP_MB] = 51;
	keep(168);
	check_kept("--345");
	/* Never what is young, even if that is too much. */
	desk->settings.value[SETTING_KEEP_MB] = 1;
	keep(168);
	check_kept("---45");
	assert_true(is(NOBODY, JOB_COMPLETE));
}

/* What a report's files take is measured when they are made. */
static void
test_space_is_measured(void **unused)
{
	char id[JOB_ID_LEN + 1];
	int64_t bytes = 0;

	(void)unused;
	complete(1, id);
	assert_int_equal(jobs_space(desk->jobs, &bytes), ERR_NONE);
	assert_true(bytes >= 3 * 512);
	assert_int_equal(bytes, spool_bytes(state, id));
	keep(0);
	assert_int_equal(jobs_space(desk->jobs, &bytes), ERR_NONE);
	assert_int_equal(bytes, 0);
}

static void
test_history(void **unused)
{
	struct jobs_report report;
	size_t i;

	(void)unused;
	for (i = 0; i < 4; i++)
		add_complete(some[i], 20 - (int64_t)i, 0);
	add_complete(some[4], 1, 0);
	desk->settings.value[SETTING_HISTORY] = 3;
	keep(168);
	check_kept("--345");
	/* The expired ones as well are so many at the most. */
	desk->settings.value[SETTING_HISTORY] = 1;
	assert_int_equal(jobs_begin(desk->jobs), ERR_NONE);
	assert_int_equal(jobs_note_sweep(desk->jobs, 0), ERR_NONE);
	assert_int_equal(jobs_commit(desk->jobs), ERR_NONE);
	keep(168);
	for (i = 0; i < 3; i++)
		assert_int_equal(jobs_find(desk->jobs, some[i], &report),
		    ERR_NOT_FOUND);
	assert_true(is(some[3], JOB_EXPIRED));
	assert_true(is(some[4], JOB_COMPLETE));
}

static void
test_expiry(void **unused)
{
	char id[2][JOB_ID_LEN + 1], name[128];

	(void)unused;
	complete(1, id[0]);
	keep(1);
	assert_true(is(id[0], JOB_COMPLETE));
	/* Half written files of its worker would go as well. */
	scratch_write(state, spool_name(name, id[0], ".csv.gz"), "z");
	keep(0);
	assert_true(is(id[0], JOB_EXPIRED));
	assert_false(has_file(id[0], ".csv"));
	assert_false(has_file(id[0], ".csv.gz"));
	assert_false(has_file(id[0], ".detail.csv"));
	assert_false(has_file(id[0], ".json"));
	assert_false(has_file(id[0], ".stores.json"));
	assert_false(has_file(id[0], ".strips.txt"));
	/* What has expired answers nobody. */
	complete(1, id[1]);
	assert_int_equal(count_starts(), 2);
	assert_true(is(id[0], JOB_EXPIRED));
}

/* The younger id keeps its files when the older one's go. */
static void
test_each_id_its_age(void **unused)
{
	char id[2][JOB_ID_LEN + 1];
	struct jobs_ids *gone = calloc(1, sizeof(*gone));

	(void)unused;
	assert_non_null(gone);
	complete(1, id[0]);
	complete(1, id[1]);
	assert_int_equal(count_starts(), 1);
	assert_int_equal(jobs_begin(desk->jobs), ERR_NONE);
	assert_int_equal(jobs_expire(desk->jobs, look(id[0]).created_us, gone),
	    ERR_NONE);
	assert_int_equal(jobs_commit(desk->jobs), ERR_NONE);
	assert_int_equal(gone->count, 1);
	free(gone);
	/* A crash before the files went: the sweep makes up for it. */
	assert_true(has_file(id[0], ".csv"));
	assert_int_equal(jobs_begin(desk->jobs), ERR_NONE);
	assert_int_equal(jobs_note_sweep(desk->jobs, 0), ERR_NONE);
	assert_int_equal(jobs_commit(desk->jobs), ERR_NONE);
	keep(1);
	assert_false(has_file(id[0], ".csv"));
	assert_true(has_file(id[1], ".csv"));
	assert_true(is(id[0], JOB_EXPIRED));
	assert_true(is(id[1], JOB_COMPLETE));
}

static void
test_clock(void **unused)
{
	int64_t now_us = clock_now_us();

	(void)unused;
	/* Given out by a clock that was an hour ahead. */
	add_old(NOBODY, now_us + HOUR_US);
	keep(0);
	assert_true(is(NOBODY, JOB_FAILED));
	/* A sweep noted by such a clock is no reason to wait for it. */
	assert_int_equal(jobs_begin(desk->jobs), ERR_NONE);
	assert_int_equal(jobs_note_sweep(desk->jobs, now_us + HOUR_US),
	    ERR_NONE);
	assert_int_equal(jobs_commit(desk->jobs), ERR_NONE);
	scratch_write(state, "spool/" NOBODY ".json", "of a failed job");
	keep(1);
	assert_false(scratch_has(state, "spool/" NOBODY ".json"));
}

static void
test_forgetting(void **unused)
{
	static const struct {
		const char *id;
		int64_t minutes;
	} old[] = {
		{ "0123abcd-0123-4567-89ab-000000000001", 241 },
		{ "0123abcd-0123-4567-89ab-000000000002", 239 },
		{ "0123abcd-0123-4567-89ab-000000000003", 61 },
		{ "0123abcd-0123-4567-89ab-000000000004", 59 },
	};
	struct job_view view;
	size_t i;

	(void)unused;
	for (i = 0; i < 4; i++)
		add_old(old[i].id, clock_now_us() - old[i].minutes * 60000000);
	keep(1);
	assert_int_equal(job_look(desk, old[0].id, &view), ERR_NOT_FOUND);
	assert_true(is(old[1].id, JOB_EXPIRED));
	assert_true(is(old[2].id, JOB_EXPIRED));
	assert_true(is(old[3].id, JOB_FAILED));
	for (i = 0; i < 4; i++)
		assert_false(has_file(old[i].id, ".csv"));
}

/* What is queued or Running stays, however old. */
static void
test_unfinished_stay(void **unused)
{
	char id[JOB_ID_LEN + 1];

	(void)unused;
	set_mode("gate");
	trigger(1, id);
	wait_for(count_starts() == 1);
	keep(0);
	assert_true(is(id, JOB_RUNNING));
	scratch_write(state, "go", "");
	wait_for(!is(id, JOB_RUNNING));
}

static void
test_sweep(void **unused)
{
	char id[JOB_ID_LEN + 1], running[JOB_ID_LEN + 1], name[128];

	(void)unused;
	complete(1, id);
	set_mode("gate");
	trigger(2, running);
	wait_for(count_starts() == 2);
	scratch_write(state, "spool/" NOBODY ".csv", "linked, not committed");
	scratch_write(state, "spool/" NOBODY ".detail.csv.gz.tmp", "left");
	scratch_write(state, spool_name(name, id, ".csv.tmp"), "left");
	scratch_write(state, spool_name(name, running, ".csv.tmp"), "mine");
	scratch_write(state, spool_name(name, running, ".detail.csv"), "mine");
	scratch_write(state, "spool/README", "somebody's");
	assert_int_equal(jobs_begin(desk->jobs), ERR_NONE);
	assert_int_equal(jobs_note_sweep(desk->jobs,
			     clock_now_us() - 61 * INT64_C(60000000)),
	    ERR_NONE);
	assert_int_equal(jobs_commit(desk->jobs), ERR_NONE);
	keep(1);
	assert_false(scratch_has(state, "spool/" NOBODY ".csv"));
	assert_false(scratch_has(state, "spool/" NOBODY ".detail.csv.gz.tmp"));
	assert_false(has_file(id, ".csv.tmp"));
	assert_true(has_file(id, ".csv"));
	assert_true(has_file(running, ".csv.tmp"));
	assert_true(has_file(running, ".detail.csv"));
	assert_true(scratch_has(state, "spool/README"));
	/* Not again so soon: it reads the whole folder. */
	scratch_write(state, "spool/" NOBODY ".csv", "x");
	keep(1);
	assert_true(scratch_has(state, "spool/" NOBODY ".csv"));
	scratch_write(state, "go", "");
	wait_for(is(running, JOB_COMPLETE));
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		each(test_space),
		each(test_space_is_measured),
		each(test_history),
		each(test_expiry),
		each(test_each_id_its_age),
		each(test_clock),
		each(test_forgetting),
		each(test_unfinished_stay),
		each(test_sweep),
	};

	return run_worker_or(cmocka_run_group_tests_name("jobs_upkeep", tests,
	    NULL, NULL));
}
