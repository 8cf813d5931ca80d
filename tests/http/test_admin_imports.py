#!/usr/bin/env python3
"""Imports over the web: from the preview to the end, by one or by many, and
as the command line makes them."""

import concurrent.futures
import json
import os
import pwd
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

from server import Server, header, wait_for  # noqa: E402
from tap import Tap  # noqa: E402

from admin import (BAD, OTHER, POLLS, SETTINGS, ZONES, Admin,  # noqa: E402
                   code_of)

HOURS = b"store_id,day,start_time_local,end_time_local\n1,0,09:00,17:00\n"
CASES = os.path.join(ROOT, "..", "shared", "cases", "import.json")
COMPARED = ("dataset", "rows", "new", "changed", "same", "bad", "removed",
            "problems", "file_error", "applied")


# --- what is done with them ---------------------------------------------------

def only_bad_rows(tap, admin, tab):
    """Of the folder of uploads nothing else ever comes out."""
    server = admin.server
    path = f"{server.state}/uploads/{tab}.bad.csv"
    tap.same("the folder of uploads is not served", [
        admin.ask("GET", f"/uploads-internal/{name}").status
        for name in (f"{tab}.bad.csv", tab, "")], [404, 404, 404])
    secret = os.path.join(server.folder, "secret")
    with open(secret, "w", encoding="utf-8") as file:
        file.write("secret")
    os.chmod(secret, 0o644)
    os.rename(path, path + ".away")
    os.symlink(secret, path)
    reply = admin.ask("GET", f"/admin/imports/{tab}/bad.csv")
    tap.ok("a symbolic link in it is not followed", reply.status == 404 and
           b"secret" not in reply.body, reply)
    os.rename(path + ".away", path)


def test_life(tap, admin):
    first, tab = admin.preview(ZONES), admin.preview(BAD)
    replies = [admin.act(first, "confirm") for _ in range(2)]
    tap.same("confirmed in two tabs", [r.status for r in replies], [202, 202])
    told = admin.ended(first)
    tap.same("it is imported", (told["state"], told["new"], told["can_undo"]),
             ("Imported", 2, True))
    tap.same("confirmed once more", admin.act(first, "confirm").status, 202)
    tap.same("too late to cancel", admin.act(first, "cancel").status, 409)
    tap.same("the data is there",
             [admin.dataset("timezones")[k] for k in
              ("rows", "stores", "undo_import")], [2, 2, first])
    reply = admin.act(tab, "confirm", b"skip_bad=1")
    tap.same("what was previewed before is out of date",
             (reply.status, code_of(reply)), (409, "data_changed"))
    tap.same("it is checked again", admin.act(tab, "recheck").status, 202)
    wait_for("the second check", lambda: admin.look(tab)["can_confirm"])
    reply = admin.act(tab, "confirm")
    tap.same("bad rows are not confirmed by themselves",
             (reply.status, code_of(reply)), (409, "bad_rows"))
    reply = admin.ask("GET", f"/admin/imports/{tab}/bad.csv")
    tap.ok("they are in a file to keep", reply.status == 200 and
           reply.body.endswith(b"4,timezone,4,Mars\n") and
           (header(reply, "Content-Disposition") or "").startswith(
               "attachment"), reply)
    only_bad_rows(tap, admin, tab)
    replies = [admin.act(tab, "cancel") for _ in range(2)]
    tap.same("cancelled in two tabs", [r.status for r in replies], [202, 202])
    tap.same("a confirm comes too late", admin.act(tab, "confirm").status,
             409)
    tap.same("undo", admin.act(first, "undo").status, 202)
    wait_for("the undo", lambda: admin.dataset("timezones")["rows"] == 0)
    tap.same("undo again", admin.act(first, "undo").status, 409)
    history = json.loads(admin.ask("GET", "/admin/imports").body)["imports"]
    told = {told["import_id"]: told for told in history}
    tap.ok("the history tells of both", {first, tab} <= told.keys(), history)
    tap.ok("and which was undone", told[first]["undone_at"] and
           not told[tab]["undone_at"], history)


