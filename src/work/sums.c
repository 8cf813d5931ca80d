/* Sums, through OpenSSL; the file has one form and is read as strictly. */
#include "work/sums.h"

#include "sys/file.h"
#include "sys/log.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PART_BYTES 65536
#define TEXT_SIZE 512 /* more than the file can have */

static enum err
digest_fd(int fd, EVP_MD_CTX *hash)
{
	static char part[PART_BYTES];
	ssize_t n;

	while ((n = read(fd, part, sizeof(part))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			log_error("read a file of the backup: %s",
			    strerror(errno));
			return err_from_errno(errno);
		}
		if (EVP_DigestUpdate(hash, part, (size_t)n) != 1)
			return ERR_NO_MEMORY;
	}
	return ERR_NONE;
}

enum err
sums_of_fd(int fd, char hex[SUMS_HEX])
{
	EVP_MD_CTX *hash = EVP_MD_CTX_new();
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int size = 0, i;
	enum err err = ERR_NO_MEMORY;

	if (hash != NULL && EVP_DigestInit_ex(hash, EVP_sha256(), NULL) == 1)
		err = digest_fd(fd, hash);
	if (err == ERR_NONE && EVP_DigestFinal_ex(hash, digest, &size) != 1)
		err = ERR_NO_MEMORY;
	for (i = 0; err == ERR_NONE && i < size && i < SUMS_HEX / 2; i++)
		(void)snprintf(hex + (size_t)2 * i, 3, "%02x", digest[i]);
	EVP_MD_CTX_free(hash);
	return err;
}

/* The file as it stands for these sums. */
static size_t
put_text(const struct sums *sums, char out[TEXT_SIZE])
{
	size_t len = 0, i;

	for (i = 0; i < BACKUP_FILES; i++)
		len += (size_t)snprintf(out + len, TEXT_SIZE - len, "%s  %s\n",
		    sums->hex[i], backup_files[i]);
	return len;
}

enum err
sums_write(const char *folder, const struct sums *sums)
{
	char path[FILE_PATH_MAX], text[TEXT_SIZE];
	struct file_out out;
	enum err err = file_path(path, folder, SUMS_FILE);

	if (err == ERR_NONE)
		err = file_out_open(&out, path);
	if (err != ERR_NONE)
		return err;
	file_out_add(&out, text, put_text(sums, text));
	return file_out_publish(&out);
}

/* Reads up to a full text; the length, or -1. */
static ssize_t
read_text(int fd, char out[TEXT_SIZE])
{
	size_t len = 0;
	ssize_t n;

	while (len < TEXT_SIZE &&
	    (n = read(fd, out + len, TEXT_SIZE - len)) != 0) {
		if (n < 0 && errno != EINTR)
			return -1;
		len += n > 0 ? (size_t)n : 0;
	}
	return (ssize_t)len;
}

/* Takes the hashes from where they stand; the rest is compared as a whole. */
enum err
sums_read(int fd, struct sums *sums)
{
	char got[TEXT_SIZE], wanted[TEXT_SIZE];
	ssize_t len = read_text(fd, got);
	size_t at = 0, i;

	if (len < 0) {
		log_error("read " SUMS_FILE ": %s", strerror(errno));
		return err_from_errno(errno);
	}
	for (i = 0; i < BACKUP_FILES; i++) {
		if ((size_t)len < at + SUMS_HEX - 1)
			return ERR_INPUT;
		memcpy(sums->hex[i], got + at, SUMS_HEX - 1);
		sums->hex[i][SUMS_HEX - 1] = '\0';
		if (strspn(sums->hex[i], "0123456789abcdef") != SUMS_HEX - 1)
			return ERR_INPUT;
		at += SUMS_HEX - 1 + strlen(backup_files[i]) + 3;
	}
	return (size_t)len == put_text(sums, wanted) &&
		memcmp(got, wanted, (size_t)len) == 0
	    ? ERR_NONE
	    : ERR_INPUT;
}
