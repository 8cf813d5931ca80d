#!/usr/bin/python3
"""docs/openapi.yaml against the running server: every route and every status
that it describes is provoked, and every answer is one that it describes."""
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

from server import Server, wait_for  # noqa: E402
from tap import Tap  # noqa: E402

import client  # noqa: E402
import operation_api  # noqa: E402
import suite  # noqa: E402
from openapi import PATH, Spec  # noqa: E402
from admin import Admin, FORM, form, part  # noqa: E402

BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build/release"))
FAST = {"STOREMON_WORKERS": str(suite.WORKERS),
        "STOREMON_TRIGGER_RATE": "99999", "STOREMON_ADMIN_RATE": "99999"}
SLOW = {"STOREMON_TRIGGER_RATE": "1", "STOREMON_ADMIN_RATE": "1"}
FORM_BODY = {"Content-Type": "application/x-www-form-urlencoded"}
JSON_BODY = {"Content-Type": "application/json"}
TEXT_BODY = {"Content-Type": "text/plain"}
FOREIGN = {"Sec-Fetch-Site": "cross-site"}
GZIP = {"Content-Encoding": "gzip"}
PAGE = {"Accept": "text/html"}
BIG = "x=" + "y" * (1 << 20)
LONG = "&" * 65537
ZONES = b"store_id,timezone_str\na,Europe/Dublin\n"
BAD_ZONES = b"store_id,timezone_str\na,Europe/Dublin\nb,Nowhere\n"
UNKNOWN = "01234567-89ab-4cde-8f01-23456789abcd"
IMPORTS = "/admin/imports"
ONE = "/admin/imports/{import_id}"
DATASET = "/admin/imports/{dataset}"
ACTION = "/admin/imports/{import_id}/{action}"
BAD = "/admin/imports/{import_id}/bad.csv"
FORGET = "/admin/stores/forget"


class Asker:
    """Asks a server and holds every answer against the description."""

    def __init__(self, tap, spec, server):
        self.tap, self.spec, self.server = tap, spec, server
        self.client = client.Nginx(server.url)
        self.password = {}

    def ask(self, method, route, status, query="", path=None, headers=None,
            body=b""):
        """route: as it stands in the description; path: as it is asked."""
        path = path or route
        return self.check(method, route, status, self.client.ask(
            method, path, query, {**self.password, **(headers or {})}, body))

    def check(self, method, route, status, reply):
        wrong = self.spec.judge(method, route, reply)
        if reply.status != status:
            wrong = f"{status} was to be provoked"
        self.tap.ok(f"{method} {route} answers {status} as described",
                    wrong is None, wrong, reply)
        return reply


def without_body(asker, method, path):
    """The answer to a request that tells no length."""
    text = "".join(line + "\r\n" for line in (
        f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close",
        "Authorization: " + asker.password["Authorization"], ""))
    head, _, body = asker.server.raw(text.encode()).partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    return client.Response(int(status.split()[1]),
                           [line.split(": ", 1) for line in lines], body)


def test_parameters(asker, route, good):
    """What every route with parameters refuses."""
    asker.ask("GET", route, 400, "x=1")
    asker.ask("DELETE", route, 405, good)
    asker.ask("GET", route, 414, good + LONG)
    asker.ask("POST", route, 400, headers=FORM_BODY, body="x=1")
    asker.ask("POST", route, 413, headers=FORM_BODY, body=BIG)
    asker.ask("POST", route, 415, headers=TEXT_BODY, body="x")


def test_reports(asker, reports):
    values = reports.values
    test_parameters(asker, "/trigger_report", "")
    asker.ask("GET", "/trigger_report", 202)
    asker.ask("POST", "/trigger_report", 202, headers=JSON_BODY,
              body=json.dumps({"store_id": [values["store"]]}))
    test_parameters(asker, "/get_report", "report_id=" + UNKNOWN)
    for state, status, csv in (("unknown", 404, 404), ("complete", 200, 200),
                               ("failed", 200, 409), ("expired", 410, 410),
                               ("running", 200, 202)):
        asked = "report_id=" + values[state]
        asker.ask("GET", "/get_report", status, asked)
        asker.ask("POST", "/get_report", status, headers=FORM_BODY,
                  body=asked)
        asker.ask("GET", "/get_report", csv, asked + "&format=csv")
        asker.ask("POST", "/get_report", csv, headers=FORM_BODY,
                  body=asked + "&format=csv")


