/* A state folder without anything, and SQL past the door. */
#ifndef STORE_DB_FIXTURE_H
#define STORE_DB_FIXTURE_H

#include "store/db.h"

#include "../lib/check.h"
#include "../lib/scratch.h"

static char folder[FILE_PATH_MAX];

static inline int
set_up(void **unused)
{
	(void)unused;
	if (access("/dev/shm", W_OK | X_OK) == 0)
		(void)setenv("TMPDIR", "/dev/shm", 0);
	scratch_make(folder);
	return 0;
}

static inline int
tear_down(void **unused)
{
	(void)unused;
	scratch_remove(folder);
	return 0;
}

#define each(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
