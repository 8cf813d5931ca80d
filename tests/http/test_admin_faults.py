#!/usr/bin/env python3
"""Administration when things go wrong: clients that are slow or go away,
workers that hang or are killed, disks that are full."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

from server import Server, settled, wait_for  # noqa: E402
from tap import Tap  # noqa: E402

from admin import (ENDED, FORM, LEFT_S, POLLS, SETTINGS, ZONES,  # noqa: E402
                   Admin, bodies, code_of, form, history, nothing_left, part)

STORES = 150000     # so many that their file is read for a moment
MANY = b"store_id,timezone_str\n" + b"".join(
    b"s%d,Asia/Tokyo\n" % i for i in range(STORES))
HELD_S = 9          # less than nginx waits for a program that is held up
BAD_ROWS = ZONES + b"".join(b"s%d,Mars\n" % i for i in range(3000))


# --- clients -----------------------------------------------------------------

def start_upload(admin, length):
    sock = socket.create_connection(("127.0.0.1", admin.server.port), 30)
    sock.sendall((f"PUT /admin/imports/polls HTTP/1.1\r\nHost: localhost\r\n"
                  f"Authorization: {admin.headers['Authorization']}\r\n"
                  f"Content-Length: {length}\r\n\r\n").encode())
    return sock


def uploaded(server):
    return set(os.listdir(os.path.join(server.state, "uploads")))


def test_gone(tap, admin):
    before = uploaded(admin.server)
    with start_upload(admin, 8 << 20) as sock:
        sock.sendall(POLLS * (1 << 14))
        wait_for("a file of the body", lambda: bodies(admin.server))
    nothing_left(tap, admin.server, "a client that goes midway")
    tap.same("nothing was taken", uploaded(admin.server), before)


def test_all_killed(tap, admin):
    """Everything ends at once while a file is coming in."""
    server = admin.server
    with start_upload(admin, 8 << 20) as sock:
        sock.sendall(POLLS * (1 << 14))
        wait_for("a file of the body", lambda: bodies(server))
        for pid in server.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        server.process.wait()
    server.wait_idle()
    tap.ok("a killed server leaves a part of a file", bodies(server))
    server.start()
    tap.same("which the next start removes", bodies(server), [])


def files_fit(tap, admin, name):
    """Each file of the uploads is one's that may be confirmed."""
    def misfits():
        files = {name[:-4] for name in uploaded(admin.server)
                 if name.endswith(".csv") and not name.endswith(".bad.csv")}
        return files ^ {told["import_id"] for told in history(admin)
                        if told["state"] in ("Checking", "Preview")}
    tap.same(name + ": each file is an upload's", settled(misfits, LEFT_S),
             set())


def test_gone_at_the_end(tap, admin):
    """The file is all there, but nobody waits for the answer: it is taken,
    to be confirmed by whoever finds it, or it is not."""
    for _ in range(10):
        with start_upload(admin, len(POLLS)) as sock:
            sock.sendall(POLLS)
    nothing_left(tap, admin.server, "clients that go at the end")
    files_fit(tap, admin, "clients that go at the end")
    tap.same("what was taken is checked", {
        admin.ended(told["import_id"])["state"] for told in history(admin)} -
             {"Preview"}, set())


def test_slow(tap, admin):
    """50 clients at a byte a second hold nobody up."""
    socks = [start_upload(admin, 1000) for _ in range(50)]
    slowest, statuses = 0, set()
    try:
        for _ in range(3):
            for sock in socks:
                sock.sendall(b"s")
            end = time.monotonic() + 1      # the byte's second
            while time.monotonic() < end:
                start = time.monotonic()
                statuses.add(admin.server.request("GET",
                                                  "/get_report").status)
                statuses.add(admin.ask("GET", "/admin/imports").status)
                slowest = max(slowest, time.monotonic() - start)
        tap.ok("another file is uploaded and checked meanwhile",
               admin.preview(ZONES))
    finally:
        for sock in socks:
            sock.close()
    tap.same("others are answered while 50 upload slowly", statuses,
             {400, 200})
    tap.ok("in no time", slowest < HELD_S, slowest)
    nothing_left(tap, admin.server, "slow clients")


