/*
 * An endpoint as data: what it takes stands in one constant table, and one
 * frame refuses everything else, always in the same order:
 *
 *	405	another method (with Allow)
 *	403	a change that another site's page asks for (own_site)
 *	413	a body over the ceiling (414: a query over REQUEST_QUERY_MAX)
 *	415	a body that is neither form nor JSON
 *	400	parameters that the table does not allow
 *
 * Only then is the handler called.  HEAD is GET whose body is not sent.
 *
 * A large body does not come through the program: where file_body is set, the
 * server has put the body of a POST or PUT into a file, which is the handler's
 * (web/body.h).  It may be of any type and size then, parameters come by the
 * query alone, and a request without a body is 411.
 */
#ifndef WEB_ENDPOINT_H
#define WEB_ENDPOINT_H

#include "web/param.h"
#include "web/reply.h"
#include "web/request.h"

#include <stddef.h>

enum endpoint_method {
	ENDPOINT_GET = 1, /* HEAD as well */
	ENDPOINT_POST = 2,
	ENDPOINT_PUT = 4
};

struct endpoint {
	const char *name; /* of the program, in the log */
	unsigned methods; /* of enum endpoint_method */
	bool own_site;    /* changes are its own pages' only */
	bool file_body;   /* see above */
	int64_t max_body; /* bytes, at most REQUEST_BODY_MAX */
	const struct param *params;
	size_t param_count;
	/* Fills the reply; app is what the program gave to the server. */
	void (*handler)(void *app, const struct request *request,
	    struct reply *reply);
	/*
	 * Where a program has several routes: the endpoint of the request's,
	 * or NULL for 404; all else but the name is not looked at then.
	 */
	const struct endpoint *(*choose)(const struct request *request);
};

/* Answers the request, which has begun: refused, or by the handler. */
void endpoint_answer(const struct endpoint *e, void *app,
    struct request *request, struct reply *reply);

#endif
