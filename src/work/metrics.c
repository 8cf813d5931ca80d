/*
 * The metrics: a table of families, each with its help and the function that
 * writes its samples.  Counters come from the table ended, whose numbers never
 * go back; times of jobs are a histogram made of the same.
 */
#include "work/metrics.h"

#include "work/health.h"

#include <inttypes.h>

#define MS_US 1000

/* What is written, and where to. */
struct view {
	const struct vitals *v;
	const int64_t *setting;
	struct health health;
	const char *name; /* of the family */
	struct buf *out;
};

/* --- samples ---------------------------------------------------------------*/

static void
put(const struct view *w, int64_t value)
{
	buf_printf(w->out, "%s %" PRId64 "\n", w->name, value);
}

/* Microseconds, as seconds. */
static void
put_us(const struct view *w, int64_t us)
{
	buf_printf(w->out, "%s %" PRId64 ".%06d\n", w->name, us / 1000000,
	    (int)(us % 1000000));
}

static void
put_as(const struct view *w, const char *label, const char *is, int64_t value)
{
	buf_printf(w->out, "%s{%s=\"%s\"} %" PRId64 "\n", w->name, label, is,
	    value);
}

static void
put_parts(const struct view *w)
{
	int i;

	for (i = 0; i < HEALTH__MAX; i++)
		put_as(w, "part", health_part_names[i],
		    (int64_t)w->health.part[i].state);
}

static void
put_jobs(const struct view *w)
{
	int i;

	for (i = 0; i < JOBS__MAX; i++)
		put_as(w, "state", jobs_state_names[i], w->v->counts.state[i]);
}

static void
put_ended(const struct view *w)
{
	int kind, end;

	for (kind = 0; kind < JOBS_KIND__MAX; kind++)
		for (end = 0; end < JOBS_END__MAX; end++)
			buf_printf(w->out,
			    "%s{kind=\"%s\",outcome=\"%s\"} %" PRId64 "\n",
			    w->name, jobs_kind_names[kind], jobs_end_names[end],
			    w->v->counts.ended[kind].count[end]);
}

/* One histogram: buckets are cumulative, the last has all. */
static void
put_time(const struct view *w, const char *kind, const struct jobs_ended *e)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < JOBS_BOUNDS; i++) {
		sum += e->took[i];
		buf_printf(w->out,
		    "%s_bucket{kind=\"%s\",le=\"%g\"} %" PRId64 "\n", w->name,
		    kind, (double)jobs_bounds_ms[i] / 1e3, sum);
	}
	sum += e->took[i];
	buf_printf(w->out, "%s_bucket{kind=\"%s\",le=\"+Inf\"} %" PRId64 "\n",
	    w->name, kind, sum);
	buf_printf(w->out, "%s_sum{kind=\"%s\"} %" PRId64 ".%06d\n", w->name,
	    kind, e->took_us / 1000000, (int)(e->took_us % 1000000));
	buf_printf(w->out, "%s_count{kind=\"%s\"} %" PRId64 "\n", w->name, kind,
	    sum);
}

static void
put_times(const struct view *w)
{
	int i;

	for (i = 0; i < JOBS_KIND__MAX; i++)
		put_time(w, jobs_kind_names[i], &w->v->counts.ended[i]);
}

static void
put_queued(const struct view *w)
{
	put(w, w->v->open.queued);
}

static void
put_queue_limit(const struct view *w)
{
	put(w, w->setting[SETTING_QUEUE]);
}

/* 0 too if a clock says that the first has yet to come. */
static void
put_queue_age(const struct view *w)
{
	int64_t us = w->v->now_us - w->v->open.oldest_us;

	put_us(w, w->v->open.queued > 0 && us > 0 ? us : 0);
}

static void
put_busy(const struct view *w)
{
	put(w, w->v->open.running);
}

static void
put_workers(const struct view *w)
{
	put(w, w->setting[SETTING_WORKERS]);
}

static void
put_ids(const struct view *w)
{
	put_as(w, "state", "kept", w->v->counts.ids[0]);
	put_as(w, "state", "expired", w->v->counts.ids[1]);
}

static void
put_imports(const struct view *w)
{
	int i;

	for (i = 0; i < UPLOADS__MAX; i++)
		put_as(w, "state", uploads_state_names[i],
		    w->v->counts.uploads[i]);
}

