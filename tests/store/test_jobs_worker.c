/* Workers: never too many, killed, stuck, not to be started. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "desk_fixture.h"

#define ASKERS 5
#define EACH 4
#define ASKED (ASKERS * EACH)

/* In a child: asks different questions through a desk of its own. */
static void
ask_some(int asker, int fd)
{
	char id[JOB_ID_LEN + 1];
	struct job_desk *mine;
	int i;

	if (job_desk_open(&mine, &settings) != ERR_NONE)
		_exit(1);
	for (i = 0; i < EACH; i++) {
		const struct job_question q = ask_for(1 + asker * EACH + i);

		if (job_trigger(mine, &q, id) != ERR_NONE ||
		    write(fd, id, sizeof(id)) != (ssize_t)sizeof(id))
			_exit(1);
	}
	job_desk_close(mine);
	_exit(0);
}

static bool
are_at_work(int count)
{
	int now, most;

	(void)count_trace(&now, &most);
	return now == count;
}

static void
test_never_more_than_slots(void **unused)
{
	char id[ASKED][JOB_ID_LEN + 1];
	int ends[2], now, most, i;

	(void)unused;
	set_mode("gate");
	job_desk_close(desk);
	desk = NULL;
	assert_int_equal(pipe(ends), 0);
	for (i = 0; i < ASKERS; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			ask_some(i, ends[1]);
	}
	assert_int_equal(close(ends[1]), 0);
	for (i = 0; i < ASKED; i++)
		assert_int_equal(read(ends[0], id[i], sizeof(id[i])),
		    sizeof(id[i]));
	assert_int_equal(close(ends[0]), 0);
	assert_int_equal(job_desk_open(&desk, &settings), ERR_NONE);
	wait_for(are_at_work(SLOTS));
	/* Looks start no further one while all slots are taken. */
	for (i = 0; i < ASKED; i++)
		assert_true(is(id[i], JOB_RUNNING));
	scratch_write(state, "go", "");
	for (i = 0; i < ASKED; i++)
		wait_for(is(id[i], JOB_COMPLETE));
	wait_for(are_slots_free());
	assert_int_equal(count_trace(&now, &most), ASKED);
	assert_int_equal(now, 0);
	assert_int_equal(most, SLOTS);
}

static pid_t
worker_pid(void)
{
	char text[32];
	int64_t pid = 0;

	(void)scratch_read(state, "pid", text, sizeof(text));
	(void)number_parse(text, strlen(text), 2, INT32_MAX, &pid);
	return (pid_t)pid;
}

static void
test_killed_once(void **unused)
{
	char id[2][JOB_ID_LEN + 1];

	(void)unused;
	trigger(1, id[0]);
	wait_for(is(id[0], JOB_COMPLETE));
	wait_for(are_slots_free());
	set_mode("gate");
	trigger(2, id[1]);
	wait_for(count_starts() == 2);
	/* Who is asked goes before it. */
	assert_true(getpriority(PRIO_PROCESS, (id_t)worker_pid()) >= 10);
	assert_int_equal(kill(worker_pid(), SIGKILL), 0);
	/* The next look gets it going again. */
	wait_for(look(id[1]).state == JOB_RUNNING && count_starts() == 3);
	scratch_write(state, "go", "");
	wait_for(is(id[1], JOB_COMPLETE));
	assert_int_equal(look(id[1]).rows, 2);
	/* The other id is what it was. */
	assert_true(is(id[0], JOB_COMPLETE));
	assert_int_equal(count_starts(), 3);
}

static void
test_killed_twice(void **unused)
{
	char id[JOB_ID_LEN + 1], other[JOB_ID_LEN + 1];

	(void)unused;
	set_mode("die");
	trigger(1, id);
	wait_for(!is(id, JOB_RUNNING));
	assert_int_equal(look(id).state, JOB_FAILED);
	assert_string_equal(look(id).error,
	    "the worker ended without a result, twice");
	assert_true(look(id).finished_us >= look(id).created_us);
	assert_int_equal(count_starts(), 2);
	assert_false(has_file(id, ".csv"));
	assert_false(has_file(id, ".csv.tmp"));
	/* The same question again is a new job. */
	set_mode("ok");
	trigger(1, other);
	wait_for(is(other, JOB_COMPLETE));
	assert_int_equal(look(id).state, JOB_FAILED);
}

