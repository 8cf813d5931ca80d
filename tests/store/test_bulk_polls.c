/* Polls on their way in: what is new, what wins, what goes. */
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/dice.h"
#include "data_fixture.h"

#define P DATASET_POLLS
#define DAYS 3
#define STORES 5
#define SLOTS 400 /* instants of a day that are used */

static const struct script scripts[] = {
	{ "new",
	    { { P, 0,
		"b,active,2023-01-22 12:00:00\na,inactive,2023-01-22 11:00:00\n"
		"b,active,2023-01-22 10:00:00\n",
		"3 0 0 0" } },
	    "a 2023-01-22T11:00:00-\n"
	    "b 2023-01-22T10:00:00+ 2023-01-22T12:00:00+\n" },
	{ "nothing", { { P, 0, "", "0 0 0 0" } }, "" },
	{ "the same again",
	    { { P, 0, "a,active,2023-01-22 12:00:00", "1 0 0 0" },
		{ P, 0, "a,active,2023-01-22 12:00:00", "0 0 1 0" } },
	    "a 2023-01-22T12:00:00+\n" },
	{ "a later file corrects",
	    { { P, 0, "a,active,2023-01-22 12:00:00", "1 0 0 0" },
		{ P, 0, "a,inactive,2023-01-22 12:00:00", "0 1 0 0" } },
	    "a 2023-01-22T12:00:00-\n" },
	{ "a later row wins",
	    { { P, 0,
		"a,active,2023-01-22 12:00:00\na,inactive,2023-01-22 12:00:00\n"
		"a,inactive,2023-01-22 12:00:00",
		"1 1 1 0" } },
	    "a 2023-01-22T12:00:00-\n" },
	{ "there and back",
	    { { P, 0, "a,active,2023-01-22 12:00:00", "1 0 0 0" },
		{ P, 0,
		    "a,inactive,2023-01-22 12:00:00\n"
		    "a,active,2023-01-22 12:00:00",
		    "0 2 0 0" } },
	    "a 2023-01-22T12:00:00+\n" },
	{ "before, between and after",
	    { { P, 0,
		  "a,active,2023-01-22 12:00:00\n"
		  "a,active,2023-01-22 14:00:00",
		  "2 0 0 0" },
		{ P, 0,
		    "a,inactive,2023-01-22 15:00:00\n"
		    "a,inactive,2023-01-22 11:00:00\n"
		    "a,inactive,2023-01-22 13:00:00",
		    "3 0 0 0" } },
	    "a 2023-01-22T11:00:00- 2023-01-22T12:00:00+ "
	    "2023-01-22T13:00:00- 2023-01-22T14:00:00+ "
	    "2023-01-22T15:00:00-\n" },
	{ "on either side of midnight",
	    { { P, 0,
		"a,active,2023-01-23 00:00:00\n"
		"a,inactive,2023-01-22 23:59:59.999999",
		"2 0 0 0" } },
	    "a 2023-01-22T23:59:59- 2023-01-23T00:00:00+\n" },
	{ "ids by their bytes",
	    { { P, 0,
		"10,active,2023-01-22 12:00:00\n9,active,2023-01-22 12:00:00\n"
		"\u00e9,active,2023-01-22 12:00:00\n"
		"Z,active,2023-01-22 12:00:00",
		"4 0 0 0" } },
	    "10 2023-01-22T12:00:00+\n9 2023-01-22T12:00:00+\n"
	    "Z 2023-01-22T12:00:00+\n\u00e9 2023-01-22T12:00:00+\n" },
	{ "whole",
	    { { P, 0,
		  "a,active,2023-01-22 12:00:00\n"
		  "a,active,2023-01-22 13:00:00\nb,active,2023-01-22 12:00:00\n"
		  "c,active,2023-01-21 12:00:00",
		  "4 0 0 0" },
		{ P, WHOLE,
		    "a,active,2023-01-22 12:00:00\n"
		    "b,inactive,2023-01-22 12:00:00\n"
		    "d,active,2023-01-23 12:00:00",
		    "1 1 1 2" } },
	    "a 2023-01-22T12:00:00+\nb 2023-01-22T12:00:00-\n"
	    "d 2023-01-23T12:00:00+\n" },
	{ "whole, with a row again",
	    { { P, 0, "a,active,2023-01-22 12:00:00", "1 0 0 0" },
		{ P, WHOLE,
		    "a,inactive,2023-01-22 12:00:00\n"
		    "a,active,2023-01-22 12:00:00",
		    "0 2 0 0" } },
	    "a 2023-01-22T12:00:00+\n" },
	{ "whole and empty",
	    { { P, 0, "a,active,2023-01-22 12:00:00", "1 0 0 0" },
		{ P, WHOLE, "", "0 0 0 1" } },
	    "" },
	{ "a store with a zone stays without polls",
	    { { DATASET_TIMEZONES, 0, "a,Europe/Paris", "1 0 0 0" },
		{ P, 0, "a,active,2023-01-22 12:00:00", "1 0 0 0" },
		{ P, WHOLE, "", "0 0 0 1" } },
	    "a Europe/Paris\n" },
	{ "whole, but one store keeps its own",
	    { { P, 0,
		  "a,active,2023-01-22 12:00:00\n"
		  "a,active,2023-01-22 13:00:00\nb,active,2023-01-22 12:00:00\n"
		  "a,active,2023-01-21 12:00:00",
		  "4 0 0 0" },
		{ P, WHOLE,
		    "a,inactive,2023-01-22 13:00:00\n!a\n"
		    "c,active,2023-01-22 12:00:00\n!z\n"
		    "a,active,2023-01-23 12:00:00",
		    "2 1 0 1" } },
	    "a 2023-01-21T12:00:00+ 2023-01-22T12:00:00+ "
	    "2023-01-22T13:00:00- 2023-01-23T12:00:00+\n"
	    "c 2023-01-22T12:00:00+\n" },
	{ "a bad row keeps nothing back otherwise",
	    { { P, 0, "a,active,2023-01-22 12:00:00\n!a\n!b", "1 0 0 0" } },
	    "a 2023-01-22T12:00:00+\n" },
	{ "left as it was",
	    { { P, 0, "a,active,2023-01-22 12:00:00", "1 0 0 0" },
		{ P, ABORT,
		    "a,inactive,2023-01-22 12:00:00\n"
		    "b,active,2023-01-22 12:00:00",
		    "1 1 0 0" },
		{ P, ABORT | WHOLE, "b,active,2023-01-22 12:00:00",
		    "1 0 0 1" } },
	    "a 2023-01-22T12:00:00+\n" },
};

