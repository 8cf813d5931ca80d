/* A reader of a data set that has read its header. */
#ifndef UNIT_DATASET_HEADER_H
#define UNIT_DATASET_HEADER_H

#include "codec/dataset.h"

#include "../lib/csv_feed.h"
#include "../lib/instant.h"

#define NOW "2023-01-25 12:00:00"

static inline bool
is_zone(const void *ctx, const char *name, size_t len)
{
	const char *only = ctx;

	return len == strlen(only) && memcmp(name, only, len) == 0;
}

/* What is wrong with a header, with the sentence that says so. */
static inline enum problem_code
read_header(struct dataset_reader *r, enum dataset dataset, const char *text,
    struct buf *why)
{
	static struct csv_row row;
	struct csv *csv = csv_first(text, strlen(text), &row);
	enum problem_code code;

	memset(r, 0, sizeof(*r));
	r->dataset = dataset;
	r->now_us = at(NOW);
	r->is_zone = is_zone;
	r->zone_ctx = "Europe/Paris";
	buf_init(why, 1000);
	code = dataset_header(r, &row, why);
	csv_free(csv);
	return code;
}

#define POLLS "store_id,status,timestamp_utc"
#define HOURS "store_id,day,start_time_local,end_time_local"
#define ZONES "store_id,timezone_str"
#define SPECIAL "store_id,date,start_time_local,end_time_local"

#endif
