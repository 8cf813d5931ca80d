/*
 * Request bodies that lie in files.  The server writes them into the folder
 * STATE/body, and removes them after the answer, unless they have been moved
 * away by then.
 */
#ifndef WEB_BODY_H
#define WEB_BODY_H

#include "base/err.h"
#include "sys/file.h"

/*
 * Opens the body at that path for reading.  It must be an ordinary file right
 * in STATE/body: anything else is ERR_IO, logged, for the path comes from the
 * server and not from the client.
 */
MUST_CHECK enum err body_open(const char *state, const char *path, int *fd);

/*
 * Makes a new file in STATE/body, open for writing, for a part of a body.
 * Who makes it moves it away or removes it.
 */
MUST_CHECK enum err
body_make(const char *state, char path[FILE_PATH_MAX], int *fd);

#endif
