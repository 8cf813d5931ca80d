/*
 * The parameters of a request: declared in a table, read from the query, a
 * form or a JSON body, checked against the table, and handed out by their
 * place in it.  An unknown parameter, one that comes twice (once in the query
 * and once in the body, too) and a value that does not fit are refused with a
 * sentence that says what would be right.
 */
#ifndef WEB_PARAMS_H
#define WEB_PARAMS_H

#include "base/buf.h"
#include "web/param.h"

#include <stddef.h>

#define PARAMS_MAX 8 /* rows of the longest table */

/* The values of one parameter. */
struct param_values {
	const char **text;
	size_t count;
	size_t room;
};

/* All of one request.  Storage is the caller's and is used again. */
struct params {
	const struct param *table;
	size_t count;
	struct buf text; /* the values, each with its NUL */
	struct buf name; /* the name being looked at */
	struct param_values values[PARAMS_MAX];
	/* Why the last function said ERR_INPUT: for programs, for people. */
	const char *code;
	struct buf message;
};

/* Once, before everything else. */
void params_init(struct params *p);

/* Gives the memory back. */
void params_release(struct params *p);

/*
 * Starts a request: forgets the values of the last one and makes room for
 * those of a query and a body of that many bytes together.  table has count
 * rows, at most PARAMS_MAX, and stays the caller's.
 */
MUST_CHECK enum err params_begin(struct params *p, const struct param *table,
    size_t count, size_t bytes);

/*
 * Takes the parameters of a query or form, or of a JSON body.  ERR_INPUT
 * with code and message set; ERR_NO_MEMORY.
 */
MUST_CHECK enum err params_form(struct params *p, const char *s, size_t len);
MUST_CHECK enum err params_json(struct params *p, const char *s, size_t len);

/* After all were taken: ERR_INPUT, explained, if a required one is missing. */
MUST_CHECK enum err params_finish(struct params *p);

/* The value of the parameter in that row of the table; NULL if not given. */
const char *params_text(const struct params *p, size_t row);

/* All its values and how many there are; borrowed until the next begin. */
const char *const *
params_list(const struct params *p, size_t row, size_t *count);

#endif
