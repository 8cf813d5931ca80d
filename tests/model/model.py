#!/usr/bin/env python3
"""Report and detail CSV from the data sets, slowly and plainly.

The status of a store at an instant is written down as the definitions say it;
every counter is then the integral of it: all instants at which anything can
change are collected, and the status in the middle of each interval between
two of them counts for that interval.  The tests compare the C program with
this, byte for byte; it shares nothing with it but the definitions.

Instants are microseconds since the epoch, UTC.
"""
import argparse
import bisect
import csv
import datetime
import functools
import io
import multiprocessing
import re
import sys
import zoneinfo

from reader import DAY_S, EPOCH, HOUR, SECOND, Data, parse_stamp

WINDOWS = (("hour", HOUR), ("day", 24 * HOUR), ("week", 168 * HOUR))
COUNTERS = ("up", "down", "unknown", "observed_up", "observed_down")
OBSERVED_GAP = 2 * HOUR
STALE = 2 * HOUR
DAY = 24 * HOUR
END_MEANS_MIDNIGHT = 23 * 3600 + 59 * 60
DEFAULT_ZONE = "America/Chicago"
LAST_POLL_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"
UNIX = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


@functools.lru_cache(1 << 20)
def to_utc(zone, ordinal, second):
    """The instant of a wall clock time.  A fold of 0 is the first of two
    occurrences, and in a gap the offset in force before it."""
    wall = datetime.datetime.fromordinal(ordinal)
    wall += datetime.timedelta(seconds=second)
    offset = wall.replace(tzinfo=zoneinfo.ZoneInfo(zone), fold=0).utcoffset()
    assert offset is not None
    since = wall.replace(tzinfo=datetime.timezone.utc) - offset - UNIX
    return since // datetime.timedelta(microseconds=1)


def rows_of_date(data, store, ordinal):
    special = data.special.get(store, {})
    if ordinal in special:
        return special[ordinal]
    if not data.hours.get(store):
        return [(0, DAY_S)]
    weekday = datetime.date.fromordinal(ordinal).weekday()
    return [row[1:] for row in data.hours[store] if row[0] == weekday]


