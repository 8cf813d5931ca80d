#!/usr/bin/env python3
"""Small data sets full of what goes wrong, the same for the same seed.

make(seed) gives the four files as bytes and the instants to ask about.  A
data set plays in the days around one clock change; its stores have zones,
hours, special hours and polls of many kinds, each drawn by name below.
"""
import datetime
import random
import sys

from model import DAY, DEFAULT_ZONE, UNIX, Data, shifts_between
from reader import COLUMNS, EPOCH, HOUR, SECOND, parse_stamp

MINUTE = 60 * SECOND

# Where a clock changes, and an instant close to the change.
CHANGES = (
    ("America/New_York", "2024-03-10 07:00:00"),
    ("America/New_York", "2023-11-05 06:00:00"),
    ("America/Chicago", "2023-03-12 08:00:00"),
    ("Australia/Lord_Howe", "2024-04-06 15:00:00"),
    ("Australia/Lord_Howe", "2023-09-30 15:30:00"),
    ("Pacific/Apia", "2011-12-30 10:00:00"),
    ("America/Sao_Paulo", "2018-11-04 03:00:00"),
    ("America/Sao_Paulo", "2018-02-18 02:00:00"),
    ("America/Havana", "2023-03-12 05:00:00"),
    ("America/Havana", "2023-11-05 05:00:00"),
    ("Asia/Beirut", "2022-03-26 22:00:00"),
    ("Asia/Beirut", "2022-10-29 21:00:00"),
    ("Africa/Cairo", "2023-04-27 22:00:00"),
    ("Africa/Cairo", "2023-10-26 21:00:00"),
    ("Africa/Casablanca", "2024-03-10 02:00:00"),
    ("Africa/Casablanca", "2024-04-14 02:00:00"),
    ("Europe/Dublin", "2024-03-31 01:00:00"),
    ("Europe/Dublin", "2023-10-29 01:00:00"),
    ("Antarctica/Troll", "2024-03-31 01:00:00"),
    ("America/Caracas", "2016-05-01 07:00:00"),
    ("Asia/Pyongyang", "2018-05-04 15:00:00"),
    ("Pacific/Chatham", "2024-04-06 14:00:00"),
    ("America/Scoresbysund", "2024-03-31 01:00:00"),
    ("Europe/Volgograd", "2020-12-26 23:00:00"),
    ("UTC", "2000-01-03 00:00:00"),
    ("UTC", "2024-02-29 12:00:00"),
)
QUIET = ("Asia/Kathmandu", "Pacific/Kiritimati", "Etc/GMT+5", "UTC",
         "Asia/Calcutta", "US/Eastern", "America/Argentina/Buenos_Aires",
         "Pacific/Pago_Pago", "America/Phoenix")
ODD_IDS = ('a,b', 'say "hi"', 'Café Zürich #4', '日本語のお店', 'x' * 64,
           'é' * 32, "1'); DROP TABLE poll_day;--", '<b>&amp;', '007', '7',
           'a b', '\\N', 'NULL', '%s%n', '../x', '{"a":1}', '𝄞', 'ﬁ',
           '9223372036854775808', 'A', 'a', '\ue000', '\U0010ffff', '~', '!')
TIMES = (0, 1, 600, 1800, 3600, 5400, 7200, 9000, 10800, 32400, 41400, 43200,
         61200, 64800, 79200, 82800, 86339, 86340, 86399)
ENDS = TIMES + (86400,)


def random_time(rng, is_end):
    if rng.random() < 0.7:
        return rng.choice(ENDS if is_end else TIMES)
    return rng.randrange(86400)


def random_window(rng):
    """Start and end seconds of a row that is not refused."""
    if rng.random() < 0.1:
        return 0, rng.choice((0, 86340, 86399, 86400))
    while True:
        start, end = random_time(rng, False), random_time(rng, True)
        if start != end:
            return start, end


def weekly_nothing(rng):
    return []


def weekly_whole_days(rng):
    days = range(7) if rng.random() < 0.6 else rng.sample(range(7), 4)
    end = rng.choice((0, 86340, 86399, 86400))
    return [(day, 0, end) for day in days]


def weekly_same(rng):
    window = random_window(rng)
    return [(day, *window) for day in range(7) if rng.random() < 0.9]


def weekly_split_nights(rng):
    """Nights cut in two at midnight, as the real file has them."""
    opens, closes = rng.choice((39600, 64800, 79200)), rng.choice(
        (600, 3600, 7200, 18000))
    rows = []
    for day in rng.sample(range(7), rng.randint(1, 7)):
        rows.append((day, opens, rng.choice((86340, 86400, 86399))))
        rows.append(((day + 1) % 7, 0, closes))
    return rows


def weekly_edges(rng):
    """From the last minute on, touching rows, a row twice."""
    rows = [(rng.randrange(7), 86340, rng.choice((86399, 86400, 0, 3600))),
            (rng.randrange(7), 86341, 86340)]
    day = rng.randrange(7)
    rows += [(day, 32400, 43200), (day, 43200, 61200), (day, 36000, 50000)]
    return rows + rng.sample(rows, 2)


