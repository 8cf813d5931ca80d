/*
 * What is said of the other figures, and the text for a terminal.
 * The data is in timeline_fixture.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "timeline_fixture.h"

static const struct told told[] = {
	{ PREVIOUS, "lunch", "2023-01-23 19:00:00", "availability", "41.66 %",
	    "It was up for 1 h 15 min of the 3 h of open time for "
	    "which that is known; the figure is rounded down, so that "
	    "100 % always means no downtime at all." },
	{ PREVIOUS, "lunch", "2023-01-23 19:00:00", "bounds",
	    "0.00 % to 100.00 %",
	    "None of the 3 h of open time is observed, so that "
	    "availability may be anything: all of it may have been "
	    "down, and all of it up." },
	{ PREVIOUS, "lunch", "2023-01-23 19:00:00", "coverage", "0.00 %",
	    "Of 3 h of open time none is observed, that is between "
	    "two polls of one shift that agree and are at most 2 h "
	    "apart; filled in: 1 h 1 min between two polls that "
	    "disagree, 1 h 59 min before a shift's first poll or "
	    "after its last." },
	{ PREVIOUS, "lunch", "2023-01-23 19:00:00", "outages",
	    "1 outage, 1 h 45 min",
	    "It took 1 h 45 min of open time, from Mon 23 Jan 10:15 "
	    "to 12:00: it began between the poll at 09:14, the last "
	    "that said active, and the one at 10:15, the first that "
	    "said inactive, and after the one at 10:15 none has said "
	    "otherwise yet; closed time does not end an outage, and "
	    "does not count in it." },
	{ PREVIOUS, "lunch", "2023-01-23 19:00:00", "polls",
	    "2 in business hours, 0 outside",
	    "2 polls from Mon 16 Jan 00:00 to Mon 23 Jan 12:00: 2 in "
	    "business hours (1 said active, 1 inactive)." },
	{ PREVIOUS, "lunch", "2023-01-23 19:00:00", "hours",
	    "today 09:00-12:00",
	    "The weekly hours are Mon 09:00-12:00, Tue-Sun closed." },
	{ PREVIOUS, "lunch", "2023-01-23 19:00:00", "timezone",
	    "America/Denver",
	    "The store's hours, and all times in these sentences, are "
	    "those of the clock in America/Denver; it is 7 h behind "
	    "UTC now." },
	{ PREVIOUS, "lunch", "2023-01-23 19:00:00", "rules",
	    "previous, reach unlimited",
	    "Between two polls of one shift the earlier one counts, "
	    "before its first and after its last poll these, and in a "
	    "shift without any the last one before it, however long "
	    "ago that was." },
	{ NEAREST_30M, "lunch", "2023-01-23 18:40:00", "availability",
	    "42.30 %",
	    "It was up for 44 min of the 1 h 44 min of open time for "
	    "which that is known; 1 h 16 min more is unknown and left "
	    "out; the figure is rounded down, so that 100 % always "
	    "means no downtime at all." },
	{ NEAREST_30M, "lunch", "2023-01-23 18:40:00", "coverage", "0.00 %",
	    "Of 3 h of open time none is observed, that is between "
	    "two polls of one shift that agree and are at most 2 h "
	    "apart; filled in: 1 h between two polls that disagree, "
	    "44 min before a shift's first poll or after its last; 1 "
	    "h 16 min is unknown." },
	{ NEAREST_30M, "lunch", "2023-01-23 18:40:00", "rules",
	    "nearest, reach 30m",
	    "Between two polls of one shift the nearer one counts, "
	    "before its first and after its last poll these, and in a "
	    "shift without any the last one before it; but no poll "
	    "counts for more than 30 min, and what is further away is "
	    "unknown." },
	{ NEXT, "lunch", "2023-01-23 18:40:00", "rules",
	    "next, reach unlimited",
	    "Between two polls of one shift the later one counts, "
	    "before its first and after its last poll these, and in a "
	    "shift without any the last one before it, however long "
	    "ago that was." },
	{ PREVIOUS, "dark", "2023-01-23 19:00:00", "availability", "0.00 %",
	    "It was up for none of the 28 h of open time for which "
	    "that is known." },
	{ PREVIOUS, "dark", "2023-01-23 19:00:00", "outages", "1 outage, 28 h",
	    "It took 28 h of open time, from Mon 16 Jan 14:00, where "
	    "the 7 days begin, to Mon 23 Jan 11:00: no poll in "
	    "business hours before it said active, and the first of "
	    "all, on Mon 16 Jan at 12:15, said inactive, and after "
	    "the one on Tue 17 Jan at 12:15 none has said otherwise "
	    "yet; closed time does not end an outage, and does not "
	    "count in it." },
	{ PREVIOUS, "dark", "2023-01-23 19:00:00", "polls",
	    "2 in business hours, 1 outside",
	    "3 polls from Mon 16 Jan 00:00 to Mon 23 Jan 14:00: 2 in "
	    "business hours (0 said active, 2 inactive) and 1 "
	    "outside, which does not count, as a closed store may be "
	    "offline." },
	{ PREVIOUS, "dark", "2023-01-23 19:00:00", "hours",
	    "today 10:00-11:00 (special hours)",
	    "The weekly hours are Mon-Wed 09:00-17:00, Thu closed, "
	    "Fri 09:00-12:00 and 13:00-02:00, Sat-Sun closed; special "
	    "hours hold instead on Wed 18 Jan (closed), Mon 23 Jan "
	    "(10:00-11:00)." },
	{ PREVIOUS, "dark", "2023-01-16 18:40:00", "polls",
	    "1 in business hours, 0 outside",
	    "1 poll from Mon 9 Jan 00:00 to Mon 16 Jan 13:40: 1 in "
	    "business hours (0 said active, 1 inactive)." },
	{ PREVIOUS, "never", "2023-01-23 19:00:00", "availability", "none",
	    "There is nothing to divide: no open time of the last 7 "
	    "days is known to have been up or down." },
	{ PREVIOUS, "never", "2023-01-23 19:00:00", "bounds",
	    "0.00 % to 100.00 %",
	    "None of the 19 h of open time is observed, so that "
	    "availability may be anything: all of it may have been "
	    "down, and all of it up." },
	{ PREVIOUS, "never", "2023-01-23 19:00:00", "coverage", "0.00 %",
	    "Of 19 h of open time none is observed, that is between "
	    "two polls of one shift that agree and are at most 2 h "
	    "apart; 19 h is unknown." },
	{ PREVIOUS, "never", "2023-01-23 19:00:00", "outages", "none",
	    "No outage is known, as nothing is known of the last 7 "
	    "days." },
	{ PREVIOUS, "never", "2023-01-23 19:00:00", "polls", "none",
	    "The store had never been polled by Mon 23 Jan 13:00." },
	{ PREVIOUS, "never", "2023-01-23 19:00:00", "hours",
	    "today 09:00-24:00",
	    "The weekly hours are Mon 09:00-24:00, Tue-Sat closed, "
	    "Sun 22:00-02:00." },
	{ PREVIOUS, "never", "2023-01-23 19:00:00", "timezone",
	    "America/Chicago (assumed)",
	    "No time zone was given for this store: its hours, and "
	    "all times in these sentences, are taken for those of the "
	    "clock in America/Chicago, and if that is wrong, so are "
	    "the figures; it is 6 h behind UTC now." },
	{ PREVIOUS, "outside", "2023-01-17 23:00:00", "polls",
	    "0 in business hours, 1 outside",
	    "1 poll from Tue 10 Jan 00:00 to Tue 17 Jan 17:00: 0 in "
	    "business hours and 1 outside, which does not count, as a "
	    "closed store may be offline." },
	{ PREVIOUS, "first", "2023-01-23 19:00:00", "coverage", "0.00 %",
	    "Of 168 h of open time none is observed, that is between "
	    "two polls of one shift that agree and are at most 2 h "
	    "apart; filled in: 1 h between two polls that disagree, "
	    "24 h between two polls over 2 h apart, 143 h before a "
	    "shift's first poll or after its last." },
	{ PREVIOUS, "first", "2023-01-23 19:00:00", "outages",
	    "1 outage, 81 h 15 min",
	    "It took 81 h 15 min of open time, from Mon 16 Jan 13:00 "
	    "to Thu 19 Jan 22:15: no poll in business hours before it "
	    "said active, and the first of all, at 21:15, said "
	    "inactive, and it ended between the one at 21:15, the "
	    "last that said so, and the one at 22:15, which said "
	    "active; closed time does not end an outage, and does not "
	    "count in it." },
	{ PREVIOUS, "first", "2023-01-23 19:00:00", "hours", "always open",
	    "No hours were given for this store, and a store without "
	    "hours counts as always open." },
	{ PREVIOUS, "rare", "2023-01-23 19:00:00", "coverage", "0.00 %",
	    "Of 168 h of open time none is observed, that is between "
	    "two polls of one shift that agree and are at most 2 h "
	    "apart; filled in: 125 h between two polls over 2 h "
	    "apart, 43 h before a shift's first poll or after its "
	    "last." },
	{ PREVIOUS, "old", "2023-01-23 19:00:00", "availability", "100.00 %",
	    "It was up for all of the 24 h of open time for which "
	    "that is known." },
	{ PREVIOUS, "old", "2023-01-23 19:00:00", "coverage", "0.00 %",
	    "Of 24 h of open time none is observed, that is between "
	    "two polls of one shift that agree and are at most 2 h "
	    "apart; filled in: 24 h in shifts without a poll." },
	{ PREVIOUS, "old", "2023-01-23 19:00:00", "outages", "none",
	    "No open time of the last 7 days was down." },
	{ PREVIOUS, "old", "2023-01-23 19:00:00", "polls", "none",
	    "The store was not polled in these days: its last poll "
	    "was on Fri 18 Nov 2022 at 11:15." },
	{ PREVIOUS, "busy", "2023-01-23 19:00:00", "outages",
	    "2 outages, the longest 1 h 30 min",
	    "The longest took 1 h 30 min of open time, from Mon 23 "
	    "Jan 17:05:10 to 18:35:10: it began between the poll at "
	    "16:05:10, the last that said active, and the one at "
	    "17:05:10, the first that said inactive, and it ended "
	    "between the one at 18:05:10, the last that said so, and "
	    "the one at 18:35:10, which said active; closed time does "
	    "not end an outage, and does not count in it." },
	{ PREVIOUS, "busy", "2023-01-23 19:00:00", "bounds",
	    "8.33 % to 91.66 %",
	    "Of 12 h of open time 1 h was observed up, so that "
	    "availability is at least 8.33 % even if all the rest was "
	    "down, and 1 h was observed down, so that it is at most "
	    "91.66 % even if all the rest was up." },
	{ PREVIOUS, "busy", "2023-01-23 19:00:00", "timezone", "UTC",
	    "The store's hours, and all times in these sentences, are "
	    "those of the clock in UTC; it shows UTC now." },
	{ PREVIOUS, "fall", "2022-11-06 09:00:00", "clock", "back by 1 h",
	    "On Sun 6 Nov the clock went back by 1 h, so that this "
	    "day has 25 h and a shift over it is that much longer." },
	{ PREVIOUS, "fall", "2022-11-06 09:00:00", "outages", "1 outage, 1 h",
	    "It took 1 h of open time, from Sun 6 Nov 01:30 before "
	    "the clock went back to 01:30 after the clock went back: "
	    "it began between the poll at 00:30, the last that said "
	    "active, and the one at 01:30 before the clock went back, "
	    "the first that said inactive, and it ended between the "
	    "one at 01:30 before the clock went back, the last that "
	    "said so, and the one at 01:30 after the clock went back, "
	    "which said active; closed time does not end an outage, "
	    "and does not count in it." },
	{ PREVIOUS, "spring", "2023-03-13 00:00:00", "clock", "forward by 1 h",
	    "On Sun 12 Mar the clock went forward by 1 h, so that "
	    "this day has 23 h and a shift over it is that much "
	    "shorter." },
	/* Nothing is said of a clock that runs on. */
	{ PREVIOUS, "fall", "2022-11-05 09:00:00", "clock", NULL, NULL },
	{ PREVIOUS, "lunch", "2023-01-23 19:00:00", "clock", NULL, NULL },
};

