/*
 * /admin/imports and /admin/stores/forget: files brought in over the web.
 *
 * The server has asked for the password, has found out which route it is
 * (ROUTE, with IMPORT_ID or DATASET), and has put an uploaded file into
 * STATE/body.  This program takes the file by a rename and answers; checking
 * and importing it is a worker's.  A browser without JavaScript sends
 * forms and is answered with pages.
 */
#include "import_reply.h"
#include "program.h"

#include "codec/dataset.h"
#include "codec/escape.h"
#include "web/body.h"
#include "web/file_form.h"
#include "work/forget.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LISTED 200 /* imports in the history */

static const char *const yes_or_no[] = { "0", "1", NULL };

/* --- uploads --------------------------------------------------------------*/

enum {
	UPLOAD_FILE,
	UPLOAD_WHOLE,
	UPLOAD_PARAMS
};

static bool
is_file_name(const char *value)
{
	return strlen(value) <= MULTIPART_FILE_MAX;
}

static const struct param upload_params[UPLOAD_PARAMS] = {
	[UPLOAD_FILE] = { "file", PARAM_CHECKED, false,
	    { .check = is_file_name }, "the name of a file" },
	[UPLOAD_WHOLE] = { "whole", PARAM_WORD, false, { .words = yes_or_no },
	    "0 or 1" },
};

/* A file on its way in. */
struct incoming {
	struct upload_new upload;
	const char *type; /* of the body */
	int fd;
	char id[JOB_ID_LEN + 1]; /* once it is taken */
};

/* Hands the file over; if that fails, the reply says why. */
static bool
take(struct program *p, struct incoming *in, struct reply *reply)
{
	struct upload_refusal why = { NULL, NULL };
	struct job_desk *desk = program_desk(p, reply);
	enum err err;

	if (desk == NULL)
		return false;
	err = upload_take(desk, &in->upload, in->id, &why);
	if (err != ERR_NONE)
		import_refuse(p, reply, err, &why);
	return err == ERR_NONE;
}

/* The same for the file of a form; what is not taken is removed. */
static bool
take_form(struct program *p, struct incoming *in, struct reply *reply)
{
	struct upload_new *new = &in->upload;
	struct file_form form;
	enum err err = file_form_read(&form, p->settings.state, in->fd,
	    in->type);

	if (err == ERR_INPUT)
		reply_error(reply, 400, form.code, form.message);
	else if (err != ERR_NONE)
		reply_err(reply, err);
	if (err != ERR_NONE)
		return false;
	new->path = form.path;
	new->whole = new->whole || form.whole;
	if (form.file[0] != '\0')
		new->file = form.file;
	if (new->dataset[0] == '\0')
		new->dataset = form.dataset;
	if (take(p, in, reply))
		return true; /* NOLINT */
	if (unlink(form.path) != 0 && errno != ENOENT)
		log_warn("remove %s: it stays until the next start", form.path);
	return false; /* NOLINT */
}

static bool
is_encoded(const struct request *request)
{
	const char *encoding = request_variable(request,
	    "HTTP_CONTENT_ENCODING");

	return encoding[0] != '\0' && strcmp(encoding, "identity") != 0;
}

/* What the address and the server tell of the upload. */
static struct upload_new
read_upload(const struct request *request)
{
	const char *whole = params_text(&request->params, UPLOAD_WHOLE);
	const char *file = params_text(&request->params, UPLOAD_FILE);

	return (struct upload_new){
		.path = request_variable(request, "REQUEST_BODY_FILE"),
		.dataset = request_variable(request, "DATASET"),
		.file = file == NULL ? "" : file,
		.who = request_variable(request, "REMOTE_USER"),
		.whole = whole != NULL && whole[0] == '1',
	};
}

