/*
 * Data sets as text: rows of CSV go in, counts and stores come out as lines,
 * so that what is to happen can stand in a table.  Include after cmocka.h.
 */
#ifndef STORE_DATA_FIXTURE_H
#define STORE_DATA_FIXTURE_H

#include "codec/csv.h"
#include "store/store.h"
#include "sys/ids.h"

#include "../lib/check.h"
#include "../lib/instant.h"
#include "../lib/scratch.h"

#include <stdlib.h>

#define TEXT_MAX ((size_t)64 * 1024 * 1024)
/* The days that are shown. */
#define SHOWN_FIRST "2022-12-01"
#define SHOWN_DAYS 100

/* How rows are brought in. */
enum {
	WHOLE = 1,  /* they are the entire data set */
	SAMPLE = 2, /* they are a demonstration's */
	ABORT = 4   /* and then it is left as it was */
};

static char state_folder[FILE_PATH_MAX];
static struct data *data;
static char last_import[JOB_ID_LEN + 1]; /* its id */

/* In memory, if there is no other wish: a commit waits for the disk. */
static inline int
data_set_up(void **unused)
{
	(void)unused;
	if (access("/dev/shm", W_OK | X_OK) == 0)
		(void)setenv("TMPDIR", "/dev/shm", 0);
	scratch_make(state_folder);
	return data_open(&data, state_folder) == ERR_NONE ? 0 : -1;
}

static inline int
data_tear_down(void **unused)
{
	(void)unused;
	data_close(data);
	data = NULL;
	scratch_remove(state_folder);
	return 0;
}

/* One test in a state folder of its own. */
#define with_data(test) \
	cmocka_unit_test_setup_teardown(test, data_set_up, data_tear_down)

static inline bool
any_zone(const void *ctx, const char *name, size_t len)
{
	(void)ctx;
	(void)name;
	return len > 0;
}

/* Puts one row, or keeps the store of one that begins with '!'. */
static inline void
put_row(struct bulk *bulk, const struct dataset_reader *r,
    const struct csv_row *csv, int *misfits)
{
	const struct csv_field *f = csv->fields;
	struct dataset_row row;
	char text[16] = "";
	bool fits;

	if (f[0].text[0] == '!') {
		if (csv->count > 1)
			(void)snprintf(text, sizeof(text), "%.*s",
			    (int)f[1].len, f[1].text);
		assert_int_equal(bulk_keep(bulk, f[0].text + 1, f[0].len - 1,
				     csv->count > 1 ? date(text) : 0),
		    ERR_NONE);
		return;
	}
	check_text(csv->raw, problem_name(dataset_row(r, csv, &row)), "");
	assert_int_equal(bulk_put(bulk, &row, &fits), ERR_NONE);
	*misfits += !fits;
}

/* Puts rows of CSV without a header; how many did not fit. */
static inline int
put_rows(struct bulk *bulk, enum dataset dataset, const char *rows)
{
	static const size_t columns[] = { 3, 4, 2, 4 };
	static struct csv_row row;
	struct dataset_reader r = { .dataset = dataset,
		.now_us = at("2023-12-31 00:00:00"),
		.is_zone = any_zone,
		.columns = columns[dataset],
		.at = { 0, 1, 2, 3 } };
	struct csv *csv;
	size_t len = strlen(rows), space;
	int misfits = 0;
	char *to;

	assert_int_equal(csv_new(&csv), ERR_NONE);
	assert_int_equal(csv_next(csv, &row), CSV_MORE);
	to = csv_space(csv, &space);
	assert_true(len <= space);
	memcpy(to, rows, len);
	csv_filled(csv, len);
	csv_end(csv);
	while (csv_next(csv, &row) == CSV_ROW)
		put_row(bulk, &r, &row, &misfits);
	csv_free(csv);
	return misfits;
}

/* Begins with these flags. */
static inline enum err
begin(struct data *into, enum dataset dataset, int flags, struct bulk **bulk)
{
	struct bulk_options options = { .dataset = dataset,
		.whole = (flags & WHOLE) != 0,
		.sample = (flags & SAMPLE) != 0 };

	return bulk_begin(into, &options, bulk);
}

/*
 * Brings rows in; out gets "NEW CHANGED SAME REMOVED" and, if there were
 * any, " !MISFITS".  Returns out.
 */
static inline const char *
load(enum dataset dataset, int flags, const char *rows, char out[96])
{
	struct bulk_counts c;
	struct bulk *bulk;
	int misfits, len;

	assert_int_equal(begin(data, dataset, flags, &bulk), ERR_NONE);
	misfits = put_rows(bulk, dataset, rows);
	assert_int_equal(bulk_finish(bulk, &c), ERR_NONE);
	ids_make(last_import);
	if (flags & ABORT)
		bulk_abort(bulk);
	else
		assert_int_equal(bulk_commit(bulk, last_import, 0, 0),
		    ERR_NONE);
	len = snprintf(out, 96, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64,
	    c.new, c.changed, c.same, c.removed);
	if (misfits > 0)
		(void)snprintf(out + len, 96 - (size_t)len, " !%d", misfits);
	return out;
}