/* Ids that share a job that dies get its fate, and none keeps files. */
static void
test_killed_with_shares(void **unused)
{
	char id[3][JOB_ID_LEN + 1];
	int i;

	(void)unused;
	set_mode("die");
	hold_slots();
	for (i = 0; i < 3; i++)
		trigger(1, id[i]);
	drop_slots();
	wait_for(!is(id[2], JOB_RUNNING));
	for (i = 0; i < 3; i++)
		assert_int_equal(look(id[i]).state, JOB_FAILED);
	assert_int_equal(count_starts(), 2);
}

static void
test_failure(void **unused)
{
	char id[JOB_ID_LEN + 1];

	(void)unused;
	set_mode("full");
	trigger(1, id);
	wait_for(!is(id, JOB_RUNNING));
	assert_int_equal(look(id).state, JOB_FAILED);
	assert_string_equal(look(id).error, "the disk is full");
	assert_false(has_file(id, ".csv"));
	assert_false(has_file(id, ".csv.tmp"));
	assert_int_equal(count_starts(), 1);
}

/* A job that never ends: by the wall, and by the processor's clock. */
static void
over_limit(const char *mode)
{
	char id[JOB_ID_LEN + 1];

	assert_int_equal(setenv("STOREMON_JOB_SECONDS", "1", 1), 0);
	set_mode(mode);
	trigger(1, id);
	wait_for(!is(id, JOB_RUNNING));
	assert_int_equal(unsetenv("STOREMON_JOB_SECONDS"), 0);
	assert_int_equal(look(id).state, JOB_FAILED);
	assert_string_equal(look(id).error, "took longer than the limit");
	/* It would do so again: it is not retried. */
	assert_int_equal(count_starts(), 1);
}

static void
test_sleeps(void **unused)
{
	(void)unused;
	over_limit("sleep");
}

static void
test_spins(void **unused)
{
	(void)unused;
	over_limit("spin");
}

/*
 * A worker that is stopped holds its slot and cannot be killed by its own
 * alarm.  The test is that worker.
 */
static void
test_stuck(void **unused)
{
	char id[JOB_ID_LEN + 1];
	struct slot_note note = { .done = 1, .total = 2 };
	struct jobs_task task;
	struct jobs *jobs;

	(void)unused;
	hold_slots();
	trigger(1, id);
	assert_int_equal(jobs_open(&jobs, state), ERR_NONE);
	assert_int_equal(jobs_begin(jobs), ERR_NONE);
	assert_int_equal(jobs_claim(jobs, 1, 5, &task), ERR_NONE);
	assert_int_equal(jobs_commit(jobs), ERR_NONE);
	jobs_task_release(&task);
	jobs_close(jobs);
	memcpy(note.id, id, sizeof(note.id));
	note.started_us = clock_monotonic_us();
	slot_write(held[1], &note);
	assert_true(is(id, JOB_RUNNING));
	assert_int_equal(look(id).total, 2);
	/* Longer than the limit of 60 s and the time that is added. */
	note.started_us -= INT64_C(121000000);
	slot_write(held[1], &note);
	assert_true(is(id, JOB_FAILED));
	assert_string_equal(look(id).error, "took longer than the limit");
}

