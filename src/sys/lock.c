/*
 * Lock files by flock(2).  Its lock belongs to the open file description, so
 * that it passes through exec and lasts until the last copy is closed; a
 * lock by fcntl would be lost as soon as any descriptor of the file is.
 */
#include "sys/lock.h"

#include "sys/log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err
failed(const char *what, const char *path)
{
	int number = errno;

	log_error("%s %s: %s", what, path, strerror(number));
	return err_from_errno(number);
}

/* Takes the lock of fd now or not at all. */
static int
try_lock(int fd)
{
	int result;

	do
		result = flock(fd, LOCK_EX | LOCK_NB);
	while (result != 0 && errno == EINTR);
	return result;
}

/* Opens path with a descriptor that is none of the standard three. */
static int
open_above(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640), low;

	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	low = fd;
	fd = fcntl(low, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	(void)close(low);
	return fd;
}

enum err
lock_take(const char *path, int *fd)
{
	enum err err;

	*fd = open_above(path);
	if (*fd < 0)
		return failed("open", path);
	if (try_lock(*fd) == 0)
		return ERR_NONE;
	err = errno == EWOULDBLOCK ? ERR_BUSY : failed("lock", path);
	lock_drop(fd);
	return err;
}

enum err
lock_adopt(const char *path, int fd)
{
	struct stat mine, named;

	if (fstat(fd, &mine) != 0 || stat(path, &named) != 0 ||
	    mine.st_dev != named.st_dev || mine.st_ino != named.st_ino) {
		log_error("descriptor %d is not the lock file %s", fd, path);
		return ERR_CONFLICT;
	}
	if (try_lock(fd) != 0) {
		log_error("lock %s: somebody else has it", path);
		return ERR_CONFLICT;
	}
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
		return failed("fcntl", path);
	return ERR_NONE;
}

void
lock_drop(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}
