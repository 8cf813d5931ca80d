/*
 * A file of a report on its way out: the bytes themselves and, where asked
 * for, their SHA-256 and the same bytes gzipped beside it as PATH.gz.
 */
#ifndef WORK_OUTFILE_H
#define WORK_OUTFILE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OUTFILE_SHA256 65 /* hex text with its NUL */

struct outfile;

/* Opens it; see file_out_open() for path.  "-" is never gzipped. */
MUST_CHECK enum err
outfile_new(const char *path, bool gzip, struct outfile **out);

/* Asks, before the first byte, for the SHA-256 of what is to come. */
MUST_CHECK enum err outfile_hash(struct outfile *f);

/* Adds bytes.  Failures stick and come out of outfile_publish(). */
void outfile_add(struct outfile *f, const void *data, size_t len);

/*
 * Publishes the file or files.  sha256, after outfile_hash(), and bytes: of
 * the plain one; may be NULL.  f is gone, whatever is returned.
 */
MUST_CHECK enum err outfile_publish(struct outfile *f,
    char sha256[OUTFILE_SHA256], uint64_t *bytes);

/* Removes what was published under that path; "-" stays. */
void outfile_remove(const char *path, bool gzip);

/* Throws it away; NULL is allowed. */
void outfile_abort(struct outfile *f);

#endif
