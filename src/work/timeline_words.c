/* Words for a store's owner; see the header. */
#include "work/timeline_words.h"

#include "base/number.h"
#include "core/civil.h"
#include "core/share.h"
#include "core/stamp.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri",
	"Sat", "Sun" };
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

struct words
words_begin(const struct timeline *t, struct buf *out)
{
	return (struct words){ out, t, INT32_MIN };
}

void
words_text(struct words *w, const char *text)
{
	buf_str(w->out, text);
}

static void
put_date(struct words *w, int64_t day)
{
	const struct timeline *t = w->t;
	int year, this_year, month, date;

	civil_date(zone_local_day(t->schedule.zone, t->as_of_us), &this_year,
	    &month, &date);
	w->day = (int32_t)day;
	civil_date(w->day, &year, &month, &date);
	buf_printf(w->out, "%s %d %s", weekdays[civil_weekday(w->day)], date,
	    months[month - 1]);
	if (year != this_year)
		buf_printf(w->out, " %d", year);
}

/* A time of day: seconds only where there are any. */
static void
put_clock(struct words *w, int second)
{
	buf_printf(w->out, "%02d:%02d", second / 3600, second / 60 % 60);
	if (second % 60 != 0)
		buf_printf(w->out, ":%02d", second % 60);
}

/*
 * Where the clock went back, what it showed before that it shows again: which
 * of the two an instant is.
 */
static const char *
which_time(const struct zone *zone, int64_t us)
{
	size_t i;

	for (i = 1; i < zone->count; i++) {
		const struct zone_segment *s = &zone->segments[i];
		int64_t change_us = s->from_s * STAMP_S_US;
		int64_t back_us = (s[-1].offset_s - s->offset_s) * STAMP_S_US;

		if (us >= change_us - back_us && us < change_us)
			return " before the clock went back";
		if (us >= change_us && us < change_us + back_us)
			return " after the clock went back";
	}
	return "";
}

static void
put_time(struct words *w, int64_t us)
{
	const struct zone *zone = w->t->schedule.zone;
	int64_t local_us = us + zone_offset_s(zone, us) * STAMP_S_US;
	int64_t midnight_us = civil_floor_div(local_us, STAMP_DAY_US) *
	    STAMP_DAY_US;

	put_clock(w, (int)((local_us - midnight_us) / STAMP_S_US));
	words_text(w, which_time(zone, us));
}

static void
put_instant(struct words *w, int64_t us)
{
	int32_t day = zone_local_day(w->t->schedule.zone, us);

	if (day != w->day) {
		put_date(w, day);
		words_text(w, " ");
	}
	put_time(w, us);
}

static void
put_at(struct words *w, int64_t us)
{
	int32_t day = zone_local_day(w->t->schedule.zone, us);

	if (day != w->day) {
		words_text(w, "on ");
		put_date(w, day);
		words_text(w, " ");
	}
	words_text(w, "at ");
	put_time(w, us);
}

static void
put_length(struct words *w, int64_t us)
{
	static const struct {
		const char *unit;
		int64_t seconds;
	} units[] = { { "h", 3600 }, { "min", 60 }, { "s", 1 } };
	int64_t seconds = share_round(us, STAMP_S_US);
	const char *blank = "";
	size_t i;

	if (seconds == 0)
		words_text(w, us == 0 ? "0 min" : "less than 1 s");
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		int64_t n = seconds / units[i].seconds;

		seconds %= units[i].seconds;
		if (n == 0)
			continue;
		buf_printf(w->out, "%s%" PRId64 " %s", blank, n, units[i].unit);
		blank = " ";
	}
}

static void
put_age(struct words *w, int64_t us)
{
	if (us < 2 * STAMP_DAY_US)
		put_length(w, us);
	else
		buf_printf(w->out, "%" PRId64 " days", us / STAMP_DAY_US);
}

static void
put_share(struct words *w, int64_t share)
{
	char text[32];
	size_t len;

	if (share == SHARE_NONE) {
		words_text(w, "none");
		return;
	}
	len = number_format(share, 2, text);
	buf_add(w->out, text, len);
	words_text(w, " %");
}

static void
put_count(struct words *w, int64_t n)
{
	buf_printf(w->out, "%" PRId64, n);
}

static void
put_polls(struct words *w, int64_t n)
{
	buf_printf(w->out, "%" PRId64 " poll%s", n, n == 1 ? "" : "s");
}

static void
put_said(struct words *w, int64_t up)
{
	words_text(w, up ? "active" : "inactive");
}

static const struct {
	const char *word;
	void (*put)(struct words *w, int64_t value);
} kinds[] = {
	{ "length", put_length },
	{ "age", put_age },
	{ "instant", put_instant },
	{ "at", put_at },
	{ "date", put_date },
	{ "share", put_share },
	{ "count", put_count },
	{ "polls", put_polls },
	{ "said", put_said },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static void
put_value(struct words *w, const char *word, size_t len, int64_t value)
{
	size_t i = 0;

	while (i < KINDS &&
	    (strlen(kinds[i].word) != len ||
		strncmp(kinds[i].word, word, len) != 0))
		i++;
	assert(i < KINDS);
	kinds[i].put(w, value);
}

void
words_tell_values(struct words *w, const char *text, const int64_t *values,
    size_t count)
{
	const char *open;

	for (; (open = strchr(text, '{')) != NULL; count--) {
		size_t len = strcspn(open, "}") - 1;

		assert(count > 0);
		buf_add(w->out, text, (size_t)(open - text));
		put_value(w, open + 1, len, *values++);
		text = open + len + 2;
	}
	assert(count == 0);
	words_text(w, text);
}

void
words_hours(struct words *w, const struct schedule_hours *hours)
{
	int32_t end_s = schedule_end_s(hours);

	put_clock(w, hours->start_s);
	words_text(w, "-");
	/* An end on the next date is told as that date's clock shows it. */
	put_clock(w, end_s > CIVIL_DAY_S ? end_s - CIVIL_DAY_S : end_s);
}

void
words_no_evidence(struct words *w)
{
	words_text(w,
	    w->t->reckoned.has_poll
		? "none of its polls has ever fallen into its business hours"
		: "it has never been polled");
}
