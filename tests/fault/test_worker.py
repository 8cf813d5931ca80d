#!/usr/bin/env python3
"""The report worker killed, and failed by the disk, at each call it makes;
and the order of its calls, which is what a power cut tries."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

from faults import (ERRORS, KILL, READS, STOREMON,  # noqa: E402
                    not_sanitized, plan, sweep, trace)
from states import (DAMAGED, REASONS, Fixture, rows,  # noqa: E402
                    wrong_reports)
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


def order(calls, state):
    spool = state + "/spool"
    wrong = [*names_synced(calls, spool), *report_last(calls, spool),
             *told_last(calls, state)]
    tap.ok("files are synced, then named, then told of", not wrong, *wrong)


def states_of(state):
    """{id of a job: its state}, as the database has it."""
    return {job[1]: job[3] for job in rows(state.file("jobs.db"))["job"]}


def must_fail(fault, calls, spool):
    """Is it a failure that the job must not survive?"""
    call = fault.call
    at = calls.index(call)
    published = calls[at - 2].name == "rename" and call.path == spool
    return "error" in fault.what and (
        call.name in ("write", "fsync", "close", "rename") and
        call.path.startswith(spool + "/") or
        call.name == "fsync" and published)


def main():
    not_sanitized(tap)
    with Fixture() as fixture:
        fixture.ask()
        with fixture.copy() as state:
            traced = state.path
            calls = trace([STOREMON, "--state", traced, "work"], traced)
        order(calls, traced)

        def attempt(fault):
            with fixture.copy() as state:
                code, _, said = state.storemon("work", fault=fault)
                after = states_of(state)
                if must_fail(fault, calls, traced + "/spool") and \
                        len([s for s in after.values()
                             if s == "complete"]) == 3:
                    yield "all jobs are complete, in spite of it"
                if code == 0 and {"queued", "running"} & set(after.values()):
                    yield f"exit 0, but not all is done: {after} {said}"
                yield from wrong_reports(
                    fixture, state, [*REASONS, DAMAGED]
                    if fault.call.name in READS else REASONS)

        points = [*plan(calls, KILL, traced), *plan(calls, ERRORS, traced)]
        sweep(tap, "worker", points, traced, attempt)
    tap.done()


if __name__ == "__main__":
    main()
