/*
 * Counts for who operates the service.  What is queued and running is counted
 * where it stands; what has ended is counted as it ends, so that these
 * numbers never go back when jobs are forgotten.
 */
#ifndef STORE_JOBS_COUNT_H
#define STORE_JOBS_COUNT_H

#include "store/jobs.h"
#include "store/uploads.h"

#define JOBS_BOUNDS 10

extern const char *const jobs_state_names[JOBS__MAX];
extern const char *const jobs_kind_names[JOBS_KIND__MAX];
extern const char *const jobs_end_names[JOBS_END__MAX];

/* By which the times that jobs take are told apart, ascending. */
extern const int64_t jobs_bounds_ms[JOBS_BOUNDS];

/* What waits and what is worked on; costs next to nothing. */
struct jobs_open {
	int64_t queued;
	int64_t running;
	int64_t oldest_us; /* when the first of the queue came; 0: none */
};

/* Jobs of one kind that have ever ended. */
struct jobs_ended {
	int64_t count[JOBS_END__MAX];
	/* Complete ones by the time taken: up to each bound, then the rest. */
	int64_t took[JOBS_BOUNDS + 1];
	int64_t took_us; /* all of these together */
};

/* All that is counted. */
struct jobs_counts {
	int64_t state[JOBS__MAX];      /* jobs that are remembered */
	int64_t uploads[UPLOADS__MAX]; /* the same of uploads, by state */
	int64_t ids[2];                /* of reports: with files, expired */
	int64_t spool_bytes;           /* files of reports */
	struct jobs_ended ended[JOBS_KIND__MAX];
};

MUST_CHECK enum err jobs_count_open(struct jobs *jobs, struct jobs_open *out);

/* Reads all of the jobs; milliseconds for tens of thousands. */
MUST_CHECK enum err jobs_count(struct jobs *jobs, struct jobs_counts *out);

#endif
