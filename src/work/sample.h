/*
 * Demonstration data: four CSV files with the quirks of real ones.
 */
#ifndef WORK_SAMPLE_H
#define WORK_SAMPLE_H

#include "base/err.h"

#include <stdint.h>

struct sample_request {
	const char *folder; /* made if missing */
	int64_t stores;     /* 1 or more */
	int64_t days;       /* of polls, 1 or more */
	int64_t until_us;   /* the newest poll */
	uint64_t seed;      /* the same request gives the same bytes */
	/* Told now and then with stores done; may be NULL. */
	void (*progress)(void *ctx, uint64_t done, uint64_t total);
	void *progress_ctx;
};

/*
 * Writes store_status.csv, menu_hours.csv, timezones.csv and
 * special_hours.csv.  On failure the files of the failed step are absent.
 */
MUST_CHECK enum err sample_write(const struct sample_request *request);

#endif
