/* The two clocks: the wall's, which jumps, and the monotonic one. */
#ifndef SYS_CLOCK_H
#define SYS_CLOCK_H

#include <stdint.h>

/* Microseconds since the Unix epoch, UTC; may jump either way. */
int64_t clock_now_us(void);

/* Microseconds since some start; never goes back.  For durations. */
int64_t clock_monotonic_us(void);

#endif
