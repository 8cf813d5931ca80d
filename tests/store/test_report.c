/* Reports as files: their bytes, their snapshot, and nothing on failure. */
#include "work/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <zlib.h>

#include "data_fixture.h"

#define HEADER \
	"store_id,uptime_last_hour(in minutes),uptime_last_day(in hours)," \
	"uptime_last_week(in hours),downtime_last_hour(in minutes)," \
	"downtime_last_day(in hours),downtime_last_week(in hours)\n"
#define SIZE 65536

/* The files of a report, and where they go. */
static const char *const names[REPORT_FILE__MAX] = { "r.csv", "r.detail.csv",
	"r.json", "r.stores.json", "r.strips.txt" };
static char paths[REPORT_FILE__MAX][FILE_PATH_MAX];

static struct report_request
request_at(const char *as_of)
{
	struct report_request request = {
		.as_of_us = as_of != NULL ? at(as_of) : REPORT_LATEST,
		.rules = { INTERPOLATION_PREVIOUS, UPTIME_REACH_UNLIMITED },
	};
	int f;

	for (f = 0; f < REPORT_FILE__MAX; f++)
		request.path[f] = scratch_path(paths[f], state_folder,
		    names[f]);
	return request;
}

/* Example 1 of the definitions, a store without hours, one without polls. */
static void
fill(void)
{
	bring(DATASET_TIMEZONES, "mon,UTC\nopen,UTC\n9,UTC");
	bring(DATASET_HOURS, "mon,0,09:00,12:00\n9,0,09:00,12:00");
	bring(DATASET_POLLS,
	    "mon,active,2023-01-23 10:14:00\nmon,inactive,2023-01-23 11:15:00\n"
	    "open,active,2023-01-23 11:30:00\nlate,active,2023-01-23 12:00:00");
}

static const char *const rows[] = {
	"9,0.00,0.0000,0.0000,0.00,0.0000,0.0000\n",
	"late,60.00,24.0000,168.0000,0.00,0.0000,0.0000\n",
	"mon,15.00,2.2500,2.2500,45.00,0.7500,0.7500\n",
	"open,60.00,24.0000,168.0000,0.00,0.0000,0.0000\n",
};

static void
test_bytes(void **state)
{
	struct report_request request = request_at(NULL);
	struct report_result result;
	char out[SIZE], wanted[SIZE];

	(void)state;
	fill();
	assert_int_equal(report_make(state_folder, &request, &result),
	    ERR_NONE);
	(void)snprintf(wanted, sizeof(wanted), "%s%s%s%s%s", HEADER, rows[0],
	    rows[1], rows[2], rows[3]);
	assert_string_equal(scratch_read(state_folder, "r.csv", out, SIZE),
	    wanted);
	assert_int_equal(result.rows, 4);
	assert_int_equal(result.bytes, strlen(wanted));
	assert_int_equal(result.as_of_us, at("2023-01-23 12:00:00"));
	assert_int_equal(result.revision, 3);
	assert_int_equal(strlen(result.sha256), 64);
	scratch_read(state_folder, "r.detail.csv", out, SIZE);
	assert_non_null(strstr(out,
	    "\nmon,900.000000,2700.000000,0.000000,0.000000,0.000000,"
	    "8100.000000,2700.000000,0.000000,0.000000,0.000000,"
	    "8100.000000,2700.000000,0.000000,0.000000,0.000000,"
	    "1,2700.000000,2023-01-23T11:15:00.000000Z,closed\n"));
	assert_non_null(strstr(out,
	    "\n9,0.000000,0.000000,3600.000000,0.000000,0.000000,"
	    "0.000000,0.000000,10800.000000,0.000000,0.000000,"
	    "0.000000,0.000000,10800.000000,0.000000,0.000000,"
	    "0,0.000000,,closed\n"));
	assert_false(scratch_has(state_folder, "r.csv.gz"));
}

/* The same again gives the same bytes; the old file is replaced. */
static void
test_same(void **state)
{
	struct report_request request = request_at("2023-01-23 11:59:59.5");
	struct report_result a, b;
	char first[SIZE], second[SIZE];

	(void)state;
	fill();
	assert_int_equal(report_make(state_folder, &request, &a), ERR_NONE);
	scratch_read(state_folder, "r.detail.csv", first, SIZE);
	assert_int_equal(report_make(state_folder, &request, &b), ERR_NONE);
	scratch_read(state_folder, "r.detail.csv", second, SIZE);
	assert_string_equal(first, second);
	assert_string_equal(a.sha256, b.sha256);
	/* A store that is polled only after as_of is named all the same. */
	assert_non_null(strstr(first, "\nlate,"));
	assert_int_equal(b.rows, 4);
}

