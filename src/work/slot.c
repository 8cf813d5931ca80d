/*
 * The slot files.  A note is written with one pwrite and read with one
 * pread; the id in it tells whose it is, since the file keeps the last
 * worker's note when that one has gone.
 */
#include "work/slot.h"

#include "sys/file.h"
#include "sys/lock.h"
#include "sys/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum err
slot_path(char out[FILE_PATH_MAX], const char *state, int slot)
{
	char name[32];

	(void)snprintf(name, sizeof(name), "slots/%d.lock", slot);
	return file_path(out, state, name);
}

enum err
slot_take(const char *state, int slot, int *fd)
{
	char path[FILE_PATH_MAX];
	enum err err = slot_path(path, state, slot);

	*fd = -1;
	return err == ERR_NONE ? lock_take(path, fd) : err;
}

enum err
slot_take_any(const char *state, int slots, int *slot, int *fd)
{
	enum err err = ERR_BUSY;
	int i;

	for (i = 0; i < slots && err == ERR_BUSY; i++) {
		err = slot_take(state, i, fd);
		*slot = i;
	}
	return err;
}

enum err
slot_adopt(const char *state, int slot, int fd)
{
	char path[FILE_PATH_MAX];
	enum err err = slot_path(path, state, slot);

	return err == ERR_NONE ? lock_adopt(path, fd) : err;
}

void
slot_write(int fd, const struct slot_note *note)
{
	ssize_t n = pwrite(fd, note, sizeof(*note), 0);

	if (n != (ssize_t)sizeof(*note))
		log_warn("write to the slot: %s",
		    n < 0 ? strerror(errno) : "too short");
}

void
slot_mark_overtime(int fd)
{
	const uint8_t overtime = 1;
	ssize_t ignored = pwrite(fd, &overtime, sizeof(overtime),
	    (off_t)offsetof(struct slot_note, overtime));

	(void)ignored;
}

void
slot_read(const char *state, int slot, struct slot_note *note)
{
	char path[FILE_PATH_MAX];
	ssize_t n = -1;
	int fd = -1;

	if (slot_path(path, state, slot) == ERR_NONE)
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = pread(fd, note, sizeof(*note), 0);
		(void)close(fd);
	}
	if (n != (ssize_t)sizeof(*note))
		memset(note, 0, sizeof(*note));
	note->id[JOB_ID_LEN] = '\0';
}
