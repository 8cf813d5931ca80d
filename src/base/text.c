/*
 * Checks of text.  Ids are mostly short ASCII, so each check first runs over
 * plain printable bytes and decodes only when it meets something else.
 */
#include "base/text.h"

#include <stdint.h>
#include <string.h>

/*
 * Decodes the character at s; returns its length, 0 if it is not valid.  The
 * smallest value of each length is what refuses overlong forms.
 */
static size_t
decode(const unsigned char *s, size_t len, uint32_t *out)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t need, i;
	uint32_t value;

	if (s[0] < 0x80) {
		*out = s[0];
		return 1;
	}
	if (s[0] >= 0xf8 || s[0] < 0xc0)
		return 0;
	need = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (need > len)
		return 0;
	value = s[0] & (0x7fu >> need);
	for (i = 1; i < need; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (s[i] & 0x3fu);
	}
	if (value < smallest[need] || value > 0x10ffff ||
	    (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*out = value;
	return need;
}

static bool
is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f);
}

static bool
turns_direction(uint32_t c)
{
	return c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
	    (c >= 0x2066 && c <= 0x2069);
}

/* True if eight bytes are all printable ASCII. */
static bool
is_plain(const unsigned char *s)
{
	const uint64_t each = UINT64_C(0x0101010101010101);
	uint64_t x, below, del;

	memcpy(&x, s, sizeof(x));
	/* The top bit of a byte below 0x20, and of one that is 0x7f. */
	below = (x - each * 0x20) & ~x;
	del = (x ^ each * 0x7f) - each;
	return ((x | below | (del & ~(x ^ each * 0x7f))) & each * 0x80) == 0;
}

static bool
is_clean(const char *text, size_t len, bool directions)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t i = 0, step;
	uint32_t c;

	while (i < len) {
		if (len - i >= 8 && is_plain(s + i)) {
			i += 8;
			continue;
		}
		if (s[i] >= 0x20 && s[i] < 0x7f) {
			i++;
			continue;
		}
		step = decode(s + i, len - i, &c);
		if (step == 0 || is_control(c))
			return false;
		if (!directions && turns_direction(c))
			return false;
		i += step;
	}
	return true;
}

bool
text_is_clean(const char *s, size_t len)
{
	return is_clean(s, len, true);
}

bool
text_is_store_id(const char *s, size_t len)
{
	if (len < 1 || len > STORE_ID_MAX)
		return false;
	if (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@')
		return false;
	return is_clean(s, len, false);
}

bool
text_is_job_id(const char *s)
{
	size_t i;

	for (i = 0; i < JOB_ID_LEN; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		bool hex = (s[i] >= '0' && s[i] <= '9') ||
		    (s[i] >= 'a' && s[i] <= 'f');

		if (dash ? s[i] != '-' : !hex)
			return false;
	}
	return s[JOB_ID_LEN] == '\0';
}

bool
text_same_word(const char *s, size_t len, const char *word)
{
	size_t i;

	for (i = 0; i < len; i++) {
		char a = s[i], b = word[i];

		if (a >= 'A' && a <= 'Z')
			a = (char)(a + 32);
		if (b >= 'A' && b <= 'Z')
			b = (char)(b + 32);
		/* A NUL in word differs from whatever s goes on with. */
		if (a != b || b == '\0')
			return false;
	}
	return word[len] == '\0';
}

void
text_trim(const char **s, size_t *len)
{
	while (*len > 0 && (**s == ' ' || **s == '\t')) {
		(*s)++;
		(*len)--;
	}
	while (*len > 0 && ((*s)[*len - 1] == ' ' || (*s)[*len - 1] == '\t'))
		(*len)--;
}

char *
text_for_log(const char *s, size_t len, char *out, size_t size)
{
	static const char hex[] = "0123456789abcdef";
	size_t i, used = 0;

	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];
		bool plain = c >= 0x20 && c < 0x7f && c != '\\';

		if (used + (plain ? 1 : 4) >= size)
			break;
		if (plain) {
			out[used++] = (char)c;
			continue;
		}
		out[used++] = '\\';
		out[used++] = 'x';
		out[used++] = hex[c >> 4];
		out[used++] = hex[c & 15];
	}
	out[used] = '\0';
	return out;
}
