#!/usr/bin/env python3
"""The report against the slow model, byte for byte, on data made to hurt.

SEEDS=N asks for more than the usual number of data sets, SEEDS=N-M for just
those.  A failure names its seed; `tests/model/random_data.py SEED DIR` writes
its four files.
"""
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "model")]

import model  # noqa: E402
from random_data import Case  # noqa: E402
from reader import COLUMNS, HOUR, SECOND, Data, read_file  # noqa: E402
from support import (REAL, State, Tap, content_of, seeds,  # noqa: E402
                     shared_file)

DAY = 24 * HOUR
INTERPOLATIONS = ("previous", "next", "nearest")
REACHES = ("unlimited", "unlimited", "6h", "1h", "30m", "7201s", "1s", "3d",
           "0s")
SPOILERS = {
    "polls": (b"S,active\n", b"S,up,2020-01-01 00:00:00 UTC\n",
              b"S,active,2020-02-30 00:00:00 UTC\n", b'"S"x,active,1\n',
              b",active,2020-01-01 00:00:00 UTC\n"),
    "hours": (b"S,7,09:00:00,10:00:00\n", b"S,1,09:00:00,09:00:00\n",
              b"S,1,24:00:00,10:00:00\n", b"S,1,,\n"),
    "timezones": (b"S,Mars/Olympus\n", b"S,\n", b"S,utc\n"),
    "special-hours": (b"S,2023-02-29,,\n", b"S,2018-11-04,10:00:00,\n",
                      b"S,2023-11-05,09:00:00,09:00:00\n"),
}
tap = Tap()


def as_of_words(as_of):
    if as_of is None:
        return []
    text = model.stamp(as_of)
    return ["--as-of", text.replace("T", " ").replace("Z", " UTC")
            if as_of % 2 else text]


def differing(name, got, wanted):
    """The first lines that differ, for people."""
    if got is None:
        return [f"{name}: no file"]
    notes = []
    got, wanted = got.split(b"\n"), wanted.split(b"\n")
    if len(got) != len(wanted):
        notes.append(f"{name}: {len(got)} lines, wanted {len(wanted)}")
    for left, right in zip(got, wanted):
        if left != right and len(notes) < 6:
            notes += [f"{name} got    {left.decode(errors='replace')}",
                      f"{name} wanted {right.decode(errors='replace')}"]
    return notes


def compare(state, data, as_of, interpolation, reach):
    """What differs between the program's two files and the model's."""
    wanted = model.report(data, as_of, interpolation,
                          model.parse_reach(reach))
    words = as_of_words(as_of)
    if interpolation != "previous" or reach != "unlimited":
        words += ["--interpolation", interpolation, "--reach", reach]
    report, detail, result = state.report(*words)
    if result.code:
        return [str(words), str(result)]
    notes = (differing("report", report, wanted[0])
             + differing("detail", detail, wanted[1]))
    return [str(words)] + notes if notes else []


def import_all(state, data, files, *words):
    """Import into the program and the model; what went wrong."""
    for dataset, content in files.items():
        result = state.load(dataset, content, "--json", *words)
        good, bad = data.load(dataset, content, whole="--whole" in words)
        told = result.json() or {}
        pairs = [(p["line"], p["code"]) for p in told.get("problems", [])]
        if result.code or pairs != bad or told["rows"] != len(good + bad):
            return [dataset, str(result), f"wanted {bad}"]
    return []


def rules_of(rng):
    return rng.choice(INTERPOLATIONS), rng.choice(REACHES)


def one_seed(seed):
    rng = random.Random(seed)
    case, data = Case(seed), Data()
    with State() as state:
        files = list(case.files.items())
        rng.shuffle(files)
        notes = import_all(state, data, dict(files))
        for as_of in case.as_ofs + case.as_ofs[:2]:
            notes += notes or compare(state, data, as_of, *rules_of(rng))
    tap.ok(f"seed {seed}: {case.zone}", not notes, *notes)


def spoilt(rng, case):
    """The case's files in one plain shape with bad rows among the good."""
    files = {}
    for dataset, rows in case.rows.items():
        lines = [",".join('"' + field.replace('"', '""') + '"'
                          for field in row).encode() + b"\n" for row in rows]
        for bad in SPOILERS[dataset]:
            row = rng.choice(rows or [["S"]])
            name = ('"' + row[0].replace('"', '""') + '"').encode()
            lines.insert(rng.randint(0, len(lines)), bad.replace(b"S", name))
        files[dataset] = ",".join(COLUMNS[dataset]).encode() + b"\n" + (
            b"".join(lines))
    return files


def one_sequence(seed):
    """Files upon files: replacement, --whole, bad rows left out."""
    rng, data, notes = random.Random(seed), Data(), []
    with State() as state:
        for step in range(3):
            case = Case(seed * 1000 + step, stores=12)
            files, words = case.files, []
            if step and rng.random() < 0.5:
                files = spoilt(rng, case)
                words = ["--skip-bad"]
            if step and rng.random() < 0.4:
                words.append("--whole")
            notes += notes or import_all(state, data, files, *words)
            notes += notes or compare(state, data, rng.choice(case.as_ofs),
                                      *rules_of(rng))
    tap.ok(f"seed {seed}: imports upon imports", not notes, *notes)