def weekly_wild(rng):
    return [(rng.randrange(7), *random_window(rng))
            for _ in range(rng.randint(1, 16))]


WEEKLY = (weekly_nothing, weekly_whole_days, weekly_same,
          weekly_split_nights, weekly_edges, weekly_wild)


def special_rows(rng, today):
    """(date, window or None) for some dates around an ordinal."""
    rows = []
    for ordinal in rng.sample(range(today - 10, today + 3),
                              rng.randint(1, 4)):
        kind = rng.random()
        if kind < 0.4:
            rows += [(ordinal, None)] * rng.randint(1, 2)
        else:
            rows += [(ordinal, random_window(rng))
                     for _ in range(rng.randint(1, 2))]
    return rows


# --- polls: each kind gives instants --------------------------------------

def instants_hourly(rng, scene):
    first = scene.as_of - rng.randint(1, 300) * HOUR
    return [at + rng.randrange(10 * MINUTE)
            for at in range(first, scene.as_of + 2 * HOUR, HOUR)
            if rng.random() < 0.8]


def instants_few(rng, scene):
    return [scene.as_of - rng.randrange(400 * HOUR)
            for _ in range(rng.randint(1, 5))]


def instants_on_edges(rng, scene):
    edges = [edge for shift in scene.shifts for edge in shift]
    chosen = rng.sample(edges, min(len(edges), rng.randint(1, 12)))
    return [edge + rng.choice((0, 0, 0, 1, -1)) for edge in chosen]


def instants_at_as_of(rng, scene):
    return [scene.as_of + step
            for step in rng.sample((-1, 0, 1, 2, -HOUR, -DAY, -7 * DAY,
                                    -7 * DAY - 1, -HOUR + 1), 3)]


def instants_out_of_hours(rng, scene):
    gaps = [(left[1] + 1, right[0])
            for left, right in zip(scene.shifts, scene.shifts[1:])]
    return [rng.randrange(*rng.choice(gaps)) for _ in range(6) if gaps]


def instants_old(rng, scene):
    oldest = parse_stamp(b"2000-01-01 00:00:00")
    span = max(1, min(scene.as_of - oldest, 4 * 365 * DAY))
    return [scene.as_of - rng.randrange(span)
            for _ in range(rng.randint(1, 3))]


def instants_after(rng, scene):
    return [scene.as_of + 1 + rng.randrange(100 * HOUR) for _ in range(3)]


def instants_none(rng, scene):
    return []


def instants_gap_limits(rng, scene):
    """Neighbours 2 h apart, a microsecond more and less, and 1 us apart."""
    at, points = scene.as_of - rng.randrange(3 * DAY), []
    for step in (0, 2 * HOUR, 2 * HOUR + 1, 2 * HOUR - 1, 1, 1, 2,
                 6 * HOUR, 6 * HOUR + 1, 12 * HOUR + 1):
        at += step
        points.append(at)
    return points


def instants_half_digits(rng, scene):
    """What is between them and as_of is half of a report's last digit: 0.3 s
    of a hundredth of a minute, 0.18 s of a ten-thousandth of an hour."""
    step = rng.choice((180_000, 300_000))
    return [scene.as_of - step * count
            for count in rng.sample(range(1, 12000), 4)] + [
                scene.as_of - step * rng.choice((1, 3))]


POLLED = (instants_hourly, instants_hourly, instants_few, instants_on_edges,
          instants_on_edges, instants_at_as_of, instants_out_of_hours,
          instants_old, instants_after, instants_none, instants_gap_limits,
          instants_half_digits)


def poll_rows(rng, scene):
    """(instant, up), some of them twice; the later row wins."""
    instants = []
    for kind in rng.sample(POLLED, rng.randint(1, 3)):
        instants += kind(rng, scene)
    oldest = parse_stamp(b"2000-01-01 00:00:00")
    chance = rng.choice((0, 0.2, 0.5, 0.8, 1))
    rows = [(at, rng.random() < chance) for at in instants if at >= oldest]
    rng.shuffle(rows)
    rows += [(at, rng.random() < 0.5) for at, _ in rows
             if rng.random() < 0.05]
    return rows


class Scene:
    """What the polls of one store are drawn from."""

    def __init__(self, as_of, data, store):
        self.as_of = as_of
        self.shifts = shifts_between(data, store, as_of - 10 * DAY, as_of)


# --- the four files -------------------------------------------------------

def time_text(rng, second):
    text = f"{second // 3600:02}:{second // 60 % 60:02}"
    if second % 60 == 0 and rng.random() < 0.2:
        return text
    return f"{text}:{second % 60:02}"


def date_text(ordinal):
    return datetime.date.fromordinal(ordinal).isoformat()


