/*
 * The table upload.  Its statements are prepared for each call: what an
 * administrator does is nothing beside what goes on with reports.
 */
#include "store/uploads.h"

#include "store/jobs_impl.h"
#include "sys/log.h"

#include <string.h>

const char *const uploads_state_names[] = {
	[UPLOADS_CHECKING] = "checking",
	[UPLOADS_PREVIEW] = "preview",
	[UPLOADS_REJECTED] = "rejected",
	[UPLOADS_IMPORTING] = "importing",
	[UPLOADS_IMPORTED] = "imported",
	[UPLOADS_CANCELLED] = "cancelled",
	[UPLOADS_EXPIRED] = "expired",
	[UPLOADS_FAILED] = "failed",
};

_Static_assert(sizeof(uploads_state_names) / sizeof(uploads_state_names[0]) ==
	UPLOADS__MAX,
    "every state has a name");

#define COLUMNS \
	"SELECT u.id, u.state, u.dataset, u.file, u.who, u.bytes," \
	" u.whole, u.skip_bad, u.created_us, u.finished_us, u.sha256," \
	" u.revision, u.rows, u.new, u.changed, u.same, u.bad, u.removed," \
	" u.error, j.number, j.id, j.state, j.slot, j.spawned_us, j.error" \
	" FROM upload u LEFT JOIN job j ON j.number = u.job"

#define COUNTS_AT 12 /* their first column */
#define WORK_AT 19   /* the first column of the job */

bool
uploads_is_open(enum uploads_state state)
{
	return state == UPLOADS_CHECKING || state == UPLOADS_PREVIEW ||
	    state == UPLOADS_IMPORTING;
}

static enum err
prepare(struct jobs *jobs, const char *sql, sqlite3_stmt **stmt)
{
	return db_prepare(&jobs->db, sql, stmt);
}

/* Runs a bound statement that gives no rows, and lets go of it. */
static enum err
finish(struct jobs *jobs, sqlite3_stmt *stmt)
{
	enum err err = db_run(&jobs->db, stmt);

	(void)sqlite3_finalize(stmt);
	return err;
}

static enum err
column_state(sqlite3_stmt *stmt, int column, enum uploads_state *out)
{
	char name[16];
	int i;

	jobs_column_text(stmt, column, name, sizeof(name));
	for (i = 0; i < UPLOADS__MAX; i++)
		if (strcmp(name, uploads_state_names[i]) == 0) {
			*out = (enum uploads_state)i;
			return ERR_NONE;
		}
	log_error("jobs.db: unknown state of an upload \"%s\"", name);
	return ERR_CORRUPT;
}

static void
read_counts(sqlite3_stmt *stmt, struct uploads_counts *c)
{
	uint64_t *const to[] = { &c->rows, &c->new, &c->changed, &c->same,
		&c->bad, &c->removed };
	size_t i;

	for (i = 0; i < sizeof(to) / sizeof(to[0]); i++)
		*to[i] = (uint64_t)sqlite3_column_int64(stmt,
		    COUNTS_AT + (int)i);
}

/* All zeros if it has none. */
static enum err
read_work(sqlite3_stmt *stmt, struct jobs_report *work)
{
	if (sqlite3_column_type(stmt, WORK_AT) == SQLITE_NULL)
		return ERR_NONE;
	work->job = sqlite3_column_int64(stmt, WORK_AT);
	jobs_column_text(stmt, WORK_AT + 1, work->job_id, sizeof(work->job_id));
	work->slot = sqlite3_column_int(stmt, WORK_AT + 3);
	work->spawned_us = sqlite3_column_int64(stmt, WORK_AT + 4);
	jobs_column_text(stmt, WORK_AT + 5, work->error, sizeof(work->error));
	return jobs_column_state(stmt, WORK_AT + 2, &work->state);
}

static enum err
read_row(sqlite3_stmt *stmt, struct uploads_row *out)
{
	char dataset[16];
	enum err err;

	memset(out, 0, sizeof(*out));
	jobs_column_text(stmt, 0, out->id, sizeof(out->id));
	jobs_column_text(stmt, 2, dataset, sizeof(dataset));
	jobs_column_text(stmt, 3, out->file, sizeof(out->file));
	jobs_column_text(stmt, 4, out->who, sizeof(out->who));
	out->bytes = sqlite3_column_int64(stmt, 5);
	out->whole = sqlite3_column_int(stmt, 6) != 0;
	out->skip_bad = sqlite3_column_int(stmt, 7) != 0;
	out->created_us = sqlite3_column_int64(stmt, 8);
	out->finished_us = sqlite3_column_int64(stmt, 9);
	jobs_column_text(stmt, 10, out->sha256, sizeof(out->sha256));
	out->revision = sqlite3_column_int64(stmt, 11);
	read_counts(stmt, &out->counts);
	jobs_column_text(stmt, 18, out->error, sizeof(out->error));
	err = column_state(stmt, 1, &out->state);
	if (err == ERR_NONE && !dataset_parse(dataset, &out->dataset)) {
		log_error("jobs.db: unknown data set \"%s\"", dataset);
		err = ERR_CORRUPT;
	}
	return err == ERR_NONE ? read_work(stmt, &out->work) : err;
}

