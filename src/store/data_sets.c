/* What the data sets hold and which imports made them. */
#include "store/data_impl.h"

#include <string.h>

static void
copy(char *out, size_t size, sqlite3_stmt *stmt, int column)
{
	const char *text = (const char *)sqlite3_column_text(stmt, column);

	(void)sqlite3_snprintf((int)size, out, "%s", text != NULL ? text : "");
}

enum err
data_dataset(struct data *data, enum dataset dataset, struct data_dataset *out)
{
	struct db *db = &data->db;
	sqlite3_stmt *stmt;
	bool row = false;
	enum err err = db_prepare(db,
	    "SELECT revision, rows, undo_import, undo_to_nothing,"
	    " (SELECT id FROM import WHERE dataset = name"
	    " AND undone_us IS NULL ORDER BY at_us DESC LIMIT 1)"
	    " FROM dataset WHERE name = ?",
	    &stmt);

	memset(out, 0, sizeof(*out));
	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_text(stmt, 1, dataset_names[dataset], -1,
	    SQLITE_STATIC);
	err = db_step(db, stmt, &row);
	if (row) {
		out->revision = sqlite3_column_int64(stmt, 0);
		out->rows = (uint64_t)sqlite3_column_int64(stmt, 1);
		copy(out->undo_import, sizeof(out->undo_import), stmt, 2);
		out->undo_to_nothing = sqlite3_column_int(stmt, 3) != 0;
		copy(out->last_import, sizeof(out->last_import), stmt, 4);
	}
	(void)sqlite3_finalize(stmt);
	return err;
}

enum err
data_dataset_stores(struct data *data, enum dataset dataset, uint64_t *count)
{
	static const char *const sql[DATASET__MAX] = {
		[DATASET_POLLS] =
		    "SELECT count(*) FROM store WHERE EXISTS"
		    " (SELECT 1 FROM poll_day WHERE store = store.key)",
		[DATASET_HOURS] =
		    "SELECT count(*) FROM store WHERE week IS NOT NULL",
		[DATASET_TIMEZONES] =
		    "SELECT count(*) FROM store WHERE zone IS NOT NULL",
		[DATASET_SPECIAL_HOURS] =
		    "SELECT count(DISTINCT store) FROM special",
	};
	int64_t value;
	enum err err = db_number(&data->db, sql[dataset], &value);

	*count = (uint64_t)value;
	return err;
}

static const char *
text(sqlite3_stmt *stmt, int column)
{
	const char *s = (const char *)sqlite3_column_text(stmt, column);

	return s != NULL ? s : "";
}

static uint64_t
count(sqlite3_stmt *stmt, int column)
{
	return (uint64_t)sqlite3_column_int64(stmt, column);
}

#define COLUMNS \
	"SELECT id, dataset, at_us, revision, file, who, sha256," \
	" rows, new, changed, same, bad, removed, undone_us FROM import "

/* Visits what a statement of those columns gives; ends the statement. */
static enum err
visit_rows(struct data *data, sqlite3_stmt *stmt,
    void (*visit)(void *ctx, const struct data_import *import), void *ctx,
    size_t *visited)
{
	struct data_import one;
	bool row;
	enum err err = ERR_NONE;

	for (*visited = 0;; ++*visited) {
		err = db_step(&data->db, stmt, &row);
		if (err != ERR_NONE || !row)
			break;
		copy(one.id, sizeof(one.id), stmt, 0);
		if (!dataset_parse(text(stmt, 1), &one.dataset)) {
			err = ERR_CORRUPT;
			break;
		}
		one.at_us = sqlite3_column_int64(stmt, 2);
		one.revision = sqlite3_column_int64(stmt, 3);
		one.file = text(stmt, 4);
		one.who = text(stmt, 5);
		one.sha256 = text(stmt, 6);
		one.rows = count(stmt, 7);
		one.new = count(stmt, 8);
		one.changed = count(stmt, 9);
		one.same = count(stmt, 10);
		one.bad = count(stmt, 11);
		one.removed = count(stmt, 12);
		one.undone_us = sqlite3_column_int64(stmt, 13);
		visit(ctx, &one);
	}
	(void)sqlite3_finalize(stmt);
	return err;
}

enum err
data_imports(struct data *data, enum dataset dataset, size_t limit,
    void (*visit)(void *ctx, const struct data_import *import), void *ctx)
{
	sqlite3_stmt *stmt;
	size_t visited;
	enum err err = db_prepare(&data->db,
	    COLUMNS "WHERE dataset = ? ORDER BY at_us DESC LIMIT ?", &stmt);

	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_text(stmt, 1, dataset_names[dataset], -1,
	    SQLITE_STATIC);
	(void)sqlite3_bind_int64(stmt, 2, (int64_t)limit);
	return visit_rows(data, stmt, visit, ctx, &visited);
}

enum err
data_find_import(struct data *data, const char *id,
    void (*visit)(void *ctx, const struct data_import *import), void *ctx)
{
	sqlite3_stmt *stmt;
	size_t visited;
	enum err err = db_prepare(&data->db, COLUMNS "WHERE id = ?", &stmt);

	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_text(stmt, 1, id, -1, SQLITE_STATIC);
	err = visit_rows(data, stmt, visit, ctx, &visited);
	return err == ERR_NONE && visited == 0 ? ERR_NOT_FOUND : err;
}
