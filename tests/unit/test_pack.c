/*
 * Packed blocks: there and back, known bytes, and what is no block.  Blocks
 * are read from memory that ends where they do.
 */
#include "codec/pack.h"

#include "core/stamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "../lib/check.h"
#include "../lib/dice.h"

#define POLLS 60
#define DAY 19379

/* Unpacks from, and into, memory of exactly the size that is needed. */
static bool
unpack(const unsigned char *bytes, size_t len, struct poll *polls, size_t *n)
{
	unsigned char *data = malloc(len + 1);
	struct poll *list = malloc((len + 1) * sizeof(*list));
	bool is;

	assert_non_null(data);
	assert_non_null(list);
	memcpy(data + 1, bytes, len);
	*n = 0;
	is = unpack_polls(data + 1, len, DAY, list + 1, n);
	assert_true(!is || *n <= len);
	if (is)
		memcpy(polls, list + 1, *n * sizeof(*list));
	free(data);
	free(list);
	return is;
}

/* Sorted polls of the day, instants different, often at its edges. */
static size_t
random_polls(struct dice *dice, struct poll *polls)
{
	size_t n = (size_t)dice_between(dice, 1, POLLS), i;
	int64_t at_us = dice_one_in(dice, 3)
	    ? 0
	    : dice_between(dice, 0, STAMP_DAY_US / 2);
	int64_t longest = STAMP_DAY_US / 2 >> dice_between(dice, 5, 30);

	for (i = 0; i < n; i++) {
		polls[i].at_us = DAY * STAMP_DAY_US + at_us;
		polls[i].up = dice_one_in(dice, 2);
		at_us += dice_between(dice, 1, longest);
		if (at_us >= STAMP_DAY_US)
			return i + 1;
	}
	if (dice_one_in(dice, 2))
		polls[n - 1].at_us = (DAY + 1) * STAMP_DAY_US - 1;
	return n;
}

static bool
same_polls(const struct poll *a, const struct poll *b, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (a[i].at_us != b[i].at_us || a[i].up != b[i].up)
			return false;
	return true;
}

/* What was read is a block's content, whatever its bytes are. */
static void
assert_is_day(const struct poll *polls, size_t n)
{
	size_t i;

	assert_true(n > 0);
	for (i = 0; i < n; i++) {
		assert_true(polls[i].at_us >= DAY * STAMP_DAY_US &&
		    polls[i].at_us < (DAY + 1) * STAMP_DAY_US);
		assert_true(i == 0 || polls[i].at_us > polls[i - 1].at_us);
	}
}

static void
test_round_trip(void **state)
{
	struct dice dice = { 31 };
	int round;

	(void)state;
	for (round = 0; round < 20000; round++) {
		unsigned char bytes[POLLS * PACK_POLL_MAX];
		struct poll polls[POLLS], back[POLLS * PACK_POLL_MAX];
		size_t n = random_polls(&dice, polls), len, count;

		len = pack_polls(polls, n, DAY, bytes);
		assert_in_range(len, n, n * PACK_POLL_MAX);
		assert_true(unpack(bytes, len, back, &count));
		assert_int_equal(count, n);
		assert_true(same_polls(polls, back, n));
	}
}

/* Cut off, a block is refused or is its own beginning. */
static void
test_truncated(void **state)
{
	struct dice dice = { 37 };
	int round;

	(void)state;
	for (round = 0; round < 2000; round++) {
		unsigned char bytes[POLLS * PACK_POLL_MAX];
		struct poll polls[POLLS], back[POLLS * PACK_POLL_MAX];
		size_t n = random_polls(&dice, polls), count, cut;
		size_t len = pack_polls(polls, n, DAY, bytes);

		for (cut = 0; cut < len; cut++) {
			bool whole = cut > 0 && bytes[cut - 1] < 0x80;

			assert_int_equal(unpack(bytes, cut, back, &count),
			    whole);
			if (whole)
				assert_true(count < n &&
				    same_polls(polls, back, count));
		}
	}
}

/* With any bit of any byte turned, it is refused or is some day's polls. */
static void
test_damaged(void **state)
{
	struct dice dice = { 41 };
	int round, bit, refused = 0;

	(void)state;
	for (round = 0; round < 1000; round++) {
		unsigned char bytes[POLLS * PACK_POLL_MAX];
		struct poll polls[POLLS], back[POLLS * PACK_POLL_MAX];
		size_t n = random_polls(&dice, polls), count, i;
		size_t len = pack_polls(polls, n, DAY, bytes);

		for (i = 0; i < len; i++) {
			for (bit = 0; bit < 8; bit++) {
				bytes[i] ^= (unsigned char)(1 << bit);
				if (unpack(bytes, len, back, &count))
					assert_is_day(back, count);
				else
					refused++;
				bytes[i] ^= (unsigned char)(1 << bit);
			}
		}
	}
	assert_true(refused > 1000);
}

static void
test_noise(void **state)
{
	struct dice dice = { 43 };
	int round;

	(void)state;
	for (round = 0; round < 100000; round++) {
		unsigned char bytes[40];
		struct poll back[40];
		size_t len = (size_t)dice_between(&dice, 0, 40), i, n;

		for (i = 0; i < len; i++)
			bytes[i] = (unsigned char)(dice_roll(&dice) &
			    (dice_one_in(&dice, 3) ? 0xff : 0x7f));
		if (unpack(bytes, len, back, &n))
			assert_is_day(back, n);
	}
}

