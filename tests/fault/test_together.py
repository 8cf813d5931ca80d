#!/usr/bin/env python3
"""Imports and reports at once: a report is of one state of the data, and of
imports that are confirmed at once each is in, whole, or told otherwise."""

import concurrent.futures
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

from faults import (FULL, STOREMON, not_sanitized, stopped,  # noqa: E402
                    trace)
from imports import (Upload, figures, new_polls,  # noqa: E402
                     sample_lines, write_lines)
from states import (Fixture, hashes, left_over, rows,  # noqa: E402
                    wrong_databases)
from tap import Tap  # noqa: E402

AT_ONCE = 20
POINTS = 12 if FULL else 3

tap = Tap()


# --- an import during a report -----------------------------------------------

def stops_at(calls, state):
    """Calls at which the worker holds its snapshot: from the first page that
    it reads to the first file that it names."""
    named = next(i for i, c in enumerate(calls) if c.name == "rename")
    begun = max(i for i, c in enumerate(calls[:named])
                if c.path == state + "/tmp" and c.name == "openat")
    within = [c for c in calls[begun:named]
              if c.name in ("pread64", "pwrite64", "openat")]
    return within[::max(1, len(within) // POINTS)]


def during(fixture, path, call):
    """The worker stands still at the call, and the data changes under it."""
    with fixture.copy() as state:
        old = figures(state.file("data.db"))["revision"][0][1]
        with stopped([STOREMON, "--state", state.path, "work"], call.name,
                     call.n):
            code, _, said = state.storemon("import", "polls", path)
            new = figures(state.file("data.db"))["revision"][0][1]
        told = state.look(fixture.reports[1])
        tap.ok(f"an import at {call.name}#{call.n} of a report",
               code == 0 and new == old + 1, said)
        tap.same("the report says which data it is of", told.get("revision"),
                 old)
        tap.same("and its figures are of that",
                 hashes(state, fixture.reports[1]),
                 fixture.files[fixture.reports[1]])
        later = state.settle(fixture.reports)[fixture.reports[3]]
        tap.same("the next is of the new data", later.get("revision"),
                 new)
        tap.ok("and its figures are others",
               hashes(state, fixture.reports[3]) !=
               fixture.files[fixture.reports[3]])
        state.wait_idle()
        tap.same("nothing is left over", [*left_over(state),
                                          *wrong_databases(state)], [])


def reports(fixture):
    path = new_polls(fixture)
    with fixture.copy() as state:
        traced = state.path
        calls = trace([STOREMON, "--state", traced, "work"], traced)
    for call in stops_at(calls, traced):
        during(fixture, path, call)


# --- imports at once ---------------------------------------------------------

def many_uploads(fixture, state):
    """As many files of polls, each with one row that no other has."""
    lines = sample_lines(fixture, "store_status.csv")
    store = lines[1].split(",")[0]
    uploads = []
    for i in range(AT_ONCE):
        path = write_lines(fixture, f"many-{i}.csv", [
            lines[0], f"{store},active,2001-02-03 04:05:06.{i + 1:06} UTC"])
        uploads.append(Upload.take(state, "polls", path))
        uploads[-1].settle()
    return uploads


def confirm_all(state, uploads):
    """Confirmed at once by as many processes; the statuses."""
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        statuses = set(pool.map(lambda upload: upload.confirm(), uploads))
    ends = [upload.settle() for upload in uploads]
    state.wait_idle()
    return statuses, ends


def at_once(fixture):
    with fixture.copy() as state:
        uploads = many_uploads(fixture, state)
        before = rows(state.file("data.db"))
        tap.same("all are checked", {u.look()["state"] for u in uploads},
                 {"Preview"})
        statuses, ends = confirm_all(state, uploads)
        tap.ok("confirmed at once: 202 or 409", statuses <= {202, 409},
               statuses)
        imported = [told for told in ends if told["state"] == "Imported"]
        others = [told for told in ends if told not in imported]
        tap.ok("some are imported", imported, ends)
        tap.ok("the others say that the data has changed", all(
            told["state"] == "Preview" or told["state"] == "Failed" and
            "has changed" in told["error"] for told in others), others)
        after = rows(state.file("data.db"))
        count = {name: dict((row[0], row[2]) for row in found["dataset"])
                 for name, found in (("before", before), ("after", after))}
        tap.same("the totals are theirs",
                 count["after"]["polls"] - count["before"]["polls"],
                 len(imported))
        tap.same("each has its row",
                 len(after["import"]) - len(before["import"]), len(imported))
        tap.same("nothing is left over", [*left_over(state),
                                          *wrong_databases(state)], [])


def by_hand(fixture):
    """The same from the command line, where each waits for the other."""
    path = new_polls(fixture)
    lines = sample_lines(fixture, "store_status.csv")
    with fixture.copy() as state:
        before = figures(state.file("data.db"))
        count = dict((row[0], row[2]) for row in before["dataset"])["polls"]

        def run(i):
            mine = write_lines(fixture, f"hand-{i}.csv", [
                lines[0], f"hand-{i},active,2001-02-03 04:05:06 UTC"])
            return state.storemon("import", "polls", mine)[0]

        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            codes = set(pool.map(run, range(AT_ONCE)))
        after = figures(state.file("data.db"))
        tap.same(f"{AT_ONCE} imports by hand at once", codes, {0})
        tap.same("are all in", dict(
            (row[0], row[2]) for row in after["dataset"])["polls"],
            count + AT_ONCE)
        tap.same("one after the other", after["revision"][0][1],
                 before["revision"][0][1] + AT_ONCE)
        tap.same("and the data is whole", list(wrong_databases(state)), [])
        tap.same("others are not held up", state.storemon(
            "import", "polls", path)[0], 0)


def main():
    not_sanitized(tap)
    with Fixture() as fixture:
        at_once(fixture)
        by_hand(fixture)
        fixture.ask()
        reports(fixture)
    tap.done()


if __name__ == "__main__":
    main()
