/*
 * Replies.  One table says what each enum err is in HTTP.  Content-Length is
 * sent with every body, so that a reply cut short by a crash is seen as such.
 * A reply without a body stands for a file that the server sends in its place;
 * how long that may be kept is the server's to say.
 */
#include "web/reply.h"

#include "codec/escape.h"

#include <stdio.h>
#include <string.h>

#define BODY_MAX (8u << 20)
#define HEADERS_MAX 8192
#define KEPT_MAX (64u << 10) /* memory kept from one reply to the next */

static const struct {
	int status;
	const char *phrase;
} statuses[] = {
	{ 200, "OK" },
	{ 202, "Accepted" },
	{ 303, "See Other" },
	{ 400, "Bad Request" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 409, "Conflict" },
	{ 410, "Gone" },
	{ 411, "Length Required" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 503, "Service Unavailable" },
	{ 507, "Insufficient Storage" },
};

#define TROUBLE \
	"The service has a problem with its data. It is logged; " \
	"please tell the operator the request id."

static const struct {
	int status;
	int retry_s; /* Retry-After; 0 for none */
	const char *code;
	const char *message;
} errors[] = {
	[ERR_NONE] = { 503, 0, "internal", TROUBLE },
	[ERR_INPUT] = { 400, 0, "bad_request",
	    "The request is not understood." },
	[ERR_NOT_FOUND] = { 404, 0, "not_found",
	    "There is no such thing here." },
	[ERR_CONFLICT] = { 409, 0, "conflict",
	    "This is not possible in the present state." },
	[ERR_GONE] = { 410, 0, "pruned",
	    "The polls of that time have been removed; an as_of that is later "
	    "may be had." },
	[ERR_TOO_LARGE] = { 413, 0, "too_large",
	    "The request is larger than what is taken here." },
	[ERR_BUSY] = { 503, 2, "busy",
	    "The service is busy; please try again in a moment." },
	[ERR_NO_MEMORY] = { 503, 5, "no_memory",
	    "The service is short of memory; please try again in a moment." },
	[ERR_NO_SPACE] = { 507, 0, "no_space",
	    "The disk of the service is full; please tell the operator." },
	[ERR_IO] = { 503, 0, "io", TROUBLE },
	[ERR_CORRUPT] = { 503, 0, "corrupt", TROUBLE },
	[ERR_NEWER] = { 503, 0, "newer_data",
	    "The data belongs to a newer release of the service; please tell "
	    "the operator." },
	[ERR_CANCELLED] = { 503, 2, "cancelled",
	    "The service is stopping; please try again in a moment." },
};

_Static_assert(sizeof(errors) / sizeof(errors[0]) == ERR__MAX,
    "every error has its answer");

void
reply_init(struct reply *r)
{
	memset(r, 0, sizeof(*r));
	buf_init(&r->headers, HEADERS_MAX);
	buf_init(&r->body, BODY_MAX);
	reply_begin(r, "");
}

void
reply_release(struct reply *r)
{
	buf_release(&r->headers);
	buf_release(&r->body);
}

/* Forgets what was gathered. */
static void
drop(struct reply *r)
{
	if (r->body.cap > KEPT_MAX)
		buf_release(&r->body);
	else
		buf_reset(&r->body);
	buf_reset(&r->headers);
	r->type = "application/json";
}

void
reply_begin(struct reply *r, const char *request_id)
{
	drop(r);
	r->status = 200;
	r->request_id = request_id;
}

void
reply_header(struct reply *r, const char *name, const char *value)
{
	buf_str(&r->headers, name);
	buf_str(&r->headers, ": ");
	header_value(&r->headers, value, strlen(value));
	buf_str(&r->headers, "\r\n");
}

void
reply_error(struct reply *r, int status, const char *code, const char *message)
{
	drop(r);
	r->status = status;
	buf_str(&r->body, "{\"error\":{\"code\":");
	json_text(&r->body, code, strlen(code));
	buf_str(&r->body, ",\"message\":");
	json_text(&r->body, message, strlen(message));
	buf_str(&r->body, "},\"request_id\":");
	json_text(&r->body, r->request_id, strlen(r->request_id));
	buf_char(&r->body, '}');
}

void
reply_err(struct reply *r, enum err err)
{
	char seconds[16];

	reply_error(r, errors[err].status, errors[err].code,
	    errors[err].message);
	if (errors[err].retry_s == 0)
		return;
	(void)snprintf(seconds, sizeof(seconds), "%d", errors[err].retry_s);
	reply_header(r, "Retry-After", seconds);
}

static const char *
phrase_of(int status)
{
	size_t i;

	for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		if (statuses[i].status == status)
			return statuses[i].phrase;
	}
	return "Unknown";
}

/* What stuck to the reply while it was gathered. */
static enum err
spoiled(const struct reply *r)
{
	if (buf_err(&r->body) != ERR_NONE)
		return buf_err(&r->body);
	return buf_err(&r->headers);
}

enum err
reply_write(struct reply *r, bool head, struct buf *out)
{
	enum err err = spoiled(r);

	if (err != ERR_NONE)
		reply_err(r, err == ERR_NO_MEMORY ? err : ERR_IO);
	buf_printf(out, "Status: %d %s\r\n", r->status, phrase_of(r->status));
	buf_printf(out, "Content-Type: %s\r\n", r->type);
	buf_printf(out, "X-Request-Id: %s\r\n", r->request_id);
	if (r->body.len > 0)
		buf_printf(out,
		    "Cache-Control: no-store\r\n"
		    "Content-Length: %zu\r\n",
		    r->body.len);
	buf_add(out, buf_text(&r->headers), r->headers.len);
	buf_str(out, "\r\n");
	if (!head)
		buf_add(out, buf_text(&r->body), r->body.len);
	return buf_err(out);
}
