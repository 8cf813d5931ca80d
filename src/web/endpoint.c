/* The frame of all endpoints: checks in a fixed order, then the handler. */
#include "web/endpoint.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	unsigned bit;
} methods[] = {
	{ "GET", ENDPOINT_GET },
	{ "HEAD", ENDPOINT_GET },
	{ "POST", ENDPOINT_POST },
	{ "PUT", ENDPOINT_PUT },
};

#define METHODS (sizeof(methods) / sizeof(methods[0]))

static void
refuse_method(const struct endpoint *e, struct reply *reply)
{
	char allow[32] = "", message[96];
	size_t i, used = 0;

	for (i = 0; i < METHODS; i++) {
		if ((e->methods & methods[i].bit) == 0)
			continue;
		used += (size_t)snprintf(allow + used, sizeof(allow) - used,
		    "%s%s", used > 0 ? ", " : "", methods[i].name);
	}
	(void)snprintf(message, sizeof(message),
	    "This address takes only these methods: %s.", allow);
	reply_error(reply, 405, "method_not_allowed", message);
	reply_header(reply, "Allow", allow);
}

static bool
check_method(const struct endpoint *e, struct request *request,
    struct reply *reply)
{
	size_t i;

	for (i = 0; i < METHODS; i++) {
		if ((e->methods & methods[i].bit) != 0 &&
		    strcmp(request->method, methods[i].name) == 0)
			return true;
	}
	refuse_method(e, reply);
	return false;
}

/* True if the request may change something. */
static bool
is_change(const struct request *request)
{
	return strcmp(request->method, "GET") != 0 &&
	    strcmp(request->method, "HEAD") != 0;
}

static bool
has_file_body(const struct endpoint *e, const struct request *request)
{
	return e->file_body && is_change(request);
}

static bool
check_site(const struct endpoint *e, struct request *request,
    struct reply *reply)
{
	if (!e->own_site || !is_change(request) || request_own_site(request))
		return true;
	reply_error(reply, 403, "foreign_site",
	    "This request comes from a page of another site, which may "
	    "change nothing here.");
	return false;
}

static bool
check_size(const struct endpoint *e, struct request *request,
    struct reply *reply)
{
	char message[96];

	if (request->length > e->max_body && !has_file_body(e, request)) {
		(void)snprintf(message, sizeof(message),
		    "The body is larger than %lld bytes, the most that is "
		    "taken here.",
		    (long long)e->max_body);
		reply_error(reply, 413, "too_large", message);
		return false;
	}
	if (strlen(request->query) > REQUEST_QUERY_MAX) {
		reply_error(reply, 414, "query_too_long",
		    "The query is too "
		    "long; send the parameters in the body of a POST.");
		return false;
	}
	return true;
}

static bool
check_type(const struct endpoint *e, struct request *request,
    struct reply *reply)
{
	if (request->type != REQUEST_TYPE_OTHER || has_file_body(e, request))
		return true;
	reply_error(reply, 415, "unsupported_media_type",
	    "Send parameters as "
	    "application/x-www-form-urlencoded or as application/json.");
	return false;
}

static bool
check_file(const struct request *request, struct reply *reply)
{
	if (request_variable(request, "REQUEST_BODY_FILE")[0] != '\0')
		return true;
	reply_error(reply, 411, "length_required",
	    "Send the file as the body of the request.");
	return false;
}

static bool
check_body(const struct endpoint *e, struct request *request,
    struct reply *reply)
{
	enum err err = ERR_INPUT;

	if (has_file_body(e, request))
		return check_file(request, reply);
	if (request->length >= 0)
		err = request_read_body(request);
	if (err == ERR_INPUT)
		reply_error(reply, 400, "bad_body",
		    "The body does not have the length that was announced.");
	else if (err != ERR_NONE)
		reply_err(reply, err);
	return err == ERR_NONE;
}

static enum err
read_params(const struct endpoint *e, struct request *request)
{
	struct params *p = &request->params;
	const char *body = buf_text(&request->body);
	size_t query_len = strlen(request->query);
	enum request_type type = has_file_body(e, request) ? REQUEST_TYPE_NONE
							   : request->type;
	enum err err = params_begin(p, e->params, e->param_count,
	    query_len + request->body.len);

	if (err == ERR_NONE)
		err = params_form(p, request->query, query_len);
	if (err == ERR_NONE && type == REQUEST_TYPE_FORM)
		err = params_form(p, body, request->body.len);
	if (err == ERR_NONE && type == REQUEST_TYPE_JSON)
		err = params_json(p, body, request->body.len);
	return err == ERR_NONE ? params_finish(p) : err;
}

static bool
check_params(const struct endpoint *e, struct request *request,
    struct reply *reply)
{
	enum err err = read_params(e, request);

	if (err == ERR_INPUT)
		reply_error(reply, 400, request->params.code,
		    buf_text(&request->params.message));
	else if (err != ERR_NONE)
		reply_err(reply, err);
	return err == ERR_NONE;
}

void
endpoint_answer(const struct endpoint *e, void *app, struct request *request,
    struct reply *reply)
{
	static bool (*const checks[])(const struct endpoint *, struct request *,
	    struct reply *) = {
		check_method,
		check_site,
		check_size,
		check_type,
		check_body,
		check_params,
	};
	size_t i;

	reply_begin(reply, request->id);
	if (e->choose != NULL)
		e = e->choose(request);
	if (e == NULL) {
		reply_err(reply, ERR_NOT_FOUND);
		return;
	}
	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		if (!checks[i](e, request, reply))
			return;
	}
	e->handler(app, request, reply);
}
