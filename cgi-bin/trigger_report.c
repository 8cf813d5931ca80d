/*
 * /trigger_report: asks for a report and answers its id at once.  The report
 * itself is made by a worker; /get_report tells how far it is.
 */
#include "program.h"

#include <stdio.h>

enum {
	AS_OF,
	INTERPOLATION,
	REACH,
	STORE_ID,
	PARAMS
};

static bool
is_as_of(const char *value)
{
	int64_t as_of_us;

	return report_parse_as_of(value, &as_of_us);
}

static bool
is_interpolation(const char *value)
{
	enum interpolation interpolation;

	return report_parse_interpolation(value, &interpolation);
}

static bool
is_reach(const char *value)
{
	int64_t reach_us;

	return report_parse_reach(value, &reach_us);
}

static const struct param params[PARAMS] = {
	[AS_OF] = { "as_of", PARAM_CHECKED, false, { .check = is_as_of },
	    "a UTC time stamp like 2023-01-25T18:13:22.479220Z, of the years "
	    "2000 to 2999, or latest" },
	[INTERPOLATION] = { "interpolation", PARAM_CHECKED, false,
	    { .check = is_interpolation }, "previous, next or nearest" },
	[REACH] = { "reach", PARAM_CHECKED, false, { .check = is_reach },
	    "a whole number with s, m, h or d, like 24h, or unlimited" },
	[STORE_ID] = { "store_id", PARAM_STORE_ID, false,
	    { .max_count = JOB_STORES_MAX },
	    "a store id: 1 to 64 bytes of clean text that does not start with "
	    "=, +, - or @" },
};

/* The question that the parameters, checked already, ask. */
static struct job_question
read_question(const struct params *p)
{
	struct job_question q = {
		.as_of_us = REPORT_LATEST,
		.rules = {
			.interpolation = INTERPOLATION_PREVIOUS,
			.reach_us = UPTIME_REACH_UNLIMITED,
		},
	};

	if (params_text(p, AS_OF) != NULL)
		(void)report_parse_as_of(params_text(p, AS_OF), &q.as_of_us);
	if (params_text(p, INTERPOLATION) != NULL)
		(void)report_parse_interpolation(params_text(p, INTERPOLATION),
		    &q.rules.interpolation);
	if (params_text(p, REACH) != NULL)
		(void)report_parse_reach(params_text(p, REACH),
		    &q.rules.reach_us);
	q.stores = params_list(p, STORE_ID, &q.store_count);
	if (q.store_count == 0)
		q.stores = NULL;
	return q;
}

static void
refuse(struct program *p, struct reply *reply, enum err err)
{
	switch (err) {
	case ERR_CONFLICT:
		reply_error(reply, 409, "no_polls",
		    "There are no polls yet: import a poll file first.");
		break;
	case ERR_NOT_FOUND:
		reply_error(reply, 400, "unknown_store",
		    "A store_id names a "
		    "store that no imported file knows; check its spelling.");
		break;
	case ERR_BUSY:
		reply_error(reply, 503, "queue_full",
		    "Too many reports are "
		    "waiting; please try again in a moment.");
		reply_header(reply, "Retry-After", "5");
		break;
	default:
		program_fail(p, reply, err);
	}
}

static void
trigger(void *app, const struct request *request, struct reply *reply)
{
	struct job_question question = read_question(&request->params);
	struct job_desk *desk = program_desk(app, reply);
	char id[JOB_ID_LEN + 1], url[32 + JOB_ID_LEN];
	enum err err;

	if (desk == NULL)
		return;
	err = job_trigger(desk, &question, id);
	if (err != ERR_NONE) {
		refuse(app, reply, err);
		return;
	}
	(void)snprintf(url, sizeof(url), "/get_report?report_id=%s", id);
	reply->status = 202;
	reply_header(reply, "Location", url);
	reply_header(reply, "Retry-After", "1");
	buf_printf(&reply->body,
	    "{\"report_id\":\"%s\",\"status\":\"%s\","
	    "\"status_url\":\"%s\"}",
	    id, job_state_names[JOB_RUNNING], url);
}

static const struct endpoint endpoint = {
	.name = "trigger_report",
	.methods = ENDPOINT_GET | ENDPOINT_POST,
	.max_body = 1 << 20,
	.params = params,
	.param_count = PARAMS,
	.handler = trigger,
};

int
main(void)
{
	return program_run(&endpoint);
}
