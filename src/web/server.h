/*
 * The loop of a FastCGI program.  Started with a listening socket as standard
 * input (spawn-fcgi, multiwatch), it answers requests one after the other
 * until a signal to stop; started with anything else, it answers one request
 * as plain CGI: environment and standard input in, standard output out.
 */
#ifndef WEB_SERVER_H
#define WEB_SERVER_H

#include "web/endpoint.h"

/*
 * Serves the endpoint; app is handed to its handler.  Returns the program's
 * exit status: 0 after a signal to stop (SIGTERM, SIGINT or SIGUSR1), which
 * never cuts off the request in hand, or after the CGI answer; 1, logged, if
 * the system failed.
 *
 * Ignores SIGPIPE and SIGXFSZ, and keeps the signals to stop blocked while a
 * request is answered: a handler that starts programs must reset all of them.
 */
int server_run(const struct endpoint *e, void *app);

#endif
