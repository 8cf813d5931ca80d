/*
 * The data, with each call failing in turn: an import, an undoing, forgetting
 * and reading.  Afterwards the data is as before or as after, as the answer
 * said; and once more without the failure goes well.
 */
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../store/import_fixture.h"
#include "nth.h"

#define HOURS_HEAD "store_id,day,start_time_local,end_time_local\n"
#define ZONES_HEAD "store_id,timezone_str\n"
#define SPECIAL_HEAD "store_id,date,start_time_local,end_time_local\n"
#define POLLS_HEAD "store_id,status,timestamp_utc\n"

/* What is there before each run. */
static const struct {
	enum dataset dataset;
	const char *rows;
} base[] = {
	{ DATASET_POLLS,
	    "a,active,2023-01-22 10:00:00\nb,inactive,2023-01-22 11:00:00\n" },
	{ DATASET_HOURS, "a,0,09:00,17:00\nb,1,10:00,12:00\n" },
	{ DATASET_TIMEZONES, "a,Asia/Tokyo\nb,America/Denver\n" },
	{ DATASET_SPECIAL_HOURS, "a,2022-12-25,,\nb,2023-01-01,10:00,12:00\n" },
};

/* What is imported by the runs, the newest import of its data set. */
static const struct {
	const char *name;
	enum dataset dataset;
	bool whole;
	const char *text;
} files[] = {
	{ "polls", DATASET_POLLS, false,
	    POLLS_HEAD "c,active,2023-01-23 10:00:00\n"
		       "a,inactive,2023-01-22 10:00:00\n" },
	{ "all polls", DATASET_POLLS, true,
	    POLLS_HEAD "a,active,2023-01-23 10:00:00\n" },
	{ "hours", DATASET_HOURS, false,
	    HOURS_HEAD "a,0,09:00,18:00\nc,5,10:00,12:00\n" },
	{ "all hours", DATASET_HOURS, true, HOURS_HEAD "a,0,09:00,17:00\n" },
	{ "zones", DATASET_TIMEZONES, false,
	    ZONES_HEAD "a,Europe/Paris\nc,Asia/Tokyo\n" },
	{ "special hours", DATASET_SPECIAL_HOURS, true,
	    SPECIAL_HEAD "a,2022-12-26,,\nc,2023-01-02,09:00,10:00\n" },
};

static size_t file;              /* the one of the sweep at hand */
static struct buf before, after; /* the data, shown */
static struct import_result result;

static void
prepare(void)
{
	size_t i;

	assert_int_equal(data_set_up(NULL), 0);
	for (i = 0; i < COUNT(base); i++)
		bring(base[i].dataset, base[i].rows);
	data_close(data);
	data = NULL;
}

/* Opens the data without a failure and shows it. */
static void
show_now(struct buf *out)
{
	assert_int_equal(data_open(&data, state_folder), ERR_NONE);
	show(data, out);
}

static void
finish(void)
{
	assert_int_equal(data_check(data), ERR_NONE);
	import_result_release(&result);
	assert_int_equal(data_tear_down(NULL), 0);
}

static enum err
import_file(void)
{
	const struct import_request request = { .dataset = files[file].dataset,
		.whole = files[file].whole,
		.want_sha256 = true };
	char path[FILE_PATH_MAX];
	struct import_request with = request;
	enum err err = data_open(&data, state_folder);

	import_result_init(&result);
	scratch_path(path, state_folder, "file.csv");
	with.fd = open(path, O_RDONLY | O_CLOEXEC);
	if (with.fd < 0)
		err = err == ERR_NONE ? ERR_IO : err;
	if (err == ERR_NONE)
		err = import_run(data, &with, &result);
	if (with.fd >= 0)
		(void)close(with.fd);
	data_close(data);
	data = NULL;
	return err;
}

static void
prepare_import(void)
{
	prepare();
	scratch_write(state_folder, "file.csv", files[file].text);
}

static void
note_found(void *ctx, const struct data_import *import)
{
	(void)import;
	*(bool *)ctx = true;
}

/* Whether it was committed stands with the data, whatever was answered. */
static void
check_import(enum err err)
{
	struct buf now;
	bool has = false;
	enum err found;

	show_now(&now);
	found = data_find_import(data, result.id, note_found, &has);
	assert_int_equal(found, has ? ERR_NONE : ERR_NOT_FOUND);
	assert_true(err != ERR_NONE || has);
	check_text(files[file].name, buf_text(&now),
	    buf_text(has ? &after : &before));
	buf_release(&now);
	data_close(data);
	import_result_release(&result);
	assert_int_equal(import_file(), ERR_NONE);
	show_now(&now);
	check_text("once more", buf_text(&now), buf_text(&after));
	buf_release(&now);
	finish();
}

