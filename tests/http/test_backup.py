#!/usr/bin/env python3
"""Backup and restore beside the service: while it runs, and in its place.  As
root, the state stays its owner's and the backup is root's."""

import contextlib
import json
import os
import pwd
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

from server import Server  # noqa: E402
from tap import Tap  # noqa: E402

FILES = ["SHA256SUMS", "data.db", "jobs.db"]
POLLS = ("store_id,status,timestamp_utc\n"
         "new,active,2024-01-02 12:00:00 UTC\n")
REACHES = 20    # equal questions share a job
AM_ROOT = os.geteuid() == 0

tap = Tap()


def owners(folder):
    """Who owns what is in it; workers come to their ends meanwhile."""
    found = set()
    for at, folders, files in os.walk(folder):
        for name in folders + files:
            with contextlib.suppress(FileNotFoundError):
                found.add(os.lstat(os.path.join(at, name)).st_uid)
    return {pwd.getpwuid(uid).pw_name for uid in found}


def while_running(server, vault):
    """Backups while reports are asked for and made."""
    stop, replies = threading.Event(), []

    def ask_on():
        n = 0
        while not stop.is_set():
            n += 1
            replies.append(server.request(
                "POST", f"/trigger_report?reach={n % REACHES + 1}h").status)

    thread = threading.Thread(target=ask_on)
    thread.start()
    try:
        done = [server.storemon("backup", f"{vault}/{n}") for n in range(5)]
    finally:
        stop.set()
        thread.join()
    tap.same("backups beside the running service", [
        (d.returncode, sorted(os.listdir(f"{vault}/{n}")))
        for n, d in enumerate(done)], [(0, FILES)] * 5)
    tap.same("which goes on meanwhile", set(replies), {202})
    tap.same("nothing of the state turns the caller's", owners(server.state),
             {"storemon"} if AM_ROOT else owners(vault))
    if AM_ROOT:
        tap.same("and the backup is the caller's", owners(vault), {"root"})


def look(server, report_id):
    reply = server.request("GET", "/get_report?report_id=" + report_id)
    return reply.status, json.loads(reply.body).get("status")


def instead(server, vault):
    """The service stops, its state becomes the backup's, it goes on."""
    kept = server.report("?reach=500h")["report_id"]
    gone = server.report("?reach=501h")["report_id"]
    tap.same("a backup of now", server.storemon(
        "backup", vault + "/now").returncode, 0)
    later = server.report("?reach=502h")["report_id"]
    refused = server.storemon("restore", vault + "/now")
    tap.ok("no restore while it runs", refused.returncode == 1 and
           "at work on this state" in refused.stderr, refused)
    tap.same("which changes nothing", look(server, later), (200, "Complete"))
    path = os.path.join(server.folder, "polls.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write(POLLS)
    server.storemon("import", "polls", path)
    server.stop()
    server.wait_idle()
    for name in os.listdir(server.state + "/spool"):
        if name.startswith(gone):
            os.unlink(f"{server.state}/spool/{name}")
    done = server.storemon("restore", vault + "/now")
    tap.ok("restored once it has stopped", done.returncode == 0 and
           "former-" in done.stdout, done)
    tap.same("all of it the owner's", owners(server.state),
             {"storemon"} if AM_ROOT else owners(vault))
    server.start()
    tap.same("reports of then, if their files are there", [
        look(server, i)[0] for i in (kept, gone, later)], [200, 410, 404])
    tap.same("new ones are made", server.report("?reach=503h")["status"],
             "Complete")
    tap.same("what was imported since is not there", server.request(
        "GET", "/stores?id=new").status, 404)
    tap.same("the service is well", server.request("GET", "/healthz").status,
             200)


def elsewhere(vault):
    """A new machine."""
    with Server() as server:
        server.stop()
        done = server.storemon("restore", vault + "/now")
        tap.ok("restored into a state without data", done.returncode == 0,
               done)
        server.start()
        tap.same("a report is made of it", server.report()["status"],
                 "Complete")
        tap.same("all is in order there", server.look(), [])


def main():
    # LeakSanitizer cannot look at who has changed his user.
    os.environ["ASAN_OPTIONS"] = os.environ.get(
        "ASAN_OPTIONS", "") + ":detect_leaks=0"
    # A folder that only the caller may enter.
    with tempfile.TemporaryDirectory(prefix="storemon-vault-") as vault, \
            Server(sample=True) as server:
        while_running(server, vault)
        instead(server, vault)
        tap.same("all is in order afterwards", server.look(), [])
        elsewhere(vault)
    tap.done()


if __name__ == "__main__":
    main()
