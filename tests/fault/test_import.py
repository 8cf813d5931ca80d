#!/usr/bin/env python3
"""The importer of the command line killed, and failed by the disk, at each
call it makes."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

from faults import (ERRORS, KILL, STOREMON, not_sanitized,  # noqa: E402
                    plan, sweep, trace)
from imports import (data_sets, fewer_hours, figures,  # noqa: E402
                     new_polls, reader_of, recovered)
from states import Fixture, left_over, wrong_databases  # noqa: E402
from tap import Tap  # noqa: E402

tap = Tap()


def is_commit(calls, call, state):
    """Is it a write of the transaction, or the sync that commits it?"""
    log = state + "/data.db-wal"
    about = [c for c in calls if c.path == log and
             c.name in ("pwrite64", "fdatasync")]
    commit = next(c for i, c in enumerate(about) if c.name == "fdatasync" and
                  i > 0 and about[i - 1].name == "pwrite64" and
                  about[i - 1].n > about[0].n)
    return call in about[:about.index(commit) + 1]


class Case:
    """An import, and what becomes of the data."""

    def __init__(self, fixture, dataset, path, *options):
        self.fixture = fixture
        self.words = ["import", dataset, path, *options]
        with fixture.copy() as state, reader_of(state):
            self.old = figures(state.file("data.db"))
            self.traced = state.path
            self.calls = trace([STOREMON, "--state", state.path, *self.words],
                               state.path)
            self.new = figures(state.file("data.db"))
        self.name = f"import of {dataset}"
        tap.ok(f"{self.name} changes something",
               data_sets(self.old) != data_sets(self.new))

    def attempt(self, fault):
        with self.fixture.copy() as state, reader_of(state):
            code, _, said = state.storemon(*self.words, fault=fault)
            now = figures(state.file("data.db"))
            failed = "error" in fault.what
            if now not in (self.old, self.new):
                yield "neither the old data nor the new"
            if code == 0 and now != self.new:
                yield "exit 0, but the data is not there"
            if code == 0 and failed and is_commit(self.calls, fault.call,
                                                  self.traced):
                yield f"exit 0 in spite of it: {said}"
            # Of who was killed nobody has said that he failed.
            if recovered(state) not in ([now] if failed else
                                        [self.old, self.new]):
                yield f"a restart would change what is there: exit {code}"
            yield from self.again(state)

    def again(self, state):
        """The same import once more finishes it."""
        code, _, said = state.storemon(*self.words)
        if code != 0:
            yield f"once more: exit {code}: {said}"
        if data_sets(figures(state.file("data.db"))) != data_sets(self.new):
            yield "once more, and the data is another"
        yield from left_over(state)
        yield from wrong_databases(state)

    def run(self):
        points = [*plan(self.calls, KILL, self.traced),
                  *plan(self.calls, ERRORS, self.traced)]
        sweep(tap, self.name, points, self.traced, self.attempt)


def main():
    not_sanitized(tap)
    with Fixture() as fixture:
        Case(fixture, "polls", new_polls(fixture)).run()
        Case(fixture, "hours", fewer_hours(fixture), "--whole").run()
    tap.done()


if __name__ == "__main__":
    main()
