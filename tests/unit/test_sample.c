/*
 * Demonstration data: good in every row, the same for the same request, and
 * with the quirks that it is there to show.
 */
#include "work/sample.h"

#include "base/text.h"
#include "codec/dataset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/check.h"
#include "../lib/instant.h"
#include "../lib/scratch.h"

#define UNTIL "2023-01-25 18:13:22.479220"
#define TEXT_BYTES ((size_t)32 * 1024 * 1024)

static char folder[FILE_PATH_MAX];

static const struct {
	const char *name;
	enum dataset dataset;
} files[] = {
	{ "store_status.csv", DATASET_POLLS },
	{ "menu_hours.csv", DATASET_HOURS },
	{ "timezones.csv", DATASET_TIMEZONES },
	{ "special_hours.csv", DATASET_SPECIAL_HOURS },
};

static int
set_up(void **unused)
{
	(void)unused;
	scratch_make(folder);
	return 0;
}

static int
tear_down(void **unused)
{
	(void)unused;
	scratch_remove(folder);
	return 0;
}

/* Writes a sample to folder/name. */
static void
write_sample(const char *name, int64_t stores, uint64_t seed)
{
	char path[FILE_PATH_MAX];
	struct sample_request request = {
		.folder = scratch_path(path, folder, name),
		.stores = stores,
		.days = 8,
		.until_us = at(UNTIL),
		.seed = seed,
	};

	assert_int_equal(sample_write(&request), ERR_NONE);
}

/* The text of folder/name/file; the caller's to free(). */
static char *
text_of(const char *name, const char *file)
{
	char *text = malloc(TEXT_BYTES), path[64];

	assert_non_null(text);
	(void)snprintf(path, sizeof(path), "%s/%s", name, file);
	scratch_read(folder, path, text, TEXT_BYTES);
	assert_true(strlen(text) < TEXT_BYTES - 1);
	return text;
}

static bool
is_zone(const void *ctx, const char *name, size_t len)
{
	(void)ctx;
	return len > 8 && memchr(name, '/', len) != NULL;
}

/* What the rows of the four files are like. */
struct seen {
	uint64_t rows[DATASET__MAX];
	uint64_t up;
	uint64_t to_midnight; /* ends at 23:59 or later */
	uint64_t from_midnight;
	uint64_t overnight;
	uint64_t closed;
	int64_t newest_us;
};

static void
look(struct seen *seen, enum dataset dataset, const struct dataset_row *row)
{
	const struct schedule_hours *h = &row->week.hours;

	assert_true(text_is_store_id(row->id, row->id_len));
	seen->rows[dataset]++;
	if (dataset == DATASET_POLLS) {
		seen->up += row->poll.up;
		if (row->poll.at_us > seen->newest_us)
			seen->newest_us = row->poll.at_us;
	} else if (h->start_s == SCHEDULE_CLOSED) {
		seen->closed++;
	} else if (dataset == DATASET_HOURS) {
		seen->to_midnight += h->end_s >= 86340 && h->end_s < 86400;
		seen->from_midnight += h->start_s == 0 && h->end_s == 7200;
		seen->overnight += h->end_s > 0 && h->end_s < h->start_s;
	}
}

/* Reads a file with the program's own reader; no row may be bad. */
static void
read_all(struct seen *seen, enum dataset dataset, const char *text)
{
	static struct csv_row row;
	struct dataset_reader r = { .dataset = dataset,
		.now_us = at(UNTIL),
		.is_zone = is_zone };
	size_t left = strlen(text), space;
	struct dataset_row out;
	enum csv_event event;
	struct csv *csv;
	struct buf why;

	buf_init(&why, 1000);
	assert_int_equal(csv_new(&csv), ERR_NONE);
	while ((event = csv_next(csv, &row)) != CSV_END) {
		if (event == CSV_MORE) {
			char *to = csv_space(csv, &space);

			space = left < space ? left : space;
			memcpy(to, text, space);
			csv_filled(csv, space);
			text += space;
			left -= space;
			if (space == 0)
				csv_end(csv);
			continue;
		}
		assert_int_equal(event, CSV_ROW);
		if (row.problem.line == 1) {
			assert_int_equal(dataset_header(&r, &row, &why),
			    PROBLEM_NONE);
			continue;
		}
		assert_int_equal(dataset_row(&r, &row, &out), PROBLEM_NONE);
		look(seen, dataset, &out);
	}
	csv_free(csv);
	buf_release(&why);
}

