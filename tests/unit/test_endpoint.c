/*
 * The frame of endpoints: every refusal, their order, and what the handler
 * gets to see.  A request is an environment and a text to read the body from.
 */
#include "web/endpoint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define ID "0123456789abcdef0123456789abcdef"
#define BODY_MAX 20
#define FORM "application/x-www-form-urlencoded"
#define JSON "application/json"

enum {
	COLOUR,
	ROWS
};

static const char *const colours[] = { "red", "blue", NULL };
static const struct param table[ROWS] = {
	[COLOUR] = { "colour", PARAM_WORD, false, { .words = colours },
	    "red or blue" },
};

/* Shows the colour, and counts its calls. */
static void
handle(void *app, const struct request *request, struct reply *reply)
{
	const char *colour = params_text(&request->params, COLOUR);

	++*(int *)app;
	buf_str(&reply->body, colour == NULL ? "none" : colour);
}

static const struct endpoint both = {
	.name = "both",
	.methods = ENDPOINT_GET | ENDPOINT_POST,
	.max_body = BODY_MAX,
	.params = table,
	.param_count = ROWS,
	.handler = handle,
};

static const struct endpoint post_only = {
	.name = "post_only",
	.methods = ENDPOINT_POST,
	.max_body = BODY_MAX,
	.params = table,
	.param_count = ROWS,
	.handler = handle,
};

struct exchange {
	const struct endpoint *endpoint;
	const char *method;
	const char *query;
	const char *type;
	const char *length; /* NULL: that of body */
	const char *body;
	int status;
	const char *shown; /* stands in the body */
};

static const struct exchange cases[] = {
	{ &both, "GET", "", "", NULL, "", 200, "none" },
	{ &both, "GET", "colour=red", "", NULL, "", 200, "red" },
	{ &both, "HEAD", "colour=red", "", NULL, "", 200, "red" },
	{ &both, "POST", "colour=red", "", NULL, "", 200, "red" },
	{ &both, "POST", "", FORM, NULL, "colour=blue", 200, "blue" },
	{ &both, "POST", "", FORM "; charset=utf-8", NULL, "colour=blue", 200,
	    "blue" },
	{ &both, "POST", "", "Application/X-WWW-Form-URLEncoded ;a=b", NULL,
	    "colour=blue", 200, "blue" },
	{ &both, "POST", "", JSON, NULL, "{\"colour\":\"blue\"}", 200, "blue" },
	{ &both, "GET", "", JSON, NULL, "{\"colour\":\"blue\"}", 200, "blue" },
	{ &both, "POST", "", "text/plain", NULL, "", 200, "none" },
	{ &both, "POST", "", "", "0", "", 200, "none" },
	/* Each refusal. */
	{ &both, "PUT", "", "", NULL, "", 405, "method_not_allowed" },
	{ &both, "get", "", "", NULL, "", 405, "method_not_allowed" },
	{ &both, "", "", "", NULL, "", 405, "method_not_allowed" },
	{ &both, "OPTIONS", "", "", NULL, "", 405, "method_not_allowed" },
	{ &post_only, "GET", "", "", NULL, "", 405, "method_not_allowed" },
	{ &post_only, "HEAD", "", "", NULL, "", 405, "method_not_allowed" },
	{ &post_only, "POST", "", "", NULL, "", 200, "none" },
	{ &both, "POST", "", JSON, "19", "{\"colour\":\"red\"}   ", 200,
	    "red" },
	{ &both, "POST", "", JSON, "20", "{\"colour\":\"red\"}    ", 200,
	    "red" },
	{ &both, "POST", "", JSON, "21", "{\"colour\":\"red\"}     ", 413,
	    "larger than 20 bytes" },
	{ &both, "POST", "", "text/plain", NULL, "a", 415,
	    "unsupported_media_type" },
	{ &both, "POST", "", "", NULL, "colour=red", 415,
	    "unsupported_media_type" },
	{ &both, "POST", "", "multipart/form-data; boundary=x", NULL, "a", 415,
	    "unsupported_media_type" },
	{ &both, "POST", "", "application/jsonp", NULL, "{}", 415,
	    "unsupported_media_type" },
	{ &both, "POST", "", JSON, "10", "{}", 400, "bad_body" },
	{ &both, "POST", "", JSON, "-1", "{}", 400, "bad_body" },
	{ &both, "POST", "", JSON, "two", "{}", 400, "bad_body" },
	{ &both, "POST", "", JSON, "99999999999999999999", "{}", 400,
	    "bad_body" },
	{ &both, "POST", "", JSON, NULL, "{]", 400, "bad_json" },
	{ &both, "GET", "colour=green", "", NULL, "", 400, "bad_parameter" },
	{ &both, "GET", "size=1", "", NULL, "", 400, "unknown_parameter" },
	{ &both, "POST", "colour=red", FORM, NULL, "colour=red", 400,
	    "repeated_parameter" },
	/* Several at once: the first of the order counts. */
	{ &both, "PUT", "size=1", "text/plain", "21", "x", 405, "" },
	{ &both, "POST", "size=1", "text/plain", "21", "x", 413, "" },
	{ &both, "POST", "size=1", "text/plain", "1", "x", 415, "" },
	{ &both, "POST", "size=1", FORM, "1", "x", 400, "" },
};

