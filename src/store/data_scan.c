/*
 * Reading stores with their hours and polls.
 *
 * The scan of all stores runs one ordered statement for the stores, one for
 * their special dates and one for each UTC day of polls, all in order of the
 * store's key, and merges them: each row is read once, in the order in which
 * it lies in the file.
 */
#include "store/data_impl.h"

#include "sys/log.h"

#include <stdlib.h>
#include <string.h>

/* Statements of one scan; a report needs ten days. */
#define DAYS_MAX 400

/* A statement in order of store, standing on a row or at its end. */
struct cursor {
	sqlite3_stmt *stmt;
	int64_t key;
	int32_t day;
	bool row;
};

struct scan {
	struct db *db;
	struct cursor stores, special;
	struct cursor *days;
	size_t day_count;
	struct poll_list polls;
	struct schedule_week_row *week;
	size_t week_cap;
	struct schedule_special_row *dates;
	size_t date_count;
	size_t date_cap;
};

enum err
poll_list_room(struct poll_list *l, size_t more)
{
	size_t cap = l->cap < 256 ? 256 : l->cap;
	void *list;

	if (l->n + more <= l->cap)
		return ERR_NONE;
	while (cap < l->n + more)
		cap *= 2;
	list = realloc(l->list, cap * sizeof(*l->list));
	if (list == NULL)
		return ERR_NO_MEMORY;
	l->list = list;
	l->cap = cap;
	return ERR_NONE;
}

enum err
poll_list_read(struct poll_list *l, sqlite3_stmt *stmt, int column, int32_t day)
{
	const void *blob = sqlite3_column_blob(stmt, column);
	size_t len = (size_t)sqlite3_column_bytes(stmt, column), n = 0;
	enum err err = poll_list_room(l, len);

	if (err != ERR_NONE)
		return err;
	if (blob == NULL || !unpack_polls(blob, len, day, l->list + l->n, &n)) {
		log_error("data.db: a block of polls of day %d is damaged",
		    (int)day);
		return ERR_CORRUPT;
	}
	l->n += n;
	return ERR_NONE;
}

static enum err
next(struct scan *s, struct cursor *c)
{
	enum err err = db_step(s->db, c->stmt, &c->row);

	c->key = c->row ? sqlite3_column_int64(c->stmt, 0) : INT64_MAX;
	return err;
}

/* Opens a cursor on the statement `sql`, with the day as its parameter. */
static enum err
open_cursor(struct scan *s, struct cursor *c, const char *sql, int32_t day)
{
	enum err err = db_prepare(s->db, sql, &c->stmt);

	c->day = day;
	if (err == ERR_NONE && sqlite3_bind_parameter_count(c->stmt) > 0)
		(void)sqlite3_bind_int64(c->stmt, 1, day);
	return err == ERR_NONE ? next(s, c) : err;
}

static enum err
scan_open(struct scan *s, struct db *db, int32_t first_day, int32_t last_day)
{
	size_t days = last_day < first_day ? 0
					   : (size_t)(last_day - first_day + 1);
	enum err err;
	size_t i;

	memset(s, 0, sizeof(*s));
	s->db = db;
	if (days > DAYS_MAX)
		return ERR_TOO_LARGE;
	s->days = calloc(days + 1, sizeof(*s->days));
	if (s->days == NULL)
		return ERR_NO_MEMORY;
	s->day_count = days;
	err = open_cursor(s, &s->stores,
	    "SELECT key, id, zone, week FROM store ORDER BY key", 0);
	if (err == ERR_NONE)
		err = open_cursor(s, &s->special,
		    "SELECT store, date, hours FROM special"
		    " ORDER BY store, date",
		    0);
	for (i = 0; i < days && err == ERR_NONE; i++)
		err = open_cursor(s, &s->days[i],
		    "SELECT store, polls FROM poll_day WHERE day = ?"
		    " ORDER BY store",
		    first_day + (int32_t)i);
	return err;
}

