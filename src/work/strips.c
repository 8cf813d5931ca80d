/* From sets of cells to characters, four cells or one at a time. */
#include "work/strips.h"

/* By what is in a cell: 1 for up, 2 for down, 4 for unknown. */
static const char letters[] = ".udm??xx";

/* Hex digits of four bits in the opposite order. */
static const char mirrored[] = "084c2a6e195d3b7f";

/* Writes the letters of one word of cells; returns where the next go. */
static char *
put_letters(char *to, const struct cells_set set[STATUS__MAX], size_t word)
{
	uint64_t up = set[STATUS_UP].word[word];
	uint64_t down = set[STATUS_DOWN].word[word];
	uint64_t unknown = set[STATUS_UNKNOWN].word[word];
	size_t i;

	for (i = 64 * word; i < CELLS && i < 64 * word + 64; i++) {
		*to++ = letters[(up & 1) | (down & 1) << 1 |
		    (unknown & 1) << 2];
		up >>= 1;
		down >>= 1;
		unknown >>= 1;
	}
	return to;
}

void
strips_row(struct buf *out, const struct cells_marks *marks)
{
	char *to = buf_room(out, STRIPS_LINE);
	size_t i;

	if (to == NULL)
		return;
	for (i = 0; i < CELLS_WORDS; i++)
		to = put_letters(to, marks->status, i);
	*to++ = ' ';
	for (i = 0; i < CELLS; i += 4)
		*to++ = mirrored[marks->lost.word[i / 64] >> i % 64 & 15];
	out->len += STRIPS_LINE - 1;
	buf_char(out, '\n');
}
