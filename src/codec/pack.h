/*
 * How polls and hours are kept as bytes.
 *
 * A number is a varint: seven bits a byte, the low ones first, the top bit
 * set on all bytes but the last; at most ten bytes.
 *
 * Poll block: the polls of one store and UTC day in order; each as a varint
 * of 2 x (microseconds since the one before; the first: since midnight) +
 * (1 if active).  Instants of a block differ.
 *
 * Hours: rows in order; each as three varints: a label (weekday, or 0), the
 * start and the end in seconds of the wall clock.
 */
#ifndef CODEC_PACK_H
#define CODEC_PACK_H

#include "core/schedule.h"
#include "core/uptime.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACK_POLL_MAX 6  /* bytes of the longest poll of a day */
#define PACK_HOURS_MAX 7 /* bytes of the longest row of hours */

/*
 * Writes n polls of the UTC day `day`, sorted, instants different, to out,
 * which has room for n * PACK_POLL_MAX bytes.  Returns how many were used.
 */
size_t
pack_polls(const struct poll *polls, size_t n, int32_t day, unsigned char *out);

/*
 * Reads a block of `day`: appends to polls, which has room for len of them
 * (a poll is at least a byte).  False if the bytes are no such block; *n is
 * how many were read.
 */
bool unpack_polls(const unsigned char *data, size_t len, int32_t day,
    struct poll *polls, size_t *n);

/* Writes rows; out has room for n * PACK_HOURS_MAX.  Returns bytes used. */
size_t
pack_hours(const struct schedule_week_row *rows, size_t n, unsigned char *out);

/*
 * Reads rows of hours; rows has room for len / 3 of them.  False if the
 * bytes are no such rows.
 */
bool unpack_hours(const unsigned char *data, size_t len,
    struct schedule_week_row *rows, size_t *n);

#endif
