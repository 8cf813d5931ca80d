/*
 * Settings: one table of names, defaults and bounds.  A value comes from the
 * environment (STOREMON_WORKERS=4), else from the file storemon.conf in the
 * state folder (group [storemon], key workers), else it is the default.
 */
#ifndef SYS_SETTINGS_H
#define SYS_SETTINGS_H

#include "base/err.h"
#include "sys/file.h"

#include <stdint.h>

enum setting {
	SETTING_WORKERS,      /* worker slots: processes at the most */
	SETTING_QUEUE,        /* jobs waiting at the most */
	SETTING_JOB_SECONDS,  /* a job may run so long, wall and CPU */
	SETTING_KEEP_HOURS,   /* reports and uploads are kept so long */
	SETTING_KEEP_MB,      /* files of reports: MiB at the most */
	SETTING_HISTORY,      /* ids, and uploads, remembered at the most */
	SETTING_SHARES,       /* ids that may share one job's files */
	SETTING_UPLOAD_HOURS, /* an upload waits so long to be confirmed */
	SETTING_CONFINE,      /* 1: workers and imports confine themselves */
	SETTING_UPLOAD_MB,    /* files of uploads: MiB at the most */
	SETTING_STALE_HOURS,  /* the newest poll should not be older */
	SETTING_DISK_MB,      /* so much space must be free, MiB */
	SETTING__MAX
};

struct settings {
	char state[FILE_PATH_MAX]; /* state folder, absolute */
	int64_t value[SETTING__MAX];
};

/*
 * Reads the settings for a state folder.  A value out of bounds or a file
 * that cannot be parsed is logged and is ERR_INPUT; a missing file is none.
 */
MUST_CHECK enum err settings_load(struct settings *s, const char *state);

#endif