static void
test_scripts(void **state)
{
	(void)state;
	play(scripts, COUNT(scripts));
}

/* A slow model: one cell for each instant that is used. */
struct model {
	char cell[STORES][DAYS * SLOTS]; /* 0, '+' or '-' */
};

static int64_t
instant_of(int64_t slot)
{
	return at("2023-01-21 00:00:00") + slot / SLOTS * STAMP_DAY_US +
	    slot % SLOTS * (STAMP_DAY_US / SLOTS);
}

/* Puts a random row into the bulk and into the model; counts what it did. */
static void
put_random(struct dice *dice, struct bulk *bulk, struct model *before,
    struct model *m, struct bulk_counts *c)
{
	int64_t store = dice_between(dice, 0, STORES - 1);
	int64_t slot = dice_between(dice, 0, DAYS * SLOTS - 1);
	char id[2] = { (char)('a' + store), '\0' };
	struct dataset_row row = { .id = id, .id_len = 1 };
	char *cell = &m->cell[store][slot], was;
	bool fits;

	row.poll.at_us = instant_of(slot);
	row.poll.up = dice_one_in(dice, 2);
	assert_int_equal(bulk_put(bulk, &row, &fits), ERR_NONE);
	assert_true(fits);
	was = *cell != 0 ? *cell : before->cell[store][slot];
	*cell = row.poll.up ? '+' : '-';
	c->new += was == 0;
	c->same += was == *cell;
	c->changed += was != 0 && was != *cell;
}

static void
show_model(const struct model *m, struct buf *out)
{
	char stamp[STAMP_TEXT];
	int store, slot;

	buf_init(out, TEXT_MAX);
	for (store = 0; store < STORES; store++) {
		bool any = false;

		for (slot = 0; slot < DAYS * SLOTS; slot++) {
			if (m->cell[store][slot] == 0)
				continue;
			if (!any)
				buf_char(out, (char)('a' + store));
			any = true;
			(void)stamp_format(instant_of(slot), stamp);
			buf_printf(out, " %.19s%c", stamp,
			    m->cell[store][slot]);
		}
		buf_str(out, any ? "\n" : "");
	}
}

/* One file of n random rows; the model is what is there afterwards. */
static void
play_random(struct dice *dice, struct model *m, bool whole, int n)
{
	static struct model next;
	struct bulk_counts wanted = { 0 }, got;
	char id[JOB_ID_LEN + 1];
	struct bulk *bulk;
	size_t i;

	memset(&next, 0, sizeof(next));
	assert_int_equal(begin(data, P, whole ? WHOLE : 0, &bulk), ERR_NONE);
	while (n-- > 0)
		put_random(dice, bulk, m, &next, &wanted);
	for (i = 0; i < sizeof(m->cell); i++) {
		char *was = &m->cell[0][0] + i, *is = &next.cell[0][0] + i;

		wanted.removed += whole && *was != 0 && *is == 0;
		*was = *is != 0 || whole ? *is : *was;
	}
	assert_int_equal(bulk_finish(bulk, &got), ERR_NONE);
	assert_int_equal(got.new, wanted.new);
	assert_int_equal(got.changed, wanted.changed);
	assert_int_equal(got.same, wanted.same);
	assert_int_equal(got.removed, wanted.removed);
	ids_make(id);
	assert_int_equal(bulk_commit(bulk, id, 0, 0), ERR_NONE);
}

static void
test_model(void **state)
{
	static struct model m;
	struct dice dice = { 61 };
	struct data_dataset held;
	struct buf wanted;
	uint64_t rows = 0;
	int round;
	size_t i;

	(void)state;
	for (round = 0; round < 30; round++) {
		play_random(&dice, &m, dice_one_in(&dice, 5),
		    (int)dice_between(&dice, 0, 3000));
		show_model(&m, &wanted);
		check_shown("random", buf_text(&wanted));
		buf_release(&wanted);
	}
	for (i = 0; i < sizeof(m.cell); i++)
		rows += (&m.cell[0][0])[i] != 0;
	assert_int_equal(data_dataset(data, P, &held), ERR_NONE);
	assert_int_equal(held.rows, rows);
	assert_int_equal(data_check(data), ERR_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scripts),
		with_data(test_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
