#!/usr/bin/env python3
"""Run test programs and sum up what they say in TAP.

    tap.py [--limit SECONDS] [--jobs N] [--alone GLOB]... PROGRAM...

A program passes or fails by its lines "ok" and "not ok".  One that cannot be
run, says nothing, ends badly without saying why, runs over the limit or does
not keep to its plan is one failure more.  Failures are printed in full, so are the
reasons of what was skipped; the closing line is

    N passed, N failed[, N skipped]

Programs whose path fits --alone run one after the other, when the others are
done: they start servers.  The exit status is 1 if anything failed or nothing
ran.
"""

import argparse
import concurrent.futures
import fnmatch
import os
import re
import signal
import subprocess
import sys
import time

LINE = re.compile(r"(not )?ok\b *(\d*) *-? *([^#]*)(?:# *(skip\S*) *(.*))?",
                  re.IGNORECASE)
PLAN = re.compile(r"1\.\.(\d+)")
# Says why, before cmocka says "not ok 2 # SKIP name" (tests/lib/check.h).
WHY = "# skip: "
STOP_LIMIT_S = 20


class Result:
    """What one program said."""

    def __init__(self, path):
        self.path = path
        self.passed, self.failed = 0, 0
        self.skipped = []           # "name: reason"
        self.notes = []             # what is printed of the failures
        self.seconds = 0.0

    def fail(self, note):
        self.failed += 1
        self.notes.append(note)


def read_tap(result, text):
    """Count the lines; returns (lines seen, lines planned or None)."""
    seen, planned, failing, why = 0, None, False, ""
    for line in text.splitlines():
        plan, case = PLAN.match(line), LINE.match(line)
        if plan:
            planned = (planned or 0) + int(plan.group(1))
        if not case:
            if line.startswith(WHY):
                why = line[len(WHY):]
            if failing and line.startswith("#"):
                result.notes.append(line)
            continue
        seen += 1
        wrong, _, name, skip, reason = case.groups()
        failing = bool(wrong) and not skip
        if skip and not name.strip(" -"):
            result.skipped.append(f"{reason}: {why}")
        elif skip:
            result.skipped.append(f"{name.strip(' -')}: {reason}")
        elif wrong:
            result.fail(line)
        else:
            result.passed += 1
    return seen, planned


def end_group(process):
    """A program over the limit: asked to clean up, then killed."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            pass
        try:
            return process.communicate(timeout=STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            continue
    return b"", b""


def run(path, limit):
    result, start = Result(path), time.monotonic()
    try:
        process = subprocess.Popen(
            [os.path.abspath(path)], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True)
    except OSError as why:
        result.fail(f"cannot be run: {why.strerror}")
        return result
    ended = True
    try:
        out, err = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        ended = False
        out, err = end_group(process)
    except BaseException:       # told to stop: nothing is left running
        end_group(process)
        raise
    result.seconds = time.monotonic() - start
    judge(result, process.returncode if ended else None,
          out.decode(errors="replace"), err.decode(errors="replace"), limit)
    return result


def judge(result, code, out, err, limit):
    """code is None for a program that ran over the limit."""
    seen, planned = read_tap(result, out)
    if code is None:
        result.fail(f"not ended after {limit} s")
    elif code < 0:
        result.fail(f"killed by {signal.Signals(-code).name}")
    elif code != 0 and not result.failed:
        result.fail(f"exit status {code}")
    elif seen != planned:
        result.fail(f"{planned or 'no'} cases planned, {seen} seen")
    if result.failed:
        result.notes += ["standard error:"] * bool(err) + err.splitlines()


def tell(result):
    counts = f"{result.passed} passed"
    if result.failed:
        counts += f", {result.failed} failed"
    if result.skipped:
        counts += f", {len(result.skipped)} skipped"
    print(f"{'FAIL' if result.failed else 'ok':4} {result.path}: {counts}"
          f" ({result.seconds:.1f} s)")
    for note in result.notes:
        print("     | " + note)
    for name in result.skipped:
        print("     skipped: " + name)
    sys.stdout.flush()


def run_all(paths, alone, jobs, limit):
    """Results, told as they come."""
    last = [p for p in paths if any(fnmatch.fnmatch(p, g) for g in alone)]
    first = [p for p in paths if p not in last]
    results = []
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        tasks = [pool.submit(run, path, limit) for path in first]
        for task in concurrent.futures.as_completed(tasks):
            results.append(task.result())
            tell(results[-1])
    for path in last:
        results.append(run(path, limit))
        tell(results[-1])
    return results


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--alone", action="append", default=[])
    parser.add_argument("programs", nargs="*")
    args = parser.parse_args()
    results = run_all(args.programs, args.alone, args.jobs, args.limit)
    passed = sum(r.passed for r in results)
    failed = sum(r.failed for r in results)
    skipped = sum(len(r.skipped) for r in results)
    for result in results:
        if result.failed:
            print(f"failed: {result.path}")
    print(f"{passed} passed, {failed} failed" +
          (f", {skipped} skipped" if skipped else ""))
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
