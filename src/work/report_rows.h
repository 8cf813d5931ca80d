/* The two CSV files of a report as text: header lines and rows. */
#ifndef WORK_REPORT_ROWS_H
#define WORK_REPORT_ROWS_H

#include "base/buf.h"
#include "work/reckon.h"

#include <stddef.h>

/* Append the header lines of the report and of the detail. */
void report_header(struct buf *out);
void report_detail_header(struct buf *out);

/* Append a store's line in the report and in the detail. */
void report_row(struct buf *out, const char *id, size_t len,
    const struct reckoned *store);
void report_detail_row(struct buf *out, const char *id, size_t len,
    const struct reckoned *store);

#endif
