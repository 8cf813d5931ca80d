/*
 * /trigger_report: asks for a report and answers its id at once.  The report
 * itself is made by a worker; /get_report tells how far it is.
 */
#include "program.h"
#include "rules.h"

#include <stdio.h>

enum {
	STORE_ID = RULES_PARAMS,
	PARAMS
};

static const struct param params[PARAMS] = {
	[RULES_AS_OF] = { "as_of", PARAM_CHECKED, false,
	    { .check = rules_is_as_of }, RULES_RIGHT_AS_OF },
	[RULES_INTERPOLATION] = { "interpolation", PARAM_CHECKED, false,
	    { .check = rules_is_interpolation }, RULES_RIGHT_INTERPOLATION },
	[RULES_REACH] = { "reach", PARAM_CHECKED, false,
	    { .check = rules_is_reach }, RULES_RIGHT_REACH },
	[STORE_ID] = { "store_id", PARAM_STORE_ID, false,
	    { .max_count = JOB_STORES_MAX },
	    "a store id: 1 to 64 bytes of clean text that does not start with "
	    "=, +, - or @" },
};

/* The question that the parameters, checked already, ask. */
static struct job_question
read_question(const struct params *p)
{
	struct job_question q;

	rules_read(p, &q.as_of_us, &q.rules);
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
