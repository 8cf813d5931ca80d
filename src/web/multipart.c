/*
 * Reading of multipart/form-data.
 *
 * The boundaries are looked for here, window by window, and the count of the
 * parts is bounded while it is made: a parser that builds a tree of all parts
 * first would be at the mercy of who sends a hundred thousand of them, or
 * parts within parts.  What stands in the headers of a part (folded lines,
 * quoted and encoded file names) is GMime's to understand, from a block of a
 * few kilobytes.
 */
#include "web/multipart.h"

#include "base/text.h"
#include "sys/file.h"
#include "sys/log.h"

#include <errno.h>
#include <gmime/gmime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BOUNDARY_MAX 70 /* RFC 2046, 5.1.1 */
#define HEAD_MAX 8192   /* bytes of a part's headers */
#define WINDOW ((size_t)256 << 10)

/* The delimiter is a line end, two dashes and the boundary. */
struct scan {
	int fd;
	char *window;
	char delimiter[BOUNDARY_MAX + 5];
	size_t len; /* of the delimiter */
};

static enum err
refuse(struct multipart *m, const char *code, const char *message)
{
	m->code = code;
	m->message = message;
	return ERR_INPUT;
}

static enum err
refuse_form(struct multipart *m)
{
	return refuse(m, "bad_multipart",
	    "The body is not a form of the kind multipart/form-data.");
}

static enum err
refuse_end(struct multipart *m)
{
	return refuse(m, "truncated",
	    "The form is cut off: its end is missing. Send it again.");
}

/* Reads up to len bytes at that place; *got is fewer only at the end. */
static enum err
read_at(int fd, char *to, size_t len, int64_t at, size_t *got)
{
	ssize_t n;

	for (*got = 0; *got < len; *got += (size_t)n) {
		n = pread(fd, to + *got, len - *got, at + (int64_t)*got);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n < 0) {
			log_error("read body: %s", strerror(errno));
			return ERR_IO;
		} else if (n == 0)
			break;
	}
	return ERR_NONE;
}

/*
 * Finds the delimiter at or after *at; ERR_NOT_FOUND if it does not come.
 * The end of a window is looked at again with the next one: a delimiter may
 * lie across.
 */
static enum err
find(struct scan *s, int64_t *at)
{
	size_t kept = 0, got;
	char *hit;
	enum err err;

	for (;;) {
		err = read_at(s->fd, s->window + kept, WINDOW - kept,
		    *at + (int64_t)kept, &got);
		if (err != ERR_NONE)
			return err;
		if (got == 0)
			return ERR_NOT_FOUND;
		got += kept;
		hit = memmem(s->window, got, s->delimiter, s->len);
		if (hit != NULL) {
			*at += hit - s->window;
			return ERR_NONE;
		}
		kept = got < s->len ? got : s->len - 1;
		*at += (int64_t)(got - kept);
		memmove(s->window, s->window + got - kept, kept);
	}
}

/* What a header says of a part. */
static enum err
take_headers(struct multipart *m, GMimeObject *object,
    struct multipart_part *part)
{
	GMimeContentDisposition *told;
	const char *name, *file;

	if (object == NULL || !GMIME_IS_PART(object))
		return refuse(m, "nested",
		    "A part of the form holds parts of its own; send the file "
		    "as it is.");
	told = g_mime_object_get_content_disposition(object);
	name = told == NULL
	    ? NULL
	    : g_mime_content_disposition_get_parameter(told, "name");
	if (name == NULL || name[0] == '\0' ||
	    strlen(name) > MULTIPART_NAME_MAX)
		return refuse_form(m);
	if (g_mime_part_get_content_encoding(GMIME_PART(object)) >
	    GMIME_CONTENT_ENCODING_BINARY)
		return refuse(m, "bad_multipart",
		    "A part of the form is encoded; send the file as it is.");
	file = g_mime_content_disposition_get_parameter(told, "filename");
	(void)snprintf(part->name, sizeof(part->name), "%s", name);
	(void)snprintf(part->file, sizeof(part->file), "%s",
	    file == NULL ? "" : file);
	return ERR_NONE;
}

static enum err
parse_headers(struct multipart *m, const char *head, size_t len,
    struct multipart_part *part)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(head, len);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeObject *object = g_mime_parser_construct_part(parser, NULL);
	enum err err = take_headers(m, object, part);

	if (object != NULL)
		g_object_unref(object);
	g_object_unref(parser);
	g_object_unref(stream);
	return err;
}

/* Reads the headers at *at and moves it behind them. */
static enum err
read_headers(struct multipart *m, struct scan *s, int64_t *at,
    struct multipart_part *part)
{
	static const char blank[] = "\r\n\r\n";
	const char *end;
	size_t got;
	enum err err = read_at(s->fd, s->window, HEAD_MAX, *at, &got);

	if (err != ERR_NONE)
		return err;
	/* A blank line at once: no headers, and so no name. */
	if (got >= 2 && memcmp(s->window, blank, 2) == 0)
		return refuse_form(m);
	end = memmem(s->window, got, blank, sizeof(blank) - 1);
	if (end == NULL)
		return got < HEAD_MAX ? refuse_end(m) : refuse_form(m);
	*at += end - s->window + (int64_t)sizeof(blank) - 1;
	return parse_headers(m, s->window,
	    (size_t)(end - s->window) + sizeof(blank) - 1, part);
}

