#!/usr/bin/env python3
"""What operators ask: /healthz, each part failing in turn, and /metrics, as
figures that are true, in Prometheus's form, for those who may see them."""

import contextlib
import fcntl
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

import prometheus  # noqa: E402
from server import ROOT, Server, header, locked, wait_for  # noqa: E402
from tap import Tap  # noqa: E402

import suite  # noqa: E402
from admin import SETTINGS, Admin  # noqa: E402

BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build/release"))
PARTS = ["data", "jobs", "workers", "queue", "spool", "disk", "polls"]
ZONES = b"store_id,timezone_str\nz1,America/New_York\nz2,Europe/Berlin\n"
# Nothing of the inside may be told to who has no password.
PRIVATE = re.compile(rb"/\w|\.db|select|sqlite|nginx|\d+\.\d+|errno|root",
                     re.IGNORECASE)

tap = Tap()


def health(server):
    """(status, {part: state}, the whole body)"""
    reply = server.request("GET", "/healthz")
    told = json.loads(reply.body)
    return reply.status, {name: part["state"] for name, part in
                          told["parts"].items()}, told


def fails(server, name, part, state="failed", status=503):
    """Waits until the part is told so: it is looked at once a second."""
    def look():
        got = health(server)
        return got if got[1][part] == state else None
    try:
        got = wait_for(name, look)
    except TimeoutError:
        got = health(server)
    others = {p for p, s in got[1].items() if s == "failed" and p != part}
    return tap.ok(f"{name}: {part} is told, {status}",
                  got[0] == status and got[1][part] == state and not others,
                  got)


def is_well(server, name):
    def look():
        got = health(server)
        return got if got[0] == 200 and set(got[1].values()) == {"ok"} else \
            None
    with contextlib.suppress(TimeoutError):
        tap.ok(name, wait_for(name, look) is not None)
        return
    tap.ok(name, False, health(server))


