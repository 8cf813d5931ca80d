"""The four CSV data sets, read and checked row by row.

Made from the definitions alone, for tests: the whole file is held in memory
and a file with quotes is walked byte by byte.  read_file() answers with the
good rows, the bad rows by line and code, or the code that refuses the file;
Data holds the state that a sequence of imports leaves behind.
"""
import datetime
import functools
import os
import re
import time
import zoneinfo

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY_S = 86_400
RECORD_MAX = 65_536
EPOCH = datetime.date(1970, 1, 1).toordinal()
FIRST_POLL = (datetime.date(2000, 1, 1).toordinal() - EPOCH) * 24 * HOUR

COLUMNS = {
    "polls": ("store_id", "status", "timestamp_utc"),
    "hours": ("store_id", "day", "start_time_local", "end_time_local"),
    "timezones": ("store_id", "timezone_str"),
    "special-hours": ("store_id", "date", "start_time_local",
                      "end_time_local"),
}
ALIASES = {"dayofweek": "day", "day_of_week": "day"}
MAGIC = (b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd",
         b"\xfd7zXZ\x00", b"BZh")
BIDI = {0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}

STAMP = re.compile(rb"(\d{4}-\d\d-\d\d)[ T](\d\d):(\d\d):(\d\d)"
                   rb"(?:\.(\d{1,6}))?(?: UTC|Z|\+00:00)?")
DATE = re.compile(rb"\d{4}-\d\d-\d\d")
TIME = re.compile(rb"(\d\d):(\d\d)(?::(\d\d))?")


class FileError(Exception):
    """The whole file is refused; the text is the code."""


class RowError(Exception):
    """One row is refused; the text is the code."""


@functools.lru_cache(None)
def date_ordinal(text):
    """The proleptic ordinal of YYYY-MM-DD, or None."""
    if not DATE.fullmatch(text):
        return None
    try:
        return datetime.date.fromisoformat(text.decode()).toordinal()
    except ValueError:
        return None


def parse_stamp(text):
    """Microseconds since the epoch of a poll stamp, or None."""
    match = STAMP.fullmatch(text)
    if not match:
        return None
    day, hour, minute, second, fraction = match.groups()
    ordinal = date_ordinal(day)
    hour, minute, second = int(hour), int(minute), int(second)
    if ordinal is None or hour > 23 or minute > 59 or second > 59:
        return None
    micro = int((fraction or b"0").ljust(6, b"0"))
    seconds = (ordinal - EPOCH) * DAY_S + hour * 3600 + minute * 60 + second
    return seconds * SECOND + micro


@functools.lru_cache(None)
def parse_time(text, is_end):
    """Seconds since local midnight, or None; 24:00:00 as an end only."""
    match = TIME.fullmatch(text)
    if not match:
        return None
    hour, minute, second = (int(part or 0) for part in match.groups())
    if (hour, minute, second) == (24, 0, 0) and is_end:
        return DAY_S
    if hour > 23 or minute > 59 or second > 59:
        return None
    return hour * 3600 + minute * 60 + second


@functools.lru_cache(None)
def zone_names():
    """The zones and links of the machine's tzdata."""
    names = set()
    for folder in zoneinfo.TZPATH:
        path = os.path.join(folder, "tzdata.zi")
        if not os.path.exists(path):
            continue
        with open(path, encoding="ascii") as lines:
            for words in map(str.split, lines):
                if words and words[0] == "Z":
                    names.add(words[1])
                elif words and words[0] == "L":
                    names.add(words[2])
    return names or zoneinfo.available_timezones()


@functools.lru_cache(None)
def store_id_is_good(text):
    if not 1 <= len(text) <= 64 or text[:1] in (b"=", b"+", b"-", b"@"):
        return False
    try:
        points = [ord(c) for c in text.decode("utf-8")]
    except UnicodeDecodeError:
        return False
    return not any(p < 0x20 or 0x7F <= p <= 0x9F or p in BIDI
                   for p in points)


# --- bytes to records -----------------------------------------------------

def is_blank(line):
    return line.strip(b" \t") == b""


