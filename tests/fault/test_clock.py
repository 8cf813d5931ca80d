#!/usr/bin/env python3
"""The wall clock goes back two hours, and forward again: nothing expires for
that, no time is told to have run backwards, and whatever waits goes on."""

import contextlib
import glob
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

from faults import STOREMON, not_sanitized, stopped  # noqa: E402
from imports import Upload, new_polls  # noqa: E402
from states import (ENDS, Fixture, hashes, left_over,  # noqa: E402
                    wrong_databases)
from tap import Tap  # noqa: E402

PLACES = ("/usr/lib/*/faketime/libfaketime.so.1",
          "/usr/lib/faketime/libfaketime.so.1")
HOUR = "1"          # after which reports and uploads expire

tap = Tap()


def library():
    found = [path for place in PLACES for path in glob.glob(place)]
    return found[0] if found else None


@contextlib.contextmanager
def clock_of(folder, path):
    """Every program that is started from now on has this clock; what is
    written into the file moves it."""
    file = os.path.join(folder, "clock")
    more = {
        "LD_PRELOAD": path, "FAKETIME_TIMESTAMP_FILE": file,
        "FAKETIME_NO_CACHE": "1",
        # Only the wall clock jumps.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1",
        # A confined worker could not read it.
        "STOREMON_CONFINE": "0",
        "STOREMON_KEEP_HOURS": HOUR, "STOREMON_UPLOAD_HOURS": HOUR,
    }

    def move(offset):
        with open(file, "w", encoding="utf-8") as out:
            out.write(offset + "\n")

    move("+0s")
    before = dict(os.environ)
    os.environ.update(more)
    try:
        yield move
    finally:
        os.environ.clear()
        os.environ.update(before)


def ask(state, query):
    return json.loads(state.trigger(query).body)["report_id"]


def in_order(told):
    return told["created_at"] <= told["finished_at"]


def check(state, name, ids):
    """All are Complete, with their files, and their times in order."""
    told = state.settle(ids)
    state.wait_idle()
    good = all(told[each].get("status") == "Complete" and
               in_order(told[each]) and len(hashes(state, each)) == len(ENDS)
               for each in ids)
    tap.ok(name, good, told)


def reports(state, move):
    ids = [ask(state, "?reach=1h")]
    check(state, "before the jump", ids)
    waiting = state.queue("?reach=2h")
    move("-2h")
    check(state, "two hours back: the report is there", ids)
    check(state, "one that waited then is made", [waiting])
    ids += [waiting, ask(state, "?reach=3h"), ask(state, "?reach=1h")]
    check(state, "new ones are made, and old ones shared", ids)
    late = state.queue("?reach=4h")
    move("+0s")
    # A worker's upkeep looks for what has expired.
    ids += [late, ask(state, "?reach=5h")]
    check(state, "forward again: nothing has expired", ids)
    state.storemon("work")
    check(state, "nor has it for a worker", ids)
    move("+3h")
    ids = [ask(state, "?reach=6h")]
    check(state, "three hours on one is made", ids)
    told = state.look(waiting)
    tap.ok("and the old ones have expired", "error" in told and
           told["error"]["code"] == "expired", told)


def running(state, move):
    """A report that is in hand has its time, whatever the clock says."""
    report = state.queue("?reach=7h")
    told = {}
    with stopped([STOREMON, "--state", state.path, "work"], "rename", 1):
        for offset in ("+2h", "-2h", "+0s"):
            move(offset)
            told[offset] = state.look(report).get("status")
    tap.same("one in hand meanwhile is Running", told,
             dict.fromkeys(told, "Running"))
    check(state, "and comes to its end", [report])


def uploads(fixture, state, move):
    move("-2h")
    upload = Upload.take(state, "polls", new_polls(fixture))
    tap.same("two hours back an upload is checked",
             upload.settle()["state"], "Preview")
    state.wait_idle()
    again = Upload.take(state, "polls", new_polls(fixture))
    move("+0s")
    tap.same("forward again another is", again.settle()["state"], "Preview")
    told = upload.look()
    tap.same("a preview of less than its hours is there", told["state"],
             "Preview")
    tap.same("and can be confirmed", upload.confirm(), 202)
    state.storemon("work")
    tap.same("it is imported", upload.settle()["state"], "Imported")
    state.wait_idle()


def main():
    not_sanitized(tap)
    path = library()
    if not path:
        tap.skip("a clock that jumps", "libfaketime is not here")
        tap.done()
    with Fixture() as fixture:
        with fixture.copy() as state:
            with clock_of(fixture.folder, path) as move:
                running(state, move)
                reports(state, move)
            tap.same("all is in order", [*left_over(state),
                                         *wrong_databases(state)], [])
        with fixture.copy() as state:
            # What came before the jump says that it is one.
            first = Upload.take(state, "polls", new_polls(fixture))
            first.settle()
            with clock_of(fixture.folder, path) as move:
                uploads(fixture, state, move)
            tap.same("all is in order then, too", list(
                wrong_databases(state)), [])
    tap.done()


if __name__ == "__main__":
    main()
