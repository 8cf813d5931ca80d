#!/usr/bin/env python3
"""The command line as its users meet it: usage, outputs, and the small
commands.  Figures are test_model.py's matter and rows test_import.py's."""
import csv
import datetime
import os
import resource
import signal
import stat
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from support import STOREMON, State, Tap, content_of, run  # noqa: E402

POLLS = b"""store_id,status,timestamp_utc
b,active,2023-01-22 12:00:00 UTC
a,inactive,2023-01-22 10:00:00.25 UTC
a,active,2023-01-22 11:00:00 UTC
"a,b",active,2023-01-20 11:00:00 UTC
a,active,2023-01-21 09:30:00.000001 UTC
"""
HOURS = b"""store_id,day,start_time_local,end_time_local
a,6,09:00:00,23:59:00
c,0,09:00:00,17:00:00
"""
ZONES = b"store_id,timezone_str\na,Europe/Dublin\nd,UTC\n"
IDS = [b"a", b'"a,b"', b"b", b"c", b"d"]
HEADS = {"polls": "status", "hours": "start_time_local",
         "timezones": "timezone_str"}
# Above SQLite's shared memory, below a report of many_stores().
FILE_MAX = 100_000
tap = Tap()


def filled():
    state = State()
    for dataset, content in (("polls", POLLS), ("hours", HOURS),
                             ("timezones", ZONES)):
        result = state.load(dataset, content)
        assert result.code == 0, str(result)
    return state


def first_fields(report):
    """The first column as it is written."""
    return [line.rsplit(b",", 6)[0] for line in report.splitlines()[1:]]


USAGE = (
    [], ["nonsense"], ["--nonsense"], ["import"], ["import", "polls"],
    ["import", "nonsense", "FILE"], ["import", "special_hours", "FILE"],
    ["import", "polls", "FILE", "FILE"],
    ["import", "polls", "FILE", "--nonsense"],
    ["report", "extra"], ["report", "--as-of"], ["report", "--as-of", ""],
    ["report", "--as-of", "yesterday"],
    ["report", "--as-of", "2023-02-30 00:00:00"],
    ["report", "--as-of", "2023-01-22 12:00:00+05:00"],
    ["report", "--interpolation", "linear"],
    ["report", "--interpolation", "Previous"],
    ["report", "--reach", ""], ["report", "--reach", "6"],
    ["report", "--reach", "h"], ["report", "--reach", "6w"],
    ["report", "--reach", "-6h"], ["report", "--reach", "6.5h"],
    ["report", "--reach", " 6h"], ["report", "--reach", "6hh"],
    ["report", "--reach", "99999999999999999999h"],
    ["report", "--store"], ["report", "-o"],
    ["polls"], ["polls", "a", "b"], ["forget"], ["forget", "a", "b"],
    ["timeline"], ["timeline", "a", "b"], ["timeline", "a", "--as-of", "now"],
    ["timeline", "a", "--interpolation", "linear"],
    ["timeline", "a", "--reach", "6w"],
    ["sample"], ["sample", "FOLDER", "--stores", "x"],
    ["sample", "FOLDER", "--stores", "-1"],
    ["sample", "FOLDER", "--days", "1.5"], ["check", "extra"],
)


def usage():
    with State() as state:
        file = state.file("polls.csv", POLLS)
        folder = state.file("sample")
        for words in USAGE:
            real = [{"FILE": file, "FOLDER": folder}.get(w, w)
                    for w in words]
            result = state.run(*real)
            tap.ok(f"usage: storemon {' '.join(words)}",
                   result.code == 2 and result.out == b""
                   and result.err.strip(), result)
        tap.ok("a usage error makes no sample", not os.path.exists(folder))
        result = state.run("report")
        tap.same("nor did one of them import anything", result.code, 1)
    result = run("report", "--state")
    tap.ok("usage: --state without a folder", result.code == 2, result)


def empty_store():
    with State() as state:
        report, detail, result = state.report()
        tap.ok("a report on an empty store: exit 1 and a sentence",
               result.code == 1 and result.err.strip(), result)
        tap.same("and no file", (report, detail), (None, None))
        state.load("hours", HOURS)
        tap.same("hours alone are no polls", state.report()[2].code, 1)
        for words in (["polls", "x"], ["timeline", "x"], ["forget", "x"]):
            result = state.run(*words)
            tap.ok(f"{words[0]} on an empty store: exit 1",
                   result.code == 1 and result.err.strip(), result)
        result = state.run("check")
        tap.ok("check on an empty store", result.code == 0, result)