static const struct {
	const char *name;
	const char *ids[4]; /* NULL behind the last */
	const char *rows;   /* their numbers */
} filters[] = {
	{ "one", { "mon" }, "2" },
	{ "in order of the ids", { "open", "9", "mon" }, "023" },
	{ "each once", { "mon", "9", "mon", "mon" }, "02" },
};

static void
test_filters(void **state)
{
	struct report_request request = request_at(NULL);
	struct report_result result;
	char out[SIZE];
	struct buf wanted;
	size_t i, k;

	(void)state;
	fill();
	buf_init(&wanted, SIZE);
	for (i = 0; i < COUNT(filters); i++) {
		request.stores = filters[i].ids;
		request.store_count = 0;
		while (request.store_count < 4 &&
		    filters[i].ids[request.store_count] != NULL)
			request.store_count++;
		buf_reset(&wanted);
		buf_str(&wanted, HEADER);
		for (k = 0; filters[i].rows[k] != '\0'; k++)
			buf_str(&wanted, rows[filters[i].rows[k] - '0']);
		check_number(filters[i].name,
		    report_make(state_folder, &request, &result), ERR_NONE);
		check_text(filters[i].name,
		    scratch_read(state_folder, "r.csv", out, SIZE),
		    buf_text(&wanted));
		check_number(filters[i].name, result.rows, k);
	}
	buf_release(&wanted);
}

/* No file and no remains of one, but what was there before. */
static void
assert_nothing(const char *before)
{
	char out[SIZE], name[64], temp[80];
	size_t i;

	for (i = 0; i < 2 * COUNT(names); i++) {
		(void)snprintf(name, sizeof(name), "%s%s", names[i / 2],
		    i % 2 == 0 ? "" : ".gz");
		(void)snprintf(temp, sizeof(temp), "%s.tmp", name);
		check_true(temp, !scratch_has(state_folder, temp));
		check_text(name, scratch_read(state_folder, name, out, SIZE),
		    before);
	}
}

static void
write_old(const char *text)
{
	char name[64];
	size_t i;

	for (i = 0; i < COUNT(names); i++) {
		scratch_write(state_folder, names[i], text);
		(void)snprintf(name, sizeof(name), "%s.gz", names[i]);
		scratch_write(state_folder, name, text);
	}
}

static void
test_failures(void **state)
{
	static const char *const unknown[] = { "mon", "nobody" };
	struct report_request request = request_at(NULL);
	struct report_result result;

	(void)state;
	request.gzip = true;
	assert_int_equal(report_make(state_folder, &request, &result),
	    ERR_CONFLICT);
	assert_nothing("");
	/* Zones and hours are no polls. */
	bring(DATASET_TIMEZONES, "a,UTC");
	assert_int_equal(report_make(state_folder, &request, &result),
	    ERR_CONFLICT);
	fill();
	request.stores = unknown;
	request.store_count = 2;
	assert_int_equal(report_make(state_folder, &request, &result),
	    ERR_NOT_FOUND);
	assert_nothing("");
	write_old("old");
	assert_int_equal(report_make(state_folder, &request, &result),
	    ERR_NOT_FOUND);
	assert_nothing("old");
	assert_int_equal(report_make("/nonexistent/folder", &request, &result),
	    ERR_NOT_FOUND);
}