static void
scan_close(struct scan *s)
{
	size_t i;

	(void)sqlite3_finalize(s->stores.stmt);
	(void)sqlite3_finalize(s->special.stmt);
	for (i = 0; i < s->day_count; i++)
		(void)sqlite3_finalize(s->days[i].stmt);
	free(s->days);
	free(s->polls.list);
	free(s->week);
	free(s->dates);
}

static enum err
damaged(const char *what)
{
	log_error("data.db: %s of a store are damaged", what);
	return ERR_CORRUPT;
}

/* Reads the packed rows in a column into s->week. */
static enum err
read_week(struct scan *s, sqlite3_stmt *stmt, int column, size_t *n)
{
	const void *blob = sqlite3_column_blob(stmt, column);
	size_t len = (size_t)sqlite3_column_bytes(stmt, column);

	if (s->week == NULL || s->week_cap < len / 3 + 1) {
		size_t cap = len / 3 + 64;
		void *more = realloc(s->week, cap * sizeof(*s->week));

		if (more == NULL)
			return ERR_NO_MEMORY;
		s->week = more;
		s->week_cap = cap;
	}
	return unpack_hours(blob, len, s->week, n) ? ERR_NONE
						   : damaged("hours");
}

static enum err
add_date(struct scan *s, int32_t date, const struct schedule_hours *hours)
{
	if (s->date_count == s->date_cap) {
		size_t cap = s->date_cap == 0 ? 64 : s->date_cap * 2;
		void *more = realloc(s->dates, cap * sizeof(*s->dates));

		if (more == NULL)
			return ERR_NO_MEMORY;
		s->dates = more;
		s->date_cap = cap;
	}
	s->dates[s->date_count].date = date;
	s->dates[s->date_count++].hours = *hours;
	return ERR_NONE;
}

/* Adds the special rows of a date from columns date and date + 1 of stmt. */
static enum err
read_special(struct scan *s, sqlite3_stmt *stmt, int column)
{
	static const struct schedule_hours closed = { SCHEDULE_CLOSED, 0 };
	int32_t date = sqlite3_column_int(stmt, column);
	size_t i, n;
	enum err err = read_week(s, stmt, column + 1, &n);

	if (err == ERR_NONE && n == 0)
		err = add_date(s, date, &closed);
	for (i = 0; err == ERR_NONE && i < n; i++)
		err = add_date(s, date, &s->week[i].hours);
	return err;
}

/* Fills what comes of the store's own row: columns key, id, zone, week. */
static enum err
read_store(struct scan *s, sqlite3_stmt *stmt, struct data_store *out)
{
	enum err err = read_week(s, stmt, 3, &out->week_rows);

	out->key = sqlite3_column_int64(stmt, 0);
	out->id = (const char *)sqlite3_column_text(stmt, 1);
	out->id_len = (size_t)sqlite3_column_bytes(stmt, 1);
	out->zone = (const char *)sqlite3_column_text(stmt, 2);
	out->week = s->week;
	out->special = s->dates;
	out->special_rows = s->date_count;
	out->polls = s->polls.list;
	out->poll_count = s->polls.n;
	return out->id == NULL ? damaged("ids") : err;
}

/* Gathers what belongs to the store that the scan stands on. */
static enum err
gather(struct scan *s, struct data_store *out)
{
	int64_t key = s->stores.key;
	enum err err = ERR_NONE;
	size_t i;

	s->polls.n = 0;
	s->date_count = 0;
	while (err == ERR_NONE && s->special.key <= key) {
		if (s->special.key < key)
			return damaged("special dates");
		err = read_special(s, s->special.stmt, 1);
		if (err == ERR_NONE)
			err = next(s, &s->special);
	}
	for (i = 0; i < s->day_count && err == ERR_NONE; i++) {
		struct cursor *c = &s->days[i];

		if (c->key > key)
			continue;
		if (c->key < key)
			return damaged("polls");
		err = poll_list_read(&s->polls, c->stmt, 1, c->day);
		if (err == ERR_NONE)
			err = next(s, c);
	}
	return err == ERR_NONE ? read_store(s, s->stores.stmt, out) : err;
}

