#!/usr/bin/env python3
"""storemon backup and restore: what is in a backup, what is refused, who may
be at work meanwhile.  Kills and faults are in tests/fault/test_backup.py."""
import contextlib
import fcntl
import glob
import hashlib
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from support import STOREMON, State, Tap, run  # noqa: E402

HEAD = b"store_id,status,timestamp_utc\n"
POLLS = HEAD + b"a,active,2024-01-02 12:00:00\nb,inactive,2024-01-02 13:00:00\n"
MORE = HEAD + b"c,active,2024-01-03 12:00:00\n"
# One who has a snapshot of a state's data, until he is killed.
READER = """
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1] + "/data.db")
db.execute("BEGIN")
db.execute("SELECT * FROM revision").fetchall()
print("reading", flush=True)
time.sleep(600)
"""
DATABASES = ("data.db", "jobs.db")
FILES = ["SHA256SUMS", *DATABASES]
tap = Tap()


@contextlib.contextmanager
def loaded():
    with State() as state:
        state.load("polls", POLLS)
        yield state


def tree(folder):
    """{name: (mode, hash)} of all files; what SQLite shares in memory is
    left out."""
    found = {}
    for path in glob.glob(folder + "/**/*", recursive=True):
        if os.path.isfile(path) and not path.endswith("-shm"):
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = hashlib.sha256(
                    file.read()).hexdigest()
    return found


def query(path, sql):
    with contextlib.closing(sqlite3.connect(
            f"file:{path}?mode=ro&immutable=1", uri=True)) as db:
        return db.execute(sql).fetchall()


def write_anew(path, sql):
    """Runs SQL on a database, and leaves one whose pages have no sums."""
    with contextlib.closing(sqlite3.connect(path)) as old, \
            contextlib.closing(sqlite3.connect(path + ".new")) as new:
        version, = old.execute("PRAGMA user_version").fetchone()
        new.executescript("PRAGMA page_size = 8192;" +
                          "\n".join(old.iterdump()) +
                          f"PRAGMA user_version = {version};" + sql)
    os.rename(path + ".new", path)


def write_sums(backup):
    """As `storemon backup` does."""
    lines = []
    for name in DATABASES:
        with open(f"{backup}/{name}", "rb") as file:
            lines.append(f"{hashlib.sha256(file.read()).hexdigest()}  {name}\n")
    with open(backup + "/SHA256SUMS", "w", encoding="utf-8") as file:
        file.write("".join(lines))


def report(state):
    return state.report("--as-of", "2024-01-04 00:00:00 UTC")[0]


def made(state, name="backup"):
    """A backup's path."""
    path = state.file(name)
    result = state.run("backup", path)
    if result.code:
        raise AssertionError(result)
    return path


