/* Hours, zones and special hours on their way in: what replaces what. */
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data_fixture.h"

#define HO DATASET_HOURS
#define TZ DATASET_TIMEZONES
#define SP DATASET_SPECIAL_HOURS

static const struct script hours[] = {
	{ "new",
	    { { HO, 0,
		"b,1,09:00,17:00\na,0,00:00,00:00\n"
		"b,1,18:00,02:00\nb,0,09:00,24:00",
		"4 0 0 0" } },
	    "a 0:0-0\nb 0:32400-86400 1:32400-61200 1:64800-7200\n" },
	{ "the same again, in another order",
	    { { HO, 0, "a,1,09:00,17:00\na,0,09:00,17:00", "2 0 0 0" },
		{ HO, 0, "a,0,09:00,17:00\na,1,09:00,17:00", "0 0 2 0" } },
	    "a 0:32400-61200 1:32400-61200\n" },
	{ "a row twice",
	    { { HO, 0,
		"a,0,09:00,17:00\na,0,09:00,17:00\nb,0,09:00,17:00\n"
		"a,0,09:00,17:00",
		"2 0 2 0" } },
	    "a 0:32400-61200\nb 0:32400-61200\n" },
	{ "all rows of the stores that are named",
	    { { HO, 0, "a,0,09:00,17:00\na,1,09:00,17:00\nb,0,09:00,17:00",
		  "3 0 0 0" },
		{ HO, 0, "a,1,09:00,17:00\na,2,09:00,17:00\na,3,09:00,17:00",
		    "2 0 1 1" } },
	    "a 1:32400-61200 2:32400-61200 3:32400-61200\n"
	    "b 0:32400-61200\n" },
	{ "a store's rows lie apart in the file",
	    { { HO, 0,
		"a,0,09:00,17:00\nb,0,09:00,17:00\na,1,09:00,17:00\n"
		"b,1,09:00,17:00\na,2,09:00,17:00",
		"5 0 0 0" } },
	    "a 0:32400-61200 1:32400-61200 2:32400-61200\n"
	    "b 0:32400-61200 1:32400-61200\n" },
	{ "whole",
	    { { HO, 0, "a,0,09:00,17:00\nb,0,09:00,17:00\nb,1,09:00,17:00",
		  "3 0 0 0" },
		{ HO, WHOLE, "a,0,09:00,17:00\nc,0,09:00,17:00", "1 0 1 2" } },
	    "a 0:32400-61200\nc 0:32400-61200\n" },
	{ "whole and empty",
	    { { TZ, 0, "a,Europe/Paris", "1 0 0 0" },
		{ HO, 0, "a,0,09:00,17:00\nb,0,09:00,17:00", "2 0 0 0" },
		{ HO, WHOLE, "", "0 0 0 2" } },
	    "a Europe/Paris\n" },
	{ "a store with a bad row keeps what it had",
	    { { HO, 0, "a,0,09:00,17:00\nb,0,09:00,17:00", "2 0 0 0" },
		{ HO, 0,
		    "a,1,09:00,17:00\n!a\na,2,09:00,17:00\n"
		    "b,1,09:00,17:00\n!c\nc,1,09:00,17:00",
		    "1 0 3 1" } },
	    "a 0:32400-61200\nb 1:32400-61200\n" },
	{ "also under whole",
	    { { HO, 0, "a,0,09:00,17:00\nb,0,09:00,17:00\nc,0,09:00,17:00",
		  "3 0 0 0" },
		{ HO, WHOLE, "a,1,09:00,17:00\n!a\n!b", "0 0 1 1" } },
	    "a 0:32400-61200\nb 0:32400-61200\n" },
	{ "left as it was",
	    { { HO, 0, "a,0,09:00,17:00", "1 0 0 0" },
		{ HO, ABORT | WHOLE, "b,0,09:00,17:00", "1 0 0 1" } },
	    "a 0:32400-61200\n" },
};

static const struct script zones[] = {
	{ "new, the same, another",
	    { { TZ, 0, "a,Europe/Paris\nb,Asia/Tokyo", "2 0 0 0" },
		{ TZ, 0, "a,Europe/Paris\nb,Asia/Seoul\nc,Asia/Tokyo",
		    "1 1 1 0" } },
	    "a Europe/Paris\nb Asia/Seoul\nc Asia/Tokyo\n" },
	{ "the same twice in a file",
	    { { TZ, 0, "a,Europe/Paris\na,Europe/Paris", "1 0 1 0" } },
	    "a Europe/Paris\n" },
	{ "two in a file: the first stays, the store keeps its own",
	    { { TZ, 0, "a,Europe/Paris", "1 0 0 0" },
		{ TZ, 0,
		    "a,Asia/Tokyo\na,Asia/Seoul\nb,Asia/Tokyo\n"
		    "a,Asia/Tokyo",
		    "1 0 2 0 !1" } },
	    "a Europe/Paris\nb Asia/Tokyo\n" },
	{ "two in a file for a store without one",
	    { { TZ, 0, "a,Asia/Tokyo\na,Asia/Seoul", "0 0 1 0 !1" } }, "" },
	{ "whole",
	    { { TZ, 0, "a,Europe/Paris\nb,Asia/Tokyo\nc,Asia/Tokyo",
		  "3 0 0 0" },
		{ TZ, WHOLE, "a,Asia/Tokyo\n!c", "0 1 0 1" } },
	    "a Asia/Tokyo\nc Asia/Tokyo\n" },
	{ "left as it was",
	    { { TZ, 0, "a,Europe/Paris", "1 0 0 0" },
		{ TZ, ABORT, "a,Asia/Tokyo\nb,Asia/Tokyo", "1 1 0 0" } },
	    "a Europe/Paris\n" },
};

