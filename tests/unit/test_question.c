/* Questions: what makes two of them the same, and the kept store filter. */
#include "work/question.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct data_revision first = { .number = 3, .token = "00ff" };
static const struct data_revision later = { .number = 4, .token = "00ff" };
static const struct data_revision other = { .number = 3, .token = "00fe" };

#define BASE .revision = &first, .tzdata = "2025b", .as_of_us = 1000
#define RULES .rules = { INTERPOLATION_PREVIOUS, UPTIME_REACH_UNLIMITED }

/* Each differs from the others in one respect. */
static const struct question questions[] = {
	{ BASE, RULES },
	{ .revision = &later, .tzdata = "2025b", .as_of_us = 1000, RULES },
	{ .revision = &other, .tzdata = "2025b", .as_of_us = 1000, RULES },
	{ .revision = &first, .tzdata = "2025c", .as_of_us = 1000, RULES },
	{ .revision = &first, .tzdata = "2025b", .as_of_us = 1001, RULES },
	{ BASE, .rules = { INTERPOLATION_NEXT, UPTIME_REACH_UNLIMITED } },
	{ BASE, .rules = { INTERPOLATION_NEAREST, UPTIME_REACH_UNLIMITED } },
	{ BASE, .rules = { INTERPOLATION_PREVIOUS, 0 } },
	{ BASE, .rules = { INTERPOLATION_PREVIOUS, 1 } },
	{ BASE, RULES, .stores = "[]" },
	{ BASE, RULES, .stores = "[\"a\"]" },
	{ BASE, RULES, .stores = "[\"a\",\"b\"]" },
	{ BASE, RULES, .stores = "[\"a,b\"]" },
};

#define QUESTIONS (sizeof(questions) / sizeof(questions[0]))

static void
test_hash(void **unused)
{
	char hash[QUESTIONS][JOBS_HASH], again[JOBS_HASH];
	size_t i, k;

	(void)unused;
	for (i = 0; i < QUESTIONS; i++) {
		assert_int_equal(question_hash(&questions[i], hash[i]),
		    ERR_NONE);
		assert_int_equal(strspn(hash[i], "0123456789abcdef"), 64);
		assert_int_equal(strlen(hash[i]), 64);
		assert_int_equal(question_hash(&questions[i], again), ERR_NONE);
		assert_string_equal(hash[i], again);
		for (k = 0; k < i; k++)
			assert_string_not_equal(hash[i], hash[k]);
	}
}

static const struct {
	const char *ids[5];
	size_t count;
	const char *text;
} filters[] = {
	{ { NULL }, 0, "[]" },
	{ { "b", "a", "c" }, 3, "[\"a\",\"b\",\"c\"]" },
	{ { "a", "a", "b", "a" }, 4, "[\"a\",\"b\"]" },
	{ { "10", "9", "1" }, 3, "[\"1\",\"10\",\"9\"]" },
	{ { "a\"b\\c" }, 1, "[\"a\\\"b\\\\c\"]" },
	{ { "\xc3\xa9", "z" }, 2, "[\"z\",\"\xc3\xa9\"]" },
};

static void
test_filter(void **unused)
{
	size_t i, k;

	(void)unused;
	for (i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		struct question_filter filter;
		char *text, *again;

		assert_int_equal(question_stores(filters[i].ids,
				     filters[i].count, &text),
		    ERR_NONE);
		assert_string_equal(text, filters[i].text);
		assert_int_equal(question_filter_read(&filter, text), ERR_NONE);
		for (k = 0; k + 1 < filter.count; k++)
			assert_true(strcmp(filter.ids[k], filter.ids[k + 1]) <
			    0);
		assert_int_equal(question_stores(filter.ids, filter.count,
				     &again),
		    ERR_NONE);
		assert_string_equal(text, again);
		question_filter_release(&filter);
		free(again);
		free(text);
	}
}

static void
test_damaged_filter(void **unused)
{
	static const char *const damaged[] = { "", "[", "{}", "[1]",
		"[\"a\",null]", "\"a\"" };
	struct question_filter filter = { .ids = NULL };
	size_t i;

	(void)unused;
	question_filter_release(&filter);
	for (i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		assert_int_equal(question_filter_read(&filter, damaged[i]),
		    ERR_CORRUPT);
		assert_null(filter.ids);
		assert_int_equal(filter.count, 0);
	}
}

/* As many as may be asked for, as long as they may be. */
static void
test_largest(void **unused)
{
	static char text[1000][STORE_ID_MAX + 1];
	static const char *ids[1000];
	struct question question = questions[0];
	char hash[JOBS_HASH], *stores;
	size_t i;

	(void)unused;
	for (i = 0; i < 1000; i++) {
		(void)snprintf(text[i], sizeof(text[i]), "%064zu", i);
		memset(text[i], '"', STORE_ID_MAX - 4);
		ids[i] = text[i];
	}
	assert_int_equal(question_stores(ids, 1000, &stores), ERR_NONE);
	question.stores = stores;
	assert_int_equal(question_hash(&question, hash), ERR_NONE);
	free(stores);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_damaged_filter),
		cmocka_unit_test(test_largest),
	};

	return cmocka_run_group_tests_name("question", tests, NULL, NULL);
}
