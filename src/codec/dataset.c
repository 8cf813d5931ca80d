/*
 * A data set is a row of a table: the columns that it needs, each with the
 * names that it goes by and the check that reads it, in the order in which
 * problems are told.
 */
#include "codec/dataset.h"

#include "base/text.h"
#include "core/civil.h"
#include "core/stamp.h"

#include <string.h>

#define AHEAD_US STAMP_DAY_US /* a poll may be so far ahead of the clock */
#define ALIASES 3

const char *const dataset_names[DATASET__MAX] = {
	[DATASET_POLLS] = "polls",
	[DATASET_HOURS] = "hours",
	[DATASET_TIMEZONES] = "timezones",
	[DATASET_SPECIAL_HOURS] = "special-hours",
};

struct column {
	const char *names[ALIASES];
	enum problem_code (*read)(const struct dataset_reader *r,
	    const struct csv_field *f, struct dataset_row *out);
};

static enum problem_code
read_id(const struct dataset_reader *r, const struct csv_field *f,
    struct dataset_row *out)
{
	(void)r;
	if (!text_is_store_id(f->text, f->len))
		return PROBLEM_STORE_ID;
	out->id = f->text;
	out->id_len = f->len;
	out->has_id = true;
	return PROBLEM_NONE;
}

static enum problem_code
read_status(const struct dataset_reader *r, const struct csv_field *f,
    struct dataset_row *out)
{
	(void)r;
	/* Nearly all are in lower case, so that is tried first. */
	out->poll.up = f->len == 6 && memcmp(f->text, "active", 6) == 0;
	if (out->poll.up ||
	    (f->len == 8 && memcmp(f->text, "inactive", 8) == 0))
		return PROBLEM_NONE;
	out->poll.up = text_same_word(f->text, f->len, "active");
	if (out->poll.up || text_same_word(f->text, f->len, "inactive"))
		return PROBLEM_NONE;
	return PROBLEM_STATUS;
}

static enum problem_code
read_stamp(const struct dataset_reader *r, const struct csv_field *f,
    struct dataset_row *out)
{
	if (!stamp_parse(f->text, f->len, &out->poll.at_us) ||
	    out->poll.at_us < STAMP_FIRST_US ||
	    out->poll.at_us > r->now_us + AHEAD_US)
		return PROBLEM_TIMESTAMP;
	return PROBLEM_NONE;
}

static enum problem_code
read_day(const struct dataset_reader *r, const struct csv_field *f,
    struct dataset_row *out)
{
	(void)r;
	if (f->len != 1 || f->text[0] < '0' || f->text[0] > '6')
		return PROBLEM_DAY;
	out->week.weekday = f->text[0] - '0';
	return PROBLEM_NONE;
}

static enum problem_code
read_date(const struct dataset_reader *r, const struct csv_field *f,
    struct dataset_row *out)
{
	(void)r;
	if (!stamp_parse_date(f->text, f->len, &out->date))
		return PROBLEM_DATE;
	out->has_date = true;
	return PROBLEM_NONE;
}

static enum problem_code
read_start(const struct dataset_reader *r, const struct csv_field *f,
    struct dataset_row *out)
{
	int32_t *start_s = &out->week.hours.start_s;

	if (r->dataset == DATASET_SPECIAL_HOURS && f->len == 0) {
		*start_s = SCHEDULE_CLOSED;
		return PROBLEM_NONE;
	}
	if (!stamp_parse_clock(f->text, f->len, start_s) ||
	    *start_s == CIVIL_DAY_S)
		return PROBLEM_TIME;
	return PROBLEM_NONE;
}

static enum problem_code
read_end(const struct dataset_reader *r, const struct csv_field *f,
    struct dataset_row *out)
{
	struct schedule_hours *hours = &out->week.hours;

	(void)r;
	if (hours->start_s == SCHEDULE_CLOSED) {
		hours->end_s = 0;
		return f->len == 0 ? PROBLEM_NONE : PROBLEM_TIME;
	}
	if (!stamp_parse_clock(f->text, f->len, &hours->end_s))
		return PROBLEM_TIME;
	if (hours->start_s == hours->end_s && hours->start_s != 0)
		return PROBLEM_WINDOW;
	return PROBLEM_NONE;
}

static enum problem_code
read_zone(const struct dataset_reader *r, const struct csv_field *f,
    struct dataset_row *out)
{
	if (!r->is_zone(r->zone_ctx, f->text, f->len))
		return PROBLEM_TIMEZONE;
	out->zone = f->text;
	out->zone_len = f->len;
	return PROBLEM_NONE;
}

