/*
 * Varint packing.  Readers check everything: a block that was damaged on the
 * disk must be found out, not reckoned with.
 */
#include "codec/pack.h"

#include "core/civil.h"
#include "core/stamp.h"

static size_t
put(uint64_t value, unsigned char *out)
{
	size_t n = 0;

	while (value >= 0x80) {
		out[n++] = (unsigned char)(value | 0x80);
		value >>= 7;
	}
	out[n++] = (unsigned char)value;
	return n;
}

/* Reads at *p, before end; moves *p.  False if cut off or over 63 bits. */
static inline bool
get(const unsigned char **p, const unsigned char *end, uint64_t *value)
{
	uint64_t v = 0;
	int shift;

	for (shift = 0; *p < end && shift < 63; shift += 7) {
		unsigned char c = *(*p)++;

		v |= (uint64_t)(c & 0x7f) << shift;
		if (c < 0x80) {
			*value = v;
			return true;
		}
	}
	return false;
}

size_t
pack_polls(const struct poll *polls, size_t n, int32_t day, unsigned char *out)
{
	int64_t before = (int64_t)day * STAMP_DAY_US;
	size_t i, used = 0;

	for (i = 0; i < n; i++) {
		uint64_t delta = (uint64_t)(polls[i].at_us - before);

		used += put(delta * 2 + polls[i].up, out + used);
		before = polls[i].at_us;
	}
	return used;
}

bool
unpack_polls(const unsigned char *data, size_t len, int32_t day,
    struct poll *polls, size_t *n)
{
	const unsigned char *p = data, *end = data + len;
	uint64_t left = (uint64_t)STAMP_DAY_US - 1, value;
	int64_t at_us = (int64_t)day * STAMP_DAY_US;
	size_t count = 0;

	while (p < end) {
		if (!get(&p, end, &value) || value / 2 > left ||
		    (count > 0 && value / 2 == 0))
			return false;
		left -= value / 2;
		at_us += (int64_t)(value / 2);
		polls[count].at_us = at_us;
		polls[count++].up = value & 1;
	}
	*n = count;
	return count > 0;
}

size_t
pack_hours(const struct schedule_week_row *rows, size_t n, unsigned char *out)
{
	size_t i, used = 0;

	for (i = 0; i < n; i++) {
		used += put((uint64_t)rows[i].weekday, out + used);
		used += put((uint64_t)rows[i].hours.start_s, out + used);
		used += put((uint64_t)rows[i].hours.end_s, out + used);
	}
	return used;
}

bool
unpack_hours(const unsigned char *data, size_t len,
    struct schedule_week_row *rows, size_t *n)
{
	const unsigned char *p = data, *end = data + len;
	uint64_t day, start, until;
	size_t count = 0;

	while (p < end) {
		if (!get(&p, end, &day) || !get(&p, end, &start) ||
		    !get(&p, end, &until))
			return false;
		if (day > 6 || start >= CIVIL_DAY_S || until > CIVIL_DAY_S)
			return false;
		rows[count].weekday = (int32_t)day;
		rows[count].hours.start_s = (int32_t)start;
		rows[count++].hours.end_s = (int32_t)until;
	}
	*n = count;
	return true;
}
