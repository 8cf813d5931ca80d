/*
 * JSON bodies: a text that is refused is said to be wrong at a place in it;
 * the values of one that is taken, written as JSON again, are read as the
 * same values.
 */
#include "fuzz.h"

#include "base/buf.h"
#include "codec/json_body.h"

#define SHOWN ((size_t)8 << 20)

/* What was told: as a text to compare, and as JSON. */
struct told {
	struct buf shown;
	struct buf json;
	char *name; /* of the member before */
	bool in_list;
};

/* As it is, but for what must be escaped: json_text() would tidy it up. */
static void
put_text(struct buf *json, const char *s)
{
	buf_char(json, '"');
	for (; *s != '\0'; s++) {
		if ((unsigned char)*s < ' ' || *s == '"' || *s == '\\')
			buf_printf(json, "\\u%04x", (unsigned char)*s);
		else
			buf_char(json, *s);
	}
	buf_char(json, '"');
}

static void
put_value(struct buf *json, const struct json_member *m)
{
	if (m->value == NULL)
		buf_str(json, "null");
	else
		put_text(json, m->value);
}

static bool
take(void *ctx, const struct json_member *m)
{
	struct told *t = ctx;
	bool same = t->name != NULL && m->in_list && t->in_list &&
	    strcmp(t->name, m->name) == 0;

	assert_true(m->value == NULL || strlen(m->value) == m->value_len);
	assert_true(!m->empty_list || (m->in_list && m->value == NULL));
	buf_printf(&t->shown, "%zu:%s %d %d %s\n", strlen(m->name), m->name,
	    m->in_list, m->empty_list, m->value == NULL ? "-" : m->value);
	if (!same) {
		buf_str(&t->json,
		    t->in_list            ? "],"
			: t->name != NULL ? ","
					  : "");
		put_text(&t->json, m->name);
		buf_str(&t->json, m->in_list ? ":[" : ":");
	} else {
		buf_char(&t->json, ',');
	}
	if (!m->empty_list)
		put_value(&t->json, m);
	free(t->name);
	t->name = strdup(m->name);
	assert_non_null(t->name);
	t->in_list = m->in_list;
	return true;
}

static enum json_result
read_told(struct told *t, const char *text, size_t len)
{
	struct json_sink sink = { .take = take, .ctx = t };
	struct json_place place = { -1, -1 };
	enum json_result result;

	memset(t, 0, sizeof(*t));
	buf_init(&t->shown, SHOWN);
	buf_init(&t->json, SHOWN);
	buf_char(&t->json, '{');
	result = json_body_read(text, len, &sink, &place);
	buf_str(&t->json, t->in_list ? "]}" : "}");
	assert_int_equal(buf_err(&t->shown), ERR_NONE);
	assert_int_equal(buf_err(&t->json), ERR_NONE);
	assert_true(result == JSON_DONE || t->shown.len == 0);
	assert_true(result != JSON_STOPPED && result != JSON_NO_MEMORY);
	if (result == JSON_SYNTAX)
		assert_true(place.line >= 1 && place.column >= 1 &&
		    (size_t)place.line <= len + 1 &&
		    (size_t)place.column <= len + 1);
	return result;
}

static void
release(struct told *t)
{
	free(t->name);
	buf_release(&t->shown);
	buf_release(&t->json);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_copy(data, size, false);
	struct told first, again;

	if (read_told(&first, text, size) == JSON_DONE) {
		assert_int_equal(read_told(&again, first.json.data,
				     first.json.len),
		    JSON_DONE);
		assert_int_equal(first.shown.len, again.shown.len);
		assert_true(strcmp(buf_text(&first.shown),
				buf_text(&again.shown)) == 0);
		release(&again);
	}
	release(&first);
	free(text);
	return 0;
}