enum err
data_scan(struct data *data, int32_t first_day, int32_t last_day,
    enum err (*visit)(void *ctx, const struct data_store *store), void *ctx)
{
	struct data_store store;
	struct scan s;
	enum err err = scan_open(&s, &data->db, first_day, last_day);

	while (err == ERR_NONE && s.stores.row) {
		err = gather(&s, &store);
		if (err == ERR_NONE)
			err = visit(ctx, &store);
		if (err == ERR_NONE)
			err = next(&s, &s.stores);
	}
	scan_close(&s);
	return err;
}

/* Reads the special dates and polls of one store by its key. */
static enum err
gather_one(struct scan *s, int64_t key, int32_t first_day, int32_t last_day)
{
	sqlite3_stmt *stmt;
	bool row;
	enum err err = db_prepare(s->db,
	    "SELECT date, hours FROM special"
	    " WHERE store = ? ORDER BY date",
	    &stmt);

	(void)sqlite3_bind_int64(stmt, 1, key);
	while (err == ERR_NONE) {
		err = db_step(s->db, stmt, &row);
		if (err != ERR_NONE || !row)
			break;
		err = read_special(s, stmt, 0);
	}
	(void)sqlite3_finalize(stmt);
	if (err != ERR_NONE)
		return err;
	err = db_prepare(s->db,
	    "SELECT day, polls FROM poll_day"
	    " WHERE store = ? AND day BETWEEN ? AND ? ORDER BY day",
	    &stmt);
	(void)sqlite3_bind_int64(stmt, 1, key);
	(void)sqlite3_bind_int64(stmt, 2, first_day);
	(void)sqlite3_bind_int64(stmt, 3, last_day);
	while (err == ERR_NONE) {
		err = db_step(s->db, stmt, &row);
		if (err != ERR_NONE || !row)
			break;
		err = poll_list_read(&s->polls, stmt, 1,
		    sqlite3_column_int(stmt, 0));
	}
	(void)sqlite3_finalize(stmt);
	return err;
}

enum err
data_one(struct data *data, const char *id, int32_t first_day, int32_t last_day,
    enum err (*visit)(void *ctx, const struct data_store *store), void *ctx)
{
	struct data_store store;
	struct scan s = { .db = &data->db };
	sqlite3_stmt *stmt;
	bool row = false;
	enum err err = db_prepare(s.db,
	    "SELECT key, id, zone, week FROM store WHERE id = ?", &stmt);

	if (err == ERR_NONE) {
		(void)sqlite3_bind_text(stmt, 1, id, -1, SQLITE_STATIC);
		err = db_step(s.db, stmt, &row);
	}
	if (err == ERR_NONE && !row)
		err = ERR_NOT_FOUND;
	if (err == ERR_NONE)
		err = gather_one(&s, sqlite3_column_int64(stmt, 0), first_day,
		    last_day);
	if (err == ERR_NONE)
		err = read_store(&s, stmt, &store);
	if (err == ERR_NONE)
		err = visit(ctx, &store);
	(void)sqlite3_finalize(stmt);
	scan_close(&s);
	return err;
}

enum err
data_past(struct data *data, int64_t key, int32_t before_day,
    void (*visit)(void *ctx, const struct poll *polls, size_t n, bool *stop),
    void *ctx)
{
	struct poll_list list = { 0 };
	bool row, stop = false;
	enum err err = ERR_NONE;

	if (data->past == NULL)
		err = db_prepare(&data->db,
		    "SELECT day, polls FROM poll_day"
		    " WHERE store = ? AND day < ? ORDER BY day DESC",
		    &data->past);
	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int64(data->past, 1, key);
	(void)sqlite3_bind_int64(data->past, 2, before_day);
	while (err == ERR_NONE && !stop) {
		err = db_step(&data->db, data->past, &row);
		if (err != ERR_NONE || !row)
			break;
		list.n = 0;
		err = poll_list_read(&list, data->past, 1,
		    sqlite3_column_int(data->past, 0));
		if (err == ERR_NONE)
			visit(ctx, list.list, list.n, &stop);
	}
	(void)sqlite3_reset(data->past);
	free(list.list);
	return err;
}
