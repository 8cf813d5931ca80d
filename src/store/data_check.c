/* Is everything what was written?  For `storemon check`. */
#include "store/data_impl.h"

#include "core/stamp.h"
#include "sys/log.h"

#include <stdlib.h>

/* What must find no row, and what it would mean. */
static const struct {
	const char *sql;
	const char *told;
} rules[] = {
	{ "SELECT 1 FROM poll_day WHERE store NOT IN (SELECT key FROM store)"
	  " LIMIT 1",
	    "polls of a store that is not there" },
	{ "SELECT 1 FROM special WHERE store NOT IN (SELECT key FROM store)"
	  " LIMIT 1",
	    "special dates of a store that is not there" },
	{ "SELECT 1 FROM poll_day p WHERE NOT EXISTS (SELECT 1 FROM poll_day"
	  " INDEXED BY poll_day_by_store WHERE store = p.store AND"
	  " day = p.day) LIMIT 1",
	    "polls that the index does not know" },
	{ "SELECT 1 WHERE (SELECT count(*) FROM revision) <> 1",
	    "not one revision" },
};

static enum err
check_rules(struct db *db)
{
	sqlite3_stmt *stmt;
	enum err err = ERR_NONE;
	bool row;
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		err = db_prepare(db, rules[i].sql, &stmt);
		if (err == ERR_NONE)
			err = db_step(db, stmt, &row);
		(void)sqlite3_finalize(stmt);
		if (err == ERR_NONE && row) {
			log_error("data.db: %s", rules[i].told);
			err = ERR_CORRUPT;
		}
		if (err != ERR_NONE)
			return err;
	}
	return ERR_NONE;
}

static enum err
look(void *ctx, const struct data_store *store)
{
	int64_t *newest_us = ctx;

	if (store->poll_count > 0 &&
	    store->polls[store->poll_count - 1].at_us > *newest_us)
		*newest_us = store->polls[store->poll_count - 1].at_us;
	if (text_is_store_id(store->id, store->id_len))
		return ERR_NONE;
	log_error("data.db: a store has no valid id");
	return ERR_CORRUPT;
}

/* Reads every block of every day; the scan itself finds damage. */
static enum err
check_blocks(struct data *data)
{
	struct data_revision revision;
	int64_t newest_us = INT64_MIN;
	int32_t day = 0, last;
	enum err err = data_revision(data, &revision);

	if (err != ERR_NONE)
		return err;
	last = (int32_t)(revision.newest_us / STAMP_DAY_US);
	err = data_first_day(data, &day);
	if (err == ERR_NOT_FOUND) {
		day = last + 1;
		err = data_scan(data, 1, 0, look, &newest_us);
	}
	for (; err == ERR_NONE && day <= last; day += 30)
		err = data_scan(data, day, day + 29 < last ? day + 29 : last,
		    look, &newest_us);
	if (err == ERR_NONE && (newest_us != INT64_MIN) != revision.has_polls)
		err = ERR_CORRUPT;
	if (err == ERR_NONE && revision.has_polls &&
	    newest_us != revision.newest_us)
		err = ERR_CORRUPT;
	if (err == ERR_CORRUPT)
		log_error("data.db: the polls are not what the revision says");
	return err;
}

enum err
data_check(struct data *data)
{
	enum err err = db_check(&data->db, DB_QUICK_CHECK);

	if (err == ERR_NONE)
		err = data_read_begin(data);
	if (err != ERR_NONE)
		return err;
	err = check_rules(&data->db);
	if (err == ERR_NONE)
		err = check_blocks(data);
	data_read_end(data);
	return err;
}
