/*
 * Users are changed by the effective ids where the change is for a while, and
 * by all of them where it is for good.  A failed change is fatal to the
 * operation, never passed over: going on as root is what must not happen.
 */
#include "sys/owner.h"

#include "sys/log.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STATE_USER "storemon"

/* Whom owner_act() has made of the caller. */
static bool acting;
static uid_t acting_uid;
static gid_t acting_gid;

static enum err
failed(const char *what, const char *path)
{
	int number = errno;

	log_error("%s %s: %s", what, path, strerror(number));
	return err_from_errno(number);
}

static bool
enter(uid_t uid, gid_t gid)
{
	return setegid(gid) == 0 && seteuid(uid) == 0;
}

static bool
leave(void)
{
	return seteuid(0) == 0 && setegid(0) == 0;
}

/* Gives a folder just made to the user storemon, if that is of use. */
static enum err
hand_over(const char *state)
{
	const struct passwd *user = getpwnam(STATE_USER);
	bool reaches;

	if (user == NULL)
		return ERR_NONE;
	if (chown(state, user->pw_uid, user->pw_gid) != 0 ||
	    !enter(user->pw_uid, user->pw_gid))
		return failed("hand over", state);
	reaches = faccessat(AT_FDCWD, state, W_OK | X_OK, AT_EACCESS) == 0;
	if (!leave())
		return failed("hand over", state);
	if (!reaches && chown(state, 0, 0) != 0)
		return failed("hand over", state);
	return ERR_NONE;
}

enum err
owner_make_state(const char *state)
{
	if (mkdir(state, 0750) == 0)
		return geteuid() == 0 ? hand_over(state) : ERR_NONE;
	if (errno == EEXIST)
		return ERR_NONE;
	return failed("make the state folder", state);
}

/* The folder's owner; false if there is nothing to change. */
static bool
find_owner(const char *state, struct stat *st, enum err *err)
{
	*err = ERR_NONE;
	if (geteuid() != 0)
		return false;
	if (stat(state, st) != 0) {
		*err = failed("look at", state);
		return false;
	}
	return st->st_uid != 0;
}

enum err
owner_become(const char *state)
{
	struct stat st;
	enum err err;

	if (!find_owner(state, &st, &err))
		return err;
	if (setgroups(0, NULL) != 0 || setgid(st.st_gid) != 0 ||
	    setuid(st.st_uid) != 0)
		return failed("become the owner of", state);
	return ERR_NONE;
}

enum err
owner_act(const char *state)
{
	struct stat st;
	enum err err;

	if (!find_owner(state, &st, &err))
		return err;
	if (setgroups(0, NULL) != 0 || !enter(st.st_uid, st.st_gid))
		return failed("become the owner of", state);
	acting = true;
	acting_uid = st.st_uid;
	acting_gid = st.st_gid;
	return ERR_NONE;
}

void
owner_pause(void)
{
	if (acting && !leave()) {
		log_error("be the caller again: %s", strerror(errno));
		abort();
	}
}

void
owner_resume(void)
{
	if (acting && !enter(acting_uid, acting_gid)) {
		log_error("become the owner again: %s", strerror(errno));
		abort();
	}
}
