/* The files of uploads by id.  What cannot be removed is for the next sweep. */
#include "work/upload_file.h"

#include "base/text.h"
#include "sys/clock.h"
#include "sys/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PART ".tmp" /* what sys/file adds to a file that is written */

static const char *const suffixes[] = {
	[UPLOAD_CSV] = ".csv",
	[UPLOAD_BAD] = ".bad.csv",
};

_Static_assert(sizeof(suffixes) / sizeof(suffixes[0]) == UPLOAD_FILE__MAX,
    "every file has a suffix");

static enum err
failed(const char *what, const char *path)
{
	int number = errno;

	log_error("%s %s: %s", what, path, strerror(number));
	return err_from_errno(number);
}

enum err
upload_path(char out[FILE_PATH_MAX], const char *state, const char *id,
    enum upload_file file)
{
	char name[80];

	(void)snprintf(name, sizeof(name), "uploads/%.36s%s", id,
	    suffixes[file]);
	return file_path(out, state, name);
}

bool
upload_has(const char *state, const char *id, enum upload_file file)
{
	char path[FILE_PATH_MAX];

	return upload_path(path, state, id, file) == ERR_NONE &&
	    access(path, F_OK) == 0;
}

/* Reads the next bytes of the file into the reader. */
static enum err
fill(int fd, struct csv *csv, struct upload_glance *out, bool first)
{
	size_t space;
	char *to = csv_space(csv, &space);
	ssize_t n;

	do
		n = read(fd, to, space);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return failed("read", "the upload");
	if (first)
		out->compressed = dataset_sniff(to, (size_t)n) ==
		    PROBLEM_COMPRESSED;
	if (n == 0)
		csv_end(csv);
	csv_filled(csv, (size_t)n);
	return ERR_NONE;
}

static enum err
glance_in(int fd, struct upload_glance *out)
{
	struct csv_row row;
	struct csv *csv;
	enum csv_event event;
	bool first = true;
	enum err err = csv_new(&csv);

	if (err != ERR_NONE)
		return err;
	while ((event = csv_next(csv, &row)) == CSV_MORE) {
		err = fill(fd, csv, out, first);
		first = false;
		if (err != ERR_NONE || out->compressed)
			break;
	}
	if (event == CSV_ROW)
		out->known = dataset_guess(&row, &out->dataset);
	csv_free(csv);
	return err;
}

enum err
upload_glance(const char *path, struct upload_glance *out)
{
	struct stat st;
	enum err err = ERR_NONE;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	memset(out, 0, sizeof(*out));
	if (fd < 0)
		return failed("open", path);
	if (fstat(fd, &st) != 0)
		err = failed("stat", path);
	else if (!S_ISREG(st.st_mode)) {
		log_error("%s is no regular file", path);
		err = ERR_IO;
	}
	if (err == ERR_NONE) {
		out->bytes = (int64_t)st.st_size;
		err = glance_in(fd, out);
	}
	(void)close(fd);
	return err;
}

static void
remove_path(const char *path)
{
	if (unlink(path) != 0 && errno != ENOENT)
		log_warn("unlink %s: %s", path, strerror(errno));
}

enum err
upload_move(const char *path, const char *state, const char *id)
{
	char to[FILE_PATH_MAX];
	enum err err = upload_path(to, state, id, UPLOAD_CSV);

	if (err != ERR_NONE)
		return err;
	if (chmod(path, 0640) != 0)
		log_warn("chmod %s: %s", path, strerror(errno));
	if (rename(path, to) != 0)
		return failed("rename", path);
	err = file_sync_folder(to);
	if (err != ERR_NONE)
		remove_path(to);
	return err;
}

void
upload_remove(const char *state, const char *id, enum upload_file file)
{
	char path[FILE_PATH_MAX];

	if (upload_path(path, state, id, file) == ERR_NONE)
		remove_path(path);
}

