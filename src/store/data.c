/*
 * Opening the data, its revision, its ids and keys.  The scans are in
 * data_scan.c, bringing data in is bulk.c.
 */
#include "store/data_impl.h"

#include "sys/log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum err
data_revision(struct data *data, struct data_revision *out)
{
	sqlite3_stmt *stmt = data->revision;
	bool row;
	enum err err = db_step(&data->db, stmt, &row);

	if (err != ERR_NONE)
		return err;
	if (!row) {
		log_error("data.db: the revision is missing");
		return ERR_CORRUPT;
	}
	memset(out, 0, sizeof(*out));
	out->number = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_snprintf(sizeof(out->token), out->token, "%s",
	    sqlite3_column_text(stmt, 1));
	out->has_polls = sqlite3_column_type(stmt, 2) != SQLITE_NULL;
	out->newest_us = sqlite3_column_int64(stmt, 2);
	out->sample = sqlite3_column_int(stmt, 3) != 0;
	out->kept_us = sqlite3_column_type(stmt, 4) != SQLITE_NULL
	    ? sqlite3_column_int64(stmt, 4)
	    : INT64_MIN;
	(void)sqlite3_reset(stmt);
	return ERR_NONE;
}

/* A log that was removed took changes along, or the end of one did. */
static enum err
check_number(struct data *data)
{
	struct data_revision revision;
	enum err err = data_revision(data, &revision);

	if (err != ERR_NONE || revision.number >= data->db.noted)
		return err;
	log_error("data.db: ends with change %" PRId64 " though %" PRId64
		  " was made: data.db-wal was removed or damaged",
	    revision.number, data->db.noted);
	return ERR_CORRUPT;
}

enum err
data_open(struct data **out, const char *state)
{
	struct data *data = calloc(1, sizeof(*data));
	enum err err;

	if (data == NULL)
		return ERR_NO_MEMORY;
	err = db_open(&data->db, state, "data");
	if (err == ERR_NONE)
		err = db_prepare(&data->db,
		    "SELECT number, token, newest_us,"
		    " sample, kept_us FROM revision",
		    &data->revision);
	if (err == ERR_NONE)
		err = check_number(data);
	if (err != ERR_NONE) {
		data_close(data);
		return err;
	}
	data->db.patient = true;
	*out = data;
	return ERR_NONE;
}

void
data_close(struct data *data)
{
	if (data == NULL)
		return;
	(void)sqlite3_finalize(data->revision);
	(void)sqlite3_finalize(data->past);
	db_close(&data->db);
	free(data);
}

void
data_hurry(struct data *data)
{
	data->db.hurried = true;
	data->db.patient = false;
}

enum err
data_settle(struct data *data)
{
	return db_settle(&data->db);
}

enum err
data_read_begin(struct data *data)
{
	return db_read_begin(&data->db);
}

void
data_read_end(struct data *data)
{
	db_read_end(&data->db);
}

enum err
data_count_stores(struct data *data, uint64_t *count)
{
	int64_t value;
	enum err err = db_number(&data->db, "SELECT count(*) FROM store",
	    &value);

	*count = (uint64_t)value;
	return err;
}

enum err
data_first_day(struct data *data, int32_t *day)
{
	int64_t value;
	enum err err = db_number(&data->db,
	    "SELECT ifnull(min(day), 9223372036854775807) FROM poll_day",
	    &value);

	if (err == ERR_NONE && value == INT64_MAX)
		return ERR_NOT_FOUND;
	*day = (int32_t)value;
	return err;
}

enum err
data_find_ids(struct data *data, const char *prefix, size_t limit,
    enum err (*visit)(void *ctx, int64_t key, const char *id, size_t len),
    void *ctx)
{
	size_t prefix_len = strlen(prefix);
	sqlite3_stmt *stmt;
	bool row;
	enum err err = db_prepare(&data->db,
	    "SELECT key, id FROM store WHERE id >= ? ORDER BY id", &stmt);

	(void)sqlite3_bind_text(stmt, 1, prefix, -1, SQLITE_STATIC);
	for (; err == ERR_NONE && limit > 0; limit--) {
		const char *id;

		err = db_step(&data->db, stmt, &row);
		if (err != ERR_NONE || !row)
			break;
		id = (const char *)sqlite3_column_text(stmt, 1);
		if (id != NULL && strncmp(id, prefix, prefix_len) != 0)
			break;
		err = id == NULL ? ERR_NO_MEMORY
				 : visit(ctx, sqlite3_column_int64(stmt, 0), id,
				       (size_t)sqlite3_column_bytes(stmt, 1));
	}
	(void)sqlite3_finalize(stmt);
	return err;
}

enum err
data_ids(struct data *data,
    enum err (*visit)(void *ctx, int64_t key, const char *id, size_t len),
    void *ctx)
{
	return data_find_ids(data, "", SIZE_MAX, visit, ctx);
}

enum err
store_keys_open(struct db *db, struct store_keys *k)
{
	enum err err;

	k->db = db;
	k->make = NULL;
	err = db_prepare(db, "SELECT key FROM store WHERE id = ?", &k->find);
	if (err == ERR_NONE)
		err = db_prepare(db, "INSERT INTO store (id) VALUES (?)",
		    &k->make);
	return err;
}

enum err
store_keys_get(struct store_keys *k, const char *id, size_t len, int64_t *key)
{
	enum err err;
	bool row;

	(void)sqlite3_bind_text(k->find, 1, id, (int)len, SQLITE_STATIC);
	err = db_step(k->db, k->find, &row);
	if (err != ERR_NONE)
		return err;
	if (row) {
		*key = sqlite3_column_int64(k->find, 0);
		(void)sqlite3_reset(k->find);
		return ERR_NONE;
	}
	(void)sqlite3_bind_text(k->make, 1, id, (int)len, SQLITE_STATIC);
	err = db_run(k->db, k->make);
	*key = sqlite3_last_insert_rowid(k->db->sql);
	return err;
}

void
store_keys_close(struct store_keys *k)
{
	(void)sqlite3_finalize(k->find);
	(void)sqlite3_finalize(k->make);
	k->find = NULL;
	k->make = NULL;
}
