/*
 * Linked into programs of the variant cov only, in the place of two calls
 * (the linker's --wrap) behind which a process could no longer leave what it
 * has counted: _exit() leaves it out, and a worker that has confined itself
 * may not open the files of the counts.
 */
#include <fcntl.h>
#include <gcov.h>
#include <linux/landlock.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ARGUMENTS 5
#define TRUNCATE (UINT64_C(1) << 14) /* not in every kernel's header yet */

void __real__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) __attribute__((noreturn));
long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);

void
__wrap__exit(int status)
{
	__gcov_dump();
	__real__exit(status);
}

/* Allows the folder of the counts (tools/coverage.sh), and nothing else. */
static void
allow_counts(int ruleset)
{
	const char *folder = getenv("GCOV_PREFIX");
	struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE |
		    LANDLOCK_ACCESS_FS_WRITE_FILE | TRUNCATE,
	};

	if (folder == NULL)
		return;
	rule.parent_fd = open(folder, O_PATH | O_CLOEXEC);
	/* An older kernel does not know the right to cut a file off. */
	if (__real_syscall(SYS_landlock_add_rule, ruleset,
		LANDLOCK_RULE_PATH_BENEATH, &rule, 0U) != 0) {
		rule.allowed_access &= ~TRUNCATE;
		(void)__real_syscall(SYS_landlock_add_rule, ruleset,
		    LANDLOCK_RULE_PATH_BENEATH, &rule, 0U);
	}
	(void)close(rule.parent_fd);
}

long
__wrap_syscall(long number, ...)
{
	long argument[ARGUMENTS];
	va_list ap;
	int i;

	/* Those that are not there are not looked at by the kernel either. */
	va_start(ap, number);
	for (i = 0; i < ARGUMENTS; i++)
		argument[i] = va_arg(ap, long);
	va_end(ap);
	if (number == SYS_landlock_restrict_self)
		allow_counts((int)argument[0]);
	return __real_syscall(number, argument[0], argument[1], argument[2],
	    argument[3], argument[4]);
}
