/*
 * /healthz: is the service well?  200 while it can do its work, 503 if not,
 * each part with a reason.  What was found is told for a second before it is
 * looked for anew, so that asking often costs nothing.
 */
#include "program.h"

#include "sys/clock.h"
#include "work/health.h"

#define FRESH_US INT64_C(1000000)

struct healthz {
	struct program program;
	bool known;
	int64_t read_us; /* monotonic */
	struct health health;
};

static void
freshen(struct healthz *z)
{
	int64_t now_us = clock_monotonic_us();
	struct vitals vitals;

	if (z->known && now_us - z->read_us < FRESH_US)
		return;
	vitals_read(&z->program.settings, false, &vitals);
	health_judge(&vitals, &z->program.settings, &z->health);
	z->known = true;
	z->read_us = now_us;
}

static void
look(void *app, const struct request *request, struct reply *reply)
{
	struct healthz *z = app;

	freshen(z);
	buf_char(&reply->body, '{');
	if (z->health.state == HEALTH_FAILED) {
		reply->status = 503;
		/* The form of every error, with the parts beside it. */
		buf_printf(&reply->body,
		    "\"error\":{\"code\":\"unhealthy\",\"message\":\"A part "
		    "of the service has failed.\"},\"request_id\":\"%s\",",
		    request->id);
	}
	health_json(&z->health, &reply->body);
	buf_char(&reply->body, '}');
}

static const struct endpoint endpoint = {
	.name = "healthz",
	.methods = ENDPOINT_GET,
	.handler = look,
};

int
main(void)
{
	struct healthz z = { .known = false };
	int status = program_start(&z.program, &endpoint);

	return status != 0 ? status : server_run(&endpoint, &z);
}
