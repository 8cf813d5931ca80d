/* The kinds of parameters, one check for each. */
#include "web/param.h"

#include "base/text.h"

#include <string.h>

static bool
is_word(const struct param_limits *limits, const char *value)
{
	const char *const *word;

	for (word = limits->words; *word != NULL; word++) {
		if (strcmp(*word, value) == 0)
			return true;
	}
	return false;
}

static bool
is_job_id(const struct param_limits *limits, const char *value)
{
	(void)limits;
	return text_is_job_id(value);
}

static bool
is_store_id(const struct param_limits *limits, const char *value)
{
	(void)limits;
	return text_is_store_id(value, strlen(value));
}

static bool
is_checked(const struct param_limits *limits, const char *value)
{
	return limits->check(value);
}

static bool (*const kinds[])(const struct param_limits *, const char *) = {
	[PARAM_WORD] = is_word,
	[PARAM_JOB_ID] = is_job_id,
	[PARAM_STORE_ID] = is_store_id,
	[PARAM_CHECKED] = is_checked,
};

_Static_assert(sizeof(kinds) / sizeof(kinds[0]) == PARAM__MAX,
    "every kind has its check");

size_t
param_find(const struct param *table, size_t count, const char *name)
{
	size_t row;

	for (row = 0; row < count; row++) {
		if (strcmp(table[row].name, name) == 0)
			break;
	}
	return row;
}

bool
param_accepts(const struct param *param, const char *value)
{
	return kinds[param->kind](&param->limits, value);
}

size_t
param_most(const struct param *param)
{
	return param->limits.max_count > 1 ? param->limits.max_count : 1;
}
