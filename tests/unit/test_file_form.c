/* The form that brings a file in: what is taken from it, and what is not. */
#include "web/file_form.h"

#include "sys/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "../lib/check.h"
#include "../lib/scratch.h"

#define TYPE "multipart/form-data; boundary=x"
#define FIELD(name, value) \
	"--x\r\nContent-Disposition: form-data; name=\"" name \
	"\"\r\n\r\n" value "\r\n"
#define FILE_PART \
	"--x\r\nContent-Disposition: form-data; name=\"file\";" \
	" filename=\"polls.csv\"\r\n\r\na,b\r\n1,2\r\n"
#define END "--x--\r\n"

static char state[FILE_PATH_MAX];

static int
set_up(void **unused)
{
	char path[FILE_PATH_MAX];

	(void)unused;
	scratch_make(state);
	return mkdir(scratch_path(path, state, "body"), 0750);
}

static int
tear_down(void **unused)
{
	(void)unused;
	scratch_remove(state);
	return 0;
}

static int
form_file(const char *body)
{
	int fd = memfd_create("form", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(file_write_all(fd, body, strlen(body)), ERR_NONE);
	return fd;
}

static enum err
read_form(struct file_form *f, const char *where, const char *body)
{
	int fd = form_file(body);
	enum err err = file_form_read(f, where, fd, TYPE);

	(void)close(fd);
	return err;
}

static const struct {
	const char *name;
	const char *body;
	const char *dataset;
	bool whole;
} taken[] = {
	{ "a file alone", FILE_PART END, "", false },
	{ "with all fields",
	    FIELD("dataset", "polls") FIELD("whole", "1") FILE_PART END,
	    "polls", true },
	{ "fields behind it", FILE_PART FIELD("whole", "0") END, "", false },
};

static void
test_taken(void **unused)
{
	char text[64];
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(taken); i++) {
		struct file_form f;

		check_number(taken[i].name, read_form(&f, state, taken[i].body),
		    ERR_NONE);
		check_text(taken[i].name, f.dataset, taken[i].dataset);
		check_number(taken[i].name, f.whole, taken[i].whole);
		check_text(taken[i].name, f.file, "polls.csv");
		check_text(taken[i].name,
		    scratch_read(state, f.path + strlen(state) + 1, text,
			sizeof(text)),
		    "a,b\r\n1,2");
		assert_int_equal(unlink(f.path), 0);
	}
}

static const struct {
	const char *name;
	const char *body;
	const char *code;
} refused[] = {
	{ "no file", FIELD("whole", "1") END, "missing_parameter" },
	{ "an unknown part", FIELD("id", "1") FILE_PART END,
	    "unknown_parameter" },
	{ "whole is neither", FILE_PART FIELD("whole", "yes") END,
	    "bad_parameter" },
	{ "whole is nothing", FILE_PART FIELD("whole", "") END,
	    "bad_parameter" },
	{ "a field that is not clean", FIELD("dataset", "a\nb") FILE_PART END,
	    "bad_parameter" },
	{ "no form", "a,b\r\n1,2\r\n", "bad_multipart" },
	{ "cut off", FILE_PART, "truncated" },
};

static void
test_refused(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(refused); i++) {
		struct file_form f;

		check_number(refused[i].name,
		    read_form(&f, state, refused[i].body), ERR_INPUT);
		check_text(refused[i].name, f.code, refused[i].code);
		check_true(refused[i].name, f.message[0] != '\0');
		check_number(refused[i].name, scratch_count(state, "body"), 0);
	}
}

static void
test_no_folder(void **unused)
{
	struct file_form f;

	(void)unused;
	assert_int_equal(read_form(&f, "/nowhere", FILE_PART END),
	    ERR_NOT_FOUND);
}

/* Where there is no room for the file, nothing is left of it. */
static void
test_no_room(void **unused)
{
	int fd = form_file(FILE_PART END);
	struct rlimit old, small;
	struct file_form f;

	(void)unused;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	small.rlim_cur = 0;
	assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(file_form_read(&f, state, fd, TYPE), ERR_NO_SPACE);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(scratch_count(state, "body"), 0);
	(void)close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_no_folder),
		cmocka_unit_test(test_no_room),
	};

	log_limit(LOG_LEVEL_ERROR);
	return cmocka_run_group_tests_name("file form", tests, set_up,
	    tear_down);
}
