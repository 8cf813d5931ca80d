#!/usr/bin/env python3
"""make soak: days of use in minutes, while processes are killed.

    soak.py [--minutes N] [--stores N] [--seed N]

Hourly imports come one after the other, by command line and over the web;
reports are triggered and looked at; every kind of process is killed at
random.  Then everything is counted: each id that was answered has ended, each
poll that was imported is there and no other, the databases are whole, nothing
is left over, and neither memory nor descriptors, processes or disk have
grown.  Prints TAP; exits 1 if something does not hold.
"""
import argparse
import base64
import collections
import csv
import hashlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))
sys.path.insert(0, HERE)

from feed import Feed  # noqa: E402
from sample import Sampler  # noqa: E402
from server import Server, wait_for  # noqa: E402
from tap import Tap  # noqa: E402

STOREMON = os.path.join(ROOT, os.environ.get("BUILD", "build/release"),
                        "storemon")
SETTINGS = {"STOREMON_KEEP_MB": "40", "STOREMON_UPLOAD_MB": "20",
            "STOREMON_TRIGGER_RATE": "1000", "STOREMON_ADMIN_RATE": "1000",
            "STOREMON_HISTORY": "2000"}
KEEP_DAYS = 9
PASSING = {429, 500, 502, 503, 504}
# How long something may take while processes are killed all the time.
LIMIT_S = 120
KILLED = "exited on signal 9"       # what nginx says of those that were
# What is killed, and how often a second at the most.
KINDS = (("work", 1.0), ("cgi-bin/", 1.0), ("import", 1.0),
         ("nginx: worker", 0.2), ("multiwatch", 0.02), ("nginx: master", 0.02))


