/* A file taken out of a form: fields first, so that a bad one costs no copy. */
#include "web/file_form.h"

#include "sys/log.h"
#include "web/body.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static enum err
refuse(struct file_form *f, const char *code, const char *message)
{
	f->code = code;
	f->message = message;
	return ERR_INPUT;
}

static enum err
read_field(struct file_form *f, struct multipart *form, int fd,
    const struct multipart_part *part)
{
	char value[MULTIPART_VALUE_MAX + 1];
	enum err err = multipart_text(form, fd, part, value);

	if (err == ERR_INPUT)
		return refuse(f, form->code, form->message);
	if (err != ERR_NONE)
		return err;
	if (strcmp(part->name, "dataset") == 0) {
		memcpy(f->dataset, value, sizeof(value));
		return ERR_NONE;
	}
	if (strcmp(part->name, "whole") != 0)
		return refuse(f, "unknown_parameter",
		    "Beside the part \"file\" a form may have the parts "
		    "\"dataset\" and \"whole\", and no other.");
	f->whole = strcmp(value, "1") == 0;
	if (f->whole || strcmp(value, "0") == 0)
		return ERR_NONE;
	return refuse(f, "bad_parameter", "The part \"whole\" must be 0 or 1.");
}

static enum err
copy_file(struct file_form *f, const char *state, int fd,
    const struct multipart_part *part)
{
	int to;
	enum err err = body_make(state, f->path, &to);

	if (err != ERR_NONE)
		return err;
	err = multipart_copy(fd, part, to);
	if (close(to) != 0 && err == ERR_NONE)
		err = err_from_errno(errno);
	if (err != ERR_NONE && unlink(f->path) != 0)
		log_warn("remove %s: it stays until the next start", f->path);
	memcpy(f->file, part->file, sizeof(f->file));
	return err;
}

enum err
file_form_read(struct file_form *f, const char *state, int fd,
    const char *content_type)
{
	const struct multipart_part *file;
	struct multipart form;
	enum err err = multipart_read(&form, fd, content_type);
	size_t i;

	memset(f, 0, sizeof(*f));
	if (err == ERR_INPUT)
		return refuse(f, form.code, form.message);
	if (err != ERR_NONE)
		return err;
	file = multipart_find(&form, "file");
	if (file == NULL)
		return refuse(f, "missing_parameter",
		    "The form must have a part named \"file\".");
	for (i = 0; i < form.count; i++) {
		if (&form.parts[i] == file)
			continue;
		err = read_field(f, &form, fd, &form.parts[i]);
		if (err != ERR_NONE)
			return err;
	}
	return copy_file(f, state, fd, file);
}
