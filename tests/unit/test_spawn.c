/*
 * Starting a program: what it finds, what it does not, and what is left of
 * it.  The program that is started is this one, which then tells what it
 * sees into the folder that REPORT names.
 */
#include "sys/spawn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/sendfile.h>
#include <sys/wait.h>

#include "../lib/scratch.h"

static char folder[FILE_PATH_MAX];
static char self[FILE_PATH_MAX];

static int
set_up(void **unused)
{
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	(void)unused;
	if (n < 0)
		return -1;
	self[n] = '\0';
	scratch_make(folder);
	return 0;
}

static int
tear_down(void **unused)
{
	(void)unused;
	scratch_remove(folder);
	return 0;
}

static void
tell_descriptors(FILE *f)
{
	DIR *list = opendir("/proc/self/fd");
	struct dirent *entry;
	char link[64], target[256];
	ssize_t n;

	while (list != NULL && (entry = readdir(list)) != NULL) {
		int fd = atoi(entry->d_name);

		if (entry->d_name[0] == '.' || fd == dirfd(list) ||
		    fd == fileno(f))
			continue;
		(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		n = readlink(link, target, sizeof(target) - 1);
		if (n < 0)
			continue;
		target[n] = '\0';
		(void)fprintf(f, "fd %d %s\n", fd,
		    strrchr(target, '/') != NULL ? strrchr(target, '/')
						 : target);
	}
	(void)closedir(list);
}

static void
tell_signals(FILE *f)
{
	struct sigaction action;
	sigset_t mask;
	int i;

	(void)sigprocmask(SIG_SETMASK, NULL, &mask);
	for (i = 1; i < 32; i++) {
		/* A sanitizer takes these for itself. */
		if (i == SIGSEGV || i == SIGBUS || i == SIGFPE)
			continue;
		if (sigaction(i, NULL, &action) == 0 &&
		    action.sa_handler != SIG_DFL)
			(void)fprintf(f, "handled %d\n", i);
		if (sigismember(&mask, i) == 1)
			(void)fprintf(f, "masked %d\n", i);
	}
}

/* The started program. */
static int
tell(int argc, char **argv)
{
	const char *report = getenv("REPORT");
	char temp[FILE_PATH_MAX], name[FILE_PATH_MAX];
	FILE *f;
	int i;

	if (report == NULL)
		return 1;
	(void)snprintf(temp, sizeof(temp), "%.4000s/told.tmp", report);
	(void)snprintf(name, sizeof(name), "%.4000s/told", report);
	f = fopen(temp, "we");
	if (f == NULL)
		return 1;
	for (i = 0; i < argc; i++)
		(void)fprintf(f, "arg %s\n", argv[i]);
	(void)fprintf(f, "session %d\n", getsid(0) == getpid());
	(void)fprintf(f, "kept %s\n", getenv("KEPT") ? getenv("KEPT") : "-");
	(void)fprintf(f, "query %s\n",
	    getenv("QUERY_STRING") ? getenv("QUERY_STRING") : "-");
	(void)fprintf(f, "cookie %s\n",
	    getenv("HTTP_COOKIE") ? getenv("HTTP_COOKIE") : "-");
	tell_descriptors(f);
	tell_signals(f);
	(void)fclose(f);
	(void)fprintf(stderr, "a line for the log\n");
	return rename(temp, name);
}

static enum err
start(const char *program, int fd, const char *log)
{
	static char variable[FILE_PATH_MAX + 16];
	const char *argv[] = { "storemon", "tell", "7", NULL };
	const struct spawn spawn = { .program = program,
		.argv = argv,
		.variable = variable,
		.log = log,
		.fd = fd };

	(void)snprintf(variable, sizeof(variable), "REPORT=%s", folder);
	return spawn_start(&spawn);
}

static int
open_given(void)
{
	char path[FILE_PATH_MAX];
	int fd = open(scratch_path(path, folder, "given"),
	    O_RDWR | O_CREAT | O_CLOEXEC, 0640);

	assert_true(fd > 2);
	return fd;
}

static void
test_what_it_finds(void **unused)
{
	char log[FILE_PATH_MAX], told[4096];
	int fd = open_given(), ends[2], status;
	sigset_t mask;

	(void)unused;
	/* Things that must not get through. */
	assert_int_equal(pipe(ends), 0);
	assert_true(dup2(ends[1], 100) == 100);
	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigemptyset(&mask);
	(void)sigaddset(&mask, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &mask, NULL);
	(void)setenv("KEPT", "yes", 1);
	(void)setenv("REPORT", "/elsewhere", 1);
	(void)setenv("QUERY_STRING", "a=1", 1);
	(void)setenv("HTTP_COOKIE", "b", 1);
	scratch_path(log, folder, "log");
	assert_int_equal(start(self, fd, log), ERR_NONE);
	assert_true(wait(&status) > 0);
	assert_int_equal(status, 0);
	assert_string_equal(scratch_read(folder, "told", told, sizeof(told)),
	    "arg storemon\narg tell\narg 7\nsession 1\nkept yes\nquery -\n"
	    "cookie -\nfd 0 /null\nfd 1 /null\nfd 2 /log\nfd 3 /given\n");
	assert_string_equal(scratch_read(folder, "log", told, sizeof(told)),
	    "a line for the log\n");
	/* The pipe has no writer left but ours. */
	(void)close(100);
	(void)close(ends[1]);
	assert_int_equal(read(ends[0], told, 1), 0);
	(void)close(ends[0]);
	(void)close(fd);
	(void)sigprocmask(SIG_UNBLOCK, &mask, NULL);
}

/* The log is added to; one that cannot be opened is done without. */
static void
test_log(void **unused)
{
	char log[FILE_PATH_MAX], text[4096];
	int fd = open_given(), status;

	(void)unused;
	scratch_write(folder, "log2", "before\n");
	assert_int_equal(start(self, fd, scratch_path(log, folder, "log2")),
	    ERR_NONE);
	assert_true(wait(&status) > 0);
	assert_string_equal(scratch_read(folder, "log2", text, sizeof(text)),
	    "before\na line for the log\n");
	assert_int_equal(start(self, fd, scratch_path(log, folder, "no/log")),
	    ERR_NONE);
	assert_true(wait(&status) > 0);
	assert_int_equal(status, 0);
	assert_non_null(strstr(scratch_read(folder, "told", text, sizeof(text)),
	    "fd 2 /null\n"));
	(void)close(fd);
}

static void
test_no_program(void **unused)
{
	char log[FILE_PATH_MAX];
	int fd = open_given();

	(void)unused;
	scratch_path(log, folder, "log");
	assert_int_equal(start("/no/such/program", fd, log), ERR_NOT_FOUND);
	assert_int_equal(start(folder, fd, log), ERR_IO);
	(void)close(fd);
}

/* True if this process has children, zombies included. */
static bool
has_children(void)
{
	return !(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
}

static void
test_no_zombies(void **unused)
{
	char log[FILE_PATH_MAX];
	int fd = open_given();

	(void)unused;
	scratch_path(log, folder, "log");
	assert_int_equal(spawn_forget_children(), ERR_NONE);
	(void)unlink(scratch_path(log, folder, "told"));
	assert_int_equal(start(self, fd, scratch_path(log, folder, "log")),
	    ERR_NONE);
	wait_for(scratch_has(folder, "told"));
	wait_for(!has_children());
	/* A start that fails leaves none either, and says why. */
	assert_int_equal(start("/no/such/program", fd, log), ERR_NOT_FOUND);
	wait_for(!has_children());
	(void)signal(SIGCHLD, SIG_DFL);
	(void)close(fd);
}

/* fd may be 3 already, and the standard three may be closed. */
static void
test_few_descriptors(void **unused)
{
	char told[4096], log[FILE_PATH_MAX];
	int status;
	pid_t pid;

	(void)unused;
	(void)unlink(scratch_path(told, folder, "told"));
	scratch_path(log, folder, "log");
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		int fd = open_given();
		int i;

		(void)dup2(fd, 3);
		for (i = 0; i < 200; i++)
			if (i != 3)
				(void)close(i);
		if (start(self, 3, log) != ERR_NONE)
			_exit(1);
		(void)wait(&status);
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_non_null(strstr(scratch_read(folder, "told", told, sizeof(told)),
	    "fd 0 /null\nfd 1 /null\nfd 2 /log\nfd 3 /given\n"));
}

static void
test_find(void **unused)
{
	char out[FILE_PATH_MAX], expected[FILE_PATH_MAX];

	(void)unused;
	(void)unsetenv("STOREMON_PROGRAM");
	assert_int_equal(spawn_find(out, "storemon"), ERR_NONE);
	(void)snprintf(expected, sizeof(expected), "%.*s/storemon",
	    (int)(strrchr(self, '/') - self), self);
	assert_string_equal(out, expected);
	(void)setenv("STOREMON_PROGRAM", "/opt/x", 1);
	assert_int_equal(spawn_find(out, "storemon"), ERR_NONE);
	assert_string_equal(out, "/opt/x");
	(void)unsetenv("STOREMON_PROGRAM");
}

static void
copy_self(const char *to)
{
	int in = open(self, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
	ssize_t n;

	do
		n = sendfile(out, in, NULL, 1 << 20);
	while (n > 0);
	assert_int_equal(n, 0);
	assert_int_equal(close(out), 0);
	(void)close(in);
}

/* The program beside cgi-bin/ is found from a program in it. */
static void
test_find_from_cgi_bin(void **unused)
{
	char from[FILE_PATH_MAX], log[FILE_PATH_MAX], path[FILE_PATH_MAX];
	int status;
	pid_t pid;

	(void)unused;
	assert_int_equal(mkdir(scratch_path(path, folder, "cgi-bin"), 0700), 0);
	scratch_path(from, folder, "cgi-bin/test");
	copy_self(from);
	scratch_path(log, folder, "found");
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)execl(from, "test", "find", log, (char *)NULL);
		_exit(1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_string_equal(scratch_read(folder, "found", from, sizeof(from)),
	    scratch_path(path, folder, "storemon"));
}

static int
tell_found(const char *name)
{
	char out[FILE_PATH_MAX];
	FILE *f = fopen(name, "we");

	if (f == NULL || spawn_find(out, "storemon") != ERR_NONE)
		return 1;
	(void)fputs(out, f);
	return fclose(f);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_it_finds),
		cmocka_unit_test(test_log),
		cmocka_unit_test(test_no_program),
		cmocka_unit_test(test_no_zombies),
		cmocka_unit_test(test_few_descriptors),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_find_from_cgi_bin),
	};

	if (argc > 1 && strcmp(argv[1], "tell") == 0)
		return tell(argc, argv);
	if (argc > 2 && strcmp(argv[1], "find") == 0)
		return tell_found(argv[2]);
	return cmocka_run_group_tests_name("spawn", tests, set_up, tear_down);
}
