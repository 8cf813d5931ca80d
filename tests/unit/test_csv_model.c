/*
 * Random texts against a slow model of the reader, which has all of the text
 * at once and takes it apart field by field.  Every text is given to the
 * reader whole, byte by byte and in random pieces: the first goes the way of
 * plain records wherever it can, the second never does.
 */
#include "codec/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/check.h"
#include "../lib/csv_feed.h"

#define TEXT_MAX 400
#define SHOWN ((size_t)1024 * 1024)

struct text {
	char bytes[TEXT_MAX];
	size_t len;
};

struct model {
	const char *s;
	const char *end;
	uint64_t line;
	struct buf fields; /* of the record, as csv_show_row() has them */
	bool wrong;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* At a line end or at the end of the text? */
static bool
at_end(const struct model *m)
{
	return m->s == m->end || *m->s == '\n' || *m->s == '\r';
}

/* Moves behind a line end, if it stands at one. */
static void
pass_line_end(struct model *m)
{
	if (m->s == m->end)
		return;
	if (*m->s == '\r' && m->s + 1 < m->end && m->s[1] == '\n')
		m->s++;
	m->s++;
	m->line++;
}

static void
show_field(struct model *m, const char *text, size_t len)
{
	while (len > 0 && is_blank(text[len - 1]))
		len--;
	for (; len > 0 && is_blank(*text); len--)
		text++;
	buf_char(&m->fields, '[');
	buf_add(&m->fields, text, len);
	buf_char(&m->fields, ']');
}

/* A field in quotes; m->s stands behind the first one. */
static void
take_quoted(struct model *m)
{
	char text[TEXT_MAX];
	size_t len = 0;

	for (;;) {
		if (m->s == m->end) {
			m->wrong = true;
			return;
		}
		if (*m->s == '"' && m->s + 1 < m->end && m->s[1] == '"')
			m->s++;
		else if (*m->s == '"')
			break;
		if (*m->s == '\n' || *m->s == '\r') {
			const char *from = m->s;

			pass_line_end(m);
			memcpy(text + len, from, (size_t)(m->s - from));
			len += (size_t)(m->s - from);
			continue;
		}
		text[len++] = *m->s++;
	}
	m->s++;
	while (!at_end(m) && is_blank(*m->s))
		m->s++;
	m->wrong = !at_end(m) && *m->s != ',';
	show_field(m, text, len);
}

static void
take_field(struct model *m)
{
	const char *from = m->s;

	while (!at_end(m) && is_blank(*m->s))
		m->s++;
	if (m->s < m->end && *m->s == '"') {
		m->s++;
		take_quoted(m);
		return;
	}
	for (; !at_end(m) && *m->s != ','; m->s++)
		m->wrong |= *m->s == '"';
	show_field(m, from, (size_t)(m->s - from));
}

/* A record, from its first byte to the first of the next one. */
static void
take_record(struct model *m, struct buf *out)
{
	const char *from = m->s;
	uint64_t line = m->line;
	bool blank = true;

	buf_reset(&m->fields);
	m->wrong = false;
	take_field(m);
	while (!m->wrong && m->s < m->end && *m->s == ',') {
		m->s++;
		take_field(m);
	}
	while (!at_end(m))
		m->s++;
	for (; from < m->s; from++)
		blank &= is_blank(*from);
	pass_line_end(m);
	if (blank)
		return;
	buf_printf(out, "%" PRIu64 ":", line);
	if (m->wrong)
		buf_str(out, "quote");
	else
		buf_add(out, m->fields.data, m->fields.len);
	buf_char(out, '\n');
}

static void
model_feed(struct buf *out, const struct text *t)
{
	struct model m = { .s = t->bytes, .end = t->bytes + t->len, .line = 1 };

	buf_init(&m.fields, SHOWN);
	if (t->len >= 3 && memcmp(t->bytes, "\xef\xbb\xbf", 3) == 0)
		m.s += 3;
	while (m.s < m.end)
		take_record(&m, out);
	buf_release(&m.fields);
}

static void
add(struct text *t, const char *s)
{
	size_t len = strlen(s);

	if (t->len + len > TEXT_MAX)
		return;
	memcpy(t->bytes + t->len, s, len);
	t->len += len;
}

/* Anything, with much of what matters. */
static void
make_wild(struct dice *dice, struct text *t)
{
	static const char *const pieces[] = { "a", "b", ",", ",", "\"", "\"",
		"\"\"", "\n", "\r\n", "\r", " ", "\t", "\",\"", ",\"", "\",",
		"\xc3\xa9" };
	int64_t n = dice_between(dice, 0, 40);

	while (n-- > 0) {
		add(t, pieces[dice_between(dice, 0, COUNT(pieces) - 1)]);
		if (dice_one_in(dice, 60) && t->len < TEXT_MAX)
			t->bytes[t->len++] = '\0';
	}
}

/* A file as a program writes it, now and then with a slip. */
static void
make_tame(struct dice *dice, struct text *t)
{
	static const char *const fields[] = { "a", "", "12:00:00", " b ", "c d",
		"\"x,y\"", "\"x\"\"y\"", "\"\"", "\"l\nm\"", "\"l\r\nm\"",
		" \"q\" ", "\xc3\xa9" };
	static const char *const ends[] = { "\n", "\r\n", "\r" };
	const char *end = ends[dice_between(dice, 0, 2)];
	int64_t rows = dice_between(dice, 1, 8), columns, i;

	while (rows-- > 0) {
		columns = dice_between(dice, 1, 4);
		for (i = 0; i < columns; i++) {
			add(t, i > 0 ? "," : "");
			add(t,
			    fields[dice_between(dice, 0, COUNT(fields) - 1)]);
		}
		if (dice_one_in(dice, 30))
			add(t, "\"");
		if (rows > 0 || dice_one_in(dice, 2))
			add(t, end);
	}
}

static void
test_model(void **state)
{
	static const size_t pieces[] = { SIZE_MAX, 1, 0, 0, 2, 3 };
	struct dice dice = { 29 };
	int round;
	size_t p;

	(void)state;
	for (round = 0; round < 4000; round++) {
		struct buf wanted, out;
		struct text t = { .len = 0 };

		if (dice_one_in(&dice, 10))
			add(&t, "\xef\xbb\xbf");
		if (round % 2 == 0)
			make_wild(&dice, &t);
		else
			make_tame(&dice, &t);
		buf_init(&wanted, SHOWN);
		buf_init(&out, SHOWN);
		model_feed(&wanted, &t);
		for (p = 0; p < COUNT(pieces); p++) {
			buf_reset(&out);
			csv_feed(&out, t.bytes, t.len, pieces[p], &dice);
			if (out.len != wanted.len ||
			    (out.len > 0 &&
				memcmp(out.data, wanted.data, out.len) != 0))
				fail_msg("%.*s\nis\n%s\nnot\n%s", (int)t.len,
				    t.bytes, buf_text(&out), buf_text(&wanted));
		}
		buf_release(&wanted);
		buf_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
