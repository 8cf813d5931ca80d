#!/usr/bin/env python3
"""make bench: what loading, reports and the server cost, beside DuckDB.

Every figure is the median of the rounds of one run, in which the competitors
take turns.  Prints a table, and with --write puts it into docs/PERFORMANCE.md.
"""
import argparse
import csv
import datetime
import os
import pathlib
import shutil
import statistics
import subprocess
import sys

import inputs
import measure
import service
import table
import uploads

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
STOREMON = ROOT / os.environ.get("BUILD", "build/release") / "storemon"
STATE = inputs.KEPT / "state"
STATE_BIG = inputs.KEPT / "state-big"
DUCKDB = inputs.KEPT / "duckdb"
OUT = inputs.KEPT / "out"
DATASETS = ("polls", "hours", "timezones")
OTHERS = ("detail", "summary", "stores", "strips")
BIG = 10
WRK_SECONDS = 5
STORES_ASKED = 2000


def say(text):
    print("bench: " + text, file=sys.stderr, flush=True)


def storemon_load(state, data):
    """Three imports into an empty state folder."""
    shutil.rmtree(state, ignore_errors=True)
    total = measure.Cost(0, 0, 0)
    for dataset in DATASETS:
        total += measure.run([STOREMON, "import", dataset,
                              getattr(data, dataset), "--state", state])
    return total


def storemon_report(state, *others):
    """A report, and the other files by the names of their options."""
    argv = [STOREMON, "report", "--state", state, "-o", OUT / "report.csv"]
    for name in others:
        argv += ["--" + name, OUT / ("report." + name)]
    return measure.run(argv)


def duckdb(task, *variables):
    """A task of duckdb.mjs, charged with DuckDB's own seconds only: the
    start of node is none of its work.  Processor and memory are of the
    whole process."""
    cost = measure.run(["node", HERE / "duckdb.mjs", task,
                        DUCKDB / "stores.duckdb", *variables])
    cost.wall_s = table.inside_s(cost.output)
    return cost


def duckdb_load(data):
    return duckdb("load", *("%s=%s" % (name, getattr(data, name))
                            for name in DATASETS))


def duckdb_report():
    return duckdb("report", "out=%s" % (OUT / "duckdb.csv"))


def compare_in_turns(data, rounds, figures):
    """Loads and reports, storemon and DuckDB by turns."""
    turns = {
        "load": lambda: storemon_load(STATE, data),
        "duckdb_load": lambda: duckdb_load(data),
        "report": lambda: storemon_report(STATE),
        "duckdb_report": duckdb_report,
        "report_detail": lambda: storemon_report(STATE, "detail"),
        "report_all": lambda: storemon_report(STATE, *OTHERS),
    }
    costs = {name: [] for name in turns}
    for number in range(rounds):
        say("round %d of %d: load and report" % (number + 1, rounds))
        for name, turn in turns.items():
            costs[name].append(turn())
    for name in turns:
        figures[name] = measure.median(costs[name])
    figures["state_mb"] = measure.size_mb(STATE)
    figures["duckdb_mb"] = measure.size_mb(DUCKDB)
    figures["duckdb_idle"] = duckdb("nothing")
    figures["agree"], figures["rows"] = agreement()


def agreement():
    """(equal rows, rows) of storemon's report and DuckDB's."""
    with open(OUT / "report.csv", newline="") as ours, \
            open(OUT / "duckdb.csv", newline="") as theirs:
        ours, theirs = set(map(tuple, csv.reader(ours))), \
            set(map(tuple, csv.reader(theirs)))
    return len(ours & theirs) - 1, len(ours | theirs) - 1


def compare_sizes(rounds, figures):
    """The report over ten times the stores, by turns with the real size."""
    data = inputs.get(BIG, STOREMON, say)
    say("loading %d times the stores" % BIG)
    figures["big_load"] = storemon_load(STATE_BIG, data)
    figures["big_mb"] = measure.size_mb(STATE_BIG)
    small, big = [], []
    for number in range(rounds):
        say("round %d of %d: ten times the stores" % (number + 1, rounds))
        small.append(storemon_report(STATE, "detail"))
        big.append(storemon_report(STATE_BIG, "detail"))
    figures["small_report"] = measure.median(small)
    figures["big_report"] = measure.median(big)


def measure_server(data, rounds, figures):
    """Trigger to Complete, the status and single stores, through nginx."""
    sys.path.insert(0, str(HERE.parent / "lib"))
    from server import Server
    newest = service.newest_poll(data)
    waits, loads, stores = [], [], []
    with Server() as server:
        for dataset in DATASETS:
            service.need(server.storemon("import", dataset,
                                         str(getattr(data, dataset))))
        for number in range(rounds):
            say("round %d of %d: the server" % (number + 1, rounds))
            as_of = newest - datetime.timedelta(microseconds=number)
            waited_s, report_id = service.trigger_to_complete(
                server.url, as_of.strftime("%Y-%m-%d %H:%M:%S.%f UTC"))
            waits.append(waited_s)
            loads.append(service.status_load(server.url, report_id,
                                             WRK_SECONDS))
            stores.append(service.stores_load(
                server.url, data.some_ids(STORES_ASKED), WRK_SECONDS))
        figures["table_kb"] = os.stat(
            f"{server.state}/spool/{report_id}.stores.json.gz").st_size / 1e3
    figures["complete_s"] = statistics.median(waits)
    figures["rate"] = statistics.median(load[0] for load in loads)
    figures["p99_ms"] = statistics.median(load[1] for load in loads)
    figures["errors"] = sum(load[2] for load in loads)
    figures["stores_rate"] = statistics.median(load[0] for load in stores)
    figures["stores_p99_ms"] = statistics.median(load[1] for load in stores)
    figures["stores_errors"] = sum(load[2] for load in stores)


def warm(data):
    """Reads the input once, so that nobody's first round pays the disk."""
    for dataset in DATASETS:
        with open(getattr(data, dataset), "rb") as file:
            while file.read(1 << 22):
                pass


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    for folder in (OUT, DUCKDB):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    data = inputs.get(1, STOREMON, say)
    warm(data)
    figures = {"origin": data.origin, "rounds": args.rounds,
               "busy": table.busy()}
    figures["polls"], figures["stores"] = data.count()
    compare_in_turns(data, args.rounds, figures)
    measure_server(data, args.rounds, figures)
    uploads.measure_uploads(data, args.rounds, figures, say)
    compare_sizes(args.rounds, figures)
    text = table.text(figures)
    print(text)
    if args.write:
        table.write(ROOT / "docs" / "PERFORMANCE.md", text)


if __name__ == "__main__":
    try:
        main()
    except (measure.Failed, subprocess.CalledProcessError) as reason:
        say(str(reason))
        sys.exit(1)
