/*
 * Reading how the service is.  Each part is looked at by itself, so that one
 * that has failed does not hide another.
 */
#include "work/vitals.h"

#include "sys/clock.h"
#include "sys/file.h"
#include "sys/log.h"
#include "work/job_desk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

const char *const vitals_bytes_names[] = {
	[VITALS_DATA] = "data",
	[VITALS_JOBS] = "jobs",
	[VITALS_SPOOL] = "spool",
	[VITALS_UPLOADS] = "uploads",
	[VITALS_LOG] = "log",
};

_Static_assert(sizeof(vitals_bytes_names) / sizeof(vitals_bytes_names[0]) ==
	VITALS_BYTES__MAX,
    "everything has a name");

/* --- the data --------------------------------------------------------------*/

static enum err
read_sets(struct data *data, struct vitals *out)
{
	struct data_dataset set;
	enum err err = data_count_stores(data, &out->stores);
	int i;

	for (i = 0; i < DATASET__MAX && err == ERR_NONE; i++) {
		err = data_dataset(data, (enum dataset)i, &set);
		out->rows[i] = set.rows;
	}
	return err;
}

static enum err
read_data(const char *state, bool all, struct vitals *out)
{
	struct data *data = NULL;
	enum err err = data_open(&data, state);

	if (err == ERR_NONE)
		err = data_read_begin(data);
	if (err == ERR_NONE)
		err = data_revision(data, &out->revision);
	if (err == ERR_NONE && all)
		err = read_sets(data, out);
	data_close(data);
	return err;
}

/* --- the jobs --------------------------------------------------------------*/

/* Could something be changed?  It is left as it is. */
static enum err
try_change(struct jobs *jobs)
{
	enum err err;

	jobs_hurry(jobs);
	err = jobs_begin(jobs);
	jobs_rollback(jobs);
	return err;
}

static void
read_jobs(const struct settings *settings, bool all, struct vitals *out)
{
	struct job_desk *desk = NULL;

	out->jobs = job_desk_open(&desk, settings);
	if (out->jobs == ERR_NONE)
		out->change = try_change(desk->jobs);
	/* Who cannot change anything has nothing to look after. */
	if (out->jobs == ERR_NONE && out->change == ERR_NONE) {
		out->jobs = desk_rescue_others(desk);
		desk_start_worker(desk);
	}
	if (out->jobs == ERR_NONE)
		out->jobs = jobs_count_open(desk->jobs, &out->open);
	if (out->jobs == ERR_NONE && all)
		out->jobs = jobs_count(desk->jobs, &out->counts);
	job_desk_close(desk);
}

/* --- files -----------------------------------------------------------------*/

static enum err
try_spool(const char *state)
{
	char path[FILE_PATH_MAX];
	enum err err = file_path(path, state, "spool");

	if (err == ERR_NONE && access(path, W_OK | X_OK) != 0) {
		log_error("access %s: %s", path, strerror(errno));
		err = ERR_IO;
	}
	return err;
}

static enum err
read_disk(const char *state, struct vitals *out)
{
	struct statvfs fs;

	if (statvfs(state, &fs) != 0) {
		log_error("statvfs %s: %s", state, strerror(errno));
		return ERR_IO;
	}
	out->disk_free = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
	out->disk_bytes = (int64_t)fs.f_blocks * (int64_t)fs.f_frsize;
	return ERR_NONE;
}

/* What a file takes; 0 if it is not there. */
static int64_t
file_bytes(const char *state, const char *name)
{
	char path[FILE_PATH_MAX];
	struct stat st;

	return file_path(path, state, name) == ERR_NONE && stat(path, &st) == 0
	    ? (int64_t)st.st_blocks * 512
	    : 0;
}

static int64_t
folder_bytes(const char *state, const char *name)
{
	char path[FILE_PATH_MAX];
	struct dirent *entry;
	int64_t bytes = 0;
	struct stat st;
	DIR *folder;

	if (file_path(path, state, name) != ERR_NONE)
		return 0;
	folder = opendir(path);
	if (folder == NULL)
		return 0;
	while ((entry = readdir(folder)) != NULL)
		if (fstatat(dirfd(folder), entry->d_name, &st,
			AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(st.st_mode))
			bytes += (int64_t)st.st_blocks * 512;
	(void)closedir(folder);
	return bytes;
}

static void
read_bytes(const char *state, struct vitals *out)
{
	out->bytes[VITALS_DATA] = file_bytes(state, "data.db") +
	    file_bytes(state, "data.db-wal");
	out->bytes[VITALS_JOBS] = file_bytes(state, "jobs.db") +
	    file_bytes(state, "jobs.db-wal");
	/* The folder itself may have a hundred thousand names. */
	out->bytes[VITALS_SPOOL] = out->counts.spool_bytes;
	out->bytes[VITALS_UPLOADS] = folder_bytes(state, "uploads");
	out->bytes[VITALS_LOG] = folder_bytes(state, "log");
}

void
vitals_read(const struct settings *settings, bool all, struct vitals *out)
{
	const char *state = settings->state;

	memset(out, 0, sizeof(*out));
	out->now_us = clock_now_us();
	out->data = read_data(state, all, out);
	read_jobs(settings, all, out);
	out->spool = try_spool(state);
	out->disk = read_disk(state, out);
	if (all)
		read_bytes(state, out);
}
