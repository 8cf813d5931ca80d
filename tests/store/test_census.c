/*
 * The census: which stores, in which order, with what; and the table that is
 * made of it where not all of them are listed.
 */
#include "work/census.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "work/table.h"

#include "data_fixture.h"

#define AS_OF "2023-01-25 12:00:00"
#define SIZE 65536

/* What is told, put together as text. */
struct told {
	char ids[256];    /* each with its row, '*' behind the listed ones */
	int64_t down_us;  /* of the week, of all stores */
	size_t end_after; /* stores; 0: never */
	size_t count;
};

static enum err
note(void *ctx, const struct census_store *store)
{
	struct told *t = ctx;
	size_t len = strlen(t->ids);

	assert_int_equal(store->len, strlen(store->id));
	(void)snprintf(t->ids + len, sizeof(t->ids) - len, " %zu:%s%s",
	    store->row, store->id, store->listed ? "*" : "");
	t->down_us += store->reckoned.uptime.window[WINDOW_WEEK].down;
	return ++t->count == t->end_after ? ERR_CANCELLED : ERR_NONE;
}

/* Stores in another order than that of their ids, down for 1 to 5 hours. */
static void
fill(void)
{
	bring(DATASET_TIMEZONES,
	    "c,Asia/Kolkata\na,UTC\nb,Asia/Kolkata\nd,Europe/London");
	bring(DATASET_POLLS,
	    "e,active,2023-01-20 00:00:00\nc,active,2023-01-20 00:00:00\n"
	    "d,active,2023-01-20 00:00:00\na,active,2023-01-20 00:00:00\n"
	    "b,active,2023-01-20 00:00:00\n"
	    "e,inactive,2023-01-25 09:00:00\nc,inactive,2023-01-25 07:00:00\n"
	    "d,inactive,2023-01-25 11:00:00\na,inactive,2023-01-25 09:00:00\n"
	    "b,inactive,2023-01-25 08:00:00");
}

/* A reckoner and a question about the data; the reckoner is the caller's. */
static struct census_question
ask(void)
{
	struct uptime_rules rules = { INTERPOLATION_PREVIOUS,
		UPTIME_REACH_UNLIMITED };
	struct census_question q = { .state = state_folder,
		.data = data,
		.as_of_us = at(AS_OF),
		.list_max = SIZE_MAX,
		.list_worst = 1 };

	assert_int_equal(reckoner_new(data, NULL, q.as_of_us, &rules,
			     &q.reckoner),
	    ERR_NONE);
	return q;
}

static const struct {
	const char *name;
	const char *stores[5]; /* none: all */
	size_t list_max;
	size_t list_worst;
	const char *told;
	size_t listed;
} cases[] = {
	{ "all", { NULL }, 5, 1, " 0:a* 1:b* 2:c* 3:d* 4:e*", 5 },
	{ "one too many", { NULL }, 4, 3, " 0:a* 1:b* 2:c* 3:d 4:e", 3 },
	{ "the first id of equal ones", { NULL }, 4, 4,
	    " 0:a* 1:b* 2:c* 3:d 4:e*", 4 },
	{ "only the worst", { NULL }, 0, 1, " 0:a 1:b 2:c* 3:d 4:e", 1 },
	{ "a filter, each once", { "e", "b", "e" }, 2, 1, " 0:b* 1:e*", 2 },
	{ "a filter that is too long", { "e", "d", "b", "a" }, 3, 2,
	    " 0:a* 1:b* 2:d 3:e", 2 },
};

static void
test_cases(void **state)
{
	size_t i;

	(void)state;
	fill();
	for (i = 0; i < COUNT(cases); i++) {
		struct census_question q = ask();
		struct told told = { .ids = "" };
		struct census *c;

		while (cases[i].stores[q.store_count] != NULL)
			q.store_count++;
		q.stores = q.store_count > 0 ? cases[i].stores : NULL;
		q.list_max = cases[i].list_max;
		q.list_worst = cases[i].list_worst;
		q.cells = i % 2 == 0;
		check_number(cases[i].name, census_take(&q, &c), ERR_NONE);
		check_number(cases[i].name, census_tell(c, note, &told),
		    ERR_NONE);
		check_text(cases[i].name, told.ids, cases[i].told);
		check_number(cases[i].name, census_stores(c), told.count);
		check_number(cases[i].name, census_listed(c), cases[i].listed);
		check_true(cases[i].name, (census_week(c) != NULL) == q.cells);
		census_free(c);
		reckoner_free(q.reckoner);
	}
}

/* It can be told again, and ended; one that nobody knows is an error. */
static void
test_ends(void **state)
{
	static const char *const unknown[] = { "a", "nobody" };
	struct census_question q;
	struct told told = { .end_after = 2 };
	struct census *c;

	(void)state;
	fill();
	q = ask();
	assert_int_equal(census_take(&q, &c), ERR_NONE);
	assert_int_equal(census_tell(c, note, &told), ERR_CANCELLED);
	assert_string_equal(told.ids, " 0:a* 1:b*");
	memset(&told, 0, sizeof(told));
	assert_int_equal(census_tell(c, note, &told), ERR_NONE);
	assert_int_equal(told.count, 5);
	assert_int_equal(told.down_us, (3 + 4 + 5 + 1 + 3) * STAMP_HOUR_US);
	census_free(c);
	census_free(NULL);
	q.stores = unknown;
	q.store_count = 2;
	assert_int_equal(census_take(&q, &c), ERR_NOT_FOUND);
	reckoner_free(q.reckoner);
}

static int64_t
sum(const int64_t *us)
{
	int64_t all_us = 0;
	size_t i;

	for (i = 0; i < CELLS; i++)
		all_us += us[i];
	return all_us;
}

