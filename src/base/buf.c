/*
 * Growing buffer: doubles from 256 bytes, never beyond its ceiling, and keeps
 * a NUL behind the content so that it may be handed to C string functions.
 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
buf_init(struct buf *b, size_t max)
{
	memset(b, 0, sizeof(*b));
	b->max = max;
}

void
buf_release(struct buf *b)
{
	size_t max = b->max;

	free(b->data);
	buf_init(b, max);
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
	b->err = ERR_NONE;
	if (b->data != NULL)
		b->data[0] = '\0';
}

char *
buf_room(struct buf *b, size_t len)
{
	size_t cap = b->cap < 256 ? 256 : b->cap;
	char *data;

	if (b->err != ERR_NONE)
		return NULL;
	if (len > b->max - b->len) {
		b->err = ERR_TOO_LARGE;
		return NULL;
	}
	if (b->cap > b->len + len)
		return b->data + b->len;
	while (cap <= b->len + len)
		cap *= 2;
	data = realloc(b->data, cap);
	if (data == NULL) {
		b->err = ERR_NO_MEMORY;
		return NULL;
	}
	b->data = data;
	b->cap = cap;
	return data + b->len;
}

void
buf_add(struct buf *b, const void *data, size_t len)
{
	char *to = buf_room(b, len);

	if (to == NULL)
		return;
	if (len > 0)
		memcpy(to, data, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void
buf_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_printf(struct buf *b, const char *format, ...)
{
	va_list ap;
	char *to;
	int len;

	va_start(ap, format);
	len = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	if (len < 0) {
		b->err = ERR_INPUT;
		return;
	}
	to = buf_room(b, (size_t)len);
	if (to == NULL)
		return;
	va_start(ap, format);
	(void)vsnprintf(to, (size_t)len + 1, format, ap);
	va_end(ap);
	b->len += (size_t)len;
}

enum err
buf_err(const struct buf *b)
{
	return b->err;
}

const char *
buf_text(const struct buf *b)
{
	return b->data == NULL ? "" : b->data;
}
