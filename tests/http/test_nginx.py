#!/usr/bin/env python3
"""What nginx itself must do: routes, the spool, limits, errors, headers."""

import gzip
import hashlib
import json
import os
import re
import signal
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

from server import Server, header, wait_for  # noqa: E402
from tap import Tap  # noqa: E402

ID = "00000000-0000-4000-8000-000000000000"
MEGABYTE = 1 << 20
SECURITY = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; "
                               "base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Server": "nginx",
}
# Nothing that is sent may hold these.
SECRETS = re.compile(rb"nginx/|/tmp/|/work/|/var/|\.db\b|SELECT|<html", re.I)

# method, path, status: what answers where
ROUTES = [
    ("GET", "/get_report", 400), ("GET", "/get_report/", 400),
    ("POST", "/get_report", 400), ("POST", "/get_report/", 400),
    ("HEAD", "/get_report", 400), ("PUT", "/get_report", 405),
    ("DELETE", "/trigger_report", 405), ("PUT", "/trigger_report/", 405),
    ("GET", f"/get_report?report_id={ID}", 404),
    ("GET", f"/get_report/?report_id={ID}", 404),
    ("GET", "//get_report", 400), ("GET", "/./get_report", 400),
    ("GET", "/get_report%0a", 404), ("GET", "/get_report%00", 400),
    ("GET", "/get_report%20", 404), ("GET", "/get_reports", 404),
    ("GET", "/GET_REPORT", 404), ("GET", "/get_report/more", 404),
    ("GET", "/trigger_report%0a", 404), ("GET", "/trigger_report.cgi", 404),
    ("GET", "/stores", 400), ("GET", "/stores/", 400),
    ("PUT", "/stores", 405), ("GET", "/stores/1", 404),
    ("GET", "/stores%0a", 404), ("GET", "/store", 404),
    ("GET", "/nothing", 404),
    ("GET", "/cgi-bin/get_report", 404), ("GET", "/.error", 404),
    ("POST", "/", 405), ("PUT", "/index.html", 405),
    ("DELETE", f"/reports/{ID}.csv", 405), ("OPTIONS", "/", 405),
    ("TRACE", "/get_report", 405), ("GET", "/../jobs.db", 400),
    ("GET", "/%2e%2e/jobs.db", 400), ("GET", "/run/nginx.conf", 404),
    ("GET", f"/spool-internal/{ID}.csv", 404), ("GET", "/empty/", 404),
]

# Names below /reports/ that are no files, {} being a report that is there.
NO_FILES = ["{}.csv%0a", "{}.csv%00", "{}.csv/", "{}.csv.gz", "{}.csv.tmp",
            "{}", "{}.", "{}.html", "{}.CSV", "x/{}.csv", "../spool/{}.csv",
            "%2e%2e/jobs.db", "../../data.db", "..%2f..%2fdata.db",
            "{}.csv%2f..", ".{}.csv", "", "{}.detail.json",
            "{}.stores.csv", "{}.strips.json", "{}.strips.txt.gz", "{}.txt"]

tap = Tap()


def trouble(reply, status):
    """What is wrong with an answer that must be an error, or None."""
    if reply.status != status:
        return f"status {reply.status}, not {status}"
    try:
        told = json.loads(reply.body)
        good = (set(told) == {"error", "request_id"} and
                set(told["error"]) == {"code", "message"} and
                re.fullmatch("[a-z_]+", told["error"]["code"]) and
                told["error"]["message"].endswith((".", "?")) and
                told["request_id"] == header(reply, "X-Request-Id") and
                header(reply, "Content-Type") == "application/json")
    except ValueError:
        good = False
    return None if good else "no error object"


def headers_missing(reply):
    """Every answer has these, each once."""
    wrong = [f"{name}: {header(reply, name)}"
             for name, value in SECURITY.items()
             if header(reply, name) != value]
    if not re.fullmatch("[0-9a-f]{32}", header(reply, "X-Request-Id") or ""):
        wrong.append("X-Request-Id")
    if SECRETS.search(reply.body):
        wrong.append(f"tells too much: {reply.body[:200]!r}")
    return wrong


