/*
 * One store's week with all that its figures come of: hours and where they
 * are from, polls, how each stretch of open time was judged and by which
 * poll, outages, and for each figure a sentence that the store's owner can
 * understand and dispute.  The figures are those of the report, to the
 * microsecond.
 *
 * A desk is what one process needs to look stores up: the data and the time
 * zone database, open.  Keep one for the life of a process; it must not cross
 * a fork.  Every question is answered from a snapshot of its own.
 */
#ifndef WORK_TIMELINE_H
#define WORK_TIMELINE_H

#include "base/buf.h"
#include "base/err.h"
#include "core/uptime.h"

#include <stddef.h>
#include <stdint.h>

#define TIMELINE_FOUND_MAX 100 /* ids that a search gives at the most */

struct timeline_desk;

/* What is told; valid while it is written. */
struct timeline;

struct timeline_question {
	const char *store; /* its id */
	int64_t as_of_us;  /* or REPORT_LATEST */
	struct uptime_rules rules;
};

/* Opens the desk of a state folder, making the data if it is missing. */
MUST_CHECK enum err
timeline_open(struct timeline_desk **desk, const char *state);

/* Closes it; NULL is allowed. */
void timeline_close(struct timeline_desk *desk);

/*
 * Gathers the store's timeline and has it written to out, by timeline_json()
 * or timeline_text().  Not logged: ERR_CONFLICT, there are no polls of any
 * store yet; ERR_NOT_FOUND, there is no such store; ERR_GONE, polls of that
 * time were removed; ERR_TOO_LARGE, out cannot hold it.  On failure out is to
 * be thrown away.
 */
MUST_CHECK enum err timeline_ask(struct timeline_desk *desk,
    const struct timeline_question *question,
    void (*write)(const struct timeline *t, struct buf *out), struct buf *out);

/* Appends the timeline as a JSON object. */
void timeline_json(const struct timeline *t, struct buf *out);

/* Appends it as text for a terminal, in lines of the store's local time. */
void timeline_text(const struct timeline *t, struct buf *out);

/*
 * Appends the ids that begin with prefix, in byte order and `limit` of them
 * at the most, as a JSON object that says whether there are more.
 */
MUST_CHECK enum err timeline_find(struct timeline_desk *desk,
    const char *prefix, size_t limit, struct buf *out);

#endif
