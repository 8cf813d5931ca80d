#!/usr/bin/env python3
"""The worked examples of the definitions, put to the model itself."""
import os
import random
import sys
import zoneinfo

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "cli")]

import model  # noqa: E402
from random_data import Case  # noqa: E402
from reader import DAY_S, HOUR, SECOND, Data, parse_stamp  # noqa: E402
from support import Tap  # noqa: E402

MONDAY, TUESDAY, SATURDAY, SUNDAY = 0, 1, 5, 6
WEEKDAYS = range(7)
tap = Tap()


def at(text):
    return parse_stamp(text.encode())


def data_of(zone, hours, polls):
    data = Data()
    data.load("timezones", f"store_id,timezone_str\nS,{zone}\n".encode())
    lines = ["store_id,day,start_time_local,end_time_local"]
    lines += [f"S,{day},{start},{end}" for day, start, end in hours]
    data.load("hours", "\n".join(lines).encode())
    lines = ["store_id,status,timestamp_utc"]
    lines += [f"S,{status},{when}" for when, status in polls]
    _, bad = data.load("polls", "\n".join(lines).encode(),
                       limit_us=at("2030-01-01 00:00:00"))
    assert not bad, bad
    return data


def week(data, as_of, interpolation="previous", reach=None):
    history = model.History(data, b"S", at(as_of), interpolation, reach)
    totals, outages = history.reckon()
    counters = totals["week"]
    return [counters[name] / SECOND for name in model.COUNTERS], outages


def shift_lengths(data, first, last):
    """Seconds of the shifts that start in [first, last)."""
    shifts = model.shifts_between(data, b"S", at(first), at(last))
    return [(end - start) / SECOND for start, end in shifts
            if at(first) <= start < at(last)]


def open_seconds(data, first, last):
    """Business seconds in [first, last)."""
    shifts = model.shifts_between(data, b"S", at(first), at(last))
    return sum(max(0, min(end, at(last)) - max(start, at(first)))
               for start, end in shifts) / SECOND


# 2023-01-23 is a Monday.
MORNING = [(MONDAY, "09:00", "12:00")]
TWO = [("2023-01-23 10:14:00", "active"), ("2023-01-23 11:15:00", "inactive")]
NOON = "2023-01-23 12:00:00"


def morning(polls, **rules):
    return week(data_of("UTC", MORNING, polls), NOON, **rules)


def tuesday_without_poll(reach=None):
    data = data_of("UTC", MORNING + [(TUESDAY, "09:00", "12:00")],
                   [("2023-01-23 11:00:00", "inactive")])
    return week(data, "2023-01-24 12:00:00", reach=reach)[0]


def bare(zone, days, start, end):
    return data_of(zone, [(day, start, end) for day in days], [])


tap.same("1 two polls on a Monday morning",
         morning(TWO)[0], [8100, 2700, 0, 0, 0])
tap.same("2 a poll before the hours changes nothing",
         morning([("2023-01-23 08:50:00", "inactive")] + TWO), morning(TWO))
tap.same("3 a poll on the opening instant is evidence",
         morning([("2023-01-23 09:00:00", "inactive")])[0],
         [0, 10800, 0, 0, 0])
tap.same("3 a poll on the closing instant is evidence",
         morning([("2023-01-23 12:00:00", "inactive")])[0],
         [0, 10800, 0, 0, 0])
tap.same("4 New York's Sunday of 23 hours",
         open_seconds(data_of("America/New_York", [], []),
                      "2026-03-08 05:00:00", "2026-03-09 04:00:00"), 82800)
tap.same("4 New York's Sunday of 25 hours",
         open_seconds(data_of("America/New_York", [], []),
                      "2026-11-01 04:00:00", "2026-11-02 05:00:00"), 90000)
NIGHT = bare("America/New_York", WEEKDAYS, "18:00", "02:00")
tap.same("5 a night that ends on the jump",
         shift_lengths(NIGHT, "2026-03-07 12:00:00", "2026-03-08 12:00:00"),
         [28800])
tap.same("5 a night with the repeated hour",
         shift_lengths(NIGHT, "2026-10-31 12:00:00", "2026-11-01 12:00:00"),
         [32400])
