/*
 * Backups, restoring them and removing old polls, with each call failing in
 * turn: a backup is whole or not there; the state is that of before or that
 * of after, and where a restore was cut short, doing it again ends it.
 */
#include "work/backup.h"
#include "work/prune.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../store/data_fixture.h"
#include "nth.h"

static char backup[FILE_PATH_MAX];
static struct buf before, after; /* the data, shown */

static void
close_data(void)
{
	data_close(data);
	data = NULL;
}

/* Opens the data without a failure and shows it. */
static void
show_now(struct buf *out)
{
	assert_int_equal(data_open(&data, state_folder), ERR_NONE);
	show(data, out);
	assert_int_equal(data_check(data), ERR_NONE);
	close_data();
}

/* A state with polls of some days. */
static void
prepare_state(void)
{
	assert_int_equal(data_set_up(NULL), 0);
	bring(DATASET_POLLS,
	    "a,active,2022-12-20 10:00:00\na,inactive,2022-12-31 10:00:00\n"
	    "a,active,2023-01-22 10:00:00\nb,inactive,2022-12-22 11:00:00\n");
	bring(DATASET_HOURS, "a,0,09:00,17:00\n");
	close_data();
	(void)snprintf(backup, sizeof(backup), "%.4000s.backup", state_folder);
}

static void
finish(void)
{
	scratch_remove(backup);
	assert_int_equal(data_tear_down(NULL), 0);
}

static enum err
back_up(void)
{
	int64_t revision;

	return backup_make(state_folder, backup, &revision);
}

static enum err
restore(void)
{
	char former[FILE_PATH_MAX];
	struct restore *r;
	enum err err = restore_open(backup, &r);

	if (err != ERR_NONE)
		return err;
	err = restore_run(r, state_folder, former);
	restore_close(r);
	return err;
}

/* Under its name it is whole; beside it there is nothing half done. */
static void
check_backup(enum err err)
{
	char path[FILE_PATH_MAX + 8];
	struct buf now;

	(void)snprintf(path, sizeof(path), "%s.tmp", backup);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(access(backup, F_OK), err == ERR_NONE ? 0 : -1);
	if (err != ERR_NONE)
		assert_int_equal(back_up(), ERR_NONE);
	assert_int_equal(restore(), ERR_NONE);
	show_now(&now);
	check_text("restored", buf_text(&now), buf_text(&before));
	buf_release(&now);
	finish();
}

static void
test_backup(void **unused)
{
	const struct sweep sweep = { "backup", prepare_state, back_up,
		check_backup };

	(void)unused;
	prepare_state();
	show_now(&before);
	finish();
	sweep_run(&sweep);
	buf_release(&before);
}

/* A backup, and data that has changed since. */
static void
prepare_restore(void)
{
	prepare_state();
	assert_int_equal(back_up(), ERR_NONE);
	assert_int_equal(data_open(&data, state_folder), ERR_NONE);
	bring(DATASET_TIMEZONES, "a,Asia/Tokyo\nc,Europe/Paris\n");
	close_data();
}

static void
check_restored(enum err err)
{
	struct buf now;

	/*
	 * What was begun and not ended lets nobody see the data.  Done, but
	 * perhaps not on the disk, is an error too.
	 */
	if (err == ERR_NONE || !backup_is_interrupted(state_folder)) {
		show_now(&now);
		if (err == ERR_NONE ||
		    strcmp(buf_text(&now), buf_text(&before)) != 0)
			check_text("data", buf_text(&now), buf_text(&after));
		buf_release(&now);
	}
	assert_int_equal(restore(), ERR_NONE);
	show_now(&now);
	check_text("once more", buf_text(&now), buf_text(&after));
	buf_release(&now);
	finish();
}

/* Sweeps what makes one state of another, which are noted first. */
static void
sweep_change(const struct sweep *sweep)
{
	sweep->prepare();
	show_now(&before);
	assert_int_equal(sweep->run(), ERR_NONE);
	show_now(&after);
	finish();
	assert_string_not_equal(buf_text(&before), buf_text(&after));
	sweep_run(sweep);
	buf_release(&before);
	buf_release(&after);
}

static void
test_restore(void **unused)
{
	const struct sweep sweep = { "restore", prepare_restore, restore,
		check_restored };

	(void)unused;
	sweep_change(&sweep);
}

static enum err
prune(void)
{
	struct prune_result result;

	return prune_run(state_folder, 2, false, &result);
}

static void
check_pruned(enum err err)
{
	struct buf now;

	show_now(&now);
	if (err == ERR_NONE || strcmp(buf_text(&now), buf_text(&before)) != 0)
		check_text("pruned", buf_text(&now), buf_text(&after));
	buf_release(&now);
	assert_int_equal(prune(), ERR_NONE);
	show_now(&now);
	check_text("once more", buf_text(&now), buf_text(&after));
	buf_release(&now);
	finish();
}

static void
test_prune(void **unused)
{
	const struct sweep sweep = { "prune", prepare_state, prune,
		check_pruned };

	(void)unused;
	sweep_change(&sweep);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_backup),
		cmocka_unit_test(test_restore),
		cmocka_unit_test(test_prune),
	};

	return cmocka_run_group_tests_name("keeping, calls failing", tests,
	    NULL, NULL);
}
