/*
 * Stretches: open time of one shift with one status, observed or not, and why
 * it was judged so.
 */
#ifndef WORK_TIMELINE_STRETCH_H
#define WORK_TIMELINE_STRETCH_H

#include "work/timeline_words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stretch {
	int64_t start_us;
	int64_t end_us;
	enum status status;
	/* The first and the last poll that decides it, or TIMELINE_NONE. */
	int64_t first_poll_us;
	int64_t last_poll_us;
};

/*
 * The stretch that begins with the segment of that number, which is moved on
 * behind it; false if there is none.
 */
bool
stretch_next(const struct timeline *t, size_t *segment, struct stretch *out);

/*
 * Says which polls a known stretch stands on and how far they count: "the
 * poll at 11:15 said inactive, and it counts until the shift's end at 12:00".
 */
void stretch_explain(struct words *w, const struct stretch *s);

#endif
