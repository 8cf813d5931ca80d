/*
 * The reckoning, on what a database may hold: hours and polls from packed
 * bytes, rules and the clock from others.  Whatever they are, shifts are in
 * order and apart, the parts of each window sum up to its business time, and
 * windows within one another have no less than what they hold.
 */
#include "fuzz.h"

#include "codec/pack.h"
#include "core/schedule.h"
#include "core/stamp.h"
#include "core/uptime.h"

#define DAY 19379 /* 2023-01-22, a Sunday; the week's polls are around it */
#define DATES 12
#define BYTES_MAX 4096

/* New York's changes moved into the week: a night of 23 hours, one of 25. */
static const struct zone_segment segments[] = {
	{ 1674000000, -5 * 3600 }, /* 2023-01-18 00:00 UTC */
	{ 1674198000, -4 * 3600 }, /* 2023-01-20 07:00 UTC */
	{ 1674453600, -5 * 3600 }, /* 2023-01-23 06:00 UTC */
};
static const struct zone zones[] = { { segments, 1 }, { segments, 3 } };

/* The input, taken piece by piece; zeros when there is no more. */
struct bytes {
	const uint8_t *data;
	size_t size;
};

static uint8_t
take_byte(struct bytes *b)
{
	if (b->size == 0)
		return 0;
	b->size--;
	return *b->data++;
}

/* Some rows of hours, or none: up to 16 of them, packed. */
static size_t
take_hours(struct bytes *b, struct schedule_week_row *rows)
{
	size_t len = take_byte(b) % (16 * PACK_HOURS_MAX), n = 0;

	if (len > b->size)
		len = b->size;
	if (!unpack_hours(b->data, len, rows, &n))
		n = 0;
	b->data += len;
	b->size -= len;
	return n;
}

/* Days of polls, each a length and a block, as long as there are bytes. */
static size_t
take_polls(struct bytes *b, struct poll *polls)
{
	size_t n = 0, more, len;
	int32_t day;

	for (day = DAY - 10; day <= DAY && b->size > 0; day++) {
		len = take_byte(b);
		if (len > b->size)
			len = b->size;
		if (unpack_polls(b->data, len, day, polls + n, &more))
			n += more;
		b->data += len;
		b->size -= len;
	}
	return n;
}

static void
check_shifts(const struct schedule *s, const struct interval *shifts, size_t n)
{
	size_t i;

	assert_true(n <= schedule_bound(s, DATES));
	for (i = 0; i < n; i++) {
		assert_true(shifts[i].start_us < shifts[i].end_us);
		assert_true(i == 0 ||
		    shifts[i - 1].end_us < shifts[i].start_us);
	}
	/* Those not cut off by the dates that were asked for. */
	for (i = 1; i + 1 < n; i++) {
		assert_true(schedule_has(s, shifts[i].start_us) &&
		    schedule_has(s, shifts[i].end_us) &&
		    !schedule_has(s, shifts[i].start_us - 1) &&
		    !schedule_has(s, shifts[i].end_us + 1));
		assert_true(schedule_joins(s, shifts[i].start_us,
		    shifts[i].end_us));
	}
}

/* Keeps the shifts and polls of the week's input. */
static void
cut(struct uptime_input *in)
{
	in->loaded_us = in->as_of_us - 10 * STAMP_DAY_US;
	while (in->shift_count > 0 && in->shifts->end_us < in->loaded_us) {
		in->shifts++;
		in->shift_count--;
	}
	while (in->shift_count > 0 &&
	    in->shifts[in->shift_count - 1].start_us > in->as_of_us)
		in->shift_count--;
	while (in->poll_count > 0 && in->polls->at_us < in->loaded_us) {
		in->polls++;
		in->poll_count--;
	}
	while (in->poll_count > 0 &&
	    in->polls[in->poll_count - 1].at_us > in->as_of_us)
		in->poll_count--;
}

