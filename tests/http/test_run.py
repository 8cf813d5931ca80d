#!/usr/bin/env python3
"""`make run` as its user sees it: starting, stopping, refusing, surviving."""

import contextlib
import fcntl
import glob
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

from server import READY, Server, free_port, wait_for  # noqa: E402
from tap import Tap  # noqa: E402

BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build/release"))
GUEST = "storemon-guest"
AM_ROOT = os.geteuid() == 0
LIMIT_S = 60

tap = Tap()


@contextlib.contextmanager
def scratch(mode=0o755):
    """A folder that others may enter, unless mode says otherwise."""
    with tempfile.TemporaryDirectory(prefix="storemon-run-") as folder:
        os.chmod(folder, mode)
        yield folder


def run(state, run_sh=None, **env):
    """Call tools/run.sh where it must refuse: (exit status, what it said)."""
    done = subprocess.run(
        [run_sh or os.path.join(ROOT, "tools", "run.sh")],
        env={**os.environ, "PORT": str(free_port()), "STATE": state,
             "SAMPLE": "no", **env},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=LIMIT_S)
    return done.returncode, done.stdout


def refuses(name, words, state, **env):
    """One plain sentence with these words, exit 1."""
    code, said = run(state, **env)
    tap.ok(name, code == 1 and words in said and len(said) < 400 and
           said.count("\n") <= 2, f"exit {code}", said)


def sockets():
    return set(glob.glob("/tmp/storemon.*/*.sock"))


# Those of others who are at work, or were killed.
BEFORE = sockets()


def leavings(server):
    """What a stopped server must not leave, once its workers are done."""
    with contextlib.suppress(TimeoutError):
        server.wait_idle()
    left = [f"process {pid}" for pid in server.processes()]
    if os.path.exists(server.state + "/run"):
        left.append("run/")
    with socket.socket() as sock:
        if sock.connect_ex(("127.0.0.1", server.port)) == 0:
            left.append("its port")
    left += sorted(sockets() - BEFORE)
    return left


def twice():
    with Server(sample=True) as server:
        tap.ok("an empty store gets sample data",
               "loading sample data" in server.output(), server.output())
        owner = "storemon" if AM_ROOT else pwd.getpwuid(os.geteuid()).pw_name
        tap.ok("address, user and state are told", all(
            text in server.output() for text in
            (server.url, owner, server.state)), server.output())
        tap.same("the sample makes a report",
                 server.report()["status"], "Complete")
        code, said = run(server.state)
        tap.ok("a second one on the same state is refused",
               code == 1 and "already" in said, code, said)
        code, said = run(server.folder + "/other", PORT=str(server.port))
        tap.ok("a port that is taken is told, with a way out", code == 1 and
               f"Port {server.port} is taken" in said and "PORT=" in said,
               code, said)
        tap.same("and leaves nothing running", os.path.exists(
            server.folder + "/other/run"), False)
        tap.same("all is in order", server.look(), [])
        tap.same("Ctrl-C ends it well", server.stop(), 0)
        tap.ok("it says so", server.output().endswith("Stopped.\n"),
               server.output())
        tap.same("nothing is left", leavings(server), [])
        server.start()
        tap.ok("it starts again, with the data that is there",
               "sample" not in server.output(), server.output())
        tap.same("and makes a report", server.report()["status"], "Complete")
        tap.same("SIGTERM ends it well", server.stop(signal.SIGTERM), 0)
        tap.same("nothing is left then", leavings(server), [])


