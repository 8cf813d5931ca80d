/*
 * storemon passwd: the password of /admin/, made at random or taken from
 * standard input.  The state keeps a hash of it alone, in a file that the web
 * server reads at each request: a new password counts at once.
 *
 * The hash is $6$ (SHA-512 crypt).  A costlier one would hold up the server,
 * which reckons it in its own loop for each request.  A random password of
 * 100 bits needs no slow hash at all, and gets as few rounds as there may be;
 * one from outside gets the usual number.
 */
#include "cli/cli.h"

#include "base/text.h"
#include "sys/owner.h"

#include <crypt.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define USER "admin"
#define FILE_NAME "admin.htpasswd"
#define PASSWORD_MIN 8   /* bytes of a password from outside */
#define PASSWORD_MAX 200 /* of any, at the most */
#define RANDOM_LEN 20    /* characters of a random one: 100 bits */
#define ROUNDS_LEAST 1000
#define ROUNDS_USUAL 0 /* libcrypt's own number */

static gboolean from_stdin;

static const GOptionEntry entries[] = {
	{ "stdin", 0, 0, G_OPTION_ARG_NONE, &from_stdin,
	    "read the password from standard input, a line", NULL },
	G_OPTION_ENTRY_NULL
};

/* No two characters that look alike; 32 of them, so that each is as likely. */
static enum err
make_random(char password[PASSWORD_MAX + 2])
{
	static const char characters[] = "23456789abcdefghijkmnpqrstuvwxyz";
	unsigned char bytes[RANDOM_LEN];
	size_t i;

	_Static_assert(sizeof(characters) == 33, "five bits each");
	if (getentropy(bytes, sizeof(bytes)) != 0)
		return err_from_errno(errno);
	for (i = 0; i < RANDOM_LEN; i++)
		password[i] = characters[bytes[i] & 31];
	password[RANDOM_LEN] = '\0';
	return ERR_NONE;
}

static enum err
read_password(char password[PASSWORD_MAX + 2])
{
	size_t len;

	if (fgets(password, PASSWORD_MAX + 2, stdin) == NULL)
		password[0] = '\0';
	len = strcspn(password, "\r\n");
	password[len] = '\0';
	return len >= PASSWORD_MIN && len <= PASSWORD_MAX &&
		text_is_clean(password, len)
	    ? ERR_NONE
	    : ERR_INPUT;
}

/* Writes the server's password file: "user:hash". */
static enum err
write_file(const char *state, const char *password, unsigned long rounds)
{
	char path[FILE_PATH_MAX], setting[CRYPT_GENSALT_OUTPUT_SIZE];
	struct crypt_data data = { .initialized = 0 };
	struct file_out out;
	const char *hash;
	enum err err;

	/* Without bytes of ours it takes the system's random ones. */
	if (crypt_gensalt_rn("$6$", rounds, NULL, 0, setting,
		sizeof(setting)) == NULL)
		return err_from_errno(errno);
	hash = crypt_rn(password, setting, &data, sizeof(data));
	if (hash == NULL)
		return err_from_errno(errno);
	err = file_path(path, state, FILE_NAME);
	if (err == ERR_NONE)
		err = file_out_open(&out, path);
	if (err != ERR_NONE)
		return err;
	file_out_add(&out, USER ":", sizeof(USER));
	file_out_add(&out, hash, strlen(hash));
	file_out_add(&out, "\n", 1);
	return file_out_publish(&out);
}

int
cli_passwd(const struct cli_command *c, int argc, char **argv)
{
	char state[FILE_PATH_MAX], password[PASSWORD_MAX + 2];
	enum err err;
	int code;

	if (!cli_parse(c, entries, &argc, &argv, &code))
		return code;
	if (cli_state(state) != ERR_NONE || owner_become(state) != ERR_NONE)
		return CLI_FAILED;
	err = from_stdin ? read_password(password) : make_random(password);
	if (err == ERR_INPUT) {
		(void)fprintf(stderr,
		    "storemon: a password has %d to %d bytes of clean text\n",
		    PASSWORD_MIN, PASSWORD_MAX);
		return CLI_FAILED;
	}
	if (err == ERR_NONE)
		err = write_file(state, password,
		    from_stdin ? ROUNDS_USUAL : ROUNDS_LEAST);
	if (err == ERR_NONE && from_stdin)
		(void)printf("user: %s\n", USER);
	else if (err == ERR_NONE)
		(void)printf("user: %s\npassword: %s\n", USER, password);
	explicit_bzero(password, sizeof(password));
	if (err != ERR_NONE)
		return cli_fail("password", err);
	return fflush(stdout) == 0 ? CLI_DONE : CLI_FAILED;
}
