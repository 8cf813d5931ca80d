/* Files in STATE/body, by names that lead nowhere else. */
#include "web/body.h"

#include "sys/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "/body/"

/* The file's name, if the path is STATE/body/NAME; else NULL. */
static const char *
name_in_folder(const char *state, const char *path)
{
	size_t len = strlen(state);
	const char *name;

	if (strncmp(path, state, len) != 0 ||
	    strncmp(path + len, FOLDER, sizeof(FOLDER) - 1) != 0)
		return NULL;
	name = path + len + sizeof(FOLDER) - 1;
	if (name[0] == '\0' || name[0] == '.' || strchr(name, '/') != NULL)
		return NULL;
	return name;
}

enum err
body_open(const char *state, const char *path, int *fd)
{
	struct stat st;

	if (name_in_folder(state, path) == NULL) {
		log_error("a body outside the state's folder: %s", path);
		return ERR_IO;
	}
	*fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (*fd < 0) {
		log_error("open %s: %s", path, strerror(errno));
		return ERR_IO;
	}
	if (fstat(*fd, &st) == 0 && S_ISREG(st.st_mode))
		return ERR_NONE;
	log_error("a body that is no file: %s", path);
	(void)close(*fd);
	return ERR_IO;
}

enum err
body_make(const char *state, char path[FILE_PATH_MAX], int *fd)
{
	enum err err = file_path(path, state, "body/part-XXXXXX");

	if (err != ERR_NONE)
		return err;
	*fd = mkostemp(path, O_CLOEXEC);
	if (*fd >= 0)
		return ERR_NONE;
	err = err_from_errno(errno);
	log_error("make %s: %s", path, strerror(errno));
	return err;
}