def plain_records(data):
    """Records of a file without any quote: every line is one."""
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    for number, line in enumerate(lines, 1):
        if len(line) > RECORD_MAX:
            raise FileError("line_too_long")
        if not is_blank(line):
            yield number, line, [f.strip(b" \t") for f in line.split(b",")]


def line_end(data, at):
    """Where the physical line that holds a byte ends."""
    ends = [data.find(b"\n", at), data.find(b"\r", at)]
    return min((end for end in ends if end >= 0), default=len(data))


def scan_record(data, begin):
    """(fields, where the record ends), byte by byte.  No fields at a
    misplaced quote, which makes the row bad and ends it with its physical
    line, so that it takes no other row along; nor at one that the file's end
    leaves open."""
    fields, field, quoted, inside, at = [], bytearray(), False, False, begin
    while at < len(data):
        byte, pair = data[at:at + 1], data[at:at + 2]
        if at - begin >= RECORD_MAX and (inside or byte not in b"\r\n"):
            raise FileError("unterminated_quote" if inside
                            else "line_too_long")
        if inside:
            if pair == b'""':
                field += b'"'
                at += 1
            elif byte == b'"':
                inside = False
            else:
                field += byte
        elif byte == b",":
            fields.append(bytes(field))
            field, quoted = bytearray(), False
        elif byte in b"\r\n":
            break
        elif byte == b'"' and not quoted and is_blank(field):
            field, quoted, inside = bytearray(), True, True
        elif byte == b'"' or (quoted and byte not in b" \t"):
            end = line_end(data, at)
            if end - begin > RECORD_MAX:
                raise FileError("line_too_long")
            return None, end
        elif not quoted:
            field += byte
        at += 1
    fields.append(bytes(field))
    return None if inside else fields, at


def quoted_records(data):
    """Records of a file that has quotes."""
    line, at = 1, 0
    while at < len(data):
        begin = at
        fields, at = scan_record(data, begin)
        raw, first_line = data[begin:at], line
        at += 2 if data[at:at + 2] == b"\r\n" else 1
        line += 1 + len(re.findall(b"\r\n|\r|\n", raw))
        if not is_blank(raw):
            yield first_line, raw, fields and [f.strip(b" \t")
                                               for f in fields]


def records(data):
    return quoted_records(data) if b'"' in data else plain_records(data)


def read_header(dataset, source):
    """Where each needed column stands, and how many columns there are."""
    _, raw, fields = next(source, (0, b"", None))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise FileError("not_text") from None
    if any(ord(c) < 0x20 or 0x7F <= ord(c) <= 0x9F for c in text):
        raise FileError("not_text")
    if fields is None:
        raise FileError("bad_header")
    names = [field.decode("utf-8").lower() for field in fields]
    if dataset == "hours":
        names = [ALIASES.get(name, name) for name in names]
    for column in COLUMNS[dataset]:
        if names.count(column) != 1:
            raise FileError("bad_header")
    return [names.index(c) for c in COLUMNS[dataset]], len(names)


# --- records to rows ------------------------------------------------------

def check_window(start, end):
    start_s, end_s = parse_time(start, False), parse_time(end, True)
    if start_s is None or end_s is None:
        raise RowError("time")
    if start_s == end_s and start_s != 0:
        raise RowError("window")
    return start_s, end_s


def poll_row(fields, limit_us):
    status = fields[1].lower()
    if status not in (b"active", b"inactive"):
        raise RowError("status")
    at = parse_stamp(fields[2])
    if at is None or at < FIRST_POLL or at > limit_us:
        raise RowError("timestamp")
    return at, status == b"active"


def hours_row(fields, _):
    if not re.fullmatch(rb"[0-6]", fields[1]):
        raise RowError("day")
    return (int(fields[1]), *check_window(fields[2], fields[3]))


def zone_row(fields, _):
    if fields[1].decode("utf-8", "replace") not in zone_names():
        raise RowError("timezone")
    return fields[1].decode()


