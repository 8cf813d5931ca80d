/* The three files of a report as text: rows, and the summary. */
#ifndef WORK_REPORT_ROWS_H
#define WORK_REPORT_ROWS_H

#include "base/buf.h"
#include "work/reckon.h"
#include "work/report.h"

#include <stdint.h>

/* Sums over all stores; see docs/SEMANTICS.md for the terms. */
struct fleet {
	uint64_t stores;
	uint64_t dark; /* up = 0 and down > 0 in the week */
	uint64_t never_polled;
	uint64_t now[STATUS_NOW__MAX]; /* stores by status at as_of */
	uint64_t outages;
	struct counters window[WINDOW__MAX];
};

/* Adds a store to the sums. */
void fleet_add(struct fleet *f, const struct reckoned *store);

/* Append the header lines of the report and of the detail. */
void report_header(struct buf *out);
void report_detail_header(struct buf *out);

/* Append a store's line in the report and in the detail. */
void report_row(struct buf *out, const char *id, size_t len,
    const struct reckoned *store);
void report_detail_row(struct buf *out, const char *id, size_t len,
    const struct reckoned *store);

/* Appends the summary, a JSON object. */
void report_summary(struct buf *out, const struct report_request *request,
    const struct report_result *result, const struct fleet *fleet,
    const char *tzdata);

#endif
