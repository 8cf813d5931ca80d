/* The summary of a report: one JSON object of sums over all its stores. */
#ifndef WORK_REPORT_SUMMARY_H
#define WORK_REPORT_SUMMARY_H

#include "base/buf.h"
#include "work/census.h"
#include "work/fleet.h"
#include "work/report.h"

/* What a summary is made of. */
struct report_summary {
	const struct report_request *request;
	const struct report_result *result;
	const struct fleet *fleet;
	const struct census_week *week;
	const char *tzdata; /* release of the time zone database */
};

/*
 * Appends it.  The sums over the cells of the strip, and over those of the
 * local hours, are those of the fleet's week, to the microsecond.
 */
void report_summary_json(struct buf *out, const struct report_summary *s);

#endif
