"""Administration under the bench: a large upload, and the real polls from
the upload to the end, through nginx."""
import json
import os
import pathlib
import socket
import statistics
import sys
import time

from measure import MB, Failed

TESTS = pathlib.Path(__file__).resolve().parent.parent
LARGE = 200 * 10 ** 6
CHUNK = 1 << 20
LIMIT_S = 60


def programs(server, name, word=b""):
    """The pids of the server's processes of that program."""
    found = []
    for pid in server.processes():
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as line:
                if os.path.basename(os.readlink(f"/proc/{pid}/exe")) == name \
                        and word in line.read():
                    found.append(pid)
        except OSError:
            continue        # it has ended
    return found


def peak_mb(pids):
    """The most memory that one of them ever had; 0 if they have ended."""
    most = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/status") as lines:
                most = max([most] + [int(line.split()[1]) for line in lines
                                     if line.startswith("VmHWM")])
        except OSError:
            continue
    return most * 1024 / MB


def send(admin, path, blocks, length):
    """Puts the blocks, so long in all: seconds from the last byte until the
    answer, which is 202."""
    with socket.create_connection(("127.0.0.1", admin.server.port),
                                  LIMIT_S) as sock:
        sock.sendall((
            f"PUT {path} HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: {admin.headers['Authorization']}\r\n"
            f"Connection: close\r\nContent-Length: {length}\r\n\r\n")
            .encode())
        for block in blocks:
            sock.sendall(block)
        start = time.perf_counter()
        answer = sock.recv(CHUNK)
        waited_s = time.perf_counter() - start
    if not answer.startswith(b"HTTP/1.1 202 "):
        raise Failed("upload: %r" % answer)
    return waited_s


def large_upload(admin, polls):
    """Sends so many bytes of a file that its check refuses at once, since it
    is of another data set.  Seconds until the answer; memory gained."""
    block = polls[:CHUNK]
    blocks = [block] * (LARGE // CHUNK) + [block[:LARGE % CHUNK]]
    pids = programs(admin.server, "imports")
    send(admin, "/admin/imports/hours", [block], len(block))
    before = peak_mb(pids)
    waited_s = send(admin, "/admin/imports/hours", blocks, LARGE)
    return waited_s, peak_mb(pids) - before


def watch(admin, import_id, state):
    """Looks until the import is in that state: the worker's peak memory."""
    end, peak, told = time.monotonic() + LIMIT_S, 0, {"state": None}
    while told["state"] != state:
        if told["state"] in ("Failed", "Rejected") or time.monotonic() > end:
            raise Failed("import: %s" % told)
        peak = max(peak, peak_mb(programs(admin.server, "storemon",
                                          b"\0work\0")))
        told = admin.look(import_id)
    return peak


def check_and_confirm(admin, polls):
    """Seconds from the answer to the preview, and from the confirm to the
    import; the worker's peak memory."""
    reply = admin.ask("PUT", "/admin/imports/polls", polls)
    start = time.perf_counter()
    import_id = json.loads(reply.body)["import_id"]
    peak = watch(admin, import_id, "Preview")
    checked_s = time.perf_counter() - start
    start = time.perf_counter()
    admin.act(import_id, "confirm")
    peak = max(peak, watch(admin, import_id, "Imported"))
    return checked_s, time.perf_counter() - start, peak


def measure_uploads(data, rounds, figures, say):
    """Each round into a state of its own, with hours and zones but without
    polls."""
    sys.path[:0] = [str(TESTS / "lib"), str(TESTS / "http")]
    from admin import SETTINGS, Admin
    from server import Server
    polls = data.polls.read_bytes()
    seen = []
    for number in range(rounds):
        say("round %d of %d: uploads" % (number + 1, rounds))
        with Server(env={**SETTINGS, "STOREMON_UPLOAD_MAX": "2g"}) as server:
            for dataset in ("hours", "timezones"):
                server.storemon("import", dataset,
                                str(getattr(data, dataset)))
            admin = Admin(server)
            seen.append((*check_and_confirm(admin, polls),
                         *large_upload(admin, polls)))
    names = ("check_s", "confirm_s", "import_mb", "taken_s", "gained_mb")
    for name, values in zip(names, zip(*seen)):
        figures[name] = statistics.median(values)
    figures["taken_ms"] = 1e3 * figures.pop("taken_s")
