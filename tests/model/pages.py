"""The files of the pages from the data sets, slowly and plainly.

As in model.py, the definitions are written down as they read: a store's week
is cut at every instant at which its status, an hour of the strip or an hour
of its own clock may change, and each piece is asked what it is.  The objects
that come out are those that json.loads gives of the program's files, numbers
with decimals as their text.
"""
import datetime
import fractions
import zoneinfo

import model
from model import UNIX, decimals, stamp
from reader import HOUR, SECOND

QUARTER = HOUR // 4  # since 2000 no clock differs from UTC by less
WEEK = 168 * HOUR
NAMES = ("down", "up", "unknown", "stale", "closed")
BINS = ((0, 10), (10, 20), (20, 30), (30, 40), (40, 50), (50, 60), (60, 70),
        (70, 80), (80, 90), (90, 95), (95, 99), (99, 100))
LETTERS = {(): ".", ("up",): "u", ("down",): "d", ("down", "up"): "m",
           ("unknown",): "?", ("unknown", "up"): "?"}


def local_cell(zone, us):
    """Weekday x 24 + hour of the wall clock."""
    moment = (UNIX + datetime.timedelta(microseconds=us)).astimezone(
        zoneinfo.ZoneInfo(zone))
    return moment.weekday() * 24 + moment.hour


