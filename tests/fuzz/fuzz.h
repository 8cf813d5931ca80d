/*
 * What fuzz targets share.  A target is one function that is given bytes and
 * says by assert_...() what must hold whatever they are.  With libFuzzer
 * (make fuzz) the bytes are made up from what was new before; with replay.c
 * (make test) they are the files that were kept in corpus/.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The target, by the name that libFuzzer calls.  Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The names are cmocka's, so that the helpers in tests/lib/ work here too. */
#define assert_true(condition) \
	((condition) ? (void)0 \
		     : fuzz_fail(__FILE__, __LINE__, "%s", #condition))
#define assert_int_equal(a, b) assert_true((a) == (b))
#define assert_non_null(p) assert_true((p) != NULL)
#define assert_memory_equal(a, b, len) assert_true(memcmp(a, b, len) == 0)
#define fail_msg(...) fuzz_fail(__FILE__, __LINE__, __VA_ARGS__)

/* Says what did not hold and aborts, which is what both take for a finding. */
__attribute__((noreturn, format(printf, 3, 4))) static inline void
fuzz_fail(const char *file, int line, const char *format, ...)
{
	va_list ap;

	(void)fprintf(stderr, "%s:%d: does not hold: ", file, line);
	va_start(ap, format);
	(void)vfprintf(stderr, format, ap);
	va_end(ap);
	(void)fputc('\n', stderr);
	abort();
}

/* A copy whose end is the end of its memory, with a NUL there if asked. */
static inline char *
fuzz_copy(const uint8_t *data, size_t size, bool terminated)
{
	char *copy = calloc(1, size + terminated + (size + terminated == 0));

	assert_non_null(copy);
	if (size > 0)
		memcpy(copy, data, size);
	return copy;
}

#define FUZZ_FOLDER_MAX 128

/*
 * Makes a folder in TMPDIR and returns its path in out.  Who makes it also
 * removes it at exit; libFuzzer ends without that, so that tools/fuzz.sh
 * removes its TMPDIR.
 */
static inline void
fuzz_folder(char out[FUZZ_FOLDER_MAX])
{
	const char *base = getenv("TMPDIR");
	int n = snprintf(out, FUZZ_FOLDER_MAX, "%s/storemon-fuzz.XXXXXX",
	    base != NULL && base[0] != '\0' ? base : "/tmp");

	assert_true(n < FUZZ_FOLDER_MAX);
	assert_non_null(mkdtemp(out));
}

#endif
