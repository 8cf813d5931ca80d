/* Forms with files: where their parts are, and why others are refused. */
#include "web/multipart.h"

#include "sys/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../lib/check.h"

#define TYPE "multipart/form-data; boundary=x"
#define NAMED(name) "Content-Disposition: form-data; name=\"" name "\""
#define PART(name, value) "--x\r\n" NAMED(name) "\r\n\r\n" value "\r\n"
#define LONG_NAME \
	"0123456789012345678901234567890123456789012345678901234567890123"

/* A file in memory with that text. */
static int
form_file(const char *text, size_t len)
{
	int fd = memfd_create("form", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, text, len, 0), len);
	return fd;
}

static const struct {
	const char *name;
	const char *type;
	const char *body;
	const char *code; /* NULL: it is taken */
	size_t parts;
} forms[] = {
	{ "no part", TYPE, "--x--\r\n", NULL, 0 },
	{ "one part", TYPE, PART("a", "1") "--x--", NULL, 1 },
	{ "what follows the end", TYPE, PART("a", "1") "--x--\r\nmore", NULL,
	    1 },
	{ "an empty part", TYPE, PART("a", "") "--x--", NULL, 1 },
	{ "eight parts", TYPE,
	    PART("1", "") PART("2", "") PART("3", "") PART("4", "")
		PART("5", "") PART("6", "") PART("7", "") PART("8", "") "--x--",
	    NULL, 8 },
	{ "nine parts", TYPE,
	    PART("1", "") PART("2", "") PART("3", "") PART("4", "") PART("5",
		"") PART("6", "") PART("7", "") PART("8", "") PART("9", ""),
	    "too_many_parts", 0 },
	{ "a name twice", TYPE, PART("a", "1") PART("a", "2") "--x--",
	    "repeated_parameter", 0 },
	{ "a name of 64 bytes", TYPE, PART(LONG_NAME, "") "--x--", NULL, 1 },
	{ "a name of 65 bytes", TYPE, PART(LONG_NAME "5", "") "--x--",
	    "bad_multipart", 0 },
	{ "an empty name", TYPE, PART("", "1") "--x--", "bad_multipart", 0 },
	{ "no name", TYPE, "--x\r\nX-Other: 1\r\n\r\n1\r\n--x--",
	    "bad_multipart", 0 },
	{ "no headers", TYPE, "--x\r\n\r\n1\r\n--x--", "bad_multipart", 0 },
	{ "line ends that are none", TYPE, "--x\n" NAMED("a") "\n\n1\n--x--",
	    "bad_multipart", 0 },
	{ "a text before", TYPE, "hello\r\n" PART("a", "1") "--x--",
	    "bad_multipart", 0 },
	{ "something behind a delimiter", TYPE, "--xy\r\n", "bad_multipart",
	    0 },
	{ "parts of its own", TYPE,
	    "--x\r\nContent-Type: multipart/mixed; boundary=y\r\n" NAMED(
		"a") "\r\n\r\n--y--\r\n--x--",
	    "nested", 0 },
	{ "encoded", TYPE,
	    "--x\r\n" NAMED("a") "\r\nContent-Transfer-Encoding: base64\r\n"
				 "\r\nYQ==\r\n--x--",
	    "bad_multipart", 0 },
	{ "said to be binary", TYPE,
	    "--x\r\n" NAMED("a") "\r\nContent-Transfer-Encoding: binary\r\n"
				 "\r\nYQ==\r\n--x--",
	    NULL, 1 },
	{ "nothing at all", TYPE, "", "truncated", 0 },
	{ "cut in the first delimiter", TYPE, "--", "truncated", 0 },
	{ "cut behind a delimiter", TYPE, "--x\r", "truncated", 0 },
	{ "cut in a header", TYPE, "--x\r\n" NAMED("a"), "truncated", 0 },
	{ "cut in a part", TYPE, "--x\r\n" NAMED("a") "\r\n\r\n1\r\n--",
	    "truncated", 0 },
	{ "no boundary", "multipart/form-data", PART("a", "1") "--x--",
	    "bad_multipart", 0 },
	{ "an empty boundary", "multipart/form-data; boundary=\"\"",
	    PART("a", "1") "--x--", "bad_multipart", 0 },
	{ "a quoted boundary", "multipart/form-data; boundary=\"x\"",
	    PART("a", "1") "--x--", NULL, 1 },
};

static void
test_forms(void **state)
{
	struct multipart m;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(forms); i++) {
		int fd = form_file(forms[i].body, strlen(forms[i].body));
		enum err err = multipart_read(&m, fd, forms[i].type);

		(void)close(fd);
		check_number(forms[i].name, err,
		    forms[i].code == NULL ? ERR_NONE : ERR_INPUT);
		if (forms[i].code == NULL) {
			check_number(forms[i].name, m.count, forms[i].parts);
			continue;
		}
		check_text(forms[i].name, m.code, forms[i].code);
		check_true(forms[i].name, m.message[0] != '\0');
	}
}

