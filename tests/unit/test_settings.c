/* Settings: the environment before the file before the defaults. */
#include "sys/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "../lib/check.h"
#include "../lib/scratch.h"

static const struct {
	const char *key;
	const char *variable;
	int64_t fallback;
	int64_t min;
	int64_t max;
} known[SETTING__MAX] = {
	[SETTING_WORKERS] = { "workers", "STOREMON_WORKERS", 2, 1, 64 },
	[SETTING_QUEUE] = { "queue", "STOREMON_QUEUE", 1000, 1, 1000000 },
	[SETTING_JOB_SECONDS] = { "job_seconds", "STOREMON_JOB_SECONDS", 600, 1,
	    86400 },
	[SETTING_KEEP_HOURS] = { "keep_hours", "STOREMON_KEEP_HOURS", 168, 1,
	    87600 },
	[SETTING_KEEP_MB] = { "keep_mb", "STOREMON_KEEP_MB", 4096, 1,
	    100000000 },
	[SETTING_HISTORY] = { "history", "STOREMON_HISTORY", 100000, 10,
	    10000000 },
	[SETTING_SHARES] = { "shares", "STOREMON_SHARES", 10000, 1, 30000 },
	[SETTING_UPLOAD_HOURS] = { "upload_hours", "STOREMON_UPLOAD_HOURS", 24,
	    1, 8760 },
	[SETTING_CONFINE] = { "confine", "STOREMON_CONFINE", 1, 0, 1 },
	[SETTING_UPLOAD_MB] = { "upload_mb", "STOREMON_UPLOAD_MB", 8192, 1,
	    100000000 },
	[SETTING_STALE_HOURS] = { "stale_hours", "STOREMON_STALE_HOURS", 24, 1,
	    87600 },
	[SETTING_DISK_MB] = { "disk_mb", "STOREMON_DISK_MB", 64, 0, 100000000 },
};

static char folder[FILE_PATH_MAX];

static int
set_up(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < SETTING__MAX; i++)
		assert_int_equal(unsetenv(known[i].variable), 0);
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

static void
test_defaults(void **state)
{
	struct settings s;
	size_t i;

	(void)state;
	assert_int_equal(settings_load(&s, folder), ERR_NONE);
	assert_string_equal(s.state, folder);
	for (i = 0; i < SETTING__MAX; i++)
		check_number(known[i].key, s.value[i], known[i].fallback);
}

/* Sets a value in the file or in the environment. */
static void
set(bool file, size_t setting, const char *value)
{
	char text[200];

	if (!file) {
		assert_int_equal(setenv(known[setting].variable, value, 1), 0);
		return;
	}
	(void)snprintf(text, sizeof(text), "[storemon]\n%s=%s\n",
	    known[setting].key, value);
	scratch_write(folder, "storemon.conf", text);
}

static void
test_bounds(void **state)
{
	size_t i;
	int file, step;

	(void)state;
	for (i = 0; i < SETTING__MAX; i++) {
		const int64_t values[] = { known[i].min - 1, known[i].min,
			known[i].max, known[i].max + 1 };

		for (file = 0; file < 2; file++) {
			for (step = 0; step < 4; step++) {
				bool good = step == 1 || step == 2;
				struct settings s;
				char text[32];

				(void)snprintf(text, sizeof(text), "%" PRId64,
				    values[step]);
				set(file, i, text);
				check_number(known[i].key,
				    settings_load(&s, folder),
				    good ? ERR_NONE : ERR_INPUT);
				if (good)
					check_number(known[i].key, s.value[i],
					    values[step]);
			}
			(void)unsetenv(known[i].variable);
			scratch_write(folder, "storemon.conf", "");
		}
	}
}

static void
test_order(void **state)
{
	struct settings s;

	(void)state;
	set(true, SETTING_WORKERS, "5");
	assert_int_equal(settings_load(&s, folder), ERR_NONE);
	assert_int_equal(s.value[SETTING_WORKERS], 5);
	set(false, SETTING_WORKERS, "7");
	assert_int_equal(settings_load(&s, folder), ERR_NONE);
	assert_int_equal(s.value[SETTING_WORKERS], 7);
	/* An empty variable is none. */
	set(false, SETTING_WORKERS, "");
	assert_int_equal(settings_load(&s, folder), ERR_NONE);
	assert_int_equal(s.value[SETTING_WORKERS], 5);
	assert_int_equal(s.value[SETTING_QUEUE], 1000);
}

static const struct {
	const char *text;
	enum err err;
} files[] = {
	{ "", ERR_NONE },
	{ "# nothing\n", ERR_NONE },
	{ "[other]\nworkers=0\n", ERR_NONE },
	{ "[storemon]\n", ERR_NONE },
	{ "[storemon]\n# workers=0\nworkers = 3\n", ERR_NONE },
	{ "[storemon]\nworkers=3x\n", ERR_INPUT },
	{ "[storemon]\nworkers=\n", ERR_INPUT },
	{ "[storemon]\nworkers=+3\n", ERR_INPUT },
	{ "[storemon]\nworkers=3.5\n", ERR_INPUT },
	{ "[storemon]\nworkers=99999999999999999999\n", ERR_INPUT },
	{ "workers=3\n", ERR_INPUT },
	{ "[storemon\nworkers=3\n", ERR_INPUT },
	{ "nonsense\n", ERR_INPUT },
};

static void
test_files(void **state)
{
	struct settings s;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(files); i++) {
		scratch_write(folder, "storemon.conf", files[i].text);
		check_number(files[i].text, settings_load(&s, folder),
		    files[i].err);
	}
}

/* A file that is there but cannot be read is not passed over. */
static void
test_unreadable(void **state)
{
	char path[FILE_PATH_MAX], longest[FILE_PATH_MAX + 1];
	struct settings s;

	(void)state;
	assert_int_equal(mkdir(scratch_path(path, folder, "storemon.conf"),
			     0750),
	    0);
	assert_int_equal(settings_load(&s, folder), ERR_INPUT);
	memset(longest, 'x', sizeof(longest));
	longest[FILE_PATH_MAX] = '\0';
	assert_int_equal(settings_load(&s, longest), ERR_TOO_LARGE);
}

#define each(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		each(test_defaults),
		each(test_bounds),
		each(test_order),
		each(test_files),
		each(test_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