static void
upload(void *app, const struct request *request, struct reply *reply)
{
	struct program *p = app;
	struct incoming in = {
		.upload = read_upload(request),
		.type = request_variable(request, "CONTENT_TYPE"),
	};
	bool taken;

	if (is_encoded(request)) {
		reply_error(reply, 415, "compressed",
		    "Send the file as it is: an encoded or compressed body is "
		    "not taken.");
		return;
	}
	if (body_open(p->settings.state, in.upload.path, &in.fd) != ERR_NONE) {
		reply_err(reply, ERR_IO);
		return;
	}
	taken = multipart_is_type(in.type) ? take_form(p, &in, reply)
					   : take(p, &in, reply);
	(void)close(in.fd);
	if (taken)
		import_reply_accepted(request, reply, in.id);
}

/* --- the other routes -----------------------------------------------------*/

/* GET is the history; what comes with a body is a file. */
static void
history(void *app, const struct request *request, struct reply *reply)
{
	struct job_desk *desk;
	enum err err;

	if (strcmp(request->method, "PUT") == 0 ||
	    strcmp(request->method, "POST") == 0) {
		upload(app, request, reply);
		return;
	}
	desk = program_desk(app, reply);
	if (desk == NULL)
		return;
	err = upload_list(desk, LISTED, &reply->body);
	if (err != ERR_NONE)
		program_fail(app, reply, err);
}

static void
refuse_name(void *app, const struct request *request, struct reply *reply)
{
	(void)app;
	(void)request;
	reply_error(reply, 404, "unknown_dataset",
	    "There is no import and no data set of this name; the data sets "
	    "are polls, hours, timezones and special-hours.");
}

static void
look(void *app, const struct request *request, struct reply *reply)
{
	static const struct upload_refusal none = { NULL, NULL };
	struct job_desk *desk = program_desk(app, reply);
	enum err err;

	if (desk == NULL)
		return;
	err = upload_look(desk, request_variable(request, "IMPORT_ID"),
	    &reply->body);
	if (err == ERR_NONE)
		import_reply_page(request, reply);
	else
		import_refuse(app, reply, err, &none);
}

static void
send_bad_rows(void *app, const struct request *request, struct reply *reply)
{
	const char *id = request_variable(request, "IMPORT_ID");
	struct job_desk *desk = program_desk(app, reply);
	char text[64 + JOB_ID_LEN];
	enum err err;

	if (desk == NULL)
		return;
	err = upload_bad_rows(desk, id);
	if (err == ERR_NOT_FOUND || err == ERR_INPUT) {
		reply_error(reply, 404, "no_bad_rows",
		    "There is no file of bad rows for this id.");
		return;
	}
	if (err != ERR_NONE) {
		program_fail(app, reply, err);
		return;
	}
	reply->type = "text/csv; charset=utf-8";
	(void)snprintf(text, sizeof(text), "/uploads-internal/%s.bad.csv", id);
	reply_header(reply, "X-Accel-Redirect", text);
	(void)snprintf(text, sizeof(text),
	    "attachment; filename=\"%s.bad.csv\"", id);
	reply_header(reply, "Content-Disposition", text);
}

enum {
	CONFIRM_SKIP_BAD,
	CONFIRM_PARAMS
};

static const struct param confirm_params[CONFIRM_PARAMS] = {
	[CONFIRM_SKIP_BAD] = { "skip_bad", PARAM_WORD, false,
	    { .words = yes_or_no }, "0 or 1" },
};

/* Done, or not: in the words of the upload function. */
static void
conclude(struct program *p, const struct request *request, struct reply *reply,
    enum err err, const struct upload_refusal *why)
{
	const char *id = request_variable(request, "IMPORT_ID");

	if (err == ERR_NONE)
		import_reply_accepted(request, reply, id);
	else
		import_refuse(p, reply, err, why);
}

static void
confirm(void *app, const struct request *request, struct reply *reply)
{
	const char *skip = params_text(&request->params, CONFIRM_SKIP_BAD);
	struct upload_refusal why = { NULL, NULL };
	struct job_desk *desk = program_desk(app, reply);
	enum err err;

	if (desk == NULL)
		return;
	err = upload_confirm(desk, request_variable(request, "IMPORT_ID"),
	    skip != NULL && skip[0] == '1', &why);
	conclude(app, request, reply, err, &why);
}

