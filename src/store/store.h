/*
 * Storage, in the program's own words.  This is its only door: whoever is
 * outside src/store/ includes this and nothing else of it, and knows no SQL.
 *
 *	store/data.h	the data sets: snapshots, scans, one store
 *	store/bulk.h	bringing data in: begin, put, commit or abort
 *	store/prune.h	taking old polls out
 *	store/backup.h	copies of both databases
 *	store/jobs.h	jobs and the ids that were answered for them; with
 *			jobs_work.h for workers, jobs_keep.h for upkeep,
 *			jobs_count.h for who operates the service
 *	store/uploads.h	files that came over the web, beside the jobs
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "store/backup.h"
#include "store/bulk.h"
#include "store/data.h"
#include "store/jobs.h"
#include "store/jobs_count.h"
#include "store/jobs_keep.h"
#include "store/jobs_work.h"
#include "store/prune.h"
#include "store/uploads.h"

#endif
