/* The spool: files by id, shared, removed and visited. */
#include "work/spool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/scratch.h"

#define A "aaaaaaaa-0123-4567-89ab-0123456789ab"
#define B "bbbbbbbb-0123-4567-89ab-0123456789ab"

static char state[FILE_PATH_MAX];

static int
set_up(void **unused)
{
	char path[FILE_PATH_MAX];

	(void)unused;
	scratch_make(state);
	return mkdir(scratch_path(path, state, "spool"), 0750);
}

static int
tear_down(void **unused)
{
	(void)unused;
	scratch_remove(state);
	return 0;
}

static const char *const names[] = { ".csv", ".csv.gz", ".detail.csv",
	".detail.csv.gz", ".json", ".json.gz", ".stores.json",
	".stores.json.gz", ".strips.txt", ".strips.txt.gz" };

#define NAMES (sizeof(names) / sizeof(names[0]))

static const char *
name_of(char out[128], const char *id, const char *end)
{
	(void)snprintf(out, 128, "spool/%s%s", id, end);
	return out;
}

static void
write_all(const char *id, const char *text)
{
	char name[128];
	size_t i;

	for (i = 0; i < NAMES; i++)
		scratch_write(state, name_of(name, id, names[i]), text);
}

static size_t
count_of(const char *id)
{
	char name[128];
	size_t i, n = 0;

	for (i = 0; i < NAMES; i++)
		n += scratch_has(state, name_of(name, id, names[i]));
	return n;
}

static void
test_paths(void **unused)
{
	char path[FILE_PATH_MAX], expected[FILE_PATH_MAX];

	(void)unused;
	assert_int_equal(spool_path(path, state, A, REPORT_DETAIL), ERR_NONE);
	assert_string_equal(path,
	    scratch_path(expected, state, "spool/" A ".detail.csv"));
}

static void
test_link(void **unused)
{
	char text[32];
	size_t i;

	(void)unused;
	write_all(A, "one");
	scratch_write(state, "spool/" B ".csv", "an older result");
	assert_int_equal(spool_link(state, A, B), ERR_NONE);
	assert_int_equal(spool_sync(state), ERR_NONE);
	assert_int_equal(count_of(B), NAMES);
	assert_string_equal(scratch_read(state, "spool/" B ".csv", text,
				sizeof(text)),
	    "one");
	/* Each id goes its own way. */
	spool_remove(state, A);
	assert_int_equal(count_of(A), 0);
	assert_int_equal(count_of(B), NAMES);
	assert_true(spool_has(state, B));
	assert_false(spool_has(state, A));
	/* Only the report itself must be there. */
	for (i = 1; i < NAMES; i++) {
		char name[128], path[FILE_PATH_MAX];

		(void)unlink(scratch_path(path, state,
		    name_of(name, B, names[i])));
	}
	assert_int_equal(spool_link(state, B, A), ERR_NONE);
	assert_int_equal(count_of(A), 1);
	spool_remove(state, A);
	spool_remove(state, B);
}

static void
test_link_nothing(void **unused)
{
	(void)unused;
	scratch_write(state, "spool/" A ".json", "left over");
	assert_int_equal(spool_link(state, A, B), ERR_NOT_FOUND);
	assert_int_equal(count_of(B), 0);
	spool_remove(state, A);
	assert_int_equal(count_of(A), 0);
}

struct seen {
	int a, b, parts;
};

static enum err
see(void *ctx, const char *id, bool part)
{
	struct seen *seen = ctx;

	seen->a += strcmp(id, A) == 0;
	seen->b += strcmp(id, B) == 0;
	seen->parts += part;
	return ERR_NONE;
}

static enum err
stop(void *ctx, const char *id, bool part)
{
	(void)id;
	(void)part;
	(*(int *)ctx)++;
	return ERR_CANCELLED;
}

static void
test_visit(void **unused)
{
	struct seen seen = { 0, 0, 0 };
	int visits = 0;

	(void)unused;
	write_all(A, "one");
	scratch_write(state, "spool/" B ".csv.gz.tmp", "half");
	scratch_write(state, "spool/" B ".csv", "whole");
	scratch_write(state, "spool/README", "not ours");
	scratch_write(state, "spool/short.csv", "not ours");
	scratch_write(state, "spool/" A, "no suffix");
	scratch_write(state, "spool/AAAAAAAA-0123-4567-89ab-0123456789ab.csv",
	    "not an id");
	assert_int_equal(spool_visit(state, see, &seen), ERR_NONE);
	assert_int_equal(seen.a, NAMES);
	assert_int_equal(seen.b, 2);
	assert_int_equal(seen.parts, 1);
	assert_int_equal(spool_visit(state, stop, &visits), ERR_CANCELLED);
	assert_int_equal(visits, 1);
	/* Parts and whole files are removed apart. */
	spool_remove_parts(state, B);
	assert_true(scratch_has(state, "spool/" B ".csv"));
	assert_false(scratch_has(state, "spool/" B ".csv.gz.tmp"));
	assert_true(scratch_has(state, "spool/README"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_link),
		cmocka_unit_test(test_link_nothing),
		cmocka_unit_test(test_visit),
	};

	return cmocka_run_group_tests_name("spool", tests, set_up, tear_down);
}