static void
test_imports(void **unused)
{
	struct sweep sweep = { NULL, prepare_import, import_file,
		check_import };

	(void)unused;
	for (file = 0; file < COUNT(files); file++) {
		prepare_import();
		show_now(&before);
		data_close(data);
		assert_int_equal(import_file(), ERR_NONE);
		show_now(&after);
		finish();
		sweep.name = files[file].name;
		sweep_run(&sweep);
		buf_release(&before);
		buf_release(&after);
	}
}

/* Undoing the newest import of zones, and forgetting a store of it. */
static enum err
undo_zones(void)
{
	enum err err = data_open(&data, state_folder);

	if (err == ERR_NONE)
		err = bulk_undo(data, DATASET_TIMEZONES, last_import);
	data_close(data);
	data = NULL;
	return err;
}

static enum err
forget_store(void)
{
	enum err err = data_open(&data, state_folder);

	if (err == ERR_NONE)
		err = bulk_forget(data, "a");
	data_close(data);
	data = NULL;
	return err;
}

static void
prepare_undo(void)
{
	char counts[96];

	prepare();
	assert_int_equal(data_open(&data, state_folder), ERR_NONE);
	(void)load(DATASET_TIMEZONES, 0, "a,Europe/Paris\nc,Asia/Tokyo\n",
	    counts);
	data_close(data);
	data = NULL;
}

/* Wholly done or not at all; done if it was said so. */
static void
check_change(enum err err)
{
	struct buf now;

	show_now(&now);
	if (err == ERR_NONE || strcmp(buf_text(&now), buf_text(&before)) != 0)
		check_text("done", buf_text(&now), buf_text(&after));
	buf_release(&now);
	finish();
}

static void
sweep_change(const char *name, enum err (*run)(void))
{
	const struct sweep sweep = { name, prepare_undo, run, check_change };

	prepare_undo();
	show_now(&before);
	data_close(data);
	assert_int_equal(run(), ERR_NONE);
	show_now(&after);
	finish();
	sweep_run(&sweep);
	buf_release(&before);
	buf_release(&after);
}

static void
test_changes(void **unused)
{
	(void)unused;
	sweep_change("undo", undo_zones);
	sweep_change("forget", forget_store);
}

/* Everything that only reads, into `after`. */
static enum err
read_all(void)
{
	int32_t first = date(SHOWN_FIRST), last = first + SHOWN_DAYS - 1;
	struct shown_ids ids = { .count = 0 };
	struct data_dataset set;
	uint64_t count;
	enum err err = data_open(&data, state_folder);

	buf_init(&after, TEXT_MAX);
	buf_init(&ids.text, TEXT_MAX);
	if (err == ERR_NONE)
		err = data_read_begin(data);
	if (err == ERR_NONE) {
		err = data_ids(data, show_id, &ids);
		if (err == ERR_NONE)
			err = data_count_stores(data, &count);
		if (err == ERR_NONE)
			err = data_dataset(data, DATASET_HOURS, &set);
		if (err == ERR_NONE)
			err = data_one(data, "a", first, last, show_store,
			    &after);
		if (err == ERR_NONE)
			err = data_scan(data, first, last, show_store, &after);
		data_read_end(data);
	}
	if (err == ERR_NONE)
		err = data_check(data);
	buf_release(&ids.text);
	data_close(data);
	data = NULL;
	return err;
}

/* What cannot be read is an error, never other figures. */
static void
check_read(enum err err)
{
	if (err == ERR_NONE)
		check_text("read", buf_text(&after), buf_text(&before));
	buf_release(&after);
}

static void
test_reading(void **unused)
{
	const struct sweep sweep = { "reading", NULL, read_all, check_read };

	(void)unused;
	prepare();
	assert_int_equal(read_all(), ERR_NONE);
	before = after;
	sweep_run(&sweep);
	buf_release(&before);
	assert_int_equal(data_tear_down(NULL), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_imports),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_reading),
	};

	return cmocka_run_group_tests_name("data, calls failing", tests, NULL,
	    NULL);
}