/* What else may be done to an import, by the route's name. */
static const struct {
	const char *route;
	enum err (*run)(struct job_desk *desk, const char *id,
	    struct upload_refusal *why);
} actions[] = {
	{ "cancel", upload_cancel },
	{ "recheck", upload_recheck },
	{ "undo", upload_undo },
};

static void
act(void *app, const struct request *request, struct reply *reply)
{
	const char *route = request_variable(request, "ROUTE");
	const char *id = request_variable(request, "IMPORT_ID");
	struct upload_refusal why = { NULL, NULL };
	struct job_desk *desk = program_desk(app, reply);
	enum err err = ERR_NOT_FOUND;
	size_t i;

	if (desk == NULL)
		return;
	for (i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (strcmp(route, actions[i].route) == 0)
			err = actions[i].run(desk, id, &why);
	conclude(app, request, reply, err, &why);
}

enum {
	FORGET_STORE_ID,
	FORGET_PARAMS
};

static const struct param forget_params[FORGET_PARAMS] = {
	[FORGET_STORE_ID] = { "store_id", PARAM_STORE_ID, true, { 0 },
	    "a store id: 1 to 64 bytes of clean text that does not start with "
	    "=, +, - or @" },
};

static void
forget(void *app, const struct request *request, struct reply *reply)
{
	const char *id = params_text(&request->params, FORGET_STORE_ID);
	struct job_desk *desk = program_desk(app, reply);
	enum err err;

	if (desk == NULL)
		return;
	err = forget_store(desk, id);
	if (err == ERR_NOT_FOUND) {
		reply_error(reply, 404, "unknown_store",
		    "There is no store with this id.");
		return;
	}
	if (err != ERR_NONE) {
		program_fail(app, reply, err);
		return;
	}
	if (import_send_back(request, reply, "/admin/"))
		return;
	buf_str(&reply->body, "{\"store_id\":");
	json_text(&reply->body, id, strlen(id));
	buf_str(&reply->body, ",\"forgotten\":true}");
}

/* --- routes ---------------------------------------------------------------*/

#define SMALL_BODY 65536
#define NO_PARAMS .params = upload_params, .param_count = 0
#define GET .methods = ENDPOINT_GET, NO_PARAMS
#define POST .methods = ENDPOINT_POST, .own_site = true, .max_body = SMALL_BODY
#define UPLOAD \
	.own_site = true, .file_body = true, .max_body = 0, \
	.params = upload_params, .param_count = UPLOAD_PARAMS
#define PUT_OR_POST ENDPOINT_POST | ENDPOINT_PUT /* NOLINT */
#define ANY PUT_OR_POST | ENDPOINT_GET           /* NOLINT */
#define SKIP .params = confirm_params, .param_count = CONFIRM_PARAMS
#define STORE .params = forget_params, .param_count = FORGET_PARAMS

static const struct endpoint routes[] = {
	{ .name = "imports", .methods = ANY, UPLOAD, .handler = history },
	{ .name = "dataset",
	    .methods = PUT_OR_POST,
	    UPLOAD,
	    .handler = upload },
	{ .name = "import", GET, .handler = look },
	{ .name = "bad_rows", GET, .handler = send_bad_rows },
	{ .name = "confirm", POST, SKIP, .handler = confirm },
	{ .name = "cancel", POST, NO_PARAMS, .handler = act },
	{ .name = "recheck", POST, NO_PARAMS, .handler = act },
	{ .name = "undo", POST, NO_PARAMS, .handler = act },
	{ .name = "forget", POST, STORE, .handler = forget },
};

static const struct endpoint unknown_name = {
	.name = "unknown",
	.methods = ANY,
	UPLOAD,
	.handler = refuse_name,
};

static const struct endpoint *
choose(const struct request *request)
{
	const char *route = request_variable(request, "ROUTE");
	enum dataset dataset;
	size_t i;

	if (strcmp(route, "dataset") == 0 &&
	    !dataset_parse(request_variable(request, "DATASET"), &dataset))
		return &unknown_name;
	for (i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
		if (strcmp(route, routes[i].name) == 0)
			return &routes[i];
	return NULL;
}

int
main(void)
{
	static const struct endpoint program = {
		.name = "imports",
		.choose = choose,
	};

	return program_run(&program);
}
