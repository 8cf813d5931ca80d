/*
 * Looking a store up: a snapshot, a reckoner for the instant asked about, the
 * store with the polls that a report reads, and then one part of the timeline
 * after the other.  Those polls begin a day or more before the week, and so at
 * the first local date of the week or before: no zone has ever had a date that
 * is longer where that would matter.
 */
#include "work/timeline_impl.h"

#include "codec/escape.h"
#include "core/stamp.h"
#include "sys/tzdb.h"
#include "work/report.h"

#include <stdlib.h>
#include <string.h>

struct timeline_desk {
	struct data *data;
	struct tzdb *tzdb;
};

enum err
timeline_open(struct timeline_desk **out, const char *state)
{
	struct timeline_desk *desk = calloc(1, sizeof(*desk));
	enum err err;

	if (desk == NULL)
		return ERR_NO_MEMORY;
	err = data_open(&desk->data, state);
	if (err != ERR_NONE) {
		timeline_close(desk);
		/* A folder that is gone is no unknown store. */
		return err == ERR_NOT_FOUND ? ERR_IO : err;
	}
	*out = desk;
	return ERR_NONE;
}

void
timeline_close(struct timeline_desk *desk)
{
	if (desk == NULL)
		return;
	data_close(desk->data);
	tzdb_close(desk->tzdb);
	free(desk);
}

/* Opens the time zone database, anew if the system has another by now. */
static enum err
open_tzdb(struct timeline_desk *desk)
{
	if (desk->tzdb != NULL && tzdb_is_fresh(desk->tzdb))
		return ERR_NONE;
	tzdb_close(desk->tzdb);
	desk->tzdb = NULL;
	return tzdb_open(&desk->tzdb);
}

/* A question on its way through the snapshot. */
struct asking {
	struct timeline_desk *desk;
	const struct timeline_question *question;
	struct data_revision revision;
	struct reckoner *reckoner;
	int32_t first_day; /* of the polls that are read */
	void (*write)(const struct timeline *t, struct buf *out);
	struct buf *out;
};

static enum err
gather(struct asking *a, struct timeline *t)
{
	struct uptime_input in;
	const struct zone *zone;
	enum err err = reckoner_input(a->reckoner, t->store, &in, &zone);

	if (err != ERR_NONE)
		return err;
	reckoner_finish(a->reckoner, &in, &t->reckoned);
	t->as_of_us = in.as_of_us;
	t->week_us = in.as_of_us - uptime_window_us[WINDOW_WEEK];
	t->schedule.zone = zone;
	err = timeline_gather(t, &in, a->first_day);
	if (err == ERR_NONE)
		err = timeline_edges(t, a->desk->data, a->first_day);
	return err == ERR_NONE ? timeline_explain(t) : err;
}

static enum err
visit(void *ctx, const struct data_store *store)
{
	struct asking *a = ctx;
	struct timeline t = {
		.store = store,
		.revision = a->revision,
		.tzdata = reckoner_tzdata(a->reckoner),
		.zone = store->zone != NULL ? store->zone : TZDB_DEFAULT,
		.schedule = { store->week, store->week_rows, store->special,
		    store->special_rows, NULL },
		.rules = a->question->rules,
	};
	enum err err = gather(a, &t);

	if (err == ERR_NONE)
		a->write(&t, a->out);
	timeline_release(&t);
	return err == ERR_NONE ? buf_err(a->out) : err;
}

/* Inside the snapshot. */
static enum err
ask(struct asking *a)
{
	struct data *data = a->desk->data;
	int64_t as_of_us = a->question->as_of_us;
	int32_t last;
	enum err err = data_revision(data, &a->revision);

	if (err == ERR_NONE && !a->revision.has_polls)
		err = ERR_CONFLICT;
	if (as_of_us == REPORT_LATEST)
		as_of_us = a->revision.newest_us;
	if (err == ERR_NONE)
		err = reckoner_new(data, a->desk->tzdb, as_of_us,
		    &a->question->rules, &a->reckoner);
	if (err != ERR_NONE)
		return err;
	reckoner_days(a->reckoner, &a->first_day, &last);
	err = data_one(data, a->question->store, a->first_day, last, visit, a);
	reckoner_free(a->reckoner);
	return err;
}

enum err
timeline_ask(struct timeline_desk *desk,
    const struct timeline_question *question,
    void (*write)(const struct timeline *t, struct buf *out), struct buf *out)
{
	struct asking a = { .desk = desk,
		.question = question,
		.write = write,
		.out = out };
	enum err err = open_tzdb(desk);

	if (err == ERR_NONE)
		err = data_read_begin(desk->data);
	if (err != ERR_NONE)
		return err;
	err = ask(&a);
	data_read_end(desk->data);
	return err;
}

/* The ids found, and whether there were more than wanted. */
struct found {
	struct buf *out;
	size_t limit;
	size_t count;
};

static enum err
add_found(void *ctx, int64_t key, const char *id, size_t len)
{
	struct found *f = ctx;

	(void)key;
	if (f->count++ < f->limit) {
		buf_str(f->out, f->count > 1 ? "," : "");
		json_text(f->out, id, len);
	}
	return buf_err(f->out);
}

enum err
timeline_find(struct timeline_desk *desk, const char *prefix, size_t limit,
    struct buf *out)
{
	struct found f = { .out = out, .limit = limit };
	enum err err = data_read_begin(desk->data);

	if (err != ERR_NONE)
		return err;
	buf_str(out, "{\"prefix\":");
	json_text(out, prefix, strlen(prefix));
	buf_str(out, ",\"stores\":[");
	err = data_find_ids(desk->data, prefix, limit + 1, add_found, &f);
	data_read_end(desk->data);
	buf_printf(out, "],\"more\":%s}\n", f.count > limit ? "true" : "false");
	return err == ERR_NONE ? buf_err(out) : err;
}
