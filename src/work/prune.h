/*
 * Removing polls that are too old, without a change to any figure of the time
 * that is kept.
 *
 * What a report says of an instant rests on the polls of the week before it,
 * and, where a store has none in that week's hours, on its latest evidence
 * before.  So more days are kept than are asked for, and of each store two
 * older days at the most: that of its latest poll, and that of its latest
 * evidence by the hours that it has now.  Whoever gives a store other hours
 * later may find that evidence by these hours is not there any more.
 */
#ifndef WORK_PRUNE_H
#define WORK_PRUNE_H

#include "base/err.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

#define PRUNE_DAYS_MAX 36500

struct prune_result {
	bool any;           /* something goes */
	int64_t kept_us;    /* reports speak of this instant and later */
	int32_t before_day; /* polls of UTC days before this one go */
	struct prune_counts counts;
};

/*
 * Removes polls, such that reports may speak of the last keep_days times 24
 * hours before the newest poll.  With dry_run nothing is changed.
 * ERR_CONFLICT, not logged, if there are no polls.
 */
MUST_CHECK enum err prune_run(const char *state, int32_t keep_days,
    bool dry_run, struct prune_result *result);

#endif
