#!/usr/bin/env python3
"""The FastCGI loop: programs on a socket, without a web server."""

import array
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import threading
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

from tap import Tap  # noqa: E402

import fastcgi  # noqa: E402

BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build/release"))
PROGRAMS = os.path.join(BUILD, "cgi-bin")
PROGRAM = os.path.join(PROGRAMS, "get_report")
LIMIT_S = 10
ID = "0123456789abcdef0123456789abcdef"

folder = tempfile.mkdtemp(prefix="storemon-loop-")


def env(query="", method="GET", **more):
    return {"REQUEST_METHOD": method, "QUERY_STRING": query,
            "REQUEST_ID": ID, **more}


def wait_for(what, condition):
    end = time.monotonic() + LIMIT_S
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.005)


def unread(sock):
    """How many of the bytes sent the other side has not read yet."""
    count = array.array("i", [0])
    fcntl.ioctl(sock, termios.TIOCOUTQ, count)
    return count[0]


class Loop:
    """Processes that serve one socket."""

    all = []

    def __init__(self, processes=1, state=folder, program=PROGRAM):
        self.processes = []
        Loop.all.append(self)
        self.path = os.path.join(folder, f"{len(Loop.all)}.sock")
        self.log = open(self.path + ".log", "w+b")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.path)
        listener.listen(64)
        self.processes = [
            subprocess.Popen([program], stdin=listener.fileno(),
                             stderr=self.log, env={**os.environ,
                                                   "STOREMON_STATE": state})
            for _ in range(processes)]
        listener.close()

    def ask(self, *args, **kwargs):
        return parse(fastcgi.ask(self.path, *args, **kwargs))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.processes[0].pid}/fd"))

    def stop(self, number=signal.SIGTERM, logs=None):
        """Sends the signal; every process must end well, and log no error
        unless logs says about what."""
        for p in self.processes:
            p.send_signal(number)
        self.ended(logs)

    def ended(self, logs=None):
        codes = [p.wait(LIMIT_S) for p in self.processes]
        self.log.seek(0)
        text = self.log.read().decode()
        assert codes == [0] * len(codes), (codes, text)
        assert "Sanitizer" not in text, text
        errors = [line for line in text.splitlines() if " error " in line]
        assert bool(errors) == bool(logs), text
        assert all(logs in line for line in errors), text


def parse(reply):
    head, _, body = reply.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
    return int(headers["Status"].split()[0]), headers, body


def test_answers():
    """a request is answered, with the server's request id"""
    loop = Loop()
    status, headers, body = loop.ask(env("report_id=x"))
    assert status == 400, status
    assert headers["X-Request-Id"] == ID
    assert json.loads(body)["request_id"] == ID
    loop.stop()


def test_stop_while_idle():
    """SIGTERM, SIGINT and SIGUSR1 end a process that waits, with exit 0"""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
        loop = Loop()
        assert loop.ask(env())[0] == 400
        loop.stop(number)


def test_stop_with_request():
    """SIGTERM lets the request in hand be answered first"""
    loop = Loop()
    assert loop.ask(env())[0] == 400
    request = fastcgi.encode(env("report_id=x"))
    with fastcgi.connect(loop.path) as sock:
        sock.sendall(request[:30])
        wait_for("the program has read it", lambda: unread(sock) == 0)
        loop.processes[0].send_signal(signal.SIGTERM)
        sock.sendall(request[30:])
        assert parse(fastcgi.read_reply(sock))[0] == 400
    loop.ended()


def test_stop_at_any_time():
    """SIGTERM at any time under load ends the process, no answer cut off"""
    for i in range(30):
        loop = Loop()
        stopping = threading.Event()
        cut = []

        def load():
            request = fastcgi.encode(env())
            while not stopping.is_set():
                data = b""
                try:
                    with fastcgi.connect(loop.path) as sock:
                        sock.sendall(request)
                        while more := sock.recv(4096):
                            data += more
                except OSError:
                    # Not accepted any more: not a byte came.
                    stopping.set()
                if data and not data.endswith(fastcgi.END_OF_REPLY):
                    cut.append(data)

        thread = threading.Thread(target=load)
        assert loop.ask(env())[0] == 400
        thread.start()
        time.sleep(i * 0.0007)  # the moment itself is what varies
        loop.processes[0].send_signal(signal.SIGTERM)
        loop.ended()
        thread.join(LIMIT_S)
        assert stopping.is_set()
        assert not cut, cut


