/* The figures of which each has its sentence, in the order of telling. */
#include "work/timeline_explain.h"

#define WORDS_BYTES ((size_t)1024 * 1024)

static const struct {
	const char *figure;
	const char *title;
	enum window window;
	void (*value)(struct words *w, enum window window);
	void (*text)(struct words *w, enum window window);
} figures[] = {
	{ "status_now", "Now", WINDOW_WEEK, timeline_status_value,
	    timeline_status_text },
	{ "hour", "Last hour", WINDOW_HOUR, timeline_window_value,
	    timeline_window_text },
	{ "day", "Last 24 hours", WINDOW_DAY, timeline_window_value,
	    timeline_window_text },
	{ "week", "Last 7 days", WINDOW_WEEK, timeline_window_value,
	    timeline_window_text },
	{ "availability", "Availability in 7 days", WINDOW_WEEK,
	    timeline_availability_value, timeline_availability_text },
	{ "bounds", "Its bounds", WINDOW_WEEK, timeline_bounds_value,
	    timeline_bounds_text },
	{ "coverage", "Coverage in 7 days", WINDOW_WEEK,
	    timeline_coverage_value, timeline_coverage_text },
	{ "outages", "Outages in 7 days", WINDOW_WEEK, timeline_outages_value,
	    timeline_outages_text },
	{ "polls", "Polls", WINDOW_WEEK, timeline_polls_value,
	    timeline_polls_text },
	{ "hours", "Business hours", WINDOW_WEEK, timeline_hours_value,
	    timeline_hours_text },
	{ "timezone", "Time zone", WINDOW_WEEK, timeline_zone_value,
	    timeline_zone_text },
	{ "clock", "Change of the clock", WINDOW_WEEK, timeline_clock_value,
	    timeline_clock_text },
	{ "rules", "Rules", WINDOW_WEEK, timeline_rules_value,
	    timeline_rules_text },
};

_Static_assert(sizeof(figures) / sizeof(figures[0]) == TIMELINE_SENTENCES,
    "there is room for all of them");

/* Appends what a function writes, with a NUL; returns where it begins. */
static size_t
write_words(struct timeline *t,
    void (*write)(struct words *w, enum window window), enum window window)
{
	struct words w = words_begin(t, &t->words);
	size_t start = t->words.len;

	write(&w, window);
	buf_char(&t->words, '\0');
	return start;
}

enum err
timeline_explain(struct timeline *t)
{
	size_t i;

	buf_init(&t->words, WORDS_BYTES);
	for (i = 0; i < TIMELINE_SENTENCES; i++) {
		struct timeline_sentence *s = &t->sentences[t->sentence_count];

		s->figure = figures[i].figure;
		s->title = figures[i].title;
		s->value = write_words(t, figures[i].value, figures[i].window);
		s->text = write_words(t, figures[i].text, figures[i].window);
		t->sentence_count += t->words.len > s->text + 1;
	}
	return buf_err(&t->words);
}
