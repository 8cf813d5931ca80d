/*
 * What tests of the desk and the workers share: a state folder with a few
 * polls, and a worker that is this same program, started as
 * "storemon work SLOT", with a report maker that does as the file STATE/mode
 * says:
 *
 *	ok	writes small files that tell what was asked
 *	gate	the same, once the file STATE/go is there
 *	die	is killed in the middle
 *	sleep	never ends; spin: and uses the processor, deaf to its alarm
 *	full	fails as on a full disk, with half a file left
 *	stray	as ok, and tells of another revision
 *
 * Each start of it adds a '+' to the file STATE/trace, each end a '-'.
 * Include after cmocka.h.
 */
#ifndef STORE_DESK_FIXTURE_H
#define STORE_DESK_FIXTURE_H

#include "base/number.h"
#include "codec/dataset.h"
#include "store/store.h"
#include "sys/ids.h"
#include "sys/lock.h"
#include "sys/settings.h"
#include "work/job.h"
#include "work/slot.h"
#include "work/worker.h"

#include "../lib/scratch.h"

#include <inttypes.h>
#include <signal.h>
#include <time.h>

#define NEWEST_US INT64_C(1674674002479220)
#define SLOTS 2
#define SPIN_S 8 /* far above the limit of what spins */

static char state[FILE_PATH_MAX];
static struct settings settings;
static struct job_desk *desk;

/* Brings one poll in: a new revision of the data. */
static inline void
import_poll(const char *store, int64_t at_us)
{
	const struct bulk_options options = { .dataset = DATASET_POLLS };
	const struct dataset_row row = { .id = store,
		.id_len = strlen(store),
		.poll = { .at_us = at_us, .up = true } };
	struct bulk_counts counts;
	struct data *data;
	char id[JOB_ID_LEN + 1];
	struct bulk *bulk;
	bool fits;

	ids_make(id);
	assert_int_equal(data_open(&data, state), ERR_NONE);
	assert_int_equal(bulk_begin(data, &options, &bulk), ERR_NONE);
	assert_int_equal(bulk_put(bulk, &row, &fits), ERR_NONE);
	assert_int_equal(bulk_finish(bulk, &counts), ERR_NONE);
	assert_int_equal(bulk_commit(bulk, id, 1, 0), ERR_NONE);
	data_close(data);
}

static inline void
set_mode(const char *mode)
{
	scratch_write(state, "mode", mode);
}

