/*
 * Reading and checking of parameters.
 *
 * Values are copied into one buffer whose room is made at the start, so that
 * pointers into it stay good: a decoded value is never longer than the bytes
 * that were sent for it, and the '=', quote, comma or bracket that each value
 * comes with pays for its NUL.  After a few requests nothing is allocated.
 */
#include "web/params.h"

#include "base/text.h"
#include "codec/form.h"
#include "codec/json_body.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARAMS_TEXT_MAX (4u << 20) /* far above query and body together */
#define KEPT_MAX (64u << 10)       /* memory kept from one to the next */
#define SHOWN_MAX 64               /* bytes of an unknown name repeated */
#define MESSAGE_MAX 2048

void
params_init(struct params *p)
{
	memset(p, 0, sizeof(*p));
	buf_init(&p->text, PARAMS_TEXT_MAX);
	buf_init(&p->name, PARAMS_TEXT_MAX);
	buf_init(&p->message, MESSAGE_MAX);
}

static void
release_values(struct param_values *v)
{
	free((void *)v->text);
	memset(v, 0, sizeof(*v));
}

void
params_release(struct params *p)
{
	size_t i;

	for (i = 0; i < PARAMS_MAX; i++)
		release_values(&p->values[i]);
	buf_release(&p->text);
	buf_release(&p->name);
	buf_release(&p->message);
}

/* Empties b; a large request must not cost memory for ever. */
static void
empty(struct buf *b)
{
	if (b->cap > KEPT_MAX)
		buf_release(b);
	else
		buf_reset(b);
}

enum err
params_begin(struct params *p, const struct param *table, size_t count,
    size_t bytes)
{
	size_t i;

	assert(count <= PARAMS_MAX);
	for (i = 0; i < PARAMS_MAX; i++) {
		if (p->values[i].room * sizeof(p->values[i].text[0]) > KEPT_MAX)
			release_values(&p->values[i]);
		p->values[i].count = 0;
	}
	empty(&p->text);
	empty(&p->name);
	buf_reset(&p->message);
	p->code = "";
	p->table = table;
	p->count = count;
	(void)buf_room(&p->text, bytes + 1);
	return buf_err(&p->text);
}

/* Sets why the request is refused; returns ERR_INPUT. */
__attribute__((format(printf, 3, 4))) static enum err
refuse(struct params *p, const char *code, const char *format, ...)
{
	char text[MESSAGE_MAX];
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	p->code = code;
	buf_reset(&p->message);
	buf_str(&p->message, text);
	return ERR_INPUT;
}

static enum err
refuse_value(struct params *p, const struct param *param)
{
	return refuse(p, "bad_parameter", "The parameter %s must be %s.",
	    param->name, param->right);
}

/*
 * A name is repeated only where it is short, clean text: an answer is not to
 * echo what nobody can read.
 */
static enum err
refuse_name(struct params *p, const char *name, size_t len)
{
	if (len == 0 || len > SHOWN_MAX || !text_is_clean(name, len))
		return refuse(p, "unknown_parameter",
		    "There is a parameter that is not known here.");
	return refuse(p, "unknown_parameter",
	    "There is no parameter \"%s\" here.", name);
}

static enum err
append(struct param_values *v, const char *text)
{
	if (v->count == v->room) {
		size_t room = v->room == 0 ? 4 : v->room * 2;
		const char **more = realloc((void *)v->text,
		    room * sizeof(*more));

		if (more == NULL)
			return ERR_NO_MEMORY;
		v->text = more;
		v->room = room;
	}
	v->text[v->count++] = text;
	return ERR_NONE;
}

/* Checks the value, which lies in p->text already, and keeps it. */
static enum err
keep(struct params *p, size_t row, const char *value)
{
	const struct param *param = &p->table[row];
	size_t most = param_most(param);

	if (p->values[row].count == most && most > 1)
		return refuse(p, "bad_parameter",
		    "The parameter %s may be given at most %zu times.",
		    param->name, most);
	if (p->values[row].count == most)
		return refuse(p, "repeated_parameter",
		    "The parameter %s may be given only once.", param->name);
	if (!param_accepts(param, value))
		return refuse_value(p, param);
	return append(&p->values[row], value);
}

