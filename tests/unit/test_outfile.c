/* Files of a report: bytes, hash and the same bytes gzipped. */
#include "work/outfile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <zlib.h>

#include "../lib/check.h"
#include "../lib/dice.h"
#include "../lib/scratch.h"

#define BIG ((size_t)300 * 1024)

static char folder[FILE_PATH_MAX];
static unsigned char text[BIG], back[BIG + 1];

static int
set_up(void **unused)
{
	struct dice dice = { 59 };
	size_t i;

	(void)unused;
	/* Random, so that what is gzipped is no smaller. */
	for (i = 0; i < BIG; i++)
		text[i] = (unsigned char)dice_roll(&dice);
	scratch_make(folder);
	return 0;
}

static int
tear_down(void **unused)
{
	(void)unused;
	scratch_remove(folder);
	return 0;
}

/* The bytes of folder/name, unpacked if they are gzipped. */
static size_t
read_back(const char *name, bool gzipped)
{
	char path[FILE_PATH_MAX];
	gzFile f = gzopen(scratch_path(path, folder, name), "rb");
	int n;

	assert_non_null(f);
	n = gzread(f, back, sizeof(back));
	assert_true(n >= 0);
	/* Even of nothing there is a gzip header. */
	if (n > 0)
		assert_int_equal(gzdirect(f), !gzipped);
	else
		assert_int_equal(gzoffset(f) > 0, gzipped);
	assert_int_equal(gzclose(f), Z_OK);
	return (size_t)n;
}

/* SHA-256 at one go, in hex. */
static void
hash(size_t len, char out[OUTFILE_SHA256])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int n, i;

	assert_int_equal(EVP_Digest(text, len, digest, &n, EVP_sha256(), NULL),
	    1);
	for (i = 0; i < n; i++)
		(void)snprintf(out + 2 * (size_t)i, 3, "%02x", digest[i]);
}

static const size_t lengths[] = { 0, 1, 65535, 65536, 65537, 131072, BIG };
static const size_t pieces[] = { 1000, 65536, BIG };

static void
test_lengths(void **state)
{
	char path[FILE_PATH_MAX], sha256[OUTFILE_SHA256];
	char wanted[OUTFILE_SHA256];
	uint64_t bytes;
	size_t i, p, at;

	(void)state;
	scratch_path(path, folder, "a.csv");
	for (i = 0; i < COUNT(lengths) * COUNT(pieces); i++) {
		size_t len = lengths[i / COUNT(pieces)];
		struct outfile *f;

		p = pieces[i % COUNT(pieces)];
		assert_int_equal(outfile_new(path, true, &f), ERR_NONE);
		assert_int_equal(outfile_hash(f), ERR_NONE);
		for (at = 0; at < len; at += p)
			outfile_add(f, text + at, len - at < p ? len - at : p);
		assert_int_equal(outfile_publish(f, sha256, &bytes), ERR_NONE);
		assert_int_equal(bytes, len);
		hash(len, wanted);
		assert_string_equal(sha256, wanted);
		assert_int_equal(read_back("a.csv", false), len);
		assert_memory_equal(back, text, len);
		assert_int_equal(read_back("a.csv.gz", true), len);
		assert_memory_equal(back, text, len);
	}
}

/* The standard's own example. */
static void
test_hash(void **state)
{
	char path[FILE_PATH_MAX], sha256[OUTFILE_SHA256];
	struct outfile *f;

	(void)state;
	assert_int_equal(outfile_new(scratch_path(path, folder, "a"), false,
			     &f),
	    ERR_NONE);
	assert_int_equal(outfile_hash(f), ERR_NONE);
	outfile_add(f, "abc", 3);
	assert_int_equal(outfile_publish(f, sha256, NULL), ERR_NONE);
	assert_string_equal(sha256,
	    "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
	assert_false(scratch_has(folder, "a.gz"));
}

/* The folder holds these and no others; NULL behind the last. */
static void
assert_names(const char *const *names)
{
	static const char *const all[] = { "a", "a.tmp", "a.gz", "a.gz.tmp" };
	size_t i, k;

	for (i = 0; i < COUNT(all); i++) {
		bool wanted = false;

		for (k = 0; names[k] != NULL; k++)
			wanted |= strcmp(names[k], all[i]) == 0;
		check_number(all[i], scratch_has(folder, all[i]), wanted);
	}
}

static void
test_abort(void **state)
{
	static const char *const open[] = { "a.tmp", "a.gz.tmp", NULL };
	static const char *const none[] = { NULL };
	char path[FILE_PATH_MAX];
	struct outfile *f;

	(void)state;
	assert_int_equal(outfile_new(scratch_path(path, folder, "a"), true, &f),
	    ERR_NONE);
	outfile_add(f, text, BIG);
	assert_names(open);
	outfile_abort(f);
	assert_names(none);
	outfile_abort(NULL);
}

/* If either cannot be published, none is. */
static void
test_in_the_way(void **state)
{
	static const char *const plain[] = { "a", NULL };
	static const char *const gz[] = { "a.gz", NULL };
	char path[FILE_PATH_MAX], other[FILE_PATH_MAX];
	struct outfile *f;

	(void)state;
	scratch_path(path, folder, "a");
	assert_int_equal(outfile_new(path, true, &f), ERR_NONE);
	assert_int_equal(mkdir(path, 0750), 0);
	assert_int_equal(outfile_publish(f, NULL, NULL), ERR_IO);
	assert_names(plain);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(outfile_new(path, true, &f), ERR_NONE);
	assert_int_equal(mkdir(scratch_path(other, folder, "a.gz"), 0750), 0);
	assert_int_equal(outfile_publish(f, NULL, NULL), ERR_IO);
	assert_names(gz);
	/* Such a name cannot even be opened. */
	assert_int_equal(outfile_new(path, true, &f), ERR_IO);
	assert_names(gz);
	assert_int_equal(outfile_new(scratch_path(path, folder, "no/a"), true,
			     &f),
	    ERR_NOT_FOUND);
}

#define each(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		each(test_lengths),
		each(test_hash),
		each(test_abort),
		each(test_in_the_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
