#!/usr/bin/env python3
"""No space: small file systems for the spool and for the databases, and a
limit on the size of files.  Nothing is half done, nobody is told that it is
done, what was there is served, and all is well once there is space again.
The space for bodies is in tests/http/test_admin_faults.py."""

import contextlib
import glob
import json
import os
import re
import signal
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

from faults import FULL, STOREMON, not_sanitized, run  # noqa: E402
from imports import data_sets, figures, new_polls  # noqa: E402
from server import Server, wait_for  # noqa: E402
from states import (ENDS, Fixture, left_over, rows,  # noqa: E402
                    wrong_databases, wrong_reports)
from tap import Tap  # noqa: E402

TMPFS_MIB = 12
FULL_DISK = "the disk is full"
# In steps that end within the shared memory, the log and the files.
SIZES = [512, 5000, 20000, 33000, 60000, 100000, 150000] if FULL else [
    5000, 33000, 100000]
ROOMS_KIB = [0, 4, 8, 12, 16, 24, 32, 48, 64] if FULL else [0, 8, 24]

tap = Tap()


# --- files of a limited size -------------------------------------------------

def limited(size, *words):
    return ["prlimit", f"--fsize={size}", *words]


def small_worker(fixture, size):
    with fixture.copy() as state:
        code, _, said = run(limited(size, STOREMON, "--state", state.path,
                                    "work"))
        failed = [job[17] for job in rows(state.file("jobs.db"))["job"]
                  if job[3] == "failed"]
        wrong = [f"failed of something else: {reason}"
                 for reason in failed if reason != FULL_DISK]
        if code not in (0, 1):
            wrong.append(f"exit {code}: {said}")
        wrong += wrong_reports(fixture, state, [FULL_DISK])
        tap.ok(f"worker, files up to {size} bytes", not wrong, *wrong)


def small_import(fixture, path, size):
    words = [STOREMON, "import", "polls", path, "--state"]
    with fixture.copy() as state:
        old = figures(state.file("data.db"))
        code, _, said = run(limited(size, *words, state.path))
        now = figures(state.file("data.db"))
        wrong = list(wrong_databases(state))
        if code == 1 and "no space left" not in said:
            wrong.append(f"it does not say why: {said}")
        if code not in (0, 1) or (now == old) != (code == 1):
            wrong.append(f"exit {code}, but the data is not so: {said}")
        if run([*words, state.path])[0] != 0:
            wrong.append("with space it does not go")
        new = data_sets(figures(state.file("data.db")))
        if new == data_sets(old) or code == 0 and new != data_sets(now):
            wrong.append("with space the data is another")
        tap.ok(f"import, files up to {size} bytes", not wrong,
               *wrong, *left_over(state))


# --- a server ----------------------------------------------------------------

def report_of(server, report_id):
    return server.request("GET", f"/reports/{report_id}.csv").body


def spool_files(server, report_id):
    return glob.glob(f"{server.state}/spool/{report_id}*")


def by_name(server, *names):
    """The pids of its processes of these programs."""
    found = []
    for pid in server.processes():
        with contextlib.suppress(OSError):
            if os.path.basename(os.readlink(f"/proc/{pid}/exe")) in names:
                found.append(pid)
    return sorted(found)


def served(server):
    return by_name(server, "nginx", "get_report", "trigger_report", "imports")


def answers(server, told, body):
    """What an old report must still be answered, or a complaint."""
    now = server.look_up(told["report_id"])
    if now != told:
        yield f"the old report is told otherwise: {now}"
    if report_of(server, told["report_id"]) != body:
        yield "the old report is another"


def refused(server, first):
    """Triggers until one is refused: (its status, ids answered before)."""
    ids = []
    for hours in range(first, first + 400):
        reply = server.request("POST", f"/trigger_report?reach={hours}h")
        if reply.status != 202:
            return reply.status, ids
        ids.append(json.loads(reply.body)["report_id"])
    return None, ids


def ended(server, report_id):
    return wait_for("its end", lambda: (
        lambda told: told if told["status"] != "Running" else None)(
            server.look_up(report_id)), 120)


def limit_files(server, pids, size):
    """Sets the limit as their owner, who need not be root for it; workers
    have it from them.  Of one that has died somebody else complains."""
    owner = os.stat(server.state)
    change = [] if os.geteuid() != 0 else [
        "setpriv", f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}",
        "--clear-groups"]
    for pid in pids:
        subprocess.run([*change, "prlimit", f"--pid={pid}",
                        f"--fsize={size}:"],
                       check=os.path.exists(f"/proc/{pid}"))


