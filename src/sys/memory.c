/*
 * Looking for memory is taking it and giving it back.  The heap may have what
 * the system has not, and the other way round: a library may want either, an
 * allocation or a file mapped.
 */
#include "sys/memory.h"

#include <stdlib.h>
#include <sys/mman.h>

static bool
can_map(size_t bytes)
{
	void *some = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return some != MAP_FAILED && munmap(some, bytes) == 0;
}

bool
memory_is_left(size_t bytes)
{
	/* volatile: the compiler may not see through this. */
	void *volatile some = malloc(bytes);

	free(some);
	return some != NULL && can_map(bytes);
}
