/*
 * URL forms: the pairs are those of a slow reader, decoding gives what
 * encoding began with, and never more bytes than were sent.
 */
#include "fuzz.h"

#include "base/text.h"
#include "codec/form.h"

#define SHOWN ((size_t)8 << 20)

static int
hex(char c)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *at = c == '\0' ? NULL : strchr(digits, c);
	int value = at == NULL ? -1 : (int)(at - digits);

	return value > 15 ? value - 6 : value;
}

/* Decodes byte by byte; false if a '%' stands wrong. */
static bool
decode_slowly(struct buf *out, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (s[i] != '%') {
			buf_char(out, s[i] == '+' ? ' ' : s[i]);
			continue;
		}
		if (i + 2 >= len || hex(s[i + 1]) < 0 || hex(s[i + 2]) < 0)
			return false;
		buf_char(out, (char)(hex(s[i + 1]) << 4 | hex(s[i + 2])));
		i += 2;
	}
	return true;
}

/* Every byte as %HH, which stands for any of them. */
static void
encode(struct buf *out, const struct buf *text)
{
	size_t i;

	for (i = 0; i < text->len; i++)
		buf_printf(out, "%%%02X", (unsigned char)text->data[i]);
}

static void
check_same(const struct buf *a, const struct buf *b)
{
	assert_int_equal(a->len, b->len);
	assert_true(a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

static void
check_decoded(const char *s, size_t len)
{
	struct buf out, wanted, again;
	bool good;

	buf_init(&out, SHOWN);
	buf_init(&wanted, SHOWN);
	buf_init(&again, SHOWN);
	/* What is there already stays, and is not looked at. */
	buf_char(&out, '\x01');
	good = form_decode(&out, s, len);
	assert_int_equal(buf_err(&out), ERR_NONE);
	assert_true(out.len <= len + 1 && out.data[0] == '\x01');
	buf_char(&wanted, '\x01');
	assert_int_equal(good,
	    decode_slowly(&wanted, s, len) &&
		text_is_clean(wanted.data + 1, wanted.len - 1));
	if (good) {
		check_same(&out, &wanted);
		buf_reset(&wanted);
		buf_add(&wanted, out.data + 1, out.len - 1);
		encode(&again, &wanted);
		buf_reset(&out);
		assert_true(form_decode(&out, buf_text(&again), again.len));
		check_same(&out, &wanted);
	}
	buf_release(&out);
	buf_release(&wanted);
	buf_release(&again);
}

/* The pair's bytes, and what follows it, are where they should be. */
static const char *
check_pair(const struct form_pair *pair, const char *s, const char *end)
{
	const char *stop;

	while (s < end && *s == '&')
		s++;
	assert_true(s < end && pair->name == s);
	stop = s;
	while (stop < end && *stop != '&')
		stop++;
	assert_true(pair->value + pair->value_len == stop);
	assert_true(memchr(s, '=', pair->name_len) == NULL);
	if (pair->name + pair->name_len == stop)
		assert_true(pair->value_len == 0);
	else
		assert_true(pair->name[pair->name_len] == '=' &&
		    pair->value == pair->name + pair->name_len + 1);
	return stop;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_copy(data, size, false);
	const char *s = text, *at = text, *end = text + size;
	struct form_pair pair;
	size_t len = size;

	while (form_next(&s, &len, &pair)) {
		at = check_pair(&pair, at, end);
		assert_true(s == at && len == (size_t)(end - at));
		check_decoded(pair.name, pair.name_len);
		check_decoded(pair.value, pair.value_len);
	}
	assert_true(len == 0);
	for (; at < end; at++)
		assert_true(*at == '&');
	free(text);
	return 0;
}
