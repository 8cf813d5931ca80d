/*
 * Starting programs by posix_spawn(3), which copies no memory and tells if
 * the exec failed.
 */
#include "sys/spawn.h"

#include "sys/log.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * RFC 3875, section 4.1: what a CGI program's environment may carry from
 * outside.  A name that starts with one of these is not passed on.
 */
static const char *const from_outside[] = {
	"AUTH_TYPE=",
	"CONTENT_",
	"DOCUMENT_",
	"GATEWAY_INTERFACE=",
	"HTTP_",
	"PATH_INFO=",
	"PATH_TRANSLATED=",
	"QUERY_STRING=",
	"REMOTE_",
	"REQUEST_",
	"SCRIPT_",
	"SERVER_",
};

static bool
starts_with(const char *s, const char *start)
{
	return strncmp(s, start, strlen(start)) == 0;
}

static bool
is_passed(const char *entry, const char *variable)
{
	size_t i, name;

	for (i = 0; i < sizeof(from_outside) / sizeof(from_outside[0]); i++)
		if (starts_with(entry, from_outside[i]))
			return false;
	if (variable == NULL)
		return true;
	name = strcspn(variable, "=") + 1;
	return strncmp(entry, variable, name) != 0;
}

/*
 * The environment as a new array; its texts stay where they are.  exec takes
 * them as char *, though it does not write to them.
 */
static char **
make_environment(const char *variable)
{
	union {
		const char *in;
		char *out;
	} added = { .in = variable };
	size_t n = 0, i;
	char **list;

	while (environ != NULL && environ[n] != NULL)
		n++;
	list = calloc(n + 2, sizeof(*list));
	if (list == NULL)
		return NULL;
	for (i = 0, n = 0; environ != NULL && environ[i] != NULL; i++)
		if (is_passed(environ[i], variable))
			list[n++] = environ[i];
	list[n] = added.out;
	return list;
}

static int
set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t all, none;
	int code;

	(void)sigfillset(&all);
	(void)sigemptyset(&none);
	code = posix_spawnattr_setflags(attributes,
	    POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK |
		POSIX_SPAWN_SETSIGDEF);
	if (code == 0)
		code = posix_spawnattr_setsigmask(attributes, &none);
	if (code == 0)
		code = posix_spawnattr_setsigdefault(attributes, &all);
	return code;
}

/*
 * The log goes first: it may have any number, 3 too, which the second step
 * overwrites.  fd is above 2, so that no step before its own can.
 */
static int
set_actions(posix_spawn_file_actions_t *actions, int log, int fd)
{
	int code = posix_spawn_file_actions_adddup2(actions, log,
	    STDERR_FILENO);

	if (code == 0)
		code = posix_spawn_file_actions_adddup2(actions, fd, SPAWN_FD);
	if (code == 0)
		code = posix_spawn_file_actions_addopen(actions, STDIN_FILENO,
		    "/dev/null", O_RDONLY, 0);
	if (code == 0)
		code = posix_spawn_file_actions_addopen(actions, STDOUT_FILENO,
		    "/dev/null", O_WRONLY, 0);
	if (code == 0)
		code = posix_spawn_file_actions_addclosefrom_np(actions,
		    SPAWN_FD + 1);
	return code;
}

static int
open_log(const char *path)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);

	if (fd >= 0)
		return fd;
	log_warn("open %s: %s", path, strerror(errno));
	return open("/dev/null", O_WRONLY | O_CLOEXEC);
}

static int
start(const struct spawn *spawn, char **environment, int log)
{
	union {
		const char *const *in;
		char *const *out;
	} argv = { .in = spawn->argv };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	pid_t pid;
	int code = posix_spawn_file_actions_init(&actions);

	if (code != 0)
		return code;
	code = posix_spawnattr_init(&attributes);
	if (code != 0) {
		(void)posix_spawn_file_actions_destroy(&actions);
		return code;
	}
	code = set_attributes(&attributes);
	if (code == 0)
		code = set_actions(&actions, log, spawn->fd);
	if (code == 0)
		code = posix_spawn(&pid, spawn->program, &actions, &attributes,
		    argv.out, environment);
	(void)posix_spawnattr_destroy(&attributes);
	(void)posix_spawn_file_actions_destroy(&actions);
	return code;
}

enum err
spawn_start(const struct spawn *spawn)
{
	char **environment = make_environment(spawn->variable);
	int log = open_log(spawn->log), code = ENOMEM;

	if (environment != NULL)
		code = log < 0 ? EMFILE : start(spawn, environment, log);
	if (log >= 0)
		(void)close(log);
	free(environment);
	if (code == 0)
		return ERR_NONE;
	log_error("start %s: %s", spawn->program, strerror(code));
	return err_from_errno(code);
}

enum err
spawn_forget_children(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = SIG_IGN;
	if (sigaction(SIGCHLD, &action, NULL) == 0)
		return ERR_NONE;
	log_error("sigaction: %s", strerror(errno));
	return ERR_IO;
}

/* Cuts path before its last slash; what was behind it is returned. */
static const char *
cut(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash == NULL)
		return "";
	*slash = '\0';
	return slash + 1;
}

enum err
spawn_find(char out[FILE_PATH_MAX], const char *name)
{
	const char *given = getenv("STOREMON_PROGRAM");
	char folder[FILE_PATH_MAX], *last;
	ssize_t len;

	if (given != NULL && given[0] != '\0') {
		if (strlen(given) >= FILE_PATH_MAX)
			return ERR_TOO_LARGE;
		(void)snprintf(out, FILE_PATH_MAX, "%s", given);
		return ERR_NONE;
	}
	len = readlink("/proc/self/exe", folder, sizeof(folder) - 1);
	if (len < 0) {
		log_error("readlink /proc/self/exe: %s", strerror(errno));
		return ERR_IO;
	}
	folder[len] = '\0';
	(void)cut(folder);
	last = strrchr(folder, '/');
	if (last != NULL && strcmp(last, "/cgi-bin") == 0)
		(void)cut(folder);
	return file_path(out, folder, name);
}
