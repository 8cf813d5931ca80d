#!/usr/bin/env python3
"""make load: the server under load, the clients on the same machine.

Each figure is the median of the rounds of one run; nginx serving a file takes
its turn beside the programs.  Prints a table, and with --write puts it into
docs/PERFORMANCE.md.
"""
import argparse
import datetime
import os
import pathlib
import statistics
import subprocess
import sys
import time

import inputs
import measure
import openloop
import service
import table

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
STOREMON = ROOT / os.environ.get("BUILD", "build/release") / "storemon"
sys.path.insert(0, str(HERE.parent / "lib"))

from server import Server  # noqa: E402

DATASETS = ("hours", "timezones", "polls")
SECONDS = 5
MANY = 200
MARKS = ("<!-- load: begin -->", "<!-- load: end -->")

# figure, unit, format, its name, bar
ROWS = (
    ("a file by nginx alone, 16 connections", "requests/s", "%.0f",
     "file.rate", None),
    ("the same, p99", "ms", "%.2f", "file.p99_ms", None),
    ("`/get_report`, 16 connections", "requests/s", "%.0f", "status.rate",
     (">=", 10000)),
    ("the same, p99", "ms", "%.2f", "status.p99_ms", ("<=", 10)),
    ("the same, errors", "", "%d", "status.errors", ("<=", 0)),
    ("`/get_report`, 200 connections, p99", "ms", "%.2f", "many.p99_ms",
     ("<=", 100)),
    ("the same, errors and time-outs", "", "%d", "many.errors", ("<=", 0)),
    ("`/get_report` at 200/s during an import and reports, p99", "ms", "%.2f",
     "busy.p99_ms", ("<=", 25)),
    ("the same, errors", "", "%d", "busy.errors", ("<=", 0)),
    ("`/trigger_report` at 10/s during an import, p99", "ms", "%.2f",
     "trigger.p99_ms", ("<=", 100)),
    ("the same, errors", "", "%d", "trigger.errors", ("<=", 0)),
)


class Figure:
    """Rate, 99th percentile and errors of one round, or of all."""

    def __init__(self, rate, p99_ms, errors):
        self.rate, self.p99_ms, self.errors = rate, p99_ms, errors

    @staticmethod
    def of(rounds):
        return Figure(statistics.median(r.rate for r in rounds),
                      statistics.median(r.p99_ms for r in rounds),
                      sum(r.errors for r in rounds))


def say(text):
    print("load: " + text, file=sys.stderr, flush=True)


def wrk(url, connections):
    return Figure(*service.wrk(url, connections, SECONDS))


def importing(server, data):
    """A full-size import of polls, nicer than the rest, as a new process; of
    the whole data set, so that it has all of its work each time."""
    return subprocess.Popen(
        ["nice", "-n", "10", STOREMON, "import", "polls", data.polls,
         "--whole", "--state", server.state], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def during_import(server, data, load):
    """Runs an open loop while one import follows the other."""
    end = time.monotonic() + SECONDS
    with load:
        while time.monotonic() < end:
            process = importing(server, data)
            _, told = process.communicate()
            if process.returncode != 0:
                raise measure.Failed(f"import: {told}")
    return Figure(len(load.latencies_ms), load.p99_ms(), len(load.errors))


class Instants:
    """Triggers, each of its own question, so that each has its work."""

    def __init__(self, data):
        self.newest = service.newest_poll(data)
        self.count = 0

    def __call__(self):
        self.count += 1
        as_of = self.newest - datetime.timedelta(seconds=self.count)
        return ("POST", "/trigger_report?as_of=" +
                as_of.strftime("%Y-%m-%dT%H:%M:%SZ"))


def measure_all(server, data, rounds):
    triggers = Instants(data)
    report_id = server.report()["report_id"]
    status = "/get_report?report_id=" + report_id

    def busy():
        """Status polls, and every twentieth request a report."""
        busy.count += 1
        return triggers() if busy.count % 200 == 0 else ("GET", status)
    busy.count = 0

    turns = {
        "file": lambda: wrk(server.url + "/favicon.svg", 16),
        "status": lambda: wrk(server.url + status, 16),
        "many": lambda: wrk(server.url + status, MANY),
        "busy": lambda: during_import(server, data, openloop.Load(
            server.port, 200, 32, busy, {200, 202})),
        "trigger": lambda: during_import(server, data, openloop.Load(
            server.port, 10, 8, triggers, {202})),
    }
    seen = {name: [] for name in turns}
    for number in range(rounds):
        for name, turn in turns.items():
            say(f"round {number + 1} of {rounds}: {name}")
            seen[name].append(turn())
    return {name: Figure.of(figures) for name, figures in seen.items()}


def text(figures, origin, busy, rounds):
    lines = [
        "%s. %s. Load average before the run: %s." % (
            datetime.date.today().isoformat(), table.machine(), busy), "",
        "Input: %s. Median of %d rounds of %d s, errors of all of them." % (
            "a poll file of the real size, the real hours and zones"
            if origin == "real" else "`storemon sample` of the real size",
            rounds, SECONDS), "",
        "| figure | value | bar | met |", "|---|---|---|---|"]
    for name, unit, shape, path, bar in ROWS:
        value = table.lookup(figures, path)
        unit = " " + unit if unit else ""
        lines.append("| %s | %s | %s | %s |" % (
            name, shape % value + unit,
            "%s %g%s" % (*bar, unit) if bar else "",
            table.met(value, bar)))
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    busy = table.busy()
    data = inputs.get(1, STOREMON, say)
    with Server() as server:
        for dataset in DATASETS:
            service.need(server.storemon("import", dataset,
                                         str(getattr(data, dataset))))
        figures = measure_all(server, data, args.rounds)
    result = text(figures, data.origin, busy, args.rounds)
    print(result)
    if args.write:
        table.write(ROOT / "docs" / "PERFORMANCE.md", result, MARKS)


if __name__ == "__main__":
    try:
        main()
    except (measure.Failed, subprocess.CalledProcessError) as reason:
        say(str(reason))
        sys.exit(1)
