/* Looking for memory is taking it and giving it back. */
#include "sys/memory.h"

#include <stdlib.h>

bool
memory_is_left(size_t bytes)
{
	/* volatile: the compiler may not see through this. */
	void *volatile some = malloc(bytes);

	free(some);
	return some != NULL;
}
