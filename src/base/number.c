/* Decimal integers and fixed-point numbers, read and written exactly. */
#include "base/number.h"

bool
number_parse(const char *s, size_t len, int64_t min, int64_t max, int64_t *out)
{
	bool negative = len > 0 && s[0] == '-';
	size_t i = negative ? 1 : 0;
	int64_t value = 0;

	if (i == len)
		return false;
	for (; i < len; i++) {
		int64_t digit = s[i] - '0';

		if (digit < 0 || digit > 9)
			return false;
		/* Counted downwards: the negative side is the longer one. */
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_sub_overflow(value, digit, &value))
			return false;
	}
	if (!negative && __builtin_sub_overflow((int64_t)0, value, &value))
		return false;
	if (value < min || value > max)
		return false;
	*out = value;
	return true;
}

size_t
number_format(int64_t value, int decimals, char *out)
{
	uint64_t rest = value < 0 ? (uint64_t)0 - (uint64_t)value
				  : (uint64_t)value;
	char digits[24];
	size_t used = 0, len = 0;

	do {
		if (decimals > 0 && used == (size_t)decimals)
			digits[used++] = '.';
		digits[used++] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0 || (decimals > 0 && used < (size_t)decimals + 2));
	if (value < 0)
		out[len++] = '-';
	while (used > 0)
		out[len++] = digits[--used];
	return len;
}
