#!/usr/bin/env python3
"""Too little memory: by a limit of the address space, and by libfiu, which
fails one allocation, or all from one on.  A report then is Complete, or it
has Failed of just that."""

import concurrent.futures
import os
import re
import signal
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

from faults import FULL, JOBS, STOREMON, not_sanitized, run  # noqa: E402
from imports import data_sets, figures, new_polls  # noqa: E402
from states import Fixture, rows, wrong_reports  # noqa: E402
from tap import Tap  # noqa: E402

FIU = "/usr/lib/fiu/fiu_posix_preload.so"
REASON = "out of memory"
LEVELS = 100 if FULL else 8
# Of the thousands of allocations the many small ones of one kind need not
# all be failed.
POINTS = 1200 if FULL else 16
# GLib ends the process where it has no memory.
ENDS = (0, 1, -signal.SIGTRAP, -signal.SIGABRT)
CALLER = re.compile(r"^(\S+)\(\S*\)\[0x\w+\]$", re.MULTILINE)

tap = Tap()


def build(folder):
    """The library that counts; None without libfiu."""
    path = os.path.join(folder, "nth_malloc.so")
    done = subprocess.run(
        ["cc", "-shared", "-fPIC", "-o", path,
         os.path.join(HERE, "nth_malloc.c"), "-lfiu"],
        capture_output=True, check=False)
    return path if done.returncode == 0 and os.path.exists(FIU) else None


def states_of(state):
    """{(state, reason)} of the jobs, as the database has them."""
    return {(job[3], job[17]) for job in rows(state.file("jobs.db"))["job"]}


def wrong_worker(fixture, state):
    """After the worker, and after the looks that follow."""
    for job, reason in states_of(state):
        if job == "failed" and reason != REASON:
            yield f"failed of something else: {reason}"
    yield from wrong_reports(fixture, state, [REASON])


def spread(first, last, count):
    """At most so many numbers, evenly between the two."""
    step = max(1, (last - first) // count)
    return range(first, last, step)


def look_at(name, points, attempt):
    """One TAP line for all points."""
    def one(point):
        try:
            return [f"{point}: {line}" for line in attempt(point)]
        except Exception as error:
            return [f"{point}: {error!r}"]

    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        bad = [line for lines in pool.map(one, points) for line in lines]
    tap.ok(f"{name}, {len(points)} points", not bad, *bad)


# --- the address space -------------------------------------------------------

def worker_within(state, kib):
    return run(["prlimit", f"--as={kib * 1024}", STOREMON, "--state",
                state.path, "work"])


def lowest(fixture):
    """The least address space in which all is well, in KiB."""
    low, high = 1024, 1 << 20
    while high - low > 64:
        middle = (low + high) // 2
        with fixture.copy() as state:
            worker_within(state, middle)
            good = {job for job, _ in states_of(state)} == {"complete"}
        low, high = (low, middle) if good else (middle, high)
    return high


def address_space(fixture):
    enough = lowest(fixture)
    seen = set()

    def attempt(kib):
        with fixture.copy() as state:
            code, _, said = worker_within(state, kib)
            if code < 0 and code != -signal.SIGABRT:
                yield f"killed by signal {-code}: {said}"
            seen.update(states_of(state))
            # Who cannot even tell that leaves it to the next look.
            if code == 0 and ("running", None) in states_of(state):
                yield f"a job is left running: {said}"
            yield from wrong_worker(fixture, state)

    look_at(f"less than {enough} KiB of memory",
            spread(enough * 2 // 3, enough, LEVELS), attempt)
    tap.ok("some of them have failed of it", ("failed", REASON) in seen, seen)


# --- the n-th allocation -----------------------------------------------------

def preloaded(library, **settings):
    """Unconfined: libseccomp does not bear it."""
    return {**os.environ, "LD_PRELOAD": f"{library} {FIU}",
            "STOREMON_CONFINE": "0",
            **{name: str(value) for name, value in settings.items()}}


def count(state, library, *words):
    said = state.storemon(*words, env=preloaded(library))[2]
    return int(re.search(r"allocations: (\d+)", said).group(1))


def wrong_end(code, said):
    """Libraries do not all bear it: libcrypto where it begins, libc where it
    looks a user up, GLib where it has no memory for its last words.  Theirs
    is a crash that is two calls away from us."""
    theirs = code == -signal.SIGSEGV and \
        STOREMON not in (CALLER.findall(said)[:2] or [STOREMON])
    if code not in ENDS and not theirs:
        yield f"exit {code}: {said}"


def worker(fixture, library, ever):
    with fixture.copy() as state:
        last = count(state, library, "work")

    def attempt(nth):
        more = {"EVER": 1} if ever else {}
        with fixture.copy() as state:
            code, _, said = state.storemon(
                "work", env=preloaded(library, NTH=nth, **more))
            yield from wrong_end(code, said)
            yield from wrong_worker(fixture, state)

    look_at(f"worker: allocation{' and all after it' if ever else ''}",
            spread(1, last, POINTS), attempt)


def importer(fixture, library, ever):
    words = ["import", "polls", new_polls(fixture)]
    with fixture.copy() as state:
        old = figures(state.file("data.db"))
        last = count(state, library, *words)
        new = figures(state.file("data.db"))

    def attempt(nth):
        more = {"EVER": 1} if ever else {}
        with fixture.copy() as state:
            code, _, said = state.storemon(
                *words, env=preloaded(library, NTH=nth, **more))
            now = figures(state.file("data.db"))
            yield from wrong_end(code, said)
            if now != (new if code == 0 else old):
                yield f"exit {code}, but the data is not so: {said}"
            if code == 1 and REASON not in said:
                yield f"it does not say why: {said}"
            if state.storemon(*words)[0] != 0 or data_sets(
                    figures(state.file("data.db"))) != data_sets(new):
                yield "once more does not finish it"

    look_at(f"import: allocation{' and all after it' if ever else ''}",
            spread(1, last, POINTS), attempt)


def main():
    not_sanitized(tap)
    with Fixture() as fixture:
        fixture.ask()
        address_space(fixture)
        library = build(fixture.folder)
        for ever in (False, True):
            for what in (worker, importer):
                if library:
                    what(fixture, library, ever)
                else:
                    tap.skip(what.__name__, "libfiu is not here")
    tap.done()


if __name__ == "__main__":
    main()