def stamp_text(rng, at):
    moment = UNIX + datetime.timedelta(microseconds=at)
    text = moment.strftime("%Y-%m-%d" + rng.choice(" T") + "%H:%M:%S")
    fraction = f"{at % SECOND:06}".rstrip("0")
    fraction += "0" * rng.randint(0, 6 - len(fraction))
    if fraction:
        text += "." + fraction
    return text + rng.choice((" UTC", " UTC", "Z", "+00:00", ""))


def field_text(rng, field):
    if any(c in field for c in ',"') or rng.random() < 0.02:
        return '"' + field.replace('"', '""') + '"'
    return field


def file_bytes(rng, dataset, rows):
    """A CSV file of these rows, in one of the shapes that are read."""
    names = list(COLUMNS[dataset])
    extra = rng.random() < 0.2
    if extra:
        rows = [row + [rng.choice(("", "x", 'q"', "a,b"))] for row in rows]
        names.append("note")
    order = list(range(len(names)))
    if rng.random() < 0.3:
        rng.shuffle(order)
    if dataset == "hours":
        names[1] = rng.choice(("day", "dayOfWeek", "day_of_week"))
    if rng.random() < 0.2:
        names = [name.upper() for name in names]
    end = rng.choice(("\n", "\n", "\n", "\r\n", "\r"))
    lines = [",".join(names[i] for i in order)]
    lines += [",".join(field_text(rng, row[i]) for i in order)
              for row in rows]
    text = end.join(lines) + (end if rng.random() < 0.8 else "")
    return (rng.choice((b"", b"", b"\xef\xbb\xbf"))
            + text.encode("utf-8"))


class Case:
    """files: data set -> bytes; as_ofs: instants to ask about, the first of
    them None (the newest poll); poll_lines: for reordering."""

    def __init__(self, seed, stores=30):
        self.seed = seed
        rng = random.Random(f"storemon {seed}")
        zone, change = rng.choice(CHANGES)
        self.change = parse_stamp(change.encode())
        drift = rng.choice((0, 1, -1, HOUR, DAY, 2 * DAY, 6 * DAY, 7 * DAY,
                            8 * DAY, rng.randrange(9 * DAY)))
        self.as_of = self.change + drift
        if rng.random() < 0.5:
            self.as_of += rng.randrange(HOUR)
        self.zone = zone
        self.rows = {dataset: [] for dataset in COLUMNS}
        ids = rng.sample(ODD_IDS, min(len(ODD_IDS), stores // 3))
        ids += [str(rng.randrange(10 ** 18, 10 ** 19)) for _ in range(
            stores - len(ids))]
        for name in ids:
            self.add_store(rng, name)
        if not self.rows["polls"]:
            self.rows["polls"] = [["only", "active", stamp_text(
                rng, self.as_of)]]
        for dataset in ("timezones", "special-hours"):
            rng.shuffle(self.rows[dataset])
        self.files = {dataset: file_bytes(rng, dataset, rows)
                      for dataset, rows in self.rows.items()}
        self.as_ofs = [None, self.as_of, self.as_of - rng.randrange(2 * DAY),
                       self.change]
        self.rng = rng

    def add_store(self, rng, name):
        data, key = Data(), name.encode()
        if rng.random() < 0.8:
            zone = self.zone if rng.random() < 0.6 else rng.choice(
                QUIET + tuple(zone for zone, _ in CHANGES))
            self.rows["timezones"].append([name, zone])
        else:
            zone = DEFAULT_ZONE
        data.zones[key] = zone
        data.hours[key] = rng.choice(WEEKLY)(rng)
        for day, start, end in data.hours[key]:
            self.rows["hours"].append([name, str(day), time_text(rng, start),
                                       time_text(rng, end)])
        if rng.random() < 0.3:
            self.add_special(rng, name, data)
        for at, is_up in poll_rows(rng, Scene(self.as_of, data, key)):
            status = "active" if is_up else "inactive"
            if rng.random() < 0.05:
                status = status.upper()
            self.rows["polls"].append([name, status, stamp_text(rng, at)])

    def add_special(self, rng, name, data):
        taken = {}
        today = self.as_of // DAY + EPOCH
        for ordinal, window in special_rows(rng, today):
            texts = ["", ""] if window is None else [
                time_text(rng, second) for second in window]
            self.rows["special-hours"].append([name, date_text(ordinal),
                                               *texts])
            taken.setdefault(ordinal, []).extend([window] if window else [])
        data.special[name.encode()] = taken

    def shuffled_polls(self):
        """The polls in another order; rows of one store and instant keep
        theirs, for the later one wins."""
        groups = {}
        for row in self.rows["polls"]:
            key = row[0], parse_stamp(row[2].encode())
            groups.setdefault(key, []).append(row)
        keys = list(groups)
        self.rng.shuffle(keys)
        return file_bytes(self.rng, "polls",
                          [row for key in keys for row in groups[key]])


def main():
    case = Case(sys.argv[1])
    for dataset, content in case.files.items():
        with open(f"{sys.argv[2]}/{dataset}.csv", "wb") as file:
            file.write(content)


if __name__ == "__main__":
    main()
