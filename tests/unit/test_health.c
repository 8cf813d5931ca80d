/* Judging how the service is: each part at its limits, and what is told. */
#include "work/health.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <string.h>

#include "../lib/check.h"

#define S_US INT64_C(1000000)
#define HOUR_US (3600 * S_US)
#define MB INT64_C(1048576)
#define NOW_US (1000000 * HOUR_US)

static struct settings settings;
static struct vitals well;

static int
set_up(void **unused)
{
	(void)unused;
	memset(&settings, 0, sizeof(settings));
	settings.value[SETTING_WORKERS] = 2;
	settings.value[SETTING_QUEUE] = 10;
	settings.value[SETTING_STALE_HOURS] = 24;
	settings.value[SETTING_DISK_MB] = 64;
	memset(&well, 0, sizeof(well));
	well.now_us = NOW_US;
	well.revision.has_polls = true;
	well.revision.newest_us = NOW_US - HOUR_US;
	well.disk_free = 1000 * MB;
	well.disk_bytes = 2000 * MB;
	return 0;
}

/* What is changed of a service that is well, and what is said then. */
struct change {
	const char *name;
	enum health_part part;
	enum health_state state;
	const char *reason;
	enum {
		NOTHING,
		DATA,
		JOBS,
		CHANGE,
		SPOOL,
		DISK,
		FREE,
		QUEUED,
		RUNNING,
		WAITED,
		AGE,
		NO_POLLS
	} what;
	int64_t value;
};

static const struct change changes[] = {
	{ "data", HEALTH_DATA, HEALTH_OK, "the data can be read", NOTHING, 0 },
	{ "damaged", HEALTH_DATA, HEALTH_FAILED,
	    "the data cannot be used: stored data is damaged", DATA,
	    ERR_CORRUPT },
	{ "newer", HEALTH_DATA, HEALTH_FAILED,
	    "the data cannot be used: stored data is of a newer version of the "
	    "program",
	    DATA, ERR_NEWER },
	{ "polls of it", HEALTH_POLLS, HEALTH_FAILED, "the data is not known",
	    DATA, ERR_IO },
	{ "jobs", HEALTH_JOBS, HEALTH_OK, "jobs can be read and changed",
	    NOTHING, 0 },
	{ "no jobs", HEALTH_JOBS, HEALTH_FAILED,
	    "the jobs cannot be used: input or output failed", JOBS, ERR_IO },
	{ "workers of it", HEALTH_WORKERS, HEALTH_FAILED,
	    "the jobs are not known", JOBS, ERR_IO },
	{ "queue of it", HEALTH_QUEUE, HEALTH_FAILED, "the jobs are not known",
	    JOBS, ERR_IO },
	{ "no change", HEALTH_JOBS, HEALTH_FAILED,
	    "the jobs cannot be used: input or output failed", CHANGE, ERR_IO },
	{ "slow", HEALTH_JOBS, HEALTH_WARNING,
	    "somebody is at the jobs for over a second", CHANGE, ERR_BUSY },
	{ "at work", HEALTH_WORKERS, HEALTH_OK, "2 of 2 at work", RUNNING, 2 },
	{ "waits not long", HEALTH_WORKERS, HEALTH_OK, "0 of 2 at work", WAITED,
	    60 },
	{ "waits too long", HEALTH_WORKERS, HEALTH_FAILED,
	    "jobs wait, and no worker takes them", WAITED, 61 },
	{ "is to come", HEALTH_WORKERS, HEALTH_OK, "0 of 2 at work", WAITED,
	    -100 },
	{ "room", HEALTH_QUEUE, HEALTH_OK, "9 of 10 wait", QUEUED, 9 },
	{ "no room", HEALTH_QUEUE, HEALTH_WARNING, "10 of 10 wait", QUEUED,
	    10 },
	{ "spool", HEALTH_SPOOL, HEALTH_OK, "reports can be written", NOTHING,
	    0 },
	{ "no spool", HEALTH_SPOOL, HEALTH_FAILED, "reports cannot be written",
	    SPOOL, ERR_IO },
	{ "space", HEALTH_DISK, HEALTH_OK, "there is space", FREE, 256 * MB },
	{ "little space", HEALTH_DISK, HEALTH_WARNING,
	    "the disk is nearly full", FREE, 256 * MB - 1 },
	{ "still some", HEALTH_DISK, HEALTH_WARNING, "the disk is nearly full",
	    FREE, 64 * MB },
	{ "none", HEALTH_DISK, HEALTH_FAILED, "the disk is full", FREE,
	    64 * MB - 1 },
	{ "not known", HEALTH_DISK, HEALTH_FAILED, "the space is not known",
	    DISK, ERR_IO },
	{ "new", HEALTH_POLLS, HEALTH_OK, "the newest poll is 24 h old", AGE,
	    24 * 3600 },
	{ "old", HEALTH_POLLS, HEALTH_WARNING, "the newest poll is 24 h old",
	    AGE, 24 * 3600 + 1 },
	{ "ahead", HEALTH_POLLS, HEALTH_OK, "the newest poll is 0 h old", AGE,
	    -3600 },
	{ "none", HEALTH_POLLS, HEALTH_WARNING, "there are no polls yet",
	    NO_POLLS, 0 },
};

