/*
 * What is wrong with a CSV file or one of its rows.  A problem is data, not
 * an error: it is counted, listed and shown, and the program goes on.
 */
#ifndef BASE_PROBLEM_H
#define BASE_PROBLEM_H

#include <stdint.h>

enum problem_code {
	PROBLEM_NONE,
	/* The whole file is refused. */
	PROBLEM_EMPTY_FILE,
	PROBLEM_BAD_HEADER,
	PROBLEM_NOT_TEXT,
	PROBLEM_COMPRESSED,
	PROBLEM_LINE_TOO_LONG,
	PROBLEM_UNTERMINATED_QUOTE,
	/* One row is bad.  In the order in which they are looked for. */
	PROBLEM_QUOTE,
	PROBLEM_COLUMNS,
	PROBLEM_STORE_ID,
	PROBLEM_STATUS,
	PROBLEM_TIMESTAMP,
	PROBLEM_DAY,
	PROBLEM_DATE,
	PROBLEM_TIME,
	PROBLEM_WINDOW,
	PROBLEM_TIMEZONE,
	PROBLEM_CONFLICT,
	PROBLEM__MAX
};

struct problem {
	uint64_t line; /* where the row starts; the header is line 1 */
	enum problem_code code;
};

/* The code as programs read it: "store_id".  Static; "" for NONE. */
const char *problem_name(enum problem_code code);

/* One sentence for people that says what is wrong and what would be right. */
const char *problem_text(enum problem_code code);

#endif
