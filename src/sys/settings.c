/* Settings through GKeyFile and the environment, checked against the table. */
#include "sys/settings.h"

#include "base/number.h"
#include "sys/log.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *key;
	const char *variable;
	int64_t fallback;
	int64_t min;
	int64_t max;
} table[] = {
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

_Static_assert(sizeof(table) / sizeof(table[0]) == SETTING__MAX,
    "every setting stands in the table");

static enum err
take(struct settings *s, size_t i, const char *text)
{
	if (number_parse(text, strlen(text), table[i].min, table[i].max,
		&s->value[i]))
		return ERR_NONE;
	log_error("setting %s must be a number from %lld to %lld, not \"%s\"",
	    table[i].key, (long long)table[i].min, (long long)table[i].max,
	    text);
	return ERR_INPUT;
}

static enum err
read_file(struct settings *s, GKeyFile *file)
{
	enum err err = ERR_NONE;
	size_t i;

	for (i = 0; i < SETTING__MAX && err == ERR_NONE; i++) {
		char *text = g_key_file_get_value(file, "storemon",
		    table[i].key, NULL);

		if (text != NULL)
			err = take(s, i, text);
		g_free(text);
	}
	return err;
}

/* Why the file was not read; without memory GLib cannot tell even that. */
static enum err
not_read(const char *path, const GError *why)
{
	if (g_error_matches(why, G_FILE_ERROR, G_FILE_ERROR_NOENT))
		return ERR_NONE;
	log_error("read %s: %s", path,
	    why != NULL ? why->message : err_text(ERR_NO_MEMORY));
	return why != NULL ? ERR_INPUT : ERR_NO_MEMORY;
}

static enum err
load_file(struct settings *s)
{
	char path[FILE_PATH_MAX];
	GKeyFile *file;
	GError *why = NULL;
	enum err err = file_path(path, s->state, "storemon.conf");

	if (err != ERR_NONE)
		return err;
	file = g_key_file_new();
	err = g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &why)
	    ? read_file(s, file)
	    : not_read(path, why);
	g_clear_error(&why);
	g_key_file_free(file);
	return err;
}

enum err
settings_load(struct settings *s, const char *state)
{
	enum err err;
	size_t i;

	memset(s, 0, sizeof(*s));
	if (snprintf(s->state, sizeof(s->state), "%s", state) >=
	    (int)sizeof(s->state))
		return ERR_TOO_LARGE;
	for (i = 0; i < SETTING__MAX; i++)
		s->value[i] = table[i].fallback;
	err = load_file(s);
	for (i = 0; i < SETTING__MAX && err == ERR_NONE; i++) {
		const char *text = getenv(table[i].variable);

		if (text != NULL && text[0] != '\0')
			err = take(s, i, text);
	}
	return err;
}
