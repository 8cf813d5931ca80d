/* /metrics: what is measured, for Prometheus.  The server says who may ask. */
#include "program.h"

#include "work/metrics.h"

static void
tell(void *app, const struct request *request, struct reply *reply)
{
	const struct program *p = app;
	struct vitals vitals;

	(void)request;
	vitals_read(&p->settings, true, &vitals);
	reply->type = METRICS_TYPE;
	metrics_text(&vitals, &p->settings, &reply->body);
}

static const struct endpoint endpoint = {
	.name = "metrics",
	.methods = ENDPOINT_GET,
	.handler = tell,
};

int
main(void)
{
	return program_run(&endpoint);
}
