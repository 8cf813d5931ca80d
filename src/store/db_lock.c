/*
 * The writer lock of a database, and the note in its file: one short line, so
 * that it is in one sector of the disk and there is no half of it.
 */
#include "store/db_impl.h"

#include "base/number.h"
#include "sys/clock.h"
#include "sys/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define WAIT_US INT64_C(60000000)
#define HURRIED_US INT64_C(1000000)
#define STEP_US 2000

/* A state, a change and the end of the line. */
#define STATE_BYTES (sizeof("log settled, change ") - 1)
#define DIGITS 19
#define NOTE_BYTES ((ssize_t)(STATE_BYTES + DIGITS + 1))

static const char *const states[] = {
	"log settled, change ",
	"log pending, change ",
};

static enum err
failed(const struct db *db)
{
	int number = errno;

	log_error("%s.lock: %s", db->name, strerror(number));
	return err_from_errno(number);
}

/*
 * flock has no time limit of its own, and SIGALRM belongs to the program, so
 * a lock that is taken is asked for again every other millisecond.
 */
enum err
db_lock(struct db *db)
{
	int64_t until_us = clock_monotonic_us() +
	    (db->hurried ? HURRIED_US : WAIT_US);

	while (flock(db->lock_fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return failed(db);
		if (clock_monotonic_us() > until_us) {
			if (!db->hurried)
				log_error("%s.lock: held for too long",
				    db->name);
			return ERR_BUSY;
		}
		(void)usleep(STEP_US);
	}
	return ERR_NONE;
}

void
db_unlock(struct db *db)
{
	(void)flock(db->lock_fd, LOCK_UN);
}

/* A note that nobody can read says the least: all may be pending. */
enum err
db_note_read(struct db *db, struct db_note *out)
{
	char line[NOTE_BYTES + 1] = "";
	ssize_t n = pread(db->lock_fd, line, NOTE_BYTES, 0);

	memset(out, 0, sizeof(*out));
	if (n < 0)
		return failed(db);
	out->pending = n > 0 && memcmp(line, states[false], STATE_BYTES) != 0;
	if (n == NOTE_BYTES)
		(void)number_parse(line + STATE_BYTES, DIGITS, 0, INT64_MAX,
		    &out->change);
	return ERR_NONE;
}

enum err
db_note_write(struct db *db, const struct db_note *note)
{
	char line[NOTE_BYTES + 1];
	struct db_note old;
	enum err err = db_note_read(db, &old);
	ssize_t n;

	if (err != ERR_NONE ||
	    (old.pending == note->pending && old.change == note->change))
		return err;
	n = snprintf(line, sizeof(line), "%s%0*" PRId64 "\n",
	    states[note->pending], DIGITS, note->change);
	errno = ENOSPC;
	if (pwrite(db->lock_fd, line, (size_t)n, 0) != n ||
	    fdatasync(db->lock_fd) != 0)
		return failed(db);
	return ERR_NONE;
}
