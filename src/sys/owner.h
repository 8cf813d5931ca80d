/*
 * Acting as the owner of the state folder.  Called by root, the program must
 * never leave a file of root's in a state that belongs to another user; it
 * becomes that user, for good or for as long as it deals with the state.
 * Called by anybody else, all of this does nothing.
 */
#ifndef SYS_OWNER_H
#define SYS_OWNER_H

#include "base/err.h"

/*
 * Makes the state folder (mode 0750) if it is missing.  Made by root, it
 * belongs to the user storemon, if there is one and he can reach it.
 */
MUST_CHECK enum err owner_make_state(const char *state);

/* Becomes the folder's owner, for good. */
MUST_CHECK enum err owner_become(const char *state);

/* Becomes the folder's owner until the end or owner_pause(). */
MUST_CHECK enum err owner_act(const char *state);

/*
 * Is the caller again, until owner_resume(): for files outside the state.
 * Both do nothing unless owner_act() has changed the user.
 */
void owner_pause(void);
void owner_resume(void);

#endif
