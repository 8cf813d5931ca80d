/* One table of names and places, so that no list of the counters is longer. */
#include "work/counters.h"

#include "base/number.h"
#include "core/share.h"

#include <string.h>

const char *const counter_names[COUNTERS] = { "up", "down", "unknown",
	"observed_up", "observed_down" };

static const size_t offsets[COUNTERS] = {
	offsetof(struct counters, up),
	offsetof(struct counters, down),
	offsetof(struct counters, unknown),
	offsetof(struct counters, observed_up),
	offsetof(struct counters, observed_down),
};

int64_t
counters_get(const struct counters *c, size_t i)
{
	int64_t us;

	memcpy(&us, (const char *)c + offsets[i], sizeof(us));
	return us;
}

void
counters_add(struct counters *sum, const struct counters *one)
{
	sum->up += one->up;
	sum->down += one->down;
	sum->unknown += one->unknown;
	sum->observed_up += one->observed_up;
	sum->observed_down += one->observed_down;
}

int64_t
counters_business(const struct counters *c)
{
	return c->up + c->down + c->unknown;
}

/* Appends "NAME_s":SECONDS and a comma. */
static void
put_seconds(struct buf *out, const char *name, int64_t us)
{
	char text[32];
	size_t len = number_format(us, 6, text);

	buf_printf(out, "\"%s_s\":%.*s,", name, (int)len, text);
}

/* Appends "NAME_percent":PERCENT or null. */
static void
put_share(struct buf *out, const char *name, int64_t part, int64_t whole)
{
	int32_t share = share_floor(part, whole);
	char text[32] = "null";
	size_t len = share == SHARE_NONE ? strlen(text)
					 : number_format(share, 2, text);

	buf_printf(out, "\"%s_percent\":%.*s", name, (int)len, text);
}

void
counters_json(struct buf *out, const struct counters *c)
{
	int64_t business = counters_business(c);
	size_t i;

	buf_char(out, '{');
	for (i = 0; i < COUNTERS; i++)
		put_seconds(out, counter_names[i], counters_get(c, i));
	put_seconds(out, "business", business);
	put_share(out, "availability", c->up, c->up + c->down);
	buf_char(out, ',');
	put_share(out, "availability_at_least", c->observed_up, business);
	buf_char(out, ',');
	put_share(out, "availability_at_most", business - c->observed_down,
	    business);
	buf_char(out, ',');
	put_share(out, "coverage", c->observed_up + c->observed_down, business);
	buf_char(out, '}');
}