def where_words_go():
    """Options before and after operands; the state by name or by setting."""
    with State() as state:
        file = state.file("polls.csv", POLLS)
        where = ["--state", state.path]
        for words in (["import", "polls", file, "--dry-run", *where],
                      ["import", "--dry-run", *where, "polls", file],
                      ["import", "polls", *where, "--dry-run", file]):
            result = run(*words)
            tap.ok("storemon " + " ".join(
                os.path.basename(word) for word in words),
                result.code == 0, result)
        result = run("import", "polls", file,
                     env={**os.environ, "STOREMON_STATE": state.path})
        tap.ok("STOREMON_STATE", result.code == 0, result)
        result = run("report", *where, env={
            **os.environ, "STOREMON_STATE": state.file("other")})
        tap.same("--state is the stronger word",
                 first_fields(result.out), [b"a", b'"a,b"', b"b"])
        deep = state.file(os.path.join("not", "yet", "there"))
        os.makedirs(os.path.dirname(deep))
        result = run("import", "polls", file, "--state", deep)
        tap.ok("the state folder is made when missing",
               result.code == 0 and os.path.isdir(deep), result)


def report_outputs():
    with filled() as state:
        report, detail, result = state.report()
        tap.ok("report: exit 0, and quiet on a pipe",
               (result.code, result.out) == (0, b"")
               and b"\r" not in result.err, result)
        tap.same("a row for every store, in byte order", first_fields(report),
                 IDS)
        tap.same("report goes to stdout", state.run("report").out, report)
        tap.same("- is stdout", state.run("report", "-o", "-").out, report)
        folder = state.file("elsewhere.csv")
        result = state.run("report", "-o", folder, "--detail", "-")
        tap.same("the detail too", (result.out, content_of(folder)),
                 (detail, report))
        summary = state.file("summary.json")
        result = state.run("report", "-o", folder, "--summary", summary)
        told = content_of(summary) or b""
        tap.ok("a summary that says as of when", result.code == 0
               and told.lstrip().startswith(b"{")
               and b"2023-01-22T12:00:00.000000Z" in told, result, told)
        tap.same("latest is the newest poll of all",
                 state.report("--as-of", "latest")[:2], (report, detail))
        tap.same("so is its own stamp",
                 state.report("--as-of", "2023-01-22T12:00:00Z")[:2],
                 (report, detail))
        lines = report.splitlines()
        for words, wanted in ((["a"], [1]), (["b", "a"], [1, 3]),
                              (["a,b"], [2]), (["d"], [5])):
            options = [w for store in words for w in ("--store", store)]
            tap.same(f"--store {' '.join(words)}",
                     state.run("report", *options).out.splitlines(),
                     [lines[0]] + [lines[n] for n in wanted])
        result = state.run("report", "--store", "nobody")
        tap.ok("--store of an unknown store: exit 1", result.code == 1
               and result.err.strip(), result)
        reach = state.report("--reach", "unlimited", "--interpolation",
                             "previous")[:2]
        tap.same("the defaults by their names", reach, (report, detail))


