/*
 * What is said of the status now and of the three windows.
 * The data is in timeline_fixture.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "timeline_fixture.h"

static const struct told told[] = {
	{ PREVIOUS, "lunch", "2023-01-23 19:00:00", "status_now", "closed",
	    "By its hours the store is closed on Mon 23 Jan at 12:00, "
	    "where its shift ends; polls in closed time say nothing "
	    "about the store." },
	{ PREVIOUS, "lunch", "2023-01-23 19:00:00", "hour",
	    "up 0 min, down 1 h",
	    "Down for all of the 1 h it was open: the poll on Mon 23 "
	    "Jan at 10:15 said inactive, and it counts until the "
	    "shift's end at 12:00; all of this is filled in." },
	{ PREVIOUS, "lunch", "2023-01-23 19:00:00", "week",
	    "up 1 h 15 min, down 1 h 45 min",
	    "Down for 1 h 45 min of the 3 h it was open: the poll on "
	    "Mon 23 Jan at 10:15 said inactive, and it counts until "
	    "the shift's end at 12:00; all of this is filled in; for "
	    "the other 165 h it was closed, which counts neither as "
	    "up nor as down." },
	{ NEAREST_30M, "lunch", "2023-01-23 18:40:00", "status_now", "unknown",
	    "The store is open on Mon 23 Jan at 11:40, and whether it "
	    "is up is not known: its last poll in business hours, at "
	    "10:15, is 1 h 25 min old, and by the rules a poll counts "
	    "for 30 min at the most." },
	{ NEAREST_30M, "lunch", "2023-01-23 18:40:00", "hour",
	    "up 0 min, down 5 min, unknown 55 min",
	    "Down for 5 min of the 1 h it was open: the poll on Mon "
	    "23 Jan at 10:15 said inactive, and it counts from 09:45 "
	    "(30 min before) until 10:45 (30 min after); all of this "
	    "is filled in; 55 min is unknown: the poll that would "
	    "count for it is over 30 min away." },
	{ NEAREST_30M, "lunch", "2023-01-23 18:40:00", "week",
	    "up 44 min, down 1 h, unknown 1 h 16 min",
	    "Down for 1 h of the 3 h it was open: the poll on Mon 23 "
	    "Jan at 10:15 said inactive, and it counts from 09:45 (30 "
	    "min before) until 10:45 (30 min after); all of this is "
	    "filled in; 1 h 16 min is unknown: the poll that would "
	    "count for it is over 30 min away; for the other 165 h it "
	    "was closed, which counts neither as up nor as down." },
	{ NEXT, "lunch", "2023-01-23 18:40:00", "status_now", "down",
	    "The store is open and down on Mon 23 Jan at 11:40: its "
	    "last poll in business hours, at 10:15, 1 h 25 min "
	    "before, said inactive; it has been down since 09:14, "
	    "closed time aside." },
	{ NEXT, "lunch", "2023-01-23 18:40:00", "week",
	    "up 34 min, down 2 h 26 min",
	    "Down for 2 h 26 min of the 3 h it was open: the poll on "
	    "Mon 23 Jan at 10:15 said inactive, and it counts back to "
	    "the poll before (09:14) until now; all of this is filled "
	    "in; for the other 165 h it was closed, which counts "
	    "neither as up nor as down." },
	{ PREVIOUS, "dark", "2023-01-23 19:00:00", "status_now", "closed",
	    "By its hours the store is closed on Mon 23 Jan at 14:00, "
	    "as it has been since 11:00, and opens again on Tue 24 "
	    "Jan at 09:00; polls in closed time say nothing about the "
	    "store." },
	{ PREVIOUS, "dark", "2023-01-23 19:00:00", "hour", "closed",
	    "By its hours the store was closed from Mon 23 Jan 13:00 "
	    "to 14:00, and closed time counts neither as up nor as "
	    "down." },
	{ PREVIOUS, "dark", "2023-01-23 19:00:00", "day", "up 0 min, down 1 h",
	    "Down for all of the 1 h it was open: no poll fell into "
	    "the shift that began on Mon 23 Jan at 10:00, and the "
	    "last one before it, on Tue 17 Jan at 12:15, said "
	    "inactive, and it counts until the shift's end on Mon 23 "
	    "Jan at 11:00; all of this is filled in; for the other 23 "
	    "h it was closed, which counts neither as up nor as down." },
	{ PREVIOUS, "dark", "2023-01-23 19:00:00", "week",
	    "up 0 min, down 28 h",
	    "Down for all of the 28 h it was open: all 2 polls that "
	    "count for it, from Mon 16 Jan 12:15 on, said inactive; "
	    "all of this is filled in; for the other 140 h it was "
	    "closed, which counts neither as up nor as down." },
	{ PREVIOUS, "dark", "2023-01-16 18:40:00", "status_now", "down",
	    "The store is open and down on Mon 16 Jan at 13:40: its "
	    "last poll in business hours, at 12:15, 1 h 25 min "
	    "before, said inactive; it has been down for all its open "
	    "time of the last 7 days." },
	{ PREVIOUS, "dark", "2023-01-16 18:40:00", "week",
	    "up 0 min, down 40 h",
	    "Down for all of the 40 h it was open: the one poll that "
	    "counts for it, on Mon 16 Jan at 12:15, said inactive; "
	    "all of this is filled in; for the other 128 h it was "
	    "closed, which counts neither as up nor as down." },
	{ PREVIOUS, "never", "2023-01-23 19:00:00", "status_now", "unknown",
	    "The store is open on Mon 23 Jan at 13:00, and whether it "
	    "is up is not known: it has never been polled." },
	{ PREVIOUS, "never", "2023-01-23 19:00:00", "hour",
	    "up 0 min, down 0 min, unknown 1 h",
	    "Unknown for all of the 1 h it was open: it has never "
	    "been polled." },
	{ PREVIOUS, "never", "2023-01-23 19:00:00", "week",
	    "up 0 min, down 0 min, unknown 19 h",
	    "Unknown for all of the 19 h it was open: it has never "
	    "been polled; for the other 149 h it was closed, which "
	    "counts neither as up nor as down." },
	{ PREVIOUS, "outside", "2023-01-23 19:00:00", "status_now", "unknown",
	    "The store is open on Mon 23 Jan at 13:00, and whether it "
	    "is up is not known: none of its polls has ever fallen "
	    "into its business hours." },
	{ PREVIOUS, "outside", "2023-01-23 19:00:00", "day",
	    "up 0 min, down 0 min, unknown 4 h",
	    "Unknown for all of the 4 h it was open: none of its "
	    "polls has ever fallen into its business hours; for the "
	    "other 20 h it was closed, which counts neither as up nor "
	    "as down." },
	{ PREVIOUS, "first", "2023-01-23 19:00:00", "status_now", "stale",
	    "The last poll in business hours, on Fri 20 Jan at 22:15, "
	    "said active, but that was 2 days before Mon 23 Jan "
	    "13:00, and a poll over 2 h old is not taken for what the "
	    "store is now." },
	{ PREVIOUS, "first", "2023-01-23 19:00:00", "day",
	    "up 24 h, down 0 min",
	    "Up for all of the 24 h it was open: the 2 polls from Thu "
	    "19 Jan 22:15 to Fri 20 Jan 22:15 said active, and they "
	    "count until now; all of this is filled in." },
	{ PREVIOUS, "first", "2023-01-23 19:00:00", "week",
	    "up 86 h 45 min, down 81 h 15 min",
	    "Down for 81 h 15 min of the 168 h it was open: the poll "
	    "on Thu 19 Jan at 21:15 said inactive, and it counts, "
	    "being the first of all, from the beginning until the "
	    "poll at 22:15 said active; all of this is filled in." },
	{ PREVIOUS, "first", "2023-01-20 03:15:00", "status_now", "down",
	    "The store is open and down on Thu 19 Jan at 21:15: its "
	    "last poll in business hours, at 21:15, said inactive; it "
	    "has been down for all its open time of the last 7 days." },
	{ PREVIOUS_6H, "first", "2023-01-20 05:00:00", "week",
	    "up 45 min, down 7 h, unknown 160 h 15 min",
	    "Down for 7 h of the 168 h it was open: the poll on Thu "
	    "19 Jan at 21:15 said inactive, and it counts from 15:15 "
	    "(6 h before) until the poll at 22:15 said active; all of "
	    "this is filled in; 160 h 15 min is unknown: the poll "
	    "that would count for it is over 6 h away." },
	{ PREVIOUS, "old", "2023-01-23 19:00:00", "status_now", "stale",
	    "The last poll in business hours, on Fri 18 Nov 2022 at "
	    "11:15, said active, but that was 66 days before Mon 23 "
	    "Jan 13:00, and a poll over 2 h old is not taken for what "
	    "the store is now." },
	{ PREVIOUS, "old", "2023-01-23 19:00:00", "hour", "up 1 h, down 0 min",
	    "Up for all of the 1 h it was open: no poll fell into the "
	    "shift that began on Mon 23 Jan at 09:00, and the last "
	    "one before it, on Fri 18 Nov 2022 at 11:15, said active, "
	    "and it counts until now; all of this is filled in." },
	{ PREVIOUS, "old", "2023-01-23 19:00:00", "week", "up 24 h, down 0 min",
	    "Up for all of the 24 h it was open: the one poll that "
	    "counts for it, on Fri 18 Nov 2022 at 11:15, said active; "
	    "all of this is filled in; for the other 144 h it was "
	    "closed, which counts neither as up nor as down." },
	{ PREVIOUS, "old", "2023-01-20 03:00:00", "status_now", "closed",
	    "By its hours the store is closed on Thu 19 Jan at 21:00, "
	    "as it has been since Tue 17 Jan 17:00, and opens again "
	    "on Fri 20 Jan at 09:00; polls in closed time say nothing "
	    "about the store." },
	{ PREVIOUS, "busy", "2023-01-23 19:00:00", "hour",
	    "up 19 min 49 s, down 40 min 11 s",
	    "Down for 40 min 11 s of the 1 h it was open: the 2 polls "
	    "from Mon 23 Jan 17:05:10 to 18:05:10 said inactive, and "
	    "they count until the poll at 18:35:10 said active; the "
	    "poll at 18:50:10 said inactive, and it counts until the "
	    "poll at 18:55:10 said active; 5 min 10 s of the open "
	    "time is observed, the rest filled in." },
	{ PREVIOUS, "busy", "2023-01-23 19:55:10.999999", "hour",
	    "up 50 min, down 10 min",
	    "Down for 10 min of the 1 h it was open: the poll on Mon "
	    "23 Jan at 19:10 said inactive, and it counts until the "
	    "poll at 19:20 said active; all of this is filled in." },
	{ NEXT, "rare", "2023-01-23 19:00:00", "week", "up 168 h, down 0 min",
	    "Up for all of the 168 h it was open: the poll on Sat 21 "
	    "Jan at 18:00 said active, and it counts from before "
	    "these days until now; all of this is filled in." },
	{ PREVIOUS, "monday", "2023-01-23 17:30:00", "week",
	    "up 1 h 30 min, down 1 h 30 min",
	    "Down for 1 h 30 min of the 3 h it was open: no poll fell "
	    "into the shift that began on Mon 16 Jan at 09:00, and "
	    "the last one before it, on Mon 9 Jan at 11:00, said "
	    "inactive, and it counts until the shift's end on Mon 16 "
	    "Jan at 12:00; all of this is filled in; for the other "
	    "165 h it was closed, which counts neither as up nor as "
	    "down." },
	{ PREVIOUS, "rare", "2023-01-23 19:00:00", "week",
	    "up 168 h, down 0 min",
	    "Up for all of the 168 h it was open: the 2 polls from "
	    "Mon 9 Jan 18:00 to Sat 21 Jan 18:00 said active, and "
	    "they count until now; all of this is filled in." },
	{ PREVIOUS, "busy", "2023-01-23 19:40:00", "week",
	    "up 10 h 14 min 59 s, down 1 h 45 min 1 s",
	    "Down for 1 h 45 min 1 s of the 12 h it was open, in 3 "
	    "stretches, the longest from Mon 23 Jan 17:05:10 to "
	    "18:35:10: the 2 polls from 17:05:10 to 18:05:10 said "
	    "inactive, and they count until the poll at 18:35:10 said "
	    "active; 2 h of the open time is observed, the rest "
	    "filled in; for the other 156 h it was closed, which "
	    "counts neither as up nor as down." },
	{ NEAREST, "busy", "2023-01-23 19:40:00", "week",
	    "up 9 h 52 min 35 s, down 2 h 7 min 25 s",
	    "Down for 2 h 7 min 25 s of the 12 h it was open, in 3 "
	    "stretches, the longest from Mon 23 Jan 16:35:10 to "
	    "18:20:10: the 2 polls from 17:05:10 to 18:05:10 said "
	    "inactive, and they count from 16:35:10 (halfway to the "
	    "poll before) until 18:20:10 (halfway to the next poll); "
	    "2 h of the open time is observed, the rest filled in; "
	    "for the other 156 h it was closed, which counts neither "
	    "as up nor as down." },
	{ PREVIOUS, "fall", "2022-11-06 09:00:00", "status_now", "up",
	    "The store is open and up on Sun 6 Nov at 03:00: its last "
	    "poll in business hours, at 01:30 after the clock went "
	    "back, 1 h 30 min before, said active; it has been up "
	    "since 01:30 after the clock went back, closed time "
	    "aside." },
	{ PREVIOUS, "fall", "2022-11-06 09:00:00", "day", "up 23 h, down 1 h",
	    "Down for 1 h of the 24 h it was open: the poll on Sun 6 "
	    "Nov at 01:30 before the clock went back said inactive, "
	    "and it counts until the poll at 01:30 after the clock "
	    "went back said active; all of this is filled in." },
	{ PREVIOUS, "spring", "2023-03-13 00:00:00", "status_now", "stale",
	    "The last poll in business hours, on Sun 12 Mar at 03:30, "
	    "said active, but that was 16 h 30 min before 20:00, and "
	    "a poll over 2 h old is not taken for what the store is "
	    "now." },
};

static void
test_told(void **state)
{
	(void)state;
	timeline_bring();
	timeline_check_told(told, COUNT(told));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		with_data(test_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
