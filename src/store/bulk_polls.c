/*
 * Polls on their way into day blocks.  Portions of the file are sorted in
 * memory (store/portion.h) and merged with the blocks that are there, in
 * order of (day, store), which is how the table lies on the disk.
 *
 * Where the rows are to become the entire data set, they go to a temporary
 * table of the same shape, which then replaces the other.
 */
#include "store/data_impl.h"

#include "store/portion.h"
#include "sys/log.h"

#include <stdlib.h>
#include <string.h>

struct poll_bulk {
	struct db *db;
	struct store_keys keys;
	struct portion *portion;
	sqlite3_stmt *find; /* the block that rows are merged into */
	sqlite3_stmt *put;
	sqlite3_stmt *any; /* has a day any blocks? */
	sqlite3_stmt *old; /* replaced block, for the counts */
	bool whole;
	/* The block at hand: what is merged into, what will be replaced. */
	struct poll_list prior, replaced, merged;
	unsigned char *bytes;
	size_t bytes_cap;
	struct bulk_counts counts;
};

static enum err
prepare(struct poll_bulk *p)
{
	static const char *const into_day[] = {
		"SELECT polls FROM poll_day WHERE day = ? AND store = ?",
		"INSERT OR REPLACE INTO poll_day VALUES (?, ?, ?)",
		"SELECT 1 FROM poll_day WHERE day = ? LIMIT 1"
	};
	static const char *const into_new[] = {
		"SELECT polls FROM poll_new WHERE day = ? AND store = ?",
		"INSERT OR REPLACE INTO poll_new VALUES (?, ?, ?)",
		"SELECT 1 FROM poll_new WHERE day = ? LIMIT 1"
	};
	const char *const *sql = p->whole ? into_new : into_day;
	/* Blocks of all days are touched; pages must not go out half done. */
	enum err err = db_exec(p->db, "PRAGMA cache_size=-32768");

	if (err == ERR_NONE && p->whole)
		err = db_exec(p->db,
		    "CREATE TEMP TABLE poll_new ("
		    "day INTEGER NOT NULL, store INTEGER NOT NULL,"
		    "polls BLOB NOT NULL, PRIMARY KEY (day, store))"
		    "WITHOUT ROWID");
	if (err == ERR_NONE)
		err = db_prepare(p->db, sql[0], &p->find);
	if (err == ERR_NONE)
		err = db_prepare(p->db, sql[1], &p->put);
	if (err == ERR_NONE)
		err = db_prepare(p->db, sql[2], &p->any);
	if (err == ERR_NONE)
		err = db_prepare(p->db, into_day[0], &p->old);
	if (err == ERR_NONE)
		err = store_keys_open(p->db, &p->keys);
	return err;
}

enum err
poll_bulk_open(struct db *db, bool whole, struct poll_bulk **out)
{
	struct poll_bulk *p = calloc(1, sizeof(*p));
	enum err err;

	if (p == NULL)
		return ERR_NO_MEMORY;
	p->db = db;
	p->whole = whole;
	err = portion_new(&p->portion);
	if (err == ERR_NONE)
		err = prepare(p);
	if (err != ERR_NONE) {
		poll_bulk_close(p);
		return err;
	}
	*out = p;
	return ERR_NONE;
}

void
poll_bulk_close(struct poll_bulk *p)
{
	if (p == NULL)
		return;
	(void)sqlite3_finalize(p->find);
	(void)sqlite3_finalize(p->put);
	(void)sqlite3_finalize(p->any);
	(void)sqlite3_finalize(p->old);
	store_keys_close(&p->keys);
	(void)sqlite3_exec(p->db->sql, "PRAGMA cache_size=-2000", NULL, NULL,
	    NULL);
	portion_free(p->portion);
	free(p->prior.list);
	free(p->replaced.list);
	free(p->merged.list);
	free(p->bytes);
	free(p);
}

/* Reads the block of (day, key) into list, which is emptied first. */
static enum err
load(struct poll_bulk *p, sqlite3_stmt *find, const struct block *b,
    struct poll_list *list)
{
	bool row = false;
	enum err err;

	list->n = 0;
	(void)sqlite3_bind_int64(find, 1, b->day);
	(void)sqlite3_bind_int64(find, 2, b->key);
	err = db_step(p->db, find, &row);
	if (err == ERR_NONE && row)
		err = poll_list_read(list, find, 0, b->day);
	(void)sqlite3_reset(find);
	return err;
}

