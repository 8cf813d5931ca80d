#!/usr/bin/env python3
"""The tool that takes guards away, on a tree of its own; and whether its
table, and the pages that name tests and guards, are true of this one."""

import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

from server import wait_for  # noqa: E402
from tap import Tap  # noqa: E402

TABLE = os.path.join(ROOT, "tests", "guards.toml")
PAGES = ("RELIABILITY.md", "SECURITY.md")
# A path of the project in a page: it has a slash and a known beginning.
PATH = re.compile(r"`((?:cgi-bin|conf|docs|sql|src|tests|tools|www)/[^`]*)`")
PRODUCT = "one guard\ntwo twins twins\n"
TEST = """#!/bin/sh
echo 1..2
echo ok 1 - another
case $(cat product) in
*slow*) echo $$ >pid; exec sleep 600 ;;
*crash*) echo not ok 2 - guarded; kill -SEGV $$ ;;
*short*) exit 1 ;;
*guard*) echo ok 2 - guarded ;;
*) echo not ok 2 - guarded; exit 1 ;;
esac
"""
MAKEFILE = "programs:\n\t@! grep broken product\n"

# name, text, instead, case, what is said if it is not as it should be
CASES = [
    ("noticed", "guard", "", "^not ok 2 - guarded", None),
    ("useless", "two", "three", "guarded", "passes without it"),
    ("gone", "nothing", "", "guarded", "product 0 times"),
    ("ambiguous", "twins", "", "guarded", "product 2 times"),
    ("elsewhere", "guard", "", "another", "fails elsewhere"),
    ("unbuilt", "guard", "broken", "guarded", "cannot be built"),
    ("crashing", "guard", "crash", "guarded", "killed by SIGSEGV"),
    ("cut short", "guard", "short", "guarded", "fails elsewhere"),
]

tap = Tap()


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)


def read(*names):
    with open(os.path.join(*names), encoding="utf-8") as file:
        return file.read()


def make_tree(folder, cases):
    """A project with one test, its guards, and a place for copies."""
    for name in ("guards.py", "tap.py"):
        os.makedirs(f"{folder}/tools", exist_ok=True)
        shutil.copy(f"{ROOT}/tools/{name}", f"{folder}/tools")
    write(f"{folder}/product", PRODUCT)
    write(f"{folder}/Makefile", MAKEFILE)
    write(f"{folder}/tests/t.sh", TEST, 0o755)
    rows = [{"name": name, "file": "product", "text": text,
             "instead": instead, "test": "tests/t.sh", "case": case}
            for name, text, instead, case, _ in cases]
    write(f"{folder}/tests/guards.toml", "\n".join(
        "[[guard]]\n" + "".join(f"{key} = {json.dumps(value)}\n"
                                for key, value in row.items())
        for row in rows))
    os.makedirs(f"{folder}/copies")


def start(folder, *words):
    return subprocess.Popen(
        [f"{folder}/tools/guards.py", *words], text=True,
        env={**os.environ, "TMPDIR": f"{folder}/copies"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def untouched(folder):
    return read(folder, "product") == PRODUCT and \
        os.listdir(f"{folder}/copies") == []


def verdicts(folder):
    program = start(folder)
    out = program.communicate(timeout=60)[0]
    tap.ok("a test that passes as all is",
           "ok 1 - tests/t.sh passes as all is" in out, out)
    for name, _, _, _, said in CASES:
        line = re.search(rf"^(not )?ok \d+ - without {name}, .*\n((?:#.*\n)*)",
                         out, re.MULTILINE)
        tap.ok(f"a guard that is {name}", line and (
            line[1] is None if said is None else
            line[1] is not None and said in line[2]), out)
    tap.ok("the sum", out.endswith(f"\n2 passed, {len(CASES) - 1} failed\n")
           and program.returncode == 1, out)
    program = start(folder, "notic")
    out = program.communicate(timeout=60)[0]
    tap.ok("one that is chosen", out.endswith("\n2 passed, 0 failed\n") and
           program.returncode == 0, out)
    tap.ok("nothing is left", untouched(folder))
    write(f"{folder}/product", "nothing\n")
    out = start(folder, "useless").communicate(timeout=60)[0]
    tap.ok("a test that fails as all is", "not ok 1 - tests/t.sh" in out, out)


def ended(folder):
    """Told to stop while a test runs."""
    program = start(folder)

    def pid():
        found = glob.glob(f"{folder}/copies/*/tree/pid")
        return found and read(found[0]).strip()

    sleeping = wait_for("the test", pid)
    program.send_signal(signal.SIGTERM)
    program.communicate(timeout=60)
    tap.ok("told to stop it leaves nothing", untouched(folder) and
           not os.path.exists(f"/proc/{sleeping}"))


def table():
    """Each text is where it is said to be, without a build."""
    with open(TABLE, "rb") as file:
        guards = tomllib.load(file)["guard"]
    wrong = [f"{g['name']}: its text is in {g['file']} not once"
             for g in guards if read(ROOT, g["file"]).count(g["text"]) != 1]
    wrong += [f"{g['name']}: {g['test']} is not there" for g in guards
              if not os.path.exists(os.path.join(ROOT, g["test"]))]
    tap.ok("the table is up to date", not wrong, *wrong)
    return {g["name"] for g in guards}


def pages(names):
    for page in PAGES:
        text = read(ROOT, "docs", page)
        paths = PATH.findall(text)
        tap.same(f"the paths in docs/{page} are there", [
            path for path in paths
            if not paths or not glob.glob(os.path.join(ROOT, path))], [])
    told = set(re.findall(r"\*([^*]+)\*", re.sub(
        r"\*\*[^*]+\*\*", "", read(ROOT, "docs", PAGES[0]))))
    told = {" ".join(name.split()) for name in told}
    tap.same("docs/RELIABILITY.md names the guards, and no others",
             (sorted(names - told), sorted(told - names)), ([], []))


def main():
    for what, cases in ((verdicts, CASES), (ended, [
            ("slow", "guard", "slow", "guarded", None)])):
        with tempfile.TemporaryDirectory(prefix="storemon-test-") as folder:
            make_tree(folder, cases)
            what(folder)
    pages(table())
    tap.done()


if __name__ == "__main__":
    main()
