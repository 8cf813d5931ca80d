/*
 * Room for uploads.  The files are gathered by looking at the folder, which
 * is short, and only if they take too much are their rows read: the oldest
 * first, each file is either let go or passed over as being of use to
 * somebody.  A preview's file is older than its bad rows, so that these go
 * as those of an upload that has ended.
 */
#include "work/upload_keep.h"

#include "sys/clock.h"
#include "sys/log.h"
#include "work/upkeep.h"
#include "work/upload_file.h"
#include "work/upload_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct held {
	char id[JOB_ID_LEN + 1];
	enum upload_file file;
	int64_t bytes; /* on the disk */
	int64_t at_us; /* when something was last done to it */
};

struct holding {
	const char *state;
	struct held *list;
	size_t n;
	size_t cap;
	int64_t bytes; /* of all together */
};

/* Of a file that is half written it is the final name that is looked at. */
static enum err
add(void *ctx, const char *id, enum upload_file file, bool *goes)
{
	struct holding *all = ctx;
	char path[FILE_PATH_MAX];
	struct held *one, *more;
	struct stat st;

	(void)goes;
	if (upload_path(path, all->state, id, file) != ERR_NONE ||
	    stat(path, &st) != 0)
		return ERR_NONE;
	if (all->n == all->cap) {
		all->cap = all->cap * 2 + 64;
		more = realloc(all->list, all->cap * sizeof(*more));
		if (more == NULL)
			return ERR_NO_MEMORY;
		all->list = more;
	}
	one = &all->list[all->n++];
	(void)snprintf(one->id, sizeof(one->id), "%s", id);
	one->file = file;
	one->bytes = (int64_t)st.st_blocks * 512;
	one->at_us = (int64_t)st.st_ctim.tv_sec * 1000000 +
	    st.st_ctim.tv_nsec / 1000;
	all->bytes += one->bytes;
	return ERR_NONE;
}

static int
compare(const void *a, const void *b)
{
	const struct held *x = a, *y = b;

	return (x->at_us > y->at_us) - (x->at_us < y->at_us);
}

/* Lets go of a file that nobody is at work on, nor was since young_us. */
static enum err
let_go(struct job_desk *desk, const struct held *one, int64_t young_us,
    bool *gone)
{
	struct uploads_row row;
	enum err err = uploads_find(desk->jobs, one->id, &row);

	*gone = false;
	/* Files of nobody are for the sweep. */
	if (err != ERR_NONE)
		return err == ERR_NOT_FOUND ? ERR_NONE : err;
	/* The clock of a file may have been behind; that of rows is not. */
	if (row.created_us > young_us)
		return ERR_NONE;
	if (row.state == UPLOADS_PREVIEW && one->file == UPLOAD_CSV)
		err = upload_keep_expire(desk, one->id);
	else if (!uploads_is_open(row.state))
		upload_remove(desk->settings.state, one->id, one->file);
	*gone = !upload_has(desk->settings.state, one->id, one->file);
	return err;
}

static enum err
make_room(struct job_desk *desk, struct holding *all, int64_t most,
    int64_t age_us)
{
	int64_t young_us = clock_now_us() - age_us;
	enum err err = ERR_NONE;
	bool gone;
	size_t i;

	log_info("uploads take %lld MiB: the oldest are let go",
	    (long long)(all->bytes / UPKEEP_MB));
	qsort(all->list, all->n, sizeof(*all->list), compare);
	for (i = 0; i < all->n && all->bytes > most && err == ERR_NONE; i++) {
		if (all->list[i].at_us > young_us)
			break;
		err = let_go(desk, &all->list[i], young_us, &gone);
		if (err == ERR_NONE && gone)
			all->bytes -= all->list[i].bytes;
	}
	return err;
}

enum err
upload_space_read(const char *state, int64_t *bytes)
{
	struct holding all = { .state = state };
	enum err err = upload_sweep(all.state, 0, add, &all);

	*bytes = all.bytes;
	free(all.list);
	return err;
}

enum err
upload_space_run(struct job_desk *desk, int64_t age_us)
{
	int64_t most = desk->settings.value[SETTING_UPLOAD_MB] * UPKEEP_MB;
	struct holding all = { .state = desk->settings.state };
	enum err err = upload_sweep(all.state, 0, add, &all);

	if (err == ERR_NONE && all.bytes > most)
		err = make_room(desk, &all, most, age_us);
	free(all.list);
	return err;
}
