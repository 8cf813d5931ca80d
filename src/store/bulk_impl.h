/* A bulk as bulk.c and bulk_survey.c see it; not for others. */
#ifndef STORE_BULK_IMPL_H
#define STORE_BULK_IMPL_H

#include "store/data_impl.h"

struct bulk {
	struct data *data;
	int64_t first_new_key; /* stores from here on are new */
	const char *file, *who, *sha256;
	struct bulk_options options;
	struct poll_bulk *polls; /* one of these two */
	struct stage *stage;
	bool from_nothing; /* the data set was empty before */
	sqlite3_stmt *keep;
	struct bulk_counts counts;
};

#endif