# --- workers -----------------------------------------------------------------

def worker_of(server):
    """The pid of the one worker."""
    for pid in server.processes():
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                if b"\0work\0" in file.read():
                    return pid
        except OSError:
            continue        # it has ended
    return None


def stop_at_work(admin, import_id):
    """Stops the worker amid the rows of the file: its pid, and what is told
    then; None if it was too quick."""
    told = wait_for("progress", lambda: (
        lambda told: told if told["state"] in ENDED or
        told["progress"]["done"] > 0 else None)(admin.look(import_id)), 60)
    pid = worker_of(admin.server)
    if told["state"] in ENDED or pid is None:
        return None
    try:
        os.kill(pid, signal.SIGSTOP)
    except ProcessLookupError:
        return None
    told = admin.look(import_id)
    if told["state"] in ENDED:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
        return None
    return pid, told


def stopped(tap, admin, name, again):
    """The same, however often it takes."""
    for _ in range(20):
        wait_for("the end of workers", lambda: worker_of(admin.server) is None)
        import_id = again()
        caught = stop_at_work(admin, import_id)
        if caught is not None:
            pid, told = caught
            progress = told["progress"]
            tap.ok(f"{name}: it is told how far it is",
                   0 < progress["done"] < progress["total"] == told["bytes"],
                   told)
            return import_id, pid
    raise AssertionError(f"{name}: the worker is too quick to be stopped")


def checking(admin):
    return lambda: admin.upload(MANY)


def importing(admin):
    """Each time it is another file, so that it has something to do."""
    def again():
        importing.files += 1
        import_id = admin.preview(MANY + b"t%d,UTC\n" % importing.files)
        admin.act(import_id, "confirm")
        return import_id
    importing.files = 0
    return again


def test_hanging(tap, admin):
    """A check that hangs holds nobody up."""
    server = admin.server
    import_id, pid = stopped(tap, admin, "a check that hangs",
                             checking(admin))
    tap.same("a report is made meanwhile", server.report()["status"],
             "Complete")
    other = admin.upload(ZONES)
    tap.same("another file waits for its turn", admin.look(other)["state"],
             "Checking")
    tap.same("the history is told", len([
        t for t in history(admin) if t["state"] == "Checking"]), 2)
    reply = admin.ask("POST", "/admin/stores/forget", b'{"store_id":"1"}',
                      {"Content-Type": "application/json"})
    tap.same("what would have to wait is refused",
             (reply.status, code_of(reply)), (503, "busy"))
    reply = admin.act(import_id, "confirm")
    tap.same("what is not checked cannot be confirmed",
             (reply.status, code_of(reply)), (409, "state_checking"))
    os.kill(pid, signal.SIGCONT)
    tap.same("it goes on", [admin.ended(each)["state"]
                            for each in (import_id, other)],
             ["Preview", "Preview"])


def test_killed(tap, admin):
    import_id, pid = stopped(tap, admin, "a check that is killed",
                             checking(admin))
    os.kill(pid, signal.SIGKILL)
    told = admin.ended(import_id)
    tap.same("a check that was killed is made again",
             (told["state"], told["new"]), ("Preview", STORES))
    import_id, pid = stopped(tap, admin, "an import that is killed",
                             importing(admin))
    before = admin.dataset("timezones")
    os.kill(pid, signal.SIGKILL)
    wait_for("its end", lambda: worker_of(admin.server) != pid)
    tap.same("nothing of it is there", admin.dataset("timezones"), before)
    tap.same("it is confirmed again", admin.act(import_id, "confirm").status,
             202)
    told = wait_for("the import", lambda: (
        lambda told: told if told["revision"] > before["revision"] else None)(
            admin.dataset("timezones")), 60)
    tap.same("which ends it", (told["last_import"]["id"], told["rows"]),
             (import_id, STORES + importing.files))
    told = admin.ended(import_id)
    tap.same("and whole", (told["state"], told["new"] + told["same"]),
             ("Imported", STORES + 1))
    tap.same("and once", [t["state"] for t in history(admin)
                          if t["import_id"] == import_id], ["Imported"])


