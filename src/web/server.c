/*
 * The loop, through libfcgi's thread-safe functions.
 *
 * Signals to stop are blocked but for the time in which the program waits, so
 * that they can neither cut a request off nor be missed between a look at a
 * flag and accept().  That takes a listening socket that does not block:
 * several processes wait for one socket, and who comes late to a connection
 * must go back to waiting.  EPOLLEXCLUSIVE wakes one process, not all.
 */
#include "web/server.h"

#include "sys/file.h"
#include "sys/log.h"

#include <errno.h>
#include <fastcgi.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define OUT_MAX (9u << 20)   /* a reply, head and body */
#define KEPT_MAX (64u << 10) /* memory kept from one request to the next */

/* What is kept from one request to the next. */
struct server {
	const struct endpoint *endpoint;
	void *app;
	struct request request;
	struct reply reply;
	struct buf out;
};

/* Sent when there is not even the memory for a reply. */
static const char last_words[] =
    "Status: 503 Service Unavailable\r\n"
    "Content-Type: application/json\r\n"
    "Cache-Control: no-store\r\n"
    "\r\n"
    "{\"error\":{\"code\":\"no_memory\",\"message\":\"The service is short "
    "of memory; please try again in a moment.\"},\"request_id\":\"\"}";

static volatile sig_atomic_t stopping;

static void
note_stop(int number)
{
	(void)number;
	stopping = 1;
}

/* Answers into s->out; returns what is to be sent, and its length. */
static const char *
answer(struct server *s, char *const *envp, const struct request_source *source,
    size_t *len)
{
	bool head;

	request_begin(&s->request, envp, source);
	log_context(s->request.id, NULL);
	endpoint_answer(s->endpoint, s->app, &s->request, &s->reply);
	if (s->out.cap > KEPT_MAX)
		buf_release(&s->out);
	buf_reset(&s->out);
	head = strcmp(s->request.method, "HEAD") == 0;
	if (reply_write(&s->reply, head, &s->out) == ERR_NONE) {
		*len = s->out.len;
		return buf_text(&s->out);
	}
	log_error("reply: %s", err_text(buf_err(&s->out)));
	*len = sizeof(last_words) - 1;
	return last_words;
}

static size_t
read_stream(void *ctx, char *to, size_t len)
{
	int n = FCGX_GetStr(to, (int)len, ctx);

	return n < 0 ? 0 : (size_t)n;
}

static size_t
read_stdin(void *ctx, char *to, size_t len)
{
	ssize_t n;

	(void)ctx;
	do
		n = read(STDIN_FILENO, to, len);
	while (n < 0 && errno == EINTR);
	return n < 0 ? 0 : (size_t)n;
}

static int
run_once(struct server *s)
{
	struct request_source source = { .read = read_stdin };
	size_t len;
	const char *text = answer(s, environ, &source, &len);

	if (file_write_all(STDOUT_FILENO, text, len) != ERR_NONE) {
		log_error("write reply: %s", strerror(errno));
		return 1;
	}
	return 0;
}

/* Answers the request that was accepted.  A client that left is no failure. */
static void
answer_stream(struct server *s, FCGX_Request *r)
{
	struct request_source source = { .read = read_stream, .ctx = r->in };
	size_t len;
	const char *text = answer(s, r->envp, &source, &len);

	(void)FCGX_PutStr(text, (int)len, r->out);
	/*
	 * libfcgi waits for the other side to close, lest it lose the reply
	 * with a body that nobody has read.  Where all was read there is no
	 * need to: that wait is a good part of a short request.
	 */
	if (FCGX_GetChar(r->in) == EOF)
		(void)FCGX_Detach(r);
	FCGX_Finish_r(r);
	log_context(NULL, NULL);
}

/*
 * Makes the socket one that does not block, and a poll that waits for it.
 * Returns the poll's descriptor, or -1, logged.
 */
static int
open_poll(int sock)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLEXCLUSIVE };
	int flags = fcntl(sock, F_GETFL);
	int poll = epoll_create1(EPOLL_CLOEXEC);

	if (poll >= 0 && flags >= 0 &&
	    fcntl(sock, F_SETFL, flags | O_NONBLOCK) == 0 &&
	    epoll_ctl(poll, EPOLL_CTL_ADD, sock, &event) == 0)
		return poll;
	log_error("wait for requests: %s", strerror(errno));
	if (poll >= 0)
		(void)close(poll);
	return -1;
}

/*
 * Blocks the signals to stop; waiting is the mask to wait with.  SIGUSR1 is
 * FastCGI's own: multiwatch sends it to its children when it is told to end.
 */
static void
hold_signals(sigset_t *waiting)
{
	static const int stops[] = { SIGTERM, SIGINT, SIGUSR1 };
	/* No SA_RESTART: the wait is to end. */
	struct sigaction note = { .sa_handler = note_stop };
	sigset_t held;
	size_t i;

	(void)sigemptyset(&held);
	for (i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
		(void)sigaddset(&held, stops[i]);
	(void)sigprocmask(SIG_BLOCK, &held, waiting);
	for (i = 0; i < sizeof(stops) / sizeof(stops[0]); i++) {
		(void)sigdelset(waiting, stops[i]);
		(void)sigaction(stops[i], &note, NULL);
	}
}

static int
serve(struct server *s, FCGX_Request *r, int poll, const sigset_t *waiting)
{
	struct epoll_event event;
	int result;

	for (;;) {
		result = epoll_pwait(poll, &event, 1, -1, waiting);
		if (stopping)
			return 0;
		if (result < 0 && errno == EINTR)
			continue;
		if (result < 0) {
			log_error("wait for requests: %s", strerror(errno));
			return 1;
		}
		result = FCGX_Accept_r(r);
		if (result == 0)
			answer_stream(s, r);
		else if (result != -EAGAIN) {
			log_error("accept: %s", strerror(-result));
			return 1;
		}
	}
}

static int
run_loop(struct server *s)
{
	FCGX_Request r;
	sigset_t waiting;
	int poll, status;

	if (FCGX_InitRequest(&r, FCGI_LISTENSOCK_FILENO,
		FCGI_FAIL_ACCEPT_ON_INTR) != 0) {
		log_error("start of FastCGI failed");
		return 1;
	}
	poll = open_poll(FCGI_LISTENSOCK_FILENO);
	if (poll < 0)
		return 1;
	hold_signals(&waiting);
	log_info("serving");
	status = serve(s, &r, poll, &waiting);
	log_info("stopped");
	FCGX_Free(&r, 1);
	(void)close(poll);
	return status;
}

int
server_run(const struct endpoint *e, void *app)
{
	struct server s = { .endpoint = e, .app = app };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	bool cgi = FCGX_IsCGI();
	int status;

	log_program(e->name);
	/* After libfcgi's first call, which sets a handler of its own. */
	(void)sigaction(SIGPIPE, &ignore, NULL);
	/* A file size limit is an error of write, not the end. */
	(void)sigaction(SIGXFSZ, &ignore, NULL);
	request_init(&s.request);
	reply_init(&s.reply);
	buf_init(&s.out, OUT_MAX);
	status = cgi ? run_once(&s) : run_loop(&s);
	request_release(&s.request);
	reply_release(&s.reply);
	buf_release(&s.out);
	return status;
}
