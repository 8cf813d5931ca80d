/*
 * Undoing, and what must hold whatever comes in: random files of all data
 * sets, one after the other.  After each the sizes are counted by hand, the
 * same file again changes nothing, and now and then the last one is undone.
 */
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/dice.h"
#include "data_fixture.h"

#define FILES 120

/* One row, of few values, so that rows meet each other. */
static void
random_row(struct dice *dice, enum dataset dataset, struct buf *out)
{
	static const char *const zones[] = { "Asia/Tokyo", "Asia/Seoul" };
	static const char *const times[] = { "09:00,17:00", "00:00,00:00",
		"18:00,02:00" };
	char id = (char)('a' + dice_between(dice, 0, 5));
	int day = (int)dice_between(dice, 1, 3);
	const char *time = times[dice_between(dice, 0, 2)];

	switch (dataset) {
	case DATASET_POLLS:
		buf_printf(out, "%c,%s,2023-01-%02d %02d:00:00\n", id,
		    dice_one_in(dice, 2) ? "active" : "inactive", day,
		    (int)dice_between(dice, 0, 5));
		break;
	case DATASET_HOURS:
		buf_printf(out, "%c,%d,%s\n", id, day, time);
		break;
	case DATASET_TIMEZONES:
		buf_printf(out, "%c,%s\n", id,
		    zones[dice_one_in(dice, 8) ? 1 : id % 2]);
		break;
	default:
		buf_printf(out, "%c,2023-01-%02d,%s\n", id, day,
		    dice_one_in(dice, 4) ? "," : time);
	}
}

static void
random_file(struct dice *dice, enum dataset dataset, struct buf *out)
{
	int64_t n = dice_between(dice, 0, 12);

	buf_reset(out);
	while (n-- > 0) {
		if (dice_one_in(dice, 20))
			buf_printf(out, "!%c,2023-01-%02d\n",
			    (char)('a' + dice_between(dice, 0, 5)),
			    (int)dice_between(dice, 1, 3));
		random_row(dice, dataset, out);
	}
}

struct sizes {
	uint64_t rows[DATASET__MAX];
	uint64_t stores[DATASET__MAX];
};

static enum err
count_store(void *ctx, const struct data_store *s)
{
	struct sizes *z = ctx;

	z->rows[DATASET_POLLS] += s->poll_count;
	z->rows[DATASET_HOURS] += s->week_rows;
	z->rows[DATASET_TIMEZONES] += s->zone != NULL;
	z->rows[DATASET_SPECIAL_HOURS] += s->special_rows;
	z->stores[DATASET_POLLS] += s->poll_count > 0;
	z->stores[DATASET_HOURS] += s->week_rows > 0;
	z->stores[DATASET_TIMEZONES] += s->zone != NULL;
	z->stores[DATASET_SPECIAL_HOURS] += s->special_rows > 0;
	/* Something names it. */
	assert_true(s->poll_count + s->week_rows + s->special_rows > 0 ||
	    s->zone != NULL);
	return ERR_NONE;
}

/* The data sets say of themselves what a count of all rows finds. */
static void
check_sizes(void)
{
	struct sizes sizes = { .rows = { 0 } };
	struct data_dataset held;
	uint64_t stores;
	enum dataset d;
	int32_t first = date(SHOWN_FIRST);

	assert_int_equal(data_scan(data, first, first + 99, count_store,
			     &sizes),
	    ERR_NONE);
	for (d = 0; d < DATASET__MAX; d++) {
		assert_int_equal(data_dataset(data, d, &held), ERR_NONE);
		check_number(dataset_names[d], held.rows, sizes.rows[d]);
		assert_int_equal(data_dataset_stores(data, d, &stores),
		    ERR_NONE);
		check_number(dataset_names[d], stores, sizes.stores[d]);
	}
}

/* Undoes the last import, which brings back what was before it. */
static void
undo(enum dataset dataset, const char *before, const char *after)
{
	if (dataset == DATASET_POLLS || strcmp(before, after) == 0)
		return;
	assert_int_equal(bulk_undo(data, dataset,
			     "00000000-0000-4000-8000-000000000000"),
	    ERR_CONFLICT);
	check_shown("not undone", after);
	assert_int_equal(bulk_undo(data, dataset, last_import), ERR_NONE);
	check_shown("undone", before);
	check_sizes();
	assert_int_equal(bulk_undo(data, dataset, last_import), ERR_CONFLICT);
}

/* One file more, dry first, then in earnest. */
static void
play_file(struct dice *dice, struct buf *file)
{
	enum dataset dataset = (enum dataset)dice_between(dice, 0,
	    DATASET__MAX - 1);
	int flags = dice_one_in(dice, 4) ? WHOLE : 0;
	struct buf before, after;
	char counts[96], again[96];

	random_file(dice, dataset, file);
	show(data, &before);
	(void)load(dataset, flags | ABORT, buf_text(file), again);
	check_shown("left as it was", buf_text(&before));
	(void)load(dataset, flags, buf_text(file), counts);
	/* What a dry run says is what happens. */
	assert_string_equal(counts, again);
	check_sizes();
	show(data, &after);
	if (dice_one_in(dice, 3)) {
		undo(dataset, buf_text(&before), buf_text(&after));
	} else if (strchr(buf_text(file), '!') == NULL) {
		(void)load(dataset, flags, buf_text(file), again);
		check_shown("the same again", buf_text(&after));
	}
	buf_release(&before);
	buf_release(&after);
}

