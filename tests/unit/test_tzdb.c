/*
 * The zone database: its names, and its offsets against those of the C
 * library, which reads the same files by other code.
 */
#include "sys/tzdb.h"

#include "core/stamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <time.h>

#include "../lib/check.h"
#include "../lib/dice.h"
#include "../lib/instant.h"

#define STEP_S INT64_C(25200)

static struct tzdb *db;

static int
set_up(void **unused)
{
	(void)unused;
	return tzdb_open(&db) == ERR_NONE ? 0 : -1;
}

static int
tear_down(void **unused)
{
	(void)unused;
	tzdb_close(db);
	tzdb_close(NULL);
	return 0;
}

static const struct {
	const char *name;
	bool has;
} names[] = {
	{ "America/Chicago", true },
	{ TZDB_DEFAULT, true },
	{ "America/New_York", true },
	{ "America/Argentina/Buenos_Aires", true },
	{ "UTC", true },
	{ "Etc/GMT+12", true },
	/* Links. */
	{ "US/Pacific", true },
	{ "Asia/Calcutta", true },
	{ "GMT", true },
	/* Other spellings. */
	{ "america/chicago", false },
	{ "America/Chicago ", false },
	{ " America/Chicago", false },
	{ "America/Chicag", false },
	{ "America/ChicagoX", false },
	{ "America//Chicago", false },
	{ "America", false },
	{ "", false },
	/* What libraries take for a zone all the same. */
	{ "EST5EDT,M3.2.0,M11.1.0", false },
	{ "UTC+3", false },
	{ "+03:00", false },
	{ "<A>3", false },
	{ ":America/Chicago", false },
	{ "./America/Chicago", false },
	{ "../zoneinfo/America/Chicago", false },
	{ "../../../etc/passwd", false },
	{ "/etc/localtime", false },
	{ "posixrules", false },
	{ "zone.tab", false },
	{ "tzdata.zi", false },
	/* Words of the database's source that are no names. */
	{ "R", false },
	{ "Z", false },
	{ "L", false },
	{ "version", false },
};

static void
test_names(void **state)
{
	char longest[200];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(names); i++)
		check_number(names[i].name,
		    tzdb_has(db, names[i].name, strlen(names[i].name)),
		    names[i].has);
	assert_true(tzdb_has(db, "America/Chicagoland", 15));
	assert_false(tzdb_has(db, "UTC\0", 4));
	memset(longest, 'A', sizeof(longest));
	for (i = 60; i < sizeof(longest); i++)
		assert_false(tzdb_has(db, longest, i));
}

/* The release is a year with a letter: "2025b". */
static void
test_version(void **state)
{
	const char *version = tzdb_version(db);

	(void)state;
	assert_int_equal(strlen(version), 5);
	assert_true(version[0] == '2' && version[1] == '0');
	assert_true(version[4] >= 'a' && version[4] <= 'z');
}

/* The offset that the C library has; TZ is set. */
static int32_t
library_offset(int64_t at_s)
{
	time_t at = (time_t)at_s;
	struct tm tm;

	assert_non_null(localtime_r(&at, &tm));
	return (int32_t)tm.tm_gmtoff;
}

static void
compare(const char *name, const struct zone *zone, int64_t at_s)
{
	int32_t got = zone_offset_s(zone, at_s * STAMP_S_US);
	int32_t wanted = library_offset(at_s);

	if (got != wanted)
		fail_msg("%s at %" PRId64 ": %d, not %d", name, at_s, got,
		    wanted);
}

static const char *const zones[] = { "UTC", "America/New_York",
	"America/Chicago", "America/Phoenix", "America/St_Johns",
	"America/Caracas", "America/Nuuk", "Europe/London", "Europe/Dublin",
	"Africa/Casablanca", "Africa/Cairo", "Asia/Kolkata", "Asia/Kathmandu",
	"Asia/Tehran", "Asia/Gaza", "Australia/Lord_Howe", "Pacific/Apia",
	"Pacific/Kiritimati", "Antarctica/Troll", "Etc/GMT+12", "US/Pacific",
	"Asia/Pyongyang", "Europe/Istanbul", "America/Sao_Paulo" };

static const char *const spans[][2] = {
	{ "2000-01-01 00:00:00", "2007-06-01 00:00:00" },
	{ "2011-12-20 00:00:00", "2012-01-10 00:00:00" },
	{ "2016-01-01 00:00:00", "2026-12-31 00:00:00" },
	/* After 2037 the C library errs where winter is the exception. */
	{ "2036-01-01 00:00:00", "2038-01-01 00:00:00" },
};

/* At every change, on either side of it, and every few hours. */
static void
compare_span(const char *name, int64_t from_s, int64_t to_s)
{
	struct zone zone;
	int64_t at_s;
	size_t i;

	assert_int_equal(tzdb_segments(db, name, from_s, to_s, &zone),
	    ERR_NONE);
	assert_true(zone.count > 0);
	for (i = 0; i < zone.count; i++) {
		const struct zone_segment *s = &zone.segments[i];

		compare(name, &zone, s->from_s);
		if (i == 0)
			continue;
		compare(name, &zone, s->from_s - 1);
		assert_true(s->from_s > s[-1].from_s);
		assert_int_not_equal(s->offset_s, s[-1].offset_s);
		assert_true(s->from_s > from_s && s->from_s <= to_s);
	}
	for (at_s = from_s; at_s <= to_s; at_s += STEP_S)
		compare(name, &zone, at_s);
	compare(name, &zone, to_s);
	free((void *)(uintptr_t)zone.segments);
}

static void
test_offsets(void **state)
{
	size_t z, s;

	(void)state;
	for (z = 0; z < COUNT(zones); z++) {
		assert_int_equal(setenv("TZ", zones[z], 1), 0);
		tzset();
		for (s = 0; s < COUNT(spans); s++)
			compare_span(zones[z], at(spans[s][0]) / STAMP_S_US,
			    at(spans[s][1]) / STAMP_S_US);
	}
}

/* Spans of any length, an empty one too, from any second on. */
static void
test_spans(void **state)
{
	struct dice dice = { 47 };
	int64_t change_s = at("2026-03-08 07:00:00") / STAMP_S_US;
	int round;

	(void)state;
	assert_int_equal(setenv("TZ", "America/New_York", 1), 0);
	tzset();
	compare_span("America/New_York", change_s, change_s);
	compare_span("America/New_York", change_s - 1, change_s);
	compare_span("America/New_York", change_s - 1, change_s - 1);
	compare_span("America/New_York", change_s, change_s + 1);
	compare_span("America/New_York", at("2036-01-01 00:00:00") / STAMP_S_US,
	    at("2060-01-01 00:00:00") / STAMP_S_US);
	for (round = 0; round < 300; round++) {
		int64_t from_s = change_s +
		    dice_between(&dice, -20000000, 20000000);

		compare_span("America/New_York", from_s,
		    from_s + dice_between(&dice, 0, 9000000));
	}
}

static void
test_unknown(void **state)
{
	struct zone zone;

	(void)state;
	assert_int_equal(tzdb_segments(db, "Mars/Base", 0, 1, &zone),
	    ERR_NOT_FOUND);
	assert_int_equal(tzdb_segments(db, "UTC+3", 0, 1, &zone),
	    ERR_NOT_FOUND);
	assert_int_equal(tzdb_segments(db, "", 0, 1, &zone), ERR_NOT_FOUND);
}

static void
test_fresh(void **state)
{
	(void)state;
	assert_true(tzdb_is_fresh(db));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_version),
		cmocka_unit_test(test_fresh),
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
