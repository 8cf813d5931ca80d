/*
 * What makes real files hard is in here: nights that are split at 23:59 and
 * go on at 00:00, split shifts, weekdays without rows, stores without hours
 * or without a zone or in one file only, hours in which nobody was polled,
 * stores that are down all week, stores that are never polled, stamps with
 * their trailing zeros cut.  Each store is made from a random sequence of its
 * own, so that the number of stores does not change the ones before.
 */
#include "work/sample.h"

#include "base/buf.h"
#include "core/civil.h"
#include "core/stamp.h"
#include "sys/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAX ((size_t)256 * 1024 * 1024)

/* One in so many stores ... */
#define ONE_NEVER_POLLED 106
#define ONE_WITHOUT_HOURS 4
#define ONE_WITHOUT_ZONE 20
#define ONE_DARK 6
#define ONE_SPECIAL 25

/* Hours, counted back from the newest poll, in which nobody was polled. */
static const struct {
	int from_h;
	int to_h;
} blind[] = { { 30, 36 }, { 84, 123 }, { 150, 152 } };

static const char *const zones[] = { "America/New_York", "America/New_York",
	"America/New_York", "America/New_York", "America/Los_Angeles",
	"America/Los_Angeles", "America/Chicago", "America/Phoenix",
	"America/Denver", "America/Detroit", "Pacific/Honolulu",
	"America/Boise" };

