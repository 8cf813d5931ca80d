/*
 * Two passes.  The first reads the stores in the order in which they lie in
 * the file and reckons each; results go to their rank, the place of the id in
 * byte order.  The second reads ids and results in order of rank.  Neither
 * keeps more than one store in memory, so it does not grow with the stores
 * (but for 16 bytes each, which say who has which rank, while the first pass
 * lasts).  The stores of a filter are looked up one by one in their order.
 */
#include "work/census.h"

#include "sys/log.h"
#include "work/fleet.h"
#include "work/results.h"
#include "work/worst.h"

#include <stdlib.h>
#include <string.h>

#define TELL_STORES 256 /* stores between two progress calls */

/* The rank of a store in the order of ids. */
struct rank {
	int64_t key;
	size_t rank;
};

/* What is kept of a store between the passes; marks only with cells. */
struct record {
	struct reckoned reckoned;
	struct cells_marks marks;
};

struct census {
	struct census_question q;
	struct results *results;
	const char **ids;   /* of a filter, in order, each once */
	struct rank *ranks; /* of all, in order of key */
	size_t count;
	size_t cap;
	size_t done;
	struct worst *worst;      /* NULL: all are listed */
	struct census_week *week; /* NULL: no cells */
	enum err (*visit)(void *ctx, const struct census_store *store);
	void *ctx;
	struct census_store at;
};

static enum err
add_rank(void *ctx, int64_t key, const char *id, size_t len)
{
	struct census *c = ctx;

	(void)id;
	(void)len;
	if (c->count == c->cap) {
		size_t cap = c->cap == 0 ? 1024 : c->cap * 2;
		void *more = realloc(c->ranks, cap * sizeof(*c->ranks));

		if (more == NULL)
			return ERR_NO_MEMORY;
		c->ranks = more;
		c->cap = cap;
	}
	c->ranks[c->count].key = key;
	c->ranks[c->count].rank = c->count;
	c->count++;
	return ERR_NONE;
}

static int
by_key(const void *left, const void *right)
{
	const struct rank *a = left, *b = right;

	return (a->key > b->key) - (a->key < b->key);
}

static int
by_text(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;

	return strcmp(*a, *b);
}

/* Puts the ids of the filter in order, each once. */
static enum err
sort_ids(struct census *c)
{
	size_t n = c->q.store_count, i;

	c->ids = calloc(n + 1, sizeof(*c->ids));
	if (c->ids == NULL)
		return ERR_NO_MEMORY;
	if (n > 0)
		memcpy(c->ids, c->q.stores, n * sizeof(*c->ids));
	qsort(c->ids, n, sizeof(*c->ids), by_text);
	for (i = 0; i < n; i++)
		if (i == 0 || strcmp(c->ids[i], c->ids[i - 1]) != 0)
			c->ids[c->count++] = c->ids[i];
	return ERR_NONE;
}

static void
tell_progress(const struct census *c)
{
	if (c->q.progress != NULL)
		c->q.progress(c->q.progress_ctx, c->done, c->count);
}

/* Reckons a store and its cells, and adds it to the sums of the week. */
static enum err
reckon_cells(struct census *c, const struct data_store *store,
    struct record *out)
{
	struct cells cells;
	enum err err = reckoner_cells(c->q.reckoner, store, &cells,
	    &out->reckoned);

	if (err != ERR_NONE)
		return err;
	out->marks = cells.marks;
	cells_add(fleet_is_dark(&out->reckoned) ? &c->week->dark
						: &c->week->lit,
	    &cells.times);
	polled_add(&c->week->polled, store->polls, store->poll_count);
	return ERR_NONE;
}

/* Reckons a store and keeps it at its rank. */
static enum err
take(struct census *c, size_t rank, const struct data_store *store)
{
	struct record one;
	enum err err;

	if (c->week != NULL)
		err = reckon_cells(c, store, &one);
	else
		err = reckoner_store(c->q.reckoner, store, &one.reckoned);
	if (err == ERR_NONE)
		err = results_put(c->results, rank, &one);
	if (err == ERR_NONE && c->worst != NULL)
		worst_add(c->worst, rank,
		    one.reckoned.uptime.window[WINDOW_WEEK].down);
	if (++c->done % TELL_STORES == 0)
		tell_progress(c);
	return err;
}

