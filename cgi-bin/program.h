/*
 * What the programs of this folder have in common: the state folder that the
 * environment names, and a desk in it, opened when a request first needs it.
 * A program whose state is damaged so starts all the same, answers 503 with
 * the reason in the log, and is well again as soon as the state is.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "sys/log.h"
#include "sys/owner.h"
#include "sys/settings.h"
#include "web/server.h"
#include "work/job.h"

#include <stdlib.h>
#include <sys/stat.h>

struct program {
	struct settings settings;
	struct job_desk *desk; /* NULL while not open */
};

/*
 * The desk, acting for the request that is replied to; or NULL with the reply
 * made an error.
 */
static inline struct job_desk *
program_desk(struct program *p, struct reply *reply)
{
	enum err err = ERR_NONE;

	if (p->desk == NULL)
		err = job_desk_open(&p->desk, &p->settings);
	if (err == ERR_NONE) {
		job_desk_for(p->desk, reply->request_id);
		return p->desk;
	}
	p->desk = NULL;
	/* To a client it is all one what of the state is not there. */
	reply_err(reply, err == ERR_NOT_FOUND ? ERR_IO : err);
	return NULL;
}

/*
 * Makes the reply the error that a job function failed with.  After a failure
 * of the storage the desk is closed: the next request opens it anew, and may
 * find it repaired.
 */
static inline void
program_fail(struct program *p, struct reply *reply, enum err err)
{
	if (err == ERR_IO || err == ERR_CORRUPT || err == ERR_NEWER) {
		job_desk_close(p->desk);
		p->desk = NULL;
	}
	reply_err(reply, err);
}

/*
 * What comes before serving: log, state folder, user (the owner of the state
 * if root has started it), settings.  Returns 0 or the exit status.
 */
static inline int
program_start(struct program *p, const struct endpoint *e)
{
	const char *state = getenv("STOREMON_STATE");

	log_program(e->name);
	if (state == NULL || state[0] == '\0') {
		log_error("the environment must name the state folder: "
			  "STOREMON_STATE=DIR");
		return 2;
	}
	(void)umask(027);
	if (owner_become(state) != ERR_NONE ||
	    settings_load(&p->settings, state) != ERR_NONE)
		return 1;
	return 0;
}

/* The whole of main(): serves the endpoint.  Returns the exit status. */
static inline int
program_run(const struct endpoint *e)
{
	struct program p = { .desk = NULL };
	int status = program_start(&p, e);

	if (status != 0)
		return status;
	status = server_run(e, &p);
	job_desk_close(p.desk);
	return status;
}

#endif
