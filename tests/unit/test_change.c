/*
 * What the frame adds for endpoints that change something: foreign pages,
 * bodies that lie in a file, and programs with several routes.
 */
#include "web/endpoint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static void
handle(void *app, const struct request *request, struct reply *reply)
{
	(void)request;
	(void)reply;
	++*(int *)app;
}

static const struct param table[] = {
	{ "colour", PARAM_STORE_ID, false, { 0 }, "a colour" },
};

static const struct endpoint endpoint = {
	.name = "change",
	.methods = ENDPOINT_GET | ENDPOINT_POST | ENDPOINT_PUT,
	.own_site = true,
	.file_body = true,
	.max_body = 20,
	.params = table,
	.param_count = 1,
	.handler = handle,
};

static const struct endpoint *
choose(const struct request *request)
{
	const char *route = request_variable(request, "ROUTE");

	return strcmp(route, "change") == 0 ? &endpoint : NULL;
}

static const struct endpoint program = { .name = "program", .choose = choose };

/* Answers what these variables ask; the reply's status. */
static int
answer(const struct endpoint *e, const char *const *variables, size_t count)
{
	char texts[8][200];
	char *envp[9] = { NULL };
	struct request_source source = { .read = NULL };
	struct request request;
	struct reply reply;
	int calls = 0, status;
	size_t i;

	for (i = 0; i < count && variables[i] != NULL; i++) {
		(void)snprintf(texts[i], 200, "%s", variables[i]);
		envp[i] = texts[i];
	}
	request_init(&request);
	reply_init(&reply);
	request_begin(&request, envp, &source);
	endpoint_answer(e, &calls, &request, &reply);
	status = reply.status;
	assert_int_equal(calls, status == 200);
	reply_release(&reply);
	request_release(&request);
	return status;
}

#define FILE_BODY "REQUEST_BODY_FILE=/a"
#define HOST "HTTP_HOST=localhost:8000"
#define ORIGIN(text) "HTTP_ORIGIN=" text
#define SITE(text) "HTTP_SEC_FETCH_SITE=" text

static const struct {
	const char *method;
	const char *site;
	const char *origin;
	int status;
} pages[] = {
	{ "POST", "A=", "B=", 200 },
	{ "POST", SITE("same-origin"), "B=", 200 },
	{ "POST", SITE("none"), "B=", 200 },
	{ "POST", SITE("same-site"), "B=", 403 },
	{ "POST", SITE("cross-site"), "B=", 403 },
	{ "PUT", SITE("cross-site"), "B=", 403 },
	{ "POST", SITE("Same-Origin"), "B=", 403 },
	{ "POST", "A=", ORIGIN("http://localhost:8000"), 200 },
	{ "POST", "A=", ORIGIN("https://LOCALHOST:8000"), 200 },
	{ "POST", "A=", ORIGIN("http://localhost:800"), 403 },
	{ "POST", "A=", ORIGIN("http://localhost:80000"), 403 },
	{ "POST", "A=", ORIGIN("http://localhost"), 403 },
	{ "POST", "A=", ORIGIN("localhost:8000"), 403 },
	{ "POST", "A=", ORIGIN("null"), 403 },
	{ "PUT", "A=", ORIGIN("http://evil.example"), 403 },
	{ "POST", SITE("same-origin"), ORIGIN("http://evil.example"), 403 },
	{ "POST", SITE("cross-site"), ORIGIN("http://localhost:8000"), 403 },
	/* Whoever reads may come from anywhere. */
	{ "GET", SITE("cross-site"), ORIGIN("http://evil.example"), 200 },
	{ "HEAD", SITE("cross-site"), ORIGIN("http://evil.example"), 200 },
	/* 405 goes first. */
	{ "DELETE", SITE("cross-site"), "B=", 405 },
};

static void
test_pages(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		char method[40];
		const char *variables[] = { method, pages[i].site,
			pages[i].origin, HOST, FILE_BODY };
		int status;

		(void)snprintf(method, sizeof(method), "REQUEST_METHOD=%s",
		    pages[i].method);
		status = answer(&endpoint, variables, 5);
		if (status != pages[i].status)
			fail_msg("%s %s %s: %d", pages[i].method, pages[i].site,
			    pages[i].origin, status);
	}
}

/* Without a Host no origin is its own. */
static void
test_no_host(void **state)
{
	static const char *const variables[] = { "REQUEST_METHOD=POST",
		ORIGIN("http://"), FILE_BODY };

	(void)state;
	assert_int_equal(answer(&endpoint, variables, 3), 403);
}

static const struct {
	const char *variables[6];
	int status;
} bodies[] = {
	{ { "REQUEST_METHOD=PUT", FILE_BODY }, 200 },
	{ { "REQUEST_METHOD=PUT" }, 411 },
	{ { "REQUEST_METHOD=POST", "CONTENT_LENGTH=5",
	      "CONTENT_TYPE=text/csv" },
	    411 },
	{ { "REQUEST_METHOD=GET" }, 200 },
	/* Any size and any type, and the program reads none of it. */
	{ { "REQUEST_METHOD=PUT", FILE_BODY, "CONTENT_LENGTH=3000000000",
	      "CONTENT_TYPE=text/csv" },
	    200 },
	{ { "REQUEST_METHOD=PUT", FILE_BODY, "CONTENT_LENGTH=3000000000",
	      "CONTENT_TYPE=application/json" },
	    200 },
	{ { "REQUEST_METHOD=POST", FILE_BODY, "CONTENT_LENGTH=9",
	      "CONTENT_TYPE=application/x-www-form-urlencoded" },
	    200 },
	/* Of a GET it stays what it is elsewhere. */
	{ { "REQUEST_METHOD=GET", FILE_BODY, "CONTENT_LENGTH=21",
	      "CONTENT_TYPE=application/json" },
	    413 },
	{ { "REQUEST_METHOD=PUT", FILE_BODY, "QUERY_STRING=colour=red" }, 200 },
	{ { "REQUEST_METHOD=PUT", FILE_BODY, "QUERY_STRING=size=1" }, 400 },
	{ { "REQUEST_METHOD=PUT", "QUERY_STRING=size=1" }, 411 },
};

static void
test_bodies(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		int status = answer(&endpoint, bodies[i].variables, 6);

		if (status != bodies[i].status)
			fail_msg("case %zu: %d", i, status);
	}
}

static void
test_routes(void **state)
{
	static const char *const known[] = { "REQUEST_METHOD=GET",
		"ROUTE=change" };
	static const char *const other[] = { "REQUEST_METHOD=GET",
		"ROUTE=chang" };
	static const char *const refused[] = { "REQUEST_METHOD=LOCK",
		"ROUTE=change" };

	(void)state;
	assert_int_equal(answer(&program, known, 2), 200);
	assert_int_equal(answer(&program, other, 2), 404);
	assert_int_equal(answer(&program, refused, 2), 405);
	assert_int_equal(answer(&program, known, 1), 404);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_no_host),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_routes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
