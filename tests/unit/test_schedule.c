/* Business hours: the rules, case by case, and the worked examples. */
#include "core/schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/check.h"
#include "../lib/instant.h"

#define ROWS 4
#define SHIFTS 4
#define H 3600

/* 2026-01-05 is a Monday. */
enum {
	MON,
	TUE,
	WED,
	THU,
	FRI,
	SAT,
	SUN
};

static const struct {
	const char *name;
	struct schedule_hours hours;
	int32_t end_s;
} ends[] = {
	{ "as it is", { 9 * H, 17 * H }, 17 * H },
	{ "to 23:58:59", { 9 * H, 86339 }, 86339 },
	{ "to 23:59:00", { 9 * H, 86340 }, 86400 },
	{ "to 23:59:01", { 9 * H, 86341 }, 86400 },
	{ "to 23:59:59", { 9 * H, 86399 }, 86400 },
	{ "to 24:00", { 9 * H, 86400 }, 86400 },
	{ "whole day", { 0, 0 }, 86400 },
	{ "from midnight to 23:59", { 0, 86340 }, 86400 },
	{ "to midnight", { 9 * H, 0 }, 86400 },
	{ "overnight", { 22 * H, 2 * H }, 26 * H },
	{ "a second short of a day", { 9 * H, 9 * H - 1 }, 33 * H - 1 },
	{ "a second long", { 9 * H, 9 * H + 1 }, 9 * H + 1 },
	{ "from 23:59:30 to 23:59:10", { 86370, 86350 }, 86400 },
	{ "from 23:59:59", { 86399, 86398 }, 86400 },
	{ "from 23:59:59 overnight", { 86399, 86339 }, 172739 },
};

static void
test_ends(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(ends); i++)
		check_number(ends[i].name, schedule_end_s(&ends[i].hours),
		    ends[i].end_s);
}

struct expansion {
	const char *name;
	const struct zone *zone;
	struct schedule_week_row week[ROWS];
	size_t week_rows;
	const char *special_date[ROWS];
	struct schedule_hours special[ROWS];
	const char *first;
	const char *last;
	const char *shifts[SHIFTS][2]; /* NULL behind the last */
};

