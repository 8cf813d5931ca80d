/* A store's line of letters and digits. */
#include "work/strips.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "../lib/check.h"
#include "../lib/dice.h"

static void
set(struct cells_set *cells, size_t cell)
{
	cells->word[cell / 64] |= UINT64_C(1) << cell % 64;
}

/* Every mixture of a cell's times: 1 for up, 2 for down, 4 for unknown. */
static void
test_letters(void **state)
{
	static const char letters[] = ".udm??xx";
	struct cells_marks marks = { 0 };
	char wanted[STRIPS_LINE + 1];
	struct buf out;
	size_t i;

	(void)state;
	for (i = 0; i < CELLS; i++) {
		size_t mixture = (i * 5 + i / 8) % 8;

		if ((mixture & 1) != 0)
			set(&marks.status[STATUS_UP], i);
		if ((mixture & 2) != 0)
			set(&marks.status[STATUS_DOWN], i);
		if ((mixture & 4) != 0)
			set(&marks.status[STATUS_UNKNOWN], i);
		wanted[i] = letters[mixture];
	}
	(void)snprintf(wanted + CELLS, sizeof(wanted) - CELLS, " %042d\n", 0);
	buf_init(&out, 4096);
	strips_row(&out, &marks);
	assert_int_equal(out.len, STRIPS_LINE);
	assert_string_equal(buf_text(&out), wanted);
	buf_release(&out);
}

/* The digits of a set of local hours. */
static const char *
digits(struct buf *out, const struct cells_set *lost)
{
	struct cells_marks marks = { .lost = *lost };

	buf_reset(out);
	strips_row(out, &marks);
	assert_int_equal(out->len, STRIPS_LINE);
	assert_int_equal(out->data[CELLS], ' ');
	assert_int_equal(out->data[STRIPS_LINE - 1], '\n');
	return out->data + CELLS + 1;
}

/* Each local hour by itself is one bit, the highest of its digit first. */
static void
test_digits(void **state)
{
	struct dice dice = { 67 };
	struct buf out;
	size_t i, k;

	(void)state;
	buf_init(&out, 4096);
	for (i = 0; i < CELLS; i++) {
		struct cells_set lost = { { 0 } };
		const char *text;

		set(&lost, i);
		text = digits(&out, &lost);
		for (k = 0; k < CELLS / 4; k++)
			assert_int_equal(text[k],
			    k == i / 4 ? "8421"[i % 4] : '0');
	}
	for (i = 0; i < 100; i++) {
		struct cells_set lost = { { 0 } };
		unsigned wanted[CELLS / 4] = { 0 };
		const char *text;

		for (k = 0; k < CELLS; k++) {
			if (dice_one_in(&dice, 2))
				continue;
			set(&lost, k);
			wanted[k / 4] |= 8U >> k % 4;
		}
		text = digits(&out, &lost);
		for (k = 0; k < CELLS / 4; k++)
			assert_int_equal(text[k],
			    "0123456789abcdef"[wanted[k]]);
	}
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_letters),
		cmocka_unit_test(test_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
