#!/usr/bin/env python3
"""Removing old polls: whatever is told of the time that is kept stays as it
was, byte for byte, on data made to hurt; and nothing is told of the rest.

SEEDS=N asks for more than the usual number of data sets, SEEDS=N-M for just
those.
"""
import json
import os
import random
import re
import sqlite3
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "model")]

import model  # noqa: E402
from random_data import Case, stamp_text  # noqa: E402
from reader import HOUR, parse_stamp  # noqa: E402
from support import State, Tap, content_of, seeds  # noqa: E402

DAY = 24 * HOUR
INTERPOLATIONS = ("previous", "next", "nearest")
REACHES = ("unlimited", "unlimited", "unlimited", "3d", "20d", "6h")
SAID = re.compile(
    r"(?P<done>removed|would be removed): (?P<polls>\d+) polls of "
    r"(?P<days>\d+) days before (?P<before>\d{4}-\d\d-\d\d)\n"
    r"kept of the days before: [^(]* \((?P<kept>\d+) in all\)\n"
    r"reports (?:can|could then) speak of (?P<from>\S+Z) and later\n")
FIRST = parse_stamp(b"2000-06-01 00:00:00")
HEAD = b"store_id,status,timestamp_utc\n"
tap = Tap()


def instants_before(rng, as_of):
    """Instants of one store in the months before: none, one, some, many."""
    kind = rng.randrange(5)
    far = as_of - rng.randrange(12 * DAY, 70 * DAY)
    if kind == 0:
        return []
    if kind == 1:
        return [far]
    if kind == 2:
        return [rng.randrange(far, as_of) for _ in range(6)]
    if kind == 3:
        return list(range(far, as_of, 7 * HOUR + 13))
    # Long ago much, then nothing.
    return list(range(far, far + 2 * DAY, HOUR))


def old_polls(rng, case):
    """More polls of the case's stores, up to its instant."""
    stores = sorted({row[0] for rows in case.rows.values() for row in rows})
    lines = []
    for store in stores:
        chance = rng.choice((0, 0.5, 1))
        for at in instants_before(rng, case.as_of):
            status = "active" if rng.random() < chance else "inactive"
            name = '"' + store.replace('"', '""') + '"'
            lines.append(f"{name},{status},{stamp_text(rng, at)}\n".encode())
    return HEAD + b"".join(lines)


def all_told(state, as_of, rules):
    """Everything that a report says, but for the revision that it names."""
    kinds = ("detail", "stores", "strips", "summary")
    words = ["--as-of", model.stamp(as_of), "--interpolation", rules[0],
             "--reach", rules[1], "-o", state.file("report")]
    for kind in kinds:
        words += ["--" + kind, state.file(kind)]
    result = state.run("report", *words)
    if result.code:
        return str(result)
    told = [content_of(state.file(name)) for name in ("report", *kinds[:-1])]
    summary = json.loads(content_of(state.file("summary")))
    del summary["revision"]
    return told + [summary]


def newest_of(state):
    with sqlite3.connect(f"file:{state.path}/data.db?mode=ro",
                         uri=True) as db:
        return db.execute("SELECT newest_us FROM revision").fetchone()[0]


def rows_of(state):
    """Rows of polls by the program's own account, and blocks by SQL."""
    with sqlite3.connect(f"file:{state.path}/data.db?mode=ro",
                         uri=True) as db:
        rows, = db.execute(
            "SELECT rows FROM dataset WHERE name = 'polls'").fetchone()
        blocks, = db.execute("SELECT count(*) FROM poll_day").fetchone()
        return rows, blocks


def changed(state, asked, before):
    """The first question whose answer has changed, or nothing."""
    for question, told in zip(asked, before):
        if all_told(state, *question) != told:
            return [str(question)]
    return []


def one_seed(seed):
    rng, case = random.Random(f"prune {seed}"), Case(seed)
    if case.as_of < FIRST:
        return          # there are no months before
    with State() as state:
        for dataset, content in case.files.items():
            state.load(dataset, content, "--skip-bad")
        state.load("polls", old_polls(rng, case))
        newest, keep = newest_of(state), rng.choice((1, 2, 5, 12, 20))
        kept = newest - keep * DAY
        asked = [(at, (rng.choice(INTERPOLATIONS), rng.choice(REACHES)))
                 for at in (newest, kept, kept + 1, rng.randrange(
                     kept, newest), newest + rng.randrange(9 * DAY))]
        before = [all_told(state, *question) for question in asked]
        rows, blocks = rows_of(state)
        dry = state.run("prune", "--keep", str(keep), "--dry-run")
        untouched = rows_of(state) == (rows, blocks)
        done = state.run("prune", "--keep", str(keep))
        said, foretold = (SAID.fullmatch(r.out.decode()) for r in (done, dry))
        notes = changed(state, asked, before)
        good = done.code == 0 and said and foretold and untouched and (
            said["polls"] == foretold["polls"]) and (
            rows_of(state)[0] == rows - int(said["polls"]))
        refused = state.run("report", "--as-of", model.stamp(kept - 1))
        again = state.run("prune", "--keep", str(keep))
        check = state.run("check")
    tap.ok(f"seed {seed}: {case.zone}, {keep} days", good and not notes and
           refused.code == 1 and b"have been removed" in refused.err and
           again.out == b"nothing to remove\n" and check.code == 0,
           *notes, done, dry, refused, again, check)


