/* storemon timeline: why a store's figures are what they are. */
#include "cli/cli.h"

#include "codec/escape.h"
#include "core/stamp.h"
#include "store/store.h"
#include "sys/owner.h"
#include "work/reckon.h"
#include "work/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAX ((size_t)64 * 1024 * 1024)

static char *as_of;
static gboolean json;

static const GOptionEntry entries[] = {
	{ "as-of", 0, 0, G_OPTION_ARG_STRING, &as_of,
	    "the instant it speaks of (default: latest, the newest poll)",
	    "STAMP" },
	{ "json", 0, 0, G_OPTION_ARG_NONE, &json, "print JSON", NULL },
	G_OPTION_ENTRY_NULL
};

static const char *const status_names[STATUS__MAX] = {
	[STATUS_DOWN] = "down",
	[STATUS_UP] = "up",
	[STATUS_UNKNOWN] = "unknown",
};

struct timeline {
	struct reckoner *reckoner;
	struct buf text;
	struct segment at; /* gathered from neighbours that are alike */
	bool has;
	bool comma;
};

/* "observed", "extrapolated", or nothing for unknown time. */
static const char *
basis(const struct segment *s)
{
	return s->status == STATUS_UNKNOWN ? "-"
	    : s->observed                  ? "observed"
					   : "extrapolated";
}

static void
put_segment(struct timeline *t)
{
	const struct segment *s = &t->at;
	char start[STAMP_TEXT], end[STAMP_TEXT];

	if (!t->has)
		return;
	(void)stamp_format(s->start_us, start);
	(void)stamp_format(s->end_us, end);
	if (json)
		buf_printf(&t->text,
		    "%s{\"start\":\"%s\",\"end\":\"%s\","
		    "\"status\":\"%s\",\"observed\":%s}",
		    t->comma ? "," : "", start, end, status_names[s->status],
		    s->observed ? "true" : "false");
	else
		buf_printf(&t->text, "%s  %s  %-7s  %s\n", start, end,
		    status_names[s->status], basis(s));
	t->comma = true;
}

static void
add_segment(void *ctx, const struct segment *s)
{
	struct timeline *t = ctx;

	if (t->has && t->at.end_us == s->start_us &&
	    t->at.status == s->status && t->at.observed == s->observed) {
		t->at.end_us = s->end_us;
		return;
	}
	put_segment(t);
	t->at = *s;
	t->has = true;
}

static void
put_head(struct timeline *t, const struct data_store *store,
    const struct reckoned *r, int64_t as_of_us)
{
	const char *now = status_now_names[r->uptime.now];
	char stamp[STAMP_TEXT];
	int w;

	(void)stamp_format(as_of_us, stamp);
	if (json) {
		buf_str(&t->text, "{\"store_id\":");
		json_text(&t->text, store->id, store->id_len);
		buf_printf(&t->text, ",\"as_of\":\"%s\",\"timezone\":", stamp);
		json_text(&t->text, store->zone != NULL ? store->zone : "",
		    store->zone != NULL ? strlen(store->zone) : 0);
		buf_printf(&t->text, ",\"status_now\":\"%s\",\"segments\":[",
		    now);
		return;
	}
	buf_printf(&t->text,
	    "store     %s\nas of     %s\ntime zone %s\n"
	    "now       %s\n",
	    store->id, stamp,
	    store->zone != NULL ? store->zone : "none given: America/Chicago",
	    now);
	for (w = 0; w < WINDOW__MAX; w++) {
		const struct counters *c = &r->uptime.window[w];

		buf_printf(&t->text,
		    "last %-4s up %.4f h, down %.4f h, "
		    "unknown %.4f h\n",
		    window_names[w], (double)c->up / 3.6e9,
		    (double)c->down / 3.6e9, (double)c->unknown / 3.6e9);
	}
	buf_char(&t->text, '\n');
}

static enum err
visit(void *ctx, const struct data_store *store)
{
	struct timeline *t = ctx;
	struct uptime_input in;
	const struct zone *zone;
	struct reckoned r;
	enum err err = reckoner_store(t->reckoner, store, &r);

	if (err == ERR_NONE)
		err = reckoner_input(t->reckoner, store, &in, &zone);
	if (err != ERR_NONE)
		return err;
	put_head(t, store, &r, in.as_of_us);
	uptime_walk(&in, in.as_of_us - uptime_window_us[WINDOW_WEEK],
	    add_segment, t);
	put_segment(t);
	buf_str(&t->text, json ? "]}\n" : "");
	return buf_err(&t->text);
}

static enum err
make(struct timeline *t, const char *state, const char *id, int64_t at_us)
{
	struct uptime_rules rules = { INTERPOLATION_PREVIOUS,
		UPTIME_REACH_UNLIMITED };
	struct data_revision revision = { .has_polls = false };
	struct data *data = NULL;
	int32_t first, last;
	enum err err = data_open(&data, state);

	if (err == ERR_NONE)
		err = data_read_begin(data);
	if (err == ERR_NONE)
		err = data_revision(data, &revision);
	if (err == ERR_NONE && at_us == REPORT_LATEST) {
		at_us = revision.newest_us;
		if (!revision.has_polls)
			err = ERR_CONFLICT;
	}
	if (err == ERR_NONE)
		err = reckoner_new(data, at_us, &rules, &t->reckoner);
	if (err == ERR_NONE) {
		reckoner_days(t->reckoner, &first, &last);
		err = data_one(data, id, first, last, visit, t);
	}
	reckoner_free(t->reckoner);
	data_close(data);
	return err;
}

int
cli_timeline(const struct cli_command *c, int argc, char **argv)
{
	struct timeline t = { 0 };
	char state[FILE_PATH_MAX];
	int64_t at_us = REPORT_LATEST;
	enum err err;
	int code;

	if (!cli_parse(c, entries, &argc, &argv, &code))
		return code;
	if (as_of != NULL && !report_parse_as_of(as_of, &at_us))
		return cli_usage(c,
		    "--as-of takes a stamp like "
		    "\"2023-01-25 18:13:22 UTC\", or latest");
	if (cli_state(state) != ERR_NONE || owner_become(state) != ERR_NONE)
		return CLI_FAILED;
	buf_init(&t.text, TEXT_MAX);
	err = make(&t, state, argv[1], at_us);
	if (err == ERR_NONE)
		code = cli_print(t.text.data, t.text.len);
	else if (err == ERR_CONFLICT)
		code = cli_fail("there are no polls yet", err);
	else
		code = cli_fail(argv[1], err);
	buf_release(&t.text);
	return code;
}
