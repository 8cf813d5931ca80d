/* Sums over stores. */
#include "work/fleet.h"

#include "core/share.h"
#include "work/counters.h"

#define PERCENT 100 /* in hundredths of a percent */

/* Narrower where most stores are. */
const struct fleet_bin fleet_bins[FLEET_BINS] = {
	{ 0, 0 },
	{ 0, 10 },
	{ 10, 20 },
	{ 20, 30 },
	{ 30, 40 },
	{ 40, 50 },
	{ 50, 60 },
	{ 60, 70 },
	{ 70, 80 },
	{ 80, 90 },
	{ 90, 95 },
	{ 95, 99 },
	{ 99, 100 },
	{ 100, 100 },
};

bool
fleet_is_dark(const struct reckoned *store)
{
	const struct counters *week = &store->uptime.window[WINDOW_WEEK];

	return week->up == 0 && week->down > 0;
}

/* Counts the store where its availability, rounded down, lies. */
static void
add_to_bin(struct fleet *f, const struct reckoned *store)
{
	const struct counters *week = &store->uptime.window[WINDOW_WEEK];
	int32_t share = share_floor(week->up, week->up + week->down);
	int i = FLEET_BINS - 1;

	if (share == SHARE_NONE) {
		f->no_bin++;
		return;
	}
	if (fleet_is_dark(store))
		i = 0;
	while (i > 0 && share < fleet_bins[i].from * PERCENT)
		i--;
	f->bin[i]++;
}

void
fleet_add(struct fleet *f, const struct reckoned *store)
{
	const struct uptime *u = &store->uptime;
	int w;

	f->stores++;
	f->dark += fleet_is_dark(store);
	f->never_polled += !store->has_poll;
	f->now[u->now]++;
	f->outages += u->outages;
	for (w = 0; w < WINDOW__MAX; w++) {
		counters_add(&f->window[w], &u->window[w]);
		if (!fleet_is_dark(store))
			counters_add(&f->lit[w], &u->window[w]);
	}
	if (store->has_poll &&
	    (!f->has_poll || store->last_poll_us > f->newest_poll_us)) {
		f->has_poll = true;
		f->newest_poll_us = store->last_poll_us;
	}
	add_to_bin(f, store);
}
