/*
 * Starting a program that goes on by itself: in its own session, with no
 * descriptor of ours but the one that it is given, signals as at the start
 * of a process.  It is exec'd, since database connections and listening
 * sockets must not cross a fork.
 */
#ifndef SYS_SPAWN_H
#define SYS_SPAWN_H

#include "base/err.h"
#include "sys/file.h"

#define SPAWN_FD 3 /* where the program finds its descriptor */

struct spawn {
	const char *program;     /* path */
	const char *const *argv; /* ends with NULL */
	const char *variable;    /* NAME=VALUE added to ours, or NULL */
	const char *log;         /* standard error is appended to it */
	int fd;                  /* becomes SPAWN_FD; above 2 */
};

/*
 * Starts the program.  0 and 1 are /dev/null; 2 is the log file (mode 0640),
 * made if it is missing, or /dev/null if it cannot be opened.  The
 * environment is ours without the variables by which a web server passes a
 * request.  The caller still has its copy of fd.  Failures are logged;
 * ERR_NOT_FOUND if there is no such program, ERR_BUSY if there are too many
 * processes.
 */
MUST_CHECK enum err spawn_start(const struct spawn *spawn);

/*
 * Has the system forget children as they end, so that none stays a zombie.
 * The process can then not wait for any.
 */
MUST_CHECK enum err spawn_forget_children(void);

/*
 * The path of the program `name` that stands beside this one, or beside the
 * folder cgi-bin/ in which this one is; $STOREMON_PROGRAM, if it is set,
 * instead.
 */
MUST_CHECK enum err spawn_find(char out[FILE_PATH_MAX], const char *name);

#endif