static void
test_told(void **state)
{
	(void)state;
	timeline_bring();
	timeline_check_told(told, COUNT(told));
}

#define BEGINNING \
	"Store lunch\n" \
	"as of 2023-01-23T12:00:00.000000-07:00, " \
	"2023-01-23T19:00:00.000000Z\n" \
	"\n" \
	"Now: closed\n" \
	"    By its hours the store is closed on Mon 23 Jan at 12:00, " \
	"where its shift\n" \
	"    ends; polls in closed time say nothing about the store.\n" \
	"\n" \
	"Last hour: up 0 min, down 1 h\n"
#define END \
	"\nOutages\n" \
	"\n" \
	"2023-01-23T10:15:00.000000-07:00 to " \
	"2023-01-23T12:00:00.000000-07:00\n" \
	"    1 h 45 min of open time, and going on\n" \
	"    began after 2023-01-23T09:14:00.000000-07:00\n" \
	"             by 2023-01-23T10:15:00.000000-07:00\n" \
	"    ended after 2023-01-23T10:15:00.000000-07:00\n" \
	"             by no poll yet\n" \
	"\nThe week\n" \
	"\n" \
	"2023-01-16T12:00:00.000000-07:00  closed              165 h\n" \
	"2023-01-23T09:00:00.000000-07:00  up       filled in  1 h 15 min\n" \
	"2023-01-23T10:15:00.000000-07:00  down     filled in  1 h 45 min\n"

/* Every line fits, and the parts are there. */
static void
test_text(void **state)
{
	static const char beginning[] = BEGINNING;
	struct timeline_question question = { "lunch",
		at("2023-01-23 19:00:00"),
		{ INTERPOLATION_PREVIOUS, UPTIME_REACH_UNLIMITED } };
	struct timeline_desk *desk;
	struct buf out;
	const char *line;

	(void)state;
	timeline_bring();
	assert_int_equal(timeline_open(&desk, state_folder), ERR_NONE);
	buf_init(&out, TEXT_MAX);
	assert_int_equal(timeline_ask(desk, &question, timeline_text, &out),
	    ERR_NONE);
	assert_memory_equal(buf_text(&out), beginning, sizeof(beginning) - 1);
	check_text("end", strstr(buf_text(&out), "\nOutages\n"), END);
	for (line = buf_text(&out); *line != '\0';
	     line += strcspn(line, "\n") + 1)
		check_true(line, strcspn(line, "\n") <= 80);
	buf_release(&out);
	timeline_close(desk);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		with_data(test_told),
		with_data(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