def small_files(server, told, body):
    pids = served(server)
    log = os.path.getsize(server.state + "/jobs.db-wal")
    limit_files(server, pids, log + 100000)
    status, ids = refused(server, 1)
    tap.ok("a log that may not grow: 507", status == 507, status)
    wrong = list(answers(server, told, body))
    tap.ok("what was there is served", not wrong, *wrong)
    password = re.search(r"password (\w+)", server.output()).group(1)
    done = subprocess.run(
        ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-u",
         "admin:" + password, "-T", "-", "-H", "Expect:",
         server.url + "/admin/imports/polls"],
        input=b"x" * 3000000, capture_output=True, timeout=60, check=False)
    tap.same("a body that may not grow: 507", done.stdout, b"507")
    tap.same("nobody has died of it", served(server), pids)
    limit_files(server, pids, "unlimited")
    ends = {ended(server, each)["status"] for each in ids}
    tap.ok("each id that was answered has its end", ids and
           ends <= {"Complete", "Failed"}, ids, ends)
    tap.same("with space all is well",
             server.report("?reach=999h")["status"], "Complete")


# --- small file systems ------------------------------------------------------

@contextlib.contextmanager
def tmpfs(path, like):
    owner = os.stat(like)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={TMPFS_MIB}m,"
                    f"mode=750,uid={owner.st_uid},gid={owner.st_gid}",
                    "tmpfs", path], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", path], check=True)


@contextlib.contextmanager
def filled(folder, leave_kib=0):
    """The file system has so much left, and no more."""
    path = os.path.join(folder, "filler")
    with open(path, "wb", buffering=0) as file:
        with contextlib.suppress(OSError):
            while True:
                file.write(bytes(1 << 12))
        file.truncate(max(0, file.tell() - (leave_kib << 10)))
    try:
        yield
    finally:
        os.unlink(path)


def full_spool(server):
    """Started anew, with a small spool."""
    told = server.report()
    body = report_of(server, told["report_id"])
    for i, room in enumerate(ROOMS_KIB):
        with filled(server.state + "/spool", room):
            new = server.report(f"?reach={i + 1}h")
            files = spool_files(server, new["report_id"])
            if new["status"] == "Failed":
                wrong = [] if new["error"] == FULL_DISK and not files else \
                    [new, files]
            else:
                wrong = [] if len(files) == len(ENDS) else [new, files]
            wrong += answers(server, told, body)
            tap.ok(f"a spool of {room} KiB: whole or not at all", not wrong,
                   *wrong)
    tap.same("with space it is made", server.report("?reach=1h")["status"],
             "Complete")
    tap.same("all is in order", server.look(), [])


def full_disk(server, path):
    """Started anew, with everything in a small file system."""
    told = server.report()
    body = report_of(server, told["report_id"])
    with filled(server.state):
        status, ids = refused(server, 1)
        tap.same("a full disk: 507", status, 507)
        wrong = list(answers(server, told, body))
        tap.ok("what was there is served from it", not wrong, *wrong)
        done = server.storemon("import", "polls", path)
        tap.ok("an import says so", done.returncode == 1 and
               "no space left" in done.stderr, done)
        before = figures(server.state + "/data.db")
    for each in ids:
        tap.ok("an id that was answered has its end",
               ended(server, each)["status"] in ("Complete", "Failed"))
    tap.same("the import has left nothing", figures(
        server.state + "/data.db"), before)
    tap.same("with space it is imported", server.storemon(
        "import", "polls", path).returncode, 0)
    tap.same("and reported", server.report()["status"], "Complete")
    # nginx tells of its own logs as of an emergency.
    wrong = [line for line in server.look()
             if "No space left" not in line and "(28:" not in line]
    tap.ok("all is in order", not wrong, *wrong)


def mounts(fixture, server, path):
    """Each of the two in turn, at the same place."""
    server.stop()
    with tmpfs(server.state + "/spool", server.state):
        server.start()
        full_spool(server)
        server.stop()
        server.wait_idle()
    saved = os.path.join(server.folder, "saved")
    subprocess.run(["cp", "-a", server.state, saved], check=True)
    with tmpfs(server.state, saved):
        subprocess.run(["cp", "-a", saved + "/.", server.state], check=True)
        server.start()
        full_disk(server, path)
        server.stop(signal.SIGINT)
        server.wait_idle()


def main():
    not_sanitized(tap)
    with Fixture() as fixture:
        fixture.ask()
        path = new_polls(fixture)
        os.chmod(fixture.folder, 0o755)
        for size in SIZES:
            small_worker(fixture, size)
            small_import(fixture, path, size)
        with Server(sample=True) as server:
            told = server.report()
            small_files(server, told, report_of(server, told["report_id"]))
            tap.same("all is in order", server.look(), [])
            if os.geteuid() == 0:
                mounts(fixture, server, path)
            else:
                tap.skip("small file systems", "takes root, to mount them")
    tap.done()


if __name__ == "__main__":
    main()
