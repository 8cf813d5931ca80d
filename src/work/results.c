/* A nameless file of records, with one buffer for a run of ranks. */
#include "work/results.h"

#include "sys/file.h"
#include "sys/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RUN ((size_t)512)

struct results {
	int fd;
	struct reckoned run[RUN];
	size_t first; /* rank of run[0] */
	size_t count;
	bool dirty; /* the run is not in the file yet */
};

static enum err
failed(const char *what)
{
	int number = errno;

	log_error("%s results: %s", what, strerror(number));
	return err_from_errno(number);
}

enum err
results_new(const char *state, struct results **out)
{
	struct results *r = calloc(1, sizeof(*r));
	char folder[FILE_PATH_MAX];
	enum err err;

	if (r == NULL)
		return ERR_NO_MEMORY;
	r->fd = -1;
	err = file_path(folder, state, "tmp");
	if (err == ERR_NONE)
		err = file_make_folder(folder);
	if (err == ERR_NONE) {
		r->fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
		if (r->fd < 0)
			err = failed("make");
	}
	if (err != ERR_NONE) {
		results_free(r);
		return err;
	}
	*out = r;
	return ERR_NONE;
}

void
results_free(struct results *r)
{
	if (r == NULL)
		return;
	if (r->fd >= 0)
		(void)close(r->fd);
	free(r);
}

static enum err
flush(struct results *r)
{
	const char *data = (const char *)r->run;
	size_t len = r->count * sizeof(r->run[0]);
	off_t at = (off_t)(r->first * sizeof(r->run[0]));
	ssize_t n;

	while (r->dirty && len > 0) {
		n = pwrite(r->fd, data, len, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failed("write");
		data += n;
		len -= (size_t)n;
		at += n;
	}
	r->dirty = false;
	return ERR_NONE;
}

enum err
results_put(struct results *r, size_t rank, const struct reckoned *one)
{
	if (r->count == RUN || rank != r->first + r->count) {
		enum err err = flush(r);

		if (err != ERR_NONE)
			return err;
		r->first = rank;
		r->count = 0;
	}
	r->run[r->count++] = *one;
	r->dirty = true;
	return ERR_NONE;
}

enum err
results_get(struct results *r, size_t rank, struct reckoned *one)
{
	if (rank < r->first || rank >= r->first + r->count) {
		enum err err = flush(r);
		ssize_t n;

		if (err != ERR_NONE)
			return err;
		do
			n = pread(r->fd, r->run, sizeof(r->run),
			    (off_t)(rank * sizeof(r->run[0])));
		while (n < 0 && errno == EINTR);
		if (n < 0)
			return failed("read");
		r->first = rank;
		r->count = (size_t)n / sizeof(r->run[0]);
		if (r->count == 0) {
			log_error("results: rank %zu is missing", rank);
			return ERR_IO;
		}
	}
	*one = r->run[rank - r->first];
	return ERR_NONE;
}
