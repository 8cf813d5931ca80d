/*
 * /get_report: tells how far a report is, and gives its CSV once it is there.
 * The file itself is sent by the server, to which X-Accel-Redirect names it.
 */
#include "program.h"

#include "codec/escape.h"
#include "core/stamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
	REPORT_ID,
	FORMAT,
	PARAMS
};

static const char *const formats[] = { "json", "csv", NULL };

static const struct param params[PARAMS] = {
	[REPORT_ID] = { "report_id", PARAM_JOB_ID, true, { 0 },
	    "the id that /trigger_report answered, a lower-case UUID" },
	[FORMAT] = { "format", PARAM_WORD, false, { .words = formats },
	    "json or csv" },
};

static void
tell_running(const struct job_view *view, const char *id, struct buf *out)
{
	(void)id;
	buf_printf(out,
	    ",\"progress\":{\"done\":%" PRIu64 ",\"total\":%" PRIu64 "}",
	    view->done, view->total);
}

static void
tell_complete(const struct job_view *view, const char *id, struct buf *out)
{
	char as_of[STAMP_TEXT], created[STAMP_TEXT], finished[STAMP_TEXT];
	char reach[32];

	buf_printf(out,
	    ",\"report\":\"/reports/%s.csv\","
	    "\"detail\":\"/reports/%s.detail.csv\","
	    "\"summary\":\"/reports/%s.json\","
	    "\"stores\":\"/reports/%s.stores.json\","
	    "\"strips\":\"/reports/%s.strips.txt\"",
	    id, id, id, id, id);
	buf_printf(out,
	    ",\"rows\":%" PRIu64 ",\"bytes\":%" PRIu64
	    ",\"sha256\":\"%s\",\"as_of\":\"%s\"",
	    view->rows, view->bytes, view->sha256,
	    stamp_format(view->as_of_us, as_of));
	buf_printf(out,
	    ",\"rules\":{\"interpolation\":\"%s\","
	    "\"reach\":\"%s\"},\"revision\":%" PRId64,
	    interpolation_names[view->rules.interpolation],
	    report_format_reach(view->rules.reach_us, reach), view->revision);
	buf_printf(out, ",\"created_at\":\"%s\",\"finished_at\":\"%s\"",
	    stamp_format(view->created_us, created),
	    stamp_format(view->finished_us, finished));
}

static void
tell_failed(const struct job_view *view, const char *id, struct buf *out)
{
	(void)id;
	buf_str(out, ",\"error\":");
	json_text(out, view->error, strlen(view->error));
}

static void
reply_json(const struct job_view *view, const char *id, struct reply *reply)
{
	static void (*const tell[])(const struct job_view *, const char *,
	    struct buf *) = {
		[JOB_RUNNING] = tell_running,
		[JOB_COMPLETE] = tell_complete,
		[JOB_FAILED] = tell_failed,
	};

	buf_printf(&reply->body, "{\"report_id\":\"%s\",\"status\":\"%s\"", id,
	    job_state_names[view->state]);
	tell[view->state](view, id, &reply->body);
	buf_char(&reply->body, '}');
}

static void
reply_csv(const struct job_view *view, const char *id, struct reply *reply)
{
	char text[JOB_ERROR_MAX + 64];

	if (view->state == JOB_FAILED) {
		(void)snprintf(text, sizeof(text),
		    "The report failed: %s. Trigger it again.", view->error);
		reply_error(reply, 409, "failed", text);
		return;
	}
	if (view->state == JOB_RUNNING) {
		reply->status = 202;
		reply_header(reply, "Retry-After", "1");
		reply_json(view, id, reply);
		return;
	}
	reply->type = "text/csv; charset=utf-8";
	(void)snprintf(text, sizeof(text), "/spool-internal/%s.csv", id);
	reply_header(reply, "X-Accel-Redirect", text);
	(void)snprintf(text, sizeof(text), "attachment; filename=\"%s.csv\"",
	    id);
	reply_header(reply, "Content-Disposition", text);
}

/* The parameter counts for more than the header. */
static bool
wants_csv(const struct request *request)
{
	const char *format = params_text(&request->params, FORMAT);

	if (format != NULL)
		return strcmp(format, "csv") == 0;
	return request_accepts(request, "text/csv", "application/json");
}

static void
look(void *app, const struct request *request, struct reply *reply)
{
	const char *id = params_text(&request->params, REPORT_ID);
	struct job_desk *desk = program_desk(app, reply);
	struct job_view view;
	enum err err;

	if (desk == NULL)
		return;
	err = job_look(desk, id, &view);
	if (err == ERR_NOT_FOUND)
		reply_error(reply, 404, "unknown_report",
		    "There is no report with this id.");
	else if (err != ERR_NONE)
		program_fail(app, reply, err);
	else if (view.state == JOB_EXPIRED)
		reply_error(reply, 410, "expired",
		    "The files of this report "
		    "are gone; trigger a new one.");
	else if (wants_csv(request))
		reply_csv(&view, id, reply);
	else
		reply_json(&view, id, reply);
}

static const struct endpoint endpoint = {
	.name = "get_report",
	.methods = ENDPOINT_GET | ENDPOINT_POST,
	.max_body = 1 << 20,
	.params = params,
	.param_count = PARAMS,
	.handler = look,
};

int
main(void)
{
	return program_run(&endpoint);
}
