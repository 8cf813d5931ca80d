/*
 * One HTTP request, as it comes from FastCGI or the CGI environment: the few
 * variables that the program looks at, the body, and the parameters.  The
 * path is not among them: the server has chosen the program by it.
 */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include "base/buf.h"
#include "base/text.h"
#include "web/params.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REQUEST_QUERY_MAX 65536     /* bytes of the longest query */
#define REQUEST_BODY_MAX (8u << 20) /* no endpoint may take more */

/* Where the body comes from. */
struct request_source {
	/* Reads up to len bytes; 0 at the end and on failure. */
	size_t (*read)(void *ctx, char *to, size_t len);
	void *ctx;
};

enum request_type {
	REQUEST_TYPE_NONE, /* no body */
	REQUEST_TYPE_FORM,
	REQUEST_TYPE_JSON,
	REQUEST_TYPE_OTHER
};

struct request {
	char id[REQUEST_ID_LEN + 1]; /* the server's, else made here */
	/* Borrowed; "" where there is none. */
	const char *method;
	const char *query;
	const char *accept;
	enum request_type type; /* of the body */
	int64_t length;         /* bytes of the body; -1: no number */
	struct request_source source;
	char *const *variables; /* all of them, for endpoints' own */
	struct buf body;
	struct params params;
};

/* Once, before everything else. */
void request_init(struct request *r);

/* Gives the memory back. */
void request_release(struct request *r);

/*
 * Starts the request that envp ("NAME=value", ended by NULL) tells of; envp
 * and what source reads from must stay until the next.  The body is not read.
 */
void request_begin(struct request *r, char *const *envp,
    const struct request_source *source);

/* The value of a variable by its CGI name, or "".  Borrowed. */
const char *request_variable(const struct request *r, const char *name);

/*
 * True unless a browser says that another site's page has sent the request:
 * by a Sec-Fetch-Site that is neither same-origin nor none, or an Origin that
 * is not the Host.  What is no browser sends neither of them.
 */
bool request_own_site(const struct request *r);

/* Reads the body.  ERR_INPUT if it ends before its length; ERR_NO_MEMORY. */
MUST_CHECK enum err request_read_body(struct request *r);

/*
 * True if the Accept header names that media type ("text/csv") and does not
 * rate it at q=0 or below the other type.  A wildcard names nothing.
 */
bool
request_accepts(const struct request *r, const char *type, const char *other);

#endif
