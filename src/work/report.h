/*
 * A report: one snapshot of the data reckoned and written as files.
 */
#ifndef WORK_REPORT_H
#define WORK_REPORT_H

#include "base/buf.h"
#include "base/err.h"
#include "core/uptime.h"
#include "sys/file.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPORT_LATEST INT64_MIN /* as_of: the newest poll of all */
#define REPORT_SHA256 65        /* hex text with its NUL */

/* The files that a report may be written as. */
enum report_file {
	REPORT_CSV,     /* the report */
	REPORT_DETAIL,  /* every counter of each store */
	REPORT_SUMMARY, /* the sums over all stores, JSON */
	REPORT_STORES,  /* the stores as a table, JSON */
	REPORT_STRIPS,  /* the weeks of the stores, a line each */
	REPORT_FILE__MAX
};

struct report_request {
	int64_t as_of_us; /* or REPORT_LATEST */
	struct uptime_rules rules;
	const char *const *stores; /* ids; NULL for all stores */
	size_t store_count;
	/* Where each goes; NULL: it is not written; "-" for stdout. */
	const char *path[REPORT_FILE__MAX];
	bool gzip; /* write PATH.gz beside each as well */
	/* Told now and then with stores done and in all; may be NULL. */
	void (*progress)(void *ctx, uint64_t done, uint64_t total);
	void *progress_ctx;
};

struct report_result {
	int64_t as_of_us; /* as resolved */
	int64_t revision; /* of the snapshot */
	uint64_t rows;
	uint64_t bytes;             /* of the report CSV */
	char sha256[REPORT_SHA256]; /* of the report CSV */
};

/*
 * Makes the report from the state folder's data.  ERR_CONFLICT if there are
 * no polls yet; ERR_NOT_FOUND if a store of the filter is not known;
 * ERR_GONE if polls of that time were removed.  On failure no file is left
 * under a final name that was not there before.
 */
MUST_CHECK enum err report_make(const char *state,
    const struct report_request *request, struct report_result *result);

/* Reads "previous", "next" or "nearest". */
bool report_parse_interpolation(const char *s, enum interpolation *out);

/* Reads "90s", "30m", "24h", "7d" or "unlimited", as microseconds. */
bool report_parse_reach(const char *s, int64_t *reach_us);

/* Writes reach as it is read, in the largest unit that fits.  Returns out. */
char *report_format_reach(int64_t reach_us, char out[32]);

/* Appends the rules as members of a JSON object, without its braces. */
void report_put_rules(struct buf *out, const struct uptime_rules *rules);

/* Reads a stamp of 2000 to 2999, or "latest". */
bool report_parse_as_of(const char *s, int64_t *as_of_us);

#endif
