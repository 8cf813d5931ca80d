/*
 * A heap with the store on top that goes first.  Two stores are never equal:
 * their ranks differ, so what stays does not depend on the order in which
 * they come.
 */
#include "work/worst.h"

#include <stdlib.h>

struct entry {
	int64_t lost_us;
	size_t rank;
};

struct worst {
	size_t max;
	size_t count;
	struct entry heap[]; /* room for max */
};

enum err
worst_new(size_t max, struct worst **out)
{
	struct worst *w = calloc(1, sizeof(*w) + max * sizeof(w->heap[0]));

	if (w == NULL)
		return ERR_NO_MEMORY;
	w->max = max;
	*out = w;
	return ERR_NONE;
}

void
worst_free(struct worst *w)
{
	free(w);
}

static bool
goes_before(const struct entry *a, const struct entry *b)
{
	return a->lost_us != b->lost_us ? a->lost_us < b->lost_us
					: a->rank > b->rank;
}

/* Lets the one at i rise to its place. */
static void
rise(struct worst *w, size_t i)
{
	struct entry one = w->heap[i];

	while (i > 0 && goes_before(&one, &w->heap[(i - 1) / 2])) {
		w->heap[i] = w->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	w->heap[i] = one;
}

/* Lets the one on top sink to its place. */
static void
sink(struct worst *w)
{
	struct entry one = w->heap[0];
	size_t i = 0, child;

	for (child = 1; child < w->count; child = 2 * i + 1) {
		if (child + 1 < w->count &&
		    goes_before(&w->heap[child + 1], &w->heap[child]))
			child++;
		if (!goes_before(&w->heap[child], &one))
			break;
		w->heap[i] = w->heap[child];
		i = child;
	}
	w->heap[i] = one;
}

void
worst_add(struct worst *w, size_t rank, int64_t lost_us)
{
	const struct entry one = { lost_us, rank };

	if (w->count < w->max) {
		w->heap[w->count] = one;
		rise(w, w->count++);
	} else if (goes_before(&w->heap[0], &one)) {
		w->heap[0] = one;
		sink(w);
	}
}

size_t
worst_count(const struct worst *w)
{
	return w->count;
}

static int
by_rank(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	return (a->rank > b->rank) - (a->rank < b->rank);
}

void
worst_sort(struct worst *w)
{
	qsort(w->heap, w->count, sizeof(w->heap[0]), by_rank);
}

bool
worst_has(const struct worst *w, size_t rank)
{
	const struct entry one = { 0, rank };

	return bsearch(&one, w->heap, w->count, sizeof(w->heap[0]), by_rank) !=
	    NULL;
}
