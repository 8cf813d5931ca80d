/*
 * Escaping.  Texts are mostly plain, so each function looks for the next byte
 * that needs care and copies the run before it at once.
 */
#include "codec/escape.h"

#include "base/text.h"

#include <stdbool.h>
#include <string.h>

static bool
json_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* Appends one ASCII character that JSON cannot hold as it is. */
static void
json_escape(struct buf *out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *known = c == '\0' ? NULL : strchr(from, c);

	buf_char(out, '\\');
	if (known != NULL) {
		buf_char(out, to[known - from]);
		return;
	}
	buf_str(out, "u00");
	buf_char(out, hex[c >> 4]);
	buf_char(out, hex[c & 15]);
}

/* Appends the run of bytes above ASCII at s; returns its length. */
static size_t
json_high(struct buf *out, const char *s, size_t len)
{
	size_t n = 1;

	while (n < len && (unsigned char)s[n] >= 0x80)
		n++;
	if (text_is_clean(s, n))
		buf_add(out, s, n);
	else
		buf_str(out, "\\ufffd");
	return n;
}

void
json_text(struct buf *out, const char *s, size_t len)
{
	size_t i = 0, start;

	buf_char(out, '"');
	while (i < len) {
		start = i;
		while (i < len && json_plain((unsigned char)s[i]))
			i++;
		buf_add(out, s + start, i - start);
		if (i == len)
			break;
		if ((unsigned char)s[i] >= 0x80)
			i += json_high(out, s + i, len - i);
		else
			json_escape(out, (unsigned char)s[i++]);
	}
	buf_char(out, '"');
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
csv_needs_quotes(const char *s, size_t len)
{
	size_t i;

	if (len == 0)
		return false;
	if (is_blank(s[0]) || is_blank(s[len - 1]))
		return true;
	for (i = 0; i < len; i++) {
		if (s[i] == ',' || s[i] == '"' || s[i] == '\n' || s[i] == '\r')
			return true;
	}
	return false;
}

void
csv_field(struct buf *out, const char *s, size_t len)
{
	size_t i;

	if (!csv_needs_quotes(s, len)) {
		buf_add(out, s, len);
		return;
	}
	buf_char(out, '"');
	for (i = 0; i < len; i++) {
		if (s[i] == '"')
			buf_char(out, '"');
		buf_char(out, s[i]);
	}
	buf_char(out, '"');
}

/* What stands for the byte c in HTML; NULL if it stands for itself. */
static const char *
html_entity(unsigned char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	case '\t':
	case '\n':
		return NULL;
	default:
		return c < 0x20 || c == 0x7f ? "" : NULL;
	}
}

void
html_text(struct buf *out, const char *s, size_t len)
{
	size_t i, start = 0;

	for (i = 0; i < len; i++) {
		const char *entity = html_entity((unsigned char)s[i]);

		if (entity == NULL)
			continue;
		buf_add(out, s + start, i - start);
		buf_str(out, entity);
		start = i + 1;
	}
	buf_add(out, s + start, len - start);
}

void
header_value(struct buf *out, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (s[i] < 0x20 || s[i] > 0x7e) {
			if (out->err == ERR_NONE)
				out->err = ERR_INPUT;
			return;
		}
	}
	buf_add(out, s, len);
}
