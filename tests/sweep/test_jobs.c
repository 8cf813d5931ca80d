/*
 * Jobs, with each call failing in turn: whoever has an id is told in the end
 * that its report is Complete, or that it has Failed, and why; nothing is
 * left over either way.
 */
#include "work/job.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/check.h"
#include "../store/desk_fixture.h"
#include "nth.h"
#include "work/upkeep.h"

static char job[JOB_ID_LEN + 1]; /* of the run at hand; "" for none */

/* A fresh state in which no worker is started; one that is ends at once. */
static void
prepare_state(void)
{
	job[0] = '\0';
	assert_int_equal(set_up(NULL), 0);
	assert_int_equal(setenv("STOREMON_PROGRAM", "/bin/true", 1), 0);
	hold_slots();
	job_desk_close(desk);
	desk = NULL;
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

static int
count_spool(const char *id)
{
	static const char *const ends[] = { ".csv", ".csv.gz", ".detail.csv",
		".detail.csv.gz", ".json", ".json.gz", ".stores.json",
		".stores.json.gz", ".strips.txt", ".strips.txt.gz" };
	char name[128];
	size_t i;
	int n = 0;

	for (i = 0; i < COUNT(ends); i++)
		n += scratch_has(state, spool_name(name, id, ends[i]));
	return n;
}

/* A worker without failures ends it, one way or the other. */
static void
check_ends(void)
{
	struct job_view view;

	assert_int_equal(work(), ERR_NONE);
	view = look(job);
	if (view.state == JOB_COMPLETE) {
		assert_int_equal(count_spool(job), 10);
		assert_int_equal(view.rows, 2);
		return;
	}
	assert_int_equal(view.state, JOB_FAILED);
	assert_true(view.error[0] != '\0');
	assert_int_equal(count_spool(job), 0);
}

static enum err
ask(void)
{
	const char *const stores[] = { "shop b", "shop a" };
	struct job_question q = ask_for(REPORT_LATEST);
	char id[JOB_ID_LEN + 1];
	enum err err = job_desk_open(&desk, &settings);

	q.stores = stores;
	q.store_count = COUNT(stores);
	if (err == ERR_NONE)
		err = job_trigger(desk, &q, id);
	if (err == ERR_NONE)
		memcpy(job, id, sizeof(job));
	job_desk_close(desk);
	desk = NULL;
	return err;
}

/* An id that was given out leads to its report. */
static void
check_asked(enum err err)
{
	assert_int_equal(err == ERR_NONE, job[0] != '\0');
	if (job[0] == '\0')
		assert_int_equal(ask(), ERR_NONE);
	drop_slots();
	open_desk();
	check_ends();
	assert_true(is(job, JOB_COMPLETE));
	assert_int_equal(tear_down(NULL), 0);
}

static void
test_asking(void **unused)
{
	const struct sweep sweep = { "asking", prepare_state, ask,
		check_asked };

	(void)unused;
	sweep_run(&sweep);
}

static void
prepare_queued(void)
{
	prepare_state();
	assert_int_equal(ask(), ERR_NONE);
	drop_slots();
}

static void
check_worked(enum err err)
{
	(void)err;
	open_desk();
	check_ends();
	assert_int_equal(tear_down(NULL), 0);
}

static void
test_working(void **unused)
{
	const struct sweep sweep = { "working", prepare_queued, work,
		check_worked };

	(void)unused;
	sweep_run(&sweep);
}

static void
prepare_complete(void)
{
	prepare_queued();
	assert_int_equal(work(), ERR_NONE);
}

/* Looks the finished job up, with all that may go on beside. */
static enum err
look_up(void)
{
	struct job_view view;
	enum err err = job_desk_open(&desk, &settings);

	if (err == ERR_NONE)
		err = job_look(desk, job, &view);
	if (err == ERR_NONE)
		assert_int_equal(view.state, JOB_COMPLETE);
	if (err == ERR_NONE)
		upkeep_run(desk);
	job_desk_close(desk);
	desk = NULL;
	return err;
}

/* What was finished stays so. */
static void
check_stays(enum err err)
{
	(void)err;
	open_desk();
	assert_true(is(job, JOB_COMPLETE));
	assert_int_equal(count_spool(job), 10);
	assert_int_equal(tear_down(NULL), 0);
}

static void
test_looking(void **unused)
{
	const struct sweep sweep = { "looking", prepare_complete, look_up,
		check_stays };

	(void)unused;
	sweep_run(&sweep);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_asking),
		cmocka_unit_test(test_working),
		cmocka_unit_test(test_looking),
	};

	/* In memory, if possible: each commit waits for the disk. */
	if (access("/dev/shm", W_OK | X_OK) == 0)
		(void)setenv("TMPDIR", "/dev/shm", 0);
	return cmocka_run_group_tests_name("jobs, calls failing", tests, NULL,
	    NULL);
}