/* Queues a job; *job is its number. */
static enum err
queue(struct jobs *jobs, const struct uploads_order *order, int64_t now_us,
    int64_t *job)
{
	sqlite3_stmt *stmt;
	enum err err = prepare(jobs,
	    "INSERT INTO job (id, kind, state,"
	    " as_of_us, interpolation, shares, attempts, spawns, spawned_us,"
	    " created_us, request)"
	    " VALUES (?, ?, 'queued', 0, 'previous', 0, 0, 0, 0, ?, ?)",
	    &stmt);

	if (err != ERR_NONE)
		return err;
	jobs_bind_text(stmt, 1, order->id);
	jobs_bind_text(stmt, 2, jobs_kind_names[order->kind]);
	(void)sqlite3_bind_int64(stmt, 3, now_us);
	jobs_bind_text(stmt, 4, order->request);
	err = finish(jobs, stmt);
	*job = sqlite3_last_insert_rowid(jobs->db.sql);
	return err;
}

enum err
uploads_add(struct jobs *jobs, const struct uploads_new *upload, int64_t now_us)
{
	const struct uploads_order order = { .kind = JOBS_CHECK,
		.id = upload->job_id,
		.request = upload->request };
	sqlite3_stmt *stmt;
	int64_t job;
	enum err err = queue(jobs, &order, now_us, &job);

	if (err == ERR_NONE)
		err = prepare(jobs,
		    "INSERT INTO upload (id, state, job,"
		    " dataset, file, who, bytes, whole, skip_bad, created_us)"
		    " VALUES (?, 'checking', ?, ?, ?, ?, ?, ?, 0,"
		    " " JOBS_CREATED("upload WHERE", "?8") ")",
		    &stmt);
	if (err != ERR_NONE)
		return err;
	jobs_bind_text(stmt, 1, upload->id);
	(void)sqlite3_bind_int64(stmt, 2, job);
	jobs_bind_text(stmt, 3, dataset_names[upload->dataset]);
	jobs_bind_text(stmt, 4, upload->file);
	jobs_bind_text(stmt, 5, upload->who);
	(void)sqlite3_bind_int64(stmt, 6, upload->bytes);
	(void)sqlite3_bind_int(stmt, 7, upload->whole);
	(void)sqlite3_bind_int64(stmt, 8, now_us);
	return finish(jobs, stmt);
}

/* Reads the only row of a bound statement, and lets go of it. */
static enum err
read_one(struct jobs *jobs, sqlite3_stmt *stmt, struct uploads_row *out)
{
	enum err err = jobs_one(jobs, stmt);

	if (err == ERR_NONE)
		err = read_row(stmt, out);
	(void)sqlite3_finalize(stmt);
	return err;
}

enum err
uploads_find(struct jobs *jobs, const char *id, struct uploads_row *out)
{
	sqlite3_stmt *stmt;
	enum err err = prepare(jobs, COLUMNS " WHERE u.id = ?", &stmt);

	if (err != ERR_NONE)
		return err;
	jobs_bind_text(stmt, 1, id);
	return read_one(jobs, stmt, out);
}

enum err
uploads_of_job(struct jobs *jobs, int64_t job, struct uploads_row *out)
{
	sqlite3_stmt *stmt;
	enum err err = prepare(jobs, COLUMNS " WHERE u.job = ?", &stmt);

	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int64(stmt, 1, job);
	return read_one(jobs, stmt, out);
}

static void
add_column(sqlite3_stmt *stmt, int column, struct buf *out)
{
	const char *text = (const char *)sqlite3_column_text(stmt, column);

	if (text != NULL)
		buf_str(out, text);
}

enum err
uploads_texts(struct jobs *jobs, const char *id, struct buf *result,
    struct buf *preview)
{
	sqlite3_stmt *stmt;
	enum err err = prepare(jobs,
	    "SELECT result, preview FROM upload WHERE id = ?", &stmt);

	if (err != ERR_NONE)
		return err;
	jobs_bind_text(stmt, 1, id);
	err = jobs_one(jobs, stmt);
	if (err == ERR_NONE) {
		add_column(stmt, 0, result);
		add_column(stmt, 1, preview);
	}
	(void)sqlite3_finalize(stmt);
	return err;
}

