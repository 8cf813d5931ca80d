/*
 * Preloaded with libfiu's POSIX library: the allocation number NTH fails, and
 * all after it if EVER is set.  Without NTH the process tells at its end, on
 * standard error, how many there were.  Where it crashes, it tells who called
 * whom, so that a library that does not bear it can be told from us.
 */
#include <execinfo.h>
#include <fiu-control.h>
#include <fiu.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CALLERS 32
#define OWN 2 /* the handler, and who calls it */

static unsigned long calls, nth;
static int ever;

static int
decide(const char *name, int *failnum, void **failinfo, unsigned int *flags)
{
	(void)name;
	(void)failnum;
	(void)failinfo;
	(void)flags;
	calls++;
	return nth != 0 && (calls == nth || (ever && calls > nth));
}

/* The signal comes once more, and then it kills. */
static void
on_crash(int number)
{
	void *callers[CALLERS];
	int count;

	nth = 0;
	count = backtrace(callers, CALLERS);
	if (count > OWN)
		backtrace_symbols_fd(callers + OWN, count - OWN, STDERR_FILENO);
	(void)raise(number);
}

static void
catch_crash(void)
{
	static char room[1 << 16];
	/* A stack of its own, for what fails in telling of its failure. */
	const stack_t stack = { .ss_sp = room, .ss_size = sizeof(room) };
	struct sigaction action = { .sa_handler = on_crash };
	void *caller;

	/* The first call loads a library, for which there is memory yet. */
	(void)backtrace(&caller, 1);
	action.sa_flags = (int)SA_RESETHAND | SA_ONSTACK;
	(void)sigaltstack(&stack, NULL);
	(void)sigaction(SIGSEGV, &action, NULL);
}

__attribute__((constructor)) static void
start(void)
{
	const char *number = getenv("NTH");

	catch_crash();
	nth = number != NULL ? strtoul(number, NULL, 10) : 0;
	ever = getenv("EVER") != NULL;
	(void)fiu_init(0);
	(void)fiu_enable_external("libc/mm/*", 1, NULL, 0, decide);
}

__attribute__((destructor)) static void
tell(void)
{
	if (nth == 0)
		(void)fprintf(stderr, "allocations: %lu\n", calls);
}
