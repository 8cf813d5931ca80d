#!/usr/bin/env python3
"""A worker that runs for ever: its report has Failed at the limit, and is not
tried again.  That the limit holds of processor time too is in
tests/store/test_jobs_worker.c."""

import os
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

from faults import (FULL, LIMIT_S, STOREMON, Fault,  # noqa: E402
                    not_sanitized, run, trace)
from states import (Fixture, hashes, left_over, rows,  # noqa: E402
                    wrong_databases)
from tap import Tap  # noqa: E402

OVERTIME = ("Failed", "took longer than the limit")
SECONDS = {**os.environ, "STOREMON_JOB_SECONDS": "1"}
DELAY_US = 300000
GRACE_S = 60        # what a look grants beyond the limit

tap = Tap()


def said(told):
    return told["status"], told.get("error")


def slow(fixture):
    """Each read of a page takes a while; together they take for ever."""
    with fixture.copy() as state:
        calls = trace([STOREMON, "--state", state.path, "work"], state.path)
    begun = next(i for i, call in enumerate(calls) if call.name == "alarm")
    read = next(call for call in calls[begun:] if call.name == "pread64")
    fault = Fault(read, f"delay_enter={DELAY_US}", True)
    with fixture.copy() as state:
        start = time.monotonic()
        code, _, _ = run([STOREMON, "--state", state.path, "work"], fault,
                         SECONDS)
        took = time.monotonic() - start
        tap.ok("it ends at the limit", code == -signal.SIGALRM and took < 30,
               code, took)
        first = fixture.reports[1]
        tap.same("its report has Failed", said(state.look(first)), OVERTIME)
        told = state.settle(fixture.reports)
        tap.same("and so has who shares it", said(told[fixture.reports[2]]),
                 OVERTIME)
        tap.same("the next in the queue is made",
                 told[fixture.reports[3]]["status"], "Complete")
        again = state.look(first)
        tap.same("it is not tried again", said(again), OVERTIME)
        tap.ok("its times are in order",
               again.get("finished_at", "9") >= again.get("created_at", ""),
               again)
        tap.same("it has no files", hashes(state, first), {})
        state.wait_idle()
        tap.same("nothing is left over", [*left_over(state),
                                          *wrong_databases(state)], [])


def wait_claimed(state, report_id):
    """Waits until the job is the worker's: a look at one that is queued would
    start another, which makes it."""
    end = time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        if (report_id, "running") in [(job[1], job[3]) for job in
                                      rows(state.file("jobs.db"))["job"]]:
            return
        time.sleep(0.01)
    raise TimeoutError("the worker's claim")


def stuck(fixture):
    """One that not even its alarm reaches, since the system holds it."""
    with fixture.copy() as state:
        words = ["strace", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-e",
                 f"inject=fsync:delay_enter={(GRACE_S + 15) * 1000000}:when=1",
                 STOREMON, "--state", state.path, "work"]
        with subprocess.Popen(words, env=SECONDS) as worker:
            end = time.monotonic() + LIMIT_S
            first = fixture.reports[1]
            wait_claimed(state, first)
            # Who looks has the same limit.
            told = {"status": "Running"}
            while told["status"] == "Running" and time.monotonic() < end:
                told = state.look(first, SECONDS)
                time.sleep(0.5)
            tap.same("a stuck worker is given up", said(told), OVERTIME)
            tap.ok("while it is still there", worker.poll() is None)
            worker.wait(LIMIT_S)
        tap.same("its end changes nothing", said(state.look(first)), OVERTIME)
        state.settle(fixture.reports)
        state.wait_idle()
        tap.same("and leaves nothing", [*hashes(state, first),
                                        *left_over(state),
                                        *wrong_databases(state)], [])


def main():
    not_sanitized(tap)
    with Fixture() as fixture:
        fixture.ask()
        slow(fixture)
        if FULL:
            stuck(fixture)
        else:
            tap.skip("a stuck worker is given up",
                     "takes a minute; FAULT=all runs it")
    tap.done()


if __name__ == "__main__":
    main()