enum err
uploads_queue(struct jobs *jobs, const char *id,
    const struct uploads_order *order, int64_t now_us)
{
	const char *sql = order->kind == JOBS_IMPORT
	    ? "UPDATE upload SET job = ?1, state = 'importing', skip_bad = ?2"
	      " WHERE id = ?3"
	    : "UPDATE upload SET job = ?1, state = 'checking', skip_bad = ?2,"
	      " sha256 = NULL, revision = NULL, rows = NULL, new = NULL,"
	      " changed = NULL, same = NULL, bad = NULL, removed = NULL,"
	      " result = NULL, preview = NULL WHERE id = ?3";
	sqlite3_stmt *stmt;
	int64_t job;
	enum err err = queue(jobs, order, now_us, &job);

	if (err == ERR_NONE)
		err = prepare(jobs, sql, &stmt);
	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int64(stmt, 1, job);
	(void)sqlite3_bind_int(stmt, 2, order->skip_bad);
	jobs_bind_text(stmt, 3, id);
	return finish(jobs, stmt);
}

/* Binds the counts from parameter 9 on; without any these stay NULL. */
static void
bind_counts(sqlite3_stmt *stmt, const struct uploads_counts *c)
{
	size_t i;

	if (c != NULL) {
		const uint64_t from[] = { c->rows, c->new, c->changed, c->same,
			c->bad, c->removed };

		for (i = 0; i < sizeof(from) / sizeof(from[0]); i++)
			(void)sqlite3_bind_int64(stmt, 9 + (int)i,
			    (int64_t)from[i]);
	}
}

enum err
uploads_tell(struct jobs *jobs, const char *id,
    const struct uploads_outcome *outcome, int64_t now_us)
{
	sqlite3_stmt *stmt;
	enum err err = prepare(jobs,
	    "UPDATE upload SET job = NULL,"
	    " state = ?2, finished_us = max(?3, created_us), error = ?4,"
	    " result = coalesce(?5, result), preview = coalesce(?6, preview),"
	    " sha256 = coalesce(?7, sha256),"
	    " revision = coalesce(?8, revision), rows = coalesce(?9, rows),"
	    " new = coalesce(?10, new), changed = coalesce(?11, changed),"
	    " same = coalesce(?12, same), bad = coalesce(?13, bad),"
	    " removed = coalesce(?14, removed) WHERE id = ?1",
	    &stmt);

	if (err != ERR_NONE)
		return err;
	jobs_bind_text(stmt, 1, id);
	jobs_bind_text(stmt, 2, uploads_state_names[outcome->state]);
	if (!uploads_is_open(outcome->state))
		(void)sqlite3_bind_int64(stmt, 3, now_us);
	jobs_bind_text(stmt, 4, outcome->error);
	jobs_bind_text(stmt, 5, outcome->result);
	jobs_bind_text(stmt, 6, outcome->preview);
	jobs_bind_text(stmt, 7, outcome->sha256);
	if (outcome->revision != NULL)
		(void)sqlite3_bind_int64(stmt, 8, *outcome->revision);
	bind_counts(stmt, outcome->counts);
	return finish(jobs, stmt);
}

enum err
uploads_visit(struct jobs *jobs, size_t limit,
    void (*visit)(void *ctx, const struct uploads_row *row), void *ctx)
{
	struct uploads_row row;
	sqlite3_stmt *stmt;
	enum err err = prepare(jobs, COLUMNS " ORDER BY u.number DESC LIMIT ?",
	    &stmt);

	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int64(stmt, 1, (int64_t)limit);
	while ((err = jobs_one(jobs, stmt)) == ERR_NONE) {
		err = read_row(stmt, &row);
		if (err != ERR_NONE)
			break;
		visit(ctx, &row);
	}
	(void)sqlite3_finalize(stmt);
	return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

enum err
uploads_due(struct jobs *jobs, int64_t before_us, struct uploads_row *out)
{
	sqlite3_stmt *stmt;
	enum err err = prepare(jobs,
	    COLUMNS " WHERE u.finished_us IS NULL"
		    " AND (j.state = 'failed'"
		    " OR (u.state = 'preview' AND u.created_us <= ?)) LIMIT 1",
	    &stmt);

	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int64(stmt, 1, before_us);
	return read_one(jobs, stmt, out);
}

enum err
uploads_beyond(struct jobs *jobs, int64_t n, int64_t *us)
{
	sqlite3_stmt *stmt;
	enum err err = prepare(jobs,
	    "SELECT finished_us FROM upload WHERE finished_us IS NOT NULL"
	    " ORDER BY finished_us DESC LIMIT 1 OFFSET ?",
	    &stmt);

	*us = INT64_MIN;
	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int64(stmt, 1, n);
	err = jobs_one(jobs, stmt);
	if (err == ERR_NONE)
		*us = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return err == ERR_NOT_FOUND ? ERR_NONE : err;
}

enum err
uploads_forget(struct jobs *jobs, int64_t before_us)
{
	sqlite3_stmt *stmt;
	enum err err = prepare(jobs,
	    "DELETE FROM upload WHERE finished_us <= ?", &stmt);

	if (err != ERR_NONE)
		return err;
	(void)sqlite3_bind_int64(stmt, 1, before_us);
	return finish(jobs, stmt);
}
