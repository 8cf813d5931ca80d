/*
 * What tests of the jobs store share: an open store in a scratch folder and
 * short ways to put jobs into it.  Include after cmocka.h.
 */
#ifndef STORE_JOBS_FIXTURE_H
#define STORE_JOBS_FIXTURE_H

#include "store/store.h"

#include "../lib/scratch.h"

#define HASH "5e2cbd9f5e2cbd9f5e2cbd9f5e2cbd9f5e2cbd9f5e2cbd9f5e2cbd9f5e2cbd9f"
#define SHA "0000bd9f5e2cbd9f5e2cbd9f5e2cbd9f5e2cbd9f5e2cbd9f5e2cbd9f5e2cffff"

static char state[FILE_PATH_MAX];
static struct jobs *jobs;

static inline int
set_up(void **unused)
{
	(void)unused;
	scratch_make(state);
	return jobs_open(&jobs, state) == ERR_NONE ? 0 : -1;
}

static inline int
tear_down(void **unused)
{
	enum err err = jobs != NULL ? jobs_check(jobs) : ERR_NONE;

	(void)unused;
	jobs_close(jobs);
	jobs = NULL;
	scratch_remove(state);
	return err == ERR_NONE ? 0 : -1;
}

/* The n-th id. */
static inline const char *
id_of(int n)
{
	static char ids[8][JOB_ID_LEN + 1];
	char *id = ids[n % 8];

	(void)snprintf(id, JOB_ID_LEN + 1, "%08x-0123-4567-89ab-0123456789ab",
	    (unsigned)n);
	return id;
}

#define in_change(call) \
	do { \
		assert_int_equal(jobs_begin(jobs), ERR_NONE); \
		assert_int_equal(call, ERR_NONE); \
		assert_int_equal(jobs_commit(jobs), ERR_NONE); \
	} while (0)

static inline void
add(int n, const char *question)
{
	const struct jobs_order order = { .question = question,
		.as_of_us = 77,
		.rules = { INTERPOLATION_NEAREST, 5 },
		.stores = "[\"a\"]" };

	in_change(jobs_add(jobs, id_of(n), &order, 1000 + n));
}

static inline struct jobs_report
find(int n)
{
	struct jobs_report report;

	assert_int_equal(jobs_find(jobs, id_of(n), &report), ERR_NONE);
	return report;
}

static inline struct jobs_task
claim(int slot)
{
	struct jobs_task task;

	in_change(jobs_claim(jobs, slot, 2000, &task));
	return task;
}

static inline void
complete(const struct jobs_task *task, const char *question)
{
	const struct jobs_result result = { .question = question,
		.revision = 9,
		.rows = 14219,
		.bytes = 1234567,
		.sha256 = SHA };

	in_change(jobs_complete(jobs, task, &result, 3000));
}

/* A test with a store of its own. */
#define each(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