static void
test_summary(void **state)
{
	struct report_request request = request_at(NULL);
	struct report_result result;
	json_t *o, *fleet;
	char out[SIZE];

	(void)state;
	fill();
	request.rules.interpolation = INTERPOLATION_NEAREST;
	assert_int_equal(report_make(state_folder, &request, &result),
	    ERR_NONE);
	o = json_loads(scratch_read(state_folder, "r.json", out, SIZE),
	    JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(o);
	assert_int_equal(json_integer_value(json_object_get(o, "stores")), 4);
	assert_int_equal(json_integer_value(json_object_get(o, "revision")), 3);
	assert_int_equal(json_integer_value(json_object_get(o, "never_polled")),
	    1);
	assert_string_equal(json_string_value(json_object_get(o, "as_of")),
	    "2023-01-23T12:00:00.000000Z");
	fleet = json_object_get(json_object_get(o, "fleet"), "week");
	/* 10:14 to 10:44:30 and on: 6,270 s up of 3 h, two weeks up. */
	assert_true(json_number_value(json_object_get(fleet, "up_s")) ==
	    6270 + 2 * 604800);
	assert_true(json_number_value(json_object_get(fleet, "down_s")) ==
	    4530);
	json_decref(o);
}

/* The stores with what the table and the strips have of them. */
static void
test_pages(void **state)
{
	struct report_request request = request_at(NULL);
	struct report_result result;
	char out[SIZE];

	(void)state;
	fill();
	assert_int_equal(report_make(state_folder, &request, &result),
	    ERR_NONE);
	assert_string_equal(scratch_read(state_folder, "r.stores.json", out,
				SIZE),
	    "{\"as_of\":\"2023-01-23T12:00:00.000000Z\",\"stores\":4,"
	    "\"listed\":4,\"complete\":true,\"order\":\"id\","
	    "\"status_names\":"
	    "[\"down\",\"up\",\"unknown\",\"stale\",\"closed\"],"
	    "\"zones\":[\"America/Chicago\",\"UTC\"],\"columns\":{"
	    "\"id\":[\"9\",\"late\",\"mon\",\"open\"],"
	    "\"zone\":[1,0,1,1],\"zone_given\":[1,0,1,1],"
	    "\"now\":[4,1,4,1],"
	    "\"since\":[1674475200,1673870400,1674475200,1673870400],"
	    "\"last_poll\":[null,1674475200,1674472500,1674473400],"
	    "\"hour_availability\":[null,10000,2500,10000],"
	    "\"day_availability\":[null,10000,7500,10000],"
	    "\"week_availability\":[null,10000,7500,10000],"
	    "\"hour_lost\":[0,0,2700,0],\"day_lost\":[0,0,2700,0],"
	    "\"week_lost\":[0,0,2700,0],"
	    "\"week_open\":[10800,604800,10800,604800],"
	    "\"longest_outage\":[0,0,2700,0],\"outages\":[0,0,1,0],"
	    "\"coverage\":[0,0,0,0],\"dark\":[0,0,0,0]}}\n");
	scratch_read(state_folder, "r.strips.txt", out, SIZE);
	assert_int_equal(strlen(out), 4 * 212);
	assert_memory_equal(out + 164, ".??? 0", 6);
	assert_memory_equal(out + 212, "uuuu", 4);
	/* Monday 11:00: the lowest bit of the third digit. */
	assert_memory_equal(out + 2 * 212 + 164, ".uum 0010", 9);
}

static void
test_gzip(void **state)
{
	struct report_request request = request_at(NULL);
	struct report_result result;
	char path[FILE_PATH_MAX], name[64], plain[SIZE], back[SIZE];
	size_t i;

	(void)state;
	fill();
	request.gzip = true;
	assert_int_equal(report_make(state_folder, &request, &result),
	    ERR_NONE);
	for (i = 0; i < COUNT(names); i++) {
		gzFile f;
		int n;

		(void)snprintf(name, sizeof(name), "%s.gz", names[i]);
		f = gzopen(scratch_path(path, state_folder, name), "rb");
		assert_non_null(f);
		n = gzread(f, back, SIZE - 1);
		assert_true(n > 0 && gzdirect(f) == 0);
		back[n] = '\0';
		assert_int_equal(gzclose(f), Z_OK);
		check_text(name, back,
		    scratch_read(state_folder, names[i], plain, SIZE));
	}
}

/* In the middle of a report somebody imports. */
static void
import_meanwhile(void *ctx, uint64_t done, uint64_t total)
{
	int *calls = ctx;

	assert_true(done <= total);
	assert_int_equal(total, 4);
	if ((*calls)++ > 0)
		return;
	bring(DATASET_POLLS,
	    "mon,active,2023-01-23 11:15:00\nnew,active,2023-01-24 12:00:00");
	assert_int_equal(bulk_forget(data, "open"), ERR_NONE);
}

static void
test_snapshot(void **state)
{
	struct report_request request = request_at(NULL);
	struct report_result result;
	char out[SIZE], wanted[SIZE];
	int calls = 0;

	(void)state;
	fill();
	request.progress = import_meanwhile;
	request.progress_ctx = &calls;
	assert_int_equal(report_make(state_folder, &request, &result),
	    ERR_NONE);
	assert_true(calls >= 2);
	assert_int_equal(result.revision, 3);
	(void)snprintf(wanted, sizeof(wanted), "%s%s%s%s%s", HEADER, rows[0],
	    rows[1], rows[2], rows[3]);
	assert_string_equal(scratch_read(state_folder, "r.csv", out, SIZE),
	    wanted);
	request.progress = NULL;
	assert_int_equal(report_make(state_folder, &request, &result),
	    ERR_NONE);
	assert_int_equal(result.revision, 5);
	assert_int_equal(result.as_of_us, at("2023-01-24 12:00:00"));
	scratch_read(state_folder, "r.csv", out, SIZE);
	assert_null(strstr(out, "\nopen,"));
	assert_non_null(strstr(out, "\nnew,"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		with_data(test_bytes),
		with_data(test_same),
		with_data(test_filters),
		with_data(test_failures),
		with_data(test_summary),
		with_data(test_pages),
		with_data(test_gzip),
		with_data(test_snapshot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
