/*
 * The form that brings a file in without JavaScript: a part "file", and
 * beside it "whole" (0 or 1) and "dataset", which may be left out.
 */
#ifndef WEB_FILE_FORM_H
#define WEB_FILE_FORM_H

#include "sys/file.h"
#include "web/multipart.h"

struct file_form {
	char path[FILE_PATH_MAX]; /* the file by itself, in STATE/body */
	char file[MULTIPART_FILE_MAX + 1]; /* its name as given; "" if none */
	char dataset[MULTIPART_VALUE_MAX + 1]; /* "" if none */
	bool whole;
	/* Why file_form_read() said ERR_INPUT; static. */
	const char *code;
	const char *message;
};

/*
 * Takes the file out of the form in fd.  The new file is the caller's, to be
 * moved away or removed; on failure there is none.  ERR_INPUT with code and
 * message; ERR_NO_SPACE, ERR_IO, logged; ERR_NO_MEMORY.
 */
MUST_CHECK enum err file_form_read(struct file_form *f, const char *state,
    int fd, const char *content_type);

#endif