def test_files(asker, report_id):
    route = "/reports/{file}"
    told = json.loads(asker.client.ask("GET", "/get_report",
                                       "report_id=" + report_id).body)
    for name in ("report", "detail", "summary", "stores", "strips"):
        asker.ask("GET", route, 200, path=told[name])
    path = told["report"]
    etag = asker.client.ask("GET", path).headers["etag"]
    asker.ask("GET", route, 206, path=path, headers={"Range": "bytes=0-9"})
    asker.ask("GET", route, 416, path=path,
              headers={"Range": "bytes=999999999-"})
    asker.ask("GET", route, 304, path=path, headers={"If-None-Match": etag})
    asker.ask("GET", route, 404, path=f"/reports/{UNKNOWN}.csv")
    asker.ask("DELETE", route, 405, path=path)


def test_stores(asker, store):
    test_parameters(asker, "/stores", "id=a")
    for method, how in (("GET", lambda text: {"query": text}),
                        ("POST", lambda text: {"headers": FORM_BODY,
                                               "body": text})):
        asker.ask(method, "/stores", 200, **how("id=" + store))
        asker.ask(method, "/stores", 200, **how("prefix="))
        asker.ask(method, "/stores", 404, **how("id=nobody%20knows%20me"))


def test_pruned(asker, store):
    """Of a time whose polls have been removed."""
    done = asker.server.storemon("prune", "--keep", "2")
    asker.tap.same("old polls are removed", done.returncode, 0)
    early = "as_of=2020-01-01T00:00:00Z"
    for route, query in (("/trigger_report", early),
                         ("/stores", f"id={store}&{early}")):
        asker.ask("GET", route, 410, query)
        asker.ask("POST", route, 410, headers=FORM_BODY, body=query)


def test_operation(asker):
    for route in ("/healthz", "/metrics"):
        asker.ask("GET", route, 200)
        asker.ask("GET", route, 400, "x=1")
        asker.ask("DELETE", route, 405)


def test_uploads(asker):
    for route, path in ((IMPORTS, IMPORTS), (DATASET, IMPORTS + "/timezones")):
        sent = form(part("file", ZONES, "z.csv"))
        for method, headers, body in (("PUT", {}, ZONES),
                                      ("POST", FORM, sent)):
            asker.ask(method, route, 202, path=path, headers=headers,
                      body=body)
            asker.ask(method, route, 400, "x=1", path=path, headers=headers,
                      body=body)
            asker.ask(method, route, 403, path=path,
                      headers={**headers, **FOREIGN}, body=body)
            asker.ask(method, route, 415, path=path,
                      headers={**headers, **GZIP}, body=body)
        asker.check("PUT", route, 411, without_body(asker, "PUT", path))
        asker.ask("POST", route, 303, path=path, headers={**FORM, **PAGE},
                  body=sent)
    asker.ask("PUT", DATASET, 404, path=IMPORTS + "/menus", body=ZONES)
    asker.ask("POST", DATASET, 404, path=IMPORTS + "/menus", headers=FORM,
              body=form(part("file", ZONES, "z.csv")))
    asker.ask("DELETE", DATASET, 405, path=IMPORTS + "/timezones")
    asker.ask("GET", IMPORTS, 200)
    asker.ask("GET", IMPORTS, 400, "x=1")
    asker.ask("DELETE", IMPORTS, 405)


def test_one_import(asker, admin):
    clean = admin.preview(ZONES)
    bad = admin.preview(BAD_ZONES)
    for import_id in (clean, bad):
        asker.ask("GET", ONE, 200, path=f"{IMPORTS}/{import_id}")
    asker.ask("GET", ONE, 400, "x=1", path=f"{IMPORTS}/{clean}")
    asker.ask("GET", ONE, 404, path=f"{IMPORTS}/{UNKNOWN}")
    asker.ask("DELETE", ONE, 405, path=f"{IMPORTS}/{clean}")
    asker.ask("GET", BAD, 200, path=f"{IMPORTS}/{bad}/bad.csv")
    asker.ask("GET", BAD, 400, "x=1", path=f"{IMPORTS}/{bad}/bad.csv")
    asker.ask("GET", BAD, 404, path=f"{IMPORTS}/{clean}/bad.csv")
    asker.ask("DELETE", BAD, 405, path=f"{IMPORTS}/{bad}/bad.csv")
    confirm = f"{IMPORTS}/{clean}/confirm"
    asker.ask("POST", ACTION, 409, path=f"{IMPORTS}/{bad}/confirm")
    asker.ask("POST", ACTION, 404, path=f"{IMPORTS}/{UNKNOWN}/confirm")
    asker.ask("DELETE", ACTION, 405, path=confirm)
    test_changes(asker, ACTION, confirm)
    asker.ask("POST", ACTION, 303, path=confirm, headers=PAGE)
    asker.ask("POST", ACTION, 202, path=confirm)
    admin.ended(clean)
    asker.ask("GET", ONE, 200, path=f"{IMPORTS}/{clean}")


