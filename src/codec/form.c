/*
 * Reading of URL forms.  Pairs are split off first and decoded apart, so that
 * an escaped '&' or '=' is never taken for a separator.
 */
#include "codec/form.h"

#include "base/text.h"

#include <string.h>

bool
form_next(const char **s, size_t *len, struct form_pair *pair)
{
	const char *end, *equals;
	size_t n;

	while (*len > 0 && **s == '&') {
		(*s)++;
		(*len)--;
	}
	if (*len == 0)
		return false;
	end = memchr(*s, '&', *len);
	n = end == NULL ? *len : (size_t)(end - *s);
	equals = memchr(*s, '=', n);
	pair->name = *s;
	pair->name_len = equals == NULL ? n : (size_t)(equals - *s);
	pair->value = equals == NULL ? *s + n : equals + 1;
	pair->value_len = (size_t)(*s + n - pair->value);
	*s += n;
	*len -= n;
	return true;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Appends the byte that the len bytes at s, from a '%' on, stand for. */
static bool
decode_percent(struct buf *out, const char *s, size_t len)
{
	int high = len < 3 ? -1 : hex_digit(s[1]);
	int low = len < 3 ? -1 : hex_digit(s[2]);

	if (high < 0 || low < 0)
		return false;
	buf_char(out, (char)(high * 16 + low));
	return true;
}

bool
form_decode(struct buf *out, const char *s, size_t len)
{
	size_t start = out->len, i = 0, plain;

	while (i < len) {
		plain = i;
		while (i < len && s[i] != '%' && s[i] != '+')
			i++;
		buf_add(out, s + plain, i - plain);
		if (i == len)
			break;
		if (s[i] == '+') {
			buf_char(out, ' ');
			i++;
			continue;
		}
		if (!decode_percent(out, s + i, len - i))
			return false;
		i += 3;
	}
	return text_is_clean(buf_text(out) + start, out->len - start);
}
