/* Replies: their text as CGI, errors as HTTP, and what spoils one. */
#include "web/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <string.h>

#define ID "0123456789abcdef0123456789abcdef"

static void
check_text(struct reply *r, bool head, const char *expected)
{
	struct buf out;

	buf_init(&out, 1u << 20);
	assert_int_equal(reply_write(r, head, &out), ERR_NONE);
	assert_string_equal(buf_text(&out), expected);
	buf_release(&out);
}

static void
test_plain(void **state)
{
	struct reply r;

	(void)state;
	reply_init(&r);
	reply_begin(&r, ID);
	r.status = 202;
	buf_str(&r.body, "{\"a\":1}");
	reply_header(&r, "Retry-After", "1");
	check_text(&r, false,
	    "Status: 202 Accepted\r\n"
	    "Content-Type: application/json\r\n"
	    "X-Request-Id: " ID "\r\n"
	    "Cache-Control: no-store\r\n"
	    "Content-Length: 7\r\n"
	    "Retry-After: 1\r\n"
	    "\r\n"
	    "{\"a\":1}");
	reply_release(&r);
}

/* HEAD tells the length of the body that GET would have. */
static void
test_head(void **state)
{
	struct reply r;

	(void)state;
	reply_init(&r);
	reply_begin(&r, ID);
	buf_str(&r.body, "{\"a\":1}");
	check_text(&r, true,
	    "Status: 200 OK\r\n"
	    "Content-Type: application/json\r\n"
	    "X-Request-Id: " ID "\r\n"
	    "Cache-Control: no-store\r\n"
	    "Content-Length: 7\r\n"
	    "\r\n");
	reply_release(&r);
}

/*
 * No body: no length and nothing about caches, so that the server may put a
 * file in its place.
 */
static void
test_no_body(void **state)
{
	struct reply r;

	(void)state;
	reply_init(&r);
	reply_begin(&r, ID);
	r.type = "text/csv; charset=utf-8";
	reply_header(&r, "X-Accel-Redirect", "/x");
	check_text(&r, false,
	    "Status: 200 OK\r\n"
	    "Content-Type: text/csv; charset=utf-8\r\n"
	    "X-Request-Id: " ID "\r\n"
	    "X-Accel-Redirect: /x\r\n"
	    "\r\n");
	reply_release(&r);
}

/* An error drops what was gathered before, header lines too. */
static void
test_error_replaces(void **state)
{
	struct reply r;

	(void)state;
	reply_init(&r);
	reply_begin(&r, ID);
	r.status = 202;
	r.type = "text/csv";
	buf_str(&r.body, "half of a");
	reply_header(&r, "Location", "/x");
	reply_error(&r, 409, "no_polls", "Say \"polls\".");
	check_text(&r, false,
	    "Status: 409 Conflict\r\n"
	    "Content-Type: application/json\r\n"
	    "X-Request-Id: " ID "\r\n"
	    "Cache-Control: no-store\r\n"
	    "Content-Length: 104\r\n"
	    "\r\n"
	    "{\"error\":{\"code\":\"no_polls\","
	    "\"message\":\"Say \\\"polls\\\".\"},"
	    "\"request_id\":\"" ID "\"}");
	reply_release(&r);
}

/* Sees only the contract: status, and whether waiting is advised. */
static const struct {
	enum err err;
	int status;
	bool retry;
} errors[] = {
	{ ERR_INPUT, 400, false },
	{ ERR_NOT_FOUND, 404, false },
	{ ERR_CONFLICT, 409, false },
	{ ERR_GONE, 410, false },
	{ ERR_TOO_LARGE, 413, false },
	{ ERR_BUSY, 503, true },
	{ ERR_NO_MEMORY, 503, true },
	{ ERR_NO_SPACE, 507, false },
	{ ERR_IO, 503, false },
	{ ERR_CORRUPT, 503, false },
	{ ERR_NEWER, 503, false },
	{ ERR_CANCELLED, 503, true },
};

static void
test_errors(void **state)
{
	struct reply r;
	size_t i;

	(void)state;
	assert_int_equal(sizeof(errors) / sizeof(errors[0]), ERR__MAX - 1);
	reply_init(&r);
	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		const char *code, *message, *id;
		struct buf out;
		json_t *body;

		reply_begin(&r, ID);
		reply_err(&r, errors[i].err);
		assert_int_equal(r.status, errors[i].status);
		assert_int_equal(strstr(buf_text(&r.headers),
				     "Retry-After: ") != NULL,
		    errors[i].retry);
		body = json_loadb(buf_text(&r.body), r.body.len, 0, NULL);
		assert_int_equal(json_unpack(body, "{s:{s:s,s:s!},s:s!}",
				     "error", "code", &code, "message",
				     &message, "request_id", &id),
		    0);
		assert_string_equal(id, ID);
		assert_true(strlen(code) > 0);
		assert_int_equal(message[strlen(message) - 1], '.');
		json_decref(body);
		buf_init(&out, 10000);
		assert_int_equal(reply_write(&r, false, &out), ERR_NONE);
		assert_null(strstr(buf_text(&out), "Unknown"));
		buf_release(&out);
	}
	reply_release(&r);
}

/* A value that would forge a header turns the whole reply into an error. */
static void
test_forged_header(void **state)
{
	struct reply r;
	struct buf out;

	(void)state;
	reply_init(&r);
	buf_init(&out, 10000);
	reply_begin(&r, ID);
	buf_str(&r.body, "{}");
	reply_header(&r, "Location", "/x\r\nSet-Cookie: a=b");
	assert_int_equal(reply_write(&r, false, &out), ERR_NONE);
	assert_memory_equal(buf_text(&out), "Status: 503 ", 12);
	assert_null(strstr(buf_text(&out), "Set-Cookie"));
	assert_null(strstr(buf_text(&out), "Location"));
	buf_release(&out);
	reply_release(&r);
}

static void
test_over_ceiling(void **state)
{
	struct reply r;
	struct buf out;
	size_t i;

	(void)state;
	reply_init(&r);
	buf_init(&out, 20u << 20);
	reply_begin(&r, ID);
	for (i = 0; i < 100000; i++)
		buf_printf(&r.body, "%0100zu", i);
	assert_int_equal(reply_write(&r, false, &out), ERR_NONE);
	assert_memory_equal(buf_text(&out), "Status: 503 ", 12);
	assert_true(out.len < 1000);
	/* The next one is not harmed, and the memory is given back. */
	reply_begin(&r, ID);
	buf_str(&r.body, "{}");
	assert_true(r.body.cap <= 65536);
	buf_reset(&out);
	assert_int_equal(reply_write(&r, false, &out), ERR_NONE);
	assert_memory_equal(buf_text(&out), "Status: 200 ", 12);
	buf_release(&out);
	reply_release(&r);
}

/* Where the caller's buffer is too small he is told. */
static void
test_out_full(void **state)
{
	struct reply r;
	struct buf out;

	(void)state;
	reply_init(&r);
	buf_init(&out, 40);
	reply_begin(&r, ID);
	assert_int_equal(reply_write(&r, false, &out), ERR_TOO_LARGE);
	buf_release(&out);
	reply_release(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_no_body),
		cmocka_unit_test(test_error_replaces),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_forged_header),
		cmocka_unit_test(test_over_ceiling),
		cmocka_unit_test(test_out_full),
	};

	return cmocka_run_group_tests_name("reply", tests, NULL, NULL);
}