/* The same where the counts do not matter. */
static inline void
bring(enum dataset dataset, const char *rows)
{
	char out[96];

	(void)load(dataset, 0, rows, out);
}

static inline void
show_polls(struct buf *out, const struct data_store *s)
{
	char stamp[STAMP_TEXT];
	size_t i;

	for (i = 0; i < s->poll_count; i++) {
		(void)stamp_format(s->polls[i].at_us, stamp);
		stamp[19] = '\0';
		buf_printf(out, " %s%c", stamp, s->polls[i].up ? '+' : '-');
	}
}

/*
 * Shows a store as a line: its id, zone, weekly rows as DAY:START-END, special
 * dates as DATE:START-END or DATE:closed, polls as STAMP+ or STAMP-.
 */
static inline enum err
show_store(void *ctx, const struct data_store *s)
{
	struct buf *out = ctx;
	size_t i;

	assert_int_equal(strlen(s->id), s->id_len);
	buf_printf(out, "%s%s%s", s->id, s->zone != NULL ? " " : "",
	    s->zone != NULL ? s->zone : "");
	for (i = 0; i < s->week_rows; i++)
		buf_printf(out, " %d:%d-%d", s->week[i].weekday,
		    s->week[i].hours.start_s, s->week[i].hours.end_s);
	for (i = 0; i < s->special_rows; i++) {
		const struct schedule_hours *h = &s->special[i].hours;
		int year, month, day;

		civil_date(s->special[i].date, &year, &month, &day);
		buf_printf(out, " %04d-%02d-%02d:", year, month, day);
		if (h->start_s == SCHEDULE_CLOSED)
			buf_str(out, "closed");
		else
			buf_printf(out, "%d-%d", h->start_s, h->end_s);
	}
	show_polls(out, s);
	buf_char(out, '\n');
	return buf_err(out);
}

struct shown_ids {
	struct buf text;
	uint64_t count;
};

static inline enum err
show_id(void *ctx, int64_t key, const char *id, size_t len)
{
	struct shown_ids *ids = ctx;

	(void)key;
	buf_add(&ids->text, id, len + 1);
	ids->count++;
	return buf_err(&ids->text);
}

/* Every line of one text is a line of the other, and there are no more. */
static inline void
assert_same_lines(const char *a, const char *b)
{
	const char *end;
	char line[4096];

	assert_int_equal(strlen(a), strlen(b));
	for (; (end = strchr(a, '\n')) != NULL; a = end + 1) {
		if ((size_t)(end - a) >= sizeof(line) - 2)
			continue;
		(void)snprintf(line, sizeof(line), "%.*s\n", (int)(end - a), a);
		if (strstr(b, line) == NULL)
			fail_msg("not in the scan: %s", line);
	}
}

/*
 * Shows all stores in order of their ids, one by one, and checks that the
 * scan and the count say the same.  The caller's to buf_release().
 */
static inline void
show(struct data *from, struct buf *out)
{
	int32_t first = date(SHOWN_FIRST), last = first + SHOWN_DAYS - 1;
	struct shown_ids ids = { .count = 0 };
	struct buf scanned;
	uint64_t count;
	const char *id;

	buf_init(out, TEXT_MAX);
	buf_init(&ids.text, TEXT_MAX);
	buf_init(&scanned, TEXT_MAX);
	assert_int_equal(data_read_begin(from), ERR_NONE);
	assert_int_equal(data_ids(from, show_id, &ids), ERR_NONE);
	for (id = ids.text.data; id < ids.text.data + ids.text.len;
	     id += strlen(id) + 1)
		assert_int_equal(data_one(from, id, first, last, show_store,
				     out),
		    ERR_NONE);
	assert_int_equal(data_scan(from, first, last, show_store, &scanned),
	    ERR_NONE);
	assert_same_lines(buf_text(out), buf_text(&scanned));
	assert_int_equal(data_count_stores(from, &count), ERR_NONE);
	assert_int_equal(count, ids.count);
	data_read_end(from);
	buf_release(&scanned);
	buf_release(&ids.text);
}

/* What there is, is this. */
static inline void
check_shown(const char *name, const char *wanted)
{
	struct buf out;

	show(data, &out);
	check_text(name, buf_text(&out), wanted);
	buf_release(&out);
}

/* A step of a script, and what its counts are. */
struct step {
	enum dataset dataset;
	int flags;
	const char *rows;
	const char *counts;
};

#define STEPS 4

struct script {
	const char *name;
	struct step steps[STEPS]; /* rows are NULL behind the last */
	const char *shown;
};

/* Plays each script in a state folder of its own. */
static inline void
play(const struct script *scripts, size_t n)
{
	char counts[96];
	size_t i, s;

	for (i = 0; i < n; i++) {
		assert_int_equal(data_set_up(NULL), 0);
		for (s = 0; s < STEPS && scripts[i].steps[s].rows != NULL;
		     s++) {
			const struct step *step = &scripts[i].steps[s];

			check_text(scripts[i].name,
			    load(step->dataset, step->flags, step->rows,
				counts),
			    step->counts);
		}
		check_shown(scripts[i].name, scripts[i].shown);
		check_number(scripts[i].name, data_check(data), ERR_NONE);
		assert_int_equal(data_tear_down(NULL), 0);
	}
}

#endif
