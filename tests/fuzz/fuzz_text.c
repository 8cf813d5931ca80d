/*
 * Text from outside on its way out: what is clean is what a slow decoder of
 * UTF-8 says; JSON, HTML, headers and log lines hold nothing that would end
 * or change them, and JSON read back is the text.
 */
#include "fuzz.h"

#include "base/text.h"
#include "codec/escape.h"

#include <jansson.h>

#define SHOWN ((size_t)8 << 20)

/* The code point at *s, moved on; -1 if there is none (RFC 3629, 3). */
static int32_t
take_point(const unsigned char **s, const unsigned char *end)
{
	static const struct {
		unsigned char mask, bits;
		int more;
		int32_t least;
	} kinds[] = {
		{ 0x80, 0x00, 0, 0 },
		{ 0xe0, 0xc0, 1, 0x80 },
		{ 0xf0, 0xe0, 2, 0x800 },
		{ 0xf8, 0xf0, 3, 0x10000 },
	};
	size_t k = 0;
	int32_t point;
	int i;

	while (k < 4 && (**s & kinds[k].mask) != kinds[k].bits)
		k++;
	if (k == 4 || end - *s <= kinds[k].more)
		return -1;
	point = *(*s)++ & ~kinds[k].mask;
	for (i = 0; i < kinds[k].more; i++, (*s)++) {
		if ((**s & 0xc0) != 0x80)
			return -1;
		point = point << 6 | (**s & 0x3f);
	}
	return point < kinds[k].least || point > 0x10ffff ||
		(point >= 0xd800 && point <= 0xdfff)
	    ? -1
	    : point;
}

/* True if all of it decodes to code points that `fits` likes. */
static bool
all_points(const char *text, size_t len, bool (*fits)(int32_t point))
{
	const unsigned char *s = (const unsigned char *)text, *end = s + len;

	while (s < end) {
		int32_t point = take_point(&s, end);

		if (point < 0 || !fits(point))
			return false;
	}
	return true;
}

static bool
is_clean_point(int32_t point)
{
	return point >= 0x20 && !(point >= 0x7f && point <= 0x9f);
}

static bool
is_id_point(int32_t point)
{
	return is_clean_point(point) && point != 0x200e && point != 0x200f &&
	    !(point >= 0x202a && point <= 0x202e) &&
	    !(point >= 0x2066 && point <= 0x2069);
}

static void
check_kinds(const char *text, size_t len)
{
	bool clean = all_points(text, len, is_clean_point);

	assert_int_equal(text_is_clean(text, len), clean);
	assert_int_equal(text_is_store_id(text, len),
	    len >= 1 && len <= STORE_ID_MAX &&
		strchr("=+-@", text[0]) == NULL &&
		all_points(text, len, is_id_point));
}

/* A JSON string that a strict reader takes; the text itself where clean. */
static void
check_json(const char *text, size_t len)
{
	struct buf out;
	json_t *value;

	buf_init(&out, SHOWN);
	json_text(&out, text, len);
	assert_int_equal(buf_err(&out), ERR_NONE);
	value = json_loadb(out.data, out.len, JSON_DECODE_ANY | JSON_ALLOW_NUL,
	    NULL);
	assert_true(json_is_string(value));
	if (text_is_clean(text, len)) {
		assert_int_equal(json_string_length(value), len);
		assert_memory_equal(json_string_value(value), text, len);
	}
	json_decref(value);
	buf_release(&out);
}

static void
check_html(const char *text, size_t len)
{
	struct buf out;
	size_t i;

	buf_init(&out, SHOWN);
	html_text(&out, text, len);
	assert_int_equal(buf_err(&out), ERR_NONE);
	for (i = 0; i < out.len; i++)
		assert_true(out.data[i] == '&'
			? strchr(out.data + i, ';') != NULL
			: out.data[i] != '\0' &&
			    strchr("<>\"'", out.data[i]) == NULL);
	buf_release(&out);
}

static void
check_header(const char *text, size_t len)
{
	bool good = true;
	struct buf out;
	size_t i;

	for (i = 0; i < len; i++)
		good &= text[i] >= ' ' && text[i] <= '~';
	buf_init(&out, SHOWN);
	header_value(&out, text, len);
	assert_int_equal(buf_err(&out), good ? ERR_NONE : ERR_INPUT);
	assert_int_equal(out.len, good ? len : 0);
	buf_release(&out);
}

/* Cut anywhere, a log line's text is printable and never half an escape. */
static void
check_log(const char *text, size_t len)
{
	char whole[256], cut[16], *p;

	assert_true(text_for_log(text, len, whole, sizeof(whole)) == whole);
	for (p = whole; *p != '\0'; p++)
		assert_true(*p >= ' ' && *p <= '~');
	(void)text_for_log(text, len, cut, sizeof(cut));
	assert_int_equal(strncmp(whole, cut, strlen(cut)), 0);
	p = strrchr(cut, '\\');
	assert_true(p == NULL || strlen(p) >= 4);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_copy(data, size, false);

	check_kinds(text, size);
	check_json(text, size);
	check_html(text, size);
	check_header(text, size);
	check_log(text, size);
	free(text);
	return 0;
}