static const struct column tables[DATASET__MAX][DATASET_COLUMNS] = {
	[DATASET_POLLS] = {
		{{"store_id"}, read_id},
		{{"status"}, read_status},
		{{"timestamp_utc"}, read_stamp},
	},
	[DATASET_HOURS] = {
		{{"store_id"}, read_id},
		{{"day", "dayofweek", "day_of_week"}, read_day},
		{{"start_time_local"}, read_start},
		{{"end_time_local"}, read_end},
	},
	[DATASET_TIMEZONES] = {
		{{"store_id"}, read_id},
		{{"timezone_str"}, read_zone},
	},
	[DATASET_SPECIAL_HOURS] = {
		{{"store_id"}, read_id},
		{{"date"}, read_date},
		{{"start_time_local"}, read_start},
		{{"end_time_local"}, read_end},
	},
};

bool
dataset_parse(const char *name, enum dataset *out)
{
	enum dataset d;

	for (d = 0; d < DATASET__MAX; d++) {
		if (strcmp(name, dataset_names[d]) == 0) {
			*out = d;
			return true;
		}
	}
	return false;
}

enum problem_code
dataset_sniff(const char *bytes, size_t len)
{
	static const struct {
		const char *bytes;
		size_t len;
	} magic[] = {
		{ "\x1f\x8b", 2 },         /* gzip */
		{ "PK\x03\x04", 4 },       /* zip */
		{ "PK\x05\x06", 4 },       /* zip without files */
		{ "\x28\xb5\x2f\xfd", 4 }, /* zstd */
		{ "\xfd"
		  "7zXZ",
		    5 },      /* xz */
		{ "BZh", 3 }, /* bzip2 */
	};
	size_t i;

	if (len == 0)
		return PROBLEM_EMPTY_FILE;
	for (i = 0; i < sizeof(magic) / sizeof(magic[0]); i++)
		if (len >= magic[i].len &&
		    memcmp(bytes, magic[i].bytes, magic[i].len) == 0)
			return PROBLEM_COMPRESSED;
	return PROBLEM_NONE;
}

static bool
is_named(const struct column *column, const struct csv_field *f)
{
	size_t i;

	for (i = 0; i < ALIASES && column->names[i] != NULL; i++)
		if (text_same_word(f->text, f->len, column->names[i]))
			return true;
	return false;
}

/* How often a header names a column; *at is where it does first. */
static int
find_column(const struct csv_row *header, const struct column *column,
    size_t *at)
{
	size_t i;
	int times = 0;

	for (i = 0; i < header->count && i < CSV_FIELDS_MAX; i++)
		if (is_named(column, &header->fields[i]) && times++ == 0)
			*at = i;
	return times;
}

bool
dataset_guess(const struct csv_row *header, enum dataset *out)
{
	enum dataset d;
	size_t c, at;

	for (d = 0; d < DATASET__MAX; d++) {
		for (c = 0; c < DATASET_COLUMNS && tables[d][c].read != NULL;
		     c++)
			if (find_column(header, &tables[d][c], &at) == 0)
				break;
		if (c == DATASET_COLUMNS || tables[d][c].read == NULL) {
			*out = d;
			return true;
		}
	}
	return false;
}

enum problem_code
dataset_header(struct dataset_reader *r, const struct csv_row *header,
    struct buf *why)
{
	const struct column *columns = tables[r->dataset];
	enum dataset other;
	size_t c;

	if (!text_is_clean(header->raw, header->raw_len))
		return PROBLEM_NOT_TEXT;
	for (c = 0; c < DATASET_COLUMNS && columns[c].read != NULL; c++) {
		int times = find_column(header, &columns[c], &r->at[c]);

		if (times == 1)
			continue;
		buf_printf(why, "The header line %s the column %s.",
		    times == 0 ? "does not name" : "names more than once",
		    columns[c].names[0]);
		if (dataset_guess(header, &other) && other != r->dataset)
			buf_printf(why,
			    " It looks like a file of %s, "
			    "not of %s.",
			    dataset_names[other], dataset_names[r->dataset]);
		return PROBLEM_BAD_HEADER;
	}
	r->columns = header->count;
	return header->problem.code == PROBLEM_NONE ? PROBLEM_NONE
						    : PROBLEM_BAD_HEADER;
}

enum problem_code
dataset_row(const struct dataset_reader *r, const struct csv_row *csv,
    struct dataset_row *out)
{
	const struct column *columns = tables[r->dataset];
	enum problem_code code = csv->problem.code, first = PROBLEM_NONE;
	size_t c;

	memset(out, 0, sizeof(*out));
	if (code != PROBLEM_NONE)
		return code;
	if (csv->count != r->columns)
		first = PROBLEM_COLUMNS;
	for (c = 0; c < DATASET_COLUMNS && columns[c].read != NULL; c++) {
		if (r->at[c] >= csv->count)
			continue;
		code = columns[c].read(r, &csv->fields[r->at[c]], out);
		if (first == PROBLEM_NONE)
			first = code;
		if (code == PROBLEM_TIME && columns[c].read == read_start)
			break;
	}
	return first;
}
