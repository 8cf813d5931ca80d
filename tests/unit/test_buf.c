/* Buffers: growth, the ceiling, and the error that sticks. */
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../lib/check.h"

static void
test_empty(void **state)
{
	struct buf zero = { 0 }, b;

	(void)state;
	buf_release(&zero);
	buf_init(&b, 10);
	assert_string_equal(buf_text(&b), "");
	assert_int_equal(buf_err(&b), ERR_NONE);
	assert_null(b.data);
	buf_add(&b, NULL, 0);
	assert_string_equal(buf_text(&b), "");
	assert_int_equal(buf_err(&b), ERR_NONE);
	buf_release(&b);
	buf_release(&b);
}

static void
test_pieces(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	buf_str(&b, "one");
	buf_char(&b, ',');
	buf_printf(&b, "%d,%s", 2, "three");
	buf_add(&b, "\0x", 2);
	assert_int_equal(buf_err(&b), ERR_NONE);
	assert_int_equal(b.len, 13);
	assert_memory_equal(b.data, "one,2,three\0x", 14);
	buf_release(&b);
}

/* Over each doubling of the memory, a byte or many at a time. */
static void
test_growth(void **state)
{
	static const size_t steps[] = { 1, 7, 255, 256, 257, 4096 };
	char piece[4096];
	size_t s, i;

	(void)state;
	for (i = 0; i < sizeof(piece); i++)
		piece[i] = (char)('a' + i % 26);
	for (s = 0; s < COUNT(steps); s++) {
		struct buf b;

		buf_init(&b, 20000);
		while (b.len + steps[s] <= 20000) {
			buf_add(&b, piece, steps[s]);
			assert_int_equal(buf_err(&b), ERR_NONE);
			assert_int_equal(buf_text(&b)[b.len], '\0');
		}
		for (i = 0; i < b.len; i++)
			assert_int_equal(b.data[i], piece[i % steps[s]]);
		buf_release(&b);
	}
}

static const struct {
	const char *name;
	size_t max;
	size_t first;
	size_t second;
	size_t len;
	enum err err;
} ceilings[] = {
	{ "below", 10, 4, 5, 9, ERR_NONE },
	{ "at", 10, 4, 6, 10, ERR_NONE },
	{ "above", 10, 4, 7, 4, ERR_TOO_LARGE },
	{ "at once below", 300, 299, 0, 299, ERR_NONE },
	{ "at once at", 300, 300, 0, 300, ERR_NONE },
	{ "at once above", 300, 301, 0, 0, ERR_TOO_LARGE },
	{ "one more byte", 10, 10, 1, 10, ERR_TOO_LARGE },
	{ "nothing more", 10, 10, 0, 10, ERR_NONE },
	{ "no room at all", 0, 1, 0, 0, ERR_TOO_LARGE },
	{ "a size that wraps", 10, 4, SIZE_MAX - 2, 4, ERR_TOO_LARGE },
};

static void
test_ceiling(void **state)
{
	char piece[301];
	size_t i;

	(void)state;
	memset(piece, 'x', sizeof(piece));
	for (i = 0; i < COUNT(ceilings); i++) {
		struct buf b;

		buf_init(&b, ceilings[i].max);
		buf_add(&b, piece, ceilings[i].first);
		buf_add(&b, piece, ceilings[i].second);
		check_number(ceilings[i].name, buf_err(&b), ceilings[i].err);
		check_number(ceilings[i].name, b.len, ceilings[i].len);
		check_number(ceilings[i].name, strlen(buf_text(&b)), b.len);
		buf_release(&b);
	}
}

static void
test_sticky(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4);
	buf_str(&b, "abc");
	buf_str(&b, "de");
	buf_char(&b, 'f');
	buf_printf(&b, "g");
	assert_null(buf_room(&b, 0));
	assert_int_equal(buf_err(&b), ERR_TOO_LARGE);
	assert_string_equal(buf_text(&b), "abc");
	buf_reset(&b);
	assert_int_equal(buf_err(&b), ERR_NONE);
	assert_string_equal(buf_text(&b), "");
	buf_str(&b, "wxyz");
	assert_int_equal(buf_err(&b), ERR_NONE);
	assert_string_equal(buf_text(&b), "wxyz");
	buf_release(&b);
}

static void
test_printf_ceiling(void **state)
{
	static const struct {
		int width;
		enum err err;
	} cases[] = { { 9, ERR_NONE }, { 10, ERR_NONE },
		{ 11, ERR_TOO_LARGE } };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct buf b;

		buf_init(&b, 10);
		buf_printf(&b, "%*d", cases[i].width, 7);
		assert_int_equal(buf_err(&b), cases[i].err);
		assert_int_equal(b.len,
		    cases[i].err == ERR_NONE ? cases[i].width : 0);
		buf_release(&b);
	}
}

static void
test_room(void **state)
{
	struct buf b;
	char *to;

	(void)state;
	buf_init(&b, 5000);
	buf_str(&b, "head");
	to = buf_room(&b, 4996);
	assert_non_null(to);
	assert_ptr_equal(to, b.data + 4);
	memset(to, 'y', 4996);
	b.len += 4996;
	assert_null(buf_room(&b, 1));
	assert_int_equal(buf_err(&b), ERR_TOO_LARGE);
	assert_memory_equal(b.data, "heady", 5);
	buf_release(&b);
}

/* What was released may be used again, under the same ceiling. */
static void
test_again(void **state)
{
	struct buf b;
	char *data;

	(void)state;
	buf_init(&b, 3);
	buf_str(&b, "abcd");
	buf_release(&b);
	assert_int_equal(buf_err(&b), ERR_NONE);
	buf_str(&b, "abc");
	assert_string_equal(buf_text(&b), "abc");
	data = b.data;
	buf_reset(&b);
	assert_ptr_equal(b.data, data);
	buf_str(&b, "abcd");
	assert_int_equal(buf_err(&b), ERR_TOO_LARGE);
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_sticky),
		cmocka_unit_test(test_printf_ceiling),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
