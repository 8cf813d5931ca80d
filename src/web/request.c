/*
 * Reading of requests.  Everything here comes from outside, through a server
 * that checks little of it; what does not look right is taken for missing.
 */
#include "web/request.h"

#include "base/number.h"
#include "base/text.h"

#include <string.h>
#include <unistd.h>

#define KEPT_MAX (64u << 10) /* memory kept from one request to the next */

void
request_init(struct request *r)
{
	memset(r, 0, sizeof(*r));
	buf_init(&r->body, REQUEST_BODY_MAX);
	params_init(&r->params);
}

void
request_release(struct request *r)
{
	buf_release(&r->body);
	params_release(&r->params);
}

/* The value of a variable, or "". */
static const char *
variable(char *const *envp, const char *name)
{
	size_t len = strlen(name);

	for (; *envp != NULL; envp++) {
		if (strncmp(*envp, name, len) == 0 && (*envp)[len] == '=')
			return *envp + len + 1;
	}
	return "";
}

static bool
is_request_id(const char *s)
{
	return strlen(s) == REQUEST_ID_LEN &&
	    strspn(s, "0123456789abcdef") == REQUEST_ID_LEN;
}

/* An id is no secret: should the system have no random bytes, it is zeros. */
static void
make_id(char out[REQUEST_ID_LEN + 1])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char bytes[REQUEST_ID_LEN / 2];
	size_t i;

	if (getentropy(bytes, sizeof(bytes)) != 0)
		memset(bytes, 0, sizeof(bytes));
	for (i = 0; i < sizeof(bytes); i++) {
		out[2 * i] = hex[bytes[i] >> 4];
		out[2 * i + 1] = hex[bytes[i] & 15];
	}
	out[REQUEST_ID_LEN] = '\0';
}

/* Which type a Content-Type names, whatever parameters follow it. */
static enum request_type
read_type(const char *s)
{
	size_t len = strcspn(s, ";");

	text_trim(&s, &len);
	if (text_same_word(s, len, "application/x-www-form-urlencoded"))
		return REQUEST_TYPE_FORM;
	if (text_same_word(s, len, "application/json"))
		return REQUEST_TYPE_JSON;
	return REQUEST_TYPE_OTHER;
}

static int64_t
read_length(const char *s)
{
	int64_t length = 0;

	if (s[0] == '\0')
		return 0;
	return number_parse(s, strlen(s), 0, INT64_MAX, &length) ? length : -1;
}

void
request_begin(struct request *r, char *const *envp,
    const struct request_source *source)
{
	const char *id = variable(envp, "REQUEST_ID");

	if (is_request_id(id))
		memcpy(r->id, id, sizeof(r->id));
	else
		make_id(r->id);
	r->method = variable(envp, "REQUEST_METHOD");
	r->query = variable(envp, "QUERY_STRING");
	r->accept = variable(envp, "HTTP_ACCEPT");
	r->length = read_length(variable(envp, "CONTENT_LENGTH"));
	r->type = r->length == 0 ? REQUEST_TYPE_NONE
				 : read_type(variable(envp, "CONTENT_TYPE"));
	r->source = *source;
	r->variables = envp;
	if (r->body.cap > KEPT_MAX)
		buf_release(&r->body);
	else
		buf_reset(&r->body);
}

const char *
request_variable(const struct request *r, const char *name)
{
	return variable(r->variables, name);
}

/* "http://host:8000" is of the host "host:8000"; "null" is of none. */
static bool
is_of_host(const char *origin, const char *host)
{
	const char *name = strstr(origin, "://");

	return name != NULL && host[0] != '\0' &&
	    text_same_word(name + 3, strlen(name + 3), host);
}

bool
request_own_site(const struct request *r)
{
	const char *site = request_variable(r, "HTTP_SEC_FETCH_SITE");
	const char *origin = request_variable(r, "HTTP_ORIGIN");

	if (site[0] != '\0' && strcmp(site, "same-origin") != 0 &&
	    strcmp(site, "none") != 0)
		return false;
	return origin[0] == '\0' ||
	    is_of_host(origin, request_variable(r, "HTTP_HOST"));
}

enum err
request_read_body(struct request *r)
{
	size_t left = (size_t)r->length, n;
	char *to = buf_room(&r->body, left);

	if (to == NULL)
		return buf_err(&r->body);
	while (left > 0) {
		n = r->source.read(r->source.ctx, r->body.data + r->body.len,
		    left);
		if (n == 0)
			return ERR_INPUT;
		r->body.len += n;
		left -= n;
	}
	r->body.data[r->body.len] = '\0';
	return ERR_NONE;
}

/* A weight like "0.5", in thousandths; reads as far as it makes sense. */
static int
parse_weight(const char *s, const char *end)
{
	int weight = 0, unit = 1000;

	for (; s < end && unit > 0; s++) {
		if (*s == '.')
			continue;
		if (*s < '0' || *s > '9')
			break;
		weight += (*s - '0') * unit;
		unit /= 10;
	}
	return weight > 1000 ? 1000 : weight;
}

/*
 * The weight of an element of Accept (RFC 9110, 12.4.2), "text/csv; q=0.5",
 * in thousandths; 1000 where none is given.
 */
static int
read_weight(const char *s, size_t len)
{
	const char *end = s + len, *p = memchr(s, ';', len);

	while (p != NULL) {
		p += 1 + strspn(p + 1, " \t");
		if (end - p >= 2 && (p[0] == 'q' || p[0] == 'Q') && p[1] == '=')
			return parse_weight(p + 2, end);
		p = p < end ? memchr(p, ';', (size_t)(end - p)) : NULL;
	}
	return 1000;
}

/* How an Accept header rates a media type, in thousandths; 0 if not named. */
static int
rating(const char *accept, const char *type)
{
	size_t len, name_len;
	const char *name;

	for (; *accept != '\0'; accept += len + (accept[len] == ',')) {
		len = strcspn(accept, ",");
		name = accept;
		name_len = strcspn(accept, ",;");
		text_trim(&name, &name_len);
		if (text_same_word(name, name_len, type))
			return read_weight(accept, len);
	}
	return 0;
}

bool
request_accepts(const struct request *r, const char *type, const char *other)
{
	int rated = rating(r->accept, type);

	return rated > 0 && rated >= rating(r->accept, other);
}
