/*
 * Text on its way out, escaped for where it goes.  One function for each
 * destination; text from outside reaches it by no other way.  (For log lines
 * see text_for_log() in base/text.h.)
 */
#ifndef CODEC_ESCAPE_H
#define CODEC_ESCAPE_H

#include "base/buf.h"

#include <stddef.h>

/*
 * Appends the len bytes as a JSON string with its quotes (RFC 8259).  What
 * comes out is always valid: a run of bytes above 0x7f that is not clean
 * UTF-8 becomes one U+FFFD.
 */
void json_text(struct buf *out, const char *s, size_t len);

/*
 * Appends the len bytes as one CSV field (RFC 4180): as they are, or in
 * quotes where they hold a comma, a quote or an end of line, or begin or end
 * with a blank.
 */
void csv_field(struct buf *out, const char *s, size_t len);

/*
 * Appends the len bytes as HTML text, fit for an element or for the value of
 * a quoted attribute.  Control characters but tab and LF are left out.
 */
void html_text(struct buf *out, const char *s, size_t len);

/*
 * Appends the len bytes as the value of an HTTP header: printable ASCII only.
 * ERR_INPUT sticks to out, and nothing is appended, if they are anything
 * else: a value with a line end in it would forge a header.
 */
void header_value(struct buf *out, const char *s, size_t len);

#endif
