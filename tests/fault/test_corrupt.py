#!/usr/bin/env python3
"""Databases that are not what was written: bits, sectors and pages changed on
the disk, files cut off, a log removed by hand.  Whatever is answered then, it
is no wrong figure; `storemon check` says what is wrong; a backup brings all
back."""

import concurrent.futures
import contextlib
import os
import random
import shutil
import sqlite3
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

from faults import FULL, JOBS, not_sanitized  # noqa: E402
from imports import new_polls, sample_lines  # noqa: E402
from states import Fixture, State  # noqa: E402
from tap import Tap  # noqa: E402

PAGE = 8192
SECTOR = 512
TRIES = 40 if FULL else 2    # of each kind for a page
# The second where it is the version's number that is damaged.
REFUSALS = ("stored data is damaged", "newer version")

tap = Tap()


# --- what a disk does --------------------------------------------------------

def one_bit(page, dice):
    at = dice.randrange(PAGE)
    page[at] ^= 1 << dice.randrange(8)


def part(content):
    """A sector, some of them, or the page from there, has other content."""
    def do(page, dice):
        at = dice.randrange(PAGE // SECTOR) * SECTOR
        n = dice.choice((SECTOR, 8 * SECTOR, PAGE))
        n = min(n, PAGE - at)
        page[at:at + n] = content(n, dice)
    return do


def few_bytes(page, dice):
    at = dice.randrange(PAGE - 64)
    page[at:at + 64] = dice.randbytes(64)


KINDS = {
    "one bit": one_bit,
    "64 bytes": few_bytes,
    "zeros": part(lambda n, _: bytes(n)),
    "noise": part(lambda n, dice: dice.randbytes(n)),
}


def pages(path):
    return os.path.getsize(path) // PAGE


def harm(path, number, kind, dice):
    """Changes a page; False if it is what it was."""
    with open(path, "r+b") as file:
        file.seek(number * PAGE)
        old = file.read(PAGE)
        new = bytearray(old)
        KINDS[kind](new, dice)
        file.seek(number * PAGE)
        file.write(new)
    return new != old


def another_page(path, number):
    """One page's content in the place of the next, as a stray write has it."""
    with open(path, "r+b") as file:
        file.seek(number * PAGE)
        page = file.read(PAGE)
        file.write(page)


# --- what is told then -------------------------------------------------------

def refuses(said):
    return any(words in said for words in REFUSALS)


class Right:
    """What is told while all is well."""

    def __init__(self, fixture):
        self.fixture = fixture
        store = sample_lines(fixture, "timezones.csv")[1].split(",")[0]
        self.query = "id=" + store
        with fixture.copy() as state:
            self.report = state.storemon("report", "-o", "-")
            self.week = state.answer("stores", self.query, None)
            self.told = state.look(fixture.reports[0])
        tap.ok("there is something to be told", self.report[0] == 0 and
               self.week[0] == 200 and self.told["status"] == "Complete",
               self.report, self.week, self.told)

    def wrong(self, state):
        """Lines about what is neither right nor refused."""
        code, out, said = state.storemon("report", "-o", "-")
        refused = code != 0
        if code == 0 and out != self.report[1]:
            yield f"another report: {out}"
        if refused and (out or not refuses(said)):
            yield f"report: exit {code}: {out}{said}"
        status, body = state.answer("stores", self.query, None)
        if (status, body) != self.week and status not in (404, 503):
            yield f"another week: {status} {body}"
        code, _, said = state.storemon("check")
        if refused and code == 0:
            yield "refused, though the check finds nothing"
        if code != 0 and ("data.db" not in said or not refuses(said)):
            yield f"check: {said}"

    def wrong_jobs(self, state):
        told = state.look(self.fixture.reports[0])
        if told != self.told and told.get("error", {}).get("code") != \
                "corrupt":
            yield f"another answer: {told}"
        code, _, said = state.storemon("check")
        if told != self.told and code == 0:
            yield "refused, though the check finds nothing"
        if code != 0 and ("jobs.db" not in said or not refuses(said)):
            yield f"check: {said}"


def swept(fixture, name, wrong):
    """Every page of a database, damaged in each way; how many were told."""
    points = [(number, kind, attempt)
              for number in range(pages(fixture.base.file(name)))
              for kind in KINDS for attempt in range(TRIES)]

    def one(point):
        number, kind, attempt = point
        with fixture.copy() as state:
            if not harm(state.file(name), number, kind,
                        random.Random(str(point))):
                return []
            return [f"page {number + 1}, {kind}, {attempt}: {line}"
                    for line in wrong(state)]

    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        told = [line for lines in pool.map(one, points) for line in lines]
    tap.same(f"{name}: nothing wrong is told of {len(points)} damages", told,
             [])


def moved(fixture, right):
    """A page that was written to another's place."""
    told = []
    for number in range(pages(fixture.base.file("data.db")) - 1):
        with fixture.copy() as state:
            another_page(state.file("data.db"), number)
            told += [f"page {number + 1}: {x}" for x in right.wrong(state)]
            if state.storemon("check")[0] == 0:
                told.append(f"page {number + 1}: not found")
    tap.same("data.db: a page in another's place is found", told, [])


def cut_off(fixture, right):
    told = []
    size = os.path.getsize(fixture.base.file("data.db"))
    for left in (0, 1, 99, 100, PAGE - 1, PAGE, size // 2, size - PAGE, size - 1):
        with fixture.copy() as state:
            os.truncate(state.file("data.db"), left)
            told += [f"{left} bytes: {line}" for line in right.wrong(state)]
            if state.storemon("check")[0] == 0:
                told.append(f"{left} bytes: not found")
    tap.same("data.db: cut off anywhere it is refused", told, [])


# --- what a person does ------------------------------------------------------

@contextlib.contextmanager
def with_log(fixture):
    """A state whose last import is in the log alone, since somebody was
    reading; copied meanwhile."""
    with fixture.copy() as state, contextlib.closing(sqlite3.connect(
            state.file("data.db"))) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM revision").fetchall()
        code, _, said = state.storemon("import", "polls", new_polls(fixture))
        if code != 0:
            raise AssertionError(said)
        path = state.path + "-copy"
        shutil.copytree(state.path, path)
        try:
            yield State(path)
        finally:
            shutil.rmtree(path)


def log_removed(fixture, right):
    with with_log(fixture) as state:
        new = state.storemon("report", "-o", "-")
        tap.ok("the log has what was imported last", new[0] == 0 and
               new[1] != right.report[1], new)
    with with_log(fixture) as state:
        os.remove(state.file("data.db-wal"))
        code, out, said = state.storemon("report", "-o", "-")
        tap.ok("without it there is no report", code != 0 and not out and
               refuses(said), code, out, said)
        tap.same("nor a store's week", state.answer("stores", right.query, None)[0],
                 503)
        code, _, said = state.storemon("check")
        tap.ok("the check says why", code == 1 and
               "data.db-wal was removed or damaged" in said, said)
        tap.same("over HTTP nothing else is said", state.trigger().status, 503)
    with with_log(fixture) as state:
        size = os.path.getsize(state.file("data.db-wal"))
        told = []
        for left in (0, 31, size // 2, size - 1):
            os.truncate(state.file("data.db-wal"), left)
            if state.storemon("report", "-o", "-")[0] == 0:
                told.append(left)
        tap.same("nor with a part of it", told, [])
    with with_log(fixture) as state, contextlib.closing(sqlite3.connect(
            state.file("data.db"))) as other:
        tap.same("another program that reads and so empties it",
                 other.execute("PRAGMA quick_check").fetchall(), [("ok",)])
        other.close()
        tap.ok("does no harm", not os.path.exists(state.file("data.db-wal")))
        tap.same("to any figure", state.storemon("report", "-o", "-")[:2],
                 new[:2])


def database_removed(fixture):
    with fixture.copy() as state:
        os.remove(state.file("data.db"))
        code, out, said = state.storemon("report", "-o", "-")
        tap.ok("a database that is gone is not taken for an empty one",
               code != 0 and not out and refuses(said), code, out, said)
        os.remove(state.file("data.lock"))
        tap.same("unless its note goes as well", state.storemon("check")[0], 0)


def restored(fixture, right):
    """What the page about operation says to do."""
    with fixture.copy() as state:
        backup = os.path.join(fixture.folder, "backup")
        code, _, said = state.storemon("backup", backup)
        tap.same("a backup", (code, said), (0, ""))
        harm(state.file("data.db"), 1, "noise", random.Random(3))
        os.remove(state.file("jobs.db-wal"))
        code, _, said = state.storemon("backup", backup + "-2")
        tap.ok("damage is not backed up", code == 1 and refuses(said), said)
        code, _, said = state.storemon("restore", backup)
        tap.ok("a restore", code == 0, said)
        tap.same("brings all back", [*right.wrong(state),
                                     *right.wrong_jobs(state)], [])
        tap.same("and makes it whole", state.storemon("check")[0], 0)


def main():
    not_sanitized(tap)
    with Fixture() as fixture:
        right = Right(fixture)
        swept(fixture, "data.db", right.wrong)
        swept(fixture, "jobs.db", right.wrong_jobs)
        moved(fixture, right)
        cut_off(fixture, right)
        log_removed(fixture, right)
        database_removed(fixture)
        restored(fixture, right)
    tap.done()


if __name__ == "__main__":
    main()