/* Whose file it is; half written ones are of the file they will be. */
static bool
split_name(const char *name, char id[JOB_ID_LEN + 1], enum upload_file *file)
{
	const char *end = name + JOB_ID_LEN;
	size_t i, len;

	if (strlen(name) <= JOB_ID_LEN)
		return false;
	memcpy(id, name, JOB_ID_LEN);
	id[JOB_ID_LEN] = '\0';
	for (i = 0; i < UPLOAD_FILE__MAX; i++) {
		len = strlen(suffixes[i]);
		if (strncmp(end, suffixes[i], len) != 0 ||
		    (end[len] != '\0' && strcmp(end + len, PART) != 0))
			continue;
		*file = (enum upload_file)i;
		return text_is_job_id(id);
	}
	return false;
}

/* Has nothing been done to the file for so long?  Folders never are old. */
static bool
is_old(DIR *folder, const char *name, int64_t age_us)
{
	struct stat st;

	return fstatat(dirfd(folder), name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    !S_ISDIR(st.st_mode) &&
	    clock_now_us() - (int64_t)st.st_ctim.tv_sec * 1000000 >= age_us;
}

static DIR *
open_folder(const char *state, const char *name)
{
	char path[FILE_PATH_MAX];
	DIR *folder;

	if (file_path(path, state, name) != ERR_NONE)
		return NULL;
	folder = opendir(path);
	if (folder == NULL)
		(void)failed("open", path);
	return folder;
}

static void
remove_at(DIR *folder, const char *name)
{
	log_info("removing %s, which nobody wants", name);
	if (unlinkat(dirfd(folder), name, 0) != 0 && errno != ENOENT)
		log_warn("unlink %s: %s", name, strerror(errno));
}

enum err
upload_sweep(const char *state, int64_t age_us,
    enum err (*visit)(void *ctx, const char *id, enum upload_file file,
	bool *goes),
    void *ctx)
{
	DIR *folder = open_folder(state, "uploads");
	char id[JOB_ID_LEN + 1];
	enum upload_file file;
	struct dirent *entry;
	enum err err = ERR_NONE;

	if (folder == NULL)
		return ERR_IO;
	while (err == ERR_NONE && (entry = readdir(folder)) != NULL) {
		bool goes = false;

		if (!split_name(entry->d_name, id, &file) ||
		    !is_old(folder, entry->d_name, age_us))
			continue;
		err = visit(ctx, id, file, &goes);
		if (err == ERR_NONE && goes)
			remove_at(folder, entry->d_name);
	}
	(void)closedir(folder);
	return err;
}

void
upload_sweep_bodies(const char *state, int64_t age_us)
{
	DIR *folder = open_folder(state, "body");
	struct dirent *entry;

	if (folder == NULL)
		return;
	while ((entry = readdir(folder)) != NULL)
		if (is_old(folder, entry->d_name, age_us))
			remove_at(folder, entry->d_name);
	(void)closedir(folder);
}

/* Does the text hold a character that turns the direction of writing? */
static bool
has_turn(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	for (; (p = (const unsigned char *)strchr((const char *)p, 0xe2)); p++)
		if ((p[1] == 0x80 &&
			(p[2] == 0x8e || p[2] == 0x8f ||
			    (p[2] >= 0xaa && p[2] <= 0xae))) ||
		    (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9))
			return true;
	return false;
}

void
upload_tidy_name(const char *name, char out[UPLOAD_FILE_MAX + 1])
{
	const char *p;
	size_t len, i;

	for (p = name; *p != '\0'; p++)
		if (*p == '/' || *p == '\\')
			name = p + 1;
	len = strlen(name);
	if (len > UPLOAD_FILE_MAX)
		for (len = UPLOAD_FILE_MAX;
		     len > 0 && ((unsigned char)name[len] & 0xc0) == 0x80;
		     len--)
			;
	memcpy(out, name, len);
	out[len] = '\0';
	if (text_is_clean(out, len) && !has_turn(out))
		return;
	for (i = 0; i < len; i++)
		if ((unsigned char)out[i] < 0x20 ||
		    (unsigned char)out[i] > 0x7e)
			out[i] = '?';
}
