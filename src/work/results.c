/* A nameless file of records, with one buffer for a run of ranks. */
#include "work/results.h"

#include "sys/file.h"
#include "sys/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RUN ((size_t)512)

struct results {
	int fd;
	size_t size;  /* of a record */
	size_t first; /* rank of the run's first */
	size_t count;
	bool dirty; /* the run is not in the file yet */
	char run[]; /* room for RUN records */
};

static enum err
failed(const char *what)
{
	int number = errno;

	log_error("%s results: %s", what, strerror(number));
	return err_from_errno(number);
}

enum err
results_new(const char *state, size_t size, struct results **out)
{
	struct results *r = calloc(1, sizeof(*r) + RUN * size);
	char folder[FILE_PATH_MAX];
	enum err err;

	if (r == NULL)
		return ERR_NO_MEMORY;
	r->fd = -1;
	r->size = size;
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
	const char *data = r->run;
	size_t len = r->count * r->size;
	off_t at = (off_t)(r->first * r->size);
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
results_put(struct results *r, size_t rank, const void *record)
{
	if (r->count == RUN || rank != r->first + r->count) {
		enum err err = flush(r);

		if (err != ERR_NONE)
			return err;
		r->first = rank;
		r->count = 0;
	}
	memcpy(r->run + r->count++ * r->size, record, r->size);
	r->dirty = true;
	return ERR_NONE;
}

enum err
results_get(struct results *r, size_t rank, void *record)
{
	if (rank < r->first || rank >= r->first + r->count) {
		enum err err = flush(r);
		ssize_t n;

		if (err != ERR_NONE)
			return err;
		do
			n = pread(r->fd, r->run, RUN * r->size,
			    (off_t)(rank * r->size));
		while (n < 0 && errno == EINTR);
		if (n < 0)
			return failed("read");
		r->first = rank;
		r->count = (size_t)n / r->size;
		if (r->count == 0) {
			log_error("results: rank %zu is missing", rank);
			return ERR_IO;
		}
	}
	memcpy(record, r->run + (rank - r->first) * r->size, r->size);
	return ERR_NONE;
}