def day_lines(store, first, last, status="active"):
    """A poll at noon of each of these days of January 2024."""
    return b"".join(b"%s,%s,2024-01-%02d 12:00:00 UTC\n" % (
        store, status.encode(), day) for day in range(first, last + 1))


def revision(state):
    return int(re.search(rb"revision (\d+)", state.run("check").out)[1])


def what_stays():
    """Two days of each store at the most, and everything that is no poll."""
    with State() as state:
        state.load("hours", b"store_id,day,start_time_local,end_time_local\n"
                   + b"".join(b"shut,%d,01:00:00,02:00:00\n" % d
                              for d in range(7)))
        state.load("timezones", b"store_id,timezone_str\nshut,UTC\n")
        # Evidence on the 2nd only; asked at noon, it is shut.
        state.load("polls", HEAD + day_lines(b"shut", 1, 9)
                   + b"shut,inactive,2024-01-02 01:30:00 UTC\n"
                   + day_lines(b"open", 1, 31) + day_lines(b"dead", 3, 4))
        number = revision(state)
        done = state.run("prune", "--keep", "3")
        said = SAID.fullmatch(done.out.decode())
        tap.same("what is said of it", said and said.groupdict(), {
            "done": "removed", "polls": str(9 - 2 + 18 + 1), "days": "18",
            "before": "2024-01-20", "kept": "4",
            "from": "2024-01-28T12:00:00.000000Z"})
        tap.same("the latest and the latest that counts stay",
                 state.run("polls", "shut").out, HEAD
                 + b"shut,inactive,2024-01-02 01:30:00.000000 UTC\n"
                 + b"shut,active,2024-01-02 12:00:00.000000 UTC\n"
                 + b"shut,active,2024-01-09 12:00:00.000000 UTC\n")
        tap.same("a store that is polled no more stays",
                 state.run("polls", "dead").out, HEAD +
                 b"dead,active,2024-01-04 12:00:00.000000 UTC\n")
        tap.same("the revision moves on", revision(state), number + 1)
        state.run("prune", "--keep", "3")
        tap.same("and stays where nothing goes", revision(state), number + 1)
        more = state.run("prune", "--keep", "9")
        tap.same("what is gone cannot be kept", more.out,
                 b"nothing to remove\n")
        undo(state)
        whole(state)


def undo(state):
    """What the newest import of zones replaced is still known."""
    def zone():
        return json.loads(state.run("timeline", "shut", "--json").out)[
            "timezone"]

    def undone():
        with sqlite3.connect(f"file:{state.path}/data.db?mode=ro",
                             uri=True) as db:
            return db.execute("SELECT count(*) FROM undo").fetchone()[0]

    state.load("timezones", b"store_id,timezone_str\nshut,Asia/Tokyo\n")
    noted = undone()
    state.run("prune", "--keep", "1")
    tap.ok("undo data stays", noted > 0 and undone() == noted and
           zone() == "Asia/Tokyo", noted)


def whole(state):
    """A file that is all there is has all there is."""
    first = ["report", "--as-of", "2024-01-05 12:00:00 UTC"]
    tap.same("no report of what was removed", state.run(*first).code, 1)
    tap.same("nor a timeline", state.run("timeline", "open", *first[1:]).code,
             1)
    state.load("polls", HEAD + day_lines(b"open", 1, 31), "--whole")
    tap.same("until the whole data set comes", state.run(*first).code, 0)


def refusals():
    with State() as state:
        none = state.run("prune", "--keep", "3")
        tap.ok("no polls", none.code == 1 and b"no polls" in none.err, none)
        for words in ([], ["--keep", "0"], ["--keep", "-1"],
                      ["--keep", "36501"], ["--keep", "x"],
                      ["--keep", "3", "more"]):
            tap.same(f"usage: {words}", state.run("prune", *words).code, 2)


def main():
    for seed in seeds(20):
        one_seed(seed)
    what_stays()
    refusals()
    tap.done()


if __name__ == "__main__":
    main()