static int64_t
business_us(const struct uptime_input *in, int64_t from_us)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < in->shift_count; i++) {
		int64_t start = in->shifts[i].start_us;
		int64_t end = in->shifts[i].end_us;

		if (start < from_us)
			start = from_us;
		if (end > in->as_of_us)
			end = in->as_of_us;
		sum += end > start ? end - start : 0;
	}
	return sum;
}

/* Sums up what is visited, and looks that it goes forward only. */
struct walk {
	int64_t at_us;
	struct counters sum;
};

static void
visit(void *ctx, const struct segment *s)
{
	struct walk *w = ctx;
	int64_t us = s->end_us - s->start_us;

	assert_true(s->start_us >= w->at_us && us > 0);
	assert_true(!s->observed || s->status != STATUS_UNKNOWN);
	w->at_us = s->end_us;
	w->sum.up += s->status == STATUS_UP ? us : 0;
	w->sum.down += s->status == STATUS_DOWN ? us : 0;
	w->sum.unknown += s->status == STATUS_UNKNOWN ? us : 0;
}

static void
check_window(const struct uptime_input *in, const struct uptime *u,
    enum window window)
{
	const struct counters *c = &u->window[window];
	int64_t from_us = in->as_of_us - uptime_window_us[window];
	struct walk w = { .at_us = from_us };

	assert_int_equal(c->up + c->down + c->unknown,
	    business_us(in, from_us));
	assert_true(c->observed_up >= 0 && c->observed_up <= c->up);
	assert_true(c->observed_down >= 0 && c->observed_down <= c->down);
	uptime_walk(in, from_us, visit, &w);
	assert_true(w.at_us <= in->as_of_us && w.sum.up == c->up &&
	    w.sum.down == c->down && w.sum.unknown == c->unknown);
	if (window > WINDOW_HOUR)
		assert_true(c->up >= c[-1].up && c->down >= c[-1].down &&
		    c->unknown >= c[-1].unknown);
	if (!u->has_evidence)
		assert_true(c->up == 0 && c->down == 0);
}

static void
check_uptime(const struct uptime_input *in)
{
	struct uptime u;
	enum window window;

	uptime_reckon(in, &u);
	for (window = 0; window < WINDOW__MAX; window++)
		check_window(in, &u, window);
	assert_true(u.longest_outage_us <= u.window[WINDOW_WEEK].down);
	assert_int_equal(u.outages == 0, u.window[WINDOW_WEEK].down == 0);
	assert_int_equal(u.longest_outage_us == 0, u.outages == 0);
	assert_true(u.now < STATUS_NOW__MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct poll polls[BYTES_MAX];
	struct schedule_week_row week[16 * PACK_HOURS_MAX / 3];
	struct bytes b = { data, size < BYTES_MAX ? size : BYTES_MAX };
	uint8_t rules = take_byte(&b), reach = take_byte(&b);
	struct uptime_input in = { .polls = polls };
	struct schedule s = { week, 0, NULL, 0, &zones[rules >> 7] };
	struct interval *shifts;
	size_t n;

	in.rules.interpolation = rules % INTERPOLATION__MAX;
	in.rules.reach_us = reach == 0 ? UPTIME_REACH_UNLIMITED
				       : (reach - 1) * STAMP_HOUR_US / 2;
	in.as_of_us = DAY * STAMP_DAY_US + take_byte(&b) * 5 * STAMP_MIN_US;
	s.week_rows = take_hours(&b, week);
	in.poll_count = take_polls(&b, polls);
	shifts = calloc(schedule_bound(&s, DATES) + 1, sizeof(*shifts));
	assert_non_null(shifts);
	n = schedule_expand(&s, DAY + 2 - DATES, DAY + 1, shifts);
	check_shifts(&s, shifts, n);
	in.shifts = shifts;
	in.shift_count = n;
	cut(&in);
	check_uptime(&in);
	free(shifts);
	return 0;
}