static void
test_rows(void **state)
{
	struct seen seen = { .up = 0 };
	size_t i;

	(void)state;
	write_sample("s", 400, 1);
	for (i = 0; i < COUNT(files); i++) {
		char *text = text_of("s", files[i].name);

		read_all(&seen, files[i].dataset, text);
		free(text);
	}
	/* Eight days of hourly polls, less the hours without. */
	assert_in_range(seen.rows[DATASET_POLLS], 400 * 100, 400 * 192);
	assert_in_range(seen.up, seen.rows[DATASET_POLLS] / 2,
	    seen.rows[DATASET_POLLS] * 9 / 10);
	assert_int_equal(seen.newest_us, at(UNTIL));
	assert_in_range(seen.rows[DATASET_HOURS], 400, 400 * 14);
	assert_in_range(seen.rows[DATASET_TIMEZONES], 340, 399);
	assert_in_range(seen.rows[DATASET_SPECIAL_HOURS], 2, 60);
	assert_true(seen.to_midnight > 0 && seen.from_midnight > 0);
	assert_true(seen.overnight > 0 && seen.closed > 0);
}

/* The same request, the same bytes; another seed, others. */
static void
test_same(void **state)
{
	size_t i;

	(void)state;
	write_sample("a", 40, 7);
	write_sample("b", 40, 7);
	write_sample("c", 40, 8);
	for (i = 0; i < COUNT(files); i++) {
		char *a = text_of("a", files[i].name);
		char *b = text_of("b", files[i].name);
		char *c = text_of("c", files[i].name);

		check_text(files[i].name, b, a);
		check_true(files[i].name, strcmp(a, c) != 0);
		free(a);
		free(b);
		free(c);
	}
}

/* More stores come behind those of fewer, which stay as they are. */
static void
test_more(void **state)
{
	size_t i;

	(void)state;
	write_sample("few", 30, 3);
	write_sample("many", 60, 3);
	for (i = 0; i < COUNT(files); i++) {
		char *few = text_of("few", files[i].name);
		char *many = text_of("many", files[i].name);

		check_true(files[i].name, strlen(many) >= strlen(few));
		check_true(files[i].name, strncmp(many, few, strlen(few)) == 0);
		free(few);
		free(many);
	}
}

struct told {
	uint64_t calls;
	uint64_t done;
	uint64_t total;
};

static void
tell(void *ctx, uint64_t done, uint64_t total)
{
	struct told *told = ctx;

	assert_true(done >= told->done && done <= total);
	told->calls++;
	told->done = done;
	told->total = total;
}

static void
test_progress(void **state)
{
	char path[FILE_PATH_MAX];
	struct told told = { 0, 0, 0 };
	struct sample_request request = {
		.folder = scratch_path(path, folder, "s"),
		.stores = 1000,
		.days = 1,
		.until_us = at(UNTIL),
		.seed = 1,
		.progress = tell,
		.progress_ctx = &told,
	};

	(void)state;
	assert_int_equal(sample_write(&request), ERR_NONE);
	assert_true(told.calls >= 3);
	assert_int_equal(told.total, 1000);
}

static void
test_failure(void **state)
{
	char path[FILE_PATH_MAX];
	struct sample_request request = {
		.folder = scratch_path(path, folder, "no/s"),
		.stores = 1,
		.days = 1,
		.until_us = at(UNTIL),
	};

	(void)state;
	assert_int_equal(sample_write(&request), ERR_NOT_FOUND);
	/* A folder stands where a file is to go. */
	request.folder = scratch_path(path, folder, "s");
	assert_int_equal(mkdir(path, 0750), 0);
	assert_int_equal(mkdir(scratch_path(path, folder, "s/timezones.csv"),
			     0750),
	    0);
	request.folder = scratch_path(path, folder, "s");
	assert_int_equal(sample_write(&request), ERR_IO);
	assert_true(scratch_has(folder, "s/menu_hours.csv"));
	assert_false(scratch_has(folder, "s/timezones.csv.tmp"));
	assert_false(scratch_has(folder, "s/special_hours.csv"));
}

#define each(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		each(test_rows),
		each(test_same),
		each(test_more),
		each(test_progress),
		each(test_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
