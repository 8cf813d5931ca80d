/*
 * The limits by alarm(2) and RLIMIT_CPU.  Both end in a signal that cannot
 * be waited out by a loop or a call that never returns; what the handler
 * does is safe in one: a pwrite, and the signal once more without handler.
 */
#include "work/worker_limits.h"

#include "sys/log.h"
#include "work/slot.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Read by the handler, which has no other way to learn it. */
static volatile sig_atomic_t slot_fd = -1;

static void
on_limit(int signal_number)
{
	if (slot_fd >= 0)
		slot_mark_overtime(slot_fd);
	/* SA_RESETHAND: this one kills as soon as the handler returns. */
	(void)raise(signal_number);
}

static void
catch_signal(int signal_number)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_limit;
	action.sa_flags = (int)SA_RESETHAND;
	if (sigaction(signal_number, &action, NULL) != 0)
		log_warn("sigaction: %s", strerror(errno));
}

/* The CPU limit is of the whole process: what it has used is added. */
static void
limit_cpu(int64_t seconds)
{
	struct rusage used;
	struct rlimit limit;

	if (getrusage(RUSAGE_SELF, &used) != 0 ||
	    getrlimit(RLIMIT_CPU, &limit) != 0)
		return;
	limit.rlim_cur = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec +
	    2 + seconds);
	if (limit.rlim_cur > limit.rlim_max)
		limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_CPU, &limit) != 0)
		log_warn("setrlimit: %s", strerror(errno));
}

void
worker_limits_begin(int fd, int64_t seconds)
{
	slot_fd = fd;
	catch_signal(SIGALRM);
	catch_signal(SIGXCPU);
	limit_cpu(seconds);
	(void)alarm((unsigned int)seconds);
}

void
worker_limits_end(void)
{
	(void)alarm(0);
	slot_fd = -1;
}