/* Blocks byte by byte: the format on the disk may not change. */
static const struct {
	const char *name;
	const char *bytes;
	size_t len;
	bool good;
	size_t n;
	struct poll polls[2]; /* since midnight */
} blocks[] = {
	{ "midnight, down", "\x00", 1, true, 1, { { 0, false } } },
	{ "midnight, up", "\x01", 1, true, 1, { { 0, true } } },
	{ "one byte", "\x7f", 1, true, 1, { { 63, true } } },
	{ "two bytes", "\x80\x01", 2, true, 1, { { 64, false } } },
	{ "two polls", "\x02\x03", 2, true, 2, { { 1, false }, { 2, true } } },
	{ "the last microsecond", "\xff\xff\xba\xdd\x83\x05", 6, true, 1,
	    { { STAMP_DAY_US - 1, true } } },
	{ "the next midnight", "\x80\x80\xbb\xdd\x83\x05", 6, false, 0,
	    { { 0 } } },
	{ "beyond midnight together", "\xff\xff\xba\xdd\x83\x05\x02", 7, false,
	    0, { { 0 } } },
	{ "an instant twice", "\x02\x01", 2, false, 0, { { 0 } } },
	{ "nothing", "", 0, false, 0, { { 0 } } },
	{ "cut off", "\x80", 1, false, 0, { { 0 } } },
	{ "cut off later", "\x02\x80", 2, false, 0, { { 0 } } },
	{ "63 bits", "\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 9, false, 0,
	    { { 0 } } },
	{ "70 bits that wrap", "\x82\x80\x80\x80\x80\x80\x80\x80\x80\x02", 10,
	    false, 0, { { 0 } } },
	{ "no end", "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 12,
	    false, 0, { { 0 } } },
};

static void
test_blocks(void **state)
{
	unsigned char bytes[2 * PACK_POLL_MAX];
	struct poll back[16] = { { 0, false } };
	size_t i, k, n;

	(void)state;
	for (i = 0; i < COUNT(blocks); i++) {
		check_number(blocks[i].name,
		    unpack((const unsigned char *)blocks[i].bytes,
			blocks[i].len, back, &n),
		    blocks[i].good);
		if (!blocks[i].good)
			continue;
		check_number(blocks[i].name, n, blocks[i].n);
		for (k = 0; k < n; k++) {
			check_number(blocks[i].name, back[k].at_us,
			    DAY * STAMP_DAY_US + blocks[i].polls[k].at_us);
			check_number(blocks[i].name, back[k].up,
			    blocks[i].polls[k].up);
		}
		check_number(blocks[i].name, pack_polls(back, n, DAY, bytes),
		    blocks[i].len);
		assert_memory_equal(bytes, blocks[i].bytes, blocks[i].len);
	}
}

static const struct schedule_week_row hours[] = {
	{ 0, { 0, 0 } },
	{ 6, { 86399, 86400 } },
	{ 3, { 32400, 61200 } },
};

static void
test_hours(void **state)
{
	unsigned char bytes[COUNT(hours) * PACK_HOURS_MAX];
	struct schedule_week_row back[COUNT(hours) * PACK_HOURS_MAX / 3];
	size_t len = pack_hours(hours, COUNT(hours), bytes), n, cut, i;

	(void)state;
	assert_true(len <= sizeof(bytes));
	for (cut = 0; cut <= len; cut++) {
		bool good = unpack_hours(bytes, cut, back, &n);

		assert_true(good || (cut != 0 && cut != 3 && cut != len));
		if (!good)
			continue;
		for (i = 0; i < n; i++) {
			assert_int_equal(back[i].weekday, hours[i].weekday);
			assert_int_equal(back[i].hours.start_s,
			    hours[i].hours.start_s);
			assert_int_equal(back[i].hours.end_s,
			    hours[i].hours.end_s);
		}
	}
	assert_int_equal(n, COUNT(hours));
	assert_true(unpack_hours(bytes, 0, back, &n));
	assert_int_equal(n, 0);
}

static const struct {
	const char *name;
	const char *bytes;
	size_t len;
	bool good;
} hour_blocks[] = {
	{ "weekday 6", "\x06\x00\x00", 3, true },
	{ "weekday 7", "\x07\x00\x00", 3, false },
	{ "start 23:59:59", "\x00\xff\xa2\x05\x00", 5, true },
	{ "start 24:00", "\x00\x80\xa3\x05\x00", 5, false },
	{ "end 24:00", "\x00\x00\x80\xa3\x05", 5, true },
	{ "end 24:00:01", "\x00\x00\x81\xa3\x05", 5, false },
	{ "two numbers", "\x00\x00", 2, false },
	{ "four numbers", "\x00\x00\x00\x00", 4, false },
	{ "cut off", "\x00\x00\x80", 3, false },
};

static void
test_hour_blocks(void **state)
{
	struct schedule_week_row back[4];
	size_t i, n;

	(void)state;
	for (i = 0; i < COUNT(hour_blocks); i++)
		check_number(hour_blocks[i].name,
		    unpack_hours((const unsigned char *)hour_blocks[i].bytes,
			hour_blocks[i].len, back, &n),
		    hour_blocks[i].good);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_hours),
		cmocka_unit_test(test_hour_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
