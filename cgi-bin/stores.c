/*
 * /stores: one store's week with all that its figures come of, and stores
 * found by the beginning of their id.
 */
#include "program.h"
#include "rules.h"

#include "base/number.h"
#include "base/text.h"
#include "work/timeline.h"

#include <string.h>

#define FOUND 20 /* ids that a search gives unless told */

enum {
	ID = RULES_PARAMS,
	PREFIX,
	LIMIT,
	PARAMS
};

static bool
is_prefix(const char *value)
{
	return strlen(value) <= STORE_ID_MAX;
}

static bool
read_limit(const char *value, int64_t *limit)
{
	return number_parse(value, strlen(value), 1, TIMELINE_FOUND_MAX, limit);
}

static bool
is_limit(const char *value)
{
	int64_t limit;

	return read_limit(value, &limit);
}

static const struct param params[PARAMS] = {
	[RULES_AS_OF] = { "as_of", PARAM_CHECKED, false,
	    { .check = rules_is_as_of }, RULES_RIGHT_AS_OF },
	[RULES_INTERPOLATION] = { "interpolation", PARAM_CHECKED, false,
	    { .check = rules_is_interpolation }, RULES_RIGHT_INTERPOLATION },
	[RULES_REACH] = { "reach", PARAM_CHECKED, false,
	    { .check = rules_is_reach }, RULES_RIGHT_REACH },
	[ID] = { "id", PARAM_STORE_ID, false, { 0 },
	    "a store id: 1 to 64 bytes of clean text that does not start with "
	    "=, +, - or @" },
	[PREFIX] = { "prefix", PARAM_CHECKED, false, { .check = is_prefix },
	    "the beginning of a store id, 64 bytes at the most" },
	[LIMIT] = { "limit", PARAM_CHECKED, false, { .check = is_limit },
	    "a whole number from 1 to 100" },
};

_Static_assert(TIMELINE_FOUND_MAX == 100, "the sentence above names it");

struct stores {
	struct program program;
	struct timeline_desk *desk; /* NULL while not open */
};

static void
refuse(struct stores *s, struct reply *reply, enum err err)
{
	switch (err) {
	case ERR_CONFLICT:
		reply_error(reply, 409, "no_polls",
		    "There are no polls yet: import a poll file first.");
		break;
	case ERR_NOT_FOUND:
		reply_error(reply, 404, "unknown_store",
		    "No imported file knows a store with this id; check its "
		    "spelling.");
		break;
	case ERR_TOO_LARGE:
		reply_error(reply, 409, "too_many_polls",
		    "This store has more polls in these days than fit into one "
		    "answer.");
		break;
	case ERR_IO:
	case ERR_CORRUPT:
	case ERR_NEWER:
		/* The next request opens the data anew, and may find it
		 * repaired. */
		timeline_close(s->desk);
		s->desk = NULL;
		reply_err(reply, err);
		break;
	default:
		reply_err(reply, err);
	}
}

static enum err
tell(struct stores *s, const struct params *p, struct buf *out)
{
	struct timeline_question question = { .store = params_text(p, ID) };
	int64_t limit = FOUND;

	if (question.store != NULL) {
		rules_read(p, &question.as_of_us, &question.rules);
		return timeline_ask(s->desk, &question, timeline_json, out);
	}
	if (params_text(p, LIMIT) != NULL)
		(void)read_limit(params_text(p, LIMIT), &limit);
	return timeline_find(s->desk, params_text(p, PREFIX), (size_t)limit,
	    out);
}

/* A store or a search: each has parameters of its own. */
static bool
check_kind(const struct params *p, struct reply *reply)
{
	bool one = params_text(p, ID) != NULL;
	bool search = params_text(p, PREFIX) != NULL;
	size_t row;

	if (!one && !search) {
		reply_error(reply, 400, "missing_parameter",
		    "Either id or prefix is needed: which store, or how the "
		    "ids to be listed begin.");
		return false;
	}
	for (row = 0; row < PARAMS; row++) {
		if (params_text(p, row) == NULL ||
		    (row == PREFIX || row == LIMIT ? search && !one : one))
			continue;
		reply_error(reply, 400, "bad_parameter",
		    "The parameters prefix and limit search stores, all "
		    "others are for the one with an id: ask for one or the "
		    "other.");
		return false;
	}
	return true;
}

static void
look_up(void *app, const struct request *request, struct reply *reply)
{
	const struct params *p = &request->params;
	struct stores *s = app;
	enum err err = ERR_NONE;

	if (!check_kind(p, reply))
		return;
	if (s->desk == NULL)
		err = timeline_open(&s->desk, s->program.settings.state);
	if (err == ERR_NONE)
		err = tell(s, p, &reply->body);
	if (err != ERR_NONE)
		refuse(s, reply, err);
}

static const struct endpoint endpoint = {
	.name = "stores",
	.methods = ENDPOINT_GET | ENDPOINT_POST,
	.max_body = 1 << 20,
	.params = params,
	.param_count = PARAMS,
	.handler = look_up,
};

int
main(void)
{
	struct stores s = { .desk = NULL };
	int status = program_start(&s.program, &endpoint);

	if (status != 0)
		return status;
	status = server_run(&endpoint, &s);
	timeline_close(s.desk);
	return status;
}