def test_changes(asker, route, path):
    """What every change refuses."""
    asker.ask("POST", route, 400, "x=1", path=path)
    asker.ask("POST", route, 403, path=path, headers=FOREIGN)
    asker.ask("POST", route, 413, path=path, headers=FORM_BODY, body=BIG)
    asker.ask("POST", route, 415, path=path, headers=TEXT_BODY, body="x")


def test_forget(asker):
    asker.ask("DELETE", FORGET, 405)
    test_changes(asker, FORGET, FORGET)
    asker.ask("POST", FORGET, 404, headers=FORM_BODY, body="store_id=zzz")
    asker.ask("POST", FORGET, 200, headers=FORM_BODY, body="store_id=a")


def test_forget_page(asker, admin):
    """For a page without JavaScript; the store is there again."""
    clean = admin.preview(ZONES)
    admin.act(clean, "confirm")
    admin.ended(clean)
    asker.ask("POST", FORGET, 303, headers={**FORM_BODY, **PAGE},
              body="store_id=a")


# A request for each of the operations behind the password.
BEHIND = (
    ("GET", IMPORTS, IMPORTS, {}, b""),
    ("PUT", IMPORTS, IMPORTS, {}, ZONES),
    ("POST", IMPORTS, IMPORTS, FORM, form(part("file", ZONES, "z.csv"))),
    ("PUT", DATASET, IMPORTS + "/timezones", {}, ZONES),
    ("POST", DATASET, IMPORTS + "/timezones", FORM,
     form(part("file", ZONES, "z.csv"))),
    ("GET", ONE, f"{IMPORTS}/{UNKNOWN}", {}, b""),
    ("GET", BAD, f"{IMPORTS}/{UNKNOWN}/bad.csv", {}, b""),
    ("POST", ACTION, f"{IMPORTS}/{UNKNOWN}/confirm", {}, b""),
    ("POST", FORGET, FORGET, FORM_BODY, "store_id=a"),
)


def test_password(asker):
    for method, route, path, headers, body in BEHIND:
        asker.ask(method, route, 401, path=path, headers=headers, body=body)
    asker.tap.same("these are all that ask for it",
                   {(method, route) for method, route, *_ in BEHIND},
                   asker.spec.security())


def too_many(asker, method, route, path, headers, body):
    """Asks until it is too much."""
    headers = {**asker.password, **headers}
    for _ in range(200):
        reply = asker.client.ask(method, path, "", headers, body)
        if reply.status == 429:
            break
    wrong = asker.spec.judge(method, route, reply)
    asker.tap.ok(f"{method} {route} answers 429 as described",
                 wrong is None and reply.status == 429, wrong, reply)


def test_rates(asker):
    for method in ("GET", "POST"):
        too_many(asker, method, "/trigger_report", "/trigger_report", {}, b"")
    for request in BEHIND:
        too_many(asker, *request)


def test_trouble(asker):
    """On data that is damaged."""
    look = "report_id=" + UNKNOWN
    for route, query in (("/trigger_report", ""), ("/get_report", look),
                         ("/stores", "id=a")):
        asker.ask("GET", route, 503, query)
        asker.ask("POST", route, 503, headers=FORM_BODY, body=query)
    asker.ask("GET", "/healthz", 503)
    for method, route, path, headers, body in BEHIND:
        asker.ask(method, route, 503, path=path, headers=headers, body=body)


def test_sizes(asker):
    """413 of uploads, on a server that takes little; 507 without space."""
    for method, route, path, headers, _ in BEHIND[1:5]:
        asker.ask(method, route, 413, path=path, headers=headers,
                  body=b"x" * 3000)