static const struct expansion expansions[] = {
	{ "no hours: always open", &utc, { { 0 } }, 0, { NULL }, { { 0 } },
	    "2026-01-05", "2026-01-07",
	    { { "2026-01-05 00:00:00", "2026-01-08 00:00:00" } } },
	{ "a weekday without rows is closed", &utc,
	    { { MON, { 9 * H, 12 * H } } }, 1, { NULL }, { { 0 } },
	    "2026-01-05", "2026-01-13",
	    { { "2026-01-05 09:00:00", "2026-01-05 12:00:00" },
		{ "2026-01-12 09:00:00", "2026-01-12 12:00:00" } } },
	{ "example 4: 23 hours", &new_york, { { 0 } }, 0, { NULL }, { { 0 } },
	    "2026-03-08", "2026-03-08",
	    { { "2026-03-08 05:00:00", "2026-03-09 04:00:00" } } },
	{ "example 4: 25 hours", &new_york, { { 0 } }, 0, { NULL }, { { 0 } },
	    "2026-11-01", "2026-11-01",
	    { { "2026-11-01 04:00:00", "2026-11-02 05:00:00" } } },
	{ "example 5: to the jump", &new_york, { { SAT, { 18 * H, 2 * H } } },
	    1, { NULL }, { { 0 } }, "2026-03-07", "2026-03-07",
	    { { "2026-03-07 23:00:00", "2026-03-08 07:00:00" } } },
	{ "example 5: to 02:00 after it came twice", &new_york,
	    { { SAT, { 18 * H, 2 * H } } }, 1, { NULL }, { { 0 } },
	    "2026-10-31", "2026-10-31",
	    { { "2026-10-31 22:00:00", "2026-11-01 07:00:00" } } },
	{ "example 5: to the first 01:30", &new_york,
	    { { SAT, { 18 * H, H + 1800 } } }, 1, { NULL }, { { 0 } },
	    "2026-10-31", "2026-10-31",
	    { { "2026-10-31 22:00:00", "2026-11-01 05:30:00" } } },
	{ "example 6: overlapping", &utc,
	    { { MON, { 9 * H, 17 * H } }, { MON, { 12 * H, 20 * H } } }, 2,
	    { NULL }, { { 0 } }, "2026-01-05", "2026-01-05",
	    { { "2026-01-05 09:00:00", "2026-01-05 20:00:00" } } },
	{ "example 7: joined over midnight", &utc,
	    { { MON, { 11 * H, 86340 } }, { TUE, { 0, 2 * H } } }, 2, { NULL },
	    { { 0 } }, "2026-01-05", "2026-01-06",
	    { { "2026-01-05 11:00:00", "2026-01-06 02:00:00" } } },
	{ "example 8: Phoenix in July", &phoenix,
	    { { MON, { 9 * H, 17 * H } } }, 1, { NULL }, { { 0 } },
	    "2026-07-06", "2026-07-06",
	    { { "2026-07-06 16:00:00", "2026-07-07 00:00:00" } } },
	{ "a minute's gap stays", &utc,
	    { { MON, { 11 * H, 86339 } }, { TUE, { 0, 2 * H } } }, 2, { NULL },
	    { { 0 } }, "2026-01-05", "2026-01-06",
	    { { "2026-01-05 11:00:00", "2026-01-05 23:58:59" },
		{ "2026-01-06 00:00:00", "2026-01-06 02:00:00" } } },
	{ "split", &utc,
	    { { MON, { 17 * H, 21 * H } }, { MON, { 10 * H, 14 * H } } }, 2,
	    { NULL }, { { 0 } }, "2026-01-05", "2026-01-05",
	    { { "2026-01-05 10:00:00", "2026-01-05 14:00:00" },
		{ "2026-01-05 17:00:00", "2026-01-05 21:00:00" } } },
	{ "empty in the gap", &new_york, { { SUN, { 2 * H, 3 * H } } }, 1,
	    { NULL }, { { 0 } }, "2026-03-08", "2026-03-08", { { NULL } } },
	{ "backwards over the gap", &new_york,
	    { { SUN, { 2 * H + 1800, 3 * H } } }, 1, { NULL }, { { 0 } },
	    "2026-03-08", "2026-03-08", { { NULL } } },
	{ "special hours replace the weekday", &utc,
	    { { MON, { 9 * H, 12 * H } }, { MON, { 13 * H, 15 * H } } }, 2,
	    { "2026-01-05" }, { { 10 * H, 11 * H } }, "2026-01-05",
	    "2026-01-12",
	    { { "2026-01-05 10:00:00", "2026-01-05 11:00:00" },
		{ "2026-01-12 09:00:00", "2026-01-12 12:00:00" },
		{ "2026-01-12 13:00:00", "2026-01-12 15:00:00" } } },
	{ "special hours, split", &utc, { { MON, { 9 * H, 12 * H } } }, 1,
	    { "2026-01-05", "2026-01-05" },
	    { { 10 * H, 11 * H }, { 12 * H, 0 } }, "2026-01-05", "2026-01-05",
	    { { "2026-01-05 10:00:00", "2026-01-05 11:00:00" },
		{ "2026-01-05 12:00:00", "2026-01-06 00:00:00" } } },
	{ "closed date", &utc, { { MON, { 9 * H, 12 * H } } }, 1,
	    { "2026-01-05" }, { { SCHEDULE_CLOSED, 0 } }, "2026-01-05",
	    "2026-01-05", { { NULL } } },
	{ "closed date of a store that is always open", &utc, { { 0 } }, 0,
	    { "2026-01-06" }, { { SCHEDULE_CLOSED, 0 } }, "2026-01-05",
	    "2026-01-07",
	    { { "2026-01-05 00:00:00", "2026-01-06 00:00:00" },
		{ "2026-01-07 00:00:00", "2026-01-08 00:00:00" } } },
	{ "open on a date whose weekday has no rows", &utc,
	    { { MON, { 9 * H, 12 * H } } }, 1, { "2026-01-06" },
	    { { 9 * H, 10 * H } }, "2026-01-06", "2026-01-06",
	    { { "2026-01-06 09:00:00", "2026-01-06 10:00:00" } } },
	{ "the night before runs into a closed date", &utc,
	    { { THU, { 22 * H, 2 * H } } }, 1, { "2026-01-09" },
	    { { SCHEDULE_CLOSED, 0 } }, "2026-01-08", "2026-01-09",
	    { { "2026-01-08 22:00:00", "2026-01-09 02:00:00" } } },
	{ "a night's end on a date not asked for", &utc,
	    { { THU, { 22 * H, 2 * H } } }, 1, { NULL }, { { 0 } },
	    "2026-01-09", "2026-01-14", { { NULL } } },
	{ "no dates", &utc, { { 0 } }, 0, { NULL }, { { 0 } }, "2026-01-06",
	    "2026-01-05", { { NULL } } },
};

