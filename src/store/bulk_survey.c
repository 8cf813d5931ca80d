/* Looking at what an import would make of the data, before its commit. */
#include "store/bulk_impl.h"

#include "store/hours_list.h"

#include <stdlib.h>
#include <string.h>

enum err
bulk_survey(struct bulk *b, struct bulk_survey *out)
{
	struct db *db = &b->data->db;
	struct data_revision before;
	sqlite3_stmt *stmt = NULL;
	bool row = false;
	enum err err = data_revision(b->data, &before);

	memset(out, 0, sizeof(*out));
	if (err != ERR_NONE)
		return err;
	out->has_newest_before = before.has_polls;
	out->newest_before_us = before.newest_us;
	err = db_prepare(db,
	    "SELECT count(*), sum(key >= ?),"
	    " sum(week IS NULL), sum(zone IS NULL) FROM store",
	    &stmt);
	if (err == ERR_NONE) {
		(void)sqlite3_bind_int64(stmt, 1, b->first_new_key);
		err = db_step(db, stmt, &row);
	}
	if (row) {
		out->stores = (uint64_t)sqlite3_column_int64(stmt, 0);
		out->new_stores = (uint64_t)sqlite3_column_int64(stmt, 1);
		out->without_hours = (uint64_t)sqlite3_column_int64(stmt, 2);
		out->without_zone = (uint64_t)sqlite3_column_int64(stmt, 3);
	}
	(void)sqlite3_finalize(stmt);
	return err == ERR_NONE
	    ? change_newest(db, &out->has_newest, &out->newest_us)
	    : err;
}

enum err
bulk_hours(struct bulk *b,
    void (*visit)(void *ctx, const char *id, bool polled,
	const struct schedule_week_row *rows, size_t n),
    void *ctx)
{
	struct db *db = &b->data->db;
	struct hours_list hours = { 0 };
	sqlite3_stmt *stmt;
	bool row;
	enum err err = db_prepare(db,
	    "SELECT s.id, s.week, EXISTS"
	    " (SELECT 1 FROM poll_day WHERE store = s.key) FROM store s"
	    " WHERE s.week IS NOT NULL AND s.id IN (SELECT id FROM temp.stage)"
	    " ORDER BY s.id",
	    &stmt);

	while (err == ERR_NONE) {
		err = db_step(db, stmt, &row);
		if (err != ERR_NONE || !row)
			break;
		hours.n = 0;
		err = hours_list_read(&hours, sqlite3_column_blob(stmt, 1),
		    (size_t)sqlite3_column_bytes(stmt, 1));
		if (err == ERR_NONE)
			visit(ctx, (const char *)sqlite3_column_text(stmt, 0),
			    sqlite3_column_int(stmt, 2) != 0, hours.list,
			    hours.n);
	}
	(void)sqlite3_finalize(stmt);
	free(hours.list);
	return err;
}
