/*
 * How the service is, as numbers: what can be read and written, what waits,
 * what there is.  work/health.h judges them, work/metrics.h tells them.
 */
#ifndef WORK_VITALS_H
#define WORK_VITALS_H

#include "base/err.h"
#include "store/store.h"
#include "sys/settings.h"

#include <stdbool.h>
#include <stdint.h>

/* What takes space. */
enum vitals_bytes {
	VITALS_DATA,
	VITALS_JOBS,
	VITALS_SPOOL,
	VITALS_UPLOADS,
	VITALS_LOG,
	VITALS_BYTES__MAX
};

extern const char *const vitals_bytes_names[VITALS_BYTES__MAX];

struct vitals {
	int64_t now_us; /* wall clock */
	/* How it went; what follows is of meaning only where it went well. */
	enum err data;   /* reading the data */
	enum err jobs;   /* reading the jobs */
	enum err change; /* beginning a change of the jobs */
	enum err spool;  /* being let into the folder of reports */
	enum err disk;   /* asking for its space */
	struct data_revision revision;
	struct jobs_open open;
	int64_t disk_free;
	int64_t disk_bytes;
	/* With `all` only. */
	uint64_t stores;
	uint64_t rows[DATASET__MAX];
	struct jobs_counts counts;
	int64_t bytes[VITALS_BYTES__MAX]; /* on the disk */
};

/*
 * Looks at everything anew, over connections of its own, so that it is seen
 * what a program that begins now would see.  Without `all` that costs a
 * millisecond or two; a writer who has the jobs is waited for for a second.
 * As a look at a report does, it notices workers that are gone, and has
 * queued jobs worked on.  Fails never: what failed is told, and logged.
 */
void vitals_read(const struct settings *settings, bool all, struct vitals *out);

#endif
