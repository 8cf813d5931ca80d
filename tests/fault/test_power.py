#!/usr/bin/env python3
"""Power cuts: the state lies on a file system in an image; all who write are
stopped, and what the disk has then is copied and started from.

Nothing but syncs may bring anything to the image, or the test would pass
falsely: the file system commits by itself after minutes only."""

import contextlib
import glob
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

from faults import FULL, not_sanitized  # noqa: E402
from imports import sample_lines, write_lines  # noqa: E402
from states import (Fixture, State, content, rows,  # noqa: E402
                    wrong_databases)
from tap import Tap  # noqa: E402

ROUNDS = 8 if FULL else 2
CLIENTS = 2
WAITING = 4             # reports of a client, at the most
IMAGE_MIB = 256
ACKNOWLEDGED = 15       # before the power goes
STOP_LIMIT_S = 60

tap = Tap()


@contextlib.contextmanager
def mounted(image, folder, options):
    os.makedirs(folder, exist_ok=True)
    subprocess.run(["mount", "-o", "loop," + options, image, folder],
                   check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def make_image(path):
    with open(path, "wb") as file:
        file.truncate(IMAGE_MIB << 20)
    # Blocks as on a disk, which SQLite counts on to have room for its memory.
    subprocess.run(["mkfs.ext4", "-q", "-b", "4096", "-E",
                    "lazy_itable_init=0", path],
                   check=True, capture_output=True)


def can_mount(fixture):
    """Why there can be no power cuts here, or None."""
    if os.geteuid() != 0:
        return "takes root, to mount an image"
    image = os.path.join(fixture.folder, "try.img")
    try:
        make_image(image)
        with mounted(image, os.path.join(fixture.folder, "try"), "ro"):
            return None
    except (OSError, subprocess.CalledProcessError) as why:
        return "an image cannot be mounted here: " + str(
            getattr(why, "stderr", None) or why)


class Life:
    """Clients who ask for reports, look at them, and import; what they were
    told is kept."""

    def __init__(self, fixture, state):
        self.fixture, self.state = fixture, state
        self.lock = threading.Lock()        # held while nobody is told
        self.ids, self.complete, self.imports = [], {}, []
        self.wrong = []
        self.ending = threading.Event()
        self.threads = [threading.Thread(target=self.guard, args=(what, i))
                        for what in (self.ask, self.bring)
                        for i in range(CLIENTS if what == self.ask else 1)]
        for thread in self.threads:
            thread.start()

    def guard(self, what, number):
        try:
            what(number)
        except Exception as error:
            self.wrong.append(repr(error))

    def ask(self, number):
        hours, waiting = number + 1, []
        while not self.ending.is_set():
            hours += CLIENTS
            reply = self.state.trigger(f"?reach={hours}h")
            if reply.status != 202:
                self.wrong.append(str(reply))
                continue
            report_id = json.loads(reply.body)["report_id"]
            with self.lock:
                self.ids.append(report_id)
            waiting.append(report_id)
            while waiting and not self.ending.is_set():
                told = self.state.look(waiting[0])
                if told["status"] == "Complete":
                    with self.lock:
                        self.complete[waiting.pop(0)] = told["sha256"]
                elif len(waiting) < WAITING:
                    break

    def bring(self, _):
        head = sample_lines(self.fixture, "store_status.csv")[0]
        count = 0
        while not self.ending.is_set():
            count += 1
            path = write_lines(self.fixture, "one.csv", [
                head, f"import-{count},active,2001-02-03 04:05:06 UTC"])
            if self.state.storemon("import", "polls", path)[0] == 0:
                with self.lock:
                    self.imports.append(f"import-{count}")

    def pids(self):
        """All who may write to the state."""
        found = []
        for folder in glob.glob("/proc/[0-9]*"):
            with contextlib.suppress(OSError):
                with open(folder + "/environ", "rb") as file:
                    words = file.read()
                with open(folder + "/cmdline", "rb") as file:
                    words += file.read()
                if self.state.path.encode() + b"\0" in words + b"\0":
                    found.append(int(os.path.basename(folder)))
        return [pid for pid in found if pid != os.getpid()]

    def stop(self):
        """Stops them; the pids, all of which stand still."""
        end, stopped = time.monotonic() + STOP_LIMIT_S, set()
        while time.monotonic() < end:
            now = set(self.pids())
            if now <= stopped and all(map(stands_still, now)):
                return stopped
            for pid in now:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGSTOP)
            stopped |= now
        raise TimeoutError("they do not stand still")

    def cut(self, image, copy):
        """The power goes: what the disk has is in the copy.  Returns what
        had been told by then.  For who holds the lock."""
        pids = self.stop()
        subprocess.run(["cp", "--sparse=always", image, copy], check=True)
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        return list(self.ids), dict(self.complete), list(self.imports)

    def end(self):
        self.ending.set()
        for thread in self.threads:
            thread.join()


