#!/usr/bin/env python3
"""A flood of /trigger_report: never more processes than allowed, every id
that was answered is made, and who gets none is told why."""

import collections
import contextlib
import http.client
import json
import os
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

from faults import FULL, not_sanitized  # noqa: E402
from server import Server, wait_for  # noqa: E402
from tap import Tap  # noqa: E402

CALLS = 5000 if FULL else 1000
CONNECTIONS = 50
WORKERS, QUEUE = 2, 20
QUESTIONS = 60
ASKED = ("get_report", "trigger_report", "imports")
# Nothing but the workers is started by requests.
OTHERS = ("nginx", "multiwatch", *ASKED)
MADE_LIMIT_S = 240

tap = Tap()


def has_slot(pid):
    return any("/slots/" in os.readlink(f"/proc/{pid}/fd/{fd}")
               for fd in os.listdir(f"/proc/{pid}/fd"))


def program_of(pid):
    return os.path.basename(os.readlink(f"/proc/{pid}/exe"))


def is_becoming(pid, name):
    """Is it a child that still is what its parent is, and about to become a
    worker?"""
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
        parent = file.read().rpartition(")")[2].split()[1]
    return name in ASKED and program_of(parent) == name


def running(server):
    """How many processes of each program there are; workers at work by their
    locks, as one that has let go of its lock is about to end."""
    found = collections.Counter()
    for pid in server.processes():
        with contextlib.suppress(OSError):
            name = program_of(pid)
            found[name] += not is_becoming(pid, name)
            found["worker"] += name == "storemon" and has_slot(pid)
    return found


class Watch(threading.Thread):
    """Counts processes until it is told to stop."""

    def __init__(self, server):
        super().__init__()
        self.server, self.most = server, collections.Counter()
        self.stopping = threading.Event()
        self.start()

    def run(self):
        while not self.stopping.is_set():
            self.most |= running(self.server)

    def stop(self):
        self.stopping.set()
        self.join()
        return self.most


class Client(threading.Thread):
    """One connection that asks over and over."""

    def __init__(self, server, first, count):
        super().__init__()
        self.server, self.first, self.count = server, first, count
        self.statuses, self.ids, self.odd = collections.Counter(), [], []
        self.start()

    def ask(self, connection, number):
        connection.request("POST", "/trigger_report?reach="
                           f"{number % QUESTIONS + 1}h")
        reply = connection.getresponse()
        body = json.loads(reply.read())
        self.statuses[reply.status] += 1
        if reply.status == 202:
            self.ids.append(body["report_id"])
        elif body["error"]["code"] not in ("queue_full", "too_many_requests"):
            self.odd.append(body)
        elif reply.status == 503 and not reply.getheader("Retry-After"):
            self.odd.append("503 without Retry-After")

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port,
                                                timeout=60)
        for i in range(self.count):
            self.ask(connection, self.first + i * CONNECTIONS)
        connection.close()


def flood(server):
    watch = Watch(server)
    clients = [Client(server, i, CALLS // CONNECTIONS)
               for i in range(CONNECTIONS)]
    for client in clients:
        client.join()
    statuses = sum((c.statuses for c in clients), collections.Counter())
    ids = [each for client in clients for each in client.ids]
    tap.ok(f"{CALLS} calls from {CONNECTIONS} connections: 202, 429 or 503",
           set(statuses) <= {202, 429, 503} and
           sum(statuses.values()) == CALLS, statuses)
    tap.ok("each of these was among them",
           all(statuses[code] for code in (202, 429, 503)), statuses)
    tap.same("refusals say why", [x for c in clients for x in c.odd], [])
    tap.same("no id is given twice", len(set(ids)), len(ids))
    return watch, ids


def made(server, ids):
    """Every one of them ends Complete."""
    end = time.monotonic() + MADE_LIMIT_S
    waiting, ends = list(ids), collections.Counter()
    while waiting and time.monotonic() < end:
        told = server.look_up(waiting[-1])["status"]
        if told != "Running":
            ends[told] += 1
            waiting.pop()
    tap.same("every id that was answered is made", (dict(ends), waiting),
             ({"Complete": len(ids)}, []))


def main():
    not_sanitized(tap)
    settings = {"STOREMON_TRIGGER_RATE": "20", "STOREMON_QUEUE": str(QUEUE),
                "STOREMON_WORKERS": str(WORKERS)}
    with Server(sample=True, env=settings) as server:
        before = running(server)
        watch, ids = flood(server)
        made(server, ids)
        most = watch.stop()
        tap.ok("never more workers than allowed",
               0 < most["worker"] <= WORKERS, most)
        tap.same("and of nothing else more than before",
                 {name: most[name] for name in OTHERS},
                 {name: before[name] for name in OTHERS})
        wait_for("the end of the workers",
                 lambda: not server.pids_of("storemon"))
        tap.same("all is in order", server.look(), [])
    tap.done()


if __name__ == "__main__":
    main()
