/*
 * Requests, through the frame of all endpoints.  The input is lines
 * "NAME=value" as the server hands them over, a blank line, and the body.
 * Whatever they are, there is one whole reply: a status, header lines without
 * anything else in them, and a body that is the JSON it says it is; and the
 * handler is called only with parameters that its table allows.
 */
#include "fuzz.h"

#include "base/text.h"
#include "web/endpoint.h"
#include "work/report.h"

#include <jansson.h>

#define LINES_MAX 32
#define REPLY_MAX ((size_t)16 << 20)
#define IDS_MAX 3

static bool
is_reach(const char *value)
{
	int64_t us;

	return report_parse_reach(value, &us);
}

static const char *const words[] = { "previous", "next", NULL };
static const struct param params[] = {
	{ "store_id", PARAM_STORE_ID, false, { .max_count = IDS_MAX },
	    "a store id" },
	{ "report_id", PARAM_JOB_ID, false, { 0 }, "a report id" },
	{ "interpolation", PARAM_WORD, false, { .words = words }, "a word" },
	{ "reach", PARAM_CHECKED, false, { .check = is_reach }, "a reach" },
};

static void
check_values(const struct params *p)
{
	const char *const *ids;
	const char *value;
	size_t count, i;

	ids = params_list(p, 0, &count);
	assert_true(count <= IDS_MAX);
	for (i = 0; i < count; i++)
		assert_true(text_is_store_id(ids[i], strlen(ids[i])));
	value = params_text(p, 1);
	assert_true(value == NULL || text_is_job_id(value));
	value = params_text(p, 2);
	assert_true(value == NULL || strcmp(value, words[0]) == 0 ||
	    strcmp(value, words[1]) == 0);
	value = params_text(p, 3);
	assert_true(value == NULL || is_reach(value));
}

static void
handle(void *app, const struct request *request, struct reply *reply)
{
	(void)app;
	check_values(&request->params);
	assert_true(strcmp(request->method, "POST") != 0 ||
	    request_own_site(request));
	if (request_accepts(request, "text/csv", "application/json"))
		reply_header(reply, "X-Accepts", "text/csv");
	buf_str(&reply->body, "{\"taken\":true}");
}

static const struct endpoint endpoint = {
	.name = "fuzz",
	.methods = ENDPOINT_GET | ENDPOINT_POST,
	.own_site = true,
	.max_body = 1024,
	.params = params,
	.param_count = sizeof(params) / sizeof(params[0]),
	.handler = handle,
};

/* What is left of the input behind the lines is the body. */
struct body {
	const char *bytes;
	size_t len;
};

static size_t
read_body(void *ctx, char *to, size_t len)
{
	struct body *b = ctx;

	/* Small pieces, as a stream has them. */
	if (len > 7)
		len = 7;
	if (len > b->len)
		len = b->len;
	memcpy(to, b->bytes, len);
	b->bytes += len;
	b->len -= len;
	return len;
}

/* Cuts the lines off the text; what follows is the body. */
static void
cut_lines(char *text, size_t size, char *lines[LINES_MAX + 1], struct body *b)
{
	char *end = text + size, *lf;
	size_t n = 0;

	while (n < LINES_MAX &&
	    (lf = memchr(text, '\n', (size_t)(end - text))) != NULL &&
	    lf != text) {
		*lf = '\0';
		lines[n++] = text;
		text = lf + 1;
	}
	lines[n] = NULL;
	if (text < end && *text == '\n')
		text++;
	b->bytes = text;
	b->len = (size_t)(end - text);
}

/* Header lines of printable characters, up to the blank one; the body. */
static const char *
check_head(const char *text)
{
	const char *blank = strstr(text, "\r\n\r\n"), *p;

	assert_non_null(blank);
	assert_true(strncmp(text, "Status: ", 8) == 0 &&
	    strtol(text + 8, NULL, 10) >= 200 &&
	    strtol(text + 8, NULL, 10) < 600);
	for (p = text; p < blank; p++)
		assert_true((*p >= ' ' && *p <= '~') ||
		    (p[0] == '\r' && p[1] == '\n') ||
		    (p[0] == '\n' && p[-1] == '\r'));
	return blank + 4;
}

static void
check_reply(const struct buf *out, bool head)
{
	const char *body = check_head(out->data);
	json_t *told;

	assert_int_equal(strlen(out->data), out->len);
	if (head) {
		assert_true(body[0] == '\0');
		return;
	}
	told = json_loads(body, JSON_REJECT_DUPLICATES, NULL);
	assert_true(json_is_object(told));
	assert_true(json_is_true(json_object_get(told, "taken")) ||
	    json_is_string(json_object_get(told, "request_id")));
	json_decref(told);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_copy(data, size, true), *lines[LINES_MAX + 1];
	struct body body;
	struct request_source source = { read_body, &body };
	struct request request;
	struct reply reply;
	struct buf out;
	bool head;

	cut_lines(text, size, lines, &body);
	request_init(&request);
	reply_init(&reply);
	buf_init(&out, REPLY_MAX);
	request_begin(&request, lines, &source);
	head = strcmp(request.method, "HEAD") == 0;
	endpoint_answer(&endpoint, NULL, &request, &reply);
	assert_int_equal(reply_write(&reply, head, &out), ERR_NONE);
	check_reply(&out, head);
	request_release(&request);
	reply_release(&reply);
	buf_release(&out);
	free(text);
	return 0;
}
