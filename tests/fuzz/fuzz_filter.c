/*
 * Store filters as they lie in jobs.db: a text is a list of ids or refused,
 * and ids written as a filter come back in byte order, each once.
 */
#include "fuzz.h"

#include "work/question.h"

/* Hashes are of the question alone, and tell two filters apart. */
static void
check_hash(const char *filter)
{
	struct data_revision revision = { .number = 1 };
	struct question q = { .revision = &revision,
		.tzdata = "2025b",
		.stores = filter };
	char with[JOBS_HASH], again[JOBS_HASH], without[JOBS_HASH];

	assert_int_equal(question_hash(&q, with), ERR_NONE);
	assert_int_equal(question_hash(&q, again), ERR_NONE);
	assert_int_equal(strcmp(with, again), 0);
	assert_int_equal(strlen(with), JOBS_HASH - 1);
	q.stores = NULL;
	assert_int_equal(question_hash(&q, without), ERR_NONE);
	assert_true(strcmp(with, without) != 0);
}

static void
check_written(const struct question_filter *f)
{
	struct question_filter back;
	char *text, *again;
	size_t i;

	assert_int_equal(question_stores(f->ids, f->count, &text), ERR_NONE);
	assert_int_equal(question_filter_read(&back, text), ERR_NONE);
	assert_true(back.count <= f->count);
	assert_true((back.count == 0) == (f->count == 0));
	for (i = 1; i < back.count; i++)
		assert_true(strcmp(back.ids[i - 1], back.ids[i]) < 0);
	assert_int_equal(question_stores(back.ids, back.count, &again),
	    ERR_NONE);
	assert_int_equal(strcmp(text, again), 0);
	check_hash(text);
	question_filter_release(&back);
	free(text);
	free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_copy(data, size, true);
	struct question_filter f;
	enum err err = question_filter_read(&f, text);

	if (err == ERR_NONE) {
		check_written(&f);
	} else {
		assert_int_equal(err, ERR_CORRUPT);
		assert_true(f.array == NULL && f.ids == NULL && f.count == 0);
	}
	question_filter_release(&f);
	free(text);
	return 0;
}
