/* The one strict reader of numbers from outside, and fast writers. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Reads all len bytes of s as a decimal integer: an optional '-', then digits
 * and nothing else.  False, with *out untouched, if it is no such text or
 * lies outside min..max, both included.
 */
bool
number_parse(const char *s, size_t len, int64_t min, int64_t max, int64_t *out);

/*
 * Writes value / 10^decimals with exactly that many decimals (0 to 9) and '.'
 * as the sign: (12345, 2) is "123.45".  At most 24 bytes, no NUL; returns
 * how many.
 */
size_t number_format(int64_t value, int decimals, char *out);

#endif
