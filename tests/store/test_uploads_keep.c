/* Uploads that are left lying, grow old, or leave files behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "upload_fixture.h"

#include "work/job_desk.h"
#include "work/upkeep.h"
#include "work/upload_keep.h"

#define HOUR_US INT64_C(3600000000)

static void
take_preview(char id[JOB_ID_LEN + 1])
{
	take("timezones", ZONES "a,Asia/Tokyo\nb,Mars/Base\n", id);
	wait_for(is_in(id, "Preview"));
	wait_for(are_slots_free());
}

static void
sweep(int64_t age_us)
{
	assert_int_equal(upload_keep_sweep(desk, age_us), ERR_NONE);
}

static bool
is_known(const char *id)
{
	struct uploads_row row;
	enum err err = uploads_find(desk->jobs, id, &row);

	assert_true(err == ERR_NONE || err == ERR_NOT_FOUND);
	return err == ERR_NONE;
}

static void
write_upload(const char *id, const char *end)
{
	char name[80];

	(void)snprintf(name, sizeof(name), "uploads/%.36s%.20s", id, end);
	scratch_write(state, name, "x");
}

static bool
has_file_of(const char *id, const char *end)
{
	char name[80];

	(void)snprintf(name, sizeof(name), "uploads/%.36s%.20s", id, end);
	return scratch_has(state, name);
}

static void
test_not_confirmed_in_time(void **unused)
{
	char id[JOB_ID_LEN + 1];

	(void)unused;
	take_preview(id);
	upkeep_run(desk);
	assert_true(is_in(id, "Preview"));
	/* As if a day had passed. */
	desk->settings.value[SETTING_UPLOAD_HOURS] = 0;
	upkeep_run(desk);
	assert_false(has_upload(id, UPLOAD_CSV));
	assert_true(is_in(id, "Expired"));
	assert_int_equal(upload_confirm(desk, id, true, &why), ERR_CONFLICT);
	assert_string_equal(why.code, "state_expired");
	/* Told of, with its bad rows, until it is forgotten. */
	assert_true(has_upload(id, UPLOAD_BAD));
}

/* Without any worker: looking is enough. */
static void
test_expired_for_who_looks(void **unused)
{
	char id[JOB_ID_LEN + 1];

	(void)unused;
	take_preview(id);
	desk->settings.value[SETTING_UPLOAD_HOURS] = 0;
	assert_int_equal(upload_confirm(desk, id, true, &why), ERR_CONFLICT);
	assert_string_equal(why.code, "state_expired");
	assert_false(has_upload(id, UPLOAD_CSV));
}

static void
test_forgotten(void **unused)
{
	char ended[JOB_ID_LEN + 1], open[JOB_ID_LEN + 1];
	struct buf text;

	(void)unused;
	take_preview(ended);
	assert_int_equal(upload_cancel(desk, ended, &why), ERR_NONE);
	take_preview(open);
	sweep(HOUR_US);
	assert_true(is_known(ended));
	desk->settings.value[SETTING_KEEP_HOURS] = 0;
	sweep(HOUR_US);
	assert_false(is_known(ended));
	assert_true(is_known(open));
	buf_init(&text, 100000);
	assert_int_equal(upload_look(desk, ended, &text), ERR_NOT_FOUND);
	buf_release(&text);
	/* Its bad rows go with the files of nobody, once they are old. */
	assert_true(has_upload(ended, UPLOAD_BAD));
	sweep(0);
	assert_false(has_upload(ended, UPLOAD_BAD));
	assert_true(has_upload(open, UPLOAD_BAD));
	assert_true(has_upload(open, UPLOAD_CSV));
}