static void
test_random(void **state)
{
	struct dice dice = { 67 };
	struct buf file;
	char id[] = "a";
	int i;

	(void)state;
	buf_init(&file, TEXT_MAX);
	for (i = 0; i < FILES; i++) {
		play_file(&dice, &file);
		if (!dice_one_in(&dice, 15))
			continue;
		id[0] = (char)('a' + dice_between(&dice, 0, 5));
		if (bulk_forget(data, id) == ERR_NONE)
			check_sizes();
	}
	assert_int_equal(data_check(data), ERR_NONE);
	buf_release(&file);
}

struct noted {
	char ids[8][JOB_ID_LEN + 1];
	bool undone[8];
	size_t n;
};

static void
note_import(void *ctx, const struct data_import *import)
{
	struct noted *noted = ctx;

	memcpy(noted->ids[noted->n], import->id, sizeof(noted->ids[0]));
	noted->undone[noted->n++] = import->undone_us > 0;
}

/* What was undone is told of all the same, but is the last one no more. */
static void
test_told(void **state)
{
	struct data_dataset held;
	struct noted noted = { .n = 0 };
	char first[JOB_ID_LEN + 1];

	(void)state;
	assert_int_equal(data_dataset(data, DATASET_HOURS, &held), ERR_NONE);
	assert_string_equal(held.last_import, "");
	bring(DATASET_HOURS, "a,0,09:00,17:00");
	memcpy(first, last_import, sizeof(first));
	bring(DATASET_HOURS, "a,1,09:00,17:00");
	bring(DATASET_TIMEZONES, "a,Asia/Tokyo");
	assert_int_equal(data_imports(data, DATASET_HOURS, 1, note_import,
			     &noted),
	    ERR_NONE);
	assert_int_equal(noted.n, 1);
	assert_false(noted.undone[0]);
	assert_int_equal(bulk_undo(data, DATASET_HOURS, noted.ids[0]),
	    ERR_NONE);
	assert_int_equal(data_imports(data, DATASET_HOURS, 9, note_import,
			     &noted),
	    ERR_NONE);
	assert_int_equal(noted.n, 3);
	assert_string_equal(noted.ids[1], noted.ids[0]);
	assert_true(noted.undone[1]);
	assert_string_equal(noted.ids[2], first);
	assert_false(noted.undone[2]);
	assert_int_equal(data_dataset(data, DATASET_HOURS, &held), ERR_NONE);
	assert_string_equal(held.last_import, first);
	assert_int_equal(data_find_import(data, first, note_import, &noted),
	    ERR_NONE);
	assert_int_equal(data_find_import(data, "x", note_import, &noted),
	    ERR_NOT_FOUND);
	assert_int_equal(noted.n, 4);
}

/* An import that changes nothing leaves the one before it undoable. */
static void
test_which(void **state)
{
	struct data_dataset held;
	char first[JOB_ID_LEN + 1], second[JOB_ID_LEN + 1];

	(void)state;
	bring(DATASET_TIMEZONES, "a,Asia/Tokyo");
	memcpy(first, last_import, sizeof(first));
	bring(DATASET_TIMEZONES, "a,Asia/Seoul\nb,Asia/Seoul");
	memcpy(second, last_import, sizeof(second));
	bring(DATASET_TIMEZONES, "a,Asia/Seoul");
	bring(DATASET_HOURS, "a,0,09:00,17:00");
	assert_int_equal(data_dataset(data, DATASET_TIMEZONES, &held),
	    ERR_NONE);
	assert_string_equal(held.undo_import, second);
	assert_int_equal(bulk_undo(data, DATASET_TIMEZONES, first),
	    ERR_CONFLICT);
	assert_int_equal(bulk_undo(data, DATASET_HOURS, second), ERR_CONFLICT);
	assert_int_equal(bulk_undo(data, DATASET_TIMEZONES, second), ERR_NONE);
	check_shown("undone", "a Asia/Tokyo 0:32400-61200\n");
	/* One step, and no further. */
	assert_int_equal(bulk_undo(data, DATASET_TIMEZONES, first),
	    ERR_CONFLICT);
	assert_int_equal(data_dataset(data, DATASET_TIMEZONES, &held),
	    ERR_NONE);
	assert_string_equal(held.undo_import, "");
	assert_int_equal(held.rows, 1);
}

/* A store that was forgotten does not come back. */
static void
test_forgotten(void **state)
{
	(void)state;
	bring(DATASET_TIMEZONES, "a,Asia/Tokyo\nb,Asia/Tokyo");
	bring(DATASET_TIMEZONES, "a,Asia/Seoul\nb,Asia/Seoul");
	assert_int_equal(bulk_forget(data, "a"), ERR_NONE);
	assert_int_equal(bulk_undo(data, DATASET_TIMEZONES, last_import),
	    ERR_NONE);
	check_shown("b only", "b Asia/Tokyo\n");
}

static void
test_polls(void **state)
{
	(void)state;
	bring(DATASET_POLLS, "a,active,2023-01-22 12:00:00");
	assert_int_equal(bulk_undo(data, DATASET_POLLS, last_import),
	    ERR_CONFLICT);
	check_shown("as it was", "a 2023-01-22T12:00:00+\n");
	bring(DATASET_POLLS, "b,active,2023-01-22 12:00:00");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		with_data(test_random),
		with_data(test_told),
		with_data(test_which),
		with_data(test_forgotten),
		with_data(test_polls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