/* Opening hours as seconds of the wall clock; up to two rows a day. */
static const struct {
	const char *rows[2][2];
} plans[] = {
	{ { { "09:00:00", "22:00:00" } } },
	{ { { "11:00:00", "23:59:59" } } },
	{ { { "10:30:00", "14:30:00" }, { "17:00:00", "21:30:00" } } },
	{ { { "00:00:00", "02:00:00" }, { "11:00:00", "23:59:00" } } },
	{ { { "18:00:00", "02:00:00" } } },
	{ { { "00:00:00", "00:00:00" } } },
	{ { { "06:00:00", "14:00:00" } } },
	{ { { "00:00:00", "23:59:00" } } },
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Which of a request's files is written. */
enum part {
	PART_POLLS,
	PART_HOURS,
	PART_ZONES,
	PART_SPECIAL,
	PART__MAX
};

static const struct {
	const char *name;
	const char *header;
} files[] = {
	[PART_POLLS] = { "store_status.csv",
	    "store_id,status,timestamp_utc\n" },
	[PART_HOURS] = { "menu_hours.csv",
	    "store_id,day,start_time_local,end_time_local\n" },
	[PART_ZONES] = { "timezones.csv", "store_id,timezone_str\n" },
	[PART_SPECIAL] = { "special_hours.csv",
	    "store_id,date,start_time_local,end_time_local\n" },
};

_Static_assert(COUNT(files) == PART__MAX, "every file has a name");

/* A store's own random numbers: splitmix64, by Steele, Lea and Flood. */
struct dice {
	uint64_t state;
};

static uint64_t
roll(struct dice *d)
{
	uint64_t z = d->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* A number from 0 to below n. */
static int64_t
below(struct dice *d, int64_t n)
{
	return (int64_t)(roll(d) % (uint64_t)n);
}

static bool
one_in(struct dice *d, int64_t n)
{
	return below(d, n) == 0;
}

/* A store: its id, and dice for each of its parts. */
static void
store_id(uint64_t seed, uint64_t number, char id[24])
{
	struct dice d = { seed * UINT64_C(0x632be59bd9b4e019) + number };

	(void)snprintf(id, 24, "%" PRIu64,
	    UINT64_C(1000000000000000) +
		roll(&d) % UINT64_C(9000000000000000000));
}

static struct dice
dice_of(const struct sample_request *r, uint64_t number, enum part part)
{
	struct dice d = { (r->seed * 4 + part) ^
		number * UINT64_C(0xd1342543de82ef95) };

	(void)roll(&d);
	return d;
}

static bool
is_blind(const struct sample_request *r, int64_t at_us)
{
	int64_t ago_h = (r->until_us - at_us) / STAMP_HOUR_US;
	size_t i;

	for (i = 0; i < COUNT(blind); i++)
		if (ago_h >= blind[i].from_h && ago_h < blind[i].to_h)
			return true;
	return false;
}

/* "2023-01-22 12:09:39.3888 UTC": trailing zeros of the fraction are cut. */
static void
put_stamp(struct buf *out, int64_t us)
{
	char text[STAMP_TEXT];
	int len = 26;

	(void)stamp_format(us, text);
	text[10] = ' ';
	while (text[len - 1] == '0')
		len--;
	if (text[len - 1] == '.')
		len--;
	buf_printf(out, "%.*s UTC\n", len, text);
}

/* Hourly rounds; outages come in runs; some stores are down all week. */
static void
put_polls(const struct sample_request *r, uint64_t number, const char *id,
    struct buf *out)
{
	struct dice d = dice_of(r, number, PART_POLLS);
	int64_t at_us = r->until_us - r->days * STAMP_DAY_US;
	bool dark, up;

	if (one_in(&d, ONE_NEVER_POLLED) && number > 0)
		return;
	dark = one_in(&d, ONE_DARK);
	up = !dark;
	at_us += below(&d, 600 * STAMP_S_US);
	while (at_us < r->until_us) {
		if (!is_blind(r, at_us)) {
			buf_printf(out, "%s,%s,", id,
			    up ? "active" : "inactive");
			put_stamp(out, at_us);
		}
		if (!dark && below(&d, 100) < (up ? 4 : 28))
			up = !up;
		at_us += (below(&d, 100) < 98 ? 1 : 3) * STAMP_HOUR_US +
		    below(&d, 480 * STAMP_S_US) - 240 * STAMP_S_US;
	}
	/* The newest poll is the same for every number of stores. */
	if (number == 0) {
		buf_printf(out, "%s,active,", id);
		put_stamp(out, r->until_us);
	}
}

static void
put_hours(const struct sample_request *r, uint64_t number, const char *id,
    struct buf *out)
{
	struct dice d = dice_of(r, number, PART_HOURS);
	size_t plan, row;
	int day, closed;

	if (one_in(&d, ONE_WITHOUT_HOURS))
		return;
	plan = (size_t)below(&d, COUNT(plans));
	closed = (int)below(&d, 14);
	for (day = 0; day < 7; day++)
		for (row = 0; row < 2 && day != closed &&
		     plans[plan].rows[row][0] != NULL;
		     row++)
			buf_printf(out, "%s,%d,%s,%s\n", id, day,
			    plans[plan].rows[row][0], plans[plan].rows[row][1]);
}

static void
put_zone(const struct sample_request *r, uint64_t number, const char *id,
    struct buf *out)
{
	struct dice d = dice_of(r, number, PART_ZONES);

	if (!one_in(&d, ONE_WITHOUT_ZONE))
		buf_printf(out, "%s,%s\n", id, zones[below(&d, COUNT(zones))]);
}

/* A closed date, or a short one, in the week before the newest poll. */
static void
put_special(const struct sample_request *r, uint64_t number, const char *id,
    struct buf *out)
{
	struct dice d = dice_of(r, number, PART_SPECIAL);
	int32_t date = (int32_t)(r->until_us / STAMP_DAY_US - below(&d, 6));
	int year, month, day;

	if (!one_in(&d, ONE_SPECIAL))
		return;
	civil_date(date, &year, &month, &day);
	buf_printf(out, "%s,%04d-%02d-%02d,%s\n", id, year, month, day,
	    one_in(&d, 2) ? "," : "12:00:00,16:00:00");
}

static enum err
write_part(const struct sample_request *r, enum part part)
{
	static void (*const put[])(const struct sample_request *, uint64_t,
	    const char *, struct buf *) = {
		[PART_POLLS] = put_polls,
		[PART_HOURS] = put_hours,
		[PART_ZONES] = put_zone,
		[PART_SPECIAL] = put_special,
	};
	uint64_t number, total = (uint64_t)r->stores;
	char path[FILE_PATH_MAX], id[24];
	struct file_out out;
	struct buf text;
	enum err err = file_path(path, r->folder, files[part].name);

	if (err == ERR_NONE)
		err = file_out_open(&out, path);
	if (err != ERR_NONE)
		return err;
	buf_init(&text, TEXT_MAX);
	file_out_add(&out, files[part].header, strlen(files[part].header));
	for (number = 0; number < total && buf_err(&text) == ERR_NONE;
	     number++) {
		store_id(r->seed, number, id);
		put[part](r, number, id, &text);
		file_out_add(&out, text.data, text.len);
		text.len = 0;
		if (part == PART_POLLS && r->progress != NULL &&
		    number % 256 == 0)
			r->progress(r->progress_ctx, number, total);
	}
	err = buf_err(&text);
	buf_release(&text);
	if (err == ERR_NONE)
		return file_out_publish(&out);
	file_out_abort(&out);
	return err;
}

enum err
sample_write(const struct sample_request *request)
{
	enum err err = file_make_folder(request->folder);
	enum part part;

	for (part = 0; part < PART__MAX && err == ERR_NONE; part++)
		err = write_part(request, part);
	return err;
}
