/*
 * Notes of workers, from slot files of any bytes: what is read may be looked
 * at, and is written and read again as the same.
 */
#include "fuzz.h"

#include "work/slot.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static char state[FUZZ_FOLDER_MAX];

/* state + "/" + name. */
static const char *
path_of(const char *name)
{
	static char path[sizeof(state) + 16];

	(void)snprintf(path, sizeof(path), "%s/%s", state, name);
	return path;
}

static void
remove_state(void)
{
	(void)unlink(path_of("slots/0.lock"));
	(void)rmdir(path_of("slots"));
	(void)rmdir(state);
}

/* The file of slot 0, made once. */
static int
slot_file(void)
{
	static int fd = -1;

	if (fd >= 0)
		return fd;
	fuzz_folder(state);
	assert_int_equal(mkdir(path_of("slots"), 0700), 0);
	fd = open(path_of("slots/0.lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	(void)atexit(remove_state);
	return fd;
}

static void
check_same(const struct slot_note *a, const struct slot_note *b)
{
	assert_int_equal(strcmp(a->id, b->id), 0);
	assert_int_equal(a->overtime, b->overtime);
	assert_true(a->done == b->done && a->total == b->total &&
	    a->started_us == b->started_us);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slot_note note, again;
	int fd = slot_file();

	assert_int_equal(ftruncate(fd, 0), 0);
	assert_true(pwrite(fd, data, size, 0) == (ssize_t)size);
	slot_read(state, 0, &note);
	assert_true(strlen(note.id) <= JOB_ID_LEN);
	assert_true(size >= sizeof(note) ||
	    (note.id[0] == '\0' && note.total == 0));
	slot_write(fd, &note);
	slot_read(state, 0, &again);
	check_same(&note, &again);
	slot_mark_overtime(fd);
	slot_read(state, 0, &again);
	assert_true(again.overtime);
	return 0;
}
