/* The log: the form of a line, and that nobody can forge one. */
#include "sys/log.h"

#include "core/stamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/check.h"
#include "../lib/scratch.h"

static char folder[FILE_PATH_MAX];
static int saved;

/* From here on standard error is the file "log". */
static int
set_up(void **unused)
{
	char path[FILE_PATH_MAX];
	int fd;

	(void)unused;
	scratch_make(folder);
	(void)fflush(stderr);
	saved = dup(STDERR_FILENO);
	fd = open(scratch_path(path, folder, "log"),
	    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (saved < 0 || fd < 0 || dup2(fd, STDERR_FILENO) < 0)
		return -1;
	log_program("storemon");
	log_limit(LOG_LEVEL_INFO);
	log_context(NULL, NULL);
	return close(fd);
}

static int
tear_down(void **unused)
{
	(void)unused;
	if (dup2(saved, STDERR_FILENO) < 0 || close(saved) != 0)
		return -1;
	scratch_remove(folder);
	return 0;
}

/* What has been logged; standard error is the test's own again. */
static const char *
logged(char out[8192])
{
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	return scratch_read(folder, "log", out, 8192);
}

/* The one line that was logged, behind its stamp. */
static const char *
only_line(char out[8192])
{
	const char *line = logged(out), *end = strchr(line, '\n');
	int64_t at_us;

	assert_non_null(end);
	assert_int_equal(end[1], '\0');
	assert_true(stamp_parse(line, 27, &at_us));
	assert_true(at_us <= clock_now_us());
	assert_true(at_us > clock_now_us() - 60 * STAMP_S_US);
	assert_int_equal(line[27], ' ');
	return line + 28;
}

static void
test_line(void **state)
{
	char out[8192], wanted[100];

	(void)state;
	log_warn("%d of %s", 3, "four");
	(void)snprintf(wanted, sizeof(wanted),
	    "warn storemon[%ld]: 3 of four\n", (long)getpid());
	assert_string_equal(only_line(out), wanted);
}

static void
test_context(void **state)
{
	char out[8192], wanted[100];

	(void)state;
	log_program("worker");
	log_context(NULL, "01234567-89ab");
	log_error("text");
	(void)snprintf(wanted, sizeof(wanted),
	    "error worker[%ld] id=01234567-89ab: text\n", (long)getpid());
	assert_string_equal(only_line(out), wanted);
}

/* The request by itself, and both: it stands first. */
static void
test_request(void **state)
{
	char out[8192], wanted[200];

	(void)state;
	log_context("0123cafe", "");
	log_info("text");
	log_context("0123cafe", "01234567-89ab");
	log_info("more");
	logged(out);
	(void)snprintf(wanted, sizeof(wanted),
	    " info storemon[%ld] request=0123cafe: text\n", (long)getpid());
	assert_non_null(strstr(out, wanted));
	(void)snprintf(wanted, sizeof(wanted),
	    " info storemon[%ld] request=0123cafe id=01234567-89ab: more\n",
	    (long)getpid());
	assert_non_null(strstr(out, wanted));
}

static void
test_context_ends(void **state)
{
	char out[8192];

	(void)state;
	log_context("something", "else");
	log_context(NULL, NULL);
	log_info("text");
	assert_null(strstr(only_line(out), "something"));
}

static void
test_forgery(void **state)
{
	char out[8192];
	const char *line;

	(void)state;
	log_context("a\nb", "c: d");
	log_error("%s",
	    "x\n2026-01-01T00:00:00.000000Z error storemon: y\r"
	    "\x1b[31m\xc3\xa9");
	line = only_line(out);
	assert_non_null(strstr(line,
	    " request=a\\x0ab id=c: d: x\\x0a2026-01-01T"));
	assert_non_null(strstr(line, "y\\x0d\\x1b[31m\\xc3\\xa9\n"));
}

/* A line has its end, however long the text is. */
static void
test_long(void **state)
{
	char out[8192], text[4000], context[100];
	const char *line;

	(void)state;
	memset(text, '\n', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	memset(context, 'c', sizeof(context));
	context[sizeof(context) - 1] = '\0';
	log_context(context, context);
	log_error("%s", text);
	line = only_line(out);
	assert_true(strlen(line) < 2048);
	assert_non_null(strstr(line, "\\x0a\\x0a"));
	context[63] = '\0';
	assert_non_null(strstr(line, context));
	context[63] = 'c';
	context[64] = '\0';
	assert_null(strstr(line, context));
}

static void
test_limit(void **state)
{
	static const struct {
		enum log_level limit;
		const char *shown;
	} cases[] = {
		{ LOG_LEVEL_ERROR, "e" },
		{ LOG_LEVEL_WARN, "ew" },
		{ LOG_LEVEL_INFO, "ewi" },
	};
	char out[8192], shown[16] = "";
	const char *line;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		log_limit(cases[i].limit);
		log_error("e");
		log_warn("w");
		log_info("i");
	}
	line = logged(out);
	for (i = 0; *line != '\0'; line++)
		if (line[1] == '\n')
			shown[i++] = *line;
	assert_string_equal(shown, "eewewi");
}

#define each(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		each(test_line),
		each(test_context),
		each(test_request),
		each(test_context_ends),
		each(test_forgery),
		each(test_long),
		each(test_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
