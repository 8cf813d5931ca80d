/*
 * The reckoning against a slow model.  The model asks for each open tick what
 * the definitions say of its middle, with all evidence there ever was; the
 * program gets what the storage would give it.
 */
#include "core/uptime.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "uptime_history.h"

/* The poll that decides the middle of a tick of a shift, or NULL. */
static const struct poll *
model_decider(const struct history *h, int shift, int64_t tick)
{
	const struct poll *before = NULL, *after = NULL;
	const struct poll *early = NULL, *late = NULL;
	size_t i;

	for (i = 0; i < h->poll_count; i++) {
		const struct poll *p = &h->polls[i];
		int of = shift_of(h, p->at_us);

		if (of == shift && p->at_us <= tick)
			before = p;
		if (of == shift && p->at_us > tick && after == NULL)
			after = p;
		if (of >= 0 && of < shift)
			early = p;
		if (of > shift && late == NULL)
			late = p;
	}
	if (before == NULL && after == NULL)
		return early != NULL ? early : late;
	if (before == NULL || after == NULL)
		return before != NULL ? before : after;
	if (h->interpolation == INTERPOLATION_NEAREST)
		return 2 * tick + 1 - 2 * before->at_us <
			2 * after->at_us - 2 * tick - 1
		    ? before
		    : after;
	return h->interpolation == INTERPOLATION_PREVIOUS ? before : after;
}

static enum status
model_status(const struct history *h, int shift, int64_t tick)
{
	const struct poll *p = model_decider(h, shift, tick);
	int64_t twice = 2 * tick + 1;

	if (p == NULL)
		return STATUS_UNKNOWN;
	if (h->reach >= 0 &&
	    (twice - 2 * p->at_us > 2 * h->reach ||
		2 * p->at_us - twice > 2 * h->reach))
		return STATUS_UNKNOWN;
	return p->up ? STATUS_UP : STATUS_DOWN;
}

/* Does a tick lie between agreeing polls of its shift, 2 h apart or less? */
static bool
model_observed(const struct history *h, int shift, int64_t tick)
{
	const struct poll *before = NULL;
	size_t i;

	for (i = 0; i < h->poll_count; i++) {
		const struct poll *p = &h->polls[i];

		if (shift_of(h, p->at_us) != shift)
			continue;
		if (p->at_us > tick)
			return before != NULL && before->up == p->up &&
			    (p->at_us - before->at_us) * h->tick_us <=
			    2 * STAMP_HOUR_US;
		before = p;
	}
	return false;
}

static void
model_count(struct counters *c, enum status status, bool observed, int64_t us)
{
	if (status == STATUS_UP) {
		c->up += us;
		c->observed_up += observed ? us : 0;
	} else if (status == STATUS_DOWN) {
		c->down += us;
		c->observed_down += observed ? us : 0;
	} else {
		c->unknown += us;
	}
}

static void
model_reckon(const struct history *h, struct uptime *out)
{
	int64_t tick, outage_us = 0;
	int shift, w;

	memset(out, 0, sizeof(*out));
	for (tick = h->first; tick < 0; tick++) {
		enum status status;
		bool observed;

		if (-tick * h->tick_us > uptime_window_us[WINDOW_WEEK])
			continue;
		/* A tick that begins where a shift ends is closed. */
		shift = shift_of(h, tick);
		if (shift < 0 || tick == h->shifts[shift].end_us)
			continue;
		status = model_status(h, shift, tick);
		observed = model_observed(h, shift, tick);
		for (w = 0; w < WINDOW__MAX; w++)
			if (-tick * h->tick_us <= uptime_window_us[w])
				model_count(&out->window[w], status, observed,
				    h->tick_us);
		out->outages += status == STATUS_DOWN && outage_us == 0;
		outage_us = status == STATUS_DOWN ? outage_us + h->tick_us : 0;
		if (outage_us > out->longest_outage_us)
			out->longest_outage_us = outage_us;
	}
}

/* The shift in which a tick is open time, or -1. */
static int
model_open(const struct history *h, int64_t tick)
{
	int shift = shift_of(h, tick);

	return shift >= 0 && tick < h->shifts[shift].end_us ? shift : -1;
}

/* Ticks back through open time while it has the status. */
static int64_t
model_run(const struct history *h, enum status status)
{
	int64_t tick, from = 0;
	int shift;

	for (tick = -1; tick >= h->first; tick--) {
		if (-tick * h->tick_us > uptime_window_us[WINDOW_WEEK])
			break;
		shift = model_open(h, tick);
		if (shift < 0)
			continue;
		if (model_status(h, shift, tick) != status)
			return from;
		from = tick;
	}
	return -uptime_window_us[WINDOW_WEEK] / h->tick_us;
}

