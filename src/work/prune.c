/*
 * Which polls may go.  The reckoner says which days it wants for the first
 * instant that is kept; of the days before, each store is looked through
 * backwards, as the reckoner does, until a day holds evidence.
 */
#include "work/prune.h"

#include "core/civil.h"
#include "core/stamp.h"
#include "work/reckon.h"

#include <string.h>

struct pruning {
	struct data *data;
	struct prune *prune;
	struct reckoner *reckoner;
	int32_t before_day;
	/* The store that is looked at. */
	struct schedule schedule;
	int64_t key;
	bool has_latest;
	enum err err;
};

/* Keeps the latest day, and the latest one with evidence. */
static void
look_back(void *ctx, const struct poll *polls, size_t n, bool *stop)
{
	struct pruning *p = ctx;
	bool evidence = false;
	size_t i;

	for (i = 0; i < n && !evidence; i++)
		evidence = schedule_has(&p->schedule, polls[i].at_us);
	if (evidence || !p->has_latest)
		p->err = prune_keep(p->prune, p->key,
		    (int32_t)civil_floor_div(polls[0].at_us, STAMP_DAY_US));
	p->has_latest = true;
	*stop = evidence || p->err != ERR_NONE;
}

static enum err
look_at(void *ctx, const struct data_store *store)
{
	struct pruning *p = ctx;
	enum err err = reckoner_schedule(p->reckoner, store, &p->schedule);

	if (err != ERR_NONE)
		return err;
	p->key = store->key;
	p->has_latest = false;
	err = data_past(p->data, store->key, p->before_day, look_back, p);
	return err == ERR_NONE ? p->err : err;
}

static enum err
choose(struct pruning *p, struct prune_result *result)
{
	const struct uptime_rules rules = { INTERPOLATION_PREVIOUS,
		UPTIME_REACH_UNLIMITED };
	int32_t last;
	enum err err = reckoner_new(p->data, NULL, result->kept_us, &rules,
	    &p->reckoner);

	if (err != ERR_NONE)
		return err;
	reckoner_days(p->reckoner, &p->before_day, &last);
	result->before_day = p->before_day;
	/* The polls of no day: only the stores and their hours. */
	err = data_scan(p->data, 1, 0, look_at, p);
	reckoner_free(p->reckoner);
	return err == ERR_NONE
	    ? prune_finish(p->prune, p->before_day, &result->counts)
	    : err;
}

/* In the transaction that has begun. */
static enum err
remove_polls(struct pruning *p, int32_t keep_days, struct prune_result *result)
{
	struct data_revision revision;
	enum err err = data_revision(p->data, &revision);

	if (err == ERR_NONE && !revision.has_polls)
		err = ERR_CONFLICT;
	if (err != ERR_NONE)
		return err;
	result->kept_us = revision.newest_us - keep_days * STAMP_DAY_US;
	/* So much is not there any more. */
	if (result->kept_us < revision.kept_us) {
		result->kept_us = revision.kept_us;
		return ERR_NONE;
	}
	err = choose(p, result);
	result->any = result->counts.polls > 0;
	return err;
}

enum err
prune_run(const char *state, int32_t keep_days, bool dry_run,
    struct prune_result *result)
{
	struct pruning p = { .prune = NULL };
	enum err err = data_open(&p.data, state);

	memset(result, 0, sizeof(*result));
	if (err == ERR_NONE)
		err = prune_begin(p.data, &p.prune);
	if (err == ERR_NONE)
		err = remove_polls(&p, keep_days, result);
	if (err == ERR_NONE && !dry_run)
		err = prune_commit(p.prune, result->kept_us);
	else
		prune_abort(p.prune);
	data_close(p.data);
	return err;
}
