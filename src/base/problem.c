/* Names and sentences of the problems, one table. */
#include "base/problem.h"

#include <stddef.h>

static const struct {
	const char *name;
	const char *text;
} problems[] = {
	[PROBLEM_NONE] = { "", "" },
	[PROBLEM_EMPTY_FILE] = { "empty_file",
	    "The file is empty: it has not even a header line." },
	[PROBLEM_BAD_HEADER] = { "bad_header",
	    "The header line does not name the columns that are needed." },
	[PROBLEM_NOT_TEXT] = { "not_text",
	    "This is not a CSV file: its first line is not clean UTF-8 text." },
	[PROBLEM_COMPRESSED] = { "compressed",
	    "The file is compressed; unpack it first." },
	[PROBLEM_LINE_TOO_LONG] = { "line_too_long",
	    "A line is longer than 64 KiB; nothing after it can be trusted." },
	[PROBLEM_UNTERMINATED_QUOTE] = { "unterminated_quote",
	    "A quote is opened on this line and not closed within 64 KiB." },
	[PROBLEM_QUOTE] = { "quote",
	    "A quote stands where none may be, or is never closed." },
	[PROBLEM_COLUMNS] = { "columns",
	    "The row has more or fewer fields than the header." },
	[PROBLEM_STORE_ID] = { "store_id",
	    "The store id must be 1 to 64 bytes of clean UTF-8 text that does "
	    "not start with = + - or @." },
	[PROBLEM_STATUS] = { "status",
	    "The status must be active or inactive." },
	[PROBLEM_TIMESTAMP] = { "timestamp",
	    "The time stamp must be a real UTC date and time like "
	    "2023-01-22 12:09:39.388884 UTC, from the year 2000 on and at most "
	    "24 hours ahead of the clock." },
	[PROBLEM_DAY] = { "day",
	    "The day must be one digit, 0 (Monday) to 6 (Sunday)." },
	[PROBLEM_DATE] = { "date",
	    "The date must be a real date like 2023-12-24." },
	[PROBLEM_TIME] = { "time",
	    "The times must be HH:MM or HH:MM:SS, 00:00:00 to 23:59:59; "
	    "24:00:00 only as an end." },
	[PROBLEM_WINDOW] = { "window",
	    "Start and end are the same; only 00:00:00 to 00:00:00 means the "
	    "whole day." },
	[PROBLEM_TIMEZONE] = { "timezone",
	    "The time zone must be a name of the tz database in its exact "
	    "spelling, like America/New_York." },
	[PROBLEM_CONFLICT] = { "conflict",
	    "The row contradicts an earlier row of this file." },
};

_Static_assert(sizeof(problems) / sizeof(problems[0]) == PROBLEM__MAX,
    "every problem has a name and a sentence");

const char *
problem_name(enum problem_code code)
{
	return problems[code].name;
}

const char *
problem_text(enum problem_code code)
{
	return problems[code].text;
}