/* Counts a row by what was there at its instant: nothing, or a status. */
static void
count(struct bulk_counts *counts, const bool *there, bool up)
{
	if (there == NULL)
		counts->new ++;
	else if (*there == up)
		counts->same++;
	else
		counts->changed++;
}

/*
 * Merges a block's rows with the prior polls and counts what they do.  Sets
 * *differs if the result is another than the prior block.
 */
static enum err
merge(struct poll_bulk *p, const struct block *b, bool *differs)
{
	const struct poll *old = p->replaced.list;
	size_t i, prior = 0, at = 0, n = 0;
	enum err err = poll_list_room(&p->merged, p->prior.n + b->n);
	struct poll *out = p->merged.list;

	if (err != ERR_NONE)
		return err;
	*differs = false;
	for (i = 0; i < b->n; i++) {
		struct poll row = { b->polls[i] >> 1, b->polls[i] & 1 };
		const bool *there = NULL;
		bool placed;

		while (prior < p->prior.n &&
		    p->prior.list[prior].at_us <= row.at_us)
			out[n++] = p->prior.list[prior++];
		while (at < p->replaced.n && old[at].at_us < row.at_us)
			at++;
		placed = n > 0 && out[n - 1].at_us == row.at_us;
		if (placed) {
			there = &out[n - 1].up;
		} else if (at < p->replaced.n && old[at].at_us == row.at_us) {
			there = &old[at].up;
		}
		count(&p->counts, there, row.up);
		*differs |= !placed || *there != row.up;
		if (!placed)
			n++;
		out[n - 1] = row;
	}
	while (prior < p->prior.n)
		out[n++] = p->prior.list[prior++];
	p->merged.n = n;
	return ERR_NONE;
}

static enum err
write_block(struct poll_bulk *p, const struct block *b)
{
	size_t bytes = p->merged.n * PACK_POLL_MAX;
	enum err err;

	if (p->merged.n > DATA_DAY_POLLS_MAX) {
		log_error("a store has over %zu polls on one day",
		    DATA_DAY_POLLS_MAX);
		return ERR_TOO_LARGE;
	}
	err = portion_grow((void **)&p->bytes, &p->bytes_cap, bytes, 1);
	if (err != ERR_NONE)
		return err;
	bytes = pack_polls(p->merged.list, p->merged.n, b->day, p->bytes);
	(void)sqlite3_bind_int64(p->put, 1, b->day);
	(void)sqlite3_bind_int64(p->put, 2, b->key);
	(void)sqlite3_bind_blob(p->put, 3, p->bytes, (int)bytes, SQLITE_STATIC);
	return db_run(p->db, p->put);
}

static enum err
has_day(struct poll_bulk *p, int32_t day, bool *has)
{
	enum err err;

	(void)sqlite3_bind_int64(p->any, 1, day);
	err = db_step(p->db, p->any, has);
	(void)sqlite3_reset(p->any);
	return err;
}

/* Merges all blocks of the portion, in the order of the table. */
static enum err
write_blocks(struct poll_bulk *p)
{
	bool filled = false, differs;
	enum err err = ERR_NONE;
	size_t i, count;
	const struct block *b = portion_blocks(p->portion, &count);

	for (i = 0; i < count && err == ERR_NONE; i++, b++) {
		/* A day without blocks, the usual case, needs no look-ups. */
		if (i == 0 || b->day != b[-1].day)
			err = has_day(p, b->day, &filled);
		p->prior.n = 0;
		if (err == ERR_NONE && filled)
			err = load(p, p->find, b, &p->prior);
		if (err == ERR_NONE && p->whole)
			err = load(p, p->old, b, &p->replaced);
		if (err == ERR_NONE)
			err = merge(p, b, &differs);
		if (err == ERR_NONE && differs)
			err = write_block(p, b);
	}
	return err;
}

static enum err
key_of(void *ctx, const char *id, size_t len, int64_t *key)
{
	return store_keys_get(ctx, id, len, key);
}