/* After a reboot: jobs are Running, and nobody holds a lock. */
static void
test_reboot(void **unused)
{
	char id[3][JOB_ID_LEN + 1];
	struct jobs_task task;
	struct jobs *jobs;
	int i;

	(void)unused;
	hold_slots();
	for (i = 0; i < 3; i++)
		trigger(1 + i, id[i]);
	assert_int_equal(jobs_open(&jobs, state), ERR_NONE);
	for (i = 0; i < 2; i++) {
		assert_int_equal(jobs_begin(jobs), ERR_NONE);
		/* One slot is beyond those that there are now. */
		assert_int_equal(jobs_claim(jobs, 5 * i, 5, &task), ERR_NONE);
		assert_int_equal(jobs_commit(jobs), ERR_NONE);
		jobs_task_release(&task);
	}
	jobs_close(jobs);
	drop_slots();
	/* One look at one of them gets all of them done. */
	assert_true(is(id[2], JOB_RUNNING));
	wait_for(count_starts() == 3 && are_slots_free());
	for (i = 0; i < 3; i++)
		assert_true(is(id[i], JOB_COMPLETE));
}

static bool
has_children(void)
{
	return !(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
}

static void
test_no_zombies(void **unused)
{
	char id[JOB_ID_LEN + 1];

	(void)unused;
	trigger(1, id);
	wait_for(is(id, JOB_COMPLETE));
	wait_for(!has_children());
}

/* It is told Running at first; a later look finds the program again. */
static void
test_not_started_at_first(void **unused)
{
	char id[JOB_ID_LEN + 1];

	(void)unused;
	assert_int_equal(setenv("STOREMON_PROGRAM", "/no/such", 1), 0);
	trigger(1, id);
	assert_true(is(id, JOB_RUNNING));
	set_program();
	wait_for(is(id, JOB_COMPLETE));
}

/* One that cannot be started, and one that dies before it takes a job. */
static void
never_started(const char *program)
{
	char id[JOB_ID_LEN + 1];
	int64_t start_us = clock_monotonic_us();

	assert_int_equal(setenv("STOREMON_PROGRAM", program, 1), 0);
	trigger(1, id);
	wait_for(!is(id, JOB_RUNNING));
	assert_int_equal(look(id).state, JOB_FAILED);
	assert_string_equal(look(id).error, "no worker could be started");
	/* Five tries, with a second between two of them. */
	assert_true(clock_monotonic_us() - start_us > 4000000);
	assert_int_equal(count_starts(), 0);
}

static void
test_no_program(void **unused)
{
	(void)unused;
	never_started("/no/such/program");
}

static void
test_useless_program(void **unused)
{
	(void)unused;
	never_started("/bin/false");
}

/* Runs a worker in the foreground; what became of it. */
static enum err
run_by_hand(const char *slot)
{
	const char *program = getenv("STOREMON_PROGRAM");
	int status, i;
	pid_t pid;

	(void)signal(SIGCHLD, SIG_DFL);
	assert_int_equal(setenv("STOREMON_STATE", state, 1), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		for (i = 3; i < 100; i++)
			(void)close(i);
		(void)execl(program, "storemon", "work", slot, (char *)NULL);
		_exit(101);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return (enum err)WEXITSTATUS(status);
}

/* A worker by hand takes the queue; with all slots taken it is refused. */
static void
test_by_hand(void **unused)
{
	char id[JOB_ID_LEN + 1];

	(void)unused;
	hold_slots();
	trigger(1, id);
	assert_int_equal(run_by_hand("any"), ERR_BUSY);
	drop_slots();
	/* A slot that nobody has given it the lock of. */
	assert_int_equal(run_by_hand("0"), ERR_INPUT);
	assert_true(count_starts() == 0);
	assert_int_equal(run_by_hand("any"), ERR_NONE);
	assert_true(is(id, JOB_COMPLETE));
	assert_int_equal(run_by_hand("any"), ERR_NONE);
	assert_int_equal(count_starts(), 1);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		each(test_never_more_than_slots),
		each(test_killed_once),
		each(test_killed_twice),
		each(test_killed_with_shares),
		each(test_failure),
		each(test_sleeps),
		each(test_spins),
		each(test_stuck),
		each(test_reboot),
		each(test_no_zombies),
		each(test_not_started_at_first),
		each(test_no_program),
		each(test_useless_program),
		each(test_by_hand),
	};

	return run_worker_or(cmocka_run_group_tests_name("jobs_worker", tests,
	    NULL, NULL));
}
