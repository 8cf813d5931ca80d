"""What the tests of imports share: the data as it can be compared, files to
import, and uploads without a web server."""

import contextlib
import json
import os
import shutil
import sqlite3
import tempfile
import time

from states import SETTLE_LIMIT_S, rows

ENDED = ("Preview", "Rejected", "Imported", "Failed", "Expired")


# --- the data ----------------------------------------------------------------

def figures(path):
    """All that an import changes, but for what differs from run to run:
    the random token, and what tells of the imports themselves."""
    found = rows(path)
    found["import"] = sorted(row[1:2] + row[7:] for row in found["import"])
    found["revision"] = [row[:2] + row[3:] for row in found["revision"]]
    found["dataset"] = [row[:3] for row in found["dataset"]]
    return found


def data_sets(found):
    """The data alone, without what tells of imports."""
    return {name: value for name, value in found.items() if name != "import"}


def recovered(state, name="data.db"):
    """The same of what a power cut would leave: without the shared memory
    in which SQLite notes how much of the log counts."""
    with tempfile.TemporaryDirectory(prefix="storemon-cut-") as folder:
        for end in ("", "-wal"):
            shutil.copy(state.file(name + end), folder)
        return figures(os.path.join(folder, name))


@contextlib.contextmanager
def reader_of(state):
    """Somebody who has the data open meanwhile, as the programs have."""
    with contextlib.closing(sqlite3.connect(
            state.file("data.db"), check_same_thread=False)) as reader:
        reader.execute("SELECT * FROM revision").fetchall()
        yield


# --- files -------------------------------------------------------------------

def sample_lines(fixture, name):
    with open(os.path.join(fixture.sample, name), encoding="utf-8") as file:
        return file.read().splitlines()


def write_lines(fixture, name, lines):
    path = os.path.join(fixture.folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write("".join(line + "\n" for line in lines))
    return path


def new_polls(fixture):
    """Polls beside those of the sample, and some of these changed."""
    turned = {"active": "inactive", "inactive": "active"}
    lines = sample_lines(fixture, "store_status.csv")
    new = lines[:1]
    for line in lines[1:40]:
        store, status, at = line.split(",")
        new += [f"{store},{turned[status]},{at}", f"new-{store},{status},{at}"]
    return write_lines(fixture, "polls.csv", new)


def fewer_hours(fixture):
    """The hours of the sample without some of its lines."""
    lines = sample_lines(fixture, "menu_hours.csv")
    return write_lines(fixture, "hours.csv", lines[:1] + lines[10:])


# --- uploads -----------------------------------------------------------------

class Upload:
    """A file brought in through cgi-bin/imports; no worker is started but
    by a look."""

    NO_WORKER = {"STOREMON_PROGRAM": "/bin/true"}

    def __init__(self, state, upload_id):
        self.state, self.id = state, upload_id

    @classmethod
    def take(cls, state, dataset, path, env=()):
        """Uploads a file; AssertionError if it is not taken."""
        os.makedirs(state.file("body"), exist_ok=True)
        body = state.file("body", "0000000001")
        shutil.copy(path, body)
        reply = state.cgi.ask(
            "PUT", "/imports", env={
                "ROUTE": "dataset", "DATASET": dataset, "REMOTE_USER": "admin",
                "REQUEST_BODY_FILE": body, **cls.NO_WORKER, **dict(env)})
        if reply.status != 202:
            raise AssertionError(reply)
        return cls(state, json.loads(reply.body)["import_id"])

    def ask(self, method, route, env=()):
        return self.state.cgi.ask(method, "/imports", env={
            "ROUTE": route, "IMPORT_ID": self.id, "REMOTE_USER": "admin",
            **dict(env)})

    def look(self):
        return json.loads(self.ask("GET", "import").body)

    def confirm(self):
        """Without a worker; the status."""
        return self.ask("POST", "confirm", self.NO_WORKER).status

    def of(self, state):
        """The same one in a copy of the state."""
        return Upload(state, self.id)

    def settle(self):
        """Looks until there is nothing to wait for: what is told."""
        end = time.monotonic() + SETTLE_LIMIT_S
        while True:
            told = self.look()
            if told.get("state") in ENDED or time.monotonic() > end:
                return told
            time.sleep(0.01)
