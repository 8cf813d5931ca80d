/*
 * A report, with each call failing in turn: all of its files, whole, or none
 * of them; and a store's timeline, which is the same or an error.
 */
#include "work/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>

#include "../store/data_fixture.h"
#include "nth.h"
#include "work/timeline.h"

#define NEWEST "2023-01-25 12:00:00"

static const char *const names[REPORT_FILE__MAX] = {
	[REPORT_CSV] = "r.csv",
	[REPORT_DETAIL] = "r.detail.csv",
	[REPORT_SUMMARY] = "r.json",
	[REPORT_STORES] = "r.stores.json",
	[REPORT_STRIPS] = "r.strips.txt",
};

static char out_folder[FILE_PATH_MAX];
static struct buf wanted, told;  /* without a failure, and now */
static char hash[REPORT_SHA256]; /* that was told of the CSV; "" if none */

static int
set_up(void **unused)
{
	char path[FILE_PATH_MAX];

	if (data_set_up(unused) != 0)
		return -1;
	bring(DATASET_POLLS,
	    "a,active,2023-01-24 10:00:00\na,inactive," NEWEST "\n"
	    "\"b,c\",active,2023-01-01 11:00:00\n"
	    "d,active,2023-01-20 11:00:00\nd,inactive,2023-01-20 12:30:00\n");
	bring(DATASET_HOURS,
	    "a,1,09:00,17:00\na,2,00:00,00:00\n"
	    "d,4,10:00,12:00\ne,1,10:00,12:00\n");
	bring(DATASET_TIMEZONES, "a,Asia/Tokyo\nd,America/Denver\n");
	bring(DATASET_SPECIAL_HOURS, "a,2023-01-23,,\n");
	data_close(data);
	data = NULL;
	assert_int_equal(mkdir(scratch_path(out_folder, state_folder, "out"),
			     0700),
	    0);
	(void)scratch_path(path, state_folder, "tmp");
	(void)mkdir(path, 0700);
	return 0;
}

/* Removes what the last run has written. */
static void
empty(void)
{
	scratch_remove(out_folder);
	assert_int_equal(mkdir(out_folder, 0700), 0);
}

/* All files of the folder, by name, and the hash that was told, as one text. */
static void
show_files(struct buf *out)
{
	static char text[65536];
	struct dirent **list;
	int n = scandir(out_folder, &list, NULL, alphasort), i;

	assert_true(n >= 2);
	buf_init(out, TEXT_MAX);
	for (i = 0; i < n; i++) {
		if (list[i]->d_name[0] != '.')
			buf_printf(out, "%s:\n%s", list[i]->d_name,
			    scratch_read(out_folder, list[i]->d_name, text,
				sizeof(text)));
		free(list[i]);
	}
	free(list);
	buf_str(out, hash);
}

static enum err
make(const char *const *stores, size_t count)
{
	char path[REPORT_FILE__MAX][FILE_PATH_MAX + 16];
	struct report_request request = { .as_of_us = REPORT_LATEST,
		.rules = { INTERPOLATION_PREVIOUS, UPTIME_REACH_UNLIMITED },
		.stores = stores,
		.store_count = count,
		.gzip = true };
	struct report_result result;
	enum err err;
	size_t i;

	for (i = 0; i < REPORT_FILE__MAX; i++) {
		(void)snprintf(path[i], sizeof(path[i]), "%s/%s", out_folder,
		    names[i]);
		request.path[i] = path[i];
	}
	err = report_make(state_folder, &request, &result);
	(void)snprintf(hash, sizeof(hash), "%s",
	    err == ERR_NONE ? result.sha256 : "");
	return err;
}

static enum err
make_all(void)
{
	return make(NULL, 0);
}

static enum err
make_two(void)
{
	static const char *const stores[] = { "d", "a" };

	return make(stores, COUNT(stores));
}

static void
check_files(enum err err)
{
	show_files(&told);
	check_text("files", buf_text(&told),
	    err == ERR_NONE ? buf_text(&wanted) : "");
	buf_release(&told);
}

static void
sweep_report(const char *name, enum err (*run)(void))
{
	const struct sweep sweep = { name, empty, run, check_files };

	empty();
	assert_int_equal(run(), ERR_NONE);
	show_files(&wanted);
	assert_non_null(strstr(buf_text(&wanted), names[REPORT_STRIPS]));
	sweep_run(&sweep);
	buf_release(&wanted);
}

static void
test_reports(void **unused)
{
	(void)unused;
	sweep_report("report", make_all);
	sweep_report("report of two stores", make_two);
}

/* A store's timeline both ways, and a search, into `told`. */
static enum err
tell_store(void)
{
	const struct timeline_question question = { .store = "a",
		.as_of_us = REPORT_LATEST,
		.rules = { INTERPOLATION_NEAREST, 6 * STAMP_HOUR_US } };
	struct timeline_desk *desk = NULL;
	enum err err = timeline_open(&desk, state_folder);

	buf_init(&told, TEXT_MAX);
	if (err == ERR_NONE)
		err = timeline_ask(desk, &question, timeline_json, &told);
	if (err == ERR_NONE)
		err = timeline_ask(desk, &question, timeline_text, &told);
	if (err == ERR_NONE)
		err = timeline_find(desk, "", 2, &told);
	timeline_close(desk);
	return err;
}

static void
check_told(enum err err)
{
	if (err == ERR_NONE)
		check_text("told", buf_text(&told), buf_text(&wanted));
	buf_release(&told);
}

static void
test_timeline(void **unused)
{
	const struct sweep sweep = { "timeline", NULL, tell_store, check_told };

	(void)unused;
	assert_int_equal(tell_store(), ERR_NONE);
	wanted = told;
	sweep_run(&sweep);
	buf_release(&wanted);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_timeline),
	};

	return cmocka_run_group_tests_name("reports, calls failing", tests,
	    set_up, data_tear_down);
}
