/*
 * A byte buffer that grows up to a ceiling.
 *
 * Its error is sticky: after a failed addition further ones do nothing, so
 * that a text may be put together without a check at each step and judged
 * once, with buf_err().  A struct buf of all zero bytes may be released.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/err.h"

#include <stddef.h>

struct buf {
	char *data; /* len bytes, then a NUL; NULL while nothing was added */
	size_t len;
	size_t cap;
	size_t max; /* ceiling of len, in bytes */
	enum err err;
};

/* An empty buffer that holds at most max bytes.  Allocates nothing. */
void buf_init(struct buf *b, size_t max);

/* Gives the memory back; the buffer is then empty and may be used again. */
void buf_release(struct buf *b);

/* Forgets the content and the error, keeps the memory. */
void buf_reset(struct buf *b);

/* Appends len bytes.  ERR_TOO_LARGE or ERR_NO_MEMORY stick to the buffer. */
void buf_add(struct buf *b, const void *data, size_t len);

/* Appends the text s, without its NUL. */
void buf_str(struct buf *b, const char *s);

/* Appends one byte. */
void buf_char(struct buf *b, char c);

/* Appends what printf would print. */
void buf_printf(struct buf *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Makes room for len more bytes and returns where they go, or NULL (the error
 * sticks).  The caller fills them and then adds what it used to b->len.
 */
char *buf_room(struct buf *b, size_t len);

/* The first error since buf_init() or buf_reset(), or ERR_NONE. */
MUST_CHECK enum err buf_err(const struct buf *b);

/* The content as a C string; "" while empty.  Valid until the next change. */
const char *buf_text(const struct buf *b);

#endif
