"""Faults that strace injects: the calls which a program makes of the system,
and the same program once more with one of them failing or killed.

    calls = trace(words, state)
    for fault in plan(calls, KILL, FULL):
        run(words, fault)

Calls are counted as strace's when= counts them: each name for itself, from
the start of the program.  Those before it first names its state folder are
the loader's and are left alone.
"""

import collections
import concurrent.futures
import contextlib
import os
import re
import signal
import subprocess
import tempfile
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build/release"))
STOREMON = os.path.join(BUILD, "storemon")
FULL = os.environ.get("FAULT") == "all"
LIMIT_S = 120
JOBS = 6    # they mostly wait

# A call: the n-th of its name, and the file that it is about.
Call = collections.namedtuple("Call", "name n path result")
# What is done to a call, and to all after it of that name if `ever`.
Fault = collections.namedtuple("Fault", "call what ever")

# Calls that change something outside the process, or wait for it.
CHANGES = ("openat", "mkdir", "write", "pwrite64", "ftruncate", "fsync",
           "fdatasync", "rename", "link", "unlink", "close", "flock",
           "exit_group")
# Those of them that a kill finds done or not done.
LASTING = ("write", "pwrite64", "ftruncate", "fsync", "fdatasync", "rename",
           "link", "unlink", "exit_group")
# Calls that a disk can fail.
FAILS = ("openat", "mkdir", "write", "pwrite64", "ftruncate", "fsync",
         "fdatasync", "rename", "link", "unlink", "close")
READS = ("read", "pread64")

KILL = [(CHANGES, "signal=KILL", False)]
ERRORS = [(FAILS, "error=EIO", False), (FAILS, "error=EIO", True),
          (FAILS, "error=ENOSPC", False), (FAILS, "error=ENOSPC", True),
          (READS, "error=EIO", False), (READS, "error=EIO", True)]

LINE = re.compile(r"(\w+)\((.*)")
# The file of a descriptor, or the last that is named: of two, where to.
OPEN_FILE = re.compile(r"^\d+<([^>]*)>")
HIT = re.compile(rb"\((INJECTED|DELAYED)\)")
NAMED_FILE = re.compile(r'"([^"]*)"')


def not_sanitized(tap):
    """Ends the test, aloud, where the programs are under sanitizers."""
    if "asan" in BUILD:
        tap.skip("faults", "sanitizers bear no strace and no preloads")
        tap.done()


def read_call(line):
    """(name, path, result) of a line of strace -y."""
    name, rest = LINE.match(line).groups()
    is_open = OPEN_FILE.match(rest)
    named = NAMED_FILE.findall(rest)
    path = is_open.group(1) if is_open else named[-1] if named else ""
    return name, path, rest.rpartition(" = ")[2].strip()


def trace(words, state, env=None):
    """The calls of a program's run on a state folder."""
    counts, calls, begun = collections.Counter(), [], False
    with tempfile.NamedTemporaryFile(prefix="storemon-trace-") as log:
        subprocess.run(["strace", "-qq", "-y", "-s", "4096", "-o", log.name,
                        "-e", "signal=none", *words], env=env, check=True,
                       capture_output=True, stdin=subprocess.DEVNULL,
                       timeout=LIMIT_S)
        for line in log.read().decode(errors="replace").splitlines():
            if not LINE.match(line):
                continue
            name, path, result = read_call(line)
            counts[name] += 1
            begun = begun or (name != "execve" and path.startswith(state))
            if begun:
                calls.append(Call(name, counts[name], path, result))
    return calls


def kind_of(call, state):
    """What sort of call it is, ids and numbers apart."""
    path = call.path.replace(state, "STATE")
    path = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", path)
    return call.name, re.sub(r"#\d+|\d+\.lock|etilqs_\w+", "N", path)


def spread(calls, state):
    """The last call of each kind."""
    last = {kind_of(call, state): call for call in calls}
    return list(last.values())


def plan(calls, faults, state):
    """The faults to inject: all, or each kind of call with one in turn."""
    if FULL:
        return [Fault(call, what, ever) for names, what, ever in faults
                for call in calls if call.name in names]
    chosen = []
    for i, call in enumerate(spread(calls, state)):
        fits = [(what, ever) for names, what, ever in faults
                if call.name in names and
                ("KILL" not in what or call.name in LASTING)]
        if fits:
            chosen.append(Fault(call, *fits[i % len(fits)]))
    return chosen


def strace(fault, log, words):
    """The words that run `words` with the fault."""
    when = f"{fault.call.n}{'+' if fault.ever else ''}"
    return ["strace", "-qq", "-o", log, "-e", f"trace={fault.call.name}",
            "-e", "signal=none", "-e",
            f"inject={fault.call.name}:{fault.what}:when={when}", *words]


def run(words, fault=None, env=None, needed=True):
    """Run a program with the fault: (exit status, output, errors).  That it
    came to pass is seen to, where that is needed."""
    with tempfile.NamedTemporaryFile(prefix="storemon-strace-") as log:
        if fault:
            words = strace(fault, log.name, words)
        done = subprocess.run(words, env=env, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=LIMIT_S,
                              check=False)
        hit = (done.returncode == -signal.SIGKILL if fault and "KILL" in
               fault.what else not fault or HIT.search(log.read()))
    if needed and not hit:
        raise AssertionError("the fault has not come to pass")
    return done.returncode, done.stdout, done.stderr


def wait_stopped(log):
    """Waits until strace tells that the program stands still; its pid."""
    end = time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        with open(log, encoding="utf-8") as file:
            told = re.search(r"^(\d+) .*stopped by SIGSTOP", file.read(),
                             re.MULTILINE)
        if told:
            return int(told.group(1))
        time.sleep(0.01)
    raise TimeoutError("the program's stop")


@contextlib.contextmanager
def stopped(words, name, n):
    """The program, standing still at the n-th call of that name; it goes on
    to its end when the block has ended."""
    with tempfile.NamedTemporaryFile(prefix="storemon-stopped-") as log:
        words = ["strace", "-f", "-o", log.name, "-e", f"trace={name}", "-e",
                 f"inject={name}:signal=STOP:when={n}", *words]
        with subprocess.Popen(words, stderr=subprocess.DEVNULL) as program:
            pid = wait_stopped(log.name)
            try:
                yield
            finally:
                os.kill(pid, signal.SIGCONT)
                program.wait(LIMIT_S)


def tell(fault, state):
    """A fault in words."""
    return (f"{fault.call.name}#{fault.call.n} {fault.what}"
            f"{' for ever' if fault.ever else ''} "
            f"({fault.call.path.replace(state, 'STATE')})")


def sweep(tap, name, points, state, attempt):
    """Calls attempt(fault) for each point, some at a time; it returns what
    is wrong, a line each.  One TAP line a call's name and fault."""
    def look(point):
        try:
            return list(attempt(point))
        except Exception:
            return [traceback.format_exc()]

    groups = collections.defaultdict(list)
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        for point, wrong in zip(points, pool.map(look, points)):
            key = (point.call.name, point.what, point.ever)
            groups[key].append((point, wrong))
    for (call, what, ever), results in groups.items():
        bad = [f"{tell(point, state)}: {line}" for point, wrong in results
               for line in wrong]
        tap.ok(f"{name}: {call} {what}{' for ever' if ever else ''}, "
               f"{len(results)} points", not bad, *bad)