def what_it_is():
    with loaded() as state:
        before = report(state)
        backup = state.file("one")
        said = state.run("backup", backup)
        tap.same("it says which revision", (said.code, said.out), (
            0, f"{backup}: revision 1 of the data, and the jobs\n".encode()))
        tap.same("its files", sorted(os.listdir(backup)), FILES)
        tap.same("its modes", {stat.filemode(os.stat(path).st_mode) for path in
                               (backup, *(f"{backup}/{n}" for n in FILES))},
                 {"drwxr-x---", "-rw-r-----"})
        tap.same("sha256sum understands its sums", subprocess.run(
            ["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=backup,
            check=False).returncode, 0)
        tap.same("no log belongs to its databases", {query(
            f"{backup}/{name}", "PRAGMA journal_mode")[0][0]
            for name in DATABASES}, {"delete"})
        state.load("polls", MORE)
        other = State()
        with other:
            result = other.run("restore", backup)
            tap.ok("it is restored into nothing", result.code == 0 and
                   b"before" not in result.out, result)
            tap.same("and says the same", report(other), before)
        result = state.run("restore", backup)
        former = re.search(rb"before: (.*)\n", result.out)
        tap.ok("restored over something, that is kept", result.code == 0 and
               former and b"c" in run("polls", "c", "--state",
                                      former[1].decode()).out, result)
        tap.same("it says what it said then", report(state), before)
        state.load("polls", MORE)
        tap.same("and takes imports", state.run("check").out.split(b"; ")[1],
                 b"revision 2, 3 stores\n")


def compact():
    """What was removed takes no room."""
    with loaded() as state:
        state.load("polls", HEAD + b"".join(
            b"s%d,active,2023-%02d-%02d 12:00:00\n" % (n, m, d)
            for n in range(40) for m in range(1, 12) for d in range(1, 29)))
        state.run("prune", "--keep", "1")
        made(state)
        sizes = [os.path.getsize(path) for path in (
            state.path + "/data.db", state.file("backup/data.db"))]
        tap.ok("a backup has no free pages", sizes[1] * 3 < sizes[0] and query(
            state.file("backup/data.db"), "PRAGMA freelist_count") == [(0,)],
            sizes)


def names():
    """Nothing is overwritten; what a killed backup has left is."""
    with loaded() as state:
        for name, make in (("a file", lambda p: open(p, "w").close()),
                           ("an empty folder", os.mkdir),
                           ("a dangling link",
                            lambda p: os.symlink("/nonexistent", p))):
            path = state.file(name)
            make(path)
            result = state.run("backup", path)
            tap.ok(f"{name} stays", result.code == 1 and
                   b"nothing is overwritten" in result.err and
                   os.path.lexists(path) and not os.path.exists(
                       path + ".tmp"), result)
        path = state.file("rest")
        os.mkdir(path + ".tmp")
        for left in ("data.db", "data.db.part", "data.db.part-wal",
                     "jobs.db-journal", "SHA256SUMS.tmp"):
            open(f"{path}.tmp/{left}", "w").close()
        tap.same("the rest of a killed one is taken over",
                 (state.run("backup", path + "//").code,
                  sorted(os.listdir(path))), (0, FILES))
        path = state.file("mine")
        os.mkdir(path + ".tmp")
        open(path + ".tmp/precious", "w").close()
        result = state.run("backup", path)
        tap.ok("but nothing of somebody else", result.code == 1 and
               os.listdir(path + ".tmp") == ["precious"] and
               not os.path.exists(path), result)
        path = state.file("two")
        os.mkdir(path + ".tmp")
        with locked(path + ".tmp"):
            result = state.run("backup", path)
        tap.ok("nor of one that is being made", result.code == 1 and
               b"another backup" in result.err, result)
        result = state.run("backup", state.file("no/such/folder"))
        tap.same("a folder that cannot be made", result.code, 1)
        tap.same("usage", [state.run("backup", *words).code for words in
                           ([], ["a", "b"], ["", ]) ], [2, 2, 2])


@contextlib.contextmanager
def locked(path):
    fd = os.open(path, os.O_RDONLY | (0 if os.path.isdir(path)
                                      else os.O_CREAT), 0o640)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(fd)


def one_moment():
    """An import that holds the data is not waited for; what is committed
    meanwhile is in the backup or not, and what the jobs tell of is."""
    with loaded() as state:
        with locked(state.path + "/data.lock"):
            tap.same("it waits for no import", state.run(
                "backup", state.file("now")).code, 0)
        stop = threading.Event()

        def import_on():
            day = 0
            while not stop.is_set():
                day += 1
                state.load("polls", HEAD + b"x,active,2023-%02d-%02d 12:00:00"
                           b"\n" % (day // 28 % 12 + 1, day % 28 + 1))

        thread = threading.Thread(target=import_on)
        thread.start()
        try:
            backups = [made(state, f"b{n}") for n in range(12)]
        finally:
            stop.set()
            thread.join()
        found = []
        for backup in backups:
            revision, rows, imports = (query(f"{backup}/data.db", sql)[0][0]
                                       for sql in (
                "SELECT number FROM revision",
                "SELECT rows FROM dataset WHERE name = 'polls'",
                "SELECT count(*) FROM import"))
            found.append((revision, rows == revision + 1 == imports + 1))
        tap.ok("of imports it has all or nothing", all(f[1] for f in found),
               found)
        tap.ok("and some have more than others", found[0][0] < found[-1][0],
               found)
        with State() as other:
            tap.same("the last is whole", (other.run("restore",
                                                     backups[-1]).code,
                                           other.run("check").code), (0, 0))


def files_of(pid):
    """What a process has open; nothing once it has ended."""
    try:
        return {os.readlink(f"/proc/{pid}/fd/{fd}")
                for fd in os.listdir(f"/proc/{pid}/fd")}
    except OSError:
        return set()


def jobs_first():
    """While somebody changes the jobs, neither database is looked at: what
    is imported meanwhile is in the backup."""
    with loaded() as state:
        made(state, "first")        # that jobs.db is there
        with locked(state.path + "/jobs.lock"):
            waiting = subprocess.Popen([STOREMON, "--state", state.path,
                                        "backup", state.file("second")],
                                       stdout=subprocess.DEVNULL)
            end = time.monotonic() + 20
            while waiting.poll() is None and time.monotonic() < end and \
                    state.path + "/jobs.db" not in files_of(waiting.pid):
                time.sleep(0.01)
            tap.ok("a backup waits for who changes the jobs",
                   waiting.poll() is None)
            state.load("polls", MORE)
        waiting.wait(60)
        tap.same("and begins then", query(
            state.file("second/data.db"), "SELECT number FROM revision"),
            [(2,)])


def damaged():
    """What is no backup, or not as it was written, changes nothing."""
    def flip(name, at):
        def do(backup):
            with open(f"{backup}/{name}", "r+b") as file:
                file.seek(at)
                byte = file.read(1)
                file.seek(at)
                file.write(bytes([byte[0] ^ 1]))
        return do

    def cut(backup):
        os.truncate(backup + "/data.db", 8192)

    def edit(sql, name="data.db"):
        def do(backup):
            write_anew(f"{backup}/{name}", sql)
            write_sums(backup)
        return do

    def sums(text):
        def do(backup):
            with open(backup + "/SHA256SUMS", "w", encoding="utf-8") as file:
                file.write(text)
        return do

    cases = [
        ("a byte of the data", flip("data.db", 20000), "not what was written"),
        ("a byte of the jobs", flip("jobs.db", 9000), "not what was written"),
        ("a file cut short", cut, "not what was written"),
        ("a file missing", lambda b: os.unlink(b + "/jobs.db"), "no backup"),
        ("no sums", lambda b: os.unlink(b + "/SHA256SUMS"), "no backup"),
        ("empty sums", sums(""), "no backup"),
        ("odd sums", sums("0" * 400), "no backup"),
        ("one sum", sums("0" * 64 + "  data.db\n"), "no backup"),
        ("blocks that are none", edit(
            "UPDATE poll_day SET polls = x'00'"), "data.db"),
        ("a store that is missing", edit(
            "DELETE FROM store WHERE id = 'a'"), "not there"),
        ("a newer release's", edit("PRAGMA user_version = 99"), "newer"),
        ("newer jobs", edit("PRAGMA user_version = 99", "jobs.db"), "newer"),
    ]
    with loaded() as state:
        good = made(state)
        state.load("polls", MORE)
        state.run("restore", good)      # so that all folders are there
        state.load("polls", MORE)
        before = tree(state.path)
        for name, harm, words in cases:
            bad = state.file("bad")
            shutil.copytree(good, bad)
            harm(bad)
            result = state.run("restore", bad)
            tap.ok(f"{name}: refused, and nothing changes",
                   result.code == 1 and words.encode() in result.err and
                   tree(state.path) == before, result,
                   set(tree(state.path)) ^ set(before))
            shutil.rmtree(bad)
        for path in ("/nonexistent", "/etc/passwd", "/"):
            result = state.run("restore", path)
            tap.ok(f"{path} is no backup", result.code == 1 and
                   b"no backup" in result.err, result)


def older():
    """A backup that an earlier release made is brought to this one."""
    with loaded() as state:
        backup = made(state)
        write_anew(backup + "/data.db",
                   "ALTER TABLE revision DROP COLUMN kept_us;"
                   "ALTER TABLE import DROP COLUMN undone_us;"
                   "PRAGMA user_version = 1")
        write_sums(backup)
        before = report(state)
        tap.same("an older backup", (state.run("restore", backup).code,
                                     report(state), state.run("check").code),
                 (0, before, 0))


def busy():
    """Who is at work on the state is not disturbed."""
    with loaded() as state:
        backup = made(state)
        state.load("polls", MORE)
        os.makedirs(state.path + "/slots", exist_ok=True)
        before = tree(state.path)
        for lock in ("run.lock", "data.lock", "jobs.lock", "slots/1.lock",
                     "slots/63.lock"):
            with locked(f"{state.path}/{lock}"):
                result = state.run("restore", backup)
            after = tree(state.path)
            tap.ok(f"{lock} is held: refused", result.code == 1 and
                   b"at work" in result.err and all(
                       after[name] == before[name] for name in before),
                   result)
            if "slots" in lock:
                os.unlink(f"{state.path}/{lock}")
        tap.same("then it is done", state.run("restore", backup).code, 0)


def old_log():
    """A log that was not moved into the database goes with it."""
    with loaded() as state:
        backup = made(state)
        before = report(state)
        with subprocess.Popen([sys.executable, "-c", READER, state.path],
                              stdout=subprocess.PIPE) as reader:
            reader.stdout.readline()
            state.load("polls", HEAD + b"".join(
                b"z%d,active,2024-01-02 12:00:00\n" % n for n in range(3000)))
            # Closing would move the log.
            reader.kill()
        tap.ok("a log is there", os.path.getsize(
            state.path + "/data.db-wal") > 8192)
        result = state.run("restore", backup)
        tap.ok("and is not read with the backup", result.code == 0 and
               report(state) == before and state.run("check").code == 0,
               result)
        former = glob.glob(state.path + "/former-*")
        tap.ok("but with what was there before", len(former) == 1 and
               b"3002 stores" in run("check", "--state", former[0]).out,
               former)


def interrupted():
    """Half of a restore: nobody can use it, and the next one ends it."""
    with loaded() as state:
        backup = made(state)
        before = report(state)
        state.load("polls", MORE)
        os.mkdir(state.path + "/restore")
        os.mkdir(state.path + "/former")
        shutil.copy(backup + "/jobs.db", state.path + "/restore/")
        for name in ("data.db", "data.db-wal"):
            os.rename(f"{state.path}/{name}", f"{state.path}/former/{name}")
        shutil.copy(backup + "/data.db", state.path)
        for words in (["check"], ["report"], ["polls", "a"], ["work"],
                      ["backup", state.file("no")], ["prune", "--keep", "9"],
                      ["forget", "a"]):
            result = state.run(*words)
            tap.ok(f"{words[0]} does not go on", result.code == 1 and
                   b"a restore was interrupted" in result.err, result)
        tap.same("again", (state.run("restore", backup).code, report(state)),
                 (0, before))
        former = sorted(glob.glob(state.path + "/former*"))
        tap.ok("what was there first is kept", len(former) == 2 and
               b"3 stores" in run("check", "--state", former[0]).out, former)


def main():
    what_it_is()
    compact()
    names()
    one_moment()
    jobs_first()
    damaged()
    older()
    busy()
    old_log()
    interrupted()
    tap.done()


if __name__ == "__main__":
    main()
