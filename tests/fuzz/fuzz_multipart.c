/*
 * Forms with a file.  The first line of the input is the Content-Type, the
 * rest the body.  A form that is taken has its parts where a search for the
 * delimiter, from the body's first line, finds them; what is read and copied
 * out of them are the bytes there; and the file that comes out is its part.
 */
#include "fuzz.h"

#include "base/text.h"
#include "web/body.h"
#include "web/file_form.h"

#include <fcntl.h>
#include <glib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct body {
	const char *bytes;
	size_t len;
	int fd; /* the same in a file */
};

static char state[FUZZ_FOLDER_MAX];

static void
remove_state(void)
{
	char folder[sizeof(state) + 8];

	(void)snprintf(folder, sizeof(folder), "%s/body", state);
	(void)rmdir(folder);
	(void)rmdir(state);
}

/*
 * Once: a folder for the files that are taken out of forms.  What GMime and
 * GLib complain about is a finding, too.
 */
static void
make_state(void)
{
	static bool made;
	char folder[sizeof(state) + 8];

	if (made)
		return;
	made = true;
	(void)g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL |
	    G_LOG_LEVEL_WARNING);
	fuzz_folder(state);
	(void)snprintf(folder, sizeof(folder), "%s/body", state);
	assert_int_equal(mkdir(folder, 0700), 0);
	(void)atexit(remove_state);
}

static int
memory_file(const char *bytes, size_t len)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_true(pwrite(fd, bytes, len, 0) == (ssize_t)len);
	return fd;
}

/* All of a file is those bytes. */
static void
check_file(int fd, const char *bytes, size_t len)
{
	char *content = malloc(len + 2);

	assert_non_null(content);
	assert_true(pread(fd, content, len + 1, 0) == (ssize_t)len);
	assert_memory_equal(content, bytes, len);
	free(content);
}

static void
check_part(struct multipart *m, const struct body *b,
    const struct multipart_part *part)
{
	const char *bytes = b->bytes + part->start;
	size_t len = (size_t)(part->end - part->start);
	char value[MULTIPART_VALUE_MAX + 1];
	enum err err = multipart_text(m, b->fd, part, value);
	int copy = memory_file("", 0);

	assert_true(part->name[0] != '\0' &&
	    multipart_find(m, part->name) == part);
	if (len > MULTIPART_VALUE_MAX || !text_is_clean(bytes, len)) {
		assert_int_equal(err, ERR_INPUT);
	} else {
		assert_int_equal(err, ERR_NONE);
		assert_int_equal(strlen(value), len);
		assert_memory_equal(value, bytes, len);
	}
	assert_int_equal(multipart_copy(b->fd, part, copy), ERR_NONE);
	check_file(copy, bytes, len);
	(void)close(copy);
}

/* The body's first line is its delimiter, with the line end in front of it. */
static size_t
find_delimiter(const struct body *b, char *out, size_t size)
{
	const char *end = memmem(b->bytes, b->len, "\r\n", 2);
	size_t len = end == NULL ? 0 : (size_t)(end - b->bytes) + 2;

	assert_true(len > 4 && len < size);
	memcpy(out, "\r\n", 2);
	memcpy(out + 2, b->bytes, len - 2);
	return len;
}

static void
check_parts(struct multipart *m, const struct body *b)
{
	char delimiter[128];
	size_t len, i, at = 0;

	if (m->count == 0)
		return;
	len = find_delimiter(b, delimiter, sizeof(delimiter));
	for (i = 0; i < m->count; i++) {
		size_t start = (size_t)m->parts[i].start;
		size_t end = (size_t)m->parts[i].end;

		assert_true(start > at + 4 && end >= start && end < b->len);
		assert_memory_equal(b->bytes + start - 4, "\r\n\r\n", 4);
		assert_true(memmem(b->bytes + start, b->len - start, delimiter,
				len) == b->bytes + end);
		check_part(m, b, &m->parts[i]);
		at = end + len;
	}
	assert_memory_equal(b->bytes + at, "--", 2);
}

static void
check_refusal(enum err err, const char *code, const char *message)
{
	assert_int_equal(err, ERR_INPUT);
	assert_true(code[0] != '\0' && message[strlen(message) - 1] == '.');
}

static void
check_form(const struct body *b, const char *type, const struct multipart *m)
{
	const struct multipart_part *part = multipart_find(m, "file");
	struct file_form f;
	enum err err = file_form_read(&f, state, b->fd, type);
	int fd;

	if (err != ERR_NONE) {
		check_refusal(err, f.code, f.message);
		return;
	}
	assert_non_null(part);
	assert_true(text_is_clean(f.dataset, strlen(f.dataset)));
	assert_int_equal(strcmp(f.file, part->file), 0);
	assert_int_equal(body_open(state, f.path, &fd), ERR_NONE);
	check_file(fd, b->bytes + part->start,
	    (size_t)(part->end - part->start));
	(void)close(fd);
	assert_int_equal(unlink(f.path), 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *lf = size == 0 ? NULL : memchr(data, '\n', size);
	size_t line = lf == NULL ? size : (size_t)(lf - data);
	char *type = fuzz_copy(data, line, true);
	struct body b = { .bytes = "" };
	struct multipart m;
	enum err err;

	make_state();
	if (lf != NULL) {
		b.bytes = (const char *)lf + 1;
		b.len = size - line - 1;
	}
	b.fd = memory_file(b.bytes, b.len);
	(void)multipart_is_type(type);
	err = multipart_read(&m, b.fd, type);
	if (err == ERR_NONE)
		check_parts(&m, &b);
	else
		check_refusal(err, m.code, m.message);
	check_form(&b, type, &m);
	(void)close(b.fd);
	free(type);
	return 0;
}