def small_files():
    """No file may grow beyond what is left to the state's own files."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_MAX, FILE_MAX))


def many_stores():
    return POLLS + b"".join(b"store-%06d,active,2023-01-22 11:00:00\n" % n
                            for n in range(2 * FILE_MAX // 50))


def outputs_that_fail():
    with filled() as state:
        state.load("polls", many_stores())
        before = sorted(os.listdir(state.folder.name))
        for option in ("-o", "--detail", "--summary", "--stores", "--strips"):
            path = state.file(os.path.join("none", "x.csv"))
            result = state.run("report", option, path)
            tap.ok(f"report {option} into no folder: exit 1",
                   result.code == 1 and result.err.strip(), result)
        for option in ("-o", "--detail", "--stores", "--strips"):
            path = state.file("big.csv")
            result = state.run("report", option, path,
                               preexec_fn=small_files)
            tap.ok(f"report {option} where a write fails: exit 1",
                   result.code == 1 and result.err.strip()
                   and not os.path.exists(path), result)
        # Only ever as an open descriptor: who replaces what it is told to
        # write would replace the machine's device.
        with open("/dev/full", "wb") as full:
            for words in (["report"], ["polls", "a"], ["timeline", "a"]):
                done = subprocess.run(
                    [STOREMON, *words, "--state", state.path], stdout=full,
                    stderr=subprocess.PIPE, timeout=60)
                tap.same(f"{words[0]} onto a full device: exit 1",
                         done.returncode, 1)
        tap.same("nothing is left behind",
                 sorted(os.listdir(state.folder.name)), before)
        path = state.file("report.csv", b"old")
        result = state.run("report", "-o", path, "--as-of", "nonsense")
        tap.same("a refused report leaves the old file",
                 (result.code, content_of(path)), (2, b"old"))
        result = state.run("report", "-o", path, preexec_fn=small_files)
        tap.same("so does one whose write fails",
                 (result.code, content_of(path)), (1, b"old"))


def outputs_that_are_no_files():
    """A pipe or a device is written to, never replaced by a file: as root,
    -o /dev/null would cost the machine its /dev/null."""
    with filled() as state:
        wanted = state.report()[:2]
        for option, content in zip(("-o", "--detail"), wanted):
            path = state.file("pipe")
            os.mkfifo(path)
            reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
            result = state.run("report", option, path)
            try:
                got = os.read(reader, 1 << 16)
            except BlockingIOError:
                got = b""
            os.close(reader)
            tap.ok(f"report {option} into a named pipe",
                   result.code == 0 and got == content
                   and stat.S_ISFIFO(os.lstat(path).st_mode), result, got)
            os.unlink(path)
        target = state.file("target.csv", b"old")
        path = state.file("link.csv")
        os.symlink(target, path)
        state.run("report", "-o", path)
        tap.same("a link's file has the report, one way or the other",
                 content_of(path), wanted[0])


def polls_of_a_store():
    with filled() as state:
        result = state.run("polls", "a")
        lines = [line for line in result.out.decode().splitlines()
                 if "2023-01" in line]
        tap.ok("polls: one line each, in order of time",
               result.code == 0 and len(lines) == 3
               and "2023-01-21" in lines[0] and "09:30:00.000001" in lines[0]
               and "10:00:00.25" in lines[1] and "11:00:00" in lines[2],
               result)
        tap.ok("with their status", ["inactive" in line for line in lines]
               == [False, True, False], result)
        result = state.run("polls", "a,b")
        tap.same("polls of an odd id", result.code, 0)
        result = state.run("polls", "nobody")
        tap.ok("polls of an unknown store: exit 1",
               result.code == 1 and result.err.strip(), result)


def timeline_of_a_store():
    """The figures are test_timeline.py's matter."""
    with filled() as state:
        result = state.run("timeline", "a", "--as-of", "2023-01-22 12:00:00")
        lines = result.out.decode().splitlines()
        tap.ok("timeline: a text in the store's time", result.code == 0
               and lines[:2] == ["Store a", "as of 2023-01-22T12:00:00.000000"
                                 "+00:00, 2023-01-22T12:00:00.000000Z"],
               result)
        tap.ok("with a sentence", "Last hour: up 1 h, down 0 min" in lines,
               result)
        result = state.run("timeline", "--json", "a,b", "--reach", "1h",
                           "--interpolation", "next")
        told = result.json() or {}
        tap.same("timeline --json: the same rules as a report's",
                 (result.code, told.get("store_id"), told.get("rules")),
                 (0, "a,b", {"interpolation": "next", "reach": "1h",
                             "observed_gap": "2h"}))
        result = state.run("timeline", "nobody")
        tap.ok("timeline of an unknown store: exit 1", result.code == 1
               and result.out == b"" and b"nobody" in result.err, result)


def forget():
    with filled() as state, State() as never:
        without = b"\n".join(line for line in POLLS.split(b"\n")
                             if not line.startswith(b"b,"))
        for dataset, content in (("polls", without), ("hours", HOURS),
                                 ("timezones", ZONES)):
            never.load(dataset, content)
        result = state.run("forget", "b")
        tap.ok("forget", result.code == 0, result)
        tap.same("it is as if the store had never been",
                 state.report()[:2], never.report()[:2])
        tap.same("polls no longer knows it", state.run("polls", "b").code, 1)
        for name in ("b", "nobody"):
            result = state.run("forget", name)
            tap.ok(f"forget {name} again: exit 1", result.code == 1
                   and result.err.strip(), result)
        for name in ("a", "c", "d"):
            state.run("forget", name)
        tap.same("hours and zone go with it",
                 first_fields(state.run("report").out), [b'"a,b"'])


