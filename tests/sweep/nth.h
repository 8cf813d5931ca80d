/*
 * Failing calls inside the process: of all calls of a kind that the programs'
 * code makes, the number n fails, once.  It costs nothing but a count, so that
 * a test can try each of them, under the sanitizers too.
 *
 * The linker puts nth.c's functions in the place of the real ones (--wrap),
 * in the project's own objects only: what SQLite, GLib and jansson call by
 * themselves is as ever.  tests/fault/ fails those from outside.
 */
#ifndef SWEEP_NTH_H
#define SWEEP_NTH_H

#include "base/err.h"

enum nth_kind {
	NTH_MEMORY, /* allocations, and what fails for want of them */
	NTH_IO,     /* files, locks and database: EIO */
	NTH_FULL,   /* what takes space: ENOSPC */
	NTH__MAX
};

/* From now on the call number n of the kind fails; from 1. */
void nth_begin(enum nth_kind kind, unsigned long n);

/* Ends that; returns how many calls of the kind there were. */
unsigned long nth_end(void);

/* What is tried with each call failing in turn. */
struct sweep {
	const char *name;
	void (*prepare)(void); /* the state before; unless NULL */
	enum err (*run)(void);
	void (*check)(enum err err); /* what holds after run() said err */
};

/* Runs it until no call is left that could fail; that run must succeed. */
void sweep_run(const struct sweep *sweep);

#endif
