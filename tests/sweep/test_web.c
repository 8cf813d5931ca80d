/*
 * Requests, with each allocation failing in turn: the answer is the right one
 * or says that memory is short; and a program answers the next as ever.
 */
#include "web/endpoint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../lib/check.h"
#include "../lib/scratch.h"
#include "nth.h"
#include "web/file_form.h"

#define OUT_MAX ((size_t)1024 * 1024)

static const struct param params[] = {
	{ "store_id", PARAM_STORE_ID, false, { .max_count = 100 },
	    "a store id" },
};

/* Says how many ids there were. */
static void
handle(void *app, const struct request *request, struct reply *reply)
{
	size_t count;

	(void)app;
	(void)params_list(&request->params, 0, &count);
	reply_header(reply, "X-Count", count == 9 ? "9" : "other");
	buf_printf(&reply->body, "{\"count\":%zu}", count);
}

static const struct endpoint endpoint = {
	.name = "sweep",
	.methods = ENDPOINT_GET | ENDPOINT_POST,
	.max_body = 4096,
	.params = params,
	.param_count = COUNT(params),
	.handler = handle,
};

/* The same nine ids by query, form and JSON. */
static const struct {
	const char *name;
	const char *lines[3]; /* beside the length */
	const char *body;
} requests[] = {
	{ "query",
	    { "REQUEST_METHOD=GET",
		"QUERY_STRING=store_id=1&store_id=2&store_id=3&store_id=4&"
		"store_id=5&store_id=6&store_id=7&store_id=8&store_id=%39",
		NULL },
	    "" },
	{ "form",
	    { "REQUEST_METHOD=POST",
		"CONTENT_TYPE=application/x-www-form-urlencoded", NULL },
	    "store_id=1&store_id=2&store_id=3&store_id=4&store_id=5&store_id=6&"
	    "store_id=7&store_id=8&store_id=9" },
	{ "json",
	    { "REQUEST_METHOD=POST", "CONTENT_TYPE=application/json", NULL },
	    "{\"store_id\":[1,2,3,4,5,6,7,\"8\",\"9\"]}" },
};

static size_t asked; /* the one of the sweep at hand */
static struct buf out;

static size_t
read_body(void *ctx, char *to, size_t len)
{
	const char **rest = ctx;
	size_t n = strlen(*rest) < len ? strlen(*rest) : len;

	memcpy(to, *rest, n);
	*rest += n;
	return n;
}

/* A program's life for one request; ERR_NONE where it has an answer. */
static enum err
answer(void)
{
	const char *rest = requests[asked].body;
	struct request_source source = { read_body, &rest };
	char *lines[COUNT(requests[0].lines) + 1], length[48];
	struct request request;
	struct reply reply;
	enum err err;

	(void)snprintf(length, sizeof(length), "CONTENT_LENGTH=%zu",
	    strlen(requests[asked].body));
	lines[0] = length;
	memcpy(lines + 1, requests[asked].lines, sizeof(requests[0].lines));
	buf_init(&out, OUT_MAX);
	request_init(&request);
	reply_init(&reply);
	request_begin(&request, lines, &source);
	endpoint_answer(&endpoint, NULL, &request, &reply);
	err = reply_write(&reply, false, &out);
	request_release(&request);
	reply_release(&reply);
	return err;
}

static void
check_answer(enum err err)
{
	if (err != ERR_NONE)
		assert_int_equal(err, ERR_NO_MEMORY);
	else if (strncmp(out.data, "Status: 503 ", 12) == 0)
		assert_non_null(strstr(out.data, "\"no_memory\""));
	else
		assert_non_null(strstr(out.data, "{\"count\":9}"));
	buf_release(&out);
}

static void
test_requests(void **unused)
{
	struct sweep sweep = { NULL, NULL, answer, check_answer };

	(void)unused;
	for (asked = 0; asked < COUNT(requests); asked++) {
		assert_int_equal(answer(), ERR_NONE);
		check_text(requests[asked].name,
		    strstr(buf_text(&out), "\r\n\r\n"),
		    "\r\n\r\n{\"count\":9}");
		buf_release(&out);
		sweep.name = requests[asked].name;
		sweep_run(&sweep);
	}
}

#define TYPE "multipart/form-data; boundary=x"
#define BODY \
	"--x\r\nContent-Disposition: form-data; name=dataset\r\n\r\npolls\r\n" \
	"--x\r\nContent-Disposition: form-data; name=file;" \
	" filename=\"a.csv\"\r\n\r\na,b\r\n1,2\r\n--x--\r\n"

static char state[FILE_PATH_MAX];
static struct file_form form;

static enum err
read_form(void)
{
	char path[FILE_PATH_MAX];
	int fd = open(scratch_path(path, state, "form"), O_RDONLY | O_CLOEXEC);
	enum err err = fd < 0 ? ERR_IO : file_form_read(&form, state, fd, TYPE);

	if (fd >= 0)
		(void)close(fd);
	return err;
}

/* The file is there by itself, or nothing is. */
static void
check_form(enum err err)
{
	char path[FILE_PATH_MAX], text[64];

	if (err == ERR_NONE) {
		check_text("file",
		    scratch_read(state, form.path + strlen(state) + 1, text,
			sizeof(text)),
		    "a,b\r\n1,2");
		assert_int_equal(unlink(form.path), 0);
	}
	assert_int_equal(rmdir(scratch_path(path, state, "body")), 0);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void
test_form(void **unused)
{
	const struct sweep sweep = { "file form", NULL, read_form, check_form };
	char path[FILE_PATH_MAX];

	(void)unused;
	scratch_make(state);
	assert_int_equal(mkdir(scratch_path(path, state, "body"), 0700), 0);
	scratch_write(state, "form", BODY);
	sweep_run(&sweep);
	scratch_remove(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_form),
	};

	return cmocka_run_group_tests_name("web, calls failing", tests, NULL,
	    NULL);
}
