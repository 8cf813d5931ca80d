/*
 * Damage is found: what somebody else's hand changed in the database, by
 * data_check() or by whoever reads it.
 */
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "data_fixture.h"
#include "meddle.h"

/* Runs SQL on the database, past the door; nothing has it open. */
static enum err
meddle(const char *sql)
{
	data_close(data);
	data = NULL;
	meddle_as_own(state_folder, "data.db", sql);
	return data_open(&data, state_folder);
}

static const char *const damages[] = {
	/* Blocks. */
	"UPDATE poll_day SET polls = x'80' WHERE day = 19379",
	"UPDATE poll_day SET polls = x'' WHERE day = 19379",
	"UPDATE poll_day SET polls = substr(polls, 1, 3) WHERE day = 19379",
	"UPDATE poll_day SET polls = polls || x'00' WHERE day = 19379",
	"UPDATE poll_day SET polls = x'ffffffffffffff7f'",
	"UPDATE store SET week = x'070000' WHERE id = 'a'",
	"UPDATE store SET week = x'0000' WHERE id = 'a'",
	"UPDATE special SET hours = x'00'",
	/* References. */
	"DELETE FROM store WHERE id = 'a'",
	"INSERT INTO special VALUES (999, 19000, x'')",
	"INSERT INTO poll_day VALUES (19379, 999, x'02')",
	"INSERT INTO poll_day VALUES (19379, 0, x'02')",
	/* The revision. */
	"DELETE FROM revision",
	"UPDATE revision SET newest_us = newest_us + 1",
	"UPDATE revision SET newest_us = newest_us - 1",
	"DELETE FROM poll_day",
	"DELETE FROM poll_day WHERE day = 19381",
	"UPDATE poll_day SET day = day + 1 WHERE day = 19381",
	"UPDATE poll_day SET polls = x'8001' WHERE day = 19381",
	/* Ids. */
	"UPDATE store SET id = '=1' WHERE id = 'a'",
	"UPDATE store SET id = '' WHERE id = 'a'",
};

static void
fill(void)
{
	bring(DATASET_POLLS,
	    "a,active,2023-01-22 12:00:00\na,inactive,2023-01-22 13:00:00\n"
	    "b,active,2023-01-22 12:00:00\na,active,2023-01-24 12:00:00");
	bring(DATASET_HOURS, "a,0,09:00,17:00\nb,0,09:00,17:00");
	bring(DATASET_SPECIAL_HOURS, "a,2023-12-24,09:00,17:00");
	bring(DATASET_TIMEZONES, "a,Asia/Tokyo");
}

static void
test_damages(void **state)
{
	enum err err;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(damages); i++) {
		assert_int_equal(data_set_up(NULL), 0);
		fill();
		check_number("whole", data_check(data), ERR_NONE);
		err = meddle(damages[i]);
		if (err == ERR_NONE)
			err = data_check(data);
		check_number(damages[i], err, ERR_CORRUPT);
		assert_int_equal(data_tear_down(NULL), 0);
	}
}

static enum err
pass_over(void *ctx, const struct data_store *store)
{
	(void)ctx;
	(void)store;
	return ERR_NONE;
}

/* Readers do not go on with a damaged block, nor do writers. */
static void
test_readers(void **state)
{
	struct bulk_counts counts;
	struct bulk *bulk;

	(void)state;
	fill();
	assert_int_equal(meddle("UPDATE poll_day SET polls = x'80'"
				" WHERE day = 19379"),
	    ERR_NONE);
	assert_int_equal(data_scan(data, 19379, 19379, pass_over, NULL),
	    ERR_CORRUPT);
	assert_int_equal(data_one(data, "a", 19370, 19390, pass_over, NULL),
	    ERR_CORRUPT);
	/* Other days can be read. */
	assert_int_equal(data_scan(data, 19380, 19390, pass_over, NULL),
	    ERR_NONE);
	assert_int_equal(begin(data, DATASET_POLLS, 0, &bulk), ERR_NONE);
	(void)put_rows(bulk, DATASET_POLLS, "a,active,2023-01-22 14:00:00");
	assert_int_equal(bulk_finish(bulk, &counts), ERR_CORRUPT);
	bulk_abort(bulk);
	/* And the next import can begin. */
	bring(DATASET_POLLS, "a,active,2023-01-25 14:00:00");
}

/* A change whose log was removed is missed, and so is the end of a log. */
static void
test_log_removed(void **state)
{
	char path[FILE_PATH_MAX];
	struct data *reader;
	struct stat status;

	(void)state;
	fill();
	assert_int_equal(data_open(&reader, state_folder), ERR_NONE);
	assert_int_equal(data_read_begin(reader), ERR_NONE);
	bring(DATASET_POLLS, "a,active,2023-01-25 14:00:00");
	data_read_end(reader);
	data_close(reader);
	data_close(data);
	(void)scratch_path(path, state_folder, "data.db-wal");
	assert_int_equal(stat(path, &status), 0);
	assert_true(status.st_size > 0);
	assert_int_equal(truncate(path, status.st_size - 1), 0);
	assert_int_equal(data_open(&data, state_folder), ERR_CORRUPT);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(data_open(&data, state_folder), ERR_CORRUPT);
	/* Whoever knows what is missing and accepts it, empties the note. */
	scratch_write(state_folder, "data.lock", "");
	assert_int_equal(data_open(&data, state_folder), ERR_NONE);
	assert_int_equal(data_check(data), ERR_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_damages),
		with_data(test_readers),
		with_data(test_log_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