def check_error(name, reply, status):
    wrong = trouble(reply, status) if reply.body else None
    wrong = wrong or (reply.status != status and f"{reply.status}")
    missing = headers_missing(reply)
    tap.ok(f"{name}: {status}", not wrong and not missing, wrong, missing,
           reply)


def parse_raw(data):
    """The reply in what a socket gave."""
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = [tuple(line.split(": ", 1)) for line in lines[1:]]
    return type("Raw", (), {
        "status": int((lines[0].split() + ["0", "0"])[1]),
        "headers": headers, "body": body,
        "__str__": lambda self: repr(data[:500])})()


def routes(server):
    os.mkdir(server.state + "/run/www/empty")
    for method, path, status in ROUTES:
        reply = parse_raw(server.raw(
            f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            "Content-Length: 0\r\n\r\n".encode()))
        check_error(f"{method} {path}", reply, status)
        if status == 405:
            tap.ok(f"{method} {path}: says what is allowed",
                   "GET" in (header(reply, "Allow") or ""), reply)


def static(server):
    page = "<!doctype html><title>x</title>" + "x" * 2000
    for name in ("plain.html", "empty/page.css"):
        path = server.state + "/run/www/" + name
        with open(path, "w", encoding="utf-8") as file:
            file.write(page)
        os.chmod(path, 0o644)
    reply = server.request("GET", "/plain.html")
    tap.same("a page is served", (reply.status, reply.body), (200,
                                                              page.encode()))
    tap.same("a page has all headers", headers_missing(reply)[:0] +
             [h for h in headers_missing(reply) if "tells" not in h], [])
    tap.same("a page is asked for again",
             header(reply, "Cache-Control"), "no-cache")
    again = server.request("GET", "/plain.html", headers={
        "If-None-Match": header(reply, "ETag")})
    tap.same("an unchanged page is not sent", (again.status, again.body),
             (304, b""))
    tap.same("nor are its headers fewer", headers_missing(again), [])
    packed = server.request("GET", "/plain.html",
                            headers={"Accept-Encoding": "gzip"})
    tap.same("a page is packed", gzip.decompress(packed.body), page.encode())
    tap.same("types are told", header(server.request(
        "GET", "/empty/page.css"), "Content-Type"), "text/css; charset=utf-8")
    moved = server.request("GET", "/empty")
    tap.same("a folder's slash is added without naming a host",
             (moved.status, header(moved, "Location")), (301, "/empty/"))


def spool(server, told):
    path = told["report"]
    reply = server.request("GET", path)
    tap.same("the report is the file", hashlib.sha256(reply.body).hexdigest(),
             told["sha256"])
    tap.same("it has all headers", headers_missing(reply), [])
    tap.same("its type", header(reply, "Content-Type"),
             "text/csv; charset=utf-8")
    tap.same("it is an attachment", header(reply, "Content-Disposition"),
             f'attachment; filename="{os.path.basename(path)}"')
    tap.same("it may be kept", header(reply, "Cache-Control"),
             "private, max-age=86400, immutable")
    tap.same("the answer depends on the encoding", header(reply, "Vary"),
             "Accept-Encoding")
    for name, kind in (("summary", "application/json"),
                       ("stores", "application/json"),
                       ("strips", "text/plain; charset=utf-8")):
        other = server.request("GET", told[name])
        tap.same(f"{name}: its type", (other.status, header(
            other, "Content-Type")), (200, kind))
        tap.same(f"{name}: its headers", headers_missing(other), [])
        packed = server.request("GET", told[name],
                                headers={"Accept-Encoding": "gzip"})
        tap.same(f"{name}: packed", (header(packed, "Content-Encoding"),
                                     gzip.decompress(packed.body)),
                 ("gzip", other.body))
        tap.same(f"{name}: packed, its type", header(
            packed, "Content-Type"), kind)
    detail = server.request("GET", told["detail"])
    tap.ok("the detail is there", detail.status == 200 and
           detail.body.startswith(b"store_id,hour_up_s,"), detail)
    head = server.request("HEAD", path)
    tap.same("HEAD tells the length", (head.status, head.body, header(
        head, "Content-Length")), (200, b"", str(told["bytes"])))
    check_error("POST to a file", server.request("POST", path, b"x"), 405)
    packed = server.request("GET", path, headers={"Accept-Encoding": "gzip"})
    tap.same("the packed file says so", header(packed, "Content-Encoding"),
             "gzip")
    tap.same("and is the same", gzip.decompress(packed.body), reply.body)
    tap.same("and of the same type", header(packed, "Content-Type"),
             "text/csv; charset=utf-8")
    return reply