static const struct script special[] = {
	{ "new",
	    { { SP, 0,
		"a,2023-12-25,,\na,2023-12-24,12:00,16:00\n"
		"a,2023-12-24,09:00,11:00\nb,2023-01-01,,",
		"4 0 0 0" } },
	    "a 2023-12-24:32400-39600 2023-12-24:43200-57600 "
	    "2023-12-25:closed\nb 2023-01-01:closed\n" },
	{ "the same again",
	    { { SP, 0, "a,2023-12-25,,\na,2023-12-24,12:00,16:00", "2 0 0 0" },
		{ SP, 0,
		    "a,2023-12-24,12:00,16:00\na,2023-12-25,,\n"
		    "a,2023-12-25,,",
		    "0 0 3 0" } },
	    "a 2023-12-24:43200-57600 2023-12-25:closed\n" },
	{ "the dates that are named, not the others",
	    { { SP, 0, "a,2023-12-25,,\na,2023-12-24,12:00,16:00", "2 0 0 0" },
		{ SP, 0, "a,2023-12-24,12:00,15:00\na,2023-12-26,,",
		    "2 0 0 1" } },
	    "a 2023-12-24:43200-54000 2023-12-25:closed "
	    "2023-12-26:closed\n" },
	{ "from closed to open and back",
	    { { SP, 0,
		  "a,2023-12-24,,\nb,2023-12-24,12:00,16:00\n"
		  "b,2023-12-24,17:00,18:00",
		  "3 0 0 0" },
		{ SP, 0, "a,2023-12-24,12:00,16:00\nb,2023-12-24,,",
		    "2 0 0 3" } },
	    "a 2023-12-24:43200-57600\nb 2023-12-24:closed\n" },
	{ "closed and open in a file",
	    { { SP, 0, "a,2023-12-24,,", "1 0 0 0" },
		{ SP, 0,
		    "a,2023-12-24,12:00,16:00\na,2023-12-24,,\n"
		    "a,2023-12-25,,\na,2023-12-25,12:00,16:00\nb,2023-12-24,,",
		    "1 0 2 0 !2" } },
	    "a 2023-12-24:closed\nb 2023-12-24:closed\n" },
	{ "a date with a bad row keeps what it had",
	    { { SP, 0, "a,2023-12-24,,\na,2023-12-25,,", "2 0 0 0" },
		{ SP, 0,
		    "a,2023-12-24,12:00,16:00\n!a,2023-12-24\n"
		    "a,2023-12-25,12:00,16:00",
		    "1 0 1 1" } },
	    "a 2023-12-24:closed 2023-12-25:43200-57600\n" },
	{ "whole",
	    { { SP, 0,
		  "a,2023-12-24,,\na,2023-12-25,12:00,16:00\n"
		  "a,2023-12-25,17:00,18:00\nb,2023-12-24,,\nb,2023-12-25,,",
		  "5 0 0 0" },
		{ SP, WHOLE, "a,2023-12-24,,\n!b,2023-12-25\nc,2023-12-24,,",
		    "1 0 1 3" } },
	    "a 2023-12-24:closed\nb 2023-12-25:closed\n"
	    "c 2023-12-24:closed\n" },
	{ "left as it was",
	    { { SP, 0, "a,2023-12-24,,", "1 0 0 0" },
		{ SP, ABORT | WHOLE, "b,2023-12-24,,", "1 0 0 1" } },
	    "a 2023-12-24:closed\n" },
};

static const struct script together[] = {
	{ "the data sets leave each other alone",
	    { { HO, 0, "a,0,09:00,17:00\nb,0,09:00,17:00", "2 0 0 0" },
		{ SP, 0, "b,2023-12-24,,\nc,2023-12-24,,", "2 0 0 0" },
		{ TZ, 0, "c,Asia/Tokyo\na,Asia/Tokyo", "2 0 0 0" },
		{ HO, WHOLE, "d,0,09:00,17:00", "1 0 0 2" } },
	    "a Asia/Tokyo\nb 2023-12-24:closed\n"
	    "c Asia/Tokyo 2023-12-24:closed\nd 0:32400-61200\n" },
};

static void
test_hours(void **state)
{
	(void)state;
	play(hours, COUNT(hours));
}

static void
test_zones(void **state)
{
	(void)state;
	play(zones, COUNT(zones));
}

static void
test_special(void **state)
{
	(void)state;
	play(special, COUNT(special));
}

static void
test_together(void **state)
{
	(void)state;
	play(together, COUNT(together));
}

/* Rows of one store at the limits of how many wait together. */
static void
test_many_rows(void **state)
{
	static const int counts[] = { 999, 1000, 1001, 2500 };
	char done[96], wanted[96];
	struct buf rows;
	size_t i;
	int k;

	(void)state;
	buf_init(&rows, TEXT_MAX);
	for (i = 0; i < COUNT(counts); i++) {
		buf_reset(&rows);
		for (k = 0; k < counts[i]; k++)
			buf_printf(&rows, "a,%d,%02d:%02d,24:00\n", k % 7,
			    k / 7 / 60 % 24, k / 7 % 60);
		(void)load(HO, WHOLE, "", done);
		(void)snprintf(wanted, sizeof(wanted), "%d 0 0 0", counts[i]);
		check_text("rows", load(HO, 0, buf_text(&rows), done), wanted);
		(void)snprintf(wanted, sizeof(wanted), "0 0 %d 0", counts[i]);
		check_text("again", load(HO, 0, buf_text(&rows), done), wanted);
	}
	buf_release(&rows);
	assert_int_equal(data_check(data), ERR_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hours),
		cmocka_unit_test(test_zones),
		cmocka_unit_test(test_special),
		cmocka_unit_test(test_together),
		with_data(test_many_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