class Soak:
    def __init__(self, server, feed, seed):
        self.server, self.feed = server, feed
        self.random = random.Random(seed)
        self.stop = threading.Event()
        self.calm = threading.Event()       # nobody is killed any more
        self.ids = {}                       # report id: last status
        self.counts = collections.Counter()
        self.complaints = []
        self.lock = threading.Lock()
        self.starting = threading.Lock()
        password = re.search(r"password (\w+)", server.output()).group(1)
        token = base64.b64encode(f"admin:{password}".encode()).decode()
        self.admin = {"Authorization": "Basic " + token}

    def complain(self, text):
        with self.lock:
            self.complaints.append(text)

    def ask(self, method, path, body=None, headers=None):
        """One answer, or None where the service was not there."""
        try:
            return self.server.request(method, path, body, headers)
        except OSError:
            return None
        except Exception as error:          # an answer that was cut short
            self.counts["cut: " + type(error).__name__] += 1
            return None

    def persist(self, what, step):
        """Repeats a step until it gives something; None at the limit."""
        end = time.monotonic() + LIMIT_S
        while time.monotonic() < end:
            result = step()
            if result is not None:
                return result
            time.sleep(0.05)
        self.complain(f"never: {what}")
        return None

    # --- imports --------------------------------------------------------------

    def import_file(self, dataset, data):
        way = self.import_by_cli if self.random.random() < 0.5 \
            else self.import_by_web
        return self.persist(f"import of {dataset}", lambda: way(dataset,
                                                                 data))

    def import_by_cli(self, dataset, data):
        """A killed import may be there or not: it is done again."""
        with tempfile.NamedTemporaryFile(suffix=".csv") as file:
            file.write(data)
            file.flush()
            os.chmod(file.name, 0o644)
            done = subprocess.run(
                [STOREMON, "import", dataset, file.name],
                env={**os.environ, "STOREMON_STATE": self.server.state},
                capture_output=True, check=False, stdin=subprocess.DEVNULL)
        self.counts[f"import by command line: exit {done.returncode}"] += 1
        if done.returncode == 0:
            return True
        if done.returncode != -signal.SIGKILL:
            self.complain(f"import: exit {done.returncode}: {done.stderr}")
        return None

    def import_by_web(self, dataset, data):
        reply = self.ask("PUT", f"/admin/imports/{dataset}", data, self.admin)
        if reply is None or reply.status != 202:
            self.counts["upload: " + str(reply and reply.status)] += 1
            return None
        path = "/admin/imports/" + json.loads(reply.body)["import_id"]
        state = self.persist("check of an upload", lambda: self.settled(path))
        if state != "Preview":
            self.counts[f"upload: {state}"] += 1
            return None
        self.ask("POST", path + "/confirm", b"", self.admin)
        state = self.persist("import of an upload",
                             lambda: self.settled(path))
        self.counts[f"upload: {state}"] += 1
        return True if state == "Imported" else None

    def settled(self, path):
        """The import's state once nobody works on it."""
        reply = self.ask("GET", path, None, self.admin)
        if reply is None or reply.status != 200:
            return None
        state = json.loads(reply.body)["state"]
        return None if state in ("Checking", "Importing") else state

    def import_hour(self):
        rows = self.feed.next_hour()
        if self.import_file("polls", self.feed.file(rows)):
            self.feed.done(rows)

    def import_for_ever(self):
        while not self.stop.is_set():
            self.import_hour()
            if self.feed.hour % 24 == 0 and self.feed.hour > 24 * KEEP_DAYS:
                self.prune()

    def prune(self):
        """Old polls go; what is left is asked for, not reckoned."""
        def step():
            done = subprocess.run(
                [STOREMON, "prune", "--keep", str(KEEP_DAYS), "--state",
                 self.server.state], capture_output=True, check=False)
            return True if done.returncode == 0 else None
        if self.persist("pruning", step):
            self.counts["pruned"] += 1

    # --- reports --------------------------------------------------------------

    def report_for_ever(self):
        while not self.stop.is_set():
            reach = f"{self.random.randrange(1, 500)}h"
            reply = self.ask("POST", "/trigger_report?reach=" + reach)
            status = reply and reply.status
            self.counts[f"trigger: {status}"] += 1
            if status == 202:
                self.follow(json.loads(reply.body)["report_id"])
            elif status is not None and status not in PASSING:
                self.complain(f"trigger: {reply}")
            self.stop.wait(self.random.random())

    def follow(self, report_id):
        self.ids[report_id] = "Running"
        told = self.persist("end of a report",
                            lambda: self.ended(report_id))
        if told is None:
            return
        self.ids[report_id] = told["status"]
        if told["status"] == "Failed":
            self.counts["failed: " + told["error"]] += 1
        elif self.random.random() < 0.2:
            self.fetch(told)

    def ended(self, report_id):
        reply = self.ask("GET", "/get_report?report_id=" + report_id)
        if reply is None or reply.status in PASSING:
            return None
        if reply.status == 410:
            return {"status": "Expired"}
        if reply.status != 200:
            self.complain(f"{report_id}: {reply}")
            return {"status": "Lost"}
        told = json.loads(reply.body)
        return None if told["status"] == "Running" else told

    def fetch(self, told):
        reply = self.persist("file of a report", lambda: (
            lambda r: r if r and r.status not in PASSING else None)(
                self.ask("GET", told["report"])))
        if reply and reply.status == 200 and \
                hashlib.sha256(reply.body).hexdigest() != told["sha256"]:
            self.complain(f"{told['report']}: not the bytes that were told")

    def look_for_ever(self):
        while not self.stop.wait(0.01):
            known = list(self.ids)
            if not known:
                continue
            reply = self.ask("GET", "/get_report?report_id=" +
                             self.random.choice(known))
            status = reply and reply.status
            self.counts[f"look: {status}"] += 1
            if status not in PASSING | {None, 200, 410}:
                self.complain(f"look: {reply}")

    # --- kills ----------------------------------------------------------------

    def victims(self, kind):
        for pid in self.server.processes():
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    words = file.read().replace(b"\0", b" ").decode(
                        errors="replace")
            except OSError:
                continue
            if kind in ("work", "import"):
                if re.search(rf"storemon {kind}\b", words):
                    yield pid
            elif kind in words and "storemon work" not in words and \
                    "multiwatch" not in words or kind == "multiwatch" and \
                    "multiwatch" in words:
                yield pid

    def kill_for_ever(self):
        while not self.calm.wait(0.25):
            for kind, per_second in KINDS:
                if self.random.random() < per_second / 4:
                    self.kill_one(kind)
            self.start_again()

    def kill_one(self, kind):
        found = list(self.victims(kind))
        if not found:
            return
        try:
            os.kill(self.random.choice(found), signal.SIGKILL)
            self.counts["killed: " + kind] += 1
        except ProcessLookupError:
            pass

    def start_again(self):
        """The whole service ends when nginx or a pool has been killed."""
        if self.server.process.poll() is None:
            return
        self.counts["started again"] += 1
        self.server.start()

    # --- the whole ------------------------------------------------------------

    def run(self, minutes):
        work = [threading.Thread(target=target, daemon=True)
                for target in (self.import_for_ever, self.report_for_ever,
                               self.report_for_ever, self.look_for_ever)]
        killer = threading.Thread(target=self.kill_for_ever, daemon=True)
        sampler = Sampler(self.server)
        for thread in (*work, killer, sampler):
            thread.start()
        end = time.monotonic() + 60 * minutes
        while time.monotonic() < end:
            self.stop.wait(min(30, max(0.1, end - time.monotonic())))
            print(f"# {self.feed.now:%Y-%m-%d %H:%M}, {len(self.ids)} "
                  f"reports, {sampler.samples[-1:] or ''}", flush=True)
        sampler.stop()
        self.stop.set()
        self.calm.set()
        killer.join(LIMIT_S)
        self.start_again()
        for thread in work:
            thread.join(LIMIT_S * 2)
        return sampler