static inline void
set_program(void)
{
	char self[FILE_PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	assert_true(n > 0);
	self[n] = '\0';
	assert_int_equal(setenv("STOREMON_PROGRAM", self, 1), 0);
}

static inline int
set_up_empty(void **unused)
{
	(void)unused;
	scratch_make(state);
	assert_int_equal(settings_load(&settings, state), ERR_NONE);
	settings.value[SETTING_WORKERS] = SLOTS;
	settings.value[SETTING_JOB_SECONDS] = 60;
	set_mode("ok");
	set_program();
	return job_desk_open(&desk, &settings) == ERR_NONE ? 0 : -1;
}

static inline int
set_up(void **unused)
{
	if (set_up_empty(unused) != 0)
		return -1;
	import_poll("shop a", NEWEST_US);
	import_poll("shop b", NEWEST_US - 1);
	return 0;
}

/* Slots that the test itself holds, so that no worker is started. */
static int held[SLOTS] = { -1, -1 };

static inline void
hold_slots(void)
{
	int i;

	for (i = 0; i < SLOTS; i++)
		assert_int_equal(slot_take(state, i, &held[i]), ERR_NONE);
}

static inline void
drop_slots(void)
{
	int i;

	for (i = 0; i < SLOTS; i++)
		lock_drop(&held[i]);
}

static inline bool
are_slots_free(void)
{
	bool are = true;
	int i, fd;

	for (i = 0; i < SLOTS; i++) {
		are = slot_take(state, i, &fd) == ERR_NONE && are;
		lock_drop(&fd);
	}
	return are;
}

/* Workers that are still there would write into a folder that goes. */
static inline int
tear_down(void **unused)
{
	static char log[65536];

	(void)unused;
	scratch_write(state, "go", "");
	drop_slots();
	wait_for(are_slots_free());
	job_desk_close(desk);
	desk = NULL;
	(void)scratch_read(state, "log/worker.log", log, sizeof(log));
	assert_null(strstr(log, "Sanitizer"));
	assert_null(strstr(log, "runtime error"));
	scratch_remove(state);
	return 0;
}

#define each(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static inline struct job_question
ask_for(int64_t as_of_us)
{
	const struct job_question q = { .as_of_us = as_of_us,
		.rules = { INTERPOLATION_PREVIOUS, UPTIME_REACH_UNLIMITED } };

	return q;
}

static inline void
trigger(int64_t as_of_us, char id[JOB_ID_LEN + 1])
{
	const struct job_question q = ask_for(as_of_us);

	assert_int_equal(job_trigger(desk, &q, id), ERR_NONE);
	assert_true(text_is_job_id(id));
}

static inline struct job_view
look(const char *id)
{
	struct job_view view;

	assert_int_equal(job_look(desk, id, &view), ERR_NONE);
	return view;
}

static inline bool
is(const char *id, enum job_state expected)
{
	return look(id).state == expected;
}

static inline const char *
spool_name(char out[128], const char *id, const char *end)
{
	(void)snprintf(out, 128, "spool/%.36s%.32s", id, end);
	return out;
}

static inline bool
has_file(const char *id, const char *end)
{
	char name[128];

	return scratch_has(state, spool_name(name, id, end));
}

static inline void
trace(const char *folder, const char *mark)
{
	char path[FILE_PATH_MAX];
	int fd;

	if (file_path(path, folder, "trace") != ERR_NONE)
		_exit(1);
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
	if (fd < 0 || write(fd, mark, 1) != 1)
		_exit(1);
	(void)close(fd);
}

/* How often the maker was started, and how many are at it now, at most. */
static inline int
count_trace(int *now, int *most)
{
	char text[4096];
	int starts = 0, i;

	(void)scratch_read(state, "trace", text, sizeof(text));
	*now = *most = 0;
	for (i = 0; text[i] != '\0'; i++) {
		*now += text[i] == '+' ? 1 : -1;
		starts += text[i] == '+';
		if (*now > *most)
			*most = *now;
	}
	return starts;
}

static inline int
count_starts(void)
{
	int now, most;

	return count_trace(&now, &most);
}

/* What follows runs in the worker. */

static inline bool
is_mode(const char *folder, const char *mode)
{
	char text[32];

	return strcmp(scratch_read(folder, "mode", text, sizeof(text)), mode) ==
	    0;
}

static inline enum err
write_file(const char *path, const char *text)
{
	struct file_out f;
	enum err err = file_out_open(&f, path);

	if (err != ERR_NONE)
		return err;
	file_out_add(&f, text, strlen(text));
	return file_out_publish(&f);
}

/* Not for ever after all: a test that fails is to leave nothing running. */
static inline void
spin(void)
{
	(void)alarm(0);
	while (clock() < (clock_t)SPIN_S * CLOCKS_PER_SEC)
		continue;
	_exit(1);
}

/* Does what hinders, if the mode says so. */
static inline enum err
hinder(const char *folder, const struct report_request *request)
{
	struct file_out f;

	while (is_mode(folder, "gate") && !scratch_has(folder, "go"))
		(void)usleep(SCRATCH_STEP_US);
	while (is_mode(folder, "sleep"))
		(void)pause();
	if (is_mode(folder, "spin"))
		spin();
	if (is_mode(folder, "die") || is_mode(folder, "full")) {
		if (file_out_open(&f, request->path[REPORT_CSV]) != ERR_NONE)
			_exit(1);
		if (is_mode(folder, "die"))
			(void)raise(SIGKILL);
		/* As a maker that was cut short would, it leaves its file. */
		return ERR_NO_SPACE;
	}
	return ERR_NONE;
}

static inline enum err
fake_make(const char *folder, const struct report_request *request,
    struct report_result *result)
{
	struct data_revision revision;
	struct data *data;
	char text[256];
	enum err err;

	(void)snprintf(text, sizeof(text), "%ld", (long)getpid());
	scratch_write(folder, "pid", text);
	trace(folder, "+");
	request->progress(request->progress_ctx, 3, 10);
	if (data_open(&data, folder) != ERR_NONE ||
	    data_revision(data, &revision) != ERR_NONE)
		_exit(1);
	data_close(data);
	(void)snprintf(text, sizeof(text), "%" PRId64 " %d %zu %s\n",
	    request->as_of_us, (int)request->rules.interpolation,
	    request->store_count,
	    request->stores != NULL ? request->stores[0] : "all");
	err = hinder(folder, request);
	if (err == ERR_NONE)
		err = write_file(request->path[REPORT_STRIPS], "strips");
	if (err == ERR_NONE)
		err = write_file(request->path[REPORT_STORES], "{}");
	if (err == ERR_NONE)
		err = write_file(request->path[REPORT_SUMMARY], "{}");
	if (err == ERR_NONE)
		err = write_file(request->path[REPORT_DETAIL], "detail");
	if (err == ERR_NONE)
		err = write_file(request->path[REPORT_CSV], text);
	result->revision = revision.number - is_mode(folder, "stray");
	result->rows = 2;
	result->bytes = strlen(text);
	(void)snprintf(result->sha256, sizeof(result->sha256), "%064d", 7);
	trace(folder, "-");
	return err;
}

static inline int
run_worker(const char *slot)
{
	const char *folder = getenv("STOREMON_STATE");
	struct settings s;
	int64_t n = WORKER_ANY_SLOT;

	if (folder == NULL || settings_load(&s, folder) != ERR_NONE)
		return 100;
	if (strcmp(slot, "any") != 0 &&
	    !number_parse(slot, strlen(slot), 0, 63, &n))
		return 100;
	return (int)worker_run(&s, (int)n, fake_make);
}

/* For main(): this is the worker, or the tests. */
#define run_worker_or(tests) \
	(argc > 2 && strcmp(argv[1], "work") == 0 ? run_worker(argv[2]) \
						  : (tests))

#endif
