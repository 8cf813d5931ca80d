/*
 * Restoring a backup.
 *
 *	STATE/restore.tmp/	the copies, until they have been looked through
 *	STATE/restore/		the same: from here on the restore is certain;
 *				what was there before is moved into it, and
 *				the copies out of it
 *	STATE/former-STAMP/	the same, with only what was there before
 *
 * The step from the first to the second is one rename: before it nothing has
 * changed, after it nobody can open the databases (store/backup.h) until all
 * has been moved.  Each move is done if it was not yet, so that the next
 * restore finishes what one has begun that was killed.
 */
#include "work/backup.h"

#include "core/stamp.h"
#include "store/store.h"
#include "sys/clock.h"
#include "sys/lock.h"
#include "sys/log.h"
#include "work/outfile.h"
#include "work/slot.h"
#include "work/sums.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SLOTS_MAX 64
#define PART_BYTES ((size_t)256 * 1024)

/* Whose locks are held: nobody may begin to work on the state meanwhile. */
static const char *const locks[] = { "run.lock", "data.lock", "jobs.lock" };

#define LOCKS (sizeof(locks) / sizeof(locks[0]))

struct restore {
	int fd[BACKUP_FILES]; /* of the backup's files */
	struct sums sums;
	const char *state;
	int held[LOCKS + SLOTS_MAX];
	size_t held_count;
};

static enum err
failed(const char *what, const char *path)
{
	int number = errno;

	log_error("%s %s: %s", what, path, strerror(number));
	return err_from_errno(number);
}

/* --- the backup ------------------------------------------------------------*/

/* Opens a file of it; ERR_INPUT, not logged, if there is none. */
static enum err
open_file(const char *folder, const char *name, int *fd)
{
	char path[FILE_PATH_MAX];
	enum err err = file_path(path, folder, name);

	*fd = -1;
	if (err != ERR_NONE)
		return err;
	*fd = open(path, O_RDONLY | O_CLOEXEC);
	if (*fd >= 0)
		return ERR_NONE;
	return errno == ENOENT || errno == ENOTDIR ? ERR_INPUT
						   : failed("open", path);
}

enum err
restore_open(const char *folder, struct restore **out)
{
	struct restore *r = calloc(1, sizeof(*r));
	enum err err;
	size_t i;
	int fd;

	if (r == NULL)
		return ERR_NO_MEMORY;
	for (i = 0; i < BACKUP_FILES; i++)
		r->fd[i] = -1;
	err = open_file(folder, SUMS_FILE, &fd);
	if (err == ERR_NONE)
		err = sums_read(fd, &r->sums);
	if (fd >= 0)
		(void)close(fd);
	for (i = 0; i < BACKUP_FILES && err == ERR_NONE; i++)
		err = open_file(folder, backup_files[i], &r->fd[i]);
	if (err != ERR_NONE) {
		restore_close(r);
		return err;
	}
	*out = r;
	return ERR_NONE;
}

void
restore_close(struct restore *r)
{
	size_t i;

	if (r == NULL)
		return;
	for (i = 0; i < BACKUP_FILES; i++)
		if (r->fd[i] >= 0)
			(void)close(r->fd[i]);
	for (i = 0; i < r->held_count; i++)
		lock_drop(&r->held[i]);
	free(r);
}

/* --- who else is there -----------------------------------------------------*/

static enum err
hold(struct restore *r, const char *name)
{
	char path[FILE_PATH_MAX];
	enum err err = file_path(path, r->state, name);

	if (err == ERR_NONE)
		err = lock_take(path, &r->held[r->held_count]);
	if (err == ERR_NONE)
		r->held_count++;
	return err;
}

/* Takes the slots that workers ever had; ERR_BUSY if one is at work. */
static enum err
hold_slots(struct restore *r)
{
	char path[FILE_PATH_MAX], name[32];
	enum err err = ERR_NONE;
	int i;

	for (i = 0; i < SLOTS_MAX && err == ERR_NONE; i++) {
		(void)snprintf(name, sizeof(name), "slots/%d.lock", i);
		if (file_path(path, r->state, name) == ERR_NONE &&
		    access(path, F_OK) == 0)
			err = hold(r, name);
	}
	return err;
}

static enum err
hold_all(struct restore *r)
{
	enum err err = ERR_NONE;
	size_t i;

	for (i = 0; i < LOCKS && err == ERR_NONE; i++)
		err = hold(r, locks[i]);
	return err == ERR_NONE ? hold_slots(r) : err;
}

/* --- the copies ------------------------------------------------------------*/

