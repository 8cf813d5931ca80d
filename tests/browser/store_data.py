"""Hand-made stores for the tests of the store page, each with one thing to
look at.  Newest poll: AS_OF, in a week in which most of the United States set
the clock back (Sunday 2023-11-05, 02:00).  `spring` and `lordhowe` were polled
at other times of that year, when their clocks changed."""
import csv
import datetime
import io

UTC = datetime.timezone.utc
AS_OF = datetime.datetime(2023, 11, 8, 18, 13, 22, 479220, UTC)
HOUR = datetime.timedelta(hours=1)
WEEK = 168 * HOUR

MARKUP = "<script>alert('1')</script>&amp;\"café\"<img src=x onerror=a>"
MARKUP += "_" * (64 - len(MARKUP.encode()))
SLASHES = "a/b//../c?d=e&f#g%2Fh+i j"
KANA = "カフェ 東京 №1"

EVERY_DAY = range(7)
NEW_YORK = "America/New_York"
ZONES = {
    "ordinary": NEW_YORK, "autumn": NEW_YORK, "spring": NEW_YORK,
    "lordhowe": "Australia/Lord_Howe", "never-polled": "America/Denver",
    "dark": NEW_YORK, "stale": NEW_YORK, "split": "America/Los_Angeles",
    "night": "America/Chicago", "special": NEW_YORK, "ongoing": NEW_YORK,
    "clipped": NEW_YORK, "flapping": NEW_YORK, "closed": "Asia/Kolkata",
    MARKUP: NEW_YORK, SLASHES: NEW_YORK,
}
# The weekly windows, the same each day; others are always open.
HOURS = {
    "ordinary": [("09:00", "17:00")], "never-polled": [("08:00", "20:00")],
    "dark": [("10:00", "22:00")], "stale": [("06:00", "22:00")],
    "split": [("11:00", "14:00"), ("17:00", "22:00")],
    "night": [("18:00", "02:00")], "special": [("09:00", "17:00")],
    "ongoing": [("07:00", "23:00")], "clipped": [("10:00", "20:00")],
    "closed": [("09:00", "17:30")], MARKUP: [("09:00", "17:00")],
    SLASHES: [("09:00", "17:00")],
}
SPECIAL = [("special", "2023-11-03", "", ""),
           ("special", "2023-11-04", "12:00", "15:00"),
           ("special", "2023-11-08", "10:00", "14:00"),
           ("special", "2023-11-23", "", "")]


def at(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=UTC)


def hourly(end, hours, is_down=lambda moment: False):
    """A poll each hour up to end: (instant, up)."""
    moments = [end - i * HOUR for i in range(hours)]
    return [(moment, not is_down(moment)) for moment in moments]


def between(*spans):
    pairs = [(at(start), at(end)) for start, end in spans]
    return lambda moment: any(start <= moment < end for start, end in pairs)


def polls():
    """{store: [(instant, up)]}"""
    last = AS_OF - datetime.timedelta(minutes=8)
    shut = lambda moment: not 13 <= moment.hour < 22      # noqa: E731
    fed = {name: hourly(last, 200) for name in (
        "split", "night", "special", "closed", SLASHES, KANA)}
    # Friday 14:05 and 15:05 in New York (UTC-4) are down; nights as well.
    trouble = between(("2023-11-03T18:00", "2023-11-03T20:00"))
    fed["ordinary"] = hourly(last, 200, lambda t: trouble(t) or shut(t))
    fed["ordinary"][0] = (AS_OF, True)
    fed[MARKUP] = hourly(last, 200, trouble)
    # The hour that comes twice: 05:00 to 07:00 UTC, and one in the week.
    fed["autumn"] = hourly(last, 200, between(
        ("2023-11-05T05:00", "2023-11-05T07:00"),
        ("2023-11-07T12:00", "2023-11-07T13:00")))
    fed["spring"] = hourly(at("2023-03-14T12:05"), 200, between(
        ("2023-03-12T06:00", "2023-03-12T08:00")))
    fed["lordhowe"] = hourly(at("2023-04-04T12:05"), 200)
    fed["dark"] = hourly(last, 200, lambda t: True)
    fed["stale"] = hourly(last - 4 * HOUR, 190)
    fed["ongoing"] = hourly(last, 200, between(
        ("2023-11-08T15:00", "2023-11-09T00:00")))
    fed["clipped"] = hourly(last, 250, between(
        ("2023-10-31T15:00", "2023-11-02T17:00")))
    fed["flapping"] = hourly(last, 200, lambda t: t.hour % 2 == 0)
    return fed


def csv_text(header, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return out.getvalue()


def datasets():
    """(data set, CSV) in the order of import."""
    yield "timezones", csv_text("store_id,timezone_str", ZONES.items())
    yield "hours", csv_text(
        "store_id,day,start_time_local,end_time_local",
        [(store, day, *window) for store, windows in HOURS.items()
         for day in EVERY_DAY for window in windows])
    yield "special-hours", csv_text(
        "store_id,date,start_time_local,end_time_local", SPECIAL)
    yield "polls", csv_text(
        "store_id,status,timestamp_utc",
        [(store, "active" if up else "inactive",
          moment.strftime("%Y-%m-%d %H:%M:%S.%f UTC"))
         for store, told in polls().items() for moment, up in told])