def shifts_between(data, store, first_us, last_us):
    """The merged business intervals from some days before first_us to some
    days after last_us, which is wide enough for every zone and night."""
    zone = data.zones.get(store, DEFAULT_ZONE)
    intervals = []
    for ordinal in range(first_us // DAY + EPOCH - 3,
                         last_us // DAY + EPOCH + 4):
        for start, end in rows_of_date(data, store, ordinal):
            if end >= END_MEANS_MIDNIGHT:
                end = DAY_S
            elif end <= start:
                end += DAY_S
            begin = to_utc(zone, ordinal, start)
            finish = to_utc(zone, ordinal + end // DAY_S, end % DAY_S)
            if finish > begin:
                intervals.append((begin, finish))
    shifts = []
    for begin, finish in sorted(intervals):
        if shifts and begin <= shifts[-1][1]:
            shifts[-1] = (shifts[-1][0], max(finish, shifts[-1][1]))
        else:
            shifts.append((begin, finish))
    return shifts


class History:
    """One store as of one instant: its shifts, evidence and statuses.  An
    instant is handed over doubled, so that the middle of any interval is a
    whole number."""

    def __init__(self, data, store, as_of, interpolation, reach):
        self.as_of, self.reach = as_of, reach
        self.interpolation = interpolation
        polls = data.polls.get(store, {})
        self.up_at = {p: up for p, up in polls.items() if p <= as_of}
        self.last_poll = max(self.up_at, default=None)
        since = min([as_of - 168 * HOUR, *self.up_at])
        self.shifts = shifts_between(data, store, since, as_of)
        self.starts = [start for start, _ in self.shifts]
        known = sorted(self.up_at)
        self.polls_of = [
            known[bisect.bisect_left(known, start):
                  bisect.bisect_right(known, end)]
            for start, end in self.shifts]
        self.evidence = [p for polls in self.polls_of for p in polls]

    def shift_at(self, twice):
        """The number of the shift that holds an instant, or None."""
        number = bisect.bisect_right(self.starts, twice // 2) - 1
        if number >= 0 and twice < 2 * self.shifts[number][1]:
            return number
        return None

    def neighbours(self, number, twice):
        """The latest poll of the shift at or before the instant, and the
        earliest at or after it."""
        polls = self.polls_of[number]
        before = bisect.bisect_right(polls, twice // 2) - 1
        after = bisect.bisect_left(polls, -(-twice // 2))
        return (polls[before] if before >= 0 else None,
                polls[after] if after < len(polls) else None)

    def decider(self, number, twice):
        """The poll that decides an instant of a shift, or None."""
        if not self.polls_of[number]:
            start, end = self.shifts[number]
            place = bisect.bisect_left(self.evidence, start)
            if place > 0:
                return self.evidence[place - 1]
            place = bisect.bisect_right(self.evidence, end)
            return self.evidence[place] if self.evidence[place:] else None
        before, after = self.neighbours(number, twice)
        if before is None or after is None:
            return after if before is None else before
        if self.interpolation == "nearest":
            return before if twice < 2 * midpoint(before, after) else after
        return before if self.interpolation == "previous" else after

    def status(self, twice):
        """"closed", "unknown", "up" or "down" at an instant."""
        number = self.shift_at(twice)
        if number is None:
            return "closed"
        poll = self.decider(number, twice)
        if poll is None:
            return "unknown"
        if self.reach is not None and abs(twice - 2 * poll) > 2 * self.reach:
            return "unknown"
        return "up" if self.up_at[poll] else "down"

    def is_observed(self, twice):
        """Whether an open instant lies between two successive polls of its
        shift that agree and are close."""
        before, after = self.neighbours(self.shift_at(twice), twice)
        return (before is not None and after is not None
                and self.up_at[before] == self.up_at[after]
                and after - before <= OBSERVED_GAP)

    def status_now(self):
        twice = 2 * self.as_of
        status = self.status(twice)
        if status in ("up", "down"):
            poll = self.decider(self.shift_at(twice), twice)
            if self.as_of - poll > STALE:
                return "stale"
        return status

    def change_points(self):
        """Every instant of the week at which anything may change."""
        points = {self.as_of - length for _, length in WINDOWS}
        points.add(self.as_of)
        for start, end in self.shifts:
            points |= {start, end}
        points.update(self.evidence)
        if self.interpolation == "nearest":
            for polls in self.polls_of:
                points.update(map(midpoint, polls, polls[1:]))
        if self.reach is not None:
            points.update(p - self.reach for p in self.evidence)
            points.update(p + self.reach for p in self.evidence)
        first = self.as_of - 168 * HOUR
        return sorted(p for p in points if first <= p <= self.as_of)

    def reckon(self):
        """The counters {window: {counter: us}} and the week's outages."""
        totals = {name: dict.fromkeys(COUNTERS, 0) for name, _ in WINDOWS}
        outages, in_outage = [], False
        points = self.change_points()
        for start, end in zip(points, points[1:]):
            status = self.status(start + end)
            if status == "closed":
                continue
            observed = status != "unknown" and self.is_observed(start + end)
            for name, length in WINDOWS:
                if start >= self.as_of - length:
                    totals[name][status] += end - start
                    if observed:
                        totals[name]["observed_" + status] += end - start
            if status == "down":
                if not in_outage:
                    outages.append(0)
                outages[-1] += end - start
            in_outage = status == "down"
        return totals, outages


def midpoint(before, after):
    return (before + after) // 2


# --- the two files --------------------------------------------------------

def decimals(us, unit_us, places):
    """us in a unit with so many decimals, rounded half away from zero."""
    scaled = (2 * us * 10 ** places + unit_us) // (2 * unit_us)
    return f"{scaled // 10 ** places}.{scaled % 10 ** places:0{places}d}"


def stamp(us):
    moment = UNIX + datetime.timedelta(microseconds=us)
    return moment.strftime(LAST_POLL_FORMAT)


REPORT_HEADER = ["store_id"] + [
    f"{what}_last_{name}(in {unit})" for what in ("uptime", "downtime")
    for name, unit in (("hour", "minutes"), ("day", "hours"),
                       ("week", "hours"))]
DETAIL_HEADER = (["store_id"]
                 + [f"{name}_{counter}_s" for name, _ in WINDOWS
                    for counter in COUNTERS]
                 + ["outages", "longest_outage_s", "last_poll_utc",
                    "status_now"])


def store_rows(data, store, rules):
    """One store's line of each file."""
    history = History(data, store, *rules)
    totals, outages = history.reckon()
    name = store.decode("utf-8")
    report, detail = [name], [name]
    for what in ("up", "down"):
        report.append(decimals(totals["hour"][what], 60 * SECOND, 2))
        report.append(decimals(totals["day"][what], HOUR, 4))
        report.append(decimals(totals["week"][what], HOUR, 4))
    for window, _ in WINDOWS:
        detail += [decimals(totals[window][counter], SECOND, 6)
                   for counter in COUNTERS]
    detail.append(str(len(outages)))
    detail.append(decimals(max(outages, default=0), SECOND, 6))
    detail.append("" if history.last_poll is None
                  else stamp(history.last_poll))
    detail.append(history.status_now())
    return report, detail


def as_csv(rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8")


JOB = ()


def job_rows(store):
    return store_rows(JOB[0], store, JOB[1])


def newest_poll(data):
    return max(max(polls) for polls in data.polls.values())


def report(data, as_of=None, interpolation="previous", reach=None,
           processes=1):
    """The bytes of the report and of the detail file."""
    global JOB
    if as_of is None:
        as_of = newest_poll(data)
    JOB = (data, (as_of, interpolation, reach))
    stores = data.stores()
    if processes > 1:
        with multiprocessing.get_context("fork").Pool(processes) as pool:
            pairs = pool.map(job_rows, stores, chunksize=64)
    else:
        pairs = [job_rows(store) for store in stores]
    return (as_csv([REPORT_HEADER] + [pair[0] for pair in pairs]),
            as_csv([DETAIL_HEADER] + [pair[1] for pair in pairs]))


def parse_reach(text):
    """Microseconds, None for "unlimited"."""
    if text == "unlimited":
        return None
    match = re.fullmatch(r"(\d+)([smhd])", text)
    if not match:
        raise argparse.ArgumentTypeError("not a reach: " + text)
    seconds = {"s": 1, "m": 60, "h": 3600, "d": DAY_S}[match[2]]
    return int(match[1]) * seconds * SECOND


def parse_as_of(text):
    at = parse_stamp(text.encode())
    if at is None and text != "latest":
        raise argparse.ArgumentTypeError("not an instant: " + text)
    return at


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name in ("polls", "hours", "timezones", "special"):
        parser.add_argument("--" + name, action="append", default=[],
                            help="a file to import; again for a later one")
    parser.add_argument("--as-of", type=parse_as_of)
    parser.add_argument("--interpolation", default="previous",
                        choices=("previous", "next", "nearest"))
    parser.add_argument("--reach", type=parse_reach)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--report", required=True)
    parser.add_argument("--detail", required=True)
    options = parser.parse_args()
    data = Data()
    for name in ("polls", "hours", "timezones", "special"):
        dataset = "special-hours" if name == "special" else name
        for path in getattr(options, name):
            with open(path, "rb") as file:
                good, bad = data.load(dataset, file.read())
            print(f"{path}: {len(good)} good rows, {len(bad)} bad",
                  file=sys.stderr)
    files = report(data, options.as_of, options.interpolation, options.reach,
                   options.processes)
    for path, content in zip((options.report, options.detail), files):
        with open(path, "wb") as file:
            file.write(content)


if __name__ == "__main__":
    main()
