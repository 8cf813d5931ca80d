/*
 * An endpoint as data: what it takes stands in one constant table, and one
 * frame refuses everything else, always in the same order:
 *
 *	405	another method (with Allow)
 *	413	a body over the ceiling (414: a query over REQUEST_QUERY_MAX)
 *	415	a body that is neither form nor JSON
 *	400	parameters that the table does not allow
 *
 * Only then is the handler called.  HEAD is GET whose body is not sent.
 */
#ifndef WEB_ENDPOINT_H
#define WEB_ENDPOINT_H

#include "web/param.h"
#include "web/reply.h"
#include "web/request.h"

#include <stddef.h>

enum endpoint_method {
	ENDPOINT_GET = 1, /* HEAD as well */
	ENDPOINT_POST = 2
};

struct endpoint {
	const char *name; /* of the program, in the log */
	unsigned methods; /* of enum endpoint_method */
	int64_t max_body; /* bytes, at most REQUEST_BODY_MAX */
	const struct param *params;
	size_t param_count;
	/* Fills the reply; app is what the program gave to the server. */
	void (*handler)(void *app, const struct request *request,
	    struct reply *reply);
};

/* Answers the request, which has begun: refused, or by the handler. */
void endpoint_answer(const struct endpoint *e, void *app,
    struct request *request, struct reply *reply);

#endif
