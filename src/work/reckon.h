/*
 * From what storage has of a store to its uptime: zone, shifts, polls, older
 * evidence where it counts, and then core/uptime.h.
 */
#ifndef WORK_RECKON_H
#define WORK_RECKON_H

#include "base/err.h"
#include "core/cells.h"
#include "core/uptime.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct reckoner;
struct tzdb;

/* One store's result, of fixed size. */
struct reckoned {
	struct uptime uptime;
	int64_t last_poll_us; /* latest poll up to as_of, of any kind */
	bool has_poll;
	bool zone_given; /* false: the default is assumed */
	uint32_t zone;   /* for reckoner_zone_name() */
};

/*
 * A reckoner for one as_of and set of rules over a snapshot of data, which
 * must stay open as long as it, and so must the time zone database tzdb; NULL
 * for one that the reckoner opens by itself.  ERR_GONE, not logged, if polls
 * of that time were removed.
 */
MUST_CHECK enum err reckoner_new(struct data *data, const struct tzdb *tzdb,
    int64_t as_of_us, const struct uptime_rules *rules, struct reckoner **out);

/* Gives it back; NULL is allowed. */
void reckoner_free(struct reckoner *r);

/* The UTC days whose polls reckoner_store() wants to see. */
void reckoner_days(const struct reckoner *r, int32_t *first, int32_t *last);

/* The release of the time zone database; valid until reckoner_free(). */
const char *reckoner_tzdata(const struct reckoner *r);

/*
 * The name of a zone that some store had so far; numbers begin at 0.  Valid
 * until reckoner_free().
 */
const char *reckoner_zone_name(const struct reckoner *r, uint32_t zone);

/* How many zones these are. */
uint32_t reckoner_zones(const struct reckoner *r);

/* Reckons a store that a scan over reckoner_days() shows. */
MUST_CHECK enum err reckoner_store(struct reckoner *r,
    const struct data_store *store, struct reckoned *out);

/* The same, and its week by cells. */
MUST_CHECK enum err reckoner_cells(struct reckoner *r,
    const struct data_store *store, struct cells *cells, struct reckoned *out);

/* A store's hours and zone; what they point to is the store's. */
MUST_CHECK enum err reckoner_schedule(struct reckoner *r,
    const struct data_store *store, struct schedule *out);

/*
 * The input of such a store, for a walk of one's own; valid until the next
 * call on the reckoner or the end of the visit.  *zone is what turns its
 * instants into local time.
 */
MUST_CHECK enum err
reckoner_input(struct reckoner *r, const struct data_store *store,
    struct uptime_input *in, const struct zone **zone);

/* Reckons the input that reckoner_input() gave last. */
void reckoner_finish(const struct reckoner *r, const struct uptime_input *in,
    struct reckoned *out);

#endif
