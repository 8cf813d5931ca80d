#!/usr/bin/env python3
"""The migrator killed, and failed by the disk, at each call it makes: from
nothing, and from each older schema to a newer one.

The oldest state with data in it is in old/; the steps of sql/ bring it to
any later version, so that a new step is tried as soon as it is there.  That
there is always a newer version, these tests link a program with one step
more.
"""

import contextlib
import glob
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

from faults import (BUILD, ERRORS, KILL, ROOT, STOREMON,  # noqa: E402
                    not_sanitized, plan, run, sweep, trace)
from states import State, left_over, rows  # noqa: E402
from tap import Tap  # noqa: E402

SETS = ("data", "jobs")
MORE = {
    "data": "ALTER TABLE store ADD COLUMN tried TEXT;\n"
            "UPDATE store SET tried = id;\n"
            "CREATE INDEX store_tried ON store (tried);\n",
    "jobs": "CREATE TABLE tried (number INTEGER PRIMARY KEY, id TEXT);\n"
            "INSERT INTO tried SELECT number, id FROM job;\n",
}
LINK_LIMIT_S = 120

tap = Tap()


def steps(name):
    """The SQL of each step, in order."""
    return sorted(glob.glob(os.path.join(ROOT, "sql", name, "*.sql")))


def link_newer(folder):
    """A storemon that knows one step more of both databases."""
    new = []
    for name in SETS:
        number = len(steps(name)) + 1
        os.makedirs(os.path.join(folder, name))
        path = os.path.join(folder, name, f"{number:03}_tried.sql")
        with open(path, "w", encoding="utf-8") as file:
            file.write(MORE[name])
        new += [*steps(name), path]
    build = os.path.join(folder, "build")
    shutil.copytree(os.path.join(BUILD, "obj"), os.path.join(build, "obj"),
                    ignore=shutil.ignore_patterns("gen", "tests"))
    done = subprocess.run(
        ["make", "-s", "-C", ROOT, f"VARIANT={os.path.basename(BUILD)}",
         f"B={build}", "SQL=" + " ".join(new), build + "/storemon"],
        capture_output=True, text=True, timeout=LINK_LIMIT_S, check=False,
        env={k: v for k, v in os.environ.items() if k != "MAKEFLAGS"})
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return build + "/storemon"


def version(path):
    """The number, and {name: SQL} of all that is in a database."""
    if not os.path.exists(path):
        return 0, {}
    with contextlib.closing(sqlite3.connect(path)) as connection:
        number = connection.execute("PRAGMA user_version").fetchone()[0]
        return number, dict(connection.execute(
            "SELECT name, sql FROM sqlite_schema"))


def make_old(folder, wanted):
    """A state of an older version; of version 0 there is nothing."""
    os.mkdir(folder)
    for name in SETS if wanted else ():
        path = os.path.join(folder, name + ".db")
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.executescript(
                "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL")
            for number, step in enumerate(steps(name)[:wanted], 1):
                files = [step]
                if number == 1:
                    files.append(os.path.join(HERE, "old", name + ".sql"))
                for file in files:
                    with open(file, encoding="utf-8") as sql:
                        connection.executescript(sql.read())
                connection.execute(f"PRAGMA user_version = {number}")
                connection.commit()


class Case:
    """From one version to that of a program."""

    def __init__(self, folder, program, old):
        self.program = program
        self.old = os.path.join(folder, f"old-{old}")
        make_old(self.old, old)
        self.folder = folder
        self.name = f"from version {old}"
        with self.copy() as state:
            self.traced = state.path
            self.before = self.versions(state)
            self.calls = trace(self.words(state), state.path)
            self.after, self.rows = self.versions(state), self.see(state)
        tap.ok(f"{self.name}: both schemas change", all(
            self.before[name] != self.after[name] for name in SETS))

    def words(self, state, *command):
        return [self.program, "--state", state.path, *(command or ["check"])]

    @contextlib.contextmanager
    def copy(self):
        with tempfile.TemporaryDirectory(dir=self.folder) as path:
            shutil.copytree(self.old, path, dirs_exist_ok=True)
            yield State(path)

    @staticmethod
    def versions(state):
        return {name: version(state.file(name + ".db")) for name in SETS}

    @staticmethod
    def see(state):
        return {name: rows(state.file(name + ".db")) for name in SETS}

    def attempt(self, fault):
        with self.copy() as state:
            code, _, said = run(self.words(state), fault)
            for name, now in self.versions(state).items():
                if now not in (self.before[name], self.after[name]):
                    yield f"{name}: neither the old nor the new: {now}"
                if code == 0 and now != self.after[name]:
                    yield f"exit 0, but {name} is of version {now}: {said}"
            code, _, said = run(self.words(state))
            if code != 0:
                yield f"once more: exit {code}: {said}"
            elif self.versions(state) != self.after or \
                    self.see(state) != self.rows:
                yield "once more, and it is another"
            yield from left_over(state)

    def run(self):
        points = [*plan(self.calls, KILL, self.traced),
                  *plan(self.calls, ERRORS, self.traced)]
        sweep(tap, f"migration {self.name}", points, self.traced,
              self.attempt)


def refused(case):
    """What a newer program has written is left alone by an older one."""
    with case.copy() as state:
        run(case.words(state))
        before = case.see(state)
        code, _, said = run([STOREMON, "--state", state.path, "check"])
        tap.ok("a newer state is refused", code == 1 and re.search(
            "newer", said), code, said)
        reply = state.trigger()
        tap.same("over HTTP too", reply.status, 503)
        tap.same("and is not touched", case.see(state), before)


def figures(case):
    """The same report before and after."""
    with case.copy() as state:
        old = run([STOREMON, "--state", state.path, "report", "-o", "-"])
        new = run(case.words(state, "report", "-o", "-"))
        tap.same("the figures are those of before", new[:2], old[:2])
        tap.ok("and there are some", old[0] == 0 and old[1].count("\n") == 4,
               old)


def main():
    not_sanitized(tap)
    with tempfile.TemporaryDirectory(prefix="storemon-fault-") as folder:
        program = link_newer(folder)
        newest = max(len(steps(name)) for name in SETS)
        for old in range(newest + 1):
            case = Case(folder, program, old)
            case.run()
        refused(case)
        figures(case)
    tap.done()


if __name__ == "__main__":
    main()
