/*
 * The reckoning: from shifts and polls to up, down and unknown time.
 * The rules are those of docs/SEMANTICS.md, "Status at an instant" and "The
 * counters"; the names here are its names.  All durations and instants are
 * whole microseconds; nothing is rounded.
 */
#ifndef CORE_UPTIME_H
#define CORE_UPTIME_H

#include "core/interval.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum interpolation {
	INTERPOLATION_PREVIOUS,
	INTERPOLATION_NEXT,
	INTERPOLATION_NEAREST,
	INTERPOLATION__MAX
};

enum status {
	STATUS_DOWN,
	STATUS_UP,
	STATUS_UNKNOWN,
	STATUS__MAX
};

/* What a store is at as_of. */
enum status_now {
	STATUS_NOW_DOWN,
	STATUS_NOW_UP,
	STATUS_NOW_UNKNOWN,
	STATUS_NOW_STALE,  /* its poll is over UPTIME_STALE_US old */
	STATUS_NOW_CLOSED, /* outside business hours */
	STATUS_NOW__MAX
};

enum window {
	WINDOW_HOUR,
	WINDOW_DAY,
	WINDOW_WEEK,
	WINDOW__MAX
};

#define UPTIME_REACH_UNLIMITED INT64_MAX
#define UPTIME_OBSERVED_GAP_US INT64_C(7200000000)
#define UPTIME_STALE_US INT64_C(7200000000)

/* Lengths of the windows before as_of: 1 h, 24 h, 168 h. */
extern const int64_t uptime_window_us[WINDOW__MAX];

/* "previous", "next", "nearest"; "down", "up", ...; "hour", "day", "week". */
extern const char *const interpolation_names[INTERPOLATION__MAX];
extern const char *const status_now_names[STATUS_NOW__MAX];
extern const char *const window_names[WINDOW__MAX];

struct poll {
	int64_t at_us;
	bool up;
};

struct uptime_rules {
	enum interpolation interpolation;
	int64_t reach_us; /* 0 or more; UPTIME_REACH_UNLIMITED */
};

/*
 * One store's week.  Arrays are the caller's.
 *
 * loaded_us: polls from this instant on are in the array; at or before the
 * start of the week.
 * shifts: merged, in order; all that end at or after loaded_us and start at
 * or before as_of.  The first may be cut off at its start.
 * polls: evidence and others, loaded_us to as_of, in order, instants differ.
 * past: the latest evidence before loaded_us, or NULL where there is none or
 * it is not needed (see uptime_needs_past()).  past_joins: the store was open
 * without a break from there to loaded_us, so that it lies in shifts[0].
 */
struct uptime_input {
	int64_t as_of_us;
	int64_t loaded_us;
	struct uptime_rules rules;
	const struct interval *shifts;
	size_t shift_count;
	const struct poll *polls;
	size_t poll_count;
	const struct poll *past;
	bool past_joins;
};

/* A stretch of open time with one status; never empty. */
struct segment {
	int64_t start_us;
	int64_t end_us;
	enum status status;
	bool observed;   /* between agreeing polls not too far apart */
	int64_t poll_us; /* the poll that decides it, unless unknown */
};

/* Microseconds; up + down + unknown = business time of the window. */
struct counters {
	int64_t up;
	int64_t down;
	int64_t unknown;
	int64_t observed_up;
	int64_t observed_down;
};

struct uptime {
	struct counters window[WINDOW__MAX];
	int64_t longest_outage_us; /* open time, of the week */
	uint32_t outages;          /* of the week */
	enum status_now now;
	int64_t now_poll_us; /* decides now, where there is one */
	bool has_evidence;   /* some poll decides something */
	bool has_since;      /* false: closed for a week or longer */
	int64_t since_us;    /* of now: docs/SEMANTICS.md, "Since" */
};

/* True if the result may depend on evidence from before loaded_us. */
bool uptime_needs_past(const struct uptime_input *in);

/*
 * Visits the segments of [from_us, as_of) in order.  Neighbours may have the
 * same status.  visit must not be NULL.
 */
void uptime_walk(const struct uptime_input *in, int64_t from_us,
    void (*visit)(void *ctx, const struct segment *s), void *ctx);

/*
 * The counters of the three windows, the outages, the status now and since
 * when it is that.
 */
void uptime_reckon(const struct uptime_input *in, struct uptime *out);

/* The same, and visits the segments of the week on the way. */
void uptime_reckon_walk(const struct uptime_input *in,
    void (*visit)(void *ctx, const struct segment *s), void *ctx,
    struct uptime *out);

#endif
