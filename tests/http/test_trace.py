#!/usr/bin/env python3
"""One request through all logs: from nginx by the program to the worker, by
the id that the client was told; and that a line is a line."""

import json
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

from server import Server, header, wait_for  # noqa: E402
from tap import Tap  # noqa: E402

from admin import SETTINGS, ZONES, Admin  # noqa: E402

# A line of the programs and the worker, and what it is made of.
LINE = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) "
    r"(?P<level>error|warn|info) (?P<program>\w+)\[(?P<pid>\d+)\]"
    r"(?: request=(?P<request>[0-9a-f]{32}))?"
    r"(?: id=(?P<id>[0-9a-f-]{36}))?: (?P<text>[ -~]+)")
# What a client may try to write into a log.
HOSTILE = ("a%0a2026-01-01T00:00:00.000000Z%20error%20worker[1]:%20forged"
           "%0d%1b[2J")

tap = Tap()


def lines(server, name):
    """The lines of a program's log, taken apart; None for another's line."""
    path = f"{server.state}/log/{name}.log"
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        return [LINE.fullmatch(line.rstrip("\n")) for line in file]


def said(server, name, request):
    """What the log says of a request: [(program, id, text), ...]."""
    return [(m["program"], m["id"], m["text"]) for m in lines(server, name)
            if m and m["request"] == request]


def access(server, request):
    """nginx's line of a request; it is written within a second or two."""
    def look():
        with open(server.state + "/log/nginx-access.log",
                  encoding="utf-8") as file:
            told = [json.loads(line) for line in file if line.endswith("\n")]
        return [x for x in told if x["request_id"] == request]
    return wait_for("nginx's line", look)


def report(server):
    """A report: one request in three logs; one that shares it."""
    reply = server.request("POST", "/trigger_report?reach=5h")
    request = header(reply, "X-Request-Id")
    report_id = json.loads(reply.body)["report_id"]
    wait_for("the report", lambda: server.look_up(report_id)["status"] !=
             "Running")
    line, = access(server, request)
    tap.same("nginx has logged it", (line["status"], line["uri"]),
             (202, "/trigger_report?reach=5h"))
    tap.same("and the program", said(server, "programs", request),
             [("trigger_report", None, f"report {report_id} queued")])
    worker = wait_for("the worker's lines", lambda: (
        lambda told: told if len(told) == 2 else None)(
            said(server, "worker", request)))
    tap.same("and the worker", [x[:2] for x in worker],
             [("worker", report_id)] * 2)
    tap.ok("at its begin and end", worker[0][2] == "report begun, attempt 1"
           and re.fullmatch(r"report complete: \d+ rows in \d+\.\d{3} s",
                            worker[1][2]), worker)
    reply = server.request("POST", "/trigger_report?reach=5h")
    other = json.loads(reply.body)["report_id"]
    tap.same("one that shares it names whose worker it was",
             said(server, "programs", header(reply, "X-Request-Id")),
             [("trigger_report", None,
               f"report {other} shares the files of {report_id}")])


def upload(server):
    """An import: the check is the upload's, the import the confirmation's."""
    admin = Admin(server)
    reply = admin.ask("PUT", "/admin/imports/timezones?file=z.csv", ZONES)
    taken = header(reply, "X-Request-Id")
    import_id = json.loads(reply.body)["import_id"]
    admin.ended(import_id)
    reply = admin.act(import_id, "confirm")
    confirmed = header(reply, "X-Request-Id")
    admin.ended(import_id)
    wait_for("the last line", lambda: len(said(server, "worker",
                                               confirmed)) == 2)
    tap.same("the upload is told", said(server, "programs", taken),
             [("imports", None, f"import {import_id} taken, check queued")])
    tap.same("its check names it", said(server, "worker", taken),
             [("worker", import_id, "check begun, attempt 1"),
              ("worker", import_id, "check ended: preview")])
    tap.same("the confirmation is told", said(server, "programs", confirmed),
             [("imports", None, f"import {import_id} confirmed, queued")])
    tap.same("its import names it", said(server, "worker", confirmed),
             [("worker", import_id, "import begun, attempt 1"),
              ("worker", import_id, "import ended: imported")])


def errors(server):
    """An error's answer, its header and the logs have one id."""
    for path in ("/nothing", "/get_report?report_id=" + HOSTILE,
                 "/trigger_report?" + HOSTILE + "=1"):
        reply = server.request("GET", path)
        told = json.loads(reply.body)["request_id"]
        tap.same(f"{path[:30]}: one id in answer, header and log",
                 (told, len(access(server, told))),
                 (header(reply, "X-Request-Id"), 1))
    # The id is the server's: what a client calls its request is not heard.
    mine = "f" * 32
    reply = server.request("GET", "/get_report",
                           headers={"X-Request-Id": mine})
    tap.ok("a client cannot choose it",
           header(reply, "X-Request-Id") != mine, reply)


def failure(server):
    """A failure is said in the program that saw it, with the id.  The first
    request of all, before the program has the data open."""
    path = server.state + "/data.db"
    os.rename(path, path + ".away")
    os.mkdir(path)
    reply = server.request("POST", "/trigger_report")
    os.rmdir(path)
    os.rename(path + ".away", path)
    told = said(server, "programs", header(reply, "X-Request-Id"))
    tap.ok("a failure names the request", reply.status == 503 and
           any("data.db" in text for _, _, text in told), reply, told)


def whole_lines(server):
    for name in ("programs", "worker"):
        strange = [n for n, line in enumerate(lines(server, name), 1)
                   if line is None]
        tap.same(f"{name}.log: every line is one of ours", strange, [])
    with open(server.state + "/log/programs.log", encoding="utf-8") as file:
        tap.ok("nobody has forged one", not re.search(
            r"^[^ ]+ error worker\[1\]", file.read(), re.M))


def main():
    with Server(sample=True, env=SETTINGS) as server:
        failure(server)
        report(server)
        upload(server)
        errors(server)
        whole_lines(server)
        tap.same("all is in order afterwards", server.look(), [])
    tap.done()


if __name__ == "__main__":
    main()
