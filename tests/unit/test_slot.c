/* Worker slots: taking them, and the notes in them. */
#include "work/slot.h"

#include "sys/lock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/scratch.h"

#define UUID "0123abcd-0123-4567-89ab-0123456789ab"

static char state[FILE_PATH_MAX];

static int
set_up(void **unused)
{
	char path[FILE_PATH_MAX];

	(void)unused;
	scratch_make(state);
	return mkdir(scratch_path(path, state, "slots"), 0750);
}

static int
tear_down(void **unused)
{
	(void)unused;
	scratch_remove(state);
	return 0;
}

static void
test_take_any(void **unused)
{
	int fd[3], slot[3], other;

	(void)unused;
	assert_int_equal(slot_take_any(state, 2, &slot[0], &fd[0]), ERR_NONE);
	assert_int_equal(slot_take_any(state, 2, &slot[1], &fd[1]), ERR_NONE);
	assert_int_equal(slot[0], 0);
	assert_int_equal(slot[1], 1);
	assert_int_equal(slot_take_any(state, 2, &slot[2], &fd[2]), ERR_BUSY);
	assert_int_equal(slot_take(state, 1, &other), ERR_BUSY);
	lock_drop(&fd[1]);
	assert_int_equal(slot_take_any(state, 2, &slot[2], &fd[2]), ERR_NONE);
	assert_int_equal(slot[2], 1);
	assert_int_equal(slot_adopt(state, 1, fd[2]), ERR_NONE);
	assert_int_equal(slot_adopt(state, 0, fd[2]), ERR_CONFLICT);
	lock_drop(&fd[0]);
	lock_drop(&fd[2]);
}

static void
test_notes(void **unused)
{
	struct slot_note note = { .id = UUID,
		.done = 3,
		.total = 14219,
		.started_us = 12345678 };
	struct slot_note read;
	int fd;

	(void)unused;
	slot_read(state, 5, &read);
	assert_string_equal(read.id, "");
	assert_int_equal(slot_take(state, 5, &fd), ERR_NONE);
	slot_read(state, 5, &read);
	assert_string_equal(read.id, "");
	slot_write(fd, &note);
	note.done = 4;
	slot_write(fd, &note);
	slot_read(state, 5, &read);
	assert_string_equal(read.id, UUID);
	assert_int_equal(read.done, 4);
	assert_int_equal(read.total, 14219);
	assert_int_equal(read.started_us, 12345678);
	assert_false(read.overtime);
	slot_mark_overtime(fd);
	/* What is said outlives the worker. */
	lock_drop(&fd);
	slot_read(state, 5, &read);
	assert_true(read.overtime);
	assert_string_equal(read.id, UUID);
	assert_int_equal(read.done, 4);
}

static void
test_cut_note(void **unused)
{
	struct slot_note read;

	(void)unused;
	scratch_write(state, "slots/6.lock", "short");
	slot_read(state, 6, &read);
	assert_string_equal(read.id, "");
	assert_int_equal(read.total, 0);
}

/* A file of other bytes than a worker's is read without harm. */
static void
test_odd_note(void **unused)
{
	char bytes[2 * sizeof(struct slot_note)];
	struct slot_note read;

	(void)unused;
	memset(bytes, 'x', sizeof(bytes) - 1);
	bytes[sizeof(bytes) - 1] = '\0';
	scratch_write(state, "slots/7.lock", bytes);
	slot_read(state, 7, &read);
	assert_int_equal(strlen(read.id), JOB_ID_LEN);
	assert_int_equal(read.overtime, 'x');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_take_any),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_cut_note),
		cmocka_unit_test(test_odd_note),
	};

	return cmocka_run_group_tests_name("slot", tests, set_up, tear_down);
}
