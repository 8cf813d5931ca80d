#!/usr/bin/env python3
"""Processes of the service killed, stopped and started anew, with requests,
downloads and reports in hand."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

from faults import not_sanitized  # noqa: E402
from server import Server, locked, wait_for  # noqa: E402
from tap import Tap  # noqa: E402

FILE_ID = "00000000-0000-4000-8000-00000000beef"
FILE_BYTES = 48 << 20
RESTART_S = 10      # of a second, on a machine that is at other things
READ_LIMIT_S = 10   # fastcgi_read_timeout
PAUSE_S = 7         # of a client who does not read

tap = Tap()


class Asking(threading.Thread):
    """A request on its way; then its reply."""

    def __init__(self, server, path):
        super().__init__()
        self.server, self.path = server, path
        self.reply, self.took = None, None
        self.start()

    def run(self):
        start = time.monotonic()
        self.reply = self.server.request("POST", self.path)
        self.took = time.monotonic() - start


def sockets(pid):
    with contextlib.suppress(OSError):
        links = [os.readlink(f"/proc/{pid}/fd/{fd}")
                 for fd in os.listdir(f"/proc/{pid}/fd")]
        return sum(link.startswith("socket:") for link in links)
    return 0


def busy(server, name):
    """The process that has a request in hand: a socket more than others."""
    return next((pid for pid in server.pids_of(name) if sockets(pid) > 1),
                None)


def killed(server):
    for number in (signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV):
        name = signal.Signals(number).name
        pids = server.pids_of("trigger_report")
        with locked(server.state + "/jobs.lock"):
            asking = Asking(server, "/trigger_report")
            pid = wait_for("a request in hand",
                           lambda: busy(server, "trigger_report"))
            os.kill(pid, number)
            asking.join()
            tap.same(f"{name}: 502 for the request in hand",
                     asking.reply.status, 502)
            tap.same("and for no other", server.request(
                "GET", "/get_report").status, 400)
        start = time.monotonic()
        tap.same("others go on", server.request(
            "POST", "/trigger_report").status, 202)
        wait_for("a new process", lambda: len(
            server.pids_of("trigger_report")) == len(pids) and
            pid not in server.pids_of("trigger_report"))
        took = time.monotonic() - start
        tap.ok("it is started again at once", took < RESTART_S, took)


def stopped(server):
    """One that hangs, with a request in hand."""
    with locked(server.state + "/jobs.lock"):
        asking = Asking(server, "/trigger_report?reach=5h")
        pid = wait_for("a request in hand",
                       lambda: busy(server, "trigger_report"))
        os.kill(pid, signal.SIGSTOP)
    replies = [server.request("POST", "/trigger_report").status
               for _ in range(20)]
    tap.same("one that hangs holds nobody else up", set(replies), {202})
    asking.join()
    tap.same("its request is 504", asking.reply.status, 504)
    tap.ok("in bounded time", asking.took < 2 * READ_LIMIT_S, asking.took)
    os.kill(pid, signal.SIGCONT)
    wait_for("its going on", lambda: sockets(pid) == 1)
    tap.ok("it goes on when it can", pid in server.pids_of("trigger_report"))


def big_file(server):
    """A file of the spool that takes a while; its bytes."""
    path = f"{server.state}/spool/{FILE_ID}.csv"
    block = bytes(range(256)) * 4096
    with open(path, "wb") as file:
        for _ in range(FILE_BYTES // len(block)):
            file.write(block)
    owner = os.stat(server.state)
    os.chown(path, owner.st_uid, owner.st_gid)
    return block


def reloaded(server):
    """nginx -s reload in the midst of a slow download."""
    block = big_file(server)
    before = server.pids_of("nginx")
    master = min(before)
    connection = http.client.HTTPConnection("127.0.0.1", server.port,
                                            timeout=60)
    connection.request("GET", f"/reports/{FILE_ID}.csv")
    reply = connection.getresponse()
    first = reply.read(1 << 20)
    os.kill(master, signal.SIGHUP)
    wait_for("the new workers", lambda: len(
        set(server.pids_of("nginx")) - set(before)) >= 2)
    tap.same("reloaded, it answers", server.request(
        "GET", "/get_report").status, 400)
    time.sleep(PAUSE_S)     # what is tried is a client that does not read
    try:
        whole = first + reply.read()
    except http.client.IncompleteRead as cut:
        whole = first + cut.partial
    connection.close()
    tap.ok("a download survives the reload",
           whole == block * (FILE_BYTES // len(block)), len(whole))
    os.unlink(f"{server.state}/spool/{FILE_ID}.csv")
    wait_for("the end of the old workers",
             lambda: not set(before) - {master} & set(
                 server.pids_of("nginx")) - {master})


def removed(server):
    """Files and folders of the state that are taken away."""
    told = server.report()
    path = f"{server.state}/spool/{told['report_id']}.csv"
    os.unlink(path)
    reply = server.request("GET", "/get_report?report_id=" +
                           told["report_id"])
    tap.same("a report whose file is gone: 410", reply.status, 410)
    tap.same("its file: 404", server.request(
        "GET", told["report"]).status, 404)
    tap.same("asked again it is made", server.report()["status"], "Complete")
    for name in ("spool", "tmp", "slots", "log"):
        told = server.report()
        shutil.rmtree(f"{server.state}/{name}", ignore_errors=True)
        reply = server.request("GET", "/get_report?report_id=" +
                               told["report_id"])
        tap.same(f"without {name}/ the report is told",
                 reply.status, 410 if name == "spool" else 200)
        tap.same(f"and without {name}/ one is made",
                 server.report("?reach=77h" if name != "spool" else "")[
                     "status"], "Complete")


def slow_worker(folder):
    """A worker that takes seconds for its first file."""
    path = os.path.join(folder, "slow_worker")
    with open(path, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\nexec strace -qq -o /dev/null -e trace=fsync "
                   "-e inject=fsync:delay_enter=5000000 "
                   '"$STOREMON_STATE/run/bin/storemon" "${@}"\n')
    os.chmod(path, 0o755)
    return path


def rebooted(server, ids):
    """Everything killed at once, with reports Running and waiting."""
    wait_for("a worker", lambda: any(
        server.look_up(each)["progress"]["total"] > 0 for each in ids))
    for pid in server.processes():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    server.process.wait()
    server.wait_idle()
    server.env.pop("STOREMON_PROGRAM")
    server.start()
    told = [wait_for("its end", lambda each=each: (
        lambda now: now if now["status"] != "Running" else None)(
            server.look_up(each))) for each in ids]
    tap.same("after a reboot each report has its end",
             {now["status"] for now in told}, {"Complete"})
    tap.same("all is in order", server.look(), [])


def main():
    not_sanitized(tap)
    with Server(sample=True) as server:
        killed(server)
        stopped(server)
        reloaded(server)
        tap.same("all is in order so far", server.look(), [])
        removed(server)
    with Server(sample=True) as server:
        server.stop()
        server.env["STOREMON_PROGRAM"] = slow_worker(server.folder)
        server.start()
        ids = [json.loads(server.request(
            "POST", f"/trigger_report?reach={hours}h").body)["report_id"]
            for hours in (1, 2, 3)]
        rebooted(server, ids)
    tap.done()


if __name__ == "__main__":
    main()