def metrics(server, source="127.0.0.1", path="/metrics"):
    """The reply to who asks from that address."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", server.port, timeout=30, source_address=(source, 0))
    try:
        connection.request("GET", path)
        reply = connection.getresponse()
        return reply.status, reply.getheader("Content-Type"), reply.read()
    finally:
        connection.close()


def value(server, name, **labels):
    samples = prometheus.read(metrics(server)[2].decode())[0]
    return samples.get((name, frozenset(labels.items())))


# --- health -------------------------------------------------------------------

def form(server):
    is_well(server, "a service that is well says so, part by part")
    reply = server.request("GET", "/healthz")
    told = json.loads(reply.body)
    tap.same("its members", sorted(told),
             ["newest_poll_age_s", "parts", "status"])
    tap.same("its parts, in their order", list(told["parts"]), PARTS)
    tap.ok("the age of the newest poll is of hours at the most",
           0 <= told["newest_poll_age_s"] < 86400, told)
    tap.ok("nothing private is told", not PRIVATE.search(reply.body),
           reply.body)
    tap.same("nobody keeps it", header(reply, "Cache-Control"), "no-store")
    tap.same("the route's other forms", [
        server.request(method, path).status for method, path in (
            ("GET", "/healthz/"), ("HEAD", "/healthz"), ("POST", "/healthz"),
            ("GET", "/healthz?x=1"), ("GET", "/healthz%0a"),
            ("GET", "/healthz/x"))], [200, 200, 405, 400, 404, 404])


@contextlib.contextmanager
def away(path):
    """Something else stands in the place of a file."""
    os.rename(path, path + ".away")
    os.mkdir(path)
    try:
        yield
    finally:
        os.rmdir(path)
        os.rename(path + ".away", path)


@contextlib.contextmanager
def mode(path, bits):
    before = os.stat(path).st_mode
    os.chmod(path, bits)
    try:
        yield
    finally:
        os.chmod(path, before)


def parts(server):
    """Each part fails, the others are looked at all the same."""
    state = server.state
    with open(state + "/data.db", "r+b") as file:
        good = file.read()
        file.seek(0)
        file.write(b"no database at all" * 500)
        file.truncate()
    got = wait_for("damage", lambda: (
        lambda h: h if h[0] == 503 else None)(health(server)))
    tap.ok("damaged data: 503, and the jobs are well", got[1]["data"] ==
           "failed" and got[1]["jobs"] == "ok", got)
    told = got[2]
    tap.ok("in the form of every error", told["error"]["code"] ==
           "unhealthy" and told["error"]["message"].endswith(".") and
           re.fullmatch("[0-9a-f]{32}", told["request_id"]), told)
    tap.ok("without a private word", not PRIVATE.search(
        json.dumps(told["parts"]).encode()), told)
    code, _, body = metrics(server)
    samples, problems = prometheus.read(body.decode())
    tap.ok("/metrics goes on, without what is not known", code == 200 and
           not problems and samples[("storemon_part_state", frozenset(
               {("part", "data")}))] == 2 and b"storemon_rows" not in body
           and b"storemon_queue_length" in body, problems, body)
    with open(state + "/data.db", "r+b") as file:
        file.write(good)
        file.truncate()
    is_well(server, "and well again when the data is")
    with mode(state + "/spool", 0o500):
        fails(server, "a spool that is closed", "spool")
    with locked(state + "/jobs.lock"):
        fails(server, "somebody who keeps the jobs", "jobs", "warning", 200)
    is_well(server, "well again after that")


def jobs_gone():
    with Server() as server:
        with away(server.state + "/jobs.db"):
            got = wait_for("no jobs", lambda: (
                lambda h: h if h[0] == 503 else None)(health(server)))
            tap.ok("jobs that cannot be opened", got[1]["jobs"] == "failed"
                   and got[1]["data"] == "ok", got)


def limits():
    """What depends on settings."""
    with Server(env={"STOREMON_DISK_MB": "100000000"}) as server:
        fails(server, "too little space", "disk")
        tap.same("no polls is a warning", health(server)[1]["polls"],
                 "warning")
        tap.same("and has no age", health(server)[2]["newest_poll_age_s"],
                 None)
    with Server(env={"STOREMON_QUEUE": "1", "STOREMON_WORKERS": "1"},
                sample=True) as server:
        path = server.state + "/slots/0.lock"
        server.report()
        with contextlib.ExitStack() as stack:
            wait_for("the slot", lambda: not busy(path))
            stack.enter_context(locked(path))
            server.trigger("?reach=3h")
            fails(server, "a full queue", "queue", "warning", 200)
            tap.same("its length", value(server, "storemon_queue_length"), 1)
            tap.ok("and its age", value(
                server, "storemon_queue_age_seconds") >= 0)


def busy(path):
    with open(path, "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
        except BlockingIOError:
            return True


def old_polls(server):
    path = os.path.join(server.folder, "old.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write("store_id,status,timestamp_utc\n"
                   "1,active,2023-01-22 12:00:00 UTC\n")
    server.storemon("import", "polls", path, "--whole")
    fails(server, "polls of long ago", "polls", "warning", 200)


def lost_work(server):
    """A job for which no worker was started: asking after the health has one
    started, though nobody looks at the report."""
    words = [os.path.join(BUILD, "cgi-bin", "trigger_report")]
    env = {**os.environ, "STOREMON_STATE": server.state,
           "STOREMON_PROGRAM": "/bin/true", "REQUEST_METHOD": "POST",
           "QUERY_STRING": "reach=7h"}
    done = subprocess.run(words, env=env, capture_output=True, check=True)
    report_id = json.loads(done.stdout.split(b"\r\n\r\n")[1])["report_id"]

    def made():
        server.request("GET", "/healthz")
        return os.path.exists(f"{server.state}/spool/{report_id}.csv")
    tap.ok("what was left lying is worked on", wait_for("the report", made))


# --- metrics ------------------------------------------------------------------

def true_figures(server):
    before = value(server, "storemon_jobs_ended_total", kind="report",
                   outcome="complete")
    server.report("?reach=1h")
    # Equal questions share a job.
    server.report("?reach=1h")
    server.report("?reach=2h")
    tap.same("reports are counted by their jobs", value(
        server, "storemon_jobs_ended_total", kind="report",
        outcome="complete") - before, 2)
    name = "storemon_job_duration_seconds_"
    count = value(server, name + "count", kind="report")
    tap.ok("and in the histogram", count == before + 2 == value(
        server, name + "bucket", kind="report", le="+Inf") and value(
            server, name + "sum", kind="report") > 0, count)
    spool = {os.stat(entry).st_ino: os.stat(entry).st_blocks * 512
             for entry in os.scandir(server.state + "/spool")}
    tap.same("the space of the spool is what it is", value(
        server, "storemon_state_bytes", part="spool"), sum(spool.values()))
    admin = Admin(server)
    import_id = admin.preview(ZONES)
    tap.same("imports by state", [value(
        server, "storemon_imports", state=state) for state in (
            "preview", "imported")], [1, 0])
    admin.act(import_id, "confirm")
    admin.ended(import_id)
    tap.same("after one more", [value(
        server, "storemon_imports", state=state) for state in (
            "preview", "imported")], [0, 1])
    tap.same("a check and an import have ended", [value(
        server, "storemon_jobs_ended_total", kind=kind, outcome="complete")
        for kind in ("check", "import")], [1, 1])
    told = {d["name"]: d["rows"] for d in json.loads(admin.ask(
        "GET", "/admin/imports").body)["datasets"]}
    tap.same("rows of each data set", {name: value(
        server, "storemon_rows", dataset=name) for name in told}, told)
    check = server.storemon("check").stdout
    tap.same("stores and revision", [value(server, name) for name in (
        "storemon_stores", "storemon_data_revision")],
        [float(re.search(r"(\d+) stores", check)[1]),
         float(re.search(r"revision (\d+)", check)[1])])


def failed_job(server):
    """Its reason is a label, of a fixed row."""
    name = {"kind": "report", "outcome": "io"}
    before = value(server, "storemon_jobs_ended_total", **name)
    with mode(server.state + "/spool", 0o500):
        told = server.report("?reach=11h")
    tap.ok("a job that failed is counted by its reason",
           told["status"] == "Failed" and value(
               server, "storemon_jobs_ended_total", **name) == before + 1,
           told)


def prometheus_form(server):
    status, kind, body = metrics(server)
    tap.same("status and type", (status, kind),
             (200, "text/plain; version=0.0.4; charset=utf-8"))
    samples, problems = prometheus.read(body.decode())
    tap.ok("Prometheus can read it", not problems and len(samples) > 100,
           *problems)
    tap.ok("no label has a path or an id", not re.search(
        rb'="[^"]*(/|[0-9a-f]{8})[^"]*"', body), body)
    said = prometheus.promtool(body)
    if said is None:
        tap.skip("promtool finds no fault", "it could not be fetched")
    else:
        tap.same("promtool finds no fault", said, "")
    tap.same("the route's other forms", [
        server.request(method, path).status for method, path in (
            ("GET", "/metrics/"), ("HEAD", "/metrics"), ("POST", "/metrics"),
            ("GET", "/metrics?x=1"), ("GET", "/metrics%0a"))],
        [200, 200, 405, 400, 404])


def who_may(server):
    for path in ("/metrics", "/metrics/"):
        status, _, body = metrics(server, "127.0.0.2", path)
        tap.ok(f"{path} is not there for others", status == 404 and
               b"storemon_" not in body, status, body)
    with Server(env={"STOREMON_METRICS_FROM": "127.0.0.2 ::1"}) as other:
        tap.same("the setting says for whom", [
            metrics(other, source)[0] for source in (
                "127.0.0.1", "127.0.0.2", "127.0.0.3")], [404, 200, 404])
        tap.same("all is in order there", other.look(), [])


def main():
    with tempfile.TemporaryDirectory(prefix="storemon-sample-") as sample, \
            Server(env=SETTINGS) as server:
        suite.make_sample(BUILD, sample, server.state)
        form(server)
        prometheus_form(server)
        true_figures(server)
        who_may(server)
        parts(server)
        lost_work(server)
        failed_job(server)
        old_polls(server)
        tap.same("all is in order afterwards", server.look(), [])
    jobs_gone()
    limits()
    tap.done()


if __name__ == "__main__":
    main()
