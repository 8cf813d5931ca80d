#!/usr/bin/env python3
"""Backup and restore killed, and failed by the disk, at each call they make:
under its name a backup is whole; a state is as before or as the backup, or
nobody can open it until the restore is done again."""

import contextlib
import glob
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

from faults import (ERRORS, KILL, STOREMON, not_sanitized,  # noqa: E402
                    plan, sweep, trace)
from imports import fewer_hours  # noqa: E402
from states import (Fixture, left_over, rows,  # noqa: E402
                    wrong_databases)
from tap import Tap  # noqa: E402

DATABASES = ("data.db", "jobs.db")

tap = Tap()


def content(folder):
    """Everything in the databases of a state or a backup."""
    return [rows(os.path.join(folder, name)) for name in DATABASES]


def not_whole(backup, wanted):
    """What is wrong with a backup that has its name."""
    if sorted(os.listdir(backup)) != ["SHA256SUMS", *DATABASES]:
        yield f"a backup of {os.listdir(backup)}"
        return
    done = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"],
                          cwd=backup, capture_output=True, check=False)
    if done.returncode != 0:
        yield f"its sums are wrong: {done.stdout}"
    if content(backup) != wanted:
        yield "the backup has other rows than the state"


class Backup:
    """A backup of the fixture's state."""

    def __init__(self, fixture):
        self.fixture = fixture
        with self.copy() as (state, target):
            self.wanted = content(state.path)
            self.traced = state.path
            self.calls = trace([STOREMON, "--state", state.path, "backup",
                                target], state.path)
            tap.same("without a fault it is whole",
                     list(not_whole(target, self.wanted)), [])

    @contextlib.contextmanager
    def copy(self):
        with self.fixture.copy() as state:
            target = state.path + "-backup"
            try:
                yield state, target
            finally:
                shutil.rmtree(target, ignore_errors=True)
                shutil.rmtree(target + ".tmp", ignore_errors=True)

    def attempt(self, fault):
        with self.copy() as (state, target):
            code, _, said = state.storemon("backup", target, fault=fault)
            made = os.path.exists(target)
            if made:
                yield from not_whole(target, self.wanted)
            # That it is made could not be said.
            silent = fault.call.path.startswith("pipe:")
            if made != (code == 0) and "error" in fault.what and not silent:
                yield f"exit {code}, and a backup there is: {made}: {said}"
            shutil.rmtree(target, ignore_errors=True)
            code, _, said = state.storemon("backup", target)
            if code != 0:
                yield f"once more: exit {code}: {said}"
            else:
                yield from not_whole(target, self.wanted)
            if os.path.exists(target + ".tmp"):
                yield "something is left over"
            if content(state.path) != self.wanted:
                yield "the state is another"
            yield from wrong_databases(state)

    def run(self):
        points = [*plan(self.calls, KILL, self.traced),
                  *plan(self.calls, ERRORS, self.traced)]
        sweep(tap, "backup", points, self.traced, self.attempt)


class Restore:
    """A restore into a state that has changed since the backup."""

    def __init__(self, fixture):
        self.fixture = fixture
        self.backup = os.path.join(fixture.folder, "backup")
        fixture.base.storemon("backup", self.backup)
        self.new = content(self.backup)
        fixture.base.storemon("import", "hours", fewer_hours(fixture),
                              "--whole")
        with fixture.copy() as state:
            self.old = content(state.path)
            self.traced = state.path
            self.calls = trace([STOREMON, "--state", state.path, "restore",
                                self.backup], state.path)
            tap.ok("without a fault it is the backup", self.old != self.new ==
                   content(state.path))

    def after_fault(self, state, code):
        """What is wrong once it is over."""
        if os.path.exists(state.file("restore")):
            again, _, said = state.storemon("check")
            if code == 0 or again == 0 or "restore was interrupted" not in \
                    said:
                yield f"it is at no end: exit {code}, {again}: {said}"
            return
        now = content(state.path)
        if now not in (self.old, self.new):
            yield "neither as before nor as the backup"
        if code == 0 and now != self.new:
            yield "exit 0, but it is as before"

    def attempt(self, fault):
        with self.fixture.copy() as state:
            code, _, said = state.storemon("restore", self.backup,
                                           fault=fault)
            yield from self.after_fault(state, code)
            code, _, said = state.storemon("restore", self.backup)
            if code != 0:
                yield f"once more: exit {code}: {said}"
                return
            if content(state.path) != self.new:
                yield "once more, and it is not the backup"
            kept = glob.glob(state.file("former*"))
            if not any(content(folder) == self.old for folder in kept):
                yield f"what was there before is not kept: {kept}"
            for name in ("restore", "restore.tmp", "former"):
                if os.path.exists(state.file(name)):
                    yield f"left over: {name}"
            yield from left_over(state)
            yield from wrong_databases(state)

    def run(self):
        points = [*plan(self.calls, KILL, self.traced),
                  *plan(self.calls, ERRORS, self.traced)]
        sweep(tap, "restore", points, self.traced, self.attempt)


def main():
    not_sanitized(tap)
    with Fixture() as fixture:
        Backup(fixture).run()
        Restore(fixture).run()
    tap.done()


if __name__ == "__main__":
    main()
