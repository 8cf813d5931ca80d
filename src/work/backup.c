/*
 * Making a backup.  Everything is written into a folder of another name,
 * which is locked while somebody writes there, so that what a killed one has
 * left can be told from what another is making.
 */
#include "work/backup.h"

#include "store/store.h"
#include "sys/log.h"
#include "sys/owner.h"
#include "work/sums.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct making {
	const char *target;
	char temp[FILE_PATH_MAX];
	int fd; /* of temp, locked; -1 for none */
	struct sums sums;
};

static enum err
failed(const char *what, const char *path)
{
	int number = errno;

	log_error("%s %s: %s", what, path, strerror(number));
	return err_from_errno(number);
}

/* What a backup that was cut short may have left. */
static void
empty_temp(const struct making *m)
{
	static const char *const ends[] = { "", "-journal", ".part",
		".part-journal", ".part-wal", ".part-shm" };
	const size_t n = sizeof(ends) / sizeof(ends[0]);
	char name[64];
	size_t i;

	for (i = 0; i < BACKUP_FILES * n; i++) {
		(void)snprintf(name, sizeof(name), "%s%s", backup_files[i / n],
		    ends[i % n]);
		(void)unlinkat(m->fd, name, 0);
	}
	(void)unlinkat(m->fd, SUMS_FILE, 0);
	(void)unlinkat(m->fd, SUMS_FILE ".tmp", 0);
}

/* Opens and locks the folder. */
static enum err
lock_temp(struct making *m)
{
	enum err err;

	m->fd = open(m->temp, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (m->fd < 0)
		return failed("open", m->temp);
	if (flock(m->fd, LOCK_EX | LOCK_NB) == 0)
		return ERR_NONE;
	err = errno == EWOULDBLOCK ? ERR_BUSY : failed("lock", m->temp);
	if (err == ERR_BUSY)
		log_error("%s: another backup is being made there", m->temp);
	(void)close(m->fd);
	m->fd = -1;
	return err;
}

/* Removes what a backup has left that was killed, but nothing else. */
static enum err
remove_rest(struct making *m)
{
	enum err err = lock_temp(m);

	if (err != ERR_NONE)
		return err;
	empty_temp(m);
	if (rmdir(m->temp) != 0)
		err = failed("rmdir", m->temp);
	(void)close(m->fd);
	m->fd = -1;
	return err;
}

static enum err
make_temp(struct making *m)
{
	enum err err = ERR_NONE;

	if (mkdir(m->temp, 0750) != 0) {
		if (errno == EEXIST)
			err = remove_rest(m);
		if (err == ERR_NONE && mkdir(m->temp, 0750) != 0)
			err = failed("mkdir", m->temp);
	}
	if (err != ERR_NONE)
		return err;
	err = lock_temp(m);
	/* Unless somebody else was quicker, it is this backup's to remove. */
	if (err != ERR_NONE && err != ERR_BUSY)
		(void)rmdir(m->temp);
	return err;
}

/* Removes what is there if there is no backup of it, and lets go. */
static void
close_temp(struct making *m, enum err err)
{
	if (m->fd < 0)
		return;
	if (err != ERR_NONE) {
		empty_temp(m);
		if (rmdir(m->temp) != 0)
			log_warn("rmdir %s: %s", m->temp, strerror(errno));
	}
	(void)close(m->fd);
}

/* Syncs a file that is there, and reckons its sum. */
static enum err
sum_file(struct making *m, size_t file)
{
	int fd = openat(m->fd, backup_files[file],
	    O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	enum err err;

	if (fd < 0)
		return failed("open", backup_files[file]);
	err = sums_of_fd(fd, m->sums.hex[file]);
	if (err == ERR_NONE && fsync(fd) != 0)
		err = failed("fsync", backup_files[file]);
	if (close(fd) != 0 && err == ERR_NONE)
		err = failed("close", backup_files[file]);
	return err;
}

/* From its temporary name to its own, which a folder that is empty may have. */
static enum err
publish(struct making *m)
{
	enum err err;

	if (fsync(m->fd) != 0)
		return failed("fsync", m->temp);
	if (rename(m->temp, m->target) != 0)
		return failed("rename", m->temp);
	err = file_sync_folder(m->target);
	/* A backup whose name may not last is none. */
	if (err != ERR_NONE && rename(m->target, m->temp) != 0)
		log_warn("rename %s: %s", m->target, strerror(errno));
	return err;
}

/* As the caller. */
static enum err
write_files(struct making *m, struct backup *b)
{
	enum err err = make_temp(m);
	size_t i;

	if (err == ERR_NONE)
		err = backup_copy(b, m->temp);
	for (i = 0; i < BACKUP_FILES && err == ERR_NONE; i++)
		err = sum_file(m, i);
	return err;
}

static enum err
make(struct making *m, struct backup *b)
{
	enum err err;

	owner_pause();
	err = write_files(m, b);
	owner_resume();
	/* This one is the caller by itself. */
	if (err == ERR_NONE)
		err = sums_write(m->temp, &m->sums);
	owner_pause();
	if (err == ERR_NONE)
		err = publish(m);
	close_temp(m, err);
	owner_resume();
	return err;
}

static bool
is_there(const char *path)
{
	struct stat st;
	bool is;

	owner_pause();
	is = lstat(path, &st) == 0;
	owner_resume();
	return is;
}

enum err
backup_make(const char *state, const char *target, int64_t *revision)
{
	struct making m = { .target = target, .fd = -1 };
	struct backup *b = NULL;
	enum err err = owner_act(state);

	if (err != ERR_NONE)
		return err;
	if (is_there(target))
		return ERR_CONFLICT;
	if (snprintf(m.temp, sizeof(m.temp), "%s.tmp", target) >=
	    (int)sizeof(m.temp))
		return ERR_TOO_LARGE;
	err = backup_open(state, &b);
	if (err == ERR_NONE)
		err = backup_revision(b, revision);
	if (err == ERR_NONE)
		err = make(&m, b);
	backup_close(b);
	return err;
}
