/*
 * What one parameter of a request is called and what its values may be: a row
 * of an endpoint's table.
 */
#ifndef WEB_PARAM_H
#define WEB_PARAM_H

#include <stdbool.h>
#include <stddef.h>

enum param_kind {
	PARAM_WORD,     /* one of a few words: limits.words */
	PARAM_JOB_ID,   /* text_is_job_id() */
	PARAM_STORE_ID, /* text_is_store_id() */
	PARAM_CHECKED,  /* what limits.check says */
	PARAM__MAX
};

/* What a value may be, beside its kind; unused members stay zero. */
struct param_limits {
	const char *const *words; /* ends with NULL */
	bool (*check)(const char *value);
	size_t max_count; /* over 1: may be given so often */
};

struct param {
	const char *name;
	enum param_kind kind;
	bool required;
	struct param_limits limits;
	/* What would be right, told where a value is not: "must be <right>." */
	const char *right;
};

/* The row of the table, of count rows, with that name; else count. */
size_t param_find(const struct param *table, size_t count, const char *name);

/* True if the value is one that the parameter may have. */
bool param_accepts(const struct param *param, const char *value);

/* How often the parameter may be given: at least once. */
size_t param_most(const struct param *param);

#endif
