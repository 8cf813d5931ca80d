/* Checks that name the case of a table in which they fail. */
#ifndef LIB_CHECK_H
#define LIB_CHECK_H

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Skips the test, and says why. */
#define skip_since(why) \
	do { \
		(void)printf("# skip: %s\n", (why)); \
		skip(); \
	} while (0)

/* The condition holds. */
#define check_true(name, condition) \
	do { \
		if (!(condition)) \
			fail_msg("%s: not %s", (name), #condition); \
	} while (0)

/* Two numbers are equal. */
#define check_number(name, got, wanted) \
	do { \
		int64_t got_ = (int64_t)(got); \
		int64_t wanted_ = (int64_t)(wanted); \
\
		if (got_ != wanted_) \
			fail_msg("%s: %s is %" PRId64 ", not %" PRId64, \
			    (name), #got, got_, wanted_); \
	} while (0)

/* Two texts are equal. */
#define check_text(name, got, wanted) \
	do { \
		const char *got_ = (got), *wanted_ = (wanted); \
\
		if (strcmp(got_, wanted_) != 0) \
			fail_msg("%s: %s is\n\"%s\"\nnot\n\"%s\"", (name), \
			    #got, got_, wanted_); \
	} while (0)

#endif