static enum err
take_pair(struct params *p, const struct form_pair *pair)
{
	size_t row, start = p->text.len;

	buf_reset(&p->name);
	if (!form_decode(&p->name, pair->name, pair->name_len))
		return refuse_name(p, "", 0);
	if (buf_err(&p->name) != ERR_NONE)
		return buf_err(&p->name);
	row = param_find(p->table, p->count, buf_text(&p->name));
	if (row == p->count)
		return refuse_name(p, buf_text(&p->name), p->name.len);
	assert(p->text.cap > start + pair->value_len + 1);
	if (!form_decode(&p->text, pair->value, pair->value_len))
		return refuse(p, "bad_parameter",
		    "The parameter %s is not "
		    "percent-encoded clean UTF-8 text.",
		    p->table[row].name);
	buf_char(&p->text, '\0');
	return keep(p, row, p->text.data + start);
}

enum err
params_form(struct params *p, const char *s, size_t len)
{
	struct form_pair pair;
	enum err err = ERR_NONE;

	while (err == ERR_NONE && form_next(&s, &len, &pair))
		err = take_pair(p, &pair);
	return err;
}

/* What a JSON body is read into: the parameters, and the first failure. */
struct json_target {
	struct params *p;
	enum err err;
};

static enum err
take_value(struct params *p, const struct json_member *m)
{
	size_t row = param_find(p->table, p->count, m->name);
	size_t start = p->text.len;

	if (row == p->count)
		return refuse_name(p, m->name, strlen(m->name));
	if (m->in_list && param_most(&p->table[row]) == 1)
		return refuse(p, "bad_parameter",
		    "The parameter %s must be one value, not a list.", m->name);
	if (m->empty_list)
		return refuse(p, "bad_parameter",
		    "The list %s is empty; "
		    "leave it out to mean all.",
		    m->name);
	if (m->value == NULL || !text_is_clean(m->value, m->value_len))
		return refuse_value(p, &p->table[row]);
	assert(p->text.cap > start + m->value_len + 1);
	buf_add(&p->text, m->value, m->value_len + 1);
	return keep(p, row, p->text.data + start);
}

static bool
take_member(void *ctx, const struct json_member *member)
{
	struct json_target *target = ctx;

	target->err = take_value(target->p, member);
	return target->err == ERR_NONE;
}

enum err
params_json(struct params *p, const char *s, size_t len)
{
	struct json_target target = { .p = p };
	struct json_sink sink = { .take = take_member, .ctx = &target };
	struct json_place place;

	switch (json_body_read(s, len, &sink, &place)) {
	case JSON_DONE:
		return ERR_NONE;
	case JSON_STOPPED:
		return target.err;
	case JSON_NO_MEMORY:
		return ERR_NO_MEMORY;
	case JSON_DUPLICATE:
		return refuse(p, "repeated_parameter",
		    "The JSON body has a name twice; give each once.");
	case JSON_NOT_OBJECT:
		return refuse(p, "bad_json",
		    "The JSON body must be an "
		    "object, like {\"name\": \"value\"}.");
	case JSON_SYNTAX:
		break;
	}
	return refuse(p, "bad_json",
	    "The body is not valid JSON: see line "
	    "%d, column %d.",
	    place.line, place.column);
}

enum err
params_finish(struct params *p)
{
	size_t row;

	for (row = 0; row < p->count; row++) {
		if (p->table[row].required && p->values[row].count == 0)
			return refuse(p, "missing_parameter",
			    "The parameter %s is needed: %s.",
			    p->table[row].name, p->table[row].right);
	}
	return ERR_NONE;
}

const char *
params_text(const struct params *p, size_t row)
{
	return p->values[row].count == 0 ? NULL : p->values[row].text[0];
}

const char *const *
params_list(const struct params *p, size_t row, size_t *count)
{
	*count = p->values[row].count;
	return p->values[row].text;
}