def special_row(fields, _):
    ordinal = date_ordinal(fields[1])
    if ordinal is None:
        raise RowError("date")
    if fields[2] == fields[3] == b"":
        return ordinal, None
    return ordinal, check_window(fields[2], fields[3])


ROW = {"polls": poll_row, "hours": hours_row, "timezones": zone_row,
       "special-hours": special_row}


def read_file(dataset, data, limit_us=None):
    """(good, bad, spoilt): the good rows as (store, value), the bad ones as
    (line, code), and the keys (a store; for special hours a store and date)
    that have a bad row.  FileError where the file is refused."""
    if limit_us is None:
        limit_us = int(time.time() * SECOND) + 24 * HOUR
    if data == b"":
        raise FileError("empty_file")
    if data.startswith(MAGIC):
        raise FileError("compressed")
    data = data.removeprefix(b"\xef\xbb\xbf")
    source = records(data)
    places, width = read_header(dataset, source)
    good, bad, spoilt, seen = [], [], set(), {}
    for line, _, record in source:
        fields = ()
        try:
            if record is None:
                raise RowError("quote")
            if len(record) != width:
                raise RowError("columns")
            fields = [record[place] for place in places]
            if not store_id_is_good(fields[0]):
                raise RowError("store_id")
            value = ROW[dataset](fields, limit_us)
            check_conflict(dataset, fields[0], value, seen)
            good.append((fields[0], value))
        except RowError as error:
            bad.append((line, str(error)))
            if fields and store_id_is_good(fields[0]):
                date = date_ordinal(fields[1])
                spoilt.add((fields[0], date) if dataset == "special-hours"
                           else fields[0])
    return good, bad, spoilt


def check_conflict(dataset, store, value, seen):
    if dataset == "timezones":
        key, word = store, value
    elif dataset == "special-hours":
        key, word = (store, value[0]), value[1] is None
    else:
        return
    if seen.setdefault(key, word) != word:
        raise RowError("conflict")


# --- the state after a sequence of imports ----------------------------------

class Data:
    """polls: store -> {instant: up}; hours: store -> rows; zones: store ->
    name; special: store -> {date: rows}, no rows where closed."""

    def __init__(self):
        self.polls, self.hours, self.zones, self.special = {}, {}, {}, {}

    def stores(self):
        return sorted({*self.polls, *self.hours, *self.zones, *self.special})

    def load(self, dataset, data, whole=False, limit_us=None):
        """Import one file, its bad rows left out; (good, bad) as counted."""
        good, bad, spoilt = read_file(dataset, data, limit_us)
        getattr(self, "put_" + dataset.replace("-", "_"))(good, spoilt, whole)
        return good, bad

    def put_polls(self, good, spoilt, whole):
        """Polls are added one by one; a store with a bad row keeps what it
        had even where the file is all."""
        if whole:
            self.polls = {store: polls for store, polls in self.polls.items()
                          if store in spoilt}
        for store, (at, is_up) in good:
            self.polls.setdefault(store, {})[at] = is_up

    def put_hours(self, good, spoilt, whole):
        fresh = {}
        for store, row in good:
            fresh.setdefault(store, []).append(row)
        self.hours = replace(self.hours, fresh, spoilt, whole)

    def put_timezones(self, good, spoilt, whole):
        self.zones = replace(self.zones, dict(reversed(good)), spoilt, whole)

    def put_special_hours(self, good, spoilt, whole):
        fresh = {}
        for store, (date, window) in good:
            rows = fresh.setdefault((store, date), [])
            if window:
                rows.append(window)
        old = {(store, date): rows for store, dates in self.special.items()
               for date, rows in dates.items()}
        self.special = {}
        for (store, date), rows in replace(old, fresh, spoilt, whole).items():
            self.special.setdefault(store, {})[date] = rows


def replace(old, fresh, spoilt, whole):
    """What the keys of a file make of what was there: a key with a bad row
    keeps what it had, and so does one not named, unless the file is all."""
    kept = {k: v for k, v in old.items() if not whole or k in spoilt}
    return kept | {k: v for k, v in fresh.items() if k not in spoilt}