def test_command_line(tap, admin, folder):
    """The history is that of the data, whoever has imported."""
    path = os.path.join(folder, "by hand.csv")
    with open(path, "wb") as file:
        file.write(b"store_id,timezone_str\nhand,Asia/Tokyo\n")
    done = admin.server.storemon("import", "timezones", path)
    tap.same("an import by the command line", done.returncode, 0)
    told = json.loads(admin.ask("GET", "/admin/imports").body)["imports"][0]
    tap.same("stands in the history",
             [told[k] for k in ("state", "dataset", "file", "user", "new",
                                "bytes", "can_undo", "can_confirm")],
             ["Imported", "timezones", "by hand.csv",
              pwd.getpwuid(os.getuid()).pw_name, 1, None, True, False])
    seen = admin.look(told["import_id"])
    tap.same("can be looked at", seen["result"]["new"], 1)
    tap.same("cannot be cancelled",
             code_of(admin.act(told["import_id"], "cancel")), "unknown_import")
    tap.same("and can be undone",
             admin.act(told["import_id"], "undo").status, 202)
    tap.ok("which is told", admin.look(told["import_id"])["undone_at"])


def test_polls(tap, admin):
    polls = admin.preview(POLLS, "/admin/imports/polls")
    admin.act(polls, "confirm")
    tap.same("polls are imported", admin.ended(polls)["state"], "Imported")
    reply = admin.act(polls, "undo")
    tap.same("polls have no undo", (reply.status, code_of(reply)),
             (409, "no_undo_for_polls"))
    more = {"Content-Type": "application/json"}
    for status in (200, 404):
        reply = admin.ask("POST", "/admin/stores/forget",
                          b'{"store_id":"1"}', more)
        tap.same(f"a store is forgotten: {status}", reply.status, status)
    tap.same("its polls are gone", admin.dataset("polls")["rows"], 0)


def test_parallel(tap, admin):
    import_id = admin.preview(OTHER)
    before = admin.dataset("timezones")["revision"]
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        replies = list(pool.map(lambda _: admin.act(import_id, "confirm"),
                                range(20)))
    tap.same("twenty confirms at once", {r.status for r in replies}, {202})
    tap.same("end well", admin.ended(import_id)["state"], "Imported")
    told = admin.dataset("timezones")
    tap.same("and are one import",
             (told["revision"] - before, told["rows"],
              told["last_import"]["id"]), (1, 2, import_id))


def test_two_at_once(tap, admin):
    """One after the other: the second of one data set is checked again."""
    mine, yours = (admin.preview(b"store_id,timezone_str\n%d,UTC\n" % store)
                   for store in (11, 12))
    hours = admin.preview(HOURS, "/admin/imports/hours")
    ids = (mine, yours, hours)
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        replies = list(pool.map(lambda each: admin.act(each, "confirm"), ids))
    tap.ok("two files of one data set and one of another, confirmed at once",
           all(r.status == 202 or code_of(r) == "data_changed"
               for r in replies) and replies[2].status == 202, replies)
    told = [admin.ended(each) for each in ids]
    tap.same("one of the data set and the other one are imported",
             sorted(t["state"] for t in told[:2]) + [told[2]["state"]],
             ["Imported", "Preview", "Imported"])
    left = next(t for t in told if t["state"] == "Preview")
    tap.ok("what is left is to be checked again",
           left["data_changed"] and not left["can_confirm"], left)
    admin.act(left["import_id"], "recheck")
    wait_for("the second check", lambda: admin.look(
        left["import_id"])["can_confirm"])
    admin.act(left["import_id"], "confirm")
    tap.same("and is imported then",
             admin.ended(left["import_id"])["state"], "Imported")


