/*
 * What can go wrong, told apart by what the caller may do about it.
 *
 * Functions that can fail return an enum err and give results through their
 * last parameters.  An error is logged once, where it is first seen, with the
 * operation and its object; callers only pass it on.  Wrong data from outside
 * (a row, a parameter) is not an error but a value: struct problem.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define MUST_CHECK __attribute__((warn_unused_result))

enum err {
	ERR_NONE,      /* done */
	ERR_INPUT,     /* the caller's data is wrong; trying again is no use */
	ERR_NOT_FOUND, /* the thing named is not there */
	ERR_CONFLICT,  /* the thing's state forbids it */
	ERR_GONE,      /* it was there, and was removed to save space */
	ERR_TOO_LARGE, /* over a ceiling */
	ERR_BUSY,      /* somebody else has it; try again later */
	ERR_NO_MEMORY, /* out of memory */
	ERR_NO_SPACE,  /* disk or quota full */
	ERR_IO,        /* the system failed an operation */
	ERR_CORRUPT,   /* stored data is not what was written */
	ERR_NEWER,     /* stored data is of a newer version of the program */
	ERR_CANCELLED, /* stopped on request */
	ERR__MAX
};

/* A short plain phrase for err, for people: "out of memory".  Static. */
const char *err_text(enum err err);

/*
 * The error that an errno value stands for: ENOMEM is ERR_NO_MEMORY; ENOSPC,
 * EDQUOT and EFBIG are ERR_NO_SPACE; ENOENT is ERR_NOT_FOUND; EAGAIN, EBUSY
 * and EWOULDBLOCK are ERR_BUSY; everything else, 0 too, is ERR_IO.
 */
enum err err_from_errno(int number);

#endif
