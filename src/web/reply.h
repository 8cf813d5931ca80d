/*
 * One HTTP reply: gathered whole, then sent once, so that nothing has gone
 * out when the work fails.  What went wrong is said as
 *
 *	{"error":{"code":"...","message":"..."},"request_id":"..."}
 */
#ifndef WEB_REPLY_H
#define WEB_REPLY_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct reply {
	const char *request_id; /* borrowed from the request */
	int status;
	const char *type;   /* Content-Type; a constant */
	struct buf headers; /* further header lines */
	struct buf body;    /* JSON unless type says otherwise */
};

/* Once, before everything else. */
void reply_init(struct reply *r);

/* Gives the memory back. */
void reply_release(struct reply *r);

/* Starts over: 200, application/json, no header, no body. */
void reply_begin(struct reply *r, const char *request_id);

/* Adds a header line.  A value that header_value() refuses spoils the reply. */
void reply_header(struct reply *r, const char *name, const char *value);

/*
 * Makes the reply an error; what was gathered is dropped.  code is for
 * programs ("no_polls"), message a sentence that the client can act on,
 * without paths, SQL or versions in it.
 */
void
reply_error(struct reply *r, int status, const char *code, const char *message);

/* The same with the status, code and message that stand for err. */
void reply_err(struct reply *r, enum err err);

/*
 * Appends the reply to out as CGI has it: Status, header lines, body (left
 * out if head).  An error that stuck to the reply makes it a 503.  A failure
 * is that of out.
 */
MUST_CHECK enum err reply_write(struct reply *r, bool head, struct buf *out);

#endif
