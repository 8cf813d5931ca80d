#!/usr/bin/env python3
"""The files that the pages stand on against the slow model.

SEEDS=N asks for more than the usual number of data sets, SEEDS=N-M for just
those; as in test_model.py.
"""
import json
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "model")]

import model  # noqa: E402
import pages  # noqa: E402
from random_data import Case  # noqa: E402
from reader import HOUR, Data  # noqa: E402
from support import State, Tap, content_of, seeds  # noqa: E402

FILES = ("summary", "stores", "strips")
RULES = (("previous", "unlimited"), ("previous", "unlimited"),
         ("next", "6h"), ("nearest", "3d"), ("previous", "1h"),
         ("nearest", "30m"))
TABLE_MAX, TABLE_WORST, LINE = 50000, 5000, 212
tap = Tap()


def as_of_words(as_of):
    return [] if as_of is None else ["--as-of", model.stamp(as_of)]


def make(state, *words):
    """The bytes of the three files, and the result."""
    paths = [state.file(name) for name in FILES]
    for path in paths:
        if os.path.exists(path):
            os.unlink(path)
    options = [word for name, path in zip(FILES, paths)
               for word in ("--" + name, path)]
    result = state.run("report", *words, *options)
    return [content_of(path) for path in paths], result


def parsed(content):
    """An object with its decimal numbers as they are written."""
    return json.loads(content, parse_float=str)


def different(path, got, wanted):
    """Where two objects differ, as a few lines for people."""
    if isinstance(got, dict) and isinstance(wanted, dict):
        notes = [f"{path}.{key}: missing in one"
                 for key in got.keys() ^ wanted.keys()]
        for key in got.keys() & wanted.keys():
            notes += different(f"{path}.{key}", got[key], wanted[key])
        return notes[:6]
    if (isinstance(got, list) and isinstance(wanted, list)
            and len(got) == len(wanted)):
        notes = []
        for place, pair in enumerate(zip(got, wanted)):
            notes += different(f"{path}[{place}]", *pair)
        return notes[:6]
    return [] if got == wanted else [f"{path}: {got!r}, wanted {wanted!r}"]


def compare(state, data, as_of, rules, names=None):
    """What differs between the program's files and the model's."""
    instant = model.newest_poll(data) if as_of is None else as_of
    words = as_of_words(as_of) + ["--interpolation", rules[0], "--reach",
                                  rules[1]]
    for name in names or []:
        words += ["--store", name]
    got, result = make(state, *words)
    if result.code:
        return [str(words), str(result)]
    wanted = pages.files(data, (instant, rules[0],
                                model.parse_reach(rules[1])), names)
    told, table = parsed(got[0]), parsed(got[1])
    asked = told.pop("rules")
    notes = different("summary", {key: told[key] for key in told
                                  if key not in ("revision", "tzdata")},
                      wanted[0])
    notes += different("table", table, wanted[1])
    notes += different("strips", got[2].splitlines(), wanted[2].splitlines())
    notes += different("rules", asked.get("store_id"),
                       names and [name.decode() for name in names])
    return [str(words)] + notes + sums(told) if notes + sums(told) else []


def micros(text):
    return int(text.replace(".", ""))


def sums(told):
    """Sums in the summary that are not what they must be."""
    notes = []
    for fleet, part in (("fleet", told["strip"]),
                        ("fleet_without_dark", told["strip"]["without_dark"])):
        week = told[fleet]["week"]
        for name in ("up_s", "down_s", "unknown_s"):
            if sum(map(micros, part[name])) != micros(week[name]):
                notes.append(f"{fleet}: the strip's {name}")
        lost = told["lost_by_local_hour"][
            "all" if fleet == "fleet" else "without_dark"]
        if sum(micros(us) for day in lost for us in day) != micros(
                week["down_s"]):
            notes.append(f"{fleet}: the local hours")
    bins = told["availability_week"]
    if bins["none"] + sum(b["stores"] for b in bins["bins"]) != told["stores"]:
        notes.append("the bins")
    if sum(run["hours"] for run in told["blind"]["runs"]) != told["blind"][
            "hours"]:
        notes.append("the blind hours")
    return notes


def one_seed(seed):
    rng = random.Random(seed)
    case, data, notes = Case(seed), Data(), []
    with State() as state:
        for dataset, content in case.files.items():
            state.load(dataset, content)
            data.load(dataset, content)
        for as_of in case.as_ofs:
            if rng.random() < 0.3 and as_of is not None:
                as_of -= as_of % HOUR
            notes += notes or compare(state, data, as_of, rng.choice(RULES))
        names = rng.sample(data.stores(), min(5, len(data.stores())))
        notes += notes or compare(state, data, None, rng.choice(RULES), names)
    tap.ok(f"seed {seed}: {case.zone}", not notes, *notes)


def one_instant(seed):
    """The same question gives the same bytes; without the others' files
    each is the same."""
    case = Case(seed)
    with State() as state:
        for dataset, content in case.files.items():
            state.load(dataset, content)
        wanted, _ = make(state)
        tap.same(f"seed {seed}: the same again", make(state)[0], wanted)
        for name, content in zip(FILES, wanted):
            path = state.file("alone")
            result = state.run("report", "--" + name, path)
            tap.same(f"seed {seed}: --{name} alone",
                     (result.code, content_of(path), result.out),
                     (0, content, b""))


def polls_of(count):
    """A poll each, down for 1 to 166 hours; ids in another order than the
    file's rows."""
    rows = ["store_id,status,timestamp_utc\n"]
    for n in range(count):
        hours = n * 7919 % 166
        rows.append(f"{n * 7919 % 100003:06},active,2023-01-10 00:00:00\n"
                    f"{n * 7919 % 100003:06},inactive,2023-01-{18 + hours // 24}"
                    f" {hours % 24:02}:00:00\n")
    return "".join(rows).encode()


def lists(count, complete):
    """A report over that many stores, and whom its table lists."""
    polls = polls_of(count)
    lost, place = {}, 0
    for line in polls.decode().splitlines()[2::2]:
        name, _, when = line.split(",")
        day, hour = int(when[8:10]), int(when[11:13])
        lost[name] = (25 - day) * 24 - hour
    names = sorted(lost)
    if not complete:
        worst = sorted(names, key=lambda name: (-lost[name], name))
        names = sorted(worst[:TABLE_WORST])
    with State() as state:
        state.load("polls", polls)
        got, result = make(state, "--as-of", "2023-01-25 00:00:00")
        table = json.loads(got[1])
    place = {name: n for n, name in enumerate(sorted(lost))}
    tap.same(f"{count} stores: how many are listed",
             (result.code, table["stores"], table["listed"],
              table["complete"], len(got[2]) // LINE),
             (0, count, len(names), complete, len(names)))
    columns = table["columns"]
    tap.ok(f"{count} stores: who", columns["id"] == names)
    tap.ok(f"{count} stores: their rows", columns.get("row") == (
        None if complete else [place[name] for name in names]))
    tap.ok(f"{count} stores: what they lost",
           columns["week_lost"] == [3600 * lost[name] for name in names])


for number in seeds(12):
    one_seed(number)
    if number % 6 == 0:
        one_instant(number)
lists(TABLE_MAX, True)
lists(TABLE_MAX + 1, False)
tap.done()
