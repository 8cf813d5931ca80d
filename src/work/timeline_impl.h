/* What the files of the timeline share; see work/timeline.h. */
#ifndef WORK_TIMELINE_IMPL_H
#define WORK_TIMELINE_IMPL_H

#include "store/store.h"
#include "work/reckon.h"
#include "work/timeline.h"

#include <stdbool.h>

#define TIMELINE_NONE INT64_MIN /* there is no such instant */
#define TIMELINE_DATES_MAX 12   /* a week touches 9 at the most */
#define TIMELINE_SENTENCES 13   /* for so many figures */

/* A local date that touches the week; not empty. */
struct timeline_date {
	int32_t day; /* days since 1970-01-01 */
	int64_t start_us;
	int64_t end_us;
};

struct timeline_poll {
	int64_t at_us;
	bool up;
	bool in_hours; /* it is evidence */
};

/* Open time of one shift with one status, observed or not. */
struct timeline_segment {
	int64_t start_us;
	int64_t end_us;
	enum status status;
	bool observed;
	/* The first and the last poll that decides it, or TIMELINE_NONE. */
	int64_t poll_us;
	int64_t last_poll_us;
};

/* Two polls in business hours between which something changed. */
struct timeline_edge {
	int64_t after_us;
	int64_t by_us;
};

struct timeline_outage {
	size_t first; /* of its segments, which follow each other */
	size_t last;
	int64_t start_us;
	int64_t end_us;
	int64_t open_us; /* down time in it */
	bool ongoing;    /* no poll yet that says otherwise */
	bool clipped;    /* a poll before the week said down already */
	/* By the first poll that said down, after the last that did not. */
	struct timeline_edge start_edge;
	/* After the last poll that said down, by the first that did not. */
	struct timeline_edge end_edge;
};

/* Where the hours of a date come from. */
enum timeline_source {
	TIMELINE_WEEKLY,
	TIMELINE_SPECIAL,
	TIMELINE_DEFAULT, /* no rows at all: always open */
	TIMELINE_SOURCE__MAX
};

/* Why known time is not observed. */
enum timeline_filled {
	TIMELINE_DISAGREE, /* between polls that say different things */
	TIMELINE_APART,    /* between polls further apart than observed_gap */
	TIMELINE_EDGE,     /* before a shift's first or after its last poll */
	TIMELINE_NO_POLL,  /* in a shift without any */
	TIMELINE_FILLED__MAX
};

/* How a figure came about.  The texts begin at these places of words. */
struct timeline_sentence {
	const char *figure; /* its name, for programs */
	const char *title;  /* for people */
	size_t value;
	size_t text;
};

struct timeline {
	const struct data_store *store;
	struct data_revision revision;
	const char *tzdata;
	const char *zone; /* name, also where none was given */
	struct schedule schedule;
	struct uptime_rules rules;
	int64_t as_of_us;
	int64_t week_us; /* as_of - 168 h */
	struct reckoned reckoned;
	bool now_up;   /* what the poll says that decides the status now */
	bool has_past; /* older evidence than was read counts as well */
	struct timeline_date dates[TIMELINE_DATES_MAX];
	size_t date_count; /* at least one */
	/* Whole shifts from days before the first date to the last one's. */
	struct interval *shifts;
	size_t shift_count;
	/* From from_us, where the first day that was read begins, to as_of;
	 * of which those from first_poll on lie in the dates. */
	int64_t from_us;
	struct timeline_poll *polls;
	size_t poll_count;
	size_t first_poll;
	/* The week's open time, in order. */
	struct timeline_segment *segments;
	size_t segment_count;
	int64_t filled_us[TIMELINE_FILLED__MAX]; /* of the week */
	struct timeline_outage *outages;
	size_t outage_count;
	struct buf words; /* texts, each with its NUL */
	struct timeline_sentence sentences[TIMELINE_SENTENCES];
	size_t sentence_count;
};

/* "down", "up", "unknown"; "weekly", "special", "default". */
extern const char *const timeline_status_names[STATUS__MAX];
extern const char *const timeline_source_names[TIMELINE_SOURCE__MAX];

/*
 * Fills dates, shifts, polls and segments.  The store is shown with its polls
 * of the UTC days from first_day on; in is the input of its week.
 */
MUST_CHECK enum err timeline_gather(struct timeline *t,
    const struct uptime_input *in, int32_t first_day);

/* Fills the outages.  Polls of days before first_day are looked up. */
MUST_CHECK enum err
timeline_edges(struct timeline *t, struct data *data, int32_t first_day);

/* Fills the sentences, once all else is there. */
MUST_CHECK enum err timeline_explain(struct timeline *t);

/* Gives the arrays back. */
void timeline_release(struct timeline *t);

/* How many of the polls lie before an instant. */
size_t timeline_polls_before(const struct timeline *t, int64_t us);

/*
 * True if the poll of that number is that of the instant.  One that decides
 * something may be older than the polls that were read.
 */
bool timeline_has_poll(const struct timeline *t, size_t number, int64_t us);

/* The poll that decides the status now; TIMELINE_NONE if none does. */
int64_t timeline_now_poll(const struct timeline *t);

/* Where the hours of a date come from. */
enum timeline_source timeline_source(const struct schedule *s, int32_t day);

/*
 * The row of that number, from 0, of a weekday or of a date as it was given;
 * false if there are no more.  A store without rows has one, the whole day.
 */
bool timeline_weekday_row(const struct schedule *s, int32_t weekday,
    size_t number, struct schedule_hours *out);
bool timeline_date_row(const struct schedule *s, int32_t day, size_t number,
    struct schedule_hours *out);

#endif
