/*
 * The words of a timeline: instants on the store's own clock, lengths of time,
 * hours, numbers of things.  Instants are cut to the second and lengths
 * rounded to it: they are for people, who find the microseconds in the JSON.
 */
#ifndef WORK_TIMELINE_WORDS_H
#define WORK_TIMELINE_WORDS_H

#include "work/timeline_impl.h"

#include <stdint.h>

/* A sentence being written.  After a date was named, an instant of it is
 * told by its time only. */
struct words {
	struct buf *out;
	const struct timeline *t;
	int32_t day; /* named last; INT32_MIN: none yet */
};

/* Begins a sentence. */
struct words words_begin(const struct timeline *t, struct buf *out);

/* Appends text as it is. */
void words_text(struct words *w, const char *text);

/*
 * Appends text with a value in the place of each word in braces, in turn:
 *
 *	{length}	a length of time: "80 h 15 min 7 s", "less than 1 s"
 *	{age}		the same, but from two days on "3 days"
 *	{instant}	"Wed 25 Jan 13:08:37", or "13:08:37" of a date named
 *	{at}		"on Wed 25 Jan at 13:08:37", or "at 13:08:37"
 *	{date}		a day number: "Wed 25 Jan"
 *	{share}		a share_floor(): "96.78 %", or "none"
 *	{count}		a number
 *	{polls}		a number of polls: "1 poll"
 *	{said}		what a poll says: "inactive" for 0, or "active"
 *
 * A date of another year than as_of's has its year.
 */
#define words_tell(w, text, ...) \
	words_tell_values((w), (text), (const int64_t[]){ __VA_ARGS__ }, \
	    sizeof((const int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t))
void words_tell_values(struct words *w, const char *text, const int64_t *values,
    size_t count);

/* "09:00-12:00", "22:00-02:00"; what means midnight is 24:00. */
void words_hours(struct words *w, const struct schedule_hours *hours);

/* Why there is no poll at all to judge by. */
void words_no_evidence(struct words *w);

#endif