def parts(server, path, whole):
    def part(value, **more):
        return server.request("GET", path, headers={"Range": value, **more})

    reply = part("bytes=0-9")
    tap.same("the first bytes", (reply.status, reply.body, header(
        reply, "Content-Range")), (206, whole.body[:10],
                                   f"bytes 0-9/{len(whole.body)}"))
    tap.same("the last bytes", part("bytes=-5").body, whole.body[-5:])
    tap.same("the rest", part("bytes=100-").body, whole.body[100:])
    check_error("a range outside", part("bytes=99999999-"), 416)
    etag = header(whole, "ETag")
    tap.same("a range of what the client has",
             part("bytes=0-9", **{"If-Range": etag}).status, 206)
    tap.same("a range of something else gives all",
             part("bytes=0-9", **{"If-Range": '"other"'}).body, whole.body)
    same = server.request("GET", path, headers={"If-None-Match": etag})
    tap.same("a file that the client has is not sent",
             (same.status, same.body), (304, b""))


def internal(server, told):
    """X-Accel-Redirect: the program says which file, nginx sends it."""
    reply = server.request("GET", "/get_report?format=csv&report_id=" +
                           told["report_id"])
    tap.same("the CSV through the program", hashlib.sha256(
        reply.body).hexdigest(), told["sha256"])
    tap.same("its type", header(reply, "Content-Type"),
             "text/csv; charset=utf-8")
    tap.same("its headers", headers_missing(reply), [])
    tap.ok("its name", told["report_id"] in (header(
        reply, "Content-Disposition") or ""), reply.headers)
    tap.ok("it is not told where the file is",
           header(reply, "X-Accel-Redirect") is None, reply.headers)
    check_error("the spool itself", server.request(
        "GET", f"/spool-internal/{told['report_id']}.csv"), 404)


def no_files(server, told):
    """Whatever the name, nothing but a report's file comes out."""
    for name in NO_FILES:
        path = "/reports/" + name.format(told["report_id"])
        reply = parse_raw(server.raw(
            f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            .encode()))
        bad = trouble(reply, reply.status) or headers_missing(reply)
        tap.ok(f"no file {name!r}", reply.status in (400, 404) and not bad,
               bad, reply)
    message = json.loads(server.request(
        "GET", f"/reports/{ID}.csv").body)["error"]["message"]
    tap.same("a missing file says whom to ask", message,
             "There is no such report file: ask /get_report for its state.")
    secret = os.path.join(server.folder, "secret")
    with open(secret, "w", encoding="utf-8") as file:
        file.write("secret")
    os.chmod(secret, 0o644)
    os.symlink(secret, f"{server.state}/spool/{ID}.csv")
    os.symlink(secret, f"{server.state}/spool/{ID}.csv.gz")
    for headers in ({}, {"Accept-Encoding": "gzip"}):
        check_error("a symbolic link in the spool", server.request(
            "GET", f"/reports/{ID}.csv", headers=headers), 404)
    for end in (".csv", ".csv.gz"):
        os.unlink(f"{server.state}/spool/{ID}{end}")


