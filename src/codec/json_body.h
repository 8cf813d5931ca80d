/*
 * JSON request bodies: one object whose values are texts, whole numbers or
 * lists of these.  Strict: nothing behind the object, no name twice, no
 * invalid UTF-8, no NUL.
 */
#ifndef CODEC_JSON_BODY_H
#define CODEC_JSON_BODY_H

#include <stdbool.h>
#include <stddef.h>

enum json_result {
	JSON_DONE,
	JSON_SYNTAX,     /* no JSON text; where, stands in the place */
	JSON_NOT_OBJECT, /* JSON, but not an object */
	JSON_DUPLICATE,  /* a name stands twice in one object */
	JSON_NO_MEMORY,
	JSON_STOPPED /* the sink gave up */
};

/* Where a text was found wrong, from 1. */
struct json_place {
	int line;
	int column;
};

/* One value.  The texts are borrowed for the call and end with a NUL. */
struct json_member {
	const char *name;
	const char *value; /* NULL: neither text nor whole number */
	size_t value_len;
	bool in_list;    /* an element of a list */
	bool empty_list; /* a list without any; value is NULL */
};

/* Who is told the values, one after the other; false gives up. */
struct json_sink {
	bool (*take)(void *ctx, const struct json_member *member);
	void *ctx;
};

/*
 * Reads the len bytes of text and tells sink each value, numbers as the
 * digits that stand for them.  Nothing is told before the whole text was
 * found right.  place is set for JSON_SYNTAX.
 */
enum json_result json_body_read(const char *text, size_t len,
    const struct json_sink *sink, struct json_place *place);

#endif