def check():
    with filled() as state:
        result = state.run("check")
        tap.ok("check: sound", result.code == 0, result)
        path = os.path.join(state.path, "data.db")
        with open(path, "r+b") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(4096)
            file.write(b"\xa5" * (size - 4096))
        result = state.run("check")
        tap.ok("check: a broken database is exit 1 and a sentence",
               result.code == 1 and result.err.strip() + result.out.strip(),
               result)


# --- sample -----------------------------------------------------------------

def csv_files(folder):
    """{data set: rows as dictionaries, path} by what the headers say."""
    found = {}
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        for dataset, column in HEADS.items():
            if rows and column in rows[0] and "date" not in rows[0]:
                found[dataset] = rows, path
    return found


def hours_by_day(rows):
    days = {}
    for row in rows:
        day = int(next(row[name] for name in ("day", "dayOfWeek",
                                              "day_of_week") if name in row))
        days.setdefault(row["store_id"], {}).setdefault(day, []).append(
            (row["start_time_local"], row["end_time_local"]))
    return days


def splits_a_night(days):
    return any(end.startswith("23:59") and any(
        next_start.startswith("00:00")
        for next_start, _ in days.get((day + 1) % 7, ()))
        for day, rows in days.items() for _, end in rows)


def quirks(files):
    polled = {row["store_id"] for row in files["polls"][0]}
    days = hours_by_day(files["hours"][0])
    zoned = {row["store_id"] for row in files["timezones"][0]}
    hours = {row["timestamp_utc"][:13] for row in files["polls"][0]}
    first, last = (datetime.datetime.fromisoformat(hour + ":00:00")
                   for hour in (min(hours), max(hours)))
    length = (last - first) // datetime.timedelta(hours=1) + 1
    tap.ok("sample: nights split at 23:59",
           any(map(splits_a_night, days.values())))
    tap.ok("sample: missing weekdays", any(len(d) < 7 for d in days.values()))
    tap.ok("sample: stores without hours", polled - set(days))
    tap.ok("sample: stores without a zone", polled - zoned)
    tap.ok("sample: hours in which nobody was polled", len(hours) < length)
    return polled | set(days) | zoned, last - first


def sample():
    with State() as state:
        one, two, big = (state.file(name) for name in ("s1", "s2", "s3"))
        for folder in (one, two):
            result = state.run("sample", folder, "--stores", "60", "--days",
                               "7", "--until", "2024-01-31 12:00:00 UTC")
            tap.ok("sample: exit 0", result.code == 0, result)
        names = sorted(os.listdir(one))
        tap.same("sample: the same words, the same bytes",
                 [content_of(os.path.join(one, name)) for name in names],
                 [content_of(os.path.join(two, name)) for name in
                  sorted(os.listdir(two))])
        files = csv_files(one)
        tap.same("sample: three data sets", sorted(files),
                 ["hours", "polls", "timezones"])
        stores, span = quirks(files)
        tap.same("sample: so many stores", len(stores), 60)
        tap.ok("sample: so many days", 6 <= span.days <= 7, span)
        for dataset, (rows, path) in files.items():
            result = state.run("import", dataset, path, "--json")
            told = result.json() or {}
            tap.same(f"sample: its {dataset} can be imported",
                     (result.code, told.get("rows"), told.get("bad")),
                     (0, len(rows), 0))
        tap.same("sample: a report of it",
                 len(first_fields(state.run("report").out)), 60)
        state.run("sample", big, "--stores", "120", "--days", "2")
        stores, span = size_of(csv_files(big))
        tap.same("sample: other numbers", (stores, span), (120, 2))
        result = state.run("sample", state.file("file", b""))
        tap.ok("sample into a file: exit 1", result.code == 1
               and result.err.strip(), result)


def size_of(files):
    """Stores, and days rounded, of a sample."""
    stores = {row["store_id"] for rows, _ in files.values() for row in rows}
    stamps = [row["timestamp_utc"][:19] for row in files["polls"][0]]
    first, last = map(datetime.datetime.fromisoformat,
                      (min(stamps), max(stamps)))
    return len(stores), round((last - first).total_seconds() / 86400)


usage()
empty_store()
where_words_go()
report_outputs()
outputs_that_fail()
outputs_that_are_no_files()
polls_of_a_store()
timeline_of_a_store()
forget()
check()
sample()
tap.done()
