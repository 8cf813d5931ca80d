#!/usr/bin/env python3
"""Administration over HTTP: the password, uploads in every form, and what is
refused."""

import base64
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

from server import Server, header  # noqa: E402
from tap import Tap  # noqa: E402

from admin import (BAD, BOUNDARY, FORM, POLLS, SETTINGS,  # noqa: E402
                   UNKNOWN, ZONES, Admin, code_of, curl, form, nothing_left, part)

PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


# --- access -------------------------------------------------------------------

def test_password(tap, admin):
    server = admin.server
    wrong = {"Authorization": "Basic " + base64.b64encode(
        b"admin:wrong").decode()}
    paths = ("/admin", "/admin/", "/admin/nothing.js", "/admin/nothing",
             "/admin/imports", "/admin/imports/polls",
             "/admin/imports/" + UNKNOWN, "/admin/stores/forget")
    for path in paths:
        for told, headers in (("no", {}), ("a wrong", wrong)):
            reply = server.request("GET", path, headers=headers)
            tap.ok(f"{path} with {told} password is 401",
                   reply.status == 401 and code_of(reply) == "unauthorized"
                   and "Basic" in (header(reply, "WWW-Authenticate") or ""),
                   reply)
    for method in ("PUT", "POST", "DELETE"):
        reply = server.request(method, "/admin/imports/polls", POLLS, wrong)
        tap.same(f"{method} with a wrong password", reply.status, 401)
    reply = admin.ask("GET", "/admin/")
    tap.ok("/admin/ with the password is the page", reply.status == 200 and
           "text/html" in header(reply, "Content-Type"), reply)
    reply = admin.ask("GET", "/admin")
    tap.same("/admin leads to /admin/",
             (reply.status, header(reply, "Location")), (301, "/admin/"))
    nothing_left(tap, server, "without the password")


def test_new_password(tap, admin):
    path = os.path.join(admin.server.state, "admin.htpasswd")
    with open(path, encoding="ascii") as file:
        tap.ok("the password is kept as a hash, quick since it is random",
               re.fullmatch(r"admin:\$6\$rounds=1000\$[^:\n]+\n",
                            file.read()))
    tap.same("its file is for its owner and group",
             os.stat(path).st_mode & 0o777, 0o640)
    done = admin.server.storemon("passwd")
    tap.ok("storemon passwd tells a new one", done.returncode == 0 and
           re.fullmatch(r"user: admin\npassword: [2-9a-z]{20}\n",
                        done.stdout), done)
    tap.same("the old one is void", admin.ask("GET", "/admin/").status, 401)
    admin.password = done.stdout.split()[-1]
    admin.headers["Authorization"] = "Basic " + base64.b64encode(
        f"admin:{admin.password}".encode()).decode()
    tap.same("the new one counts", admin.ask("GET", "/admin/").status, 200)
    build = os.path.join(ROOT, os.environ.get("BUILD", "build/release"))
    for text, code in (("1234567\n", 1), ("", 1), ("12345678\n", 0),
                       ("x" * 200, 0), ("x" * 201, 1), ("1234\t5678\n", 1)):
        with tempfile.TemporaryDirectory() as state:
            done = subprocess.run(
                [os.path.join(build, "storemon"), "passwd", "--stdin",
                 "--state", state], input=text, text=True,
                capture_output=True, timeout=30)
            made = os.path.exists(os.path.join(state, "admin.htpasswd"))
            if made:
                with open(os.path.join(state, "admin.htpasswd"),
                          encoding="ascii") as file:
                    slow = re.fullmatch(r"admin:\$6\$[^$:\n]+\$[^$:\n]+\n",
                                        file.read())
        tap.ok(f"storemon passwd --stdin with {len(text)} characters",
               done.returncode == code and made == (code == 0) and
               (not made or slow) and (not text or text.strip() not in done.stdout), done)