static void
put_rows(const struct view *w)
{
	int i;

	for (i = 0; i < DATASET__MAX; i++)
		put_as(w, "dataset", dataset_names[i], (int64_t)w->v->rows[i]);
}

static void
put_stores(const struct view *w)
{
	put(w, (int64_t)w->v->stores);
}

static void
put_revision(const struct view *w)
{
	put(w, w->v->revision.number);
}

static void
put_newest(const struct view *w)
{
	if (w->v->revision.has_polls)
		put_us(w, w->v->revision.newest_us);
}

static void
put_age(const struct view *w)
{
	if (w->health.has_age)
		put(w, w->health.age_s);
}

static void
put_free(const struct view *w)
{
	if (w->v->disk == ERR_NONE)
		put(w, w->v->disk_free);
}

static void
put_disk(const struct view *w)
{
	if (w->v->disk == ERR_NONE)
		put(w, w->v->disk_bytes);
}

static void
put_bytes(const struct view *w)
{
	int i;

	for (i = 0; i < VITALS_BYTES__MAX; i++)
		put_as(w, "part", vitals_bytes_names[i], w->v->bytes[i]);
}

/* --- families --------------------------------------------------------------*/

/* What a family is of, and can be told only where that is known. */
enum source {
	OF_ALL,
	OF_DATA,
	OF_JOBS
};

static const struct {
	const char *name;
	const char *type;
	const char *help;
	enum source source;
	void (*put)(const struct view *w);
} families[] = {
	{ "storemon_part_state", "gauge",
	    "State of each part: 0 ok, 1 warning, 2 failed.", OF_ALL,
	    put_parts },
	{ "storemon_jobs", "gauge", "Jobs that are remembered.", OF_JOBS,
	    put_jobs },
	{ "storemon_jobs_ended_total", "counter",
	    "Jobs that have ended, by what they ended with.", OF_JOBS,
	    put_ended },
	{ "storemon_job_duration_seconds", "histogram",
	    "Time that jobs took which came to their end.", OF_JOBS,
	    put_times },
	{ "storemon_queue_length", "gauge", "Jobs that wait for a worker.",
	    OF_JOBS, put_queued },
	{ "storemon_queue_limit", "gauge", "Jobs that may wait.", OF_ALL,
	    put_queue_limit },
	{ "storemon_queue_age_seconds", "gauge",
	    "Time that the first of the queue has waited.", OF_JOBS,
	    put_queue_age },
	{ "storemon_workers_busy", "gauge", "Workers at work.", OF_JOBS,
	    put_busy },
	{ "storemon_workers_limit", "gauge", "Workers that there may be.",
	    OF_ALL, put_workers },
	{ "storemon_report_ids", "gauge",
	    "Ids of reports, with files and without.", OF_JOBS, put_ids },
	{ "storemon_imports", "gauge",
	    "Imports over the web that are remembered.", OF_JOBS, put_imports },
	{ "storemon_rows", "gauge", "Rows of each data set.", OF_DATA,
	    put_rows },
	{ "storemon_stores", "gauge", "Stores that some data set names.",
	    OF_DATA, put_stores },
	{ "storemon_data_revision", "gauge", "Changes of the data so far.",
	    OF_DATA, put_revision },
	{ "storemon_newest_poll_timestamp_seconds", "gauge",
	    "Instant of the newest poll.", OF_DATA, put_newest },
	{ "storemon_data_age_seconds", "gauge", "Age of the newest poll.",
	    OF_DATA, put_age },
	{ "storemon_disk_free_bytes", "gauge",
	    "Space on the disk of the state that can be used.", OF_ALL,
	    put_free },
	{ "storemon_disk_size_bytes", "gauge", "Size of that disk.", OF_ALL,
	    put_disk },
	{ "storemon_state_bytes", "gauge",
	    "Space that the parts of the state take.", OF_JOBS, put_bytes },
};

static bool
is_known(const struct vitals *v, enum source source)
{
	return (source != OF_DATA || v->data == ERR_NONE) &&
	    (source != OF_JOBS || v->jobs == ERR_NONE);
}

void
metrics_text(const struct vitals *v, const struct settings *settings,
    struct buf *out)
{
	struct view w = { .v = v, .setting = settings->value, .out = out };
	size_t i;

	health_judge(v, settings, &w.health);
	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		if (!is_known(v, families[i].source))
			continue;
		w.name = families[i].name;
		buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", w.name,
		    families[i].help, w.name, families[i].type);
		families[i].put(&w);
	}
}
