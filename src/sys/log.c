/*
 * The log.  A line is put together in a fixed buffer and written with one
 * write, so that lines of several processes do not mix.
 */
#include "sys/log.h"

#include "base/text.h"
#include "core/stamp.h"
#include "sys/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TEXT_MAX 1024 /* bytes of a message before escaping */
#define LINE_MAX_BYTES 2048
#define CONTEXT_SIZE 64

static const char *const level_names[] = {
	[LOG_LEVEL_ERROR] = "error",
	[LOG_LEVEL_WARN] = "warn",
	[LOG_LEVEL_INFO] = "info",
};

_Static_assert(sizeof(level_names) / sizeof(level_names[0]) == LOG_LEVEL__MAX,
    "every level has a name");

static const char *program = "storemon";
static enum log_level limit = LOG_LEVEL_INFO;
static char context_request[CONTEXT_SIZE], context_id[CONTEXT_SIZE];

void
log_program(const char *name)
{
	program = name;
}

void
log_limit(enum log_level level)
{
	limit = level;
}

static void
keep_context(const char *text, char out[CONTEXT_SIZE])
{
	if (text == NULL)
		text = "";
	text_for_log(text, strlen(text), out, CONTEXT_SIZE);
}

void
log_context(const char *request, const char *id)
{
	keep_context(request, context_request);
	keep_context(id, context_id);
}

void
log_line(enum log_level level, const char *format, ...)
{
	char text[TEXT_MAX], safe[LINE_MAX_BYTES - 256];
	char line[LINE_MAX_BYTES], now[STAMP_TEXT];
	va_list ap;
	ssize_t ignored;
	int len;

	if (level > limit)
		return;
	va_start(ap, format);
	(void)vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	text_for_log(text, strlen(text), safe, sizeof(safe));
	len = snprintf(line, sizeof(line), "%s %s %s[%ld]%s%s%s%s: %s\n",
	    stamp_format(clock_now_us(), now), level_names[level], program,
	    (long)getpid(), context_request[0] != '\0' ? " request=" : "",
	    context_request, context_id[0] != '\0' ? " id=" : "", context_id,
	    safe);
	if (len <= 0)
		return;
	if ((size_t)len >= sizeof(line)) {
		len = (int)sizeof(line) - 1;
		line[len - 1] = '\n';
	}
	ignored = write(STDERR_FILENO, line, (size_t)len);
	(void)ignored;
}
