#!/usr/bin/env python3
"""The commands that read what comes from outside confine themselves, in time
and on demand only; what confining does is tests/unit/test_confine.c's matter.
"""
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from support import STOREMON, State, Tap, run  # noqa: E402

POLLS = b"store_id,status,timestamp_utc\na,active,2023-01-22 12:00:00 UTC\n"
CALLS = "landlock_restrict_self,seccomp,openat,read"
tap = Tap()


def traced(*words, setting=None):
    """The program's exit code and its calls, one a line."""
    # The leak check cannot run under a tracer.
    env = {**os.environ, "STOREMON_CONFINE": setting or "1",
           "ASAN_OPTIONS": "detect_leaks=0"}
    with tempfile.NamedTemporaryFile("r", prefix="storemon-trace-") as out:
        done = subprocess.run(
            ["strace", "-f", "-qq", "-y", "-e", f"trace={CALLS}", "-o",
             out.name, STOREMON, *words], env=env, check=False,
            stdin=subprocess.DEVNULL, capture_output=True)
        return done.returncode, out.read().splitlines()


def place(calls, *words):
    """The number of the first call that has all the words and went well."""
    for i, call in enumerate(calls):
        if all(word in call for word in words) and " = -1 " not in call:
            return i
    return None


def confined(calls, *data):
    """Both means are in force before the data is read."""
    landlock = place(calls, "landlock_restrict_self", "= 0")
    seccomp = place(calls, "SECCOMP_SET_MODE_FILTER", "= 0")
    first = place(calls, *data)
    return (None not in (landlock, seccomp, first) and
            max(landlock, seccomp) < first)


def test_import(state):
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(POLLS)
        file.flush()
        words = ("import", "polls", file.name, "--state", state.path)
        code, calls = traced(*words)
        tap.ok("an import is confined before it reads the file",
               code == 0 and confined(calls, "read(", f"<{file.name}>"),
               code, *calls[-40:])
        code, calls = traced(*words, setting="0")
        tap.ok("STOREMON_CONFINE=0 leaves it as it is",
               code == 0 and place(calls, "landlock") is None and
               place(calls, "SECCOMP_SET_MODE_FILTER", "= 0") is None,
               code, *calls[-40:])


def test_worker(state):
    code, calls = traced("work", "--state", state.path)
    tap.ok("a worker is confined before it opens a database",
           code == 0 and confined(calls, "jobs.db"), code, *calls[-40:])


def test_setting(state):
    result = run("work", "--state", state.path,
                 env={**os.environ, "STOREMON_CONFINE": "2"})
    tap.ok("a setting that is neither 0 nor 1 is refused",
           result.code == 1 and b"confine must be a number" in result.err,
           result)


def main():
    if not shutil.which("strace"):
        tap.skip("confinement as strace sees it", "strace is missing")
        tap.done()
    state = State()
    test_import(state)
    test_worker(state)
    test_setting(state)
    tap.done()


if __name__ == "__main__":
    main()
