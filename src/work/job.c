/*
 * Asking: the question is resolved against the data as it is now, so that
 * "latest" means one instant for ever; then, under the writer lock, it joins
 * a job that answers it already or is queued as a new one.
 */
#include "work/job.h"

#include "sys/clock.h"
#include "sys/ids.h"
#include "sys/log.h"
#include "sys/spawn.h"
#include "work/job_desk.h"
#include "work/question.h"
#include "work/spool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A question that was resolved. */
struct form {
	struct data_revision revision;
	int64_t as_of_us;
	struct uptime_rules rules;
	char *stores; /* JSON; NULL: all */
	char hash[JOBS_HASH];
};

enum err
job_desk_open(struct job_desk **out, const struct settings *settings)
{
	struct job_desk *desk = calloc(1, sizeof(*desk));
	enum err err;

	*out = NULL;
	if (desk == NULL)
		return ERR_NO_MEMORY;
	err = desk_init(desk, settings);
	desk->hurried = true;
	if (err == ERR_NONE)
		err = spawn_forget_children();
	if (err != ERR_NONE) {
		job_desk_close(desk);
		return err;
	}
	*out = desk;
	return ERR_NONE;
}

void
job_desk_for(struct job_desk *desk, const char *request)
{
	(void)snprintf(desk->request, sizeof(desk->request), "%s", request);
}

void
job_desk_close(struct job_desk *desk)
{
	if (desk == NULL)
		return;
	desk_release(desk);
	free(desk);
}

static enum err
check_ids(const struct job_question *q)
{
	size_t i;

	if (q->stores == NULL)
		return ERR_NONE;
	if (q->store_count > JOB_STORES_MAX)
		return ERR_TOO_LARGE;
	for (i = 0; i < q->store_count; i++)
		if (!text_is_store_id(q->stores[i], strlen(q->stores[i])))
			return ERR_INPUT;
	return ERR_NONE;
}

static enum err
pass_over(void *ctx, const struct data_store *store)
{
	(void)ctx;
	(void)store;
	return ERR_NONE;
}

/* Reads the revision, and whether the stores are known, of one snapshot. */
static enum err
read_data(struct data *data, const struct job_question *q,
    struct data_revision *revision)
{
	enum err err = data_read_begin(data);
	size_t i;

	if (err != ERR_NONE)
		return err;
	err = data_revision(data, revision);
	if (err == ERR_NONE && !revision->has_polls)
		err = ERR_CONFLICT;
	if (q->stores != NULL)
		for (i = 0; i < q->store_count && err == ERR_NONE; i++)
			/* Its polls are not asked for: no days. */
			err = data_one(data, q->stores[i], 1, 0, pass_over,
			    NULL);
	data_read_end(data);
	return err;
}

static enum err
resolve(struct job_desk *desk, const struct job_question *q, struct form *form)
{
	struct question question;
	enum err err = check_ids(q);

	if (err == ERR_NONE)
		err = desk_open_data(desk);
	if (err == ERR_NONE)
		err = read_data(desk->data, q, &form->revision);
	if (err == ERR_NONE && q->stores != NULL)
		err = question_stores(q->stores, q->store_count, &form->stores);
	if (err != ERR_NONE)
		return err;
	form->as_of_us = q->as_of_us == REPORT_LATEST ? form->revision.newest_us
						      : q->as_of_us;
	if (form->as_of_us < form->revision.kept_us)
		return ERR_GONE;
	form->rules = q->rules;
	question = (struct question){ .revision = &form->revision,
		.tzdata = desk->tzdata,
		.as_of_us = form->as_of_us,
		.rules = form->rules,
		.stores = form->stores };
	return question_hash(&question, form->hash);
}

/*
 * Gives the id the files of a complete job; ERR_NOT_FOUND if they are gone.
 * Before the commit, so that an id which is told Complete has its files.
 */
static enum err
share_files(struct job_desk *desk, const struct jobs_match *match,
    const char *id)
{
	const char *state = desk->settings.state;
	enum err err;

	if (match->state != JOBS_COMPLETE)
		return ERR_NONE;
	if (match->source[0] == '\0')
		return ERR_NOT_FOUND;
	err = spool_link(state, match->source, id);
	return err == ERR_NONE ? spool_sync(state) : err;
}

/*
 * ERR_NOT_FOUND if no job answers the question, or none has room; shared is
 * the one that does.
 */
static enum err
join(struct job_desk *desk, const struct form *form, const char *id,
    char shared[JOB_ID_LEN + 1])
{
	struct jobs_match match;
	enum err err = jobs_match(desk->jobs, form->hash, &match);

	if (err != ERR_NONE)
		return err;
	if (match.shares >= desk->settings.value[SETTING_SHARES])
		return ERR_NOT_FOUND;
	err = share_files(desk, &match, id);
	if (err == ERR_NONE)
		err = jobs_share(desk->jobs, match.job, id, clock_now_us());
	if (err == ERR_NONE)
		(void)snprintf(shared, JOB_ID_LEN + 1, "%s", match.job_id);
	return err;
}

static enum err
queue(struct job_desk *desk, const struct form *form, const char *id)
{
	const struct jobs_order order = { .question = form->hash,
		.as_of_us = form->as_of_us,
		.rules = form->rules,
		.stores = form->stores,
		.request = desk_request(desk) };
	int64_t queued;
	enum err err = jobs_count_queued(desk->jobs, false, &queued);

	if (err == ERR_NONE && queued >= desk->settings.value[SETTING_QUEUE])
		err = ERR_BUSY;
	return err == ERR_NONE
	    ? jobs_add(desk->jobs, id, &order, clock_now_us())
	    : err;
}

/* Says which job the id is of: its worker's lines name that one. */
static void
say_placed(const char *id, const char *shared)
{
	if (shared[0] == '\0')
		log_info("report %s queued", id);
	else
		log_info("report %s shares the files of %s", id, shared);
}

static enum err
place(struct job_desk *desk, const struct form *form, const char *id)
{
	char shared[JOB_ID_LEN + 1] = "";
	enum err err = jobs_begin(desk->jobs);

	if (err != ERR_NONE)
		return err;
	err = join(desk, form, id, shared);
	if (err == ERR_NOT_FOUND)
		err = queue(desk, form, id);
	if (err == ERR_NONE) {
		err = jobs_commit(desk->jobs);
		if (err == ERR_NONE)
			say_placed(id, shared);
		return err;
	}
	jobs_rollback(desk->jobs);
	spool_remove(desk->settings.state, id);
	return err;
}

enum err
job_trigger(struct job_desk *desk, const struct job_question *question,
    char id[JOB_ID_LEN + 1])
{
	struct form form = { .stores = NULL };
	enum err err = resolve(desk, question, &form);

	if (err == ERR_NONE) {
		ids_make(id);
		err = place(desk, &form, id);
	}
	if (err == ERR_NONE)
		desk_start_worker(desk);
	free(form.stores);
	return err;
}
