/*
 * Is the service well?  A judgement on work/vitals.h, each part with its
 * reason, for people and for programs that may not know the password: nothing
 * private is told.
 */
#ifndef WORK_HEALTH_H
#define WORK_HEALTH_H

#include "base/buf.h"
#include "sys/settings.h"
#include "work/vitals.h"

enum health_part {
	HEALTH_DATA,    /* the data sets can be read */
	HEALTH_JOBS,    /* jobs can be read and changed */
	HEALTH_WORKERS, /* somebody works on what waits */
	HEALTH_QUEUE,   /* there is room for more */
	HEALTH_SPOOL,   /* reports can be written */
	HEALTH_DISK,    /* there is space */
	HEALTH_POLLS,   /* the newest poll is not too old */
	HEALTH__MAX
};

enum health_state {
	HEALTH_OK,
	HEALTH_WARNING, /* it goes on, but somebody should look */
	HEALTH_FAILED,  /* it cannot do its work */
	HEALTH_STATE__MAX
};

extern const char *const health_part_names[HEALTH__MAX];
extern const char *const health_state_names[HEALTH_STATE__MAX];

#define HEALTH_REASON 96

struct health {
	enum health_state state; /* the worst of all */
	struct {
		enum health_state state;
		char reason[HEALTH_REASON];
	} part[HEALTH__MAX];
	bool has_age;
	int64_t age_s; /* of the newest poll */
};

/* Judges. */
void health_judge(const struct vitals *v, const struct settings *settings,
    struct health *out);

/* Appends "status":...,"parts":{...},"newest_poll_age_s":... */
void health_json(const struct health *h, struct buf *out);

#endif
