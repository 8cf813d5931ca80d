/*
 * The files of uploads: STATE/uploads/ID.csv and STATE/uploads/ID.bad.csv,
 * and what the web server leaves in STATE/body/.
 */
#ifndef WORK_UPLOAD_FILE_H
#define WORK_UPLOAD_FILE_H

#include "base/err.h"
#include "codec/dataset.h"
#include "sys/file.h"
#include "work/upload.h"

#include <stdbool.h>
#include <stdint.h>

enum upload_file {
	UPLOAD_CSV, /* the file as it came */
	UPLOAD_BAD, /* its bad rows */
	UPLOAD_FILE__MAX
};

/* STATE/uploads/ID.csv and so on. */
MUST_CHECK enum err upload_path(char out[FILE_PATH_MAX], const char *state,
    const char *id, enum upload_file file);

/* True if the upload's file is there. */
bool upload_has(const char *state, const char *id, enum upload_file file);

/* What can be told of a file at a glance. */
struct upload_glance {
	int64_t bytes;
	bool compressed;
	bool known; /* the header line names a data set */
	enum dataset dataset;
};

/*
 * Looks at the start of a file.  ERR_NOT_FOUND, ERR_IO, logged, if that
 * cannot be; ERR_IO too if it is no regular file.
 */
MUST_CHECK enum err upload_glance(const char *path, struct upload_glance *out);

/*
 * Moves a file to an upload's, readable for the group, and makes that last.
 * On failure it is where it was, or gone.
 */
MUST_CHECK enum err
upload_move(const char *path, const char *state, const char *id);

/* Removes one; that it fails is only logged. */
void upload_remove(const char *state, const char *id, enum upload_file file);

/*
 * Visits the files of uploads, half written ones too, to which nothing was
 * done for so long.  Names of nothing that belongs there are passed over.
 * visit says if the file *goes; ERR_NONE to
 * go on, anything else ends the visits and is returned.
 */
MUST_CHECK enum err upload_sweep(const char *state, int64_t age_us,
    enum err (*visit)(void *ctx, const char *id, enum upload_file file,
	bool *goes),
    void *ctx);

/* Removes files to which nothing was done for so long from STATE/body/. */
void upload_sweep_bodies(const char *state, int64_t age_us);

/*
 * Makes a name fit to be shown: its last part, not too long, and plain ASCII
 * unless it is clean text.
 */
void upload_tidy_name(const char *name, char out[UPLOAD_FILE_MAX + 1]);

#endif