/* Since when, in ticks, the status now is what it is; 1: not known. */
static int64_t
model_since(const struct history *h, enum status_now now)
{
	int64_t since = INT64_MIN;
	size_t i;

	if (now == STATUS_NOW_UP || now == STATUS_NOW_DOWN)
		return model_run(h,
		    now == STATUS_NOW_UP ? STATUS_UP : STATUS_DOWN);
	if (now == STATUS_NOW_UNKNOWN)
		return model_run(h, STATUS_UNKNOWN);
	for (i = 0; now == STATUS_NOW_STALE && i < h->poll_count; i++)
		if (shift_of(h, h->polls[i].at_us) >= 0)
			since = h->polls[i].at_us;
	for (i = 0; now == STATUS_NOW_CLOSED && i < h->shift_count; i++)
		since = h->shifts[i].end_us;
	if (now == STATUS_NOW_CLOSED &&
	    (since == INT64_MIN ||
		-since * h->tick_us > uptime_window_us[WINDOW_WEEK]))
		return 1;
	return since;
}

static void
compare(const struct history *h, const struct uptime_input *in)
{
	struct uptime wanted, got;
	int w;

	model_reckon(h, &wanted);
	uptime_reckon(in, &got);
	for (w = 0; w < WINDOW__MAX; w++)
		if (memcmp(&got.window[w], &wanted.window[w],
			sizeof(got.window[w])) != 0)
			fail_msg("%s: up %" PRId64 " not %" PRId64
				 ", down %" PRId64 " not %" PRId64,
			    window_names[w], got.window[w].up,
			    wanted.window[w].up, got.window[w].down,
			    wanted.window[w].down);
	assert_int_equal(got.outages, wanted.outages);
	assert_int_equal(got.longest_outage_us, wanted.longest_outage_us);
	assert_int_equal(got.has_since ? got.since_us : instant(h, 1),
	    instant(h, model_since(h, got.now)));
}

/* Adds up what a walk visits and checks that it is in order. */
struct sum {
	struct counters all;
	int64_t from_us;
	int64_t until_us;
};

static void
add(void *ctx, const struct segment *s)
{
	struct sum *sum = ctx;
	int64_t end_us = s->end_us < sum->until_us ? s->end_us : sum->until_us;

	assert_true(s->start_us >= sum->from_us);
	assert_true(s->start_us < s->end_us && s->end_us <= AS_OF_US);
	assert_true(!s->observed || s->status != STATUS_UNKNOWN);
	sum->from_us = s->end_us;
	if (s->start_us < end_us)
		model_count(&sum->all, s->status, s->observed,
		    end_us - s->start_us);
}

/* The last hour and the 23 before it are the day; so is the week's rest. */
static void
compare_sums(const struct uptime_input *in)
{
	struct uptime up;
	int w;

	uptime_reckon(in, &up);
	for (w = WINDOW_DAY; w < WINDOW__MAX; w++) {
		struct sum sum = { .from_us = AS_OF_US - uptime_window_us[w],
			.until_us = AS_OF_US - uptime_window_us[w - 1] };
		const struct counters *last = &up.window[w - 1];

		uptime_walk(in, sum.from_us, add, &sum);
		sum.all.up += last->up;
		sum.all.down += last->down;
		sum.all.unknown += last->unknown;
		sum.all.observed_up += last->observed_up;
		sum.all.observed_down += last->observed_down;
		assert_memory_equal(&sum.all, &up.window[w], sizeof(sum.all));
	}
}

static void
test_model(void **state)
{
	static const int64_t reaches[] = { -1, 0, 1, 7, 60, 400 };
	struct dice dice = { 23 };
	int round, needed = 0;
	size_t i;

	(void)state;
	for (round = 0; round < 300; round++) {
		struct history h;
		struct given g;

		make(&dice, &h);
		for (i = 0; i < COUNT(reaches) * INTERPOLATION__MAX; i++) {
			h.reach = reaches[i / INTERPOLATION__MAX];
			h.interpolation = (enum interpolation)(i %
			    INTERPOLATION__MAX);
			give(&dice, &h, &g);
			compare(&h, &g.in);
			compare_sums(&g.in);
			if (uptime_needs_past(&g.in)) {
				needed++;
				continue;
			}
			/* Where it is not needed, it changes nothing. */
			g.in.past = NULL;
			g.in.past_joins = false;
			compare(&h, &g.in);
		}
	}
	/* Both kinds were there. */
	assert_in_range(needed, 300, 300 * 18 - 300);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
