/*
 * Names come from tzdata.zi, the database's own source: its lines
 * "Z NAME ..." are zones, "L TARGET NAME" links, its first line the release.
 * Offsets come from GTimeZone, which gives the interval of an instant but not
 * where it ends; each end is found by bisection.
 */
#include "sys/tzdb.h"

#include "sys/log.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "/usr/share/zoneinfo/"
#define NAME_MAX_BYTES 63
#define STEP_S INT64_C(2592000) /* 30 days from probe to probe */

struct tzdb {
	GHashTable *names;
	char version[16];
};

/* Takes the name out of one line of tzdata.zi, if it has one. */
static void
take_line(struct tzdb *db, char *line)
{
	char *rest = NULL;
	const char *kind = strtok_r(line, " ", &rest);
	const char *first = kind != NULL ? strtok_r(NULL, " ", &rest) : NULL;
	const char *second;

	if (first == NULL)
		return;
	second = strtok_r(NULL, " ", &rest);
	if (strcmp(kind, "Z") == 0)
		(void)g_hash_table_add(db->names, g_strdup(first));
	else if (strcmp(kind, "L") == 0 && second != NULL)
		(void)g_hash_table_add(db->names, g_strdup(second));
	else if (strcmp(kind, "#") == 0 && strcmp(first, "version") == 0 &&
	    second != NULL)
		(void)g_strlcpy(db->version, second, sizeof(db->version));
}

enum err
tzdb_open(struct tzdb **out)
{
	struct tzdb *db = calloc(1, sizeof(*db));
	char *text = NULL, *line, *rest;
	GError *why = NULL;

	if (db == NULL)
		return ERR_NO_MEMORY;
	db->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    NULL);
	if (!g_file_get_contents(FOLDER "tzdata.zi", &text, NULL, &why)) {
		log_error("time zone database: %s", why->message);
		g_clear_error(&why);
		tzdb_close(db);
		return ERR_IO;
	}
	for (line = strtok_r(text, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest))
		take_line(db, line);
	g_free(text);
	*out = db;
	return ERR_NONE;
}

void
tzdb_close(struct tzdb *db)
{
	if (db == NULL)
		return;
	g_hash_table_destroy(db->names);
	free(db);
}

bool
tzdb_has(const struct tzdb *db, const char *name, size_t len)
{
	char text[NAME_MAX_BYTES + 1];

	if (len == 0 || len > NAME_MAX_BYTES || memchr(name, 0, len) != NULL)
		return false;
	memcpy(text, name, len);
	text[len] = '\0';
	return g_hash_table_contains(db->names, text);
}

const char *
tzdb_version(const struct tzdb *db)
{
	return db->version;
}

static int
interval_at(GTimeZone *tz, int64_t at_s)
{
	return g_time_zone_find_interval(tz, G_TIME_TYPE_UNIVERSAL, at_s);
}

/* The first second of the interval that holds `high`, after `low`. */
static int64_t
begin_of(GTimeZone *tz, int64_t low, int64_t high)
{
	int interval = interval_at(tz, high);

	while (high - low > 1) {
		int64_t mid = low + (high - low) / 2;

		if (interval_at(tz, mid) == interval)
			high = mid;
		else
			low = mid;
	}
	return high;
}

static void
add(GArray *list, GTimeZone *tz, int64_t from_s, int interval)
{
	struct zone_segment one = { from_s,
		g_time_zone_get_offset(tz, interval) };

	/* A change of name or of the summer flag only is no change. */
	if (list->len > 0 &&
	    g_array_index(list, struct zone_segment, list->len - 1).offset_s ==
		one.offset_s)
		return;
	(void)g_array_append_val(list, one);
}

/*
 * Walks backwards from each probe to the intervals in between, so that even
 * an interval shorter than the step is found: the beginning of the later one
 * minus a second lies in it.
 */
static void
gather(GArray *list, GTimeZone *tz, int64_t low, int64_t high)
{
	int before = interval_at(tz, low), after = interval_at(tz, high);
	int64_t begin;

	if (before == after)
		return;
	begin = begin_of(tz, low, high);
	gather(list, tz, low, begin - 1);
	add(list, tz, begin, after);
}

enum err
tzdb_segments(const struct tzdb *db, const char *name, int64_t from_s,
    int64_t to_s, struct zone *out)
{
	GTimeZone *tz;
	GArray *list;
	int64_t at_s;
	gsize n;

	if (!tzdb_has(db, name, strlen(name))) {
		log_error("time zone %s: not in the database", name);
		return ERR_NOT_FOUND;
	}
	tz = g_time_zone_new_identifier(name);
	if (tz == NULL) {
		log_error("time zone %s: cannot be read", name);
		return ERR_IO;
	}
	list = g_array_new(FALSE, FALSE, sizeof(struct zone_segment));
	add(list, tz, from_s, interval_at(tz, from_s));
	for (at_s = from_s; at_s < to_s; at_s += STEP_S)
		gather(list, tz, at_s,
		    at_s + STEP_S < to_s ? at_s + STEP_S : to_s);
	g_time_zone_unref(tz);
	n = list->len;
	out->segments = (struct zone_segment *)(void *)g_array_steal(list, &n);
	out->count = n;
	(void)g_array_unref(list);
	return ERR_NONE;
}
