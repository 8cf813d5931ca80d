/*
 * Two means of the kernel, each for what the other cannot: Landlock for files
 * (the kernel's Documentation/userspace-api/landlock.rst), which has no
 * wrapper in the C library, and a filter of system calls by libseccomp.  The
 * filter is a list of what is refused, not of what is allowed: the next
 * version of a library may make calls that this one does not, and a report
 * that fails for it would be worse than a call that is let through.
 */
#include "sys/confine.h"

#include "sys/file.h"
#include "sys/log.h"
#include "sys/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Rights by the version of Landlock that knows them first. */
#define READ_RIGHTS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FIRST_RIGHTS ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (UINT64_C(1) << 14)
#endif
/* Of these alone a rule for a single file may speak. */
#define FILE_RIGHTS \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | \
	    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_TRUNCATE)

static const uint64_t rights_of_version[] = {
	FIRST_RIGHTS,
	FIRST_RIGHTS | LANDLOCK_ACCESS_FS_REFER,
	FIRST_RIGHTS | LANDLOCK_ACCESS_FS_REFER | LANDLOCK_ACCESS_FS_TRUNCATE,
};

#define VERSIONS \
	((long)(sizeof(rights_of_version) / sizeof(rights_of_version[0])))

/* What libraries read: zones, the loader, OpenSSL's settings, randomness. */
static const char *const readable[] = {
	"/usr/share/zoneinfo", "/etc/localtime", "/usr/lib", "/lib",
	"/etc/ld.so.cache", "/etc/ssl", "/dev/null", "/dev/urandom",
#ifdef __SANITIZE_ADDRESS__
	"/proc", /* of the leak check at the end */
#endif
};

/* The folders of the state that may lie on another disk. */
static const char *const own_folders[] = { "", "spool", "tmp", "uploads",
	"slots" };

/* What no worker has a reason to ask the kernel for. */
static const char *const refused[] = {
	"execve",
	"execveat",
	"socket",
	"socketpair",
	"connect",
	"bind",
	"listen",
	"accept",
	"accept4",
	"process_vm_readv",
	"process_vm_writev",
	"kcmp",
	"pidfd_getfd",
	"mount",
	"umount2",
	"move_mount",
	"open_tree",
	"fsopen",
	"fsmount",
	"fspick",
	"mount_setattr",
	"pivot_root",
	"chroot",
	"unshare",
	"setns",
	"bpf",
	"perf_event_open",
	"userfaultfd",
	"io_uring_setup",
	"keyctl",
	"add_key",
	"request_key",
	"name_to_handle_at",
	"open_by_handle_at",
	"init_module",
	"finit_module",
	"delete_module",
	"kexec_load",
	"kexec_file_load",
	"reboot",
	"swapon",
	"swapoff",
	"acct",
	"quotactl",
	"settimeofday",
	"clock_settime",
	"clock_adjtime",
	"adjtimex",
	"sethostname",
	"setdomainname",
	"personality",
	"syslog",
	"vhangup",
	"iopl",
	"ioperm",
};

/* What libseccomp takes for its work is a fraction of this. */
#define FILTER_BYTES ((size_t)1024 * 1024)

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Allows the rights beneath a path; what is not there needs none. */
static bool
allow(int ruleset, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = rights };
	struct stat st;
	bool done;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return errno == ENOENT || errno == EACCES;
	if (fstat(rule.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.allowed_access &= FILE_RIGHTS;
	done = syscall(SYS_landlock_add_rule, ruleset,
		   LANDLOCK_RULE_PATH_BENEATH, &rule, 0U) == 0;
	(void)close(rule.parent_fd);
	return done;
}

static bool
allow_all(int ruleset, const char *state, uint64_t rights)
{
	char path[FILE_PATH_MAX];
	size_t i;

	for (i = 0; i < COUNT(readable); i++)
		if (!allow(ruleset, readable[i], READ_RIGHTS))
			return false;
	for (i = 0; i < COUNT(own_folders); i++)
		if (file_path(path, state, own_folders[i]) != ERR_NONE ||
		    !allow(ruleset, path,
			rights & ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE))
			return false;
	return true;
}

static bool
confine_files(const char *state)
{
	struct landlock_ruleset_attr all = { .handled_access_fs = 0 };
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0U,
	    LANDLOCK_CREATE_RULESET_VERSION);
	int ruleset;
	bool done;

	if (version < 1)
		return false;
	if (version > VERSIONS)
		version = VERSIONS;
	all.handled_access_fs = rights_of_version[version - 1];
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all),
	    0U);
	if (ruleset < 0)
		return false;
	done = allow_all(ruleset, state, all.handled_access_fs) &&
	    syscall(SYS_landlock_restrict_self, ruleset, 0U) == 0;
	(void)close(ruleset);
	return done;
}

/* Returns 0 or a negative errno, as libseccomp does. */
static int
confine_calls(void)
{
	scmp_filter_ctx filter = NULL;
	int code;
	size_t i;

	if (memory_is_left(FILTER_BYTES))
		filter = seccomp_init(SCMP_ACT_ALLOW);
	code = filter == NULL ? -ENOMEM : 0;
	for (i = 0; i < COUNT(refused) && code == 0; i++) {
		int number = seccomp_syscall_resolve_name(refused[i]);

		/* A name that this library or machine does not know. */
		if (number == __NR_SCMP_ERROR)
			continue;
		code = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), number,
		    0);
	}
	if (code == 0)
		code = seccomp_load(filter);
	if (filter != NULL)
		seccomp_release(filter);
	return code;
}

void
confine_process(const char *state)
{
	char temp[FILE_PATH_MAX];
	int code;

	if (file_path(temp, state, "tmp") != ERR_NONE ||
	    file_make_folder(temp) != ERR_NONE ||
	    setenv("SQLITE_TMPDIR", temp, 1) != 0)
		log_warn("temporary files cannot be made in %s/tmp", state);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		log_warn("not confined: %s", strerror(errno));
	if (!confine_files(state))
		log_warn("files are not confined (Landlock): %s",
		    strerror(errno));
	code = confine_calls();
	if (code != 0)
		log_warn("system calls are not confined (seccomp): %s",
		    strerror(-code));
}