static enum err
take_ranked(void *ctx, const struct data_store *store)
{
	struct census *c = ctx;

	if (c->done >= c->count || c->ranks[c->done].key != store->key) {
		log_error("store %s is not in the index of ids", store->id);
		return ERR_CORRUPT;
	}
	return take(c, c->ranks[c->done].rank, store);
}

static enum err
take_filtered(void *ctx, const struct data_store *store)
{
	struct census *c = ctx;

	return take(c, c->done, store);
}

static enum err
take_stores(struct census *c)
{
	enum err err = ERR_NONE;
	int32_t first, last;

	reckoner_days(c->q.reckoner, &first, &last);
	if (c->ids == NULL)
		return data_scan(c->q.data, first, last, take_ranked, c);
	while (c->done < c->count && err == ERR_NONE)
		err = data_one(c->q.data, c->ids[c->done], first, last,
		    take_filtered, c);
	return err;
}

/* Finds out who the stores are, and how many. */
static enum err
find_stores(struct census *c)
{
	enum err err;

	if (c->q.stores != NULL)
		return sort_ids(c);
	err = data_ids(c->q.data, add_rank, c);
	if (err == ERR_NONE)
		qsort(c->ranks, c->count, sizeof(*c->ranks), by_key);
	return err;
}

/* Makes what the results go to. */
static enum err
prepare(struct census *c)
{
	enum err err = results_new(c->q.state,
	    c->q.cells ? sizeof(struct record) : sizeof(struct reckoned),
	    &c->results);

	if (err == ERR_NONE && c->count > c->q.list_max)
		err = worst_new(c->q.list_worst, &c->worst);
	if (err != ERR_NONE || !c->q.cells)
		return err;
	c->week = calloc(1, sizeof(*c->week));
	if (c->week == NULL)
		return ERR_NO_MEMORY;
	polled_begin(&c->week->polled, c->q.as_of_us);
	return ERR_NONE;
}

enum err
census_take(const struct census_question *question, struct census **out)
{
	struct census *c = calloc(1, sizeof(*c));
	enum err err;

	if (c == NULL)
		return ERR_NO_MEMORY;
	c->q = *question;
	err = find_stores(c);
	if (err == ERR_NONE)
		err = prepare(c);
	if (err == ERR_NONE) {
		tell_progress(c);
		err = take_stores(c);
		tell_progress(c);
	}
	if (err != ERR_NONE) {
		census_free(c);
		return err;
	}
	free(c->ranks);
	c->ranks = NULL;
	if (c->worst != NULL)
		worst_sort(c->worst);
	*out = c;
	return ERR_NONE;
}

void
census_free(struct census *c)
{
	if (c == NULL)
		return;
	results_free(c->results);
	worst_free(c->worst);
	free(c->week);
	free(c->ids);
	free(c->ranks);
	free(c);
}

size_t
census_stores(const struct census *c)
{
	return c->count;
}

size_t
census_listed(const struct census *c)
{
	return c->worst != NULL ? worst_count(c->worst) : c->count;
}

const struct census_week *
census_week(const struct census *c)
{
	return c->week;
}

/* Tells the store of the next rank, whose id this is. */
static enum err
tell_next(void *ctx, int64_t key, const char *id, size_t len)
{
	struct census *c = ctx;
	struct census_store *at = &c->at;
	struct record one;
	enum err err = results_get(c->results, at->row, &one);

	(void)key;
	if (err != ERR_NONE)
		return err;
	at->id = id;
	at->len = len;
	at->listed = c->worst == NULL || worst_has(c->worst, at->row);
	at->reckoned = one.reckoned;
	if (c->week != NULL)
		at->marks = one.marks;
	err = c->visit(c->ctx, at);
	at->row++;
	return err;
}

enum err
census_tell(struct census *c,
    enum err (*visit)(void *ctx, const struct census_store *store), void *ctx)
{
	enum err err = ERR_NONE;

	c->visit = visit;
	c->ctx = ctx;
	c->at.row = 0;
	if (c->ids == NULL)
		return data_ids(c->q.data, tell_next, c);
	while (c->at.row < c->count && err == ERR_NONE) {
		const char *id = c->ids[c->at.row];

		err = tell_next(c, 0, id, strlen(id));
	}
	return err;
}
