/*
 * The weeks of the stores as text, one line of fixed length each: a character
 * an hour, and the hours of the weekdays in which open time was lost.
 */
#ifndef WORK_STRIPS_H
#define WORK_STRIPS_H

#include "base/buf.h"
#include "core/cells.h"

#define STRIPS_LINE 212 /* bytes of a line with its LF */

/*
 * Appends a store's line: for each cell of the week one of
 *
 *	.  closed all of it          m  some up, some down
 *	u  all open time up          ?  some unknown, none down
 *	d  all open time down        x  some unknown, some down
 *
 * then a blank and 42 hex digits, the cells of the local hours in order, the
 * highest bit first: those in which the store lost open time.
 */
void strips_row(struct buf *out, const struct cells_marks *marks);

#endif
