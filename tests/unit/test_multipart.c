/* Forms with files: their parts, wherever a window of the reader ends. */
#include "web/multipart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"

#include "../lib/check.h"
#include "../lib/dice.h"

#define TYPE "multipart/form-data; boundary=-=b"
#define NEXT "\r\n---=b"
#define PART "---=b\r\nContent-Disposition: form-data; name="
#define WINDOW ((size_t)256 << 10) /* what is looked through at a time */
#define TEXT_MAX ((size_t)4 << 20)

/* A file of these bytes, open. */
static int
file_of(const char *bytes, size_t len)
{
	FILE *file = tmpfile();
	int fd;

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fflush(file), 0);
	fd = dup(fileno(file));
	assert_true(fd >= 0);
	assert_int_equal(fclose(file), 0);
	return fd;
}

static enum err
read_form(struct multipart *m, const char *type, const char *bytes, size_t len)
{
	int fd = file_of(bytes, len);
	enum err err = multipart_read(m, fd, type);

	if (err == ERR_INPUT)
		assert_true(m->code != NULL && strlen(m->message) > 10);
	assert_int_equal(close(fd), 0);
	return err;
}

static void
test_type(void **state)
{
	static const struct {
		const char *type;
		bool is;
	} cases[] = {
		{ TYPE, true },
		{ "multipart/form-data", true },
		{ " Multipart/Form-Data ; boundary=b", true },
		{ "multipart/form-datas", false },
		{ "multipart/mixed; boundary=b", false },
		{ "", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		check_number(cases[i].type, multipart_is_type(cases[i].type),
		    cases[i].is);
}

/* What a form gives, as "NAME FILE=BYTES|"; the code of what is refused. */
static void
show(const char *type, const char *bytes, struct buf *out)
{
	struct multipart m;
	size_t i;
	enum err err = read_form(&m, type, bytes, strlen(bytes));

	buf_reset(out);
	if (err != ERR_NONE) {
		buf_str(out, err == ERR_INPUT ? m.code : err_text(err));
		return;
	}
	for (i = 0; i < m.count; i++) {
		const struct multipart_part *p = &m.parts[i];

		buf_printf(out, "%s %s=%.*s|", p->name, p->file,
		    (int)(p->end - p->start), bytes + p->start);
		assert_ptr_equal(multipart_find(&m, p->name), p);
	}
	assert_null(multipart_find(&m, "absent"));
}

static const struct {
	const char *name;
	const char *form;
	const char *wanted;
} forms[] = {
	{ "one part", PART "a\r\n\r\nx" NEXT "--\r\n", "a =x|" },
	{ "without a line end at last", PART "a\r\n\r\nx" NEXT "--", "a =x|" },
	{ "an empty part", PART "a\r\n\r\n" NEXT "--", "a =|" },
	{ "no part", "---=b--", "" },
	{ "two parts",
	    PART "\"a\"\r\n\r\nx" NEXT "\r\n" /* and on */
		 "Content-Disposition: form-data; name=\"b\"; "
		 "filename=\"b.csv\"\r\nContent-Type: text/csv\r\n\r\n"
		 "1,2\r\n" NEXT "--",
	    "a =x|b b.csv=1,2\r\n|" },
	{ "nearly a boundary",
	    PART "a\r\n\r\n\r\n---=\r\n---=c\n---=b" NEXT "--",
	    "a =\r\n---=\r\n---=c\n---=b|" },
	{ "a folded line",
	    PART "\"a\";\r\n filename=\"x.csv\"\r\n\r\nx" NEXT "--",
	    "a x.csv=x|" },
	{ "a quote in a name",
	    PART "a; filename=\"x\\\"y.csv\"\r\n\r\nx" NEXT "--",
	    "a x\"y.csv=x|" },
	{ "a name in UTF-8 by RFC 2231",
	    PART "a; filename*=utf-8''%C3%BC.csv\r\n\r\nx" NEXT "--",
	    "a \xc3\xbc.csv=x|" },
	{ "one name twice",
	    PART "a\r\n\r\nx" NEXT "\r\n" /* and on */
		 "Content-Disposition: form-data; name=a\r\n\r\ny" NEXT "--",
	    "repeated_parameter" },
	{ "no name",
	    "---=b\r\nContent-Disposition: form-data\r\n\r\nx" NEXT "--",
	    "bad_multipart" },
	{ "no headers", "---=b\r\n\r\nx" NEXT "--", "bad_multipart" },
	{ "an encoded part",
	    PART "a\r\nContent-Transfer-Encoding: base64\r\n\r\neA==" NEXT "--",
	    "bad_multipart" },
	{ "a form within",
	    PART "a\r\nContent-Type: multipart/mixed; boundary=i\r\n"
		 "\r\n--i--" NEXT "--",
	    "nested" },
	{ "a message within",
	    PART "a\r\nContent-Type: message/rfc822\r\n\r\nb: c" NEXT "--",
	    "nested" },
	{ "a word behind the boundary", "---=bx\r\n", "bad_multipart" },
};

static void
test_read(void **state)
{
	struct buf out;
	size_t i;

	(void)state;
	buf_init(&out, TEXT_MAX);
	for (i = 0; i < COUNT(forms); i++) {
		show(TYPE, forms[i].form, &out);
		check_text(forms[i].name, buf_text(&out), forms[i].wanted);
	}
	buf_release(&out);
}

/* The boundary that the Content-Type names. */
static void
test_boundary(void **state)
{
#define SEVENTY \
	"0123456789012345678901234567890123456789012345678901234567890123456789"
	static const struct {
		const char *type;
		const char *form;
		const char *wanted;
	} cases[] = {
		{ "multipart/form-data; boundary=\"a b\"",
		    "--a b\r\nContent-Disposition: form-data; name=n\r\n\r\nx"
		    "\r\n--a b--",
		    "n =x|" },
		{ "multipart/form-data; boundary=" SEVENTY, "--" SEVENTY "--",
		    "" },
		{ "multipart/form-data; boundary=" SEVENTY "0",
		    "--" SEVENTY "0--", "bad_multipart" },
		{ "multipart/form-data", "----", "bad_multipart" },
	};
	struct buf out;
	size_t i;

	(void)state;
	buf_init(&out, TEXT_MAX);
	for (i = 0; i < COUNT(cases); i++) {
		show(cases[i].type, cases[i].form, &out);
		check_text(cases[i].type, buf_text(&out), cases[i].wanted);
	}
	buf_release(&out);
}

static void
add_part(struct buf *form, int number, const char *bytes, size_t len)
{
	buf_str(form, form->len == 0 ? "" : "\r\n");
	buf_printf(form, PART "p%d\r\n\r\n", number);
	buf_add(form, bytes, len);
}

/* So many parts, and the first byte behind that many. */
static void
test_parts(void **state)
{
	struct multipart m;
	struct buf form;
	int n, k;

	(void)state;
	buf_init(&form, TEXT_MAX);
	for (n = MULTIPART_PARTS - 1; n <= MULTIPART_PARTS + 1; n++) {
		buf_reset(&form);
		for (k = 0; k < n; k++)
			add_part(&form, k, "x", 1);
		buf_str(&form, NEXT "--\r\n");
		if (n <= MULTIPART_PARTS) {
			assert_int_equal(read_form(&m, TYPE, form.data,
					     form.len),
			    ERR_NONE);
			assert_int_equal(m.count, n);
			continue;
		}
		assert_int_equal(read_form(&m, TYPE, form.data, form.len),
		    ERR_INPUT);
		assert_string_equal(m.code, "too_many_parts");
	}
	buf_release(&form);
}

/* A form that is cut off is refused, wherever. */
static void
test_cut(void **state)
{
	static const char form[] = PART
	    "\"file\"; filename=\"a.csv\"\r\n\r\na\r\nb" NEXT
	    "\r\nContent-Disposition: form-data; name=b\r\n\r\n1" NEXT "--\r\n";
	struct multipart m;
	size_t len;

	(void)state;
	for (len = 0; len < sizeof(form) - 3; len++) {
		assert_int_equal(read_form(&m, TYPE, form, len), ERR_INPUT);
		assert_string_equal(m.code, "truncated");
	}
	assert_int_equal(read_form(&m, TYPE, form, len), ERR_NONE);
	assert_int_equal(m.count, 2);
}

/* Checks that the part holds these bytes, and that a copy does. */
static void
check_part(int fd, const struct multipart_part *p, const char *bytes,
    size_t len)
{
	FILE *to = tmpfile();
	char *got = malloc(len + 1);

	assert_true(to != NULL && got != NULL);
	assert_int_equal(p->end - p->start, len);
	assert_int_equal(pread(fd, got, len + 1, p->start) >= (ssize_t)len, 1);
	assert_memory_equal(got, bytes, len);
	assert_int_equal(multipart_copy(fd, p, fileno(to)), ERR_NONE);
	assert_int_equal(pread(fileno(to), got, len + 1, 0), len);
	assert_memory_equal(got, bytes, len);
	free(got);
	assert_int_equal(fclose(to), 0);
}

/* Reads a form of these parts, and checks each. */
static void
check_form(char *const *bytes, const size_t *lens, size_t n)
{
	struct multipart m;
	struct buf form;
	size_t i;
	int fd;

	buf_init(&form, TEXT_MAX);
	for (i = 0; i < n; i++)
		add_part(&form, (int)i, bytes[i], lens[i]);
	buf_str(&form, NEXT "--\r\n");
	assert_int_equal(buf_err(&form), ERR_NONE);
	fd = file_of(form.data, form.len);
	assert_int_equal(multipart_read(&m, fd, TYPE), ERR_NONE);
	assert_int_equal(m.count, n);
	for (i = 0; i < n; i++)
		check_part(fd, &m.parts[i], bytes[i], lens[i]);
	assert_int_equal(close(fd), 0);
	buf_release(&form);
}

/* Bytes that are nearly a boundary all the time, but never one. */
static void
fill(struct dice *dice, char *to, size_t len)
{
	static const char near[] = NEXT;
	size_t i, k = 0;

	for (i = 0; i < len; i++) {
		k = dice_one_in(dice, 9) ? 0 : k % (sizeof(near) - 2);
		to[i] = near[k++];
	}
}

static void
test_windows(void **state)
{
	struct dice dice = { 11 };
	char *bytes[2];
	size_t lens[2], i;

	(void)state;
	for (i = 0; i < 2; i++)
		assert_non_null(bytes[i] = malloc(WINDOW + 64));
	for (i = 0; i < 128; i++) {
		lens[0] = WINDOW - 64 + i;
		lens[1] = (size_t)dice_between(&dice, 0, 9);
		fill(&dice, bytes[0], lens[0]);
		fill(&dice, bytes[1], lens[1]);
		check_form(bytes, lens, 2);
	}
	for (i = 0; i < 2; i++)
		free(bytes[i]);
}

static void
test_text(void **state)
{
	static const char form[] = PART "a\r\n\r\n%s" NEXT "--";
	static const struct {
		const char *text;
		enum err wanted;
	} cases[] = {
		{ "", ERR_NONE },
		{ "0123456789012345678901234567890123456789012345678901234567"
		  "890123",
		    ERR_NONE },
		{ "0123456789012345678901234567890123456789012345678901234567"
		  "8901234",
		    ERR_INPUT },
		{ "a\nb", ERR_INPUT },
		{ "\xff", ERR_INPUT },
	};
	char value[MULTIPART_VALUE_MAX + 1], text[256];
	struct multipart m;
	size_t i;
	int fd, len;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		len = snprintf(text, sizeof(text), form, cases[i].text);
		fd = file_of(text, (size_t)len);
		assert_int_equal(multipart_read(&m, fd, TYPE), ERR_NONE);
		check_number(cases[i].text,
		    multipart_text(&m, fd, &m.parts[0], value),
		    cases[i].wanted);
		if (cases[i].wanted == ERR_NONE)
			assert_string_equal(value, cases[i].text);
		else
			assert_string_equal(m.code, "bad_parameter");
		assert_int_equal(close(fd), 0);
	}
}

/* The file has become shorter since it was looked at. */
static void
test_copy_of_less(void **state)
{
	const struct multipart_part part = { .start = 1, .end = 5 };
	int from = file_of("abc", 3), to = file_of("", 0);

	(void)state;
	assert_int_equal(multipart_copy(from, &part, to), ERR_IO);
	assert_int_equal(close(to), 0);
	assert_int_equal(close(from), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_type),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_boundary),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_copy_of_less),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