def test_full(asker):
    body = os.path.join(asker.server.state, "body")
    owner = os.stat(asker.server.state)
    if os.geteuid() != 0 or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size=1m,mode=750,"
             f"uid={owner.st_uid},gid={owner.st_gid}", "tmpfs", body],
            capture_output=True, check=False).returncode != 0:
        asker.tap.skip("507 as described", "it takes root, and a mount")
        return {("PUT", IMPORTS), ("POST", IMPORTS), ("PUT", DATASET),
                ("POST", DATASET)}
    try:
        for method, route, path, headers, _ in BEHIND[1:5]:
            asker.ask(method, route, 507, path=path, headers=headers,
                      body=b"x" * 3_000_000)
    finally:
        # nginx may still be at the last of the files.
        wait_for("the end of the mount", lambda: subprocess.run(
            ["umount", body], capture_output=True,
            check=False).returncode == 0)
    return set()


def as_admin(asker):
    admin = Admin(asker.server)
    asker.password = admin.headers
    return admin


def test_all(tap, spec):
    """Everything but 429, 413 of uploads and 503."""
    with tempfile.TemporaryDirectory(prefix="storemon-api-") as sample, \
            Server(env=FAST) as server:
        asker = Asker(tap, spec, server)
        suite.make_sample(BUILD, sample, server.state)
        reports = suite.Reports(asker.client, server.state,
                                suite.a_store(sample))
        reports.make_complete()
        reports.make_expired()
        reports.make_failed()
        with suite.Slots(server.state):
            reports.make_running()
            test_reports(asker, reports)
        test_files(asker, reports.values["complete"])
        test_stores(asker, reports.values["store"])
        test_operation(asker)
        test_password(asker)
        admin = as_admin(asker)
        test_uploads(asker)
        test_one_import(asker, admin)
        test_forget(asker)
        test_forget_page(asker, admin)
        operation_api.test_operation(asker)
        operation_api.test_pruned(asker)
        skipped = test_full(asker)
        test_pruned(asker, reports.values["store"])
        test_served(tap, server)
        suite.wait_for_workers(tap, server.state)
        tap.same("all is in order afterwards", server.look(), [])
    return skipped


def test_empty(tap, spec):
    """No polls, few requests, small files."""
    with Server(env={**FAST, "STOREMON_UPLOAD_MAX": "2k"}) as server:
        asker = Asker(tap, spec, server)
        for route, query in (("/trigger_report", ""), ("/stores", "id=a")):
            asker.ask("GET", route, 409, query)
            asker.ask("POST", route, 409, headers=FORM_BODY, body=query)
        as_admin(asker)
        test_sizes(asker)
    with Server(env={**SLOW, "STOREMON_METRICS_FROM": "192.0.2.1"}) as server:
        asker = Asker(tap, spec, server)
        asker.ask("GET", "/metrics", 404)
        as_admin(asker)
        test_rates(asker)


def test_damaged(tap, spec):
    with Server(env=FAST) as server:
        asker = Asker(tap, spec, server)
        as_admin(asker)
        server.stop()
        server.wait_idle()
        for name in ("data.db", "jobs.db"):
            for end in ("", "-wal", "-shm"):
                path = os.path.join(server.state, name + end)
                if os.path.exists(path):
                    with open(path, "r+b") as file:
                        file.truncate(0)
                        file.write(b"no database" * 1000)
        server.start()
        test_trouble(asker)


def test_page(tap):
    made = subprocess.run(
        ["/usr/bin/python3", os.path.join(ROOT, "tools", "api_page.py"),
         PATH], capture_output=True, check=False)
    with open(os.path.join(ROOT, "www", "api.html"), "rb") as file:
        tap.ok("www/api.html is what tools/api_page.py makes of it",
               made.returncode == 0 and made.stdout == file.read(),
               made.stderr)


def test_served(tap, server):
    for path, kind, file in (
            ("/api.html", "text/html; charset=utf-8", "www/api.html"),
            ("/openapi.yaml", "application/yaml", "docs/openapi.yaml")):
        reply = server.request("GET", path)
        with open(os.path.join(ROOT, file), "rb") as wanted:
            tap.same(f"{path} is served",
                     (reply.status, dict(reply.headers)["Content-Type"],
                      reply.body), (200, kind, wanted.read()))


def main():
    tap, spec = Tap(), Spec()
    tap.ok("every schema is one", spec.well_formed())
    test_page(tap)
    skipped = test_all(tap, spec)
    test_empty(tap, spec)
    test_damaged(tap, spec)
    tap.same("every answer that is described has been seen",
             sorted(answer for answer in spec.answers() - spec.seen
                    if not (answer[2] == "507" and answer[:2] in skipped)),
             [])
    tap.done()


if __name__ == "__main__":
    main()
