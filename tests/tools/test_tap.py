#!/usr/bin/env python3
"""The test runner: nothing that fails may pass unseen."""
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

from tap import Tap  # noqa: E402

# name, shell script, closing line, exit status, text that must be printed
CASES = [
    ("passes", "echo 1..2; echo ok 1 - a; echo ok 2 - b",
     "2 passed, 0 failed", 0, ""),
    ("fails", "echo 1..1; echo 'not ok 1 - a'; echo '# why'; exit 1",
     "0 passed, 1 failed", 1, "# why"),
    ("fails with status 0", "echo 1..1; echo 'not ok 1 - a'",
     "0 passed, 1 failed", 1, "not ok 1 - a"),
    ("says nothing", "true", "0 passed, 1 failed", 1, "no cases planned"),
    ("has no plan", "echo ok 1 - a", "1 passed, 1 failed", 1, "no cases"),
    ("stops short", "echo 1..3; echo ok 1 - a", "1 passed, 1 failed", 1,
     "3 cases planned, 1 seen"),
    ("ends badly", "echo 1..1; echo ok 1 - a; echo sad >&2; exit 3",
     "1 passed, 1 failed", 1, "sad"),
    ("crashes", "echo 1..1; echo ok 1 - a; kill -SEGV $$",
     "1 passed, 1 failed", 1, "SIGSEGV"),
    ("hangs", "echo 1..1; echo ok 1 - a; sleep 600", "1 passed, 1 failed", 1,
     "not ended after 2 s"),
    ("skips", "echo 1..2; echo ok 1 - a; echo 'ok 2 - b # SKIP no root'",
     "1 passed, 0 failed, 1 skipped", 0, "b: no root"),
    ("skips as cmocka does",
     "echo 1..2; echo ok 1 - a; echo '# skip: no root'; "
     "echo 'not ok 2 # SKIP b'",
     "1 passed, 0 failed, 1 skipped", 0, "skipped: b: no root"),
    ("skips all", "echo 1..1; echo 'ok 1 - b # SKIP no root'",
     "0 passed, 0 failed, 1 skipped", 1, ""),
    ("has two groups",
     "echo 1..1; echo ok 1 - a; echo 1..1; echo 'not ok 1 - b'; exit 1",
     "1 passed, 1 failed", 1, "not ok 1 - b"),
]


def run(*words):
    return subprocess.run(
        [sys.executable, os.path.join(ROOT, "tools", "tap.py"), *words],
        capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)


def one(tap, folder, case):
    name, script, closing, status, text = case
    path = os.path.join(folder, name.replace(" ", "_"))
    with open(path, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\n" + script + "\n")
    os.chmod(path, 0o755)
    done = run("--limit", "2" if name == "hangs" else "30", path)
    tap.ok(f"a program that {name}",
           done.stdout.endswith("\n" + closing + "\n") and
           done.returncode == status and text in done.stdout,
           f"exit {done.returncode}", done.stdout, done.stderr)


tap = Tap()
with tempfile.TemporaryDirectory() as folder:
    for case in CASES:
        one(tap, folder, case)
    plain = os.path.join(folder, "plain")
    with open(plain, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\necho ok\n")
    done = run(plain)
    tap.ok("a program that cannot be run",
           done.returncode == 1 and "0 passed, 1 failed" in done.stdout,
           done.stdout, done.stderr)
done = run()
tap.ok("no programs at all", done.returncode == 1 and
       done.stdout == "0 passed, 0 failed\n", done.stdout)
tap.done()
