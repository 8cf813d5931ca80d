/*
 * URL forms, application/x-www-form-urlencoded: name=value&name=value, as a
 * query string and as a request body.
 */
#ifndef CODEC_FORM_H
#define CODEC_FORM_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* A pair as it was sent; both borrow from the text that is read. */
struct form_pair {
	const char *name;
	size_t name_len;
	const char *value; /* empty where there was no '=' */
	size_t value_len;
};

/*
 * Takes the next pair off the text at *s, of *len bytes, and moves both past
 * it.  Empty pairs (as in "a=1&&b=2") are passed over.  False at the end.
 */
bool form_next(const char **s, size_t *len, struct form_pair *pair);

/*
 * Appends the len bytes decoded: '+' is a blank, %HH the byte HH.  False if a
 * '%' is not followed by two hexadecimal digits, or if the decoded text is
 * not clean UTF-8 (text_is_clean(): a NUL or another control character is
 * not); out then holds part of it.  Never longer than what was sent.  Check
 * buf_err() afterwards as well.
 */
bool form_decode(struct buf *out, const char *s, size_t len);

#endif