def test_rate(tap):
    """Who guesses is slowed down, and nobody else."""
    with Server(env={"STOREMON_ADMIN_RATE": "1"}) as server:
        guess = {"Authorization": "Basic " + base64.b64encode(
            b"admin:guess").decode()}
        seen = [server.request("GET", "/admin/", headers=guess)
                for _ in range(100)]
        tap.same("guesses are 401, then 429",
                 sorted({r.status for r in seen}), [401, 429])
        tap.ok("few of them were looked at",
               sum(r.status == 401 for r in seen) <= 75,
               [r.status for r in seen])
        tap.same("429 says so", code_of(seen[-1]), "too_many_requests")
        tap.same("others go on", [server.request("GET", path).status for path
                                  in ("/", "/get_report", "/admin/")],
                 [200, 400, 401])
        tap.same("and so does the administrator, at another address",
                 [from_elsewhere(server, Admin(server).headers)
                  for _ in range(20)], [200] * 20)


def from_elsewhere(server, headers):
    """Asks for the history from 127.0.0.2; the status."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", server.port, timeout=30, source_address=("127.0.0.2", 0))
    try:
        connection.request("GET", "/admin/imports", headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


# --- uploads ------------------------------------------------------------------

def test_ways_in(tap, admin, folder):
    url = admin.server.url + "/admin/imports"
    path = os.path.join(folder, "zones.csv")
    with open(path, "wb") as file:
        file.write(ZONES)
    ways = (
        ("PUT", ["-T", path, url + "/timezones"], None),
        ("POST with a slash behind", ["--data-binary", "@" + path,
                                      url + "/timezones/"], None),
        ("chunked PUT", ["-T", "-", url + "/timezones"], ZONES),
        ("POST of the bytes", ["--data-binary", "@" + path,
                               url + "/timezones"], None),
        ("PUT by the header line", ["-T", path, url], None),
        ("POST by the header line", ["--data-binary", "@" + path, url + "/"],
         None),
        ("form", ["-F", "file=@" + path, url + "/timezones"], None),
        ("form by the header line", ["-F", "file=@" + path, url], None),
        ("form with a data set", ["-F", "dataset=timezones", "-F",
                                  "file=@" + path, "-F", "whole=0", url],
         None),
    )
    for name, words, data in ways:
        status, body = curl(admin, *words, data=data)
        told = json.loads(body)
        if not tap.same(name + " is 202", status, 202):
            continue
        seen = admin.ended(told["import_id"])
        tap.same(name + ": what it is",
                 [seen[k] for k in ("state", "dataset", "rows", "user",
                                    "bytes", "whole")],
                 ["Preview", "timezones", 2, "admin", len(ZONES), False])
        tap.same(name + ": where to look", told["status_url"],
                 "/admin/imports/" + told["import_id"])
    status, body = curl(admin, "-T", path, url + "/timezones?whole=1&file=z.csv")
    seen = admin.ended(json.loads(body)["import_id"])
    tap.same("whole and the name by the query",
             [status, seen["whole"], seen["file"]], [202, True, "z.csv"])
    nothing_left(tap, admin.server, "every way in")


def test_page(tap, admin):
    """Without JavaScript it goes from page to page."""
    def page(path):
        reply = admin.ask("GET", path, None, PAGE)
        return reply, reply.body.decode()

    reply = admin.ask("POST", "/admin/imports/timezones", form(
        part("file", BAD, "<b>zones.csv")), {**FORM, **PAGE})
    where = header(reply, "Location") or ""
    tap.ok("a form is sent on", reply.status == 303 and re.fullmatch(
        r"/admin/imports/[0-9a-f-]{36}", where), reply)
    import_id = where.rpartition("/")[2]
    admin.ended(import_id)
    reply, text = page(where)
    tap.ok("to a page", reply.status == 200 and "text/html" in header(
        reply, "Content-Type") and "<h1>&lt;b&gt;zones.csv</h1>" in text,
        reply)
    tap.ok("with a choice about bad rows", all(
        f'action="{where}/{deed}"' in text
        for deed in ("confirm", "cancel")) and "skip_bad" in text, text)
    tap.same("programs are told otherwise", header(
        admin.ask("GET", where), "Content-Type"), "application/json")
    reply = admin.act(import_id, "confirm", b"skip_bad=1", PAGE)
    tap.same("the confirm leads back", [reply.status, header(
        reply, "Location")], [303, where])
    admin.ended(import_id)
    tap.ok("to the end, with a way to undo it",
           f'action="{where}/undo"' in page(where)[1])
    reply = admin.act(import_id, "undo", headers=PAGE)
    tap.ok("and to that it is undone", reply.status == 303 and
           "was undone" in page(where)[1], page(where))


def test_refusals(tap, admin):
    imports = "/admin/imports"
    one = f"{imports}/{UNKNOWN}"
    text = {"Content-Type": "text/plain"}
    urlencoded = {"Content-Type": "application/x-www-form-urlencoded"}
    cases = (
        ("an unknown data set", "PUT", imports + "/pols", POLLS, {}, 404,
         "unknown_dataset"),
        ("a data set in capitals", "PUT", imports + "/POLLS", POLLS, {}, 404,
         "unknown_dataset"),
        ("GET of an unknown name", "GET", imports + "/pols", None, {}, 404,
         "unknown_dataset"),
        ("GET of a data set", "GET", imports + "/polls", None, {}, 405,
         "method_not_allowed"),
        ("DELETE of the history", "DELETE", imports, None, {}, 405,
         "method_not_allowed"),
        ("PUT to an id", "PUT", one, POLLS, {}, 405, "method_not_allowed"),
        ("GET of confirm", "GET", one + "/confirm", None, {}, 405,
         "method_not_allowed"),
        ("GET of forget", "GET", "/admin/stores/forget", None, {}, 405,
         "method_not_allowed"),
        ("POST to the page", "POST", "/admin/", b"x", {}, 405,
         "method_not_allowed"),
        ("an unknown id", "GET", one, None, {}, 404, "unknown_import"),
        ("confirm of an unknown id", "POST", one + "/confirm", None, {}, 404,
         "unknown_import"),
        ("cancel of an unknown id", "POST", one + "/cancel", None, {}, 404,
         "unknown_import"),
        ("undo of an unknown id", "POST", one + "/undo", None, {}, 404,
         "unknown_import"),
        ("bad rows of an unknown id", "GET", one + "/bad.csv", None, {}, 404,
         "no_bad_rows"),
        ("an unknown deed", "POST", one + "/delete", b"x", {}, None, None),
        ("a line end behind the id", "GET", one + "%0a", None, {}, 404,
         "unknown_dataset"),
        ("a line end behind the history", "GET", imports + "%0a", None, {},
         404, "not_found"),
        ("a line end behind bad rows", "GET", one + "/bad.csv%0a", None, {},
         404, "not_found"),
        ("a line end behind a deed", "POST", one + "/confirm%0a", None, {},
         404, "not_found"),
        ("a line end behind forget", "GET", "/admin/stores/forget%0a", None,
         {}, 404, "not_found"),
        ("an id in capitals", "GET", one.upper().replace("/ADMIN/IMPORTS",
         imports), None, {}, 404, "unknown_dataset"),
        ("an unknown parameter", "PUT", imports + "/polls?a=1", POLLS, {},
         400, "unknown_parameter"),
        ("whole twice", "PUT", imports + "/polls?whole=1&whole=1", POLLS, {},
         400, "repeated_parameter"),
        ("a whole that is neither", "PUT", imports + "/polls?whole=yes",
         POLLS, {}, 400, "bad_parameter"),
        ("a name with a line end", "PUT", imports + "/polls?file=a%0d%0ab",
         POLLS, {}, 400, "bad_parameter"),
        ("a header line that tells nothing", "PUT", imports, b"a,b\n1,2\n",
         {}, 400, "no_dataset"),
        ("gzip by its bytes", "PUT", imports + "/polls",
         b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", {}, 415, "compressed"),
        ("gzip by its header", "PUT", imports + "/polls", POLLS,
         {"Content-Encoding": "gzip"}, 415, "compressed"),
        ("skip_bad that is neither", "POST", one + "/confirm", b"skip_bad=2",
         urlencoded, 400, "bad_parameter"),
        ("confirm with text", "POST", one + "/confirm", b"skip_bad=1", text,
         415, "unsupported_media_type"),
        ("forget without a store", "POST", "/admin/stores/forget", None, {},
         400, "missing_parameter"),
        ("forget of an unknown store", "POST", "/admin/stores/forget",
         b"store_id=none", urlencoded, 404, "unknown_store"),
        ("another site's page", "POST", one + "/confirm", None,
         {"Sec-Fetch-Site": "cross-site"}, 403, "foreign_site"),
        ("a sister site's page", "PUT", imports + "/polls", POLLS,
         {"Sec-Fetch-Site": "same-site"}, 403, "foreign_site"),
        ("another origin", "POST", "/admin/stores/forget", b"store_id=1",
         {**urlencoded, "Origin": "http://evil.example"}, 403,
         "foreign_site"),
        ("the origin null", "PUT", imports, POLLS, {"Origin": "null"}, 403,
         "foreign_site"),
    )
    for name, method, path, body, headers, status, code in cases:
        reply = admin.ask(method, path, body, headers)
        if status is None:
            tap.ok(name + " is refused", reply.status in (404, 405), reply)
            continue
        tap.same(name, (reply.status, code_of(reply)), (status, code))
    own = admin.server.url
    for headers in ({"Origin": own}, {"Sec-Fetch-Site": "same-origin"},
                    {"Sec-Fetch-Site": "none"},
                    {"Origin": own, "Sec-Fetch-Site": "same-origin"}):
        reply = admin.ask("POST", one + "/confirm", None, headers)
        tap.same(f"its own page: {headers}", reply.status, 404)
    nothing_left(tap, admin.server, "what was refused")


def test_lengths(tap, admin):
    def raw(path, *lines):
        text = "".join(line + "\r\n" for line in (
            f"PUT {path} HTTP/1.1", "Host: localhost", "Connection: close",
            "Authorization: " + admin.headers["Authorization"], *lines, ""))
        head, _, body = admin.server.raw(text.encode()).partition(
            b"\r\n\r\n")
        return int(head.split()[1]), json.loads(body)["error"]["code"]

    tap.same("too large a file is 413 before it is sent",
             raw("/admin/imports/polls", "Content-Length: 67108865"),
             (413, "too_large"))
    tap.same("elsewhere it takes far less",
             raw(f"/admin/imports/{UNKNOWN}/confirm",
                 "Content-Length: 1048577"), (413, "too_large"))
    tap.same("without a body", raw("/admin/imports/polls"),
             (411, "length_required"))
    reply = admin.ask("PUT", "/admin/imports/polls", b"")
    told = json.loads(reply.body)
    code = code_of(reply) or admin.ended(
        told["import_id"])["result"]["file_error"]["code"]
    tap.same("an empty body is an empty file", code, "empty_file")


def test_forms(tap, admin):
    file = part("file", ZONES, "a.csv")
    whole = form(file)
    hundred_thousand = b"".join(
        part(f"p{i}", b"x") for i in range(100000))
    deep = (b"".join(b"--i\r\n\r\nx\r\n" for _ in range(1000)) + b"--i--\r\n")
    nested = "Content-Type: multipart/mixed; boundary=i\r\n"
    message = "Content-Type: message/rfc822\r\n"
    cases = [
        ("100,000 parts", form(hundred_thousand), "too_many_parts"),
        ("nine parts", form(file, *(part(f"p{i}", b"") for i in range(8))),
         "too_many_parts"),
        ("a nested form", form(part("file", deep, "a", nested)), "nested"),
        ("a nested message", form(part("file", b"a: b\r\n\r\nc", "a",
                                       message)), "nested"),
        ("an encoded part",
         form(part("file", base64.b64encode(ZONES), "a",
                   "Content-Transfer-Encoding: base64\r\n")),
         "bad_multipart"),
        ("no file", form(part("whole", b"1")), "missing_parameter"),
        ("no part at all", form(), "missing_parameter"),
        ("two files", form(file, file), "repeated_parameter"),
        ("an unknown part", form(file, part("size", b"1")),
         "unknown_parameter"),
        ("a whole that is neither", form(file, part("whole", b"yes")),
         "bad_parameter"),
        ("a text part that is long", form(file, part("dataset", b"x" * 65)),
         "bad_parameter"),
        ("a part without a name",
         f"--{BOUNDARY}\r\n\r\nx\r\n--{BOUNDARY}--\r\n".encode(),
         "bad_multipart"),
        ("endless headers", form(part("file", ZONES, "a", "X: " + "y" * 9000
                                      + "\r\n")), "bad_multipart"),
        ("text in place of a form", ZONES, "bad_multipart"),
        ("another boundary", whole.replace(b"a-boundary", b"b-boundary"),
         "bad_multipart"),
    ]
    cut = (1, len(BOUNDARY) + 2, len(BOUNDARY) + 3, len(BOUNDARY) + 4, 60,
           whole.index(b"store_id"), len(whole) - len(BOUNDARY) - 10,
           len(whole) - 5, len(whole) - 4)
    cases += [(f"cut off after {n} of {len(whole)} bytes", whole[:n],
               "truncated") for n in cut]
    for name, body, code in cases:
        start = time.monotonic()
        reply = admin.ask("POST", "/admin/imports/timezones", body, FORM)
        tap.same(name, (reply.status, code_of(reply)), (400, code))
        tap.ok(name + " is refused in no time",
               time.monotonic() - start < 20)
    for told in ("multipart/form-data", "multipart/form-data; boundary=",
                 "multipart/form-data; boundary=" + "x" * 71):
        reply = admin.ask("POST", "/admin/imports/timezones", whole,
                          {"Content-Type": told})
        tap.same(told[:50], (reply.status, code_of(reply)),
                 (400, "bad_multipart"))
    nothing_left(tap, admin.server, "bad forms")


def test_boundary_across(tap, admin):
    """Wherever a window of the reader ends, the file comes out whole."""
    line = b"1,America/New_York\n"
    for more in range(0, 40, 3):
        size = (256 << 10) - 100 + more
        rows = (size - len(ZONES)) // len(line)
        body = ZONES + line * rows
        body += b"\n" * (size - len(body))
        reply = admin.ask("POST", "/admin/imports/timezones",
                          form(part("file", body, "a.csv")), FORM)
        told = admin.ended(json.loads(reply.body)["import_id"])
        tap.same(f"a file of {size} bytes", (told["bytes"], told["rows"]),
                 (size, rows + 2))


NAMES = ("../../../etc/passwd", "..", "/etc/passwd", "C:\\x\\y.csv",
         "a\\\"b.csv", "<script>alert(1)</script>.csv",
         "a\\r\\nX-Evil: 1.csv", "a%0d%0ab.csv", "\u202egnp.csv", "x" * 400,
         "\u00fcber.csv", "")


def test_names(tap, admin):
    uploads = os.path.join(admin.server.state, "uploads")
    for name in NAMES:
        reply = admin.ask("POST", "/admin/imports/timezones",
                          form(part("file", ZONES, name)), FORM)
        if not tap.same(f"the file name {name[:40]!r} is taken",
                        reply.status, 202):
            continue
        import_id = json.loads(reply.body)["import_id"]
        shown = admin.ended(import_id)["file"] or ""
        tap.ok(f"it is shown as clean text: {shown[:40]!r}",
               shown.isprintable() and len(shown.encode()) <= 200, shown)
    sent = form(part("file", ZONES, "a\r\nX-Evil: 1\r\n.csv"))
    reply = admin.ask("POST", "/admin/imports/timezones", sent, FORM)
    tap.ok("a file name with real line ends does no harm",
           reply.status in (202, 400) and header(reply, "X-Evil") is None,
           reply)
    if reply.status == 202:
        admin.ended(json.loads(reply.body)["import_id"])
    wrong = [n for n in os.listdir(uploads)
             if not re.fullmatch(r"[0-9a-f-]{36}(\.bad)?\.csv", n)]
    tap.same("no file is called by it", wrong, [])


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="storemon-admin-") as folder:
        with Server(env=SETTINGS) as server:
            admin = Admin(server)
            test_password(tap, admin)
            test_new_password(tap, admin)
            test_ways_in(tap, admin, folder)
            test_page(tap, admin)
            test_refusals(tap, admin)
            test_lengths(tap, admin)
            test_forms(tap, admin)
            test_boundary_across(tap, admin)
            test_names(tap, admin)
            tap.same("what it looks like afterwards", server.look(), [])
        test_rate(tap)
    tap.done()


if __name__ == "__main__":
    main()
