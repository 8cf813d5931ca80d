/*
 * A handful of stores whose weeks are small enough to be told by heart, and
 * what is told of them.
 */
#ifndef STORE_TIMELINE_FIXTURE_H
#define STORE_TIMELINE_FIXTURE_H

#include "work/report.h"
#include "work/timeline.h"

#include "data_fixture.h"

#include <jansson.h>

/* Chicago is UTC-6 in winter, Denver UTC-7, New York UTC-5. */
static const char timeline_polls
    [] = "lunch,active,2023-01-23 16:14:00\n" /* Monday 09:14 in Denver */
	 "lunch,inactive,2023-01-23 17:15:00\n"
	 "dark,inactive,2023-01-16 17:15:00\n"
	 "dark,inactive,2023-01-17 17:15:00\n"
	 "dark,inactive,2023-01-18 17:15:00\n"
	 "dark,active,2022-11-11 17:30:00\n"
	 "outside,inactive,2023-01-16 03:15:00\n"
	 "first,inactive,2023-01-20 03:15:00\n"
	 "first,active,2023-01-20 04:15:00\n"
	 "first,active,2023-01-21 04:15:00\n"
	 "old,active,2022-11-18 17:15:00\n"
	 "busy,active,2023-01-23 15:05:10\n"
	 "busy,active,2023-01-23 16:05:10\n"
	 "busy,inactive,2023-01-23 17:05:10\n"
	 "busy,inactive,2023-01-23 18:05:10\n"
	 "busy,active,2023-01-23 18:35:10\n"
	 "busy,inactive,2023-01-23 18:50:10\n"
	 "busy,active,2023-01-23 18:55:10.999999\n"
	 "busy,inactive,2023-01-23 19:10:00\n"
	 "busy,active,2023-01-23 19:20:00\n"
	 "monday,inactive,2023-01-09 18:00:00\n"
	 "monday,active,2023-01-23 17:00:00\n"
	 "rare,active,2023-01-10 00:00:00\n"
	 "rare,active,2023-01-22 00:00:00\n"
	 "fall,active,2022-11-06 05:30:00\n"
	 "fall,inactive,2022-11-06 06:30:00\n"
	 "fall,active,2022-11-06 07:30:00\n"
	 "spring,active,2023-03-12 07:30:00\n"
	 "spring,inactive,2023-03-12 08:30:00";

static const char timeline_hours[] = "lunch,0,09:00:00,12:00:00\n"
				     "monday,0,09:00:00,12:00:00\n"
				     "dark,0,09:00,17:00\n"
				     "dark,1,09:00,17:00\n"
				     "dark,2,09:00,17:00\n"
				     "dark,4,09:00,12:00\n"
				     "dark,4,13:00,02:00\n"
				     "outside,0,09:00,17:00\n"
				     "old,0,09:00,17:00\n"
				     "old,1,09:00,17:00\n"
				     "old,4,09:00,17:00\n"
				     "never,0,09:00,23:59\n"
				     "never,6,22:00,02:00\n"
				     "busy,0,08:00,20:00\n"
				     "spring,5,18:00,04:00\n"
				     "spring,6,18:00,04:00";

static const char
    timeline_zones[] = "monday,America/Denver\n"
		       "lunch,America/Denver\ndark,America/New_York\nbusy,UTC\n"
		       "fall,America/Chicago\nspring,America/New_York";

static const char
    timeline_special[] = "dark,2023-01-18,,\ndark,2023-01-23,10:00,11:00";

static inline void
timeline_bring(void)
{
	bring(DATASET_POLLS, timeline_polls);
	bring(DATASET_HOURS, timeline_hours);
	bring(DATASET_TIMEZONES, timeline_zones);
	bring(DATASET_SPECIAL_HOURS, timeline_special);
}

/* The rules that are asked by. */
enum asked {
	PREVIOUS,
	NEXT,
	NEAREST,
	NEAREST_30M,
	PREVIOUS_6H
};

static const struct uptime_rules timeline_rules[] = {
	[PREVIOUS] = { INTERPOLATION_PREVIOUS, UPTIME_REACH_UNLIMITED },
	[NEXT] = { INTERPOLATION_NEXT, UPTIME_REACH_UNLIMITED },
	[NEAREST] = { INTERPOLATION_NEAREST, UPTIME_REACH_UNLIMITED },
	[NEAREST_30M] = { INTERPOLATION_NEAREST, 30 * STAMP_MIN_US },
	[PREVIOUS_6H] = { INTERPOLATION_PREVIOUS, 6 * STAMP_HOUR_US },
};

/* A figure as of an instant, and what is said of it. */
struct told {
	enum asked rules;
	const char *store;
	const char *as_of;
	const char *figure;
	const char *value;
	const char *text; /* NULL: there is no such sentence */
};

/* The member of that name of a figure's sentence, or NULL. */
static inline const char *
timeline_said(const json_t *object, const char *figure, const char *name)
{
	const json_t *list = json_object_get(object, "explanations"), *one;
	size_t i;

	json_array_foreach (list, i, one) {
		if (strcmp(json_string_value(json_object_get(one, "figure")),
			figure) == 0)
			return json_string_value(json_object_get(one, name));
	}
	return NULL;
}

/* Asks each, and compares. */
static inline void
timeline_check_told(const struct told *told, size_t count)
{
	struct timeline_desk *desk;
	struct buf out;
	size_t i;

	assert_int_equal(timeline_open(&desk, state_folder), ERR_NONE);
	buf_init(&out, TEXT_MAX);
	for (i = 0; i < count; i++) {
		struct timeline_question question = { told[i].store,
			at(told[i].as_of), timeline_rules[told[i].rules] };
		json_t *object;

		buf_reset(&out);
		assert_int_equal(timeline_ask(desk, &question, timeline_json,
				     &out),
		    ERR_NONE);
		object = json_loads(buf_text(&out), 0, NULL);
		assert_non_null(object);
		check_true(told[i].figure,
		    (told[i].text != NULL) ==
			(timeline_said(object, told[i].figure, "text") !=
			    NULL));
		if (told[i].text != NULL) {
			check_text(told[i].store,
			    timeline_said(object, told[i].figure, "value"),
			    told[i].value);
			check_text(told[i].store,
			    timeline_said(object, told[i].figure, "text"),
			    told[i].text);
		}
		json_decref(object);
	}
	buf_release(&out);
	timeline_close(desk);
}

#endif