/* The schedule of a case; rows is where its special rows go. */
static struct schedule
schedule_of(const struct expansion *e, struct schedule_special_row *rows)
{
	struct schedule s = { e->week, e->week_rows, rows, 0, e->zone };

	for (; s.special_rows < ROWS && e->special_date[s.special_rows] != NULL;
	     s.special_rows++) {
		rows[s.special_rows]
		    .date = date(e->special_date[s.special_rows]);
		rows[s.special_rows].hours = e->special[s.special_rows];
	}
	return s;
}

static void
test_expansions(void **state)
{
	struct schedule_special_row rows[ROWS];
	struct interval out[64];
	size_t i, k, n;

	(void)state;
	for (i = 0; i < COUNT(expansions); i++) {
		const struct expansion *e = &expansions[i];
		struct schedule s = schedule_of(e, rows);
		int32_t first = date(e->first), last = date(e->last);

		check_true(e->name,
		    schedule_bound(&s, (size_t)(last - first + 1)) <=
			COUNT(out));
		n = schedule_expand(&s, first, last, out);
		for (k = 0; k < SHIFTS && e->shifts[k][0] != NULL; k++) {
			check_true(e->name, k < n);
			check_number(e->name, out[k].start_us,
			    at(e->shifts[k][0]));
			check_number(e->name, out[k].end_us,
			    at(e->shifts[k][1]));
		}
		check_number(e->name, n, k);
	}
}

static const struct schedule_week_row night_rows[] = { { MON,
							   { 11 * H, 86340 } },
	{ TUE, { 0, 2 * H } }, { TUE, { 9 * H, 12 * H } } };

static const struct {
	const char *instant;
	bool has;
} evidence[] = {
	{ "2026-01-05 10:59:59.999999", false },
	{ "2026-01-05 11:00:00", true },
	{ "2026-01-05 23:59:59.999999", true },
	{ "2026-01-06 00:00:00", true },
	{ "2026-01-06 02:00:00", true },
	{ "2026-01-06 02:00:00.000001", false },
	{ "2026-01-06 08:59:59.999999", false },
	{ "2026-01-06 09:00:00", true },
	{ "2026-01-06 12:00:00", true },
	{ "2026-01-06 12:00:00.000001", false },
	{ "2026-01-04 12:00:00", false },
};

static void
test_evidence(void **state)
{
	struct schedule s = { night_rows, COUNT(night_rows), NULL, 0, &utc };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(evidence); i++)
		check_number(evidence[i].instant,
		    schedule_has(&s, at(evidence[i].instant)), evidence[i].has);
}

static const struct {
	const char *from;
	const char *to;
	bool joins;
} joins[] = {
	{ "2026-01-05 11:00:00", "2026-01-06 02:00:00", true },
	{ "2026-01-05 23:30:00", "2026-01-06 00:30:00", true },
	{ "2026-01-05 11:00:00", "2026-01-06 02:00:00.000001", false },
	{ "2026-01-05 10:59:59.999999", "2026-01-05 12:00:00", false },
	{ "2026-01-06 02:00:00", "2026-01-06 02:00:00", true },
	{ "2026-01-06 02:00:00", "2026-01-06 09:00:00", false },
	{ "2026-01-06 01:00:00", "2026-01-06 10:00:00", false },
	{ "2026-01-06 12:00:00", "2026-01-12 11:00:00", false },
	{ "2026-01-06 03:00:00", "2026-01-06 03:00:00", false },
};

static void
test_joins(void **state)
{
	struct schedule s = { night_rows, COUNT(night_rows), NULL, 0, &utc };
	struct schedule open = { NULL, 0, NULL, 0, &new_york };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(joins); i++)
		check_number(joins[i].from,
		    schedule_joins(&s, at(joins[i].from), at(joins[i].to)),
		    joins[i].joins);
	assert_true(schedule_joins(&open, at("2023-01-01 00:00:00"),
	    at("2026-12-31 00:00:00")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_expansions),
		cmocka_unit_test(test_evidence),
		cmocka_unit_test(test_joins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