def stored_polls(server, store):
    done = server.storemon("polls", store)
    return {row["timestamp_utc"]: row["status"]
            for row in csv.DictReader(done.stdout.splitlines())}


def check_polls(tap, soak):
    feed, wrong = soak.feed, []
    kept = [stored_polls(soak.server, store) for store in feed.stores]
    oldest = min((min(polls) for polls in kept if polls), default="")
    for store, polls in zip(feed.stores, kept):
        known = {stamp: status for stamp, status in feed.known[store].items()
                 if stamp[:10] >= oldest[:10]}
        if polls != known:
            odd = sorted(set(polls.items()) ^ set(known.items()))
            wrong.append(f"{store}: {len(polls)} stored, {len(known)} known, "
                         f"{odd[:4]}")
    tap.same("every poll that was imported is there, and no other", wrong, [])


def check_report(tap, soak):
    told = soak.server.report("?reach=unlimited")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        path = os.path.join(folder, "report.csv")
        soak.server.storemon("report", "-o", path)
        with open(path, "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
    tap.same("the service's report is the command line's",
             told.get("sha256"), digest)


def check(tap, soak, sampler):
    tap.same("nothing was out of the ordinary", soak.complaints[:20], [])
    states = collections.Counter(soak.ids.values())
    tap.ok("every id that was answered has ended",
           set(states) <= {"Complete", "Failed", "Expired"}, states)
    tap.ok("and most have their report",
           states["Complete"] + states["Expired"] > 0.9 * len(soak.ids),
           states)
    check_report(tap, soak)
    check_polls(tap, soak)
    done = soak.server.storemon("check")
    tap.same("storemon check finds all whole", done.returncode, 0)
    for name, before, after, flat in sampler.verdicts():
        tap.ok(f"{name}: {before:.0f} before, {after:.0f} at the end",
               flat, [s[name] for s in sampler.samples])
    wait_for("quiet", lambda: not list(soak.victims("work")), LIMIT_S)
    tap.same("nothing is left over",
             [line for line in soak.server.look() if KILLED not in line], [])
    for name, count in sorted(soak.counts.items()):
        print(f"# {name}: {count}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--stores", type=int, default=300)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    args = parser.parse_args()
    print(f"# seed {args.seed}")
    tap, feed = Tap(), Feed(args.stores, args.seed)
    with Server(env=SETTINGS) as server:
        soak = Soak(server, feed, args.seed)
        soak.import_file("timezones", feed.zones())
        soak.import_file("hours", feed.hours())
        soak.import_hour()
        check(tap, soak, soak.run(args.minutes))
    tap.done()


if __name__ == "__main__":
    main()
