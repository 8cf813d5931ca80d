/*
 * The metrics as text: lines of each family, and what is left out where it is
 * not known.  That the form is Prometheus's, tests/http/test_operation.py sees.
 */
#include "work/metrics.h"

#include "work/health.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../lib/check.h"

#define TEXT_MAX ((size_t)100000)

static struct settings settings;
static struct vitals v;
static struct buf text;

static int
set_up(void **unused)
{
	(void)unused;
	memset(&settings, 0, sizeof(settings));
	settings.value[SETTING_WORKERS] = 3;
	settings.value[SETTING_QUEUE] = 10;
	settings.value[SETTING_STALE_HOURS] = 24;
	memset(&v, 0, sizeof(v));
	v.now_us = INT64_C(1700000000500000);
	v.revision = (struct data_revision){ .number = 7,
		.has_polls = true,
		.newest_us = INT64_C(1699999990000001) };
	v.open = (struct jobs_open){ 4, 2, INT64_C(1699999998000000) };
	v.disk_free = 123;
	v.disk_bytes = 456;
	v.stores = 14;
	v.rows[DATASET_SPECIAL_HOURS] = 5;
	v.counts.state[JOBS_FAILED] = 6;
	v.counts.ids[1] = 8;
	v.counts.uploads[UPLOADS_PREVIEW] = 9;
	v.counts.ended[JOBS_IMPORT].count[JOBS_END_SPACE] = 10;
	v.counts.ended[JOBS_REPORT] = (struct jobs_ended){
		.count = { [JOBS_END_COMPLETE] = 6 },
		.took = { [0] = 1, [3] = 2, [JOBS_BOUNDS] = 3 },
		.took_us = 1234567,
	};
	v.bytes[VITALS_LOG] = 11;
	buf_init(&text, TEXT_MAX);
	return 0;
}

static int
tear_down(void **unused)
{
	(void)unused;
	buf_release(&text);
	return 0;
}

static const char *
write_text(void)
{
	buf_reset(&text);
	metrics_text(&v, &settings, &text);
	assert_int_equal(buf_err(&text), ERR_NONE);
	return buf_text(&text);
}

/* Is it a line of the text? */
static bool
has_line(const char *line)
{
	const char *at = buf_text(&text);
	size_t len = strlen(line);

	for (; (at = strstr(at, line)) != NULL; at++)
		if ((at == text.data || at[-1] == '\n') && at[len] == '\n')
			return true;
	return false;
}

static const char *const lines[] = {
	"# HELP storemon_jobs Jobs that are remembered.",
	"# TYPE storemon_jobs gauge",
	"storemon_part_state{part=\"data\"} 0",
	"storemon_jobs{state=\"failed\"} 6",
	"storemon_jobs{state=\"queued\"} 0",
	"storemon_jobs_ended_total{kind=\"import\",outcome=\"space\"} 10",
	"storemon_jobs_ended_total{kind=\"report\",outcome=\"complete\"} 6",
	"storemon_jobs_ended_total{kind=\"check\",outcome=\"lost\"} 0",
	"storemon_job_duration_seconds_bucket{kind=\"report\",le=\"0.1\"} 1",
	"storemon_job_duration_seconds_bucket{kind=\"report\",le=\"0.5\"} 1",
	"storemon_job_duration_seconds_bucket{kind=\"report\",le=\"1\"} 3",
	"storemon_job_duration_seconds_bucket{kind=\"report\",le=\"300\"} 3",
	"storemon_job_duration_seconds_bucket{kind=\"report\",le=\"+Inf\"} 6",
	"storemon_job_duration_seconds_sum{kind=\"report\"} 1.234567",
	"storemon_job_duration_seconds_count{kind=\"report\"} 6",
	"storemon_job_duration_seconds_count{kind=\"check\"} 0",
	"storemon_queue_length 4",
	"storemon_queue_limit 10",
	"storemon_queue_age_seconds 2.500000",
	"storemon_workers_busy 2",
	"storemon_workers_limit 3",
	"storemon_report_ids{state=\"kept\"} 0",
	"storemon_report_ids{state=\"expired\"} 8",
	"storemon_imports{state=\"preview\"} 9",
	"storemon_rows{dataset=\"special-hours\"} 5",
	"storemon_stores 14",
	"storemon_data_revision 7",
	"storemon_newest_poll_timestamp_seconds 1699999990.000001",
	"storemon_data_age_seconds 10",
	"storemon_disk_free_bytes 123",
	"storemon_disk_size_bytes 456",
	"storemon_state_bytes{part=\"log\"} 11",
};

static void
test_lines(void **state)
{
	size_t i;

	(void)state;
	(void)write_text();
	for (i = 0; i < COUNT(lines); i++)
		check_true(lines[i], has_line(lines[i]));
}

/* Of what cannot be read, only that is told. */
static void
test_not_known(void **state)
{
	(void)state;
	v.data = ERR_CORRUPT;
	assert_null(strstr(write_text(), "storemon_rows"));
	assert_null(strstr(buf_text(&text), "storemon_stores"));
	assert_null(strstr(buf_text(&text), "storemon_data_"));
	assert_true(has_line("storemon_part_state{part=\"data\"} 2"));
	assert_true(has_line("storemon_queue_length 4"));
	v.data = ERR_NONE;
	v.jobs = ERR_IO;
	assert_null(strstr(write_text(), "storemon_job"));
	assert_null(strstr(buf_text(&text), "storemon_queue_length"));
	assert_true(has_line("storemon_queue_limit 10"));
	assert_true(has_line("storemon_part_state{part=\"jobs\"} 2"));
	assert_true(has_line("storemon_stores 14"));
	v.disk = ERR_IO;
	assert_null(strstr(write_text(),
	    "storemon_disk_free_bytes "
	    "123"));
}

static void
test_no_polls(void **state)
{
	(void)state;
	v.revision.has_polls = false;
	assert_null(strstr(write_text(), "storemon_data_age_seconds 1"));
	assert_null(strstr(buf_text(&text), "timestamp_seconds 1"));
	assert_true(has_line("storemon_part_state{part=\"polls\"} 1"));
}

/* By a clock that was set back, nothing has waited. */
static void
test_clock(void **state)
{
	(void)state;
	v.open.oldest_us = v.now_us + 5000000;
	v.revision.newest_us = v.now_us + 5000000;
	(void)write_text();
	assert_true(has_line("storemon_queue_age_seconds 0.000000"));
	assert_true(has_line("storemon_data_age_seconds 0"));
}

#define each(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		each(test_lines),
		each(test_not_known),
		each(test_no_polls),
		each(test_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
