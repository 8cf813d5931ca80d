/* The counters by name, and a window as JSON to the last digit. */
#include "work/counters.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/check.h"

static const struct counters one = { 1, 20, 300, 4, 5 };

static void
test_by_name(void **state)
{
	static const char *const names[COUNTERS] = { "up", "down", "unknown",
		"observed_up", "observed_down" };
	static const int64_t values[COUNTERS] = { 1, 20, 300, 4, 5 };
	struct counters sum = { 0 };
	size_t i;

	(void)state;
	counters_add(&sum, &one);
	counters_add(&sum, &one);
	for (i = 0; i < COUNTERS; i++) {
		assert_string_equal(counter_names[i], names[i]);
		check_number(names[i], counters_get(&one, i), values[i]);
		check_number(names[i], counters_get(&sum, i), 2 * values[i]);
	}
	/* No counter is without a name. */
	assert_int_equal(sizeof(struct counters), COUNTERS * sizeof(int64_t));
	assert_int_equal(counters_business(&one), 321);
}

static const struct {
	const char *name;
	struct counters c;
	const char *json;
} windows[] = {
	{ "nothing", { 0, 0, 0, 0, 0 },
	    "{\"up_s\":0.000000,\"down_s\":0.000000,\"unknown_s\":0.000000,"
	    "\"observed_up_s\":0.000000,\"observed_down_s\":0.000000,"
	    "\"business_s\":0.000000,\"availability_percent\":null,"
	    "\"availability_at_least_percent\":null,"
	    "\"availability_at_most_percent\":null,"
	    "\"coverage_percent\":null}" },
	{ "rounded down", { 2999999, 1, 1000000, 2000000, 1 },
	    "{\"up_s\":2.999999,\"down_s\":0.000001,\"unknown_s\":1.000000,"
	    "\"observed_up_s\":2.000000,\"observed_down_s\":0.000001,"
	    "\"business_s\":4.000000,\"availability_percent\":99.99,"
	    "\"availability_at_least_percent\":50.00,"
	    "\"availability_at_most_percent\":99.99,"
	    "\"coverage_percent\":50.00}" },
	{ "unknown only", { 0, 0, 5, 0, 0 },
	    "{\"up_s\":0.000000,\"down_s\":0.000000,\"unknown_s\":0.000005,"
	    "\"observed_up_s\":0.000000,\"observed_down_s\":0.000000,"
	    "\"business_s\":0.000005,\"availability_percent\":null,"
	    "\"availability_at_least_percent\":0.00,"
	    "\"availability_at_most_percent\":100.00,"
	    "\"coverage_percent\":0.00}" },
};

static void
test_json(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(windows); i++) {
		struct buf out;

		buf_init(&out, 4096);
		counters_json(&out, &windows[i].c);
		check_text(windows[i].name, buf_text(&out), windows[i].json);
		buf_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_name),
		cmocka_unit_test(test_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