static void
test_files_of_nobody(void **unused)
{
	char id[JOB_ID_LEN + 1], nobody[JOB_ID_LEN + 1];

	(void)unused;
	take_preview(id);
	assert_int_equal(upload_cancel(desk, id, &why), ERR_NONE);
	ids_make(nobody);
	write_upload(nobody, ".csv");
	write_upload(nobody, ".bad.csv.tmp");
	write_upload(id, ".csv");
	scratch_write(state, "uploads/notes.txt", "x");
	scratch_write(state, "body/0007", "x");
	sweep(HOUR_US);
	assert_true(has_file_of(nobody, ".csv"));
	assert_true(scratch_has(state, "body/0007"));
	sweep(0);
	assert_false(has_file_of(nobody, ".csv"));
	assert_false(has_file_of(nobody, ".bad.csv.tmp"));
	assert_false(has_file_of(id, ".csv"));
	assert_false(scratch_has(state, "body/0007"));
	/* What is none of ours stays, and so do bad rows that are told of. */
	assert_true(scratch_has(state, "uploads/notes.txt"));
	assert_true(has_file_of(id, ".bad.csv"));
}

/* What is let go is the oldest of what nobody is at work on. */
static void
test_space(void **unused)
{
	char ended[JOB_ID_LEN + 1], first[JOB_ID_LEN + 1];
	char second[JOB_ID_LEN + 1], checking[JOB_ID_LEN + 1];
	int64_t bytes = 0;

	(void)unused;
	take_preview(ended);
	assert_int_equal(upload_cancel(desk, ended, &why), ERR_NONE);
	take_preview(first);
	take_preview(second);
	hold_slots();
	take("timezones", ZONES "a,Asia/Tokyo\n", checking);
	assert_int_equal(upload_space_read(state, &bytes), ERR_NONE);
	assert_true(bytes > 0);
	/* As if each file were much too large, but young: nothing goes. */
	desk->settings.value[SETTING_UPLOAD_MB] = 0;
	assert_int_equal(upload_keep_run(desk), ERR_NONE);
	assert_true(has_upload(ended, UPLOAD_BAD));
	assert_true(is_in(first, "Preview"));
	/* With the age that they have, all goes but what is worked on. */
	assert_int_equal(upload_space_run(desk, 0), ERR_NONE);
	assert_false(has_upload(ended, UPLOAD_BAD));
	assert_true(is_in(ended, "Cancelled"));
	assert_true(is_in(first, "Expired"));
	assert_false(has_upload(first, UPLOAD_CSV));
	assert_false(has_upload(first, UPLOAD_BAD));
	assert_true(is_in(second, "Expired"));
	assert_true(has_upload(checking, UPLOAD_CSV));
	drop_slots();
}

/* No more than is needed goes. */
static void
test_space_is_enough(void **unused)
{
	char first[JOB_ID_LEN + 1], second[JOB_ID_LEN + 1];
	char path[FILE_PATH_MAX];
	int64_t bytes = 0;
	struct stat st;
	int fd;

	(void)unused;
	take_preview(first);
	take_preview(second);
	assert_int_equal(upload_space_read(state, &bytes), ERR_NONE);
	assert_int_equal(upload_path(path, state, first, UPLOAD_CSV), ERR_NONE);
	/* The first file grows until all are 3 MiB and one file of these. */
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0 && fstat(fd, &st) == 0);
	assert_int_equal(posix_fallocate(fd, 0,
			     3 * UPKEEP_MB + 2 * st.st_blocks * 512 - bytes),
	    0);
	assert_int_equal(close(fd), 0);
	desk->settings.value[SETTING_UPLOAD_MB] = 3;
	/* It is now the one to which something was done last. */
	assert_int_equal(upload_space_run(desk, 0), ERR_NONE);
	assert_true(is_in(second, "Expired"));
	assert_true(has_upload(second, UPLOAD_BAD));
	assert_true(is_in(first, "Preview"));
}

static void
test_history(void **unused)
{
	char id[3][JOB_ID_LEN + 1];
	size_t i;

	(void)unused;
	for (i = 0; i < 3; i++) {
		take_preview(id[i]);
		assert_int_equal(upload_cancel(desk, id[i], &why), ERR_NONE);
	}
	desk->settings.value[SETTING_HISTORY] = 2;
	sweep(HOUR_US);
	assert_false(is_known(id[0]));
	assert_true(is_known(id[1]));
	assert_true(is_known(id[2]));
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		each(test_not_confirmed_in_time),
		each(test_expired_for_who_looks),
		each(test_forgotten),
		each(test_files_of_nobody),
		each(test_space),
		each(test_space_is_enough),
		each(test_history),
	};

	return run_uploader_or(cmocka_run_group_tests(tests, NULL, NULL));
}
