/*
 * Packed polls and hours, as they would come from a damaged database: bytes
 * that are taken mean values within bounds, in order, and packing these gives
 * bytes that mean the same.  The other way round, values that are made of the
 * bytes are packed and come back.
 */
#include "fuzz.h"

#include "codec/pack.h"
#include "core/civil.h"
#include "core/stamp.h"
#include "store/hours_list.h"

/* A list whose memory ends behind n things of that size. */
static void *
list_of(size_t n, size_t size)
{
	void *list = malloc(n * size + 1);

	assert_non_null(list);
	return list;
}

static void
check_polls(const struct poll *polls, size_t n, int32_t day)
{
	unsigned char *bytes = list_of(n, PACK_POLL_MAX);
	struct poll *back;
	size_t len = pack_polls(polls, n, day, bytes), count, i;

	assert_true(len >= n && len <= n * PACK_POLL_MAX);
	back = list_of(len, sizeof(*back));
	assert_true(unpack_polls(bytes, len, day, back, &count));
	assert_int_equal(count, n);
	for (i = 0; i < n; i++)
		assert_true(back[i].at_us == polls[i].at_us &&
		    back[i].up == polls[i].up);
	free(back);
	free(bytes);
}

static void
read_polls(const unsigned char *bytes, size_t len, int32_t day)
{
	struct poll *polls = list_of(len, sizeof(*polls));
	size_t n = 0, i;

	if (unpack_polls(bytes, len, day, polls, &n)) {
		assert_true(n > 0 && n <= len);
		for (i = 0; i < n; i++) {
			assert_int_equal(civil_floor_div(polls[i].at_us,
					     STAMP_DAY_US),
			    day);
			assert_true(i == 0 ||
			    polls[i].at_us > polls[i - 1].at_us);
		}
		check_polls(polls, n, day);
	}
	free(polls);
}

/* Each five bytes are a step in the day and a status. */
static void
make_polls(const unsigned char *bytes, size_t len, int32_t day)
{
	struct poll *polls = list_of(len / 5, sizeof(*polls));
	int64_t left = STAMP_DAY_US - 1, at_us = day * STAMP_DAY_US, step;
	size_t n = 0;

	for (; len >= 5; len -= 5, bytes += 5) {
		uint32_t value;

		memcpy(&value, bytes, sizeof(value));
		step = n == 0 ? value : (int64_t)value + 1;
		if (step > left)
			break;
		left -= step;
		at_us += step;
		polls[n].at_us = at_us;
		polls[n++].up = (bytes[4] & 1) != 0;
	}
	if (n > 0)
		check_polls(polls, n, day);
	free(polls);
}

static void
check_hours(const struct schedule_week_row *rows, size_t n)
{
	unsigned char *bytes = list_of(n, PACK_HOURS_MAX);
	struct schedule_week_row *back;
	size_t len = pack_hours(rows, n, bytes), count, i;

	assert_true(len >= 3 * n && len <= n * PACK_HOURS_MAX);
	back = list_of(len / 3, sizeof(*back));
	assert_true(unpack_hours(bytes, len, back, &count));
	assert_int_equal(count, n);
	for (i = 0; i < n; i++)
		assert_true(back[i].weekday == rows[i].weekday &&
		    back[i].hours.start_s == rows[i].hours.start_s &&
		    back[i].hours.end_s == rows[i].hours.end_s);
	free(back);
	free(bytes);
}

/* Hours the way storage reads them: as a list, then as a set. */
static void
read_hours(const unsigned char *bytes, size_t len)
{
	struct hours_list list = { 0 }, before = { 0 };
	struct hours_difference d;
	size_t n = 0, i;

	if (hours_list_read(&list, bytes, len) == ERR_NONE) {
		n = list.n;
		assert_true(n <= len / 3);
		for (i = 0; i < n; i++)
			assert_true(list.list[i].weekday >= 0 &&
			    list.list[i].weekday <= 6 &&
			    list.list[i].hours.start_s >= 0 &&
			    list.list[i].hours.start_s < CIVIL_DAY_S &&
			    list.list[i].hours.end_s >= 0 &&
			    list.list[i].hours.end_s <= CIVIL_DAY_S);
		check_hours(list.list, n);
		i = hours_list_make_set(&list);
		assert_int_equal(i + list.n, n);
		assert_int_equal(hours_list_make_set(&list), 0);
		/* Against its own first half: the rest is new. */
		assert_int_equal(hours_list_read(&before, bytes, 0), ERR_NONE);
		for (i = 0; i < list.n / 2; i++)
			assert_int_equal(hours_list_add(&before, &list.list[i]),
			    ERR_NONE);
		d = hours_list_compare(&list, &before);
		assert_true(d.same == before.n && d.removed == 0 &&
		    d.new == list.n - before.n);
	}
	free(list.list);
	free(before.list);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* 1970; before it; today; the last day of the year 9999. */
	static const int32_t days[] = { 0, -1, 19379, 2932896 };
	size_t i;

	for (i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		read_polls(data, size, days[i]);
		make_polls(data, size, days[i]);
	}
	read_hours(data, size);
	return 0;
}
