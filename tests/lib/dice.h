/* Random numbers for tests: the same seed gives the same on any machine. */
#ifndef LIB_DICE_H
#define LIB_DICE_H

#include <stdbool.h>
#include <stdint.h>

struct dice {
	uint64_t state; /* any but 0 */
};

/* Marsaglia's xorshift with shifts 13, 7, 17. */
static inline uint64_t
dice_roll(struct dice *d)
{
	d->state ^= d->state << 13;
	d->state ^= d->state >> 7;
	d->state ^= d->state << 17;
	return d->state >> 11;
}

/* A number from low to high, both included. */
static inline int64_t
dice_between(struct dice *d, int64_t low, int64_t high)
{
	return low + (int64_t)(dice_roll(d) % (uint64_t)(high - low + 1));
}

static inline bool
dice_one_in(struct dice *d, int64_t n)
{
	return dice_between(d, 1, n) == 1;
}

#endif
