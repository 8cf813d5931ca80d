"""State folders to try faults on: made once, copied for each, looked at
afterwards.

A state holds the sample's data and one report that is Complete; if asked
for, one that two ids wait for, and one more.
"""

import contextlib
import fcntl
import glob
import gzip
import hashlib
import json
import os
import shutil
import sqlite3
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "http"))

from faults import BUILD, STOREMON, run  # noqa: E402

import client  # noqa: E402

SETTLE_LIMIT_S = 60
ENDS = tuple(end + form for form in ("", ".gz") for end in (
    ".csv", ".detail.csv", ".json", ".stores.json", ".strips.txt"))
DONE, SHARED, OTHER = "?reach=24h", "?interpolation=nearest", "?reach=6h"
# What a report may say it failed of.
REASONS = ("the disk is full", "reading or writing a file failed",
           "out of memory", "took longer than the limit",
           "the worker ended without a result, twice",
           "no worker could be started", "busy, try again later")
# SQLite's word for a page that the disk could not read.
DAMAGED = "the stored data is damaged"


class State:
    """A folder and those who ask it."""

    def __init__(self, path):
        self.path = path
        self.cgi = client.Cgi(BUILD, path)

    def file(self, *names):
        return os.path.join(self.path, *names)

    def storemon(self, *words, fault=None, env=None):
        return run([STOREMON, "--state", self.path, *words], fault, env)

    def answer(self, program, query, fault, method="GET", needed=True):
        """The status and the body that a program answers with the fault."""
        env = {**os.environ, "STOREMON_STATE": self.path,
               "REQUEST_METHOD": method, "QUERY_STRING": query}
        code, out, said = run([os.path.join(BUILD, "cgi-bin", program)],
                              fault, env, needed)
        if code != 0:
            raise AssertionError(f"{program}: exit {code}: {said}")
        head, _, body = out.partition("\n\n")
        return int(head.split()[1]), body

    def trigger(self, query="", env=()):
        """Ask for a report; the reply."""
        return self.cgi.ask("POST", "/trigger_report", query.lstrip("?"),
                            env=env)

    def queue(self, query):
        """Ask without a worker's being started; the id."""
        reply = self.trigger(query, {"STOREMON_PROGRAM": "/bin/true"})
        if reply.status != 202:
            raise AssertionError(reply)
        return json.loads(reply.body)["report_id"]

    def look(self, report_id, env=()):
        reply = self.cgi.ask("GET", "/get_report", "report_id=" + report_id,
                             env=env)
        return json.loads(reply.body)

    def settle(self, ids):
        """Looks until none of the ids is Running: {id: what is told}."""
        end = time.monotonic() + SETTLE_LIMIT_S
        told = {}
        while True:
            for each in ids:
                if told.get(each, {}).get("status", "Running") == "Running":
                    told[each] = self.look(each)
            if all(t.get("status") != "Running" for t in told.values()):
                return told
            if time.monotonic() > end:
                return told
            time.sleep(0.01)

    def wait_idle(self):
        """Waits for the ends of the workers, by their locks."""
        end = time.monotonic() + SETTLE_LIMIT_S
        for path in glob.glob(self.file("slots", "*.lock")):
            with open(path, "rb") as lock:
                while True:
                    try:
                        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        break
                    except BlockingIOError:
                        if time.monotonic() > end:
                            raise TimeoutError("a worker's end") from None
                        time.sleep(0.01)


def content(path):
    """The bytes of a file, of a compressed one those inside."""
    with open(path, "rb") as file:
        data = file.read()
    return gzip.decompress(data) if path.endswith(".gz") else data


def hashes(state, report_id):
    """{end of a name: hash} of the files of a report that are there."""
    found = {}
    for end in ENDS:
        path = state.file("spool", report_id + end)
        if os.path.exists(path):
            found[end] = hashlib.sha256(content(path)).hexdigest()
    return found