def refusals(server):
    """What nginx says before any program hears of it."""
    head = "POST /get_report HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    large = parse_raw(server.raw(
        f"{head}Content-Length: {2 * MEGABYTE}\r\n\r\n".encode()))
    check_error("a body too large, before it is sent", large, 413)
    chunk = b"%x\r\n" % MEGABYTE + b"x" * MEGABYTE + b"\r\n"
    check_error("a body too large, in chunks", parse_raw(server.raw(
        f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + 2 * chunk)),
        413)
    for name, data, status in [
            ("no request", "hello\r\n\r\n", 400),
            ("no host", "GET / HTTP/1.1\r\n\r\n", 400),
            ("two lengths", f"{head}Content-Length: 1\r\n"
                            "Content-Length: 2\r\n\r\nx", 400),
            ("length and chunks", f"{head}Content-Length: 1\r\n"
             "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            ("a length that is none", f"{head}Content-Length: x\r\n\r\n",
             400),
            ("an odd encoding", f"{head}Transfer-Encoding: gzip\r\n\r\n",
             501),
            ("a long address", f"GET /{'x' * 20000} HTTP/1.1\r\n"
                               "Host: x\r\n\r\n", 414),
            ("a long header", f"GET / HTTP/1.1\r\nHost: x\r\n"
                              f"X: {'x' * 20000}\r\n\r\n", 431),
            ("another version", "GET / HTTP/3.0\r\nHost: x\r\n\r\n", 505)]:
        check_error(name, parse_raw(server.raw(data.encode())), status)
    reply = server.request("GET", "/get_report", headers={
        "X-Request-Id": "f" * 32, "Request-Id": "f" * 32})
    tap.ok("a client cannot choose the request id",
           header(reply, "X-Request-Id") != "f" * 32, reply)


def hang(pid):
    """Stop a process; it may take a request until it has stopped."""
    def stopped():
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] == "T"

    os.kill(pid, signal.SIGSTOP)
    wait_for("stop", stopped)


def broken_programs(server):
    """502 and 504, with others not affected."""
    pids = server.pids_of("get_report")
    tap.same("four processes answer /get_report", len(pids), 4)
    hang(pids[0])
    replies = [server.request("GET", "/get_report").status
               for _ in range(20)]
    tap.same("one that hangs holds nobody else up", set(replies), {400})
    for pid in pids[1:]:
        hang(pid)
    check_error("all hang", server.request("GET", "/get_report"), 504)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    wait_for("restart", lambda: server.request(
        "GET", "/get_report").status == 400)
    tap.ok("killed programs are started again", True)
    path = f"{server.state}/run/get_report.sock"
    os.rename(path, path + ".away")
    check_error("no program", server.request("GET", "/get_report"), 502)
    os.rename(path + ".away", path)
    tap.same("the program is back", server.request(
        "GET", "/get_report").status, 400)


def access_log(server):
    def last():
        with open(server.state + "/log/nginx-access.log",
                  encoding="utf-8") as file:
            lines = [json.loads(line) for line in file
                     if line.endswith("\n")]
        return next((x for x in lines if x["uri"] == "/logged?a=%22"), None)

    reply = server.request("GET", "/logged?a=%22")
    line = wait_for("the log's line", last)
    tap.same("the log has the request id", line["request_id"],
             header(reply, "X-Request-Id"))
    tap.same("and the status", (line["method"], line["status"]),
             ("GET", 404))


def flood():
    """The limit of /trigger_report, as it is unless set."""
    with Server(env={"STOREMON_TRIGGER_RATE": ""}) as server:
        # One address of the two would be one without a limit.
        start = time.monotonic()
        replies = [server.request("POST", "/trigger_report" + end)
                   for _ in range(30) for end in ("", "/")]
        took = time.monotonic() - start
        refused = [r for r in replies if r.status == 429]
        # 20 beyond the first, and then five a second.
        tap.ok("a burst is let through, a flood is not",
               38 - 5 * took <= len(refused) <= 40, len(refused), took)
        last = refused[0] if refused else replies[-1]
        check_error("too many", last, 429)
        tap.same("with a time to wait", header(last, "Retry-After"), "1")
        tap.same("others are not limited", {server.request(
            "GET", "/get_report").status for _ in range(60)}, {400})
        tap.same("the flood left nothing", server.look(), [])


def main():
    with Server(sample=True) as server:
        told = server.report()
        routes(server)
        static(server)
        whole = spool(server, told)
        parts(server, told["report"], whole)
        internal(server, told)
        no_files(server, told)
        refusals(server)
        broken_programs(server)
        access_log(server)
        tap.same("all is in order afterwards", server.look(), [])
    flood()
    tap.done()


if __name__ == "__main__":
    main()
