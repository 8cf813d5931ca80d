/*
 * JSON bodies through jansson, which is strict about UTF-8 and, when asked
 * to, about names that come twice; it takes no \u0000 unless told to, so that
 * its texts are C strings.  Numbers with a fraction or an exponent are
 * refused rather than rounded: a store id must come out as it went in.
 */
#include "codec/json_body.h"

#include <jansson.h>
#include <stdio.h>

/* Tells sink one text or number of the member. */
static bool
tell(const json_t *value, struct json_member *member,
    const struct json_sink *sink)
{
	char digits[32];

	member->value = NULL;
	member->value_len = 0;
	if (json_is_string(value)) {
		member->value = json_string_value(value);
		member->value_len = json_string_length(value);
	} else if (json_is_integer(value)) {
		member->value_len = (size_t)snprintf(digits, sizeof(digits),
		    "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		member->value = digits;
	}
	return sink->take(sink->ctx, member);
}

static bool
tell_list(const json_t *list, struct json_member *member,
    const struct json_sink *sink)
{
	size_t i, n = json_array_size(list);

	member->in_list = true;
	if (n == 0) {
		member->empty_list = true;
		return sink->take(sink->ctx, member);
	}
	for (i = 0; i < n; i++) {
		if (!tell(json_array_get(list, i), member, sink))
			return false;
	}
	return true;
}

static enum json_result
tell_all(json_t *root, const struct json_sink *sink)
{
	const char *name;
	json_t *value;

	json_object_foreach (root, name, value) {
		struct json_member member = { .name = name };
		bool go_on = json_is_array(value)
		    ? tell_list(value, &member, sink)
		    : tell(value, &member, sink);

		if (!go_on)
			return JSON_STOPPED;
	}
	return JSON_DONE;
}

static enum json_result
explain(const json_error_t *error, struct json_place *place)
{
	switch (json_error_code(error)) {
	case json_error_out_of_memory:
		return JSON_NO_MEMORY;
	case json_error_duplicate_key:
		return JSON_DUPLICATE;
	default:
		place->line = error->line;
		/* At a line's end nothing of the line is counted. */
		place->column = error->column > 0 ? error->column : 1;
		return JSON_SYNTAX;
	}
}

enum json_result
json_body_read(const char *text, size_t len, const struct json_sink *sink,
    struct json_place *place)
{
	json_error_t error;
	enum json_result result;
	json_t *root = json_loadb(text, len,
	    JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);

	if (root == NULL)
		return explain(&error, place);
	result = json_is_object(root) ? tell_all(root, sink) : JSON_NOT_OBJECT;
	json_decref(root);
	return result;
}
