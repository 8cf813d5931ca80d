/* Ids that nobody else has given out: random UUIDs, version 4. */
#ifndef SYS_IDS_H
#define SYS_IDS_H

#include "base/text.h"

/*
 * Makes an id in lower case.  Drawn from the system's random numbers each
 * time, so that processes which forked from one another do not agree.
 */
void ids_make(char id[JOB_ID_LEN + 1]);

#endif
