/*
 * Bytes are gathered in one buffer and handed on in large pieces to the file,
 * the hash and the compressor.
 */
#include "work/outfile.h"

#include "sys/file.h"
#include "sys/log.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define PIECE_BYTES ((size_t)64 * 1024)
#define GZIP_LEVEL 1          /* a fifth of the time of the usual 6 */
#define GZIP_WINDOW (15 + 16) /* the largest, with a gzip header */

struct outfile {
	struct file_out plain;
	struct file_out gz;
	EVP_MD_CTX *hash; /* NULL: not asked for */
	z_stream z;
	bool gzip;
	enum err err;
	size_t used;
	unsigned char piece[PIECE_BYTES];
	unsigned char squeezed[PIECE_BYTES];
};

/* The path of the compressed file beside it. */
static enum err
gzip_path(char out[FILE_PATH_MAX], const char *path)
{
	int len = snprintf(out, FILE_PATH_MAX, "%s.gz", path);

	return len < 0 || len >= FILE_PATH_MAX ? ERR_TOO_LARGE : ERR_NONE;
}

static enum err
start_gzip(struct outfile *f, const char *path)
{
	char name[FILE_PATH_MAX];
	enum err err = gzip_path(name, path);

	if (err != ERR_NONE)
		return err;
	if (deflateInit2(&f->z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, 9,
		Z_DEFAULT_STRATEGY) != Z_OK)
		return ERR_NO_MEMORY;
	f->gzip = true;
	return file_out_open(&f->gz, name);
}

enum err
outfile_new(const char *path, bool gzip, struct outfile **out)
{
	struct outfile *f = calloc(1, sizeof(*f));
	enum err err;

	if (f == NULL)
		return ERR_NO_MEMORY;
	f->plain.fd = f->gz.fd = -1;
	err = file_out_open(&f->plain, path);
	if (err == ERR_NONE && gzip && strcmp(path, "-") != 0)
		err = start_gzip(f, path);
	if (err != ERR_NONE) {
		outfile_abort(f);
		return err;
	}
	*out = f;
	return ERR_NONE;
}

enum err
outfile_hash(struct outfile *f)
{
	f->hash = EVP_MD_CTX_new();
	if (f->hash == NULL ||
	    EVP_DigestInit_ex(f->hash, EVP_sha256(), NULL) != 1)
		return ERR_NO_MEMORY;
	return ERR_NONE;
}

static void
squeeze(struct outfile *f, int flush)
{
	int code;

	f->z.next_in = f->piece;
	f->z.avail_in = (uInt)f->used;
	do {
		f->z.next_out = f->squeezed;
		f->z.avail_out = (uInt)PIECE_BYTES;
		code = deflate(&f->z, flush);
		file_out_add(&f->gz, f->squeezed, PIECE_BYTES - f->z.avail_out);
	} while (code == Z_OK && f->z.avail_out == 0);
}

/* Hands the piece on. */
static void
pass_on(struct outfile *f, bool last)
{
	file_out_add(&f->plain, f->piece, f->used);
	if (f->hash != NULL &&
	    EVP_DigestUpdate(f->hash, f->piece, f->used) != 1)
		f->err = ERR_NO_MEMORY;
	if (f->gzip)
		squeeze(f, last ? Z_FINISH : Z_NO_FLUSH);
	f->used = 0;
}

void
outfile_add(struct outfile *f, const void *data, size_t len)
{
	const char *p = data;

	while (len > 0) {
		size_t part = PIECE_BYTES - f->used;

		if (part > len)
			part = len;
		memcpy(f->piece + f->used, p, part);
		f->used += part;
		p += part;
		len -= part;
		if (f->used == PIECE_BYTES)
			pass_on(f, false);
	}
}

static void
free_parts(struct outfile *f)
{
	if (f->gzip)
		(void)deflateEnd(&f->z);
	EVP_MD_CTX_free(f->hash);
	free(f);
}

void
outfile_abort(struct outfile *f)
{
	if (f == NULL)
		return;
	file_out_abort(&f->plain);
	file_out_abort(&f->gz);
	free_parts(f);
}

static enum err
tell_hash(struct outfile *f, char sha256[OUTFILE_SHA256])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int len = 0, i;

	if (EVP_DigestFinal_ex(f->hash, digest, &len) != 1 || len != 32)
		return ERR_NO_MEMORY;
	for (i = 0; i < len; i++)
		(void)snprintf(sha256 + 2 * (size_t)i, 3, "%02x", digest[i]);
	return ERR_NONE;
}

enum err
outfile_publish(struct outfile *f, char sha256[OUTFILE_SHA256], uint64_t *bytes)
{
	enum err err;

	pass_on(f, true);
	err = f->err;
	if (err == ERR_NONE && sha256 != NULL)
		err = tell_hash(f, sha256);
	if (bytes != NULL)
		*bytes = f->plain.bytes;
	if (err == ERR_NONE && f->gzip)
		err = file_out_publish(&f->gz);
	if (err == ERR_NONE) {
		err = file_out_publish(&f->plain);
		if (err != ERR_NONE && f->gzip)
			(void)unlink(f->gz.path);
	}
	outfile_abort(f);
	return err;
}

/* Where that fails, the file is whole, and only one of several. */
void
outfile_remove(const char *path, bool gzip)
{
	char name[FILE_PATH_MAX];

	if (strcmp(path, "-") == 0)
		return;
	if (gzip && gzip_path(name, path) == ERR_NONE)
		(void)unlink(name);
	(void)unlink(path);
}
