/*
 * Worker slots: the files STATE/slots/N.lock.  Who holds the lock of one is
 * the worker in it, or about to start one; what it does now stands in the
 * file, so that telling progress costs one write and no database.
 */
#ifndef WORK_SLOT_H
#define WORK_SLOT_H

#include "base/err.h"
#include "base/text.h"

#include <stdint.h>

/*
 * What a worker says of itself.  Written and read as these bytes, so that no
 * member has values that are none: a bool would.
 */
struct slot_note {
	char id[JOB_ID_LEN + 1]; /* of the job; "" for none */
	uint8_t overtime;        /* not 0: it was stopped at the limit */
	uint64_t done;           /* stores */
	uint64_t total;
	int64_t started_us; /* monotonic clock */
};

/*
 * Takes the lock of a slot without waiting; ERR_BUSY, not logged, if
 * somebody has it.  Let go with lock_drop().
 */
MUST_CHECK enum err slot_take(const char *state, int slot, int *fd);

/*
 * Takes any of the slots 0 to slots - 1; ERR_BUSY, not logged, if all are
 * taken.
 */
MUST_CHECK enum err
slot_take_any(const char *state, int slots, int *slot, int *fd);

/* Makes sure that fd is the slot's lock file and holds its lock. */
MUST_CHECK enum err slot_adopt(const char *state, int slot, int fd);

/* Writes the note into the slot of fd.  That it fails is only logged. */
void slot_write(int fd, const struct slot_note *note);

/* Marks the note as overtime.  May be called from a signal handler. */
void slot_mark_overtime(int fd);

/* Reads a slot's note; all zeros if there is none. */
void slot_read(const char *state, int slot, struct slot_note *note);

#endif
