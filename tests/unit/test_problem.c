/* Problems have names that programs read and sentences for people. */
#include "base/problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/check.h"

/* Programs know these: none may change or change places. */
static const char *const names[] = { "", "empty_file", "bad_header", "not_text",
	"compressed", "line_too_long", "unterminated_quote", "quote", "columns",
	"store_id", "status", "timestamp", "day", "date", "time", "window",
	"timezone", "conflict" };

static void
test_names(void **state)
{
	enum problem_code code;

	(void)state;
	assert_int_equal(COUNT(names), PROBLEM__MAX);
	for (code = 0; code < PROBLEM__MAX; code++)
		assert_string_equal(problem_name(code), names[code]);
}

static void
test_texts(void **state)
{
	enum problem_code a, b;

	(void)state;
	assert_string_equal(problem_text(PROBLEM_NONE), "");
	for (a = PROBLEM_NONE + 1; a < PROBLEM__MAX; a++) {
		const char *text = problem_text(a);

		check_true(names[a], strlen(text) > 20);
		check_number(names[a], text[strlen(text) - 1], '.');
		for (b = PROBLEM_NONE; b < a; b++)
			check_true(names[a],
			    strcmp(text, problem_text(b)) != 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
