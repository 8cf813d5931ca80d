/*
 * Errors as text.  One table, sized by the enum, so that a new error cannot
 * be forgotten here.
 */
#include "base/err.h"

#include <errno.h>

static const char *const texts[] = {
	[ERR_NONE] = "done",
	[ERR_INPUT] = "wrong input",
	[ERR_NOT_FOUND] = "not found",
	[ERR_CONFLICT] = "not possible in the present state",
	[ERR_GONE] = "the polls of that time have been removed",
	[ERR_TOO_LARGE] = "too large",
	[ERR_BUSY] = "busy, try again later",
	[ERR_NO_MEMORY] = "out of memory",
	[ERR_NO_SPACE] = "no space left on the disk",
	[ERR_IO] = "input or output failed",
	[ERR_CORRUPT] = "stored data is damaged",
	[ERR_NEWER] = "stored data is of a newer version of the program",
	[ERR_CANCELLED] = "cancelled",
};

_Static_assert(sizeof(texts) / sizeof(texts[0]) == ERR__MAX,
    "every error has a text");

const char *
err_text(enum err err)
{
	return err < ERR__MAX ? texts[err] : "unknown error";
}

enum err
err_from_errno(int number)
{
	switch (number) {
	case ENOMEM:
		return ERR_NO_MEMORY;
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return ERR_NO_SPACE;
	case ENOENT:
		return ERR_NOT_FOUND;
	case EAGAIN:
	case EBUSY:
		return ERR_BUSY;
	default:
		return ERR_IO;
	}
}
