/*
 * Hours, time zones and special hours on their way in.  Such a file replaces
 * what the stores that it names had, so all of its rows must be there before
 * the first store is touched: they wait in a temporary table, which SQLite
 * keeps on the disk when it grows, sorted by store.  Rows of hours that
 * follow one another for the same store wait as one.
 *
 * A group is what is replaced as one: the rows of a store, or of a store and
 * date.  Its new rows and its old ones are compared as sets.
 */
#include "store/stage_impl.h"

#include "sys/log.h"

#include <stdlib.h>
#include <string.h>

#define RUN_MAX ((size_t)1000)

static enum err
prepare(struct stage *s)
{
	enum err err = db_exec(s->db,
	    "CREATE TEMP TABLE stage ("
	    "id TEXT NOT NULL, date INTEGER NOT NULL,"
	    "portion INTEGER NOT NULL, value NOT NULL,"
	    "PRIMARY KEY (id, date, portion)) WITHOUT ROWID");

	if (err == ERR_NONE)
		err = db_prepare(s->db,
		    "INSERT OR IGNORE INTO temp.stage"
		    " VALUES (?, ?, ?, ?)",
		    &s->put);
	if (err == ERR_NONE)
		err = db_prepare(s->db,
		    "SELECT value FROM temp.stage"
		    " WHERE id = ? AND date = ? LIMIT 1",
		    &s->first);
	if (err == ERR_NONE)
		err = db_prepare(s->db, stage_sql[s->options->dataset].old,
		    &s->old);
	if (err == ERR_NONE)
		err = db_prepare(s->db, stage_sql[s->options->dataset].set,
		    &s->set);
	if (err == ERR_NONE)
		err = db_prepare(s->db, stage_sql[s->options->dataset].record,
		    &s->record);
	if (err == ERR_NONE)
		err = db_prepare(s->db,
		    "SELECT 1 FROM temp.kept"
		    " WHERE id = ? AND date = ?",
		    &s->keep);
	if (err == ERR_NONE)
		err = store_keys_open(s->db, &s->keys);
	return err;
}

enum err
stage_open(struct db *db, const struct bulk_options *options, bool from_nothing,
    struct stage **out)
{
	struct stage *s = calloc(1, sizeof(*s));
	enum err err;

	if (s == NULL)
		return ERR_NO_MEMORY;
	s->db = db;
	s->options = options;
	s->from_nothing = from_nothing;
	err = prepare(s);
	if (err != ERR_NONE) {
		stage_close(s);
		return err;
	}
	*out = s;
	return ERR_NONE;
}

void
stage_close(struct stage *s)
{
	if (s == NULL)
		return;
	(void)sqlite3_finalize(s->put);
	(void)sqlite3_finalize(s->first);
	(void)sqlite3_finalize(s->old);
	(void)sqlite3_finalize(s->set);
	(void)sqlite3_finalize(s->record);
	(void)sqlite3_finalize(s->keep);
	store_keys_close(&s->keys);
	free(s->run.list);
	free(s->rows.list);
	free(s->before.list);
	free(s->bytes);
	free(s);
}

enum err
stage_pack(struct stage *s, const struct hours_list *l, size_t *len)
{
	size_t wanted = l->n * PACK_HOURS_MAX + 1;

	if (s->bytes_cap < wanted) {
		void *more = realloc(s->bytes, wanted + 1024);

		if (more == NULL)
			return ERR_NO_MEMORY;
		s->bytes = more;
		s->bytes_cap = wanted + 1024;
	}
	*len = pack_hours(l->list, l->n, s->bytes);
	return ERR_NONE;
}

void
stage_bind(sqlite3_stmt *stmt, const char *id, size_t len, int32_t date)
{
	(void)sqlite3_bind_text(stmt, 1, id, (int)len, SQLITE_STATIC);
	(void)sqlite3_bind_int64(stmt, 2, date);
}

/* Stages the rows of a group that came together; none: closed. */
static enum err
put_rows(struct stage *s, const struct dataset_row *group,
    const struct hours_list *rows)
{
	size_t len;
	enum err err = stage_pack(s, rows, &len);

	if (err != ERR_NONE)
		return err;
	stage_bind(s->put, group->id, group->id_len, group->date);
	(void)sqlite3_bind_int64(s->put, 3, s->portions++);
	(void)sqlite3_bind_blob(s->put, 4, s->bytes, (int)len, SQLITE_STATIC);
	return db_run(s->db, s->put);
}

enum err
stage_end_run(struct stage *s)
{
	struct dataset_row group = { .id = s->run_id,
		.id_len = strlen(s->run_id) };
	enum err err = ERR_NONE;

	if (s->run.n > 0)
		err = put_rows(s, &group, &s->run);
	s->run.n = 0;
	return err;
}

static enum err
put_hours(struct stage *s, const struct dataset_row *row)
{
	enum err err = ERR_NONE;

	if (strlen(s->run_id) != row->id_len ||
	    memcmp(s->run_id, row->id, row->id_len) != 0 ||
	    s->run.n == RUN_MAX) {
		err = stage_end_run(s);
		memcpy(s->run_id, row->id, row->id_len);
		s->run_id[row->id_len] = '\0';
	}
	return err == ERR_NONE ? hours_list_add(&s->run, &row->week) : err;
}

/* Special hours: a date is closed or open, as its first row says. */
static enum err
put_special(struct stage *s, const struct dataset_row *row, bool *fits)
{
	bool closed = row->week.hours.start_s == SCHEDULE_CLOSED, there;
	enum err err;

	stage_bind(s->first, row->id, row->id_len, row->date);
	err = db_step(s->db, s->first, &there);
	if (err == ERR_NONE && there)
		*fits = closed == (sqlite3_column_bytes(s->first, 0) == 0);
	(void)sqlite3_reset(s->first);
	if (err != ERR_NONE || !*fits)
		return err;
	if (closed && there) {
		s->counts.same++;
		return ERR_NONE;
	}
	s->rows.n = 0;
	if (!closed)
		err = hours_list_add(&s->rows, &row->week);
	return err == ERR_NONE ? put_rows(s, row, &s->rows) : err;
}

/* Zones: a store has one, as its first row says. */
static enum err
put_zone(struct stage *s, const struct dataset_row *row, bool *fits)
{
	bool there;
	enum err err;

	stage_bind(s->put, row->id, row->id_len, 0);
	(void)sqlite3_bind_int64(s->put, 3, 0);
	(void)sqlite3_bind_text(s->put, 4, row->zone, (int)row->zone_len,
	    SQLITE_STATIC);
	err = db_run(s->db, s->put);
	if (err != ERR_NONE || sqlite3_changes(s->db->sql) > 0)
		return err;
	stage_bind(s->first, row->id, row->id_len, 0);
	err = db_step(s->db, s->first, &there);
	if (err == ERR_NONE && there)
		*fits = (size_t)sqlite3_column_bytes(s->first, 0) ==
			row->zone_len &&
		    memcmp(sqlite3_column_text(s->first, 0), row->zone,
			row->zone_len) == 0;
	(void)sqlite3_reset(s->first);
	s->counts.same += *fits;
	return err;
}

enum err
stage_put(struct stage *s, const struct dataset_row *row, bool *fits)
{
	*fits = true;
	switch (s->options->dataset) {
	case DATASET_HOURS:
		return put_hours(s, row);
	case DATASET_SPECIAL_HOURS:
		return put_special(s, row, fits);
	default:
		return put_zone(s, row, fits);
	}
}

bool
stage_can_undo(const struct stage *s)
{
	return s->recorded;
}
