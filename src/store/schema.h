/* The numbered schema files of sql/, embedded at build time. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

struct schema_step {
	const char *set; /* folder under sql/: "data" or "jobs" */
	int number;      /* of the file; the version it leads to */
	const char *sql;
};

/* In order of set and number; ends with an entry whose set is NULL. */
extern const struct schema_step schema_steps[];

#endif
