/*
 * Replies of /admin/imports: what an upload function says, in HTTP, and pages
 * for browsers without JavaScript.
 */
#ifndef IMPORT_REPLY_H
#define IMPORT_REPLY_H

#include "program.h"

#include "web/import_page.h"
#include "work/upload.h"

#include <stdio.h>
#include <string.h>

#define IMPORT_PAGE_MAX ((size_t)1024 * 1024)

/* Makes the reply what an upload function failed with. */
static inline void
import_refuse(struct program *p, struct reply *reply, enum err err,
    const struct upload_refusal *why)
{
	static const int statuses[ERR__MAX] = {
		[ERR_INPUT] = 400,
		[ERR_CONFLICT] = 409,
		[ERR_BUSY] = 503,
	};
	int status = statuses[err];

	if (err == ERR_NOT_FOUND) {
		reply_error(reply, 404, "unknown_import",
		    "There is no import with this id.");
		return;
	}
	if (status == 0 || why->code == NULL) {
		program_fail(p, reply, err);
		return;
	}
	if (strcmp(why->code, "compressed") == 0)
		status = 415;
	reply_error(reply, status, why->code, why->message);
	if (err == ERR_BUSY)
		reply_header(reply, "Retry-After", "5");
}

/* Makes the import's JSON a page, where a browser asks for one. */
static inline void
import_reply_page(const struct request *request, struct reply *reply)
{
	struct buf html;
	enum err err;

	if (!request_accepts(request, "text/html", "application/json"))
		return;
	buf_init(&html, IMPORT_PAGE_MAX);
	err = import_page(reply->body.data, reply->body.len, &html);
	if (err == ERR_NONE) {
		buf_reset(&reply->body);
		buf_add(&reply->body, html.data, html.len);
		reply->type = "text/html; charset=utf-8";
	} else {
		reply_err(reply, err);
	}
	buf_release(&html);
}

/* A browser that has sent a form is sent to a page. */
static inline bool
import_send_back(const struct request *request, struct reply *reply,
    const char *url)
{
	if (!request_accepts(request, "text/html", "application/json"))
		return false;
	reply->status = 303;
	reply_header(reply, "Location", url);
	return true;
}

/* The import goes on from here: tells where to look. */
static inline void
import_reply_accepted(const struct request *request, struct reply *reply,
    const char *id)
{
	char url[32 + JOB_ID_LEN];

	(void)snprintf(url, sizeof(url), "/admin/imports/%s", id);
	if (import_send_back(request, reply, url))
		return;
	reply->status = 202;
	reply_header(reply, "Location", url);
	buf_printf(&reply->body, "{\"import_id\":\"%s\",\"status_url\":\"%s\"}",
	    id, url);
}

#endif
