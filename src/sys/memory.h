/*
 * Memory for libraries that cannot be told that there is none: GLib ends the
 * process, libseccomp may turn in circles.
 */
#ifndef SYS_MEMORY_H
#define SYS_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * True if so many bytes, more than none, could be allocated just now, in one
 * piece, and as many mapped.  Nothing is kept of them: in a process of one
 * thread the library that is called next finds them there.
 */
bool memory_is_left(size_t bytes);

#endif
