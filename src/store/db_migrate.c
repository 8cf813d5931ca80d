/*
 * Bringing a database to the newest schema: the numbered steps above its
 * user_version, all in one transaction under the writer lock, so that it is
 * of the old version or of the new one and never between.
 */
#include "store/db_impl.h"

#include "store/schema.h"
#include "sys/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int
newest_version(const char *set)
{
	const struct schema_step *step;
	int newest = 0;

	for (step = schema_steps; step->set != NULL; step++)
		if (strcmp(step->set, set) == 0)
			newest = step->number;
	return newest;
}

/* Runs the steps above `version`, in the transaction that is open. */
static enum err
run_steps(struct db *db, int64_t version)
{
	const struct schema_step *step;
	char pragma[64];
	enum err err = ERR_NONE;

	for (step = schema_steps; step->set != NULL && err == ERR_NONE;
	     step++) {
		if (strcmp(step->set, db->name) != 0 || step->number <= version)
			continue;
		err = db_exec(db, step->sql);
		if (err != ERR_NONE)
			break;
		(void)snprintf(pragma, sizeof(pragma), "PRAGMA user_version=%d",
		    step->number);
		err = db_exec(db, pragma);
	}
	return err;
}

enum err
db_judge_version(const struct db *db, int64_t version)
{
	int newest = newest_version(db->name);

	if (version <= newest)
		return ERR_NONE;
	log_error("%s.db: version %" PRId64 " is newer than this program's %d",
	    db->name, version, newest);
	return ERR_NEWER;
}

enum err
db_read_version(struct db *db, int64_t *version)
{
	enum err err = db_number(db, "PRAGMA user_version", version);

	return err == ERR_NONE ? db_judge_version(db, *version) : err;
}

enum err
db_migrate(struct db *db)
{
	int64_t version;
	enum err err = db_read_version(db, &version);

	if (err != ERR_NONE || version == newest_version(db->name))
		return err;
	err = db_begin(db);
	/* Somebody else may have done it while the lock was waited for. */
	if (err == ERR_NONE)
		err = db_read_version(db, &version);
	if (err == ERR_NONE)
		err = run_steps(db, version);
	if (err == ERR_NONE)
		return db_commit(db, true);
	db_rollback(db);
	return err;
}
