"""The whole service for tests: tools/run.sh on a free port, with a state
folder of its own.

    with Server() as server:
        reply = server.request("GET", "/get_report")
        tap.same("what it looks like afterwards", server.look(), [])

Started by root it serves as the user storemon, like any other.
"""

import atexit
import collections
import contextlib
import fcntl
import glob
import http.client
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
START_LIMIT_S = 60
STOP_LIMIT_S = 40
REPLY_LIMIT_S = 30
REPORT_LIMIT_S = 120
ZOMBIE_LIMIT_S = 5
HELD = ("01", "03", "08")   # of TCP: established, to be so, the client gone
READY = "Ctrl-C stops it."
SANITIZER = re.compile(rb"AddressSanitizer|LeakSanitizer|runtime error:")
NGINX_TROUBLE = re.compile(rb".*\[(?:alert|emerg)\].*")

Reply = collections.namedtuple("Reply", "status headers body")


def wait_for(what, condition, limit_s=REPORT_LIMIT_S):
    """The first true value of condition(); TimeoutError after the limit."""
    end = time.monotonic() + limit_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.02)


def settled(look, limit_s):
    """What look() says at the end: nothing, or what it still says then."""
    end = time.monotonic() + limit_s
    while True:
        left = look()
        if not left or time.monotonic() > end:
            return left
        time.sleep(0.02)


