/* Sets of hours: sorted lists without repetitions. */
#include "store/hours_list.h"

#include "codec/pack.h"
#include "sys/log.h"

#include <stdlib.h>

enum err
hours_list_add(struct hours_list *l, const struct schedule_week_row *row)
{
	if (l->n == HOURS_LIST_MAX) {
		log_error("a store has over %zu rows of hours", HOURS_LIST_MAX);
		return ERR_TOO_LARGE;
	}
	if (l->n == l->cap) {
		size_t cap = l->cap == 0 ? 32 : l->cap * 2;
		void *more = realloc(l->list, cap * sizeof(*l->list));

		if (more == NULL)
			return ERR_NO_MEMORY;
		l->list = more;
		l->cap = cap;
	}
	l->list[l->n++] = *row;
	return ERR_NONE;
}

enum err
hours_list_read(struct hours_list *l, const void *blob, size_t len)
{
	struct schedule_week_row none = { 0, { 0, 0 } };
	size_t n, was = l->n;
	enum err err = ERR_NONE;

	while (err == ERR_NONE && l->cap < was + len / 3 + 1) {
		l->n = l->cap;
		err = hours_list_add(l, &none);
	}
	l->n = was;
	if (err != ERR_NONE)
		return err;
	if (!unpack_hours(blob, len, l->list + was, &n)) {
		log_error("data.db: hours of a store are damaged");
		return ERR_CORRUPT;
	}
	l->n += n;
	return ERR_NONE;
}

static int
compare(const void *left, const void *right)
{
	const struct schedule_week_row *a = left, *b = right;

	if (a->weekday != b->weekday)
		return a->weekday < b->weekday ? -1 : 1;
	if (a->hours.start_s != b->hours.start_s)
		return a->hours.start_s < b->hours.start_s ? -1 : 1;
	return (a->hours.end_s > b->hours.end_s) -
	    (a->hours.end_s < b->hours.end_s);
}

size_t
hours_list_make_set(struct hours_list *l)
{
	size_t i, kept = 0, again;

	if (l->n == 0)
		return 0;
	qsort(l->list, l->n, sizeof(*l->list), compare);
	for (i = 0; i < l->n; i++)
		if (kept == 0 || compare(&l->list[kept - 1], &l->list[i]) != 0)
			l->list[kept++] = l->list[i];
	again = l->n - kept;
	l->n = kept;
	return again;
}

struct hours_difference
hours_list_compare(const struct hours_list *now,
    const struct hours_list *before)
{
	struct hours_difference d = { 0, 0, 0 };
	size_t i = 0, j = 0;

	while (i < now->n || j < before->n) {
		int order = i == now->n ? 1
		    : j == before->n    ? -1
				     : compare(&now->list[i], &before->list[j]);

		d.new += order < 0;
		d.same += order == 0;
		d.removed += order > 0;
		i += order <= 0;
		j += order >= 0;
	}
	return d;
}