def sample_again():
    """A sample whose loading was cut off is loaded anew."""
    with Server(sample=True) as server:
        server.stop()
        os.mkdir(server.state + "/tmp/sample")
        if AM_ROOT:
            shutil.chown(server.state + "/tmp/sample", "storemon", "storemon")
        server.start()
        tap.ok("an interrupted sample is loaded again",
               "loading sample data" in server.output(), server.output())
        tap.same("its files are gone", os.listdir(server.state + "/tmp"), [])
        path = os.path.join(server.folder, "zones.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write("store_id,timezone_str\n1,Asia/Tokyo\n")
        said = server.storemon("import", "timezones", path)
        tap.ok("the first own import removes the sample",
               "sample data was removed" in said.stdout, said)


def killed():
    """Each part in turn, and the script itself."""
    for what in ("nginx", "multiwatch"):
        with Server() as server:
            pid = server.pids_of(what)[0]
            os.kill(pid, signal.SIGKILL)
            code = server.process.wait(LIMIT_S)
            tap.ok(f"the end of {what} is told", code == 1 and
                   "unexpectedly" in server.output(), code, server.output())
            tap.same(f"nothing is left after the end of {what}",
                     leavings(server), [])
    with Server() as server:
        server.process.kill()
        server.process.wait(LIMIT_S)
        server.wait_idle()
        tap.ok("what it started ends when the script is killed", True)
        server.start()
        tap.same("and it starts again", server.request(
            "GET", "/get_report").status, 400)


def hold_worker(server):
    """Catch a worker at work: (its lock's file, the report's id)."""
    for hours in range(1, 100):
        report_id = server.trigger(f"?reach={hours}h")
        lock = open(server.state + "/jobs.lock", "rb")
        fcntl.flock(lock, fcntl.LOCK_EX)
        if server.look_up(report_id)["status"] == "Running":
            return lock, report_id
        lock.close()
    raise TimeoutError("every worker was faster")


def survivor():
    """A running report outlives the server; the terminal is let go."""
    with Server(sample=True) as server:
        server.stop()
        with subprocess.Popen([server.run], env=server.env,
                              stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT) as process:
            said = iter(process.stdout.readline, "")
            next(line for line in said if READY in line)
            lock, report_id = hold_worker(server)
            process.send_signal(signal.SIGINT)
            tap.ok("the output ends with the server", process.stdout.read(
                ).endswith("Stopped.\n") and process.wait(LIMIT_S) == 0)
        workers = server.processes()
        tap.ok("the worker goes on", len(workers) >= 1, workers)
        lock.close()
        server.wait_idle()
        server.start()
        tap.same("and has made its report", server.look_up(
            report_id)["status"], "Complete")
        tap.same("which is there", server.request(
            "GET", f"/reports/{report_id}.csv").status, 200)
        tap.same("all is in order after that", server.look(), [])


def places():
    """Folders with long names and blanks; a start in the background."""
    with scratch() as folder:
        state = os.path.join(folder, "a b" + "c" * 60, "d" * 60)
        with Server(state=state) as server:
            tap.same("a long path with a blank", server.request(
                "GET", "/get_report").status, 400)
            server.stop()
            tap.same("nothing of it is left", leavings(server), [])
    with Server() as server:
        server.stop()
        os.unlink(server.log)
        process = subprocess.Popen(
            ["sh", "-c", '"$RUN" >>"$OUT" 2>&1 & echo $! >>"$OUT"; wait'],
            env={**server.env, "RUN": server.run, "OUT": server.log})
        wait_for("start", lambda: os.path.exists(server.log) and
                 READY in server.output(), LIMIT_S)
        script = int(re.search(r"^\d+$", server.output(), re.M).group())
        os.kill(script, signal.SIGINT)
        process.wait(LIMIT_S)
        tap.ok("in the background it hears SIGINT as well",
               server.output().endswith("Stopped.\n"), server.output())


def refusals():
    with scratch() as folder:
        state = os.path.join(folder, "state")
        for name, words, env in [
                ("a port that is none", "PORT must be", {"PORT": "80x"}),
                ("a port too high", "PORT must be", {"PORT": "65536"}),
                ("an odd address", "LISTEN must be", {"LISTEN": "a;b"}),
                ("an address of another machine", "192.0.2.1",
                 {"LISTEN": "192.0.2.1"}),
                ("an odd rate", "STOREMON_TRIGGER_RATE must",
                 {"STOREMON_TRIGGER_RATE": "0"}),
                ("addresses that are none", "STOREMON_METRICS_FROM must",
                 {"STOREMON_METRICS_FROM": "127.0.0.1; allow all"}),
                ("programs that are not there", "not built",
                 {"BUILD": folder})]:
            refuses(name, words, state, **env)
        refuses("an odd folder", "STATE may not", state + "$HOME")
    if not AM_ROOT:
        tap.skip("states that root refuses", "needs root")
        return
    with scratch() as folder:
        with open(folder + "/precious", "w", encoding="utf-8") as file:
            file.write("x")
        refuses("a folder with other things", "holds other things", folder)
        tap.same("which stay as they are", os.stat(
            folder + "/precious").st_uid, 0)
        shutil.chown(folder, "nobody")
        refuses("a folder of somebody else", "belongs to nobody", folder)
    with scratch(0o700) as folder:
        refuses("a folder that storemon cannot reach", "cannot reach",
                folder + "/state")


def copy_checkout(folder, owner=None):
    """What make run needs, elsewhere; owned by that user."""
    top = os.path.join(folder, "checkout")
    for name in ("tools", "conf", "www", "docs"):
        shutil.copytree(os.path.join(ROOT, name), os.path.join(top, name))
    os.makedirs(top + "/build/release/cgi-bin")
    shutil.copy(BUILD + "/storemon", top + "/build/release/")
    for path in glob.glob(BUILD + "/cgi-bin/*"):
        shutil.copy(path, top + "/build/release/cgi-bin/")
    if owner:
        subprocess.run(["chown", "-R", owner, top], check=True)
    return top


def elsewhere():
    """A checkout that nobody else may enter; an ordinary user's own."""
    with scratch(0o700) as folder:
        top = copy_checkout(folder)
        with Server(run=top + "/tools/run.sh",
                    env={"BUILD": "build/release"}) as server:
            tap.same("a checkout below a closed folder", server.request(
                "GET", "/get_report").status, 400)
            tap.same("nothing runs as root", server.look(), [])
    if not AM_ROOT:
        guest(None)
        return
    subprocess.run(["useradd", "--system", "--no-create-home", GUEST],
                   check=True)
    try:
        guest(GUEST)
    finally:
        subprocess.run(["userdel", GUEST], check=True)


def guest(user):
    with scratch() as folder:
        top = copy_checkout(folder, user)
        with Server(run=top + "/tools/run.sh", user=user,
                    state=top + "/var", sample=True,
                    env={"BUILD": "build/release", "STATE": ""}) as server:
            tap.ok("an ordinary user's state is var/ of the checkout",
                   f"{top}/var\n" in server.output(), server.output())
            tap.same("and makes a report", server.report()["status"],
                     "Complete")
            owner = os.stat(top).st_uid
            others = [p for p in glob.glob(top + "/var/**", recursive=True)
                      if os.lstat(p).st_uid != owner]
            tap.same("all of it is theirs", others, [])
            tap.same("all is in order", server.look(), [])
            tap.same("Ctrl-C ends it well", server.stop(), 0)
            tap.same("nothing is left", leavings(server), [])


def by_make():
    """Through make, which passes signals on."""
    with Server() as server:
        server.stop()
        with open(server.log, "wb") as out:
            make = subprocess.Popen(
                ["make", "-C", ROOT, "run", f"B={BUILD}",
                 f"VARIANT={os.path.basename(BUILD)}"], env=server.env,
                stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        wait_for("start", lambda: READY in server.output() or
                 make.poll() is not None, LIMIT_S)
        tap.ok("make run serves", make.poll() is None, server.output())
        make.terminate()
        make.wait(LIMIT_S)
        tap.same("and nothing is left when make is ended",
                 leavings(server), [])


def main():
    twice()
    sample_again()
    killed()
    survivor()
    places()
    refusals()
    elsewhere()
    by_make()
    tap.done()


if __name__ == "__main__":
    main()