tap.same("5 a night that ends at the first 01:30",
         shift_lengths(bare("America/New_York", WEEKDAYS, "18:00", "01:30"),
                       "2026-10-31 12:00:00", "2026-11-01 12:00:00"), [27000])
tap.same("6 overlapping rows",
         open_seconds(data_of("UTC", [(MONDAY, "09:00", "17:00"),
                                      (MONDAY, "12:00", "20:00")], []),
                      "2023-01-22 00:00:00", "2023-01-25 00:00:00"),
         11 * 3600)
LATE = data_of("UTC", [(MONDAY, "11:00", "23:59"),
                       (TUESDAY, "00:00", "02:00")],
               [("2023-01-23 23:30:00", "inactive")])
tap.same("7 Monday and Tuesday are one shift",
         shift_lengths(LATE, "2023-01-23 00:00:00", "2023-01-25 00:00:00"),
         [15 * 3600])
tap.same("7 which is down until Tuesday 02:00",
         week(LATE, "2023-01-24 12:00:00"),
         ([0, 15 * 3600, 0, 0, 0], [15 * HOUR]))
tap.same("8 Phoenix in July",
         model.to_utc("America/Phoenix", 1 + model.EPOCH, 9 * 3600) % model.DAY
         // HOUR, 16)
tap.same("9 Tuesday is as Monday's last poll said",
         tuesday_without_poll(), [0, 21600, 0, 0, 0])
tap.same("9 but not from 6 h after it",
         tuesday_without_poll(reach=6 * HOUR), [0, 10800, 10800, 0, 0])


# Beyond the examples: the same morning under the other rules, by hand.
tap.same("next: a poll speaks for the time before it",
         morning(TWO, interpolation="next")[0], [4440, 6360, 0, 0, 0])
tap.same("nearest: the change is half way",
         morning(TWO, interpolation="nearest")[0], [6270, 4530, 0, 0, 0])
tap.same("reach: unknown beyond it on both sides",
         morning(TWO, reach=HOUR // 2)[0], [3600, 1800, 5400, 0, 0])
AGREE = [("2023-01-23 09:30:00", "inactive"),
         ("2023-01-23 11:30:00", "inactive")]
tap.same("observed between polls that agree and are 2 h apart",
         morning(AGREE), ([0, 10800, 0, 0, 7200], [3 * HOUR]))
tap.same("not a microsecond more",
         morning([AGREE[0], ("2023-01-23 11:30:00.000001", "inactive")])[0],
         [0, 10800, 0, 0, 0])
tap.same("observed is a part of what is known",
         morning(AGREE, reach=HOUR // 2),
         ([0, 5400, 5400, 0, 1800], [HOUR, HOUR // 2]))
tap.same("so it is under nearest",
         morning(AGREE, interpolation="nearest", reach=HOUR // 2),
         ([0, 7200, 3600, 0, 3600], [HOUR, HOUR]))
tap.same("no evidence: unknown",
         morning([("2023-01-23 08:50:00", "inactive")]),
         ([0, 0, 10800, 0, 0], []))


def now(polls, as_of, **rules):
    rules = {"interpolation": "previous", "reach": None} | rules
    data = data_of("UTC", MORNING, polls)
    return model.History(data, b"S", at(as_of), **rules).status_now()


tap.same("now: up", now(TWO, "2023-01-23 10:30:00"), "up")
tap.same("now: down", now(TWO, "2023-01-23 11:59:59"), "down")
tap.same("now: closed at the closing instant", now(TWO, NOON), "closed")
tap.same("now: not stale at 2 h", now(AGREE[:1], "2023-01-23 11:30:00"),
         "down")
tap.same("now: stale a microsecond later",
         now(AGREE[:1], "2023-01-23 11:30:00.000001"), "stale")
tap.same("now: unknown beyond the reach",
         now(TWO[:1], "2023-01-23 10:45:00", reach=HOUR // 2), "unknown")
tap.same("now: unknown without evidence", now([], "2023-01-23 10:45:00"),
         "unknown")
tap.same("minutes are rounded half away from zero",
         [model.decimals(us, 60 * SECOND, 2)
          for us in (299_999, 300_000, 899_999, 900_000)],
         ["0.00", "0.01", "0.01", "0.02"])


def first_occurrence(zone, ordinal, second):
    """The definition of a wall clock time by looking: the first second of
    the days around at which the clock of the zone shows it, or, in a gap,
    the offset of the last second before the gap."""
    wall = (ordinal - model.EPOCH) * DAY_S + second
    tz = zoneinfo.ZoneInfo(zone)

    def shown(instant):
        moment = model.UNIX + model.datetime.timedelta(seconds=instant)
        return instant + round(
            moment.astimezone(tz).utcoffset().total_seconds())

    hits = [i for i in range(wall - 15 * 3600, wall + 15 * 3600, 60)
            if shown(i) == wall]
    if hits:
        return hits[0] * SECOND
    before = max(i for i in range(wall - 15 * 3600, wall + 15 * 3600, 60)
                 if shown(i) < wall)
    return (wall - (shown(before) - before)) * SECOND


JUMPS = (("Australia/Lord_Howe", (2024, 4, 7)),
         ("Australia/Lord_Howe", (2024, 10, 6)),
         ("America/Sao_Paulo", (2018, 11, 4)),
         ("America/Sao_Paulo", (2018, 2, 17)),
         ("America/Havana", (2023, 11, 5)), ("Africa/Cairo", (2023, 4, 28)),
         ("Pacific/Apia", (2011, 12, 30)), ("Europe/Dublin", (2024, 10, 27)),
         ("Africa/Casablanca", (2024, 3, 10)))
for zone, day in JUMPS:
    ordinal = model.datetime.date(*day).toordinal()
    seconds = range(0, DAY_S, 1800)
    tap.same(f"the clock of {zone} on {day[0]}-{day[1]:02}-{day[2]:02}",
             [model.to_utc(zone, ordinal, s) for s in seconds],
             [first_occurrence(zone, ordinal, s) for s in seconds])

def plain_status(history, twice):
    """The status by looking at every poll and every shift in turn."""
    inside = [(a, b) for a, b in history.shifts if 2 * a <= twice < 2 * b]
    if not inside:
        return "closed"
    start, end = inside[0]
    evidence = [p for p in history.up_at
                if any(a <= p <= b for a, b in history.shifts)]
    own = [p for p in evidence if start <= p <= end]
    before = [p for p in own if 2 * p <= twice]
    after = [p for p in own if 2 * p >= twice]
    if before and after:
        left, right = max(before), min(after)
        chosen = {"previous": left, "next": right, "nearest": left if twice
                  < 2 * ((left + right) // 2) else right}
        poll = chosen[history.interpolation]
    elif own:
        poll = max(before) if before else min(after)
    else:
        earlier = [p for p in evidence if p < start]
        later = [p for p in evidence if p > end]
        if not earlier + later:
            return "unknown"
        poll = max(earlier) if earlier else min(later)
    if history.reach is not None and abs(twice - 2 * poll) > 2 * history.reach:
        return "unknown"
    return "up" if history.up_at[poll] else "down"


def looked_up_otherwise(seed):
    """Instants of a random data set whose status is another one when every
    poll and shift is looked at; and how many were asked."""
    case, data, wrong, asked = Case(seed), Data(), [], 0
    for dataset, content in case.files.items():
        data.load(dataset, content)
    rng = random.Random(seed)
    for store in data.stores():
        rules = rng.choice(("previous", "next", "nearest")), rng.choice(
            (None, HOUR, 6 * HOUR))
        history = model.History(data, store, case.as_of, *rules)
        points = history.change_points()
        for point in rng.sample(points, min(len(points), 10)):
            for twice in (2 * point - 1, 2 * point, 2 * point + 1):
                asked += 1
                if history.status(twice) != plain_status(history, twice):
                    wrong.append((store, twice, rules))
    return wrong, asked > 500


for seed in range(1, 9):
    tap.same(f"seed {seed}: the same status by looking at every poll",
             looked_up_otherwise(seed), ([], True))
tap.done()