static struct vitals
change(const struct change *c)
{
	struct vitals v = well;
	enum err err = (enum err)c->value;

	switch (c->what) {
	case DATA:
		v.data = err;
		break;
	case JOBS:
		v.jobs = err;
		break;
	case CHANGE:
		v.change = err;
		break;
	case SPOOL:
		v.spool = err;
		break;
	case DISK:
		v.disk = err;
		break;
	case FREE:
		v.disk_free = c->value;
		break;
	case QUEUED:
		v.open.queued = c->value;
		v.open.running = 1;
		v.open.oldest_us = NOW_US;
		break;
	case RUNNING:
		v.open.running = c->value;
		break;
	case WAITED:
		v.open.queued = 1;
		v.open.oldest_us = NOW_US - c->value * S_US;
		break;
	case AGE:
		v.revision.newest_us = NOW_US - c->value * S_US;
		break;
	case NO_POLLS:
		v.revision.has_polls = false;
		break;
	case NOTHING:
		break;
	}
	return v;
}

static void
test_parts(void **state)
{
	struct health h;
	size_t i;
	int part;

	(void)state;
	for (i = 0; i < COUNT(changes); i++) {
		const struct change *c = &changes[i];
		struct vitals v = change(c);

		health_judge(&v, &settings, &h);
		check_number(c->name, h.part[c->part].state, c->state);
		check_text(c->name, h.part[c->part].reason, c->reason);
		/* The whole is as its worst part. */
		for (part = 0; part < HEALTH__MAX; part++)
			check_true(c->name, h.part[part].state <= h.state);
		check_true(c->name, h.state >= c->state);
		if (c->state == HEALTH_OK)
			check_number(c->name, h.state, HEALTH_OK);
	}
}

static const char *
member(const json_t *object, const char *a, const char *b)
{
	return json_string_value(json_object_get(json_object_get(object, a),
	    b));
}

static void
test_json(void **state)
{
	struct vitals v = well;
	struct health h;
	json_t *body, *parts;
	struct buf out;
	size_t i;

	(void)state;
	v.spool = ERR_IO;
	health_judge(&v, &settings, &h);
	buf_init(&out, 10000);
	buf_char(&out, '{');
	health_json(&h, &out);
	buf_char(&out, '}');
	assert_int_equal(buf_err(&out), ERR_NONE);
	body = json_loads(buf_text(&out), JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(body);
	assert_string_equal(json_string_value(json_object_get(body, "status")),
	    "failed");
	assert_int_equal(json_integer_value(json_object_get(body,
			     "newest_poll_age_s")),
	    3600);
	parts = json_object_get(body, "parts");
	assert_int_equal(json_object_size(parts), HEALTH__MAX);
	for (i = 0; i < HEALTH__MAX; i++) {
		const char *name = health_part_names[i];

		check_text(name, member(parts, name, "state"),
		    i == HEALTH_SPOOL ? "failed" : "ok");
		check_text(name, member(parts, name, "reason"),
		    h.part[i].reason);
	}
	json_decref(body);
	buf_release(&out);
}

static void
test_no_age(void **state)
{
	struct vitals v = well;
	struct health h;
	struct buf out;

	(void)state;
	v.revision.has_polls = false;
	health_judge(&v, &settings, &h);
	buf_init(&out, 10000);
	health_json(&h, &out);
	assert_non_null(strstr(buf_text(&out), "\"newest_poll_age_s\":null"));
	buf_release(&out);
}

#define each(test) cmocka_unit_test_setup(test, set_up)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		each(test_parts),
		each(test_json),
		each(test_no_age),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