/* The headers of a part may be 8,192 bytes, their last line ends included. */
static void
test_long_headers(void **state)
{
	static char body[10000];
	size_t wanted;
	struct multipart m;

	(void)state;
	for (wanted = 8191; wanted <= 8193; wanted++) {
		size_t fixed = strlen(NAMED("a") "\r\nX: \r\n\r\n");
		int len = snprintf(body, sizeof(body),
		    "--x\r\n" NAMED("a") "\r\nX: %0*d\r\n\r\n1\r\n--x--",
		    (int)(wanted - fixed), 0);
		int fd = form_file(body, (size_t)len);

		assert_int_equal(multipart_read(&m, fd, TYPE),
		    wanted <= 8192 ? ERR_NONE : ERR_INPUT);
		(void)close(fd);
	}
}

/* The part's bytes as another file has them, as a text. */
static void
check_copy(const char *name, int fd, const struct multipart_part *part,
    const char *wanted)
{
	char text[64];
	int to = form_file("", 0);
	ssize_t n;

	assert_int_equal(multipart_copy(fd, part, to), ERR_NONE);
	n = pread(to, text, sizeof(text) - 1, 0);
	assert_true(n >= 0);
	text[n] = '\0';
	check_text(name, text, wanted);
	(void)close(to);
}

static void
test_parts(void **state)
{
	static const char
	    body[] = "--x\r\n"
		     "Content-Disposition: form-data; name=first\r\n\r\n"
		     "one\r\n--\r\n-x\r\n--x\r\n"
		     "Content-Disposition: form-data;\r\n name=\"second\";"
		     " filename=\"a b.csv\"\r\n\r\n\r\n--x\r\n"
		     "Content-Disposition: form-data; name=third;"
		     " filename*=UTF-8''caf%C3%A9\r\n\r\nthree\r\n--x--";
	int fd = form_file(body, sizeof(body) - 1);
	struct multipart m;

	(void)state;
	assert_int_equal(multipart_read(&m, fd, TYPE), ERR_NONE);
	assert_int_equal(m.count, 3);
	assert_ptr_equal(multipart_find(&m, "second"), &m.parts[1]);
	assert_null(multipart_find(&m, "Second"));
	check_text("file", m.parts[0].file, "");
	check_text("file", m.parts[1].file, "a b.csv");
	check_text("file", m.parts[2].file, "caf\xc3\xa9");
	check_copy("first", fd, &m.parts[0], "one\r\n--\r\n-x");
	check_copy("second", fd, &m.parts[1], "");
	check_copy("third", fd, &m.parts[2], "three");
	(void)close(fd);
}

static void
test_text(void **state)
{
	static const char body[] = PART("short", "polls")
	    PART("longest", LONG_NAME) PART("long", LONG_NAME "5")
		PART("control", "a\tb") "--x--";
	char value[MULTIPART_VALUE_MAX + 1];
	int fd = form_file(body, sizeof(body) - 1);
	struct multipart m;

	(void)state;
	assert_int_equal(multipart_read(&m, fd, TYPE), ERR_NONE);
	assert_int_equal(multipart_text(&m, fd, &m.parts[0], value), ERR_NONE);
	check_text("short", value, "polls");
	assert_int_equal(multipart_text(&m, fd, &m.parts[1], value), ERR_NONE);
	check_text("longest", value, LONG_NAME);
	assert_int_equal(multipart_text(&m, fd, &m.parts[2], value), ERR_INPUT);
	check_text("long", m.code, "bad_parameter");
	assert_int_equal(multipart_text(&m, fd, &m.parts[3], value), ERR_INPUT);
	check_text("control", m.code, "bad_parameter");
	(void)close(fd);
}

/* What cannot be read or written is an error of the system, not the form's. */
static void
test_failing_files(void **state)
{
	static const char body[] = PART("a", "1") "--x--";
	char value[MULTIPART_VALUE_MAX + 1];
	int fd = form_file(body, sizeof(body) - 1);
	struct multipart m;

	(void)state;
	log_limit(LOG_LEVEL_ERROR);
	assert_int_equal(multipart_read(&m, -1, TYPE), ERR_IO);
	assert_int_equal(multipart_read(&m, fd, TYPE), ERR_NONE);
	assert_int_equal(multipart_text(&m, -1, &m.parts[0], value), ERR_IO);
	assert_int_equal(multipart_copy(fd, &m.parts[0], -1), ERR_IO);
	assert_int_equal(multipart_copy(-1, &m.parts[0], fd), ERR_IO);
	/* The file has become shorter meanwhile. */
	assert_int_equal(ftruncate(fd, 10), 0);
	assert_int_equal(multipart_copy(fd, &m.parts[0], fd), ERR_IO);
	(void)close(fd);
}

static void
test_types(void **state)
{
	(void)state;
	assert_true(multipart_is_type("multipart/form-data"));
	assert_true(multipart_is_type(" Multipart/Form-Data ; boundary=x"));
	assert_false(multipart_is_type("multipart/mixed; boundary=x"));
	assert_false(multipart_is_type("text/csv"));
	assert_false(multipart_is_type(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_long_headers),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_failing_files),
		cmocka_unit_test(test_types),
	};

	/* One process reads many forms; GLib must have nothing to say of it. */
	(void)g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL |
	    G_LOG_LEVEL_WARNING);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