def test_whole(tap, admin, folder):
    """The preview names who loses what; it is what the command line says."""
    url = "/admin/imports/timezones"
    first = admin.preview(b"store_id,timezone_str\n" + b"".join(
        b"s%02d,UTC\n" % i for i in range(15)), url + "?whole=1")
    admin.act(first, "confirm")
    admin.ended(first)
    path = os.path.join(folder, "whole.csv")
    with open(path, "wb") as file:
        file.write(OTHER)
    wanted = json.loads(admin.server.storemon(
        "import", "timezones", path, "--whole", "--dry-run", "--json").stdout)
    told = admin.ended(admin.upload(OTHER, url + "?whole=1"))
    tap.same("a whole data set as on the command line", pick(told["result"]),
             pick(wanted))
    loses = next(w for w in told["preview"]["warnings"]
                 if w["code"] == "loses")
    tap.same("all that lose by it are named",
             (loses["stores"], loses["examples"]),
             (15, [f"s{i:02}" for i in range(15)]))
    admin.act(told["import_id"], "confirm")
    admin.ended(told["import_id"])
    tap.same("and have lost", admin.dataset("timezones")["stores"], 2)
    tap.same("undo brings them back", (
        admin.act(told["import_id"], "undo").status,
        admin.dataset("timezones")["stores"]), (202, 15))


# --- the command line and the web ---------------------------------------------

def pick(result):
    return {name: result[name] for name in COMPARED}


def check(tap, admin, path, case, state):
    """A case checked both ways; the import's id, or None."""
    with open(path, "rb") as file:
        content = file.read()
    wanted = json.loads(run(state, "import", case["dataset"], path,
                            "--dry-run", "--json"))
    reply = admin.ask("PUT", "/admin/imports/" + case["dataset"], content)
    if reply.status != 202:
        tap.same(f"{case['id']}: not taken, as on the command line",
                 code_of(reply), (wanted["file_error"] or {}).get("code"))
        return None
    told = admin.ended(json.loads(reply.body)["import_id"])
    tap.same(f"{case['id']}: checked as on the command line",
             pick(told["result"]), pick(wanted))
    return told["import_id"] if told["state"] == "Preview" else None


def run(state, *words):
    """The command line, on another state; what it prints."""
    build = os.path.join(ROOT, os.environ.get("BUILD", "build/release"))
    return subprocess.run(
        [os.path.join(build, "storemon"), "--state", state, *words],
        capture_output=True, timeout=60, check=False).stdout


def test_same_answers(tap, folder):
    """Case by case into two states, by the web and by the command line."""
    if not os.path.exists(CASES):
        tap.skip("cases of the command line over HTTP", "no ../shared")
        return
    with open(CASES, encoding="utf-8") as file:
        cases = json.load(file)["cases"]
    path, state = (os.path.join(folder, n) for n in ("case.csv", "other"))
    with Server(env=SETTINGS) as server:
        admin = Admin(server)
        for case in cases:
            with open(path, "wb") as file:
                file.write(content_of(case))
            import_id = check(tap, admin, path, case, state)
            if import_id is None:
                continue
            wanted = json.loads(run(state, "import", case["dataset"], path,
                                    "--skip-bad", "--json"))
            admin.act(import_id, "confirm", b"skip_bad=1")
            told = admin.ended(import_id)
            tap.same(f"{case['id']}: imported as on the command line",
                     pick(told["result"]), pick(wanted))
        told = server.report()
        report = server.request("GET", told["report"]).body
        tap.ok("the reports are the same, byte for byte",
               report == run(state, "report", "-o", "-") and
               report.count(b"\n") > 10, told)
        tap.same("what it looks like at the end", server.look(), [])


def content_of(case):
    if "content_hex" in case:
        return bytes.fromhex(case["content_hex"])
    if "repeat" in case:
        repeat = case["repeat"]
        return (repeat["head"] + repeat["line"] * repeat["times"] +
                repeat["tail"]).encode()
    return case["content"].encode()


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="storemon-imports-") as folder:
        with Server(env=SETTINGS) as server:
            admin = Admin(server)
            test_life(tap, admin)
            test_command_line(tap, admin, folder)
            test_polls(tap, admin)
            test_parallel(tap, admin)
            test_two_at_once(tap, admin)
            test_whole(tap, admin, folder)
            tap.same("what it looks like afterwards", server.look(), [])
        test_same_answers(tap, folder)
    tap.done()


if __name__ == "__main__":
    main()
