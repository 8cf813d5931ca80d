/*
 * Names come from tzdata.zi, the database's own source: its lines
 * "Z NAME ..." are zones, "L TARGET NAME" links, its first line the release.
 * Offsets come from GTimeZone, which gives the interval of an instant but not
 * where it ends; each end is found by bisection.
 */
#include "sys/tzdb.h"

#include "base/buf.h"
#include "sys/log.h"
#include "sys/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIST "/usr/share/zoneinfo/tzdata.zi"
#define LIST_MAX ((size_t)16 * 1024 * 1024)
#define NAME_MAX_BYTES 63
#define STEP_S INT64_C(2592000) /* 30 days from probe to probe */

/* What GLib takes for a zone is a fraction of this. */
#define ZONE_BYTES ((size_t)512 * 1024)

struct tzdb {
	struct buf text;    /* of the list, cut into words */
	const char **names; /* in it; sorted */
	size_t count;
	char version[16];
	struct stat list; /* the file that was read */
};

static enum err
failed(const char *what)
{
	enum err err = err_from_errno(errno);

	log_error("time zone database: %s %s: %s", what, LIST, strerror(errno));
	return err == ERR_NO_MEMORY ? err : ERR_IO;
}

static enum err
read_list(struct buf *text, struct stat *st)
{
	char part[16384];
	int fd = open(LIST, O_RDONLY | O_CLOEXEC);
	enum err err;
	ssize_t n;

	if (fd < 0)
		return failed("open");
	if (fstat(fd, st) != 0)
		memset(st, 0, sizeof(*st));
	while ((n = read(fd, part, sizeof(part))) > 0)
		buf_add(text, part, (size_t)n);
	err = n < 0 ? failed("read") : buf_err(text);
	(void)close(fd);
	return err;
}

/* Takes the name out of one line of the list, if it has one. */
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
		db->names[db->count++] = first;
	else if (strcmp(kind, "L") == 0 && second != NULL)
		db->names[db->count++] = second;
	else if (strcmp(kind, "#") == 0 && strcmp(first, "version") == 0 &&
	    second != NULL)
		(void)snprintf(db->version, sizeof(db->version), "%s", second);
}

static int
by_name(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;

	return strcmp(*a, *b);
}

/* The names in the text, of which each has a line of its own. */
static enum err
take_names(struct tzdb *db)
{
	size_t lines = 1, i;
	char *line, *rest;

	for (i = 0; i < db->text.len; i++)
		lines += db->text.data[i] == '\n';
	db->names = calloc(lines, sizeof(*db->names));
	if (db->names == NULL)
		return ERR_NO_MEMORY;
	for (line = strtok_r(db->text.data, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest))
		take_line(db, line);
	qsort(db->names, db->count, sizeof(*db->names), by_name);
	return ERR_NONE;
}

enum err
tzdb_open(struct tzdb **out)
{
	struct tzdb *db = calloc(1, sizeof(*db));
	enum err err;

	if (db == NULL)
		return ERR_NO_MEMORY;
	buf_init(&db->text, LIST_MAX);
	err = read_list(&db->text, &db->list);
	if (err == ERR_NONE && db->text.len > 0)
		err = take_names(db);
	if (err != ERR_NONE) {
		tzdb_close(db);
		return err;
	}
	*out = db;
	return ERR_NONE;
}

void
tzdb_close(struct tzdb *db)
{
	if (db == NULL)
		return;
	free(db->names);
	buf_release(&db->text);
	free(db);
}

bool
tzdb_is_fresh(const struct tzdb *db)
{
	const struct stat *was = &db->list;
	struct stat is;

	return stat(LIST, &is) == 0 && is.st_dev == was->st_dev &&
	    is.st_ino == was->st_ino &&
	    is.st_mtim.tv_sec == was->st_mtim.tv_sec &&
	    is.st_mtim.tv_nsec == was->st_mtim.tv_nsec;
}

bool
tzdb_has(const struct tzdb *db, const char *name, size_t len)
{
	char text[NAME_MAX_BYTES + 1];
	const char *key = text;

	if (len == 0 || len > NAME_MAX_BYTES || memchr(name, 0, len) != NULL)
		return false;
	memcpy(text, name, len);
	text[len] = '\0';
	return bsearch(&key, db->names, db->count, sizeof(*db->names),
		   by_name) != NULL;
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

/* What is gathered of a zone. */
struct gathering {
	struct zone_segment *list;
	size_t count, room;
	GTimeZone *tz;
	enum err err; /* the first failure; sticks */
};

static bool
make_room(struct gathering *g)
{
	size_t room = g->room == 0 ? 16 : 2 * g->room;
	struct zone_segment *list;

	if (g->count < g->room)
		return true;
	list = realloc(g->list, room * sizeof(*list));
	if (list == NULL) {
		g->err = ERR_NO_MEMORY;
		return false;
	}
	g->list = list;
	g->room = room;
	return true;
}

static void
add(struct gathering *g, int64_t from_s, int interval)
{
	const struct zone_segment one = { from_s,
		g_time_zone_get_offset(g->tz, interval) };

	/* A change of name or of the summer flag only is no change. */
	if (g->count > 0 && g->list[g->count - 1].offset_s == one.offset_s)
		return;
	if (make_room(g))
		g->list[g->count++] = one;
}

/*
 * Walks backwards from each probe to the intervals in between, so that even
 * an interval shorter than the step is found: the beginning of the later one
 * minus a second lies in it.
 */
static void
gather(struct gathering *g, int64_t low, int64_t high)
{
	int before = interval_at(g->tz, low), after = interval_at(g->tz, high);
	int64_t begin;

	if (before == after)
		return;
	begin = begin_of(g->tz, low, high);
	gather(g, low, begin - 1);
	add(g, begin, after);
}

enum err
tzdb_segments(const struct tzdb *db, const char *name, int64_t from_s,
    int64_t to_s, struct zone *out)
{
	struct gathering g = { .list = NULL };
	int64_t at_s;

	if (!tzdb_has(db, name, strlen(name))) {
		log_error("time zone %s: not in the database", name);
		return ERR_NOT_FOUND;
	}
	if (!memory_is_left(ZONE_BYTES))
		return ERR_NO_MEMORY;
	g.tz = g_time_zone_new_identifier(name);
	if (g.tz == NULL) {
		log_error("time zone %s: cannot be read", name);
		return ERR_IO;
	}
	add(&g, from_s, interval_at(g.tz, from_s));
	for (at_s = from_s; at_s < to_s; at_s += STEP_S)
		gather(&g, at_s, at_s + STEP_S < to_s ? at_s + STEP_S : to_s);
	g_time_zone_unref(g.tz);
	if (g.err != ERR_NONE) {
		free(g.list);
		return g.err;
	}
	out->segments = g.list;
	out->count = g.count;
	return ERR_NONE;
}
