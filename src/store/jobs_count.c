/*
 * Counting.  A job that ends adds to its row in the table ended, in the same
 * change; everything else is counted when somebody asks.  Those statements
 * are prepared for each call: they are asked some times a minute.
 */
#include "store/jobs_count.h"

#include "store/jobs_impl.h"

#include <string.h>

const char *const jobs_end_names[] = {
	[JOBS_END_COMPLETE] = "complete",
	[JOBS_END_INPUT] = "input",
	[JOBS_END_BUSY] = "busy",
	[JOBS_END_MEMORY] = "memory",
	[JOBS_END_SPACE] = "space",
	[JOBS_END_IO] = "io",
	[JOBS_END_DAMAGE] = "damage",
	[JOBS_END_OVERTIME] = "overtime",
	[JOBS_END_LOST] = "lost",
	[JOBS_END_START] = "start",
	[JOBS_END_OTHER] = "other",
};

_Static_assert(sizeof(jobs_end_names) / sizeof(jobs_end_names[0]) ==
	JOBS_END__MAX,
    "every end has a name");

const int64_t jobs_bounds_ms[JOBS_BOUNDS] = { 100, 250, 500, 1000, 2500, 5000,
	10000, 30000, 60000, 300000 };

/* The first bound that is not below, or 0. */
static int64_t
bound_of(int64_t us)
{
	size_t i;

	for (i = 0; i < JOBS_BOUNDS; i++)
		if (us <= jobs_bounds_ms[i] * 1000)
			return jobs_bounds_ms[i];
	return 0;
}

enum err
jobs_count_end(struct jobs *jobs, sqlite3_stmt *stmt, enum jobs_end end)
{
	int64_t us = sqlite3_column_int64(stmt, 1);
	sqlite3_stmt *count;
	char kind[16];
	enum err err = jobs_sql(jobs, JOBS_SQL_ENDED, &count);

	if (err != ERR_NONE)
		return err;
	/* By a clock that was set back meanwhile it has taken no time. */
	if (us < 0)
		us = 0;
	jobs_column_text(stmt, 0, kind, sizeof(kind));
	jobs_bind_text(count, 1, kind);
	jobs_bind_text(count, 2, jobs_end_names[end]);
	(void)sqlite3_bind_int64(count, 3, bound_of(us));
	(void)sqlite3_bind_int64(count, 4, us);
	return db_run(&jobs->db, count);
}

enum err
jobs_count_open(struct jobs *jobs, struct jobs_open *out)
{
	sqlite3_stmt *stmt;
	enum err err = jobs_sql(jobs, JOBS_SQL_COUNT_OPEN, &stmt);

	memset(out, 0, sizeof(*out));
	if (err == ERR_NONE)
		err = jobs_one(jobs, stmt);
	if (err != ERR_NONE)
		return err;
	out->queued = sqlite3_column_int64(stmt, 0);
	out->running = sqlite3_column_int64(stmt, 1);
	out->oldest_us = sqlite3_column_int64(stmt, 2);
	(void)sqlite3_reset(stmt);
	return ERR_NONE;
}

/* The place of a name in a list; n if it is not there. */
static size_t
find_name(sqlite3_stmt *stmt, int column, const char *const *names, size_t n)
{
	char name[16];
	size_t i;

	jobs_column_text(stmt, column, name, sizeof(name));
	for (i = 0; i < n && strcmp(name, names[i]) != 0; i++)
		continue;
	return i;
}

/* Takes a row of a statement. */
typedef void take(sqlite3_stmt *stmt, struct jobs_counts *out);

static void
take_state(sqlite3_stmt *stmt, struct jobs_counts *out)
{
	size_t i = find_name(stmt, 0, jobs_state_names, JOBS__MAX);

	if (i < JOBS__MAX)
		out->state[i] = sqlite3_column_int64(stmt, 1);
}

static void
take_upload(sqlite3_stmt *stmt, struct jobs_counts *out)
{
	size_t i = find_name(stmt, 0, uploads_state_names, UPLOADS__MAX);

	if (i < UPLOADS__MAX)
		out->uploads[i] = sqlite3_column_int64(stmt, 1);
}

static void
take_ids(sqlite3_stmt *stmt, struct jobs_counts *out)
{
	out->ids[sqlite3_column_int(stmt, 0) != 0] = sqlite3_column_int64(stmt,
	    1);
}

static void
take_space(sqlite3_stmt *stmt, struct jobs_counts *out)
{
	out->spool_bytes = sqlite3_column_int64(stmt, 0);
}

/* A kind, an end or a bound of another release is not told. */
static void
take_ended(sqlite3_stmt *stmt, struct jobs_counts *out)
{
	size_t kind = find_name(stmt, 0, jobs_kind_names, JOBS_KIND__MAX);
	size_t end = find_name(stmt, 1, jobs_end_names, JOBS_END__MAX), i;
	int64_t bound_ms = sqlite3_column_int64(stmt, 2);
	int64_t count = sqlite3_column_int64(stmt, 3);

	if (kind == JOBS_KIND__MAX || end == JOBS_END__MAX)
		return;
	out->ended[kind].count[end] += count;
	if (end != JOBS_END_COMPLETE)
		return;
	for (i = 0; i < JOBS_BOUNDS && jobs_bounds_ms[i] != bound_ms; i++)
		continue;
	out->ended[kind].took[i] += count;
	out->ended[kind].took_us += sqlite3_column_int64(stmt, 4);
}

static enum err
take_rows(struct jobs *jobs, const char *sql, take *how,
    struct jobs_counts *out)
{
	sqlite3_stmt *stmt;
	enum err err = db_prepare(&jobs->db, sql, &stmt);

	if (err != ERR_NONE)
		return err;
	while ((err = jobs_one(jobs, stmt)) == ERR_NONE)
		how(stmt, out);
	(void)sqlite3_finalize(stmt);
	return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

enum err
jobs_count(struct jobs *jobs, struct jobs_counts *out)
{
	static const struct {
		const char *sql;
		take *how;
	} rows[] = {
		{ "SELECT state, count(*) FROM job GROUP BY state",
		    take_state },
		{ "SELECT state, count(*) FROM upload GROUP BY state",
		    take_upload },
		{ "SELECT expired, count(*) FROM report GROUP BY expired",
		    take_ids },
		{ "SELECT sum(disk_bytes) FROM job WHERE disk_bytes > 0",
		    take_space },
		{ "SELECT kind, outcome, bound_ms, jobs, us FROM ended",
		    take_ended },
	};
	enum err err = db_read_begin(&jobs->db);
	size_t i;

	memset(out, 0, sizeof(*out));
	if (err != ERR_NONE)
		return err;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]) && err == ERR_NONE; i++)
		err = take_rows(jobs, rows[i].sql, rows[i].how, out);
	db_read_end(&jobs->db);
	return err;
}
