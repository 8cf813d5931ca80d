/*
 * Time zones.  The first line of the input is a name, from the list or not;
 * the rest are numbers.  A name that is taken has a file in the database; the
 * offsets of its segments are what GLib says at each instant; and a wall
 * clock's time is turned into the first instant that shows it, or, where the
 * clock skips it, into the one that the offset before the gap gives.
 */
#include "fuzz.h"

#include "core/civil.h"
#include "core/stamp.h"
#include "core/zone.h"
#include "sys/tzdb.h"

#include <glib.h>
#include <sys/stat.h>

#define FOLDER "/usr/share/zoneinfo/"
#define FIRST_S INT64_C(946684800)         /* 2000 */
#define SPAN_S (INT64_C(40) * 366 * 86400) /* to 2040 */
#define DAY_S INT64_C(86400)
#define OFFSET_MAX_S (26 * 3600)

/* Takes a number below `below` from the input; 0 when there is no more. */
static int64_t
take_number(const uint8_t **data, size_t *size, int64_t below)
{
	size_t n = *size < 5 ? *size : 5;
	uint64_t value = 0;

	memcpy(&value, *data, n);
	*data += n;
	*size -= n;
	return (int64_t)(value % (uint64_t)below);
}

static const struct tzdb *
database(void)
{
	static struct tzdb *db;

	if (db == NULL)
		assert_int_equal(tzdb_open(&db), ERR_NONE);
	return db;
}

static int32_t
offset_by_glib(const char *name, int64_t at_s)
{
	GTimeZone *tz = g_time_zone_new_identifier(name);
	int32_t offset;

	assert_non_null(tz);
	offset = g_time_zone_get_offset(tz,
	    g_time_zone_find_interval(tz, G_TIME_TYPE_UNIVERSAL, at_s));
	g_time_zone_unref(tz);
	return offset;
}

static void
check_segments(const struct zone *z, const char *name, int64_t from_s,
    int64_t to_s)
{
	size_t i;

	assert_true(z->count >= 1 && z->segments[0].from_s == from_s);
	for (i = 0; i < z->count; i++) {
		const struct zone_segment *s = &z->segments[i];

		assert_true(s->offset_s > -OFFSET_MAX_S &&
		    s->offset_s < OFFSET_MAX_S);
		assert_int_equal(s->offset_s, offset_by_glib(name, s->from_s));
		if (i == 0)
			continue;
		assert_true(s->from_s > s[-1].from_s && s->from_s <= to_s);
		assert_true(s->offset_s != s[-1].offset_s);
		assert_int_equal(s[-1].offset_s,
		    offset_by_glib(name, s->from_s - 1));
	}
}

/* An instant, to the wall clock and back. */
static void
check_instant(const struct zone *z, const char *name, int64_t at_s)
{
	int64_t us = at_s * STAMP_S_US, local_s, back;
	int32_t offset = zone_offset_s(z, us), day = zone_local_day(z, us);

	assert_int_equal(offset, offset_by_glib(name, at_s));
	local_s = at_s + offset;
	assert_true(local_s >= day * DAY_S && local_s < (day + 1) * DAY_S);
	back = zone_instant_us(z, day, (int32_t)(local_s - day * DAY_S));
	/* The first instant that shows this time; never a later one. */
	assert_true(back <= us);
	assert_int_equal(back + zone_offset_s(z, back) * STAMP_S_US,
	    local_s * STAMP_S_US);
}

/* The instant of a local second, by trying each segment. */
static int64_t
instant_slowly(const struct zone *z, int64_t local_s)
{
	const struct zone_segment *s = z->segments;
	size_t i;

	for (i = 0; i < z->count; i++) {
		int64_t at_s = local_s - s[i].offset_s;

		if ((i == 0 || at_s >= s[i].from_s) &&
		    (i + 1 == z->count || at_s < s[i + 1].from_s))
			return at_s;
	}
	for (i = 1; i < z->count; i++)
		if (local_s >= s[i].from_s + s[i - 1].offset_s &&
		    local_s < s[i].from_s + s[i].offset_s)
			return local_s - s[i - 1].offset_s;
	fail_msg("no instant shows %lld", (long long)local_s);
}

static void
check_wall_clock(const struct zone *z, int64_t near_s, int64_t second)
{
	int32_t day = (int32_t)civil_floor_div(near_s, DAY_S);

	assert_int_equal(zone_instant_us(z, day, (int32_t)second),
	    instant_slowly(z, day * DAY_S + second) * STAMP_S_US);
}

static void
check_zone(const char *name, const uint8_t *data, size_t size)
{
	int64_t from_s = FIRST_S + take_number(&data, &size, SPAN_S);
	int64_t span_s = take_number(&data, &size, 500 * DAY_S), i;
	struct zone z;

	assert_int_equal(tzdb_segments(database(), name, from_s,
			     from_s + span_s, &z),
	    ERR_NONE);
	check_segments(&z, name, from_s, from_s + span_s);
	for (i = 0; i < 8; i++) {
		int64_t at_s = from_s + take_number(&data, &size, span_s + 1);

		check_instant(&z, name, at_s);
		check_wall_clock(&z, at_s,
		    take_number(&data, &size, 2 * DAY_S + 1));
	}
	for (i = 1; i < (int64_t)z.count; i++) {
		check_instant(&z, name, z.segments[i].from_s);
		check_instant(&z, name, z.segments[i].from_s - 1);
	}
	free((void *)(uintptr_t)z.segments);
}

/* Only what has a file below the folder is a name. */
static void
check_name(const char *name, size_t len)
{
	char path[128];
	struct stat st;

	assert_true(len > 0 && len < 64 && strlen(name) == len);
	assert_true(name[0] != '/' && name[0] != '.' &&
	    strstr(name, "..") == NULL && strchr(name, ' ') == NULL);
	(void)snprintf(path, sizeof(path), FOLDER "%s", name);
	assert_true(stat(path, &st) == 0 && S_ISREG(st.st_mode));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *lf = size == 0 ? NULL : memchr(data, '\n', size);
	size_t len = lf == NULL ? size : (size_t)(lf - data);
	char *name = fuzz_copy(data, len, true);

	if (tzdb_has(database(), name, len)) {
		check_name(name, len);
		if (lf != NULL)
			check_zone(name, lf + 1, size - len - 1);
	}
	free(name);
	return 0;
}
