#!/usr/bin/env python3
"""Workers that cannot be started: the id is answered all the same, and a
later look tries again, five times in all."""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

from faults import BUILD, LIMIT_S, Call, Fault, not_sanitized  # noqa: E402
from states import (ENDS, Fixture, hashes, rows,  # noqa: E402
                    wrong_databases)
from tap import Tap  # noqa: E402

FORKS = Call("clone,clone3,vfork", 1, "", "")
USER = "nobody"

tap = Tap()


def jobs_of(state):
    """[(state, spawns)] of the jobs, the last first."""
    columns = rows(state.file("jobs.db"))["job"]
    with_names = sorted(columns, reverse=True)
    return [(job[3], job[11]) for job in with_names]


def once(state):
    fault = Fault(FORKS, "error=EAGAIN", False)
    status, body = state.answer("trigger_report", "reach=3h", fault, "POST")
    tap.same("a fork that fails once: 202", status, 202)
    tap.same("the job waits", jobs_of(state)[0], ("queued", 1))
    report_id = json.loads(body)["report_id"]
    told = state.settle([report_id])[report_id]
    tap.same("a later look starts it", told["status"], "Complete")
    tap.same("and there it is", sorted(hashes(state, report_id)), sorted(ENDS))


def for_ever(state):
    fault = Fault(FORKS, "error=EAGAIN", True)
    status, body = state.answer("trigger_report", "reach=4h", fault, "POST")
    tap.same("forks that fail for ever: 202", status, 202)
    report_id = json.loads(body)["report_id"]
    end, tries = time.monotonic() + LIMIT_S, set()
    told = {"status": "Running"}
    while told["status"] == "Running" and time.monotonic() < end:
        # Not at each look a start is due.
        _, body = state.answer("get_report", "report_id=" + report_id, fault,
                               needed=False)
        told = json.loads(body)
        tries.add(jobs_of(state)[0][1])
    tap.same("it ends Failed", (told["status"], told.get("error")),
             ("Failed", "no worker could be started"))
    tap.same("after five tries", max(tries), 5)
    told = json.loads(state.trigger("?reach=4h").body)
    tap.same("asked again it is made",
             state.settle([told["report_id"]])[told["report_id"]]["status"],
             "Complete")


def as_user(state, folder, program, query, limit):
    """Runs a program of a copy as an ordinary user: (status, body)."""
    def enter():
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_NPROC, (limit, limit))

    user = USER if os.geteuid() == 0 else None
    done = subprocess.run(
        [os.path.join(folder, "cgi-bin", program)], stdin=subprocess.DEVNULL,
        env={**os.environ, "STOREMON_STATE": state.path,
             "REQUEST_METHOD": "GET", "QUERY_STRING": query},
        capture_output=True, text=True, timeout=LIMIT_S, check=True,
        user=user, extra_groups=[] if user else None, preexec_fn=enter)
    head, _, body = done.stdout.partition("\n\n")
    return int(head.split()[1]), json.loads(body), done.stderr


def too_many_processes(fixture):
    """prlimit --nproc, which counts for an ordinary user only."""
    with fixture.copy() as state, \
            tempfile.TemporaryDirectory(prefix="storemon-fault-") as folder:
        for path in (folder, fixture.folder):
            os.chmod(path, 0o755)
        shutil.copy(os.path.join(BUILD, "storemon"), folder)
        shutil.copytree(os.path.join(BUILD, "cgi-bin"),
                        os.path.join(folder, "cgi-bin"))
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", USER, state.path], check=True)
        status, told, said = as_user(state, folder, "trigger_report",
                                     "reach=5h", 0)
        tap.ok("no process is left to start: 202",
               status == 202 and "Resource temporarily" in said, status, said)
        tap.same("that job waits", jobs_of(state)[0], ("queued", 1))
        query, end = "report_id=" + told["report_id"], 60 + time.monotonic()
        while told["status"] == "Running" and time.monotonic() < end:
            _, told, _ = as_user(state, folder, "get_report", query, None)
        tap.same("and is made once there is one", told["status"], "Complete")
        state.wait_idle()
        tap.same("the databases are whole", list(wrong_databases(state)), [])


def main():
    not_sanitized(tap)
    with Fixture() as fixture:
        with fixture.copy() as state:
            once(state)
            for_ever(state)
            state.wait_idle()
            tap.same("the databases are whole", list(wrong_databases(state)),
                     [])
        too_many_processes(fixture)
    tap.done()


if __name__ == "__main__":
    main()