/* A body that comes in pieces of up to three bytes. */
static size_t
read_pieces(void *ctx, char *to, size_t len)
{
	const char **at = ctx;
	size_t n = strlen(*at);

	n = n < len ? n : len;
	n = n < 3 ? n : 3;
	memcpy(to, *at, n);
	*at += n;
	return n;
}

static void
run(const struct exchange *x, int *calls, struct request *request,
    struct reply *reply)
{
	char texts[4][200], id[] = "REQUEST_ID=" ID;
	char *envp[] = { texts[0], texts[1], texts[2], texts[3], id, NULL };
	const char *at = x->body;
	struct request_source source = { .read = read_pieces, .ctx = &at };

	(void)snprintf(texts[0], 200, "REQUEST_METHOD=%s", x->method);
	(void)snprintf(texts[1], 200, "QUERY_STRING=%s", x->query);
	(void)snprintf(texts[2], 200, "CONTENT_TYPE=%s", x->type);
	if (x->length != NULL)
		(void)snprintf(texts[3], 200, "CONTENT_LENGTH=%s", x->length);
	else
		(void)snprintf(texts[3], 200, "CONTENT_LENGTH=%zu",
		    strlen(x->body));
	request_begin(request, envp, &source);
	endpoint_answer(x->endpoint, calls, request, reply);
}

static void
test_cases(void **state)
{
	struct request request;
	struct reply reply;
	size_t i;

	(void)state;
	request_init(&request);
	reply_init(&reply);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct exchange *x = &cases[i];
		int calls = 0;

		run(x, &calls, &request, &reply);
		if (reply.status != x->status)
			fail_msg("%s ?%s %s %s: %d %s", x->method, x->query,
			    x->type, x->body, reply.status,
			    buf_text(&reply.body));
		assert_int_equal(calls, x->status == 200);
		assert_non_null(strstr(buf_text(&reply.body), x->shown));
		if (x->status != 200)
			assert_non_null(strstr(buf_text(&reply.body),
			    "\"request_id\":\"" ID "\""));
	}
	reply_release(&reply);
	request_release(&request);
}

static void
test_allow(void **state)
{
	static const struct {
		struct exchange x;
		const char *allow;
	} refused[] = {
		{ { &both, "PUT", "", "", NULL, "", 405, "" },
		    "Allow: GET, HEAD, POST\r\n" },
		{ { &post_only, "GET", "", "", NULL, "", 405, "" },
		    "Allow: POST\r\n" },
	};
	struct request request;
	struct reply reply;
	size_t i;
	int calls = 0;

	(void)state;
	request_init(&request);
	reply_init(&reply);
	for (i = 0; i < 2; i++) {
		run(&refused[i].x, &calls, &request, &reply);
		assert_string_equal(buf_text(&reply.headers), refused[i].allow);
	}
	reply_release(&reply);
	request_release(&request);
}