@contextlib.contextmanager
def locked(path):
    """Holds a lock of the service: who wants it waits."""
    with open(path, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def header(reply, name):
    """All values of a header, as one text; None if it is not there."""
    values = [v for n, v in reply.headers if n.lower() == name.lower()]
    return ", ".join(values) if values else None


def open_to_others(path):
    """May users who neither own it nor share its group do anything to it?"""
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return False            # it has gone meanwhile
    return not stat.S_ISLNK(mode) and bool(mode & 0o007)


def zombies_of(parents):
    """The files in /proc of processes that ended and nobody waited for."""
    found = set()
    for path in glob.glob("/proc/[0-9]*/stat"):
        with contextlib.suppress(OSError):
            with open(path, encoding="utf-8", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
            if fields[0] == "Z" and int(fields[1]) in parents:
                found.add(path)
    return found


class Server:
    """See above.  Public: url, port, state, folder, process."""

    def __init__(self, sample=False, env=None, run=None, state=None,
                 user=None):
        """env: more variables.  run: another tools/run.sh.  state: a folder
        that is there.  user: who starts it (root may choose)."""
        self.folder = tempfile.mkdtemp(prefix="storemon-server-")
        os.chmod(self.folder, 0o755)
        if user is not None:
            shutil.chown(self.folder, user)
        self.state = state or os.path.join(self.folder, "state")
        self.log = os.path.join(self.folder, "output")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.user = user
        self.run = run or os.path.join(ROOT, "tools", "run.sh")
        self.env = {**os.environ, "PORT": str(self.port),
                    "STATE": self.state, "SAMPLE": "yes" if sample else "no",
                    "STOREMON_TRIGGER_RATE": "1000", **(env or {})}
        self.process = None

    def __enter__(self):
        atexit.register(self.drop)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        self.start()
        return self

    def __exit__(self, *_):
        self.drop()
        atexit.unregister(self.drop)

    def drop(self):
        """Stop it if it runs, and remove its files."""
        try:
            if self.process is not None and self.process.poll() is None:
                self.stop()
            if self.process is not None:
                self.wait_idle()
        finally:
            for pid in self.processes():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            shutil.rmtree(self.folder, ignore_errors=True)

    # --- start and stop ----------------------------------------------------

    def spawn(self):
        """Start it without waiting."""
        with open(self.log, "wb") as out:
            self.process = subprocess.Popen(
                [self.run], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                env=self.env, start_new_session=True, user=self.user,
                group=self.user, extra_groups=[] if self.user else None)

    def output(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def start(self):
        self.spawn()
        try:
            wait_for("start", lambda: READY in self.output() or
                     self.process.poll() is not None, START_LIMIT_S)
        finally:
            if READY not in self.output():
                sys.stderr.write(self.output())
        if self.process.poll() is not None:
            raise RuntimeError("the server did not start")

    def stop(self, number=signal.SIGINT):
        """Stop it as Ctrl-C does; the exit status."""
        self.process.send_signal(number)
        return self.process.wait(STOP_LIMIT_S)

    def processes(self):
        """The pids of what belongs to it, workers of reports included."""
        found = []
        for folder in glob.glob("/proc/[0-9]*"):
            try:
                with open(folder + "/environ", "rb") as file:
                    mine = f"STOREMON_STATE={self.state}\0".encode() in \
                        file.read() + b"\0"
                if mine or os.readlink(folder + "/cwd") == self.state:
                    found.append(int(os.path.basename(folder)))
            except OSError:
                continue        # it has ended, or is somebody else's
        return found

    def pids_of(self, name):
        """Those that run the program of this name, in order."""
        found = []
        for pid in self.processes():
            with contextlib.suppress(OSError):
                if os.path.basename(os.readlink(f"/proc/{pid}/exe")) == name:
                    found.append(pid)
        return sorted(found)

    def connections(self):
        """How many connections it holds, or is about to accept."""
        with open("/proc/net/tcp", encoding="ascii") as file:
            rows = [line.split() for line in file]
        return sum(row[1].endswith(f":{self.port:04X}") and row[3] in HELD
                   for row in rows)

    def wait_idle(self):
        """Wait until no worker is left, after a stop."""
        wait_for("end of the workers", lambda: not self.processes(),
                 REPORT_LIMIT_S)

    # --- requests ----------------------------------------------------------

    def request(self, method, path, body=None, headers=None):
        """One request over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                timeout=REPLY_LIMIT_S)
        try:
            connection.request(method, path, body=body,
                               headers=headers or {})
            reply = connection.getresponse()
            return Reply(reply.status, reply.getheaders(), reply.read())
        finally:
            connection.close()

    def raw(self, data):
        """The bytes as they are; what comes back until the end, a reset
        behind an answer being one."""
        with socket.create_connection(("127.0.0.1", self.port),
                                      timeout=REPLY_LIMIT_S) as sock:
            sock.sendall(data)
            parts = []
            while True:
                try:
                    part = sock.recv(65536)
                except ConnectionResetError:
                    part = b""
                if not part:
                    return b"".join(parts)
                parts.append(part)

    def trigger(self, query=""):
        """Trigger a report; its id."""
        reply = self.request("POST", "/trigger_report" + query)
        if reply.status != 202:
            raise RuntimeError(f"trigger: {reply}")
        return json.loads(reply.body)["report_id"]

    def look_up(self, report_id):
        return json.loads(self.request(
            "GET", "/get_report?report_id=" + report_id).body)

    def report(self, query=""):
        """Trigger a report and wait for it: what /get_report says then."""
        report_id = self.trigger(query)
        return wait_for(
            "report", lambda: (lambda told: told if told.get("status") !=
                               "Running" else None)(self.look_up(report_id)),
            REPORT_LIMIT_S)

    def storemon(self, *words):
        """Run the command line on its state; output as text."""
        build = os.path.join(ROOT, os.environ.get("BUILD", "build/release"))
        return subprocess.run(
            [os.path.join(build, "storemon"), "--state", self.state, *words],
            capture_output=True, text=True, stdin=subprocess.DEVNULL,
            timeout=REPORT_LIMIT_S)

    # --- the look at the end -----------------------------------------------

    def look(self):
        """What is not as it should be, a line each, while it runs."""
        return [*self.look_logs(), *self.look_processes(),
                *self.look_files(), *self.look_databases()]

    def look_logs(self):
        for path in sorted(glob.glob(self.state + "/log/*")):
            with open(path, "rb") as file:
                text = file.read()
            name = os.path.basename(path)
            for line in NGINX_TROUBLE.findall(text):
                yield f"{name}: {line.decode(errors='replace')}"
            if SANITIZER.search(text):
                yield f"{name}: {text.decode(errors='replace')}"

    def look_processes(self):
        mine = set(self.processes())
        # Who has just ended is one until its parent comes to it.
        zombies = zombies_of(mine)
        left = settled(lambda: zombies & zombies_of(mine), ZOMBIE_LIMIT_S)
        yield from (f"zombie: {path}" for path in sorted(left))
        if os.geteuid() == 0:
            for pid in mine:
                try:
                    if os.stat(f"/proc/{pid}").st_uid == 0:
                        yield f"runs as root: {pid}"
                except OSError:
                    continue

    def look_files(self):
        for path in glob.glob(self.state + "/**/*", recursive=True):
            relative = os.path.relpath(path, self.state)
            if relative.endswith(".tmp"):
                yield f"left over: {relative}"
            if relative.startswith("body/"):
                yield f"left over: {relative}"
            # The pages are everybody's.
            if open_to_others(path) and not relative.startswith("run/www/"):
                yield f"open to other users: {relative}"

    def look_databases(self):
        for name in ("data.db", "jobs.db"):
            path = os.path.join(self.state, name)
            if not os.path.exists(path):
                yield f"{name}: not there"
                continue
            with_uri = f"file:{path}?mode=ro"
            connection = sqlite3.connect(with_uri, uri=True)
            try:
                told = connection.execute("PRAGMA quick_check").fetchall()
            finally:
                connection.close()
            if told != [("ok",)]:
                yield f"{name}: {told}"