def rows(path):
    """Everything in a database, but for what differs from run to run."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        tables = [name for (name,) in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table'"
            " AND name NOT LIKE 'sqlite_%'")]
        found = {name: sorted(connection.execute(f"SELECT * FROM {name}"),
                              key=repr) for name in tables}
    finally:
        connection.close()
    return found


def make_sample(state, folder, stores=12, days=9):
    """Brings the sample in."""
    sample = os.path.join(folder, "sample")
    for words in (["sample", sample, "--stores", str(stores), "--days",
                   str(days)],
                  *(["import", name, os.path.join(sample, file + ".csv")]
                    for name, file in (("hours", "menu_hours"),
                                       ("timezones", "timezones"),
                                       ("special-hours", "special_hours"),
                                       ("polls", "store_status")))):
        code, _, said = state.storemon(*words)
        if code != 0:
            raise AssertionError(said)
    return sample


class Fixture:
    """The state that is copied; `folder` is for files beside it."""

    def __init__(self):
        self.temp = tempfile.TemporaryDirectory(prefix="storemon-fault-")
        self.folder = self.temp.name
        self.base = State(os.path.join(self.folder, "base"))
        os.mkdir(self.base.path)
        self.sample = make_sample(self.base, self.folder)
        done = json.loads(self.base.trigger(DONE).body)["report_id"]
        self.base.settle([done])
        self.base.wait_idle()
        self.reports = [done]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.temp.cleanup()

    def ask(self):
        """Asks for the reports that a worker is to make; what their files
        must be is known from a run without faults."""
        self.reports += [self.base.queue(q) for q in (SHARED, SHARED, OTHER)]
        with self.copy() as state:
            code, _, said = state.storemon("work")
            if code != 0:
                raise AssertionError(said)
            self.files = {each: hashes(state, each) for each in self.reports}

    @contextlib.contextmanager
    def copy(self):
        path = tempfile.mkdtemp(prefix="state-", dir=self.folder)
        try:
            shutil.copytree(self.base.path, path, dirs_exist_ok=True)
            yield State(path)
        finally:
            shutil.rmtree(path)


def wrong_files(state, report_id, told, wanted, reasons):
    """Are the files of an id what its answer says?"""
    found = hashes(state, report_id)
    status = told.get("status")
    if status == "Complete":
        if found != wanted:
            yield f"Complete, but its files are {found}"
        elif told["sha256"] != wanted[".csv"]:
            yield f"another hash is told: {told}"
        if told["finished_at"] < told["created_at"]:
            yield f"ended before it was asked for: {told}"
    elif status == "Failed":
        if found:
            yield f"Failed, but has the files {sorted(found)}"
        if told["error"] not in reasons:
            yield f"no reason for a report's failure: {told}"
    else:
        yield f"neither Complete nor Failed: {told}"


def left_over(state):
    """Files that nobody wants any more."""
    for path in glob.glob(state.file("**", "*"), recursive=True):
        name = os.path.relpath(path, state.path)
        if name.endswith(".tmp") or name.startswith(("body/", "tmp/")):
            yield f"left over: {name}"


def wrong_databases(state):
    """Do both databases pass?"""
    code, _, said = state.storemon("check")
    if code != 0:
        yield f"storemon check: {said}"
    for name in ("data.db", "jobs.db"):
        connection = sqlite3.connect(
            f"file:{state.file(name)}?mode=ro", uri=True)
        try:
            told = connection.execute("PRAGMA quick_check").fetchall()
        finally:
            connection.close()
        if told != [("ok",)]:
            yield f"{name}: {told}"


def wrong_reports(fixture, state, reasons=REASONS):
    """Everything that must hold of the reports once the fault is over."""
    told = state.settle(fixture.reports)
    state.wait_idle()
    for each, answer in told.items():
        for line in wrong_files(state, each, answer, fixture.files[each],
                                reasons):
            yield f"{each}: {line}"
    if told[fixture.reports[0]].get("status") != "Complete":
        yield f"another id is touched: {told[fixture.reports[0]]}"
    yield from left_over(state)
    yield from wrong_databases(state)
