#!/usr/bin/env python3
"""Show that the tests can fail: take away one guard of the product at a time,
and see the test fail that is there for it.

    guards.py [--limit SECONDS] [WORD]...

tests/guards.toml names the guards.  Words choose those whose name has one of
them in it.  All is done in a copy of the tree, with the objects that are built
already; the tree itself is not touched.  First each test must pass as all is.
Then, a guard at a time: its text is replaced, what has changed is built, and
the test has to fail in the case that is named, run to its end and not be
killed.  A text that is not there exactly once, a build that fails, or a test
that passes is a failure.  One TAP line a test and a guard; the closing line
is

    N passed, N failed
"""

import argparse
import collections
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib

import tap

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TABLE = "tests/guards.toml"
BUILD = "build/release"
WAIT_S = "4"
FIELDS = {"name", "file", "text", "instead", "test", "case"}
# What need not be copied.
LEFT = {".git", "var", "node_modules", "__pycache__"}

Guard = collections.namedtuple("Guard", sorted(FIELDS))


class Wrong(Exception):
    """Why a guard, or a test, is not as it should be."""


def read_table(words):
    with open(os.path.join(ROOT, TABLE), "rb") as file:
        rows = tomllib.load(file)["guard"]
    for row in rows:
        if set(row) != FIELDS:
            sys.exit(f"{TABLE}: not the fields of a guard: {row}")
    names = [row["name"] for row in rows]
    if len(set(names)) != len(names):
        sys.exit(f"{TABLE}: a name is there twice")
    return [Guard(**row) for row in rows
            if not words or any(word in row["name"] for word in words)]


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def copy_tree(folder):
    """Copy the tree to folder/tree, go there, and set the environment of its
    tests."""
    def left(place, names):
        # Of build/ the objects of the one variant.
        if place == os.path.join(ROOT, "build"):
            return set(names) - {os.path.basename(BUILD)}
        return {name for name in names if name in LEFT or
                os.path.join(place, name) == folder}

    tree, temp = os.path.join(folder, "tree"), os.path.join(folder, "t")
    shutil.copytree(ROOT, tree, symlinks=True, ignore=left)
    os.mkdir(temp)
    # Who serves under test is an ordinary user.
    os.chmod(folder, 0o755)
    os.chmod(temp, 0o1777)
    os.environ.update(BUILD=BUILD, TMPDIR=temp, CMOCKA_MESSAGE_OUTPUT="TAP",
                      PYTHONDONTWRITEBYTECODE="1")
    os.chdir(tree)


def make(target):
    done = subprocess.run(
        ["make", "--no-print-directory", f"-j{os.cpu_count()}",
         "VARIANT=release", f"B={BUILD}", target], stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise Wrong("it cannot be built:\n" + done.stderr)


def run(test, limit):
    """Build what the test needs and run it: a Result of tap.py."""
    program, target = test, "programs"
    if test.endswith(".c"):
        program = target = f"{BUILD}/{test[:-2]}"
    make(target)
    return tap.run(program, limit)


def take_away(guard):
    """The file of the guard as it was."""
    with open(guard.file, encoding="utf-8") as file:
        before = file.read()
    count = before.count(guard.text)
    if count != 1:
        raise Wrong(f"its text is in {guard.file} {count} times; bring "
                    f"{TABLE} up to date")
    write(guard.file, before.replace(guard.text, guard.instead))
    return before


def try_whole(test, limit):
    """The test passes while nothing is taken away."""
    result = run(test, limit)
    if result.failed or not result.passed:
        raise Wrong("it does not pass as all is:\n" + "\n".join(result.notes))


def judge(guard, result):
    """Has the test failed in the case that is about the guard?"""
    failed = [note for note in result.notes if note.startswith("not ok")]
    told = "\n".join(result.notes)
    if not result.failed:
        raise Wrong(f"{guard.test} passes without it")
    if not any(re.search(guard.case, line) for line in failed):
        raise Wrong(f"{guard.test} fails elsewhere than in "
                    f"\"{guard.case}\":\n{told}")
    if len(failed) != result.failed:
        raise Wrong(f"{guard.test} does not come to its end:\n{told}")


def try_guard(guard, limit):
    before = take_away(guard)
    try:
        judge(guard, run(guard.test, limit))
    finally:
        write(guard.file, before)


class Tally:
    """The TAP lines."""

    def __init__(self):
        self.passed, self.failed = 0, 0

    def attempt(self, name, function, *args):
        """One line: it goes well unless it raises Wrong."""
        try:
            function(*args)
        except Wrong as why:
            self.failed += 1
            print(f"not ok {self.passed + self.failed} - {name}")
            for line in str(why).splitlines():
                print("# " + line)
        else:
            self.passed += 1
            print(f"ok {self.passed + self.failed} - {name}")
        sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=300)
    parser.add_argument("words", nargs="*", metavar="WORD")
    args = parser.parse_args()
    guards, tally = read_table(args.words), Tally()
    # What ends it leaves nothing behind either.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="guards-") as folder:
        copy_tree(folder)
        for test in sorted({guard.test for guard in guards}):
            tally.attempt(f"{test} passes as all is", try_whole, test,
                          args.limit)
        # What waits for a guard that is not there need not wait for long.
        os.environ["TEST_WAIT_S"] = WAIT_S
        for guard in guards:
            tally.attempt(f"without {guard.name}, {guard.test} fails",
                          try_guard, guard, args.limit)
    print(f"1..{tally.passed + tally.failed}")
    print(f"{tally.passed} passed, {tally.failed} failed")
    sys.exit(1 if tally.failed or not tally.passed else 0)


if __name__ == "__main__":
    main()
