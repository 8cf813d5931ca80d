/*
 * Publishing files.  The buffer is flushed in large writes; the first error
 * sticks, so that whoever formats a file checks once, at the end.
 */
#include "sys/file.h"

#include "sys/log.h"
#include "sys/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_BYTES ((size_t)256 * 1024)

static enum err
failed(const char *what, const char *path)
{
	int number = errno;

	log_error("%s %s: %s", what, path, strerror(number));
	return err_from_errno(number);
}

enum err
file_path(char out[FILE_PATH_MAX], const char *folder, const char *name)
{
	int len = snprintf(out, FILE_PATH_MAX, "%s/%s", folder, name);

	if (len < 0 || len >= FILE_PATH_MAX) {
		log_error("path too long: %s/%s", folder, name);
		return ERR_TOO_LARGE;
	}
	return ERR_NONE;
}

enum err
file_write_all(int fd, const void *data, size_t len)
{
	const char *p = data;
	ssize_t n;

	while (len > 0) {
		n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_from_errno(errno);
		p += n;
		len -= (size_t)n;
	}
	return ERR_NONE;
}

enum err
file_sync_folder(const char *path)
{
	char folder[FILE_PATH_MAX];
	const char *slash = strrchr(path, '/');
	enum err err = ERR_NONE;
	int fd, len;

	if (slash == NULL)
		len = snprintf(folder, sizeof(folder), ".");
	else if (slash == path)
		len = snprintf(folder, sizeof(folder), "/");
	else
		len = snprintf(folder, sizeof(folder), "%.*s",
		    (int)(slash - path), path);
	if (len < 0 || (size_t)len >= sizeof(folder))
		return ERR_TOO_LARGE;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return failed("open", folder);
	if (fsync(fd) != 0)
		err = failed("fsync", folder);
	(void)close(fd);
	return err;
}

enum err
file_make_folder(const char *path)
{
	if (mkdir(path, 0750) == 0 || errno == EEXIST)
		return ERR_NONE;
	return failed("mkdir", path);
}

/* A device or a pipe is written to as it is; only files are published. */
static bool
is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static enum err
open_special(struct file_out *f, const char *path)
{
	enum err err;

	owner_pause();
	f->fd = open(path, O_WRONLY | O_CLOEXEC);
	err = f->fd >= 0 ? ERR_NONE : failed("open", path);
	owner_resume();
	if (err != ERR_NONE)
		file_out_abort(f);
	return err;
}

enum err
file_out_open(struct file_out *f, const char *path)
{
	int len;

	memset(f, 0, sizeof(*f));
	f->fd = -1;
	f->data = malloc(BUFFER_BYTES);
	if (f->data == NULL)
		return ERR_NO_MEMORY;
	if (strcmp(path, "-") == 0) {
		f->fd = STDOUT_FILENO;
		return ERR_NONE;
	}
	if (is_special(path))
		return open_special(f, path);
	len = snprintf(f->path, sizeof(f->path), "%s", path);
	if (len < 0 || (size_t)len >= sizeof(f->path) - 4) {
		file_out_abort(f);
		return ERR_TOO_LARGE;
	}
	(void)snprintf(f->temp, sizeof(f->temp), "%.*s.tmp",
	    (int)sizeof(f->path) - 5, f->path);
	owner_pause();
	f->fd = open(f->temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	owner_resume();
	if (f->fd < 0) {
		enum err err = failed("open", f->temp);

		f->temp[0] = '\0';
		file_out_abort(f);
		return err;
	}
	return ERR_NONE;
}

static void
flush(struct file_out *f)
{
	if (f->err == ERR_NONE && f->used > 0) {
		f->err = file_write_all(f->fd, f->data, f->used);
		if (f->err != ERR_NONE)
			log_error("write %s: %s",
			    f->path[0] != '\0' ? f->path : "standard output",
			    err_text(f->err));
	}
	f->used = 0;
}

void
file_out_add(struct file_out *f, const void *data, size_t len)
{
	const char *p = data;

	f->bytes += len;
	while (len > 0) {
		size_t part = BUFFER_BYTES - f->used;

		if (part > len)
			part = len;
		memcpy(f->data + f->used, p, part);
		f->used += part;
		p += part;
		len -= part;
		if (f->used == BUFFER_BYTES)
			flush(f);
	}
}

/* From its temporary name to its final one. */
static enum err
publish_name(struct file_out *f)
{
	enum err err = ERR_NONE;

	owner_pause();
	if (rename(f->temp, f->path) != 0) {
		err = failed("rename", f->temp);
	} else {
		f->temp[0] = '\0';
		err = file_sync_folder(f->path);
		/* A file whose name may not last is not published. */
		if (err != ERR_NONE)
			(void)unlink(f->path);
	}
	owner_resume();
	return err;
}

enum err
file_out_publish(struct file_out *f)
{
	enum err err;

	flush(f);
	err = f->err;
	if (f->path[0] == '\0') {
		if (f->fd > STDERR_FILENO && close(f->fd) != 0 &&
		    err == ERR_NONE)
			err = failed("close", "the output");
		f->fd = -1;
		file_out_abort(f);
		return err;
	}
	if (err == ERR_NONE && fsync(f->fd) != 0)
		err = failed("fsync", f->temp);
	if (close(f->fd) != 0 && err == ERR_NONE)
		err = failed("close", f->temp);
	f->fd = -1;
	if (err == ERR_NONE)
		err = publish_name(f);
	file_out_abort(f);
	return err;
}

void
file_out_abort(struct file_out *f)
{
	if (f->fd > STDERR_FILENO)
		(void)close(f->fd);
	if (f->temp[0] != '\0') {
		owner_pause();
		(void)unlink(f->temp);
		owner_resume();
	}
	free(f->data);
	f->data = NULL;
	f->temp[0] = '\0';
	f->fd = -1;
}
