#!/usr/bin/env python3
"""The worker killed, and failed by the disk, at each call that it makes to
check and to import an upload; the next looks make the best of it."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

from faults import (ERRORS, KILL, LASTING, READS,  # noqa: E402
                    STOREMON, not_sanitized, plan, run, sweep, trace)
from imports import (Upload, figures, new_polls, reader_of,  # noqa: E402
                     recovered)
from states import (DAMAGED, Fixture, left_over, rows,  # noqa: E402
                    wrong_databases)
from tap import Tap  # noqa: E402

REASONS = ("the disk is full", "reading or writing a file failed",
           "the worker ended without a result, twice",
           "the data is being changed by somebody else",
           "the file is not there any more", "out of memory")

LOST = [(LASTING, "signal=KILL", False)]

tap = Tap()


class Case:
    """A job of an upload that waits in the fixture; `wanted` is its end."""

    def __init__(self, fixture, upload, name, wanted):
        self.fixture, self.upload, self.name = fixture, upload, name
        self.wanted = wanted
        self.ends = set()
        with fixture.copy() as state, reader_of(state):
            self.old = figures(state.file("data.db"))
            self.traced = state.path
            self.calls = trace([STOREMON, "--state", state.path, "work"],
                               state.path)
            self.new = figures(state.file("data.db"))
            self.told = upload.of(state).look()
        tap.same(f"{name} goes well", self.told["state"], wanted)

    def wrong_data(self, state, told, imported):
        """Is the data what the upload's state says?"""
        now = figures(state.file("data.db"))
        if now != (self.new if told["state"] == "Imported" else self.old):
            yield f"{told['state']}, but the data is not so"
        if (told["state"] == "Imported") != (imported == 1):
            yield f"{told['state']}, with {imported} imports of that id"
        if recovered(state) != now:
            yield f"{told['state']}, and a restart would change the data"

    def wrong_upload(self, state, told, reasons, fault):
        if told["state"] == self.wanted:
            for part in ("result", "preview", "counts", "problems"):
                if told.get(part) != self.told.get(part):
                    yield f"{part} is another: {told}"
        elif told["state"] != "Failed":
            yield f"it ended otherwise: {told}"
        elif not any(r in told["error"] for r in reasons):
            yield f"no reason: {told}"
        # What a worker could not remove is for the next sweep.
        if fault.call.name == "unlink":
            return
        yield from left_over(state)
        if told["state"] != "Preview" and "KILL" not in fault.what and \
                os.listdir(state.file("uploads")):
            yield f"{told['state']}, but its file is there"

    def twice(self, fault):
        """The worker that tries again meets the same fault, if it gets so
        far: the data may have the import by then."""
        return self.attempt(fault, again=True)

    def attempt(self, fault, again=False):
        reasons = [*REASONS, DAMAGED] if fault.call.name in READS else REASONS
        with self.fixture.copy() as state, reader_of(state):
            upload = self.upload.of(state)
            state.storemon("work", fault=fault)
            if again:
                run([STOREMON, "--state", state.path, "work"], fault,
                    needed=False)
            told = upload.settle()
            self.ends.add(told["state"])
            state.wait_idle()
            imported = sum(row[0] == upload.id
                           for row in rows(state.file("data.db"))["import"])
            yield from self.wrong_data(state, told, imported)
            yield from self.wrong_upload(state, told, reasons, fault)
            # Confirmed again it is the same import, not a second one.
            if told["state"] == "Imported" and upload.confirm() != 202:
                yield "it cannot be confirmed again"
            yield from wrong_databases(state)

    def run(self):
        points = [*plan(self.calls, KILL, self.traced),
                  *plan(self.calls, ERRORS, self.traced)]
        sweep(tap, self.name, points, self.traced, self.attempt)
        self.ends.clear()
        sweep(tap, self.name + ", twice", plan(self.calls, LOST, self.traced),
              self.traced, self.twice)
        tap.same("some are given up, some are done all the same",
                 self.ends, {"Failed", self.wanted})


def main():
    not_sanitized(tap)
    with Fixture() as fixture:
        upload = Upload.take(fixture.base, "polls", new_polls(fixture))
        Case(fixture, upload, "check of an upload", "Preview").run()
        fixture.base.storemon("work")
        tap.same("confirmed", upload.confirm(), 202)
        Case(fixture, upload, "import of an upload", "Imported").run()
    tap.done()


if __name__ == "__main__":
    main()