def test_many_processes():
    """several processes share a socket; all requests are answered"""
    loop = Loop(processes=3)
    bad = []

    def client():
        for _ in range(100):
            status, _, body = loop.ask(env("x=1"))
            if status != 400 or json.loads(body)["request_id"] != ID:
                bad.append((status, body))

    threads = [threading.Thread(target=client) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not bad, bad
    loop.stop()


def test_client_leaves():
    """clients that leave in the middle do no harm"""
    loop = Loop()
    whole = fastcgi.encode(env("report_id=x", "POST", CONTENT_LENGTH="9",
                               CONTENT_TYPE="application/json"), b"{}       ")
    for size in (0, 1, 8, 16, 40, len(whole) - 20, len(whole) - 8, len(whole)):
        with fastcgi.connect(loop.path) as sock:
            sock.sendall(whole[:size])
    assert loop.ask(env())[0] == 400
    loop.stop()


def test_body_sizes():
    """a body of 1 MiB is read; one byte more is 413; a short one is 400"""
    loop = Loop()
    for size, expected in ((1 << 20, 400), ((1 << 20) + 1, 413)):
        body = b"{}" + b" " * (size - 2)
        status, _, reply = loop.ask(
            env("", "POST", CONTENT_TYPE="application/json",
                CONTENT_LENGTH=str(size)), body)
        assert status == expected, (size, reply)
        code = json.loads(reply)["error"]["code"]
        assert code == ("missing_parameter" if status == 400 else "too_large")
    status, _, reply = loop.ask(
        env("", "POST", CONTENT_TYPE="application/json",
            CONTENT_LENGTH="3"), b"{}")
    assert json.loads(reply)["error"]["code"] == "bad_body", reply
    loop.stop()


def test_descriptors_flat():
    """descriptors and memory stay flat over requests"""
    loop = Loop()

    def resident_kib():
        with open(f"/proc/{loop.processes[0].pid}/statm") as f:
            return int(f.read().split()[1]) * 4

    def work():
        for i in range(400):
            status = loop.ask(env(f"report_id={i}&a=%20", "POST",
                                  CONTENT_TYPE="application/json",
                                  CONTENT_LENGTH="2"), b"{}")[0]
            assert status == 400

    work()
    descriptors, memory = loop.descriptors(), resident_kib()
    work()
    wait_for("descriptors", lambda: loop.descriptors() <= descriptors)
    # Sanitizers keep freed memory for a while.
    if "asan" not in BUILD:
        assert resident_kib() <= memory + 256, (memory, resident_kib())
    loop.stop()


def test_damaged_state():
    """a damaged database is 503, and all is well once it is restored"""
    state = os.path.join(folder, "damaged")
    database = os.path.join(state, "jobs.db")
    os.mkdir(state)
    with open(database, "wb") as f:
        f.write(b"not a database " * 1000)
    loop = Loop(state=state)
    query = "report_id=0123abcd-4567-489a-8bcd-ef0123456789"
    for _ in range(2):
        status, _, body = loop.ask(env(query))
        assert status == 503, body
        assert json.loads(body)["error"]["code"] in ("corrupt", "io"), body
    os.unlink(database)
    status, _, body = loop.ask(env(query))
    assert status == 404, body
    # Torn away while it is open: an error, or the old answer; never a crash.
    shutil.rmtree(state)
    assert loop.ask(env(query))[0] in (404, 503)
    loop.stop(logs="jobs.db")


def test_damaged_data():
    """the same of the data, by which stores are looked up"""
    state = os.path.join(folder, "damaged-data")
    database = os.path.join(state, "data.db")
    os.mkdir(state)
    loop = Loop(state=state, program=os.path.join(PROGRAMS, "stores"))
    assert loop.ask(env("prefix="))[0] == 200
    # In the same file, which the program has open.
    os.truncate(database, 8192)
    for suffix in ("-wal", "-shm"):
        with open(database + suffix, "r+b") as f:
            f.write(b"damaged " * 1000)
    assert loop.ask(env("id=1"))[0] == 503
    for name in os.listdir(state):
        os.unlink(os.path.join(state, name))
    with open(database, "wb") as f:
        f.write(b"not a database " * 1000)
    for query in ("id=1", "prefix="):
        status, _, body = loop.ask(env(query))
        assert status == 503, body
        assert json.loads(body)["error"]["code"] in ("corrupt", "io"), body
    os.unlink(database)
    assert loop.ask(env("id=1"))[0] == 409
    loop.stop(logs="data.db")


def test_too_many_polls():
    """a store with more polls than fit into an answer is refused, and soon"""
    state = os.path.join(folder, "many")
    polls = os.path.join(folder, "many.csv")
    with open(polls, "w", encoding="ascii") as f:
        f.write("store_id,status,timestamp_utc\n")
        f.writelines(
            f"many,{('active', 'inactive')[i % 2]},2023-01-22 "
            f"{i // 3600:02}:{i // 60 % 60:02}:{i % 60:02}\n"
            for i in range(60000))
        f.write("few,active,2023-01-22 00:00:00\n")
    subprocess.run([os.path.join(BUILD, "storemon"), "import", "polls", polls,
                    "--state", state], check=True, capture_output=True)
    loop = Loop(state=state, program=os.path.join(PROGRAMS, "stores"))
    for _ in range(2):
        status, _, body = loop.ask(env("id=many"))
        assert status == 409, body
        assert json.loads(body)["error"]["code"] == "too_many_polls", body
        assert loop.ask(env("id=few"))[0] == 200
    loop.stop()


def test_no_state():
    """without STOREMON_STATE the program says so and exits 2"""
    rest = {k: v for k, v in os.environ.items() if k != "STOREMON_STATE"}
    done = subprocess.run([PROGRAM], stdin=subprocess.DEVNULL, env=rest,
                          capture_output=True, timeout=LIMIT_S)
    assert done.returncode == 2, done
    assert b"STOREMON_STATE" in done.stderr and done.stdout == b""


def run(tap, test):
    try:
        test()
    except Exception:
        tap.ok(test.__doc__, False, traceback.format_exc())
    else:
        tap.ok(test.__doc__, True)


def main():
    tap = Tap()
    try:
        for test in (test_answers, test_stop_while_idle,
                     test_stop_with_request, test_stop_at_any_time,
                     test_many_processes, test_client_leaves,
                     test_body_sizes, test_descriptors_flat,
                     test_damaged_state, test_damaged_data,
                     test_too_many_polls, test_no_state):
            run(tap, test)
    finally:
        for p in (p for loop in Loop.all for p in loop.processes):
            if p.poll() is None:
                p.kill()
                p.wait()
        shutil.rmtree(folder)
    tap.done()


if __name__ == "__main__":
    main()