/* A dark store's week is kept apart; polls count for whoever has them. */
static void
test_week(void **state)
{
	const struct census_week *week;
	struct census_question q;
	struct told told = { .ids = "" };
	struct census *c;

	(void)state;
	fill();
	bring(DATASET_POLLS,
	    "dark,inactive,2023-01-24 09:59:59\nz,active,2023-01-25 12:00:00");
	q = ask();
	q.cells = true;
	assert_int_equal(census_take(&q, &c), ERR_NONE);
	assert_int_equal(census_tell(c, note, &told), ERR_NONE);
	week = census_week(c);
	assert_int_equal(sum(week->lit.lost_us), 16 * STAMP_HOUR_US);
	assert_int_equal(sum(week->lit.status_us[STATUS_DOWN]),
	    16 * STAMP_HOUR_US);
	assert_int_equal(sum(week->dark.lost_us), 168 * STAMP_HOUR_US);
	assert_int_equal(sum(week->dark.status_us[STATUS_UP]), 0);
	assert_int_equal(told.down_us, (16 + 168) * STAMP_HOUR_US);
	/* Wednesday in India, five and a half hours ahead. */
	assert_int_equal(week->lit.lost_us[2 * 24 + 12], STAMP_HOUR_US / 2);
	assert_int_equal(week->polled.before[165], 2);
	assert_int_equal(week->polled.before[141], 1);
	/* A poll of the very as_of is in no hour of the week. */
	assert_int_equal(week->polled.before[167], 1);
	census_free(c);
	reckoner_free(q.reckoner);
}

static enum err
list(void *ctx, const struct census_store *store)
{
	if (store->listed)
		table_add(ctx, store);
	return ERR_NONE;
}

/* The table as an object; the caller's to json_decref(). */
static json_t *
table_of(const struct census_question *q)
{
	char path[FILE_PATH_MAX], text[SIZE];
	struct outfile *file;
	struct census *c;
	struct table *t;
	json_t *object;

	assert_int_equal(census_take(q, &c), ERR_NONE);
	assert_int_equal(table_new(c, &t), ERR_NONE);
	assert_int_equal(census_tell(c, list, t), ERR_NONE);
	assert_int_equal(outfile_new(scratch_path(path, state_folder, "t"),
			     false, &file),
	    ERR_NONE);
	assert_int_equal(table_write(t, q->as_of_us, q->reckoner, file),
	    ERR_NONE);
	assert_int_equal(outfile_publish(file, NULL, NULL), ERR_NONE);
	object = json_loads(scratch_read(state_folder, "t", text, SIZE),
	    JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(object);
	table_free(t);
	census_free(c);
	return object;
}

/* A column or another array as text: its numbers and texts. */
static const char *
column(json_t *array, char out[256])
{
	size_t i, len = 0;

	out[0] = '\0';
	for (i = 0; i < json_array_size(array); i++) {
		json_t *one = json_array_get(array, i);

		if (json_is_string(one))
			(void)snprintf(out + len, 256 - len, " %s",
			    json_string_value(one));
		else
			(void)snprintf(out + len, 256 - len,
			    " %" JSON_INTEGER_FORMAT, json_integer_value(one));
		len = strlen(out);
	}
	return out;
}

static void
test_table(void **state)
{
	struct census_question q;
	json_t *all, *some, *columns;
	char text[256];

	(void)state;
	fill();
	q = ask();
	all = table_of(&q);
	columns = json_object_get(all, "columns");
	assert_null(json_object_get(columns, "row"));
	assert_string_equal(column(json_object_get(all, "zones"), text),
	    " America/Chicago Asia/Kolkata Europe/London UTC");
	assert_string_equal(column(json_object_get(columns, "zone"), text),
	    " 3 1 1 2 0");
	q.list_max = 4;
	q.list_worst = 2;
	some = table_of(&q);
	columns = json_object_get(some, "columns");
	assert_true(json_is_false(json_object_get(some, "complete")));
	assert_int_equal(json_integer_value(json_object_get(some, "stores")),
	    5);
	assert_int_equal(json_integer_value(json_object_get(some, "listed")),
	    2);
	/* Only the zones of those in the table. */
	assert_string_equal(column(json_object_get(some, "zones"), text),
	    " Asia/Kolkata");
	assert_string_equal(column(json_object_get(columns, "row"), text),
	    " 1 2");
	assert_string_equal(column(json_object_get(columns, "id"), text),
	    " b c");
	assert_string_equal(column(json_object_get(columns, "zone"), text),
	    " 0 0");
	assert_string_equal(column(json_object_get(columns, "week_lost"), text),
	    " 14400 18000");
	json_decref(all);
	json_decref(some);
	reckoner_free(q.reckoner);
}

/* How stores done and in all went on. */
static void
watch(void *ctx, uint64_t done, uint64_t total)
{
	char *text = ctx;
	size_t len = strlen(text);

	(void)snprintf(text + len, 64 - len, " %d/%d", (int)done, (int)total);
}

static void
test_progress(void **state)
{
	static const char *const ids[] = { "a", "b" };
	char text[64] = "";
	struct census_question q;
	struct census *c;

	(void)state;
	fill();
	q = ask();
	q.progress = watch;
	q.progress_ctx = text;
	assert_int_equal(census_take(&q, &c), ERR_NONE);
	census_free(c);
	q.stores = ids;
	q.store_count = 2;
	assert_int_equal(census_take(&q, &c), ERR_NONE);
	census_free(c);
	assert_string_equal(text, " 0/5 5/5 0/2 2/2");
	reckoner_free(q.reckoner);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		with_data(test_cases),
		with_data(test_ends),
		with_data(test_week),
		with_data(test_table),
		with_data(test_progress),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