/* Removes a folder of files, if it is there. */
static enum err
remove_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	if (folder == NULL)
		return errno == ENOENT ? ERR_NONE : failed("open", path);
	while ((entry = readdir(folder)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			(void)unlinkat(dirfd(folder), entry->d_name, 0);
	(void)closedir(folder);
	return rmdir(path) == 0 ? ERR_NONE : failed("rmdir", path);
}

static enum err
add_all(int fd, struct outfile *out)
{
	static char part[PART_BYTES];
	ssize_t n;

	while ((n = read(fd, part, sizeof(part))) != 0) {
		if (n < 0 && errno != EINTR)
			return failed("read", "the backup");
		if (n > 0)
			outfile_add(out, part, (size_t)n);
	}
	return ERR_NONE;
}

/* Copies a file of the backup, if it is the one that was written. */
static enum err
copy_file(struct restore *r, size_t file, const char *folder)
{
	char path[FILE_PATH_MAX], hex[OUTFILE_SHA256];
	struct outfile *out = NULL;
	enum err err = file_path(path, folder, backup_files[file]);

	if (err == ERR_NONE)
		err = outfile_new(path, false, &out);
	if (err != ERR_NONE)
		return err;
	err = outfile_hash(out);
	if (err == ERR_NONE)
		err = add_all(r->fd[file], out);
	if (err != ERR_NONE) {
		outfile_abort(out);
		return err;
	}
	err = outfile_publish(out, hex, NULL);
	if (err == ERR_NONE && strcmp(hex, r->sums.hex[file]) != 0) {
		log_error("%s of the backup is not what was written",
		    backup_files[file]);
		err = ERR_CORRUPT;
	}
	return err;
}

/* The path of a file or folder of the state. */
static enum err
state_path(const struct restore *r, const char *name, char out[FILE_PATH_MAX])
{
	return file_path(out, r->state, name);
}

/* Fills a folder with copies that are fit for use. */
static enum err
prepare(struct restore *r, const char *folder)
{
	enum err err = remove_folder(folder);
	size_t i;

	if (err == ERR_NONE)
		err = file_make_folder(folder);
	for (i = 0; i < BACKUP_FILES && err == ERR_NONE; i++)
		err = copy_file(r, i, folder);
	if (err == ERR_NONE)
		err = backup_settle(folder);
	return err;
}

/* --- the change ------------------------------------------------------------*/

/* Moves a file from one folder to another, if it is there. */
static enum err
move(const char *from, const char *to, const char *name)
{
	char source[FILE_PATH_MAX], target[FILE_PATH_MAX];
	enum err err = file_path(source, from, name);

	if (err == ERR_NONE)
		err = file_path(target, to, name);
	if (err == ERR_NONE && rename(source, target) != 0 && errno != ENOENT)
		err = failed("rename", source);
	return err;
}

/* Moves a database away, its log before it, and its copy in its place. */
static enum err
change_file(struct restore *r, const char *copies, const char *former,
    const char *file)
{
	static const char *const ends[] = { "-wal", "-shm", "" };
	char path[FILE_PATH_MAX], name[32];
	enum err err = file_path(path, copies, file);
	size_t i;

	if (err != ERR_NONE || access(path, F_OK) != 0)
		return err;
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]) && err == ERR_NONE;
	     i++) {
		(void)snprintf(name, sizeof(name), "%s%s", file, ends[i]);
		err = move(r->state, former, name);
	}
	return err == ERR_NONE ? move(copies, r->state, file) : err;
}

/* Gives what was there before a name that stays; "" if it was nothing. */
static enum err
name_former(struct restore *r, const char *former, char out[FILE_PATH_MAX])
{
	char name[64] = "former-", stamp[STAMP_TEXT], *to = name + 7;
	const char *from = stamp_format(clock_now_us(), stamp);
	enum err err;

	out[0] = '\0';
	if (rmdir(former) == 0)
		return ERR_NONE;
	for (; *from != '\0'; from++)
		if (*from != '-' && *from != ':')
			*to++ = *from;
	*to = '\0';
	err = state_path(r, name, out);
	if (err == ERR_NONE && rename(former, out) != 0)
		err = failed("rename", former);
	return err;
}

/* Lets the lock files forget what they noted of the databases before. */
static enum err
forget_notes(struct restore *r)
{
	size_t i;

	/* On the disk as well: the note of newer data would forbid the copy. */
	for (i = 0; i < LOCKS; i++)
		if (ftruncate(r->held[i], 0) != 0 || fsync(r->held[i]) != 0)
			return failed("empty", locks[i]);
	return ERR_NONE;
}

/* Does what is still to be done of a restore that is certain. */
static enum err
change(struct restore *r, char named[FILE_PATH_MAX])
{
	char copies[FILE_PATH_MAX], former[FILE_PATH_MAX];
	enum err err = state_path(r, BACKUP_RESTORE, copies);
	size_t i;

	if (err == ERR_NONE)
		err = state_path(r, "former", former);
	if (err == ERR_NONE)
		err = file_make_folder(former);
	if (err == ERR_NONE)
		err = forget_notes(r);
	for (i = 0; i < BACKUP_FILES && err == ERR_NONE; i++)
		err = change_file(r, copies, former, backup_files[i]);
	if (err == ERR_NONE)
		err = name_former(r, former, named);
	if (err == ERR_NONE)
		err = file_sync_folder(copies);
	if (err == ERR_NONE)
		err = remove_folder(copies);
	return err == ERR_NONE ? file_sync_folder(copies) : err;
}

/* The one step from nothing to all. */
static enum err
make_certain(struct restore *r, const char *temp)
{
	char copies[FILE_PATH_MAX];
	enum err err = state_path(r, BACKUP_RESTORE, copies);

	if (err == ERR_NONE)
		err = prepare(r, temp);
	if (err == ERR_NONE && rename(temp, copies) != 0)
		err = failed("rename", temp);
	if (err != ERR_NONE) {
		(void)remove_folder(temp);
		return err;
	}
	return file_sync_folder(copies);
}

enum err
restore_run(struct restore *r, const char *state, char former[FILE_PATH_MAX])
{
	char temp[FILE_PATH_MAX];
	enum err err;

	r->state = state;
	err = state_path(r, BACKUP_RESTORE ".tmp", temp);
	if (err == ERR_NONE)
		err = hold_all(r);
	if (err == ERR_NONE && backup_is_interrupted(state))
		err = change(r, former);
	if (err == ERR_NONE)
		err = make_certain(r, temp);
	return err == ERR_NONE ? change(r, former) : err;
}