def stands_still(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] in "TZX"
    except OSError:
        return True


def wrong_after(state, told):
    """Everything that was told must still be so."""
    ids, complete, imports = told
    for name in ("data.db", "jobs.db"):
        with contextlib.closing(sqlite3.connect(state.file(name))) as db:
            found = db.execute("PRAGMA integrity_check").fetchall()
        if found != [("ok",)]:
            yield f"{name}: {found}"
    for report_id, sha256 in complete.items():
        path = state.file("spool", report_id + ".csv")
        if not os.path.exists(path):
            yield f"{report_id} was Complete; its file is gone"
        elif hashlib.sha256(content(path)).hexdigest() != sha256:
            yield f"{report_id} was Complete; its file is another"
    ends = state.settle(ids)
    state.wait_idle()
    for report_id in ids:
        if ends[report_id].get("status") not in ("Complete", "Failed"):
            yield f"{report_id} was given: {ends[report_id]}"
    stores = {row[1] for row in rows(state.file("data.db"))["store"]}
    for store in imports:
        if store not in stores:
            yield f"{store} was imported"
    yield from wrong_databases(state)


def cut_power(life, folder, number):
    """One power cut, after which the clients pause until all is looked at.
    Each has a copy of its own: a worker that does not end keeps it."""
    image, copy = (os.path.join(folder, name)
                   for name in ("img", f"copy-{number}"))
    with life.lock:
        told = life.cut(image, copy)
        with mounted(copy, os.path.join(folder, "after"), "rw") as at:
            wrong = list(wrong_after(State(at + "/state"), told))
    os.unlink(copy)
    counts = [len(part) for part in told]
    tap.ok(f"power cut {number}: {counts[0]} ids, {counts[1]} of them "
           f"Complete, {counts[2]} imports", not wrong and all(counts), *wrong)


def power(fixture, folder):
    image = os.path.join(folder, "img")
    make_image(image)
    with mounted(image, os.path.join(folder, "disk"), "commit=900") as disk:
        shutil.copytree(fixture.base.path, disk + "/state")
        os.sync()
        life = Life(fixture, State(disk + "/state"))
        try:
            for number in range(1, ROUNDS + 1):
                end = time.monotonic() + STOP_LIMIT_S
                while len(life.ids) < number * ACKNOWLEDGED and \
                        time.monotonic() < end:
                    time.sleep(0.01)
                cut_power(life, folder, number)
        finally:
            life.end()
            life.state.settle(life.ids)
            life.state.wait_idle()
        tap.same("nobody was told otherwise meanwhile", life.wrong, [])


def main():
    not_sanitized(tap)
    with Fixture() as fixture:
        reason = can_mount(fixture)
        if reason:
            tap.skip("power cuts", reason)
        else:
            power(fixture, fixture.folder)
    tap.done()


if __name__ == "__main__":
    main()
