/*
 * Preloaded with libfiu's POSIX library: the allocation number NTH fails, and
 * all after it if EVER is set.  Without NTH the process tells at its end, on
 * standard error, how many there were.
 */
#include <fiu-control.h>
#include <fiu.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned long count, nth;
static int ever;

static int
decide(const char *name, int *failnum, void **failinfo, unsigned int *flags)
{
	(void)name;
	(void)failnum;
	(void)failinfo;
	(void)flags;
	count++;
	return nth != 0 && (count == nth || (ever && count > nth));
}

__attribute__((constructor)) static void
start(void)
{
	const char *number = getenv("NTH");

	nth = number != NULL ? strtoul(number, NULL, 10) : 0;
	ever = getenv("EVER") != NULL;
	(void)fiu_init(0);
	(void)fiu_enable_external("libc/mm/*", 1, NULL, 0, decide);
}

__attribute__((destructor)) static void
tell(void)
{
	if (nth == 0)
		(void)fprintf(stderr, "allocations: %lu\n", count);
}