def one_order(seed):
    """Neither the order of the rows nor the number of files matters."""
    case = Case(seed)
    with State() as whole, State() as mixed, State() as pieces:
        for dataset, content in case.files.items():
            whole.load(dataset, content)
            mixed.load(dataset, case.shuffled_polls()
                       if dataset == "polls" else content)
            for piece in in_pieces(dataset, content):
                pieces.load(dataset, piece)
        wanted = whole.report()
        tap.ok(f"seed {seed}: a report", wanted[2].code == 0, wanted[2])
        for name, state in (("order of polls", mixed), ("pieces", pieces)):
            got = state.report()
            tap.ok(f"seed {seed}: {name}", got[:2] == wanted[:2],
                   *differing("report", got[0], wanted[0] or b""), got[2])


def in_pieces(dataset, content):
    """A file as three; no store's rows are parted but its polls'."""
    good, _, _ = read_file(dataset, content)
    places = {store: n % 3 for n, store in enumerate(
        dict.fromkeys(store for store, _ in good))}
    lines = [[], [], []]
    for number, (store, value) in enumerate(good):
        place = number * 3 // len(good)
        if dataset != "polls":
            place = places[store]
        lines[place].append(row_bytes(dataset, store, value))
    head = ",".join(COLUMNS[dataset]).encode() + b"\n"
    return [head + b"".join(part) for part in lines]


def clock(second):
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def row_bytes(dataset, store, value):
    if dataset == "polls":
        rest = ["active" if value[1] else "inactive", model.stamp(value[0])]
    elif dataset == "timezones":
        rest = [value]
    elif dataset == "hours":
        rest = [str(value[0]), clock(value[1]), clock(value[2])]
    else:
        date = model.datetime.date.fromordinal(value[0]).isoformat()
        rest = [date] + ([clock(s) for s in value[1]] if value[1]
                         else ["", ""])
    name = b'"' + store.replace(b'"', b'""') + b'"'
    return name + ("," + ",".join(rest) + "\n").encode()


def counters(detail):
    """{store: {column: us}} of a detail file."""
    rows = list(model.csv.DictReader(detail.decode().splitlines()))
    return {row["store_id"]: {name: int(row[name].replace(".", ""))
                              for name in row if name.endswith("_s")}
            for row in rows}


def sums_to(state, as_of, rules, short, long):
    """Where the counters of the short windows that make up the long one do
    not add up to it.  No poll is newer than the long window's start, so
    every one of these reports knows the same."""
    names, span = dict(model.WINDOWS), {}
    whole = counters(state.report(*as_of_words(as_of), *rules)[1])
    for back in range(0, names[long], names[short]):
        part = state.report(*as_of_words(as_of - back), *rules)[1]
        for store, columns in counters(part).items():
            for name in model.COUNTERS:
                key = store, name
                span[key] = span.get(key, 0) + columns[f"{short}_{name}_s"]
    return [(store, name, total, whole[store][f"{long}_{name}_s"])
            for (store, name), total in span.items()
            if total != whole[store][f"{long}_{name}_s"]]


def one_sum(seed):
    case, data = Case(seed), Data()
    rng = random.Random(seed)
    with State() as state:
        notes = import_all(state, data, case.files)
        as_of = model.newest_poll(data) + 168 * HOUR + rng.randrange(SECOND)
        for short, long in (("hour", "day"), ("day", "week")):
            interpolation, reach = rules_of(rng)
            rules = ["--interpolation", interpolation, "--reach", reach]
            notes += notes or sums_to(state, as_of, rules, short, long)
    tap.ok(f"seed {seed}: hours make the day, days the week", not notes,
           *notes[:5])


def real_data():
    paths = [(dataset, shared_file("data", name)) for dataset, name in REAL]
    if not all(path for _, path in paths):
        tap.skip("the real data", "../shared/data is not here")
        return
    data = Data()
    with State() as state:
        files = {dataset: content_of(path) for dataset, path in paths}
        notes = import_all(state, data, files)
        tap.ok("the real data are imported", not notes, *notes)
        for rules in (("previous", "unlimited"), ("nearest", "6h")):
            for as_of in (None, model.newest_poll(data) - 7 * DAY + HOUR):
                notes = compare(state, data, as_of, *rules)
                tap.ok(f"the real data, {' '.join(rules)}, "
                       f"{as_of and model.stamp(as_of) or 'latest'}",
                       not notes, *notes)


for number in seeds(30):
    one_seed(number)
    if number % 4 == 0:
        one_sequence(number)
    if number % 10 == 0:
        one_order(number)
        one_sum(number)
real_data()
tap.done()