# --- disks -------------------------------------------------------------------

def mounted(path, size, owner):
    """A small file system there; False where that cannot be."""
    return os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=750,"
         f"uid={owner.st_uid},gid={owner.st_gid}", "tmpfs", path],
        capture_output=True, check=False).returncode == 0


def fill_up(path, leave):
    """Leaves so many bytes of a file system."""
    with open(path, "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            file.truncate(max(0, file.tell() - leave))


def full_state(tap, admin, leave):
    """With so many bytes left: taken or refused for want of space.  What was
    taken ends, at the latest once there is space to tell of it."""
    filler = os.path.join(admin.server.state, "filler")
    name = f"{leave} bytes left of the disk"
    before = {told["import_id"] for told in history(admin)}
    fill_up(filler, leave)
    try:
        reply = admin.ask("PUT", "/admin/imports/timezones", BAD_ROWS)
        tap.ok(name + ": taken, or 507", reply.status == 202 or
               (reply.status, code_of(reply)) == (507, "no_space"), reply)
        nothing_left(tap, admin.server, name)
    finally:
        os.unlink(filler)
    new = {told["import_id"] for told in history(admin)} - before
    tap.same(name + ": it is told of what was taken", len(new),
             int(reply.status == 202))
    for import_id in new:
        told = admin.ended(import_id)
        tap.ok(name + ": it is checked, or failed of that",
               told["state"] == "Preview" or
               "the disk is full" in told["error"], told)
    files_fit(tap, admin, name)


def test_full_state(tap):
    """All of the state on a small file system."""
    with tempfile.TemporaryDirectory(prefix="storemon-full-") as folder:
        os.chmod(folder, 0o755)
        if not mounted(folder, "24m", os.stat(folder)):
            tap.skip("a full disk", "it takes root, and a mount")
            return
        try:
            with Server(env=SETTINGS, state=folder) as server:
                admin = Admin(server)
                for leave in (0, 4096, 20000, 50000, 100000, 300000):
                    full_state(tap, admin, leave)
                tap.same("with space it is checked",
                         admin.ended(admin.upload(ZONES))["state"], "Preview")
        finally:
            subprocess.run(["umount", "-l", folder], check=True)


def test_full(tap, admin):
    """A full disk is 507, and leaves nothing."""
    body = os.path.join(admin.server.state, "body")
    owner = os.stat(admin.server.state)
    names = ("a file for which there is no space",
             "a form whose file is not to be copied")
    if not mounted(body, "1m", owner):
        for name in names:
            tap.skip(name, "it takes root, and a mount")
        return
    try:
        for name, data, headers in (
                (names[0], POLLS * 60000, {}),
                (names[1], form(part("file", b"x" * 700000, "a")), FORM)):
            try:
                reply = admin.ask("POST", "/admin/imports/polls", data,
                                  headers)
                got = (reply.status, code_of(reply))
            except (BrokenPipeError, ConnectionResetError,
                    http.client.HTTPException) as error:
                got = repr(error)
            tap.same(name, got, (507, "no_space"))
            nothing_left(tap, admin.server, name)
    finally:
        subprocess.run(["umount", body], check=True)
    tap.same("with space all is well again",
             admin.ended(admin.upload(ZONES))["state"], "Preview")


def main():
    tap = Tap()
    with Server(env=SETTINGS) as server:
        admin = Admin(server)
        test_gone(tap, admin)
        test_gone_at_the_end(tap, admin)
        test_slow(tap, admin)
        test_full(tap, admin)
        tap.same("polls for reports",
                 admin.act(admin.preview(POLLS, "/admin/imports/polls"),
                           "confirm").status, 202)
        wait_for("polls", lambda: admin.dataset("polls")["rows"])
        if "asan" in os.environ.get("BUILD", ""):
            tap.skip("hanging and killed workers",
                     "sanitizers bear no strace")
        else:
            test_hanging(tap, admin)
            test_killed(tap, admin)
        test_all_killed(tap, admin)
        tap.same("what it looks like afterwards", server.look(), [])
    test_full_state(tap)
    tap.done()


if __name__ == "__main__":
    main()
