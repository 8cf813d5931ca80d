/*
 * One line per event, on standard error:
 *
 *	2026-01-02T03:04:05.000000Z warn worker[123] request=... id=...: text
 *
 * Both ids are left out where there is none.  The request's is the one that
 * the web server has in its own log, and that the client was told; a worker
 * names the request that made its job.  Text from outside is escaped here, so
 * that no caller can forge a line.
 */
#ifndef SYS_LOG_H
#define SYS_LOG_H

enum log_level {
	LOG_LEVEL_ERROR, /* something failed and somebody should look */
	LOG_LEVEL_WARN,  /* went on, but not as it should */
	LOG_LEVEL_INFO,  /* what happened */
	LOG_LEVEL__MAX
};

/* Names the program in each line; borrowed for the life of the process. */
void log_program(const char *name);

/* Lines above this level are dropped.  LOG_LEVEL_INFO at the start. */
void log_limit(enum log_level level);

/*
 * Sets the ids that stand in each line until the next call: of the request,
 * and of the report or import that is worked on.  NULL and "" for none.
 * Copied; at most 63 bytes of each are kept.
 */
void log_context(const char *request, const char *id);

/* Writes one line.  Never fails: there is nobody left to tell. */
void log_line(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#define log_error(...) log_line(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...) log_line(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_info(...) log_line(LOG_LEVEL_INFO, __VA_ARGS__)

#endif
