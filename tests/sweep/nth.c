/*
 * The functions that fail.  One line each says which kinds it belongs to and
 * what it returns when it fails; errno is the kind's.
 */
#include "nth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <zlib.h>

#define MEMORY (1u << NTH_MEMORY)
#define IO (1u << NTH_IO)
#define FULL (1u << NTH_FULL)

static const struct {
	const char *name;
	int number; /* errno */
	int sqlite; /* what SQLite says of it */
} kinds[] = {
	[NTH_MEMORY] = { "memory", ENOMEM, SQLITE_NOMEM },
	[NTH_IO] = { "input and output", EIO, SQLITE_IOERR },
	[NTH_FULL] = { "space", ENOSPC, SQLITE_FULL },
};

static bool armed;
static enum nth_kind kind;
static unsigned long wanted, count;

void
nth_begin(enum nth_kind which, unsigned long n)
{
	kind = which;
	wanted = n;
	count = 0;
	armed = true;
}

unsigned long
nth_end(void)
{
	armed = false;
	return count;
}

/* Is this the call that fails?  It belongs to the kinds in that set. */
static bool
fails(unsigned set)
{
	if (!armed || (set & 1u << kind) == 0 || ++count != wanted)
		return false;
	errno = kinds[kind].number;
	return true;
}

#define WRAP(set, type, name, params, args, failed) \
	type __real_##name params; \
	type __wrap_##name params; \
\
	type __wrap_##name params \
	{ \
		return fails(set) ? (failed) : __real_##name args; \
	}

WRAP(MEMORY, void *, malloc, (size_t size), (size), NULL)
WRAP(MEMORY, void *, calloc, (size_t n, size_t size), (n, size), NULL)
WRAP(MEMORY, void *, realloc, (void *p, size_t size), (p, size), NULL)
WRAP(MEMORY, char *, strdup, (const char *s), (s), NULL)
WRAP(MEMORY, EVP_MD_CTX *, EVP_MD_CTX_new, (void), (), NULL)
WRAP(MEMORY, int, EVP_DigestInit_ex,
    (EVP_MD_CTX * ctx, const EVP_MD *type, ENGINE *engine), (ctx, type, engine),
    0)
WRAP(MEMORY, int, EVP_DigestUpdate, (EVP_MD_CTX * ctx, const void *d, size_t n),
    (ctx, d, n), 0)
WRAP(MEMORY, int, EVP_DigestFinal_ex,
    (EVP_MD_CTX * ctx, unsigned char *out, unsigned *n), (ctx, out, n), 0)
WRAP(MEMORY, int, deflateInit2_,
    (z_streamp z, int level, int method, int bits, int memory, int strategy,
	const char *version, int size),
    (z, level, method, bits, memory, strategy, version, size), Z_MEM_ERROR)

WRAP(IO, ssize_t, read, (int fd, void *to, size_t n), (fd, to, n), -1)
WRAP(IO, ssize_t, pread, (int fd, void *to, size_t n, off_t at),
    (fd, to, n, at), -1)
WRAP(IO | FULL, ssize_t, write, (int fd, const void *from, size_t n),
    (fd, from, n), -1)
WRAP(IO | FULL, ssize_t, pwrite, (int fd, const void *from, size_t n, off_t at),
    (fd, from, n, at), -1)
WRAP(IO | FULL, int, fsync, (int fd), (fd), -1)
WRAP(IO | FULL, int, fdatasync, (int fd), (fd), -1)
WRAP(IO | FULL, int, rename, (const char *from, const char *to), (from, to), -1)
WRAP(IO | FULL, int, link, (const char *from, const char *to), (from, to), -1)
WRAP(IO, int, unlink, (const char *path), (path), -1)
WRAP(IO | FULL, int, mkdir, (const char *path, mode_t mode), (path, mode), -1)
WRAP(IO, int, stat, (const char *path, struct stat *st), (path, st), -1)
WRAP(IO, int, fstat, (int fd, struct stat *st), (fd, st), -1)
WRAP(IO, off_t, lseek, (int fd, off_t at, int from), (fd, at, from), -1)
WRAP(IO, DIR *, opendir, (const char *path), (path), NULL)

WRAP(MEMORY | IO | FULL, int, sqlite3_open_v2,
    (const char *path, sqlite3 **db, int flags, const char *vfs),
    (path, db, flags, vfs), (*db = NULL, kinds[kind].sqlite))
WRAP(MEMORY | IO, int, sqlite3_prepare_v3,
    (sqlite3 * db, const char *sql, int n, unsigned flags, sqlite3_stmt **out,
	const char **rest),
    (db, sql, n, flags, out, rest), (*out = NULL, kinds[kind].sqlite))
WRAP(MEMORY | IO | FULL, int, sqlite3_step, (sqlite3_stmt * stmt), (stmt),
    kinds[kind].sqlite)
WRAP(MEMORY | IO | FULL, int, sqlite3_exec,
    (sqlite3 * db, const char *sql,
	int (*row)(void *ctx, int n, char **values, char **names), void *ctx,
	char **message),
    (db, sql, row, ctx, message), kinds[kind].sqlite)

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);

int
__wrap_open(const char *path, int flags, ...)
{
	bool makes = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
	mode_t mode = 0;
	va_list ap;

	if (makes) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	return fails(makes ? IO | FULL : IO) ? -1
					     : __real_open(path, flags, mode);
}

int __real_flock(int fd, int operation);
int __wrap_flock(int fd, int operation);

/* Giving a lock back asks no disk; were it kept, others would wait for it. */
int
__wrap_flock(int fd, int operation)
{
	return operation != LOCK_UN && fails(IO) ? -1
						 : __real_flock(fd, operation);
}

int __wrap_nice(int more);

/* A worker that works here shall not make all that follows slow. */
int
__wrap_nice(int more)
{
	(void)more;
	return 0;
}

int __real_close(int fd);
int __wrap_close(int fd);

/* Also where it says that something failed the descriptor is gone. */
int
__wrap_close(int fd)
{
	int result = __real_close(fd);

	return fails(IO | FULL) ? -1 : result;
}

/* One run with the call number n failing; returns how many calls it made. */
static unsigned long
run_once(const struct sweep *s, enum nth_kind which, unsigned long n)
{
	unsigned long made;
	enum err err;

	if (s->prepare != NULL)
		s->prepare();
	/* Where a check fails, the last of these lines says of which run. */
	(void)fprintf(stderr, "%s: %s, call %lu\n", s->name, kinds[which].name,
	    n);
	nth_begin(which, n);
	err = s->run();
	made = nth_end();
	assert_true(made >= n || err == ERR_NONE);
	s->check(err);
	return made;
}

void
sweep_run(const struct sweep *s)
{
	enum nth_kind which;
	unsigned long n;

	for (which = 0; which < NTH__MAX; which++) {
		n = 1;
		while (run_once(s, which, n) >= n)
			n++;
	}
}
