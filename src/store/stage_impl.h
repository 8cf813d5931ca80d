/* The staging area as bulk_stage.c fills it and stage_apply.c empties it. */
#ifndef STORE_STAGE_IMPL_H
#define STORE_STAGE_IMPL_H

#include "store/data_impl.h"
#include "store/hours_list.h"

struct stage {
	struct db *db;
	const struct bulk_options *options;
	sqlite3_stmt *put;
	sqlite3_stmt *first; /* what stands for a group already */
	sqlite3_stmt *old;
	sqlite3_stmt *set;
	sqlite3_stmt *keep;
	struct store_keys keys;
	sqlite3_stmt *record;
	bool from_nothing; /* the data set was empty before */
	bool recorded;     /* something was noted for an undoing */
	bool any_kept;
	/* Rows of hours that wait for the next store's. */
	char run_id[STORE_ID_MAX + 1];
	struct hours_list run;
	int64_t portions; /* staged so far */
	struct hours_list rows, before;
	unsigned char *bytes;
	size_t bytes_cap;
	struct bulk_counts counts;
};

/* Binds a group's id and date to the first two parameters. */
void stage_bind(sqlite3_stmt *stmt, const char *id, size_t len, int32_t date);

/* Packs rows into s->bytes; *len is how many bytes they are. */
MUST_CHECK enum err
stage_pack(struct stage *s, const struct hours_list *l, size_t *len);

/* Stages the run of hours at hand and begins the next one. */
MUST_CHECK enum err stage_end_run(struct stage *s);

/* How each data set reads, writes and drops what a group had. */
struct stage_sql {
	/* ?1 the store's id, ?2 the date, ?3 the new value */
	const char *old;
	const char *set;
	/* Notes in the table undo what the group has. */
	const char *record;
	/* Groups that the file does not name (id, date, value). */
	const char *others;
	const char *drop;
};

/* Indexed by enum dataset; polls have none. */
extern const struct stage_sql stage_sql[DATASET__MAX];

#endif
