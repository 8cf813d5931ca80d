#!/usr/bin/env python3
"""The order of the report worker's calls, which is what a power cut tries."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

from faults import STOREMON, not_sanitized, trace  # noqa: E402
from states import Fixture  # noqa: E402
from tap import Tap  # noqa: E402

tap = Tap()


def names_synced(calls, spool):
    """Each file is synced before its rename, the folder after it."""
    for i, call in enumerate(calls):
        if call.name != "rename" or not call.path.startswith(spool + "/"):
            continue
        about = [c.name for c in calls[:i] if c.path == call.path + ".tmp"]
        last_write = max(k for k, n in enumerate(about) if n == "write")
        if "fsync" not in about[last_write:]:
            yield f"{call.path} is renamed before it is synced"
        after = [(c.name, c.path) for c in calls[i:]]
        if ("fsync", spool) not in after[:4]:
            yield f"the name of {call.path} is not synced"


def report_last(calls, spool):
    """Of the files of an id its CSV gets its name last: where that is, the
    others are."""
    last = {}
    for call in calls:
        if call.name == "rename" and call.path.startswith(spool + "/"):
            last[call.path[len(spool) + 1:].partition(".")[0]] = call.path
    for report_id, path in last.items():
        if path != f"{spool}/{report_id}.csv":
            yield f"the last of its files to be named is {path}"


def told_last(calls, state):
    """Nothing is done to the spool after the commit that tells of it."""
    done = [i for i, c in enumerate(calls)
            if c.name == "fdatasync" and c.path == state + "/jobs.db-wal"]
    files = [i for i, c in enumerate(calls) if c.name in ("rename", "link")]
    # Two jobs, of which each is claimed and told.
    if len(done) != 4:
        yield f"{len(done)} commits instead of four"
    elif not done[0] < min(files) or not max(files) < done[3]:
        yield "files are published outside the job's claim and its end"
    elif any(done[1] < i < done[2] for i in files):
        yield "files are published after their job was told"


def main():
    not_sanitized(tap)
    with Fixture() as fixture:
        fixture.ask()
        with fixture.copy() as state:
            calls = trace([STOREMON, "--state", state.path, "work"],
                          state.path)
            spool = state.file("spool")
            tap.same("files are synced, then named", list(
                names_synced(calls, spool)), [])
            tap.same("a report's CSV is named after its other files", list(
                report_last(calls, spool)), [])
            tap.same("what is told of is there", list(
                told_last(calls, state.path)), [])
    tap.done()


if __name__ == "__main__":
    main()
