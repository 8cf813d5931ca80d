/*
 * The spool's files by id.  Removing is told by the log only: what stays is
 * found by the next sweep.
 */
#include "work/spool.h"

#include "sys/log.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PART ".tmp" /* what sys/file adds to a file that is written */

static const char *const suffixes[REPORT_FILE__MAX] = {
	[REPORT_CSV] = ".csv",
	[REPORT_DETAIL] = ".detail.csv",
	[REPORT_SUMMARY] = ".json",
	[REPORT_STORES] = ".stores.json",
	[REPORT_STRIPS] = ".strips.txt",
};

/* The plain file and the compressed one. */
static const char *const forms[] = { "", ".gz" };

#define FORMS (sizeof(forms) / sizeof(forms[0]))

/* STATE/spool/ID + suffix + form. */
static enum err
make_path(char out[FILE_PATH_MAX], const char *state, const char *name,
    size_t file, const char *form)
{
	int len = snprintf(out, FILE_PATH_MAX, "%s/spool/%s%s%s", state, name,
	    suffixes[file], form);

	if (len < 0 || len >= FILE_PATH_MAX) {
		log_error("path too long: %s/spool/%s", state, name);
		return ERR_TOO_LARGE;
	}
	return ERR_NONE;
}

enum err
spool_path(char out[FILE_PATH_MAX], const char *state, const char *id,
    enum report_file file)
{
	return make_path(out, state, id, (size_t)file, "");
}

bool
spool_has(const char *state, const char *id)
{
	char path[FILE_PATH_MAX];

	return spool_path(path, state, id, REPORT_CSV) == ERR_NONE &&
	    access(path, F_OK) == 0;
}

static enum err
link_one(const char *from, const char *to)
{
	int result = link(from, to);

	if (result != 0 && errno == EEXIST && unlink(to) == 0)
		result = link(from, to);
	if (result == 0)
		return ERR_NONE;
	if (errno != ENOENT)
		log_error("link %s to %s: %s", from, to, strerror(errno));
	return err_from_errno(errno);
}

enum err
spool_link(const char *state, const char *from, const char *to)
{
	char source[FILE_PATH_MAX], target[FILE_PATH_MAX];
	enum err err = ERR_NONE;
	size_t i;

	for (i = 0; i < REPORT_FILE__MAX * FORMS && err == ERR_NONE; i++) {
		const char *form = forms[i % FORMS];

		err = make_path(source, state, from, i / FORMS, form);
		if (err == ERR_NONE)
			err = make_path(target, state, to, i / FORMS, form);
		if (err == ERR_NONE)
			err = link_one(source, target);
		/* The report itself, the first, is all that must be there. */
		if (err == ERR_NOT_FOUND && i > 0)
			err = ERR_NONE;
	}
	if (err != ERR_NONE)
		spool_remove(state, to);
	return err;
}

int64_t
spool_bytes(const char *state, const char *id)
{
	char path[FILE_PATH_MAX];
	int64_t bytes = 0;
	struct stat st;
	size_t i;

	for (i = 0; i < REPORT_FILE__MAX * FORMS; i++)
		if (make_path(path, state, id, i / FORMS, forms[i % FORMS]) ==
			ERR_NONE &&
		    stat(path, &st) == 0)
			bytes += (int64_t)st.st_blocks * 512;
	return bytes;
}

enum err
spool_sync(const char *state)
{
	char path[FILE_PATH_MAX];
	enum err err = file_path(path, state, "spool/.");

	return err == ERR_NONE ? file_sync_folder(path) : err;
}

/* Removes the files of an id whose names end in `end`. */
static void
remove_all(const char *state, const char *id, const char *end)
{
	char path[FILE_PATH_MAX], form[16];
	size_t i;

	for (i = 0; i < REPORT_FILE__MAX * FORMS; i++) {
		(void)snprintf(form, sizeof(form), "%s%s", forms[i % FORMS],
		    end);
		if (make_path(path, state, id, i / FORMS, form) != ERR_NONE)
			return;
		if (unlink(path) != 0 && errno != ENOENT)
			log_warn("unlink %s: %s", path, strerror(errno));
	}
}

void
spool_remove(const char *state, const char *id)
{
	remove_all(state, id, "");
}

void
spool_remove_parts(const char *state, const char *id)
{
	remove_all(state, id, PART);
}

/* The id that a name starts with, and whether its end is a part's. */
static bool
split_name(const char *name, char id[JOB_ID_LEN + 1], bool *part)
{
	size_t len = strlen(name), end = strlen(PART);

	if (len <= JOB_ID_LEN || name[JOB_ID_LEN] != '.')
		return false;
	memcpy(id, name, JOB_ID_LEN);
	id[JOB_ID_LEN] = '\0';
	*part = strcmp(name + len - end, PART) == 0;
	return text_is_job_id(id);
}

enum err
spool_visit(const char *state,
    enum err (*visit)(void *ctx, const char *id, bool part), void *ctx)
{
	char path[FILE_PATH_MAX], id[JOB_ID_LEN + 1];
	struct dirent *entry;
	enum err err = file_path(path, state, "spool");
	bool part;
	DIR *folder;

	if (err != ERR_NONE)
		return err;
	folder = opendir(path);
	if (folder == NULL) {
		log_error("open %s: %s", path, strerror(errno));
		return err_from_errno(errno);
	}
	while (err == ERR_NONE && (entry = readdir(folder)) != NULL)
		if (split_name(entry->d_name, id, &part))
			err = visit(ctx, id, part);
	(void)closedir(folder);
	return err;
}