/* Queries up to the ceiling are read, longer ones refused. */
static void
test_query_ceiling(void **state)
{
	static char variable[sizeof("QUERY_STRING=") + REQUEST_QUERY_MAX + 1];
	char method[] = "REQUEST_METHOD=GET";
	char *envp[] = { variable, method, NULL };
	struct request_source source = { .read = read_pieces };
	struct request request;
	struct reply reply;
	size_t extra;
	int calls = 0;

	(void)state;
	request_init(&request);
	reply_init(&reply);
	for (extra = 0; extra <= 1; extra++) {
		memset(variable, '&', sizeof(variable));
		memcpy(variable, "QUERY_STRING=", 13);
		variable[13 + REQUEST_QUERY_MAX + extra] = '\0';
		request_begin(&request, envp, &source);
		endpoint_answer(&both, &calls, &request, &reply);
		assert_int_equal(reply.status, extra == 0 ? 200 : 414);
	}
	assert_int_equal(calls, 1);
	reply_release(&reply);
	request_release(&request);
}

/* The server's request id is taken only if it is one; else it is made. */
static void
test_request_id(void **state)
{
	static const char *const bad[] = { "", "0123456789abcdef", ID "0",
		"0123456789ABCDEF0123456789abcdef",
		"0123456789abcdef0123456789abcde\n",
		"<script>456789abcdef0123456789ab" };
	char variable[100];
	char *envp[] = { variable, NULL };
	struct request_source source = { .read = read_pieces };
	struct request request;
	char last[REQUEST_ID_LEN + 1] = "";
	size_t i;

	(void)state;
	request_init(&request);
	(void)snprintf(variable, sizeof(variable), "REQUEST_ID=%s", ID);
	request_begin(&request, envp, &source);
	assert_string_equal(request.id, ID);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		(void)snprintf(variable, sizeof(variable), "REQUEST_ID=%s",
		    bad[i]);
		request_begin(&request, envp, &source);
		assert_int_equal(strspn(request.id, "0123456789abcdef"),
		    REQUEST_ID_LEN);
		assert_int_equal(strlen(request.id), REQUEST_ID_LEN);
		assert_string_not_equal(request.id, bad[i]);
		assert_string_not_equal(request.id, last);
		memcpy(last, request.id, sizeof(last));
	}
	request_release(&request);
}

static const struct {
	const char *accept;
	bool csv; /* rather than JSON */
} accepts[] = {
	{ "", false },
	{ "*/*", false },
	{ "text/*", false },
	{ "text/csv", true },
	{ "TEXT/CSV", true },
	{ " text/csv ; charset=utf-8", true },
	{ "text/csv, */*;q=0.1", true },
	{ "application/json", false },
	{ "application/json, text/csv", true },
	{ "application/json, text/csv;q=0.9", false },
	{ "application/json;q=0.8, text/csv;q=0.9", true },
	{ "application/json;q=0.8,text/csv; Q=0.9", true },
	{ "text/csv;q=0", false },
	{ "text/csv;q=0.000", false },
	{ "text/csv;q=0.001", true },
	{ "text/csv;header=present;q=0", false },
	{ "text/csv;q=", false },
	{ "text/csv;", true },
	{ "text/csvx", false },
	{ "text/cs", false },
	{ "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
	    false },
	{ ",,text/csv,", true },
};

static void
test_accept(void **state)
{
	char variable[200];
	char *envp[] = { variable, NULL };
	struct request_source source = { .read = read_pieces };
	struct request request;
	size_t i;

	(void)state;
	request_init(&request);
	for (i = 0; i < sizeof(accepts) / sizeof(accepts[0]); i++) {
		(void)snprintf(variable, sizeof(variable), "HTTP_ACCEPT=%s",
		    accepts[i].accept);
		request_begin(&request, envp, &source);
		if (request_accepts(&request, "text/csv", "application/json") !=
		    accepts[i].csv)
			fail_msg("Accept: %s", accepts[i].accept);
	}
	request_release(&request);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_allow),
		cmocka_unit_test(test_query_ceiling),
		cmocka_unit_test(test_request_id),
		cmocka_unit_test(test_accept),
	};

	return cmocka_run_group_tests_name("endpoint", tests, NULL, NULL);
}