/* Hands the portion to the database and begins the next one. */
static enum err
flush(struct poll_bulk *p)
{
	enum err err = portion_sort(p->portion, key_of, &p->keys);

	if (err == ERR_NONE)
		err = write_blocks(p);
	portion_reset(p->portion);
	return err;
}

enum err
poll_bulk_put(struct poll_bulk *p, const char *id, size_t len,
    const struct poll *poll)
{
	if (portion_is_full(p->portion, len)) {
		enum err err = flush(p);

		if (err != ERR_NONE)
			return err;
	}
	return portion_put(p->portion, id, len, poll);
}

/* How many polls there are in all. */
static enum err
count_polls(struct poll_bulk *p, uint64_t *total)
{
	sqlite3_stmt *stmt;
	bool row;
	enum err err = db_prepare(p->db, "SELECT day, polls FROM poll_day",
	    &stmt);

	*total = 0;
	while (err == ERR_NONE) {
		err = db_step(p->db, stmt, &row);
		if (err != ERR_NONE || !row)
			break;
		p->replaced.n = 0;
		err = poll_list_read(&p->replaced, stmt, 1,
		    sqlite3_column_int(stmt, 0));
		*total += p->replaced.n;
	}
	(void)sqlite3_finalize(stmt);
	return err;
}

/* Merges the old block `prior` with the new one, which wins. */
static enum err
keep_block(struct poll_bulk *p, int32_t day, int64_t key)
{
	struct block b = { .key = key, .day = day };
	struct bulk_counts counts = p->counts;
	int64_t *rows;
	bool differs;
	size_t i;
	enum err err = load(p, p->find, &b, &p->replaced);

	if (err != ERR_NONE)
		return err;
	rows = malloc((p->replaced.n + 1) * sizeof(*rows));
	if (rows == NULL)
		return ERR_NO_MEMORY;
	for (i = 0; i < p->replaced.n; i++)
		rows[i] = p->replaced.list[i].at_us * 2 +
		    p->replaced.list[i].up;
	b.polls = rows;
	b.n = (uint32_t)p->replaced.n;
	p->replaced.n = 0;
	err = merge(p, &b, &differs);
	free(rows);
	p->counts = counts;
	return err == ERR_NONE ? write_block(p, &b) : err;
}

/* Stores of which a row was bad keep what they had, with what is good. */
static enum err
keep(struct poll_bulk *p)
{
	sqlite3_stmt *stmt;
	bool row;
	enum err err = db_prepare(p->db,
	    "SELECT p.day, p.store, p.polls FROM temp.kept k"
	    " JOIN store s ON s.id = k.id JOIN poll_day p ON p.store = s.key",
	    &stmt);

	while (err == ERR_NONE) {
		err = db_step(p->db, stmt, &row);
		if (err != ERR_NONE || !row)
			break;
		p->prior.n = 0;
		err = poll_list_read(&p->prior, stmt, 2,
		    sqlite3_column_int(stmt, 0));
		if (err == ERR_NONE)
			err = keep_block(p, sqlite3_column_int(stmt, 0),
			    sqlite3_column_int64(stmt, 1));
	}
	(void)sqlite3_finalize(stmt);
	return err;
}

/* The new table becomes the data set. */
static enum err
replace(struct poll_bulk *p)
{
	uint64_t before, after;
	enum err err = count_polls(p, &before);

	if (err == ERR_NONE)
		err = keep(p);
	if (err == ERR_NONE)
		err = db_exec(p->db,
		    "INSERT OR IGNORE INTO temp.losing"
		    " SELECT id FROM store WHERE key IN (SELECT store"
		    " FROM poll_day EXCEPT SELECT store FROM poll_new);"
		    "DELETE FROM poll_day;"
		    "INSERT INTO poll_day SELECT * FROM poll_new"
		    " ORDER BY day, store;"
		    "DELETE FROM poll_new");
	if (err == ERR_NONE)
		err = count_polls(p, &after);
	if (err == ERR_NONE)
		p->counts.removed = before + p->counts.new - after;
	return err;
}

enum err
poll_bulk_finish(struct poll_bulk *p, struct bulk_counts *counts)
{
	enum err err = flush(p);

	if (err == ERR_NONE && p->whole)
		err = replace(p);
	counts->new += p->counts.new;
	counts->changed += p->counts.changed;
	counts->same += p->counts.same;
	counts->removed += p->counts.removed;
	return err;
}