class Store:
    """A store's week: its counters, and which hours it lies in."""

    def __init__(self, data, name, rules):
        self.name, self.as_of = name, rules[0]
        self.given = name in data.zones
        self.zone = data.zones.get(name, model.DEFAULT_ZONE)
        self.history = model.History(data, name, *rules)
        self.totals, self.outages = self.history.reckon()
        self.now = self.history.status_now()
        week = self.totals["week"]
        self.dark = week["up"] == 0 and week["down"] > 0
        self.start = self.as_of - WEEK
        self.strip = {name: [0] * 168 for name in ("up", "down", "unknown")}
        self.lost = [0] * 168
        self.pieces = list(self.cut())
        for begin, end, status in self.pieces:
            self.strip[status][(begin - self.start) // HOUR] += end - begin
            if status == "down":
                self.lost[local_cell(self.zone, begin)] += end - begin

    def cut(self):
        """The open pieces of the week, (begin, end, status)."""
        points = set(self.history.change_points())
        points.update(range(self.start, self.as_of, HOUR))
        points.update(range(-(-self.start // QUARTER) * QUARTER, self.as_of,
                            QUARTER))
        points = sorted(points)
        for begin, end in zip(points, points[1:]):
            status = self.history.status(begin + end)
            if status != "closed":
                yield begin, end, status

    def since(self):
        if self.now == "closed":
            ends = [end for _, end in self.history.shifts
                    if self.start <= end <= self.as_of]
            return max(ends, default=None)
        if self.now == "stale":
            twice = 2 * self.as_of
            return self.history.decider(self.history.shift_at(twice), twice)
        others = [end for _, end, status in self.pieces if status != self.now]
        if not others:
            return self.start
        return min([begin for begin, _, _ in self.pieces
                    if begin >= others[-1]], default=self.as_of)

    def letter(self, cell):
        inside = tuple(sorted(name for name in self.strip
                              if self.strip[name][cell] > 0))
        return LETTERS.get(inside, "x")

    def line(self):
        """The store's line in the strips."""
        bits = "".join("1" if lost else "0" for lost in self.lost)
        return ("".join(map(self.letter, range(168)))
                + f" {int(bits, 2):042x}\n").encode()

    def polled_in(self, begin, end):
        return any(begin <= poll < end for poll in self.history.up_at)


# --- the table --------------------------------------------------------------

def hundredths(part, whole):
    """A share in hundredths of a percent, rounded down, or None."""
    return part * 10000 // whole if whole else None


def seconds(us):
    return (2 * us + SECOND) // (2 * SECOND)


def business(counters):
    return counters["up"] + counters["down"] + counters["unknown"]


def row(store, zones):
    """The store's value in each column."""
    week = store.totals["week"]
    since, last = store.since(), store.history.last_poll
    values = {"id": store.name.decode(), "zone": zones.index(store.zone),
              "zone_given": int(store.given), "now": NAMES.index(store.now),
              "since": None if since is None else since // SECOND,
              "last_poll": None if last is None else last // SECOND}
    for name, _ in model.WINDOWS:
        window = store.totals[name]
        values[name + "_availability"] = hundredths(
            window["up"], window["up"] + window["down"])
        values[name + "_lost"] = seconds(window["down"])
    values |= {
        "week_open": seconds(business(week)),
        "longest_outage": seconds(max(store.outages, default=0)),
        "outages": len(store.outages),
        "coverage": hundredths(week["observed_up"] + week["observed_down"],
                               business(week)),
        "dark": int(store.dark)}
    return values


def table(stores, as_of):
    zones = sorted({store.zone for store in stores}, key=str.encode)
    rows = [row(store, zones) for store in stores]
    return {"as_of": stamp(as_of), "stores": len(stores),
            "listed": len(stores), "complete": True, "order": "id",
            "status_names": list(NAMES), "zones": zones,
            "columns": {name: [values[name] for values in rows]
                        for name in rows[0]}}


def strips(stores):
    return b"".join(store.line() for store in stores)


# --- the summary ------------------------------------------------------------

def exact(us):
    return decimals(us, SECOND, 6)


def percent(part, whole):
    share = hundredths(part, whole)
    return None if share is None else f"{share // 100}.{share % 100:02}"


def window_of(stores, name):
    sums = {counter: sum(store.totals[name][counter] for store in stores)
            for counter in model.COUNTERS}
    whole = business(sums)
    told = {counter + "_s": exact(us) for counter, us in sums.items()}
    return told | {
        "business_s": exact(whole),
        "availability_percent": percent(sums["up"], sums["up"] + sums["down"]),
        "availability_at_least_percent": percent(sums["observed_up"], whole),
        "availability_at_most_percent": percent(
            whole - sums["observed_down"], whole),
        "coverage_percent": percent(
            sums["observed_up"] + sums["observed_down"], whole)}


def windows_of(stores):
    return {name: window_of(stores, name) for name, _ in model.WINDOWS}


def availability(stores):
    """How many stores have which availability in the week."""
    shares, dark, none, whole = [], 0, 0, 0
    for store in stores:
        up, down = (store.totals["week"][name] for name in ("up", "down"))
        if up + down == 0:
            none += 1
        elif up == 0:
            dark += 1
        elif down == 0:
            whole += 1
        else:
            shares.append(fractions.Fraction(100 * up, up + down))
    bins = [{"from": 0, "to": 0, "stores": dark}]
    bins += [{"from": low, "to": high,
              "stores": sum(low <= share < high for share in shares)}
             for low, high in BINS]
    bins.append({"from": 100, "to": 100, "stores": whole})
    return {"none": none, "bins": bins}


def added(rows):
    return [sum(cells) for cells in zip([0] * 168, *rows)]


def lost_by_hour(stores):
    cells = added(store.lost for store in stores)
    return [[exact(us) for us in cells[day * 24:day * 24 + 24]]
            for day in range(7)]


def strip_of(stores):
    return {name + "_s": [exact(us) for us in
                          added(store.strip[name] for store in stores)]
            for name in ("up", "down", "unknown")}


def polled(stores, begins):
    return [sum(store.polled_in(begin, begin + HOUR) for store in stores)
            for begin in begins]


def blind(stores, as_of):
    """The clock hours in which too few stores were polled."""
    first = -(-(as_of - WEEK) // HOUR) * HOUR
    begins = range(first, as_of - HOUR + 1, HOUR)
    numbers = polled(stores, begins)
    ordered, half = sorted(numbers), len(numbers) // 2
    median = fractions.Fraction(ordered[half] + ordered[-half - 1], 2)
    runs = []
    for begin, number in zip(begins, numbers):
        if number >= median / 5:
            continue
        if runs and runs[-1][1] == begin:
            runs[-1][1] += HOUR
        else:
            runs.append([begin, begin + HOUR])
    return {"hours": sum(end - begin for begin, end in runs) // HOUR,
            "median_stores": decimals(int(2 * median), 2, 1),
            "runs": [{"from": stamp(begin), "to": stamp(end),
                      "hours": (end - begin) // HOUR}
                     for begin, end in runs]}


def summary(stores, as_of):
    """What depends on the stores; rules and revision are the caller's."""
    lit = [store for store in stores if not store.dark]
    newest = [store.history.last_poll for store in stores
              if store.history.last_poll is not None]
    begins = range(as_of - WEEK, as_of, HOUR)
    return {
        "as_of": stamp(as_of), "stores": len(stores),
        "never_polled": len(stores) - len(newest),
        "dark": len(stores) - len(lit),
        "outages": sum(len(store.outages) for store in stores),
        "newest_poll": stamp(max(newest)) if newest else None,
        "status_now": {name: sum(store.now == name for store in stores)
                       for name in NAMES},
        "fleet": windows_of(stores), "fleet_without_dark": windows_of(lit),
        "availability_week": availability(stores),
        "lost_by_local_hour": {"all": lost_by_hour(stores),
                               "without_dark": lost_by_hour(lit)},
        "strip": {"from": stamp(as_of - WEEK), **strip_of(stores),
                  "without_dark": strip_of(lit),
                  "polled": polled(stores, begins)},
        "blind": blind(stores, as_of)}


def files(data, rules, names=None):
    """(summary, table, strips) of all stores, or of those with the names."""
    stores = [Store(data, name, rules) for name in data.stores()
              if names is None or name in names]
    return (summary(stores, rules[0]), table(stores, rules[0]),
            strips(stores))