/* Looks behind a delimiter: a further part, or the form's end. */
static enum err
read_turn(struct multipart *m, struct scan *s, int64_t *at, bool *last)
{
	char mark[2];
	size_t got;
	enum err err = read_at(s->fd, mark, sizeof(mark), *at, &got);

	if (err != ERR_NONE)
		return err;
	if (got < sizeof(mark))
		return refuse_end(m);
	*at += (int64_t)sizeof(mark);
	*last = memcmp(mark, "--", 2) == 0;
	return *last || memcmp(mark, "\r\n", 2) == 0 ? ERR_NONE
						     : refuse_form(m);
}

/* Reads the part whose headers are at *at, up to behind its delimiter. */
static enum err
read_part(struct multipart *m, struct scan *s, int64_t *at)
{
	struct multipart_part *part = &m->parts[m->count];
	enum err err;

	if (m->count == MULTIPART_PARTS)
		return refuse(m, "too_many_parts",
		    "The form has more than eight parts.");
	err = read_headers(m, s, at, part);
	if (err != ERR_NONE)
		return err;
	if (multipart_find(m, part->name) != NULL)
		return refuse(m, "repeated_parameter",
		    "The form has two parts of one name; send one file alone.");
	part->start = *at;
	err = find(s, at);
	if (err != ERR_NONE)
		return err == ERR_NOT_FOUND ? refuse_end(m) : err;
	part->end = *at;
	*at += (int64_t)s->len;
	m->count++;
	return ERR_NONE;
}

static enum err
read_parts(struct multipart *m, struct scan *s)
{
	int64_t at = (int64_t)s->len - 2;
	bool last = false;
	size_t got;
	enum err err = read_at(s->fd, s->window, s->len - 2, 0, &got);

	if (err != ERR_NONE)
		return err;
	/* The first delimiter has no line end before it. */
	if (memcmp(s->window, s->delimiter + 2, got) != 0)
		return refuse_form(m);
	if (got < s->len - 2)
		return refuse_end(m);
	err = read_turn(m, s, &at, &last);
	while (err == ERR_NONE && !last) {
		err = read_part(m, s, &at);
		if (err == ERR_NONE)
			err = read_turn(m, s, &at, &last);
	}
	return err;
}

/* Sets the delimiter from the Content-Type; false if it names none. */
static bool
set_delimiter(struct scan *s, const char *content_type)
{
	GMimeContentType *type = g_mime_content_type_parse(NULL, content_type);
	const char *boundary = g_mime_content_type_get_parameter(type,
	    "boundary");
	bool fits = boundary != NULL && boundary[0] != '\0' &&
	    strlen(boundary) <= BOUNDARY_MAX &&
	    text_is_clean(boundary, strlen(boundary));

	if (fits)
		s->len = (size_t)snprintf(s->delimiter, sizeof(s->delimiter),
		    "\r\n--%s", boundary);
	g_object_unref(type);
	return fits;
}

bool
multipart_is_type(const char *content_type)
{
	size_t len = strcspn(content_type, ";");

	text_trim(&content_type, &len);
	return text_same_word(content_type, len, "multipart/form-data");
}

enum err
multipart_read(struct multipart *m, int fd, const char *content_type)
{
	struct scan scan = { .fd = fd };
	enum err err;

	memset(m, 0, sizeof(*m));
	/* It counts these calls.  After g_mime_shutdown() it does not work. */
	g_mime_init();
	if (!set_delimiter(&scan, content_type))
		err = refuse(m, "bad_multipart",
		    "The Content-Type names no boundary of the form's parts.");
	else if ((scan.window = malloc(WINDOW)) == NULL)
		err = ERR_NO_MEMORY;
	else
		err = read_parts(m, &scan);
	free(scan.window);
	return err;
}

const struct multipart_part *
multipart_find(const struct multipart *m, const char *name)
{
	size_t i;

	for (i = 0; i < m->count; i++)
		if (strcmp(m->parts[i].name, name) == 0)
			return &m->parts[i];
	return NULL;
}

enum err
multipart_text(struct multipart *m, int fd, const struct multipart_part *part,
    char value[MULTIPART_VALUE_MAX + 1])
{
	size_t len = (size_t)(part->end - part->start);
	enum err err;

	if (part->end - part->start > MULTIPART_VALUE_MAX)
		return refuse(m, "bad_parameter",
		    "A text part of the form is too long.");
	err = read_at(fd, value, len, part->start, &len);
	if (err != ERR_NONE)
		return err;
	value[len] = '\0';
	if (!text_is_clean(value, len))
		return refuse(m, "bad_parameter",
		    "A text part of the form is not clean UTF-8 text.");
	return ERR_NONE;
}

enum err
multipart_copy(int fd, const struct multipart_part *part, int to)
{
	char *window = malloc(WINDOW);
	int64_t at = part->start;
	enum err err = ERR_NONE;

	if (window == NULL)
		return ERR_NO_MEMORY;
	while (at < part->end && err == ERR_NONE) {
		size_t len = part->end - at < (int64_t)WINDOW
		    ? (size_t)(part->end - at)
		    : WINDOW;

		err = read_at(fd, window, len, at, &len);
		if (err == ERR_NONE && len == 0)
			err = ERR_IO;
		if (err == ERR_NONE)
			err = file_write_all(to, window, len);
		at += (int64_t)len;
	}
	if (err != ERR_NONE)
		log_error("copy a part of a form: %s", err_text(err));
	free(window);
	return err;
}
