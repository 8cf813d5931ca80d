/*
 * Lock files: who holds the flock of one is alive.  The kernel lets go when
 * the last copy of the descriptor is closed, however the process ends, and
 * no lock survives a reboot.  Lock files are never unlinked: two processes
 * could hold the lock of two files of one name.
 */
#ifndef SYS_LOCK_H
#define SYS_LOCK_H

#include "base/err.h"

/*
 * Opens path, made if it is missing (mode 0640), and takes its lock without
 * waiting.  *fd is above 2 and closed on exec.  ERR_BUSY, not logged, if
 * somebody has it; then, and after a failure, *fd is -1.
 */
MUST_CHECK enum err lock_take(const char *path, int *fd);

/*
 * Makes sure that fd is open on path and holds its lock, taking it if nobody
 * does.  ERR_CONFLICT, logged, if it is another file or none, or if somebody
 * else holds the lock.
 */
MUST_CHECK enum err lock_adopt(const char *path, int fd);

/*
 * Closes *fd, which lets go of the lock unless another process has a copy of
 * it, and sets it to -1.  Does nothing if it is -1 already.
 */
void lock_drop(int *fd);

#endif
