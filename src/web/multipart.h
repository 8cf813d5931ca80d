/*
 * Forms as browsers send files with: multipart/form-data (RFC 7578), read
 * from a file.  Only places are noted; a part's bytes stay where they are
 * until they are asked for, so that memory does not grow with them.
 */
#ifndef WEB_MULTIPART_H
#define WEB_MULTIPART_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MULTIPART_PARTS 8      /* parts at the most */
#define MULTIPART_NAME_MAX 64  /* bytes of a part's name */
#define MULTIPART_FILE_MAX 500 /* bytes of a file's name that are kept */
#define MULTIPART_VALUE_MAX 64 /* bytes of a text part's value */

struct multipart_part {
	char name[MULTIPART_NAME_MAX + 1];
	char file[MULTIPART_FILE_MAX + 1]; /* as given; "" if not */
	int64_t start;                     /* its bytes, [start, end) */
	int64_t end;
};

struct multipart {
	struct multipart_part parts[MULTIPART_PARTS];
	size_t count;
	/* Why the last function said ERR_INPUT; static. */
	const char *code;
	const char *message;
};

/* True if a Content-Type says that the body is of this kind. */
bool multipart_is_type(const char *content_type);

/*
 * Finds the parts of the form in fd.  ERR_INPUT, with code and message: it is
 * not one, is cut off, has more than MULTIPART_PARTS parts, one within
 * another, or one name twice.  ERR_IO, logged; ERR_NO_MEMORY.
 */
MUST_CHECK enum err
multipart_read(struct multipart *m, int fd, const char *content_type);

/* The part of that name; NULL if there is none. */
const struct multipart_part *
multipart_find(const struct multipart *m, const char *name);

/* Reads a text part.  ERR_INPUT, with code and message, if it is too long or
 * not clean. */
MUST_CHECK enum err multipart_text(struct multipart *m, int fd,
    const struct multipart_part *part, char value[MULTIPART_VALUE_MAX + 1]);

/* Writes the part's bytes to another file.  ERR_NO_SPACE or ERR_IO, logged. */
MUST_CHECK enum err
multipart_copy(int fd, const struct multipart_part *part, int to);

#endif
