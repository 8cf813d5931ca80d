#!/usr/bin/env python3
"""The report worker killed, and failed by the disk, at each call it makes."""

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
