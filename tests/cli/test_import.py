#!/usr/bin/env python3
"""storemon import: every case of two lists, then what a list cannot say.

import_cases.json is the project's own; ../shared/cases/import.json, where it
is there, has the same form, which each of them tells at its top.
"""
import datetime
import json
import os
import resource
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from support import BUILD, State, Tap, content_of, shared_file  # noqa: E402

FIELDS = {"dataset", "rows", "new", "changed", "same", "bad", "removed",
          "problems", "file_error", "applied"}
# Told besides: whose rows stayed as they were for a bad one among the new
# ones, and whether the sample data went.
MORE = {"kept", "kept_stores", "sample_removed"}
COUNTS = ("rows", "new", "changed", "same", "bad", "removed")
PROBLEMS_MAX = 1000
MEMORY_MAX_KIB = 200 * 1024
POLLS = "store_id,status,timestamp_utc\n"
HOURS = "store_id,day,start_time_local,end_time_local\n"
ZONES = "store_id,timezone_str\n"
SPECIAL = "store_id,date,start_time_local,end_time_local\n"
AS_OF = ["--as-of", "2023-01-27 00:00:00"]
tap = Tap()


# --- the lists --------------------------------------------------------------

def case_bytes(case):
    if "content" in case:
        return case["content"].encode("utf-8")
    if "content_hex" in case:
        return bytes.fromhex(case["content_hex"])
    parts = case["repeat"]
    return (parts["head"] + parts["line"] * parts["times"]
            + parts["tail"]).encode("utf-8")


def is_plain(text):
    return (isinstance(text, str) and text != ""
            and not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text))


def form_mistakes(told, dataset):
    """What is wrong with the object that an import prints."""
    if not isinstance(told, dict):
        return ["stdout is no JSON object"]
    if not FIELDS <= set(told) <= FIELDS | MORE:
        return [f"fields {sorted(told)}"]
    notes = [name for name in COUNTS if type(told[name]) is not int
             or told[name] < 0]
    if told["dataset"] != dataset:
        notes.append("dataset")
    if type(told["applied"]) is not bool:
        notes.append("applied")
    for problem in told["problems"]:
        if (set(problem) != {"line", "code", "message"}
                or not is_plain(problem["message"])):
            notes.append(f"problem {problem}")
    error = told["file_error"]
    if error is not None and (set(error) - {"line"} != {"code", "message"}
                              or not is_plain(error["message"])):
        notes.append("file_error")
    return notes


def row_mistakes(told, expect):
    bad = [(p["line"], p["code"]) for p in expect["bad"]]
    got = [(p["line"], p["code"]) for p in told["problems"]]
    notes = []
    if told["file_error"] is not None:
        notes.append(f"refused: {told['file_error']}")
    if got != bad[:PROBLEMS_MAX]:
        notes += [f"bad rows {got}", f"wanted   {bad}"]
    if told["new"] + told["changed"] + told["same"] != expect["good"]:
        notes.append(f"new {told['new']} changed {told['changed']} "
                     f"same {told['same']}, wanted {expect['good']} good")
    if told["bad"] != len(bad):
        notes.append(f"bad {told['bad']}, wanted {len(bad)}")
    if told["rows"] != expect["good"] + len(bad):
        notes.append(f"rows {told['rows']}")
    return notes


def case_mistakes(result, case):
    told, expect = result.json(), case["expect"]
    notes = form_mistakes(told, case["dataset"])
    if notes:
        return notes
    refusal = expect.get("file_error")
    if refusal:
        if (told["file_error"] or {}).get("code") != refusal:
            notes.append(f"file_error {told['file_error']}, {refusal} wanted")
    else:
        notes = row_mistakes(told, expect)
    if told["applied"]:
        notes.append("applied by a dry run")
    if result.code != (1 if refusal or expect["bad"] else 0):
        notes.append(f"exit {result.code}")
    return notes


def run_list(state, path):
    with open(path, encoding="utf-8") as file:
        cases = json.load(file)["cases"]
    for case in cases:
        result = state.load(case["dataset"], case_bytes(case), "--dry-run",
                            "--json")
        notes = case_mistakes(result, case)
        tap.ok(f"{case['id']} ({case['dataset']})", not notes, case["why"],
               *notes, result)


def lists():
    with State() as state:
        run_list(state, os.path.join(HERE, "import_cases.json"))
        path = shared_file("cases", "import.json")
        if path:
            run_list(state, path)
        else:
            tap.skip("the cases beside the project",
                     "../shared/cases/import.json is not here")
        state.load("polls", polls("only,active,2023-01-22 12:00:00"))
        rows = state.report()[0].count(b"\n")
        tap.same("all those dry runs left nothing", rows, 2)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    if "asan" in BUILD:
        tap.skip("peak memory", "sanitizers have their own")
    else:
        tap.ok("peak memory is bounded, 30 MB on one line and all",
               peak < MEMORY_MAX_KIB, f"{peak} KiB")


# --- what is kept, replaced and counted -------------------------------------

def lines(head, rows):
    return (head + "".join(row + "\n" for row in rows)).encode("utf-8")


def polls(*rows):
    return lines(POLLS, rows)


def counts(result, *names):
    told = result.json() or {}
    return [told.get(name) for name in names or COUNTS]


def applied(name, result, **wanted):
    """Exit 0, applied, and these counts."""
    told = result.json()
    notes = form_mistakes(told, told and told.get("dataset"))
    if not notes:
        notes = [f"{key} is {told[key]}, {value} wanted"
                 for key, value in {"applied": True, **wanted}.items()
                 if told[key] != value]
    tap.ok(name, not notes and result.code == 0, *notes, result)


def refused(name, result, **wanted):
    told = result.json()
    notes = form_mistakes(told, told and told.get("dataset"))
    if not notes:
        notes = [f"{key} is {told[key]}, {value} wanted"
                 for key, value in {"applied": False, **wanted}.items()
                 if told[key] != value]
    tap.ok(name, not notes and result.code == 1, *notes, result)


THREE = polls("1,active,2023-01-22 12:00:00", "1,inactive,2023-01-22 13:00:00",
              "2,active,2023-01-22 12:00:00")
# Mondays from ten to two and from six to eight, and a Tuesday.
HOURS_OF_TWO = lines(HOURS, ["1,0,10:00,14:00", "1,0,18:00,20:00",
                             "1,1,10:00,14:00", "2,0,10:00,14:00"])


def with_a_poll():
    """A state that a report can be made of."""
    state = State()
    state.load("polls", polls("poll,active,2023-01-26 12:00:00"))
    return state


def business_hours(state, store):
    """Hours of business in the week before AS_OF."""
    detail = state.report(*AS_OF)[1].decode().splitlines()
    names = detail[0].split(",")
    for line in detail[1:]:
        row = dict(zip(names, line.split(",")))
        if row["store_id"] == store:
            return sum(float(row[f"week_{what}_s"])
                       for what in ("up", "down", "unknown")) / 3600
    return None


def poll_counts():
    with State() as state:
        applied("polls: new", state.load("polls", THREE, "--json"),
                rows=3, new=3, changed=0, same=0, bad=0, removed=0)
        before = state.report()[:2]
        applied("polls: the same again changes nothing",
                state.load("polls", THREE, "--json"),
                rows=3, new=0, changed=0, same=3, bad=0, removed=0)
        tap.same("and the report is the same", state.report()[:2], before)
        other = polls("1,active,2023-01-22 13:00:00",
                      "1,INACTIVE,2023-01-22T12:30:00.000Z",
                      "2,active,2023-01-22 12:00:00.0")
        applied("polls: one corrected, one new, one the same",
                state.load("polls", other, "--json"),
                rows=3, new=1, changed=1, same=1, bad=0)
        applied("polls: the later row of one file wins",
                state.load("polls", polls("3,active,2023-01-22 13:00:00",
                                          "3,inactive,2023-01-22 13:00:00"),
                           "--json"), rows=2, bad=0)
        row = state.report()[0].splitlines()[3]
        tap.same("it is down", row, b"3,0.00,0.0000,0.0000,"
                 b"60.00,24.0000,168.0000")
        applied("polls: --whole", state.load("polls", polls(
            "4,active,2023-01-22 13:00:00"), "--whole", "--json"), rows=1)
        tap.same("nothing else is left", [
            line.split(b",")[0] for line in state.report()[0].splitlines()],
            [b"store_id", b"4"])


def all_or_nothing():
    broken = THREE + b"9,up,2023-01-22 12:00:00\n8,active,2023-01-22 12:00\n"
    with State() as state:
        state.load("polls", THREE)
        before = state.report()[:2]
        result = state.load("polls", broken.replace(b"1,", b"7,"), "--json")
        refused("a bad row refuses all of it", result, bad=2, rows=5)
        tap.same("nothing is changed", state.report()[:2], before)
        for words in (["--dry-run"], ["--dry-run", "--skip-bad"],
                      ["--dry-run", "--whole"],
                      ["--dry-run", "--skip-bad", "--whole"]):
            result = state.load("polls", polls(
                "7,active,2023-01-22 15:00:00"), "--json", *words)
            tap.same(f"{' '.join(words)} says what it would do",
                     (result.code, counts(result, "new", "applied")),
                     (0, [1, False]))
            tap.same(f"{' '.join(words)} changes nothing",
                     state.report()[:2], before)
        applied("--skip-bad takes the good ones",
                state.load("polls", broken.replace(b"1,", b"7,"), "--json",
                           "--skip-bad"), rows=5, bad=2, new=2, same=1)
        result = state.load("polls", b"\x1f\x8b" + THREE, "--json",
                            "--skip-bad")
        refused("--skip-bad does not save a refused file", result)
        result = state.load("polls", THREE + b'"9,active', "--whole")
        tap.same("nor does --whole touch anything then",
                 (result.code, business_hours(state, "7")), (1, 168.0))


def hours_replaced():
    with with_a_poll() as state:
        state.load("timezones", lines(ZONES, ["1,UTC", "2,UTC"]))
        applied("hours: new", state.load("hours", HOURS_OF_TWO, "--json"),
                rows=4, new=4, bad=0, removed=0)
        tap.same("hours count", [business_hours(state, s) for s in "12"],
                 [10, 4])
        applied("hours: a file replaces the stores that it names",
                state.load("hours", lines(HOURS, ["1,2,08:00,09:00"]),
                           "--json"), rows=1, bad=0, removed=3)
        tap.same("and no other", [business_hours(state, s) for s in "12"],
                 [1, 4])
        bad = lines(HOURS, ["1,3,08:00,11:00", "1,3,x,11:00",
                            "2,3,08:00,11:00", "=3,3,08:00,11:00"])
        result = state.load("hours", bad, "--skip-bad", "--json")
        tap.same("hours: bad rows are left out on request",
                 (result.code, counts(result, "bad", "applied")),
                 (0, [2, True]))
        tap.same("a store that has one keeps what it had",
                 [business_hours(state, s) for s in "12"], [1, 3])
        state.load("hours", lines(HOURS, ["3,0,08:00,10:00"]), "--whole")
        tap.same("hours: --whole, whoever is not named has none",
                 [business_hours(state, s) for s in "123"], [168, 168, 2])


def kept_is_listed():
    with State() as state:
        state.load("hours", lines(HOURS, ["Kept,0,08:00,10:00"]))
        result = state.load("hours", lines(HOURS, [
            "Taken,0,08:00,10:00", "Kept,0,08:00,11:00", "Kept,7,08:00,11:00"
        ]), "--skip-bad")
        told = (result.out + result.err).decode("utf-8", "replace")
        tap.ok("a store that keeps what it had is listed, no other",
               result.code == 0 and "Kept" in told and "Taken" not in told,
               result)


def zones_replaced():
    night = ["1,0,00:00,06:00", "2,0,00:00,06:00"]
    with with_a_poll() as state:
        state.load("hours", lines(HOURS, night))
        state.load("timezones", lines(ZONES, ["1,UTC", "2,UTC"]))
        # Only the zone tells whether Monday 00:00 local lies before 02:00
        # UTC on Tuesday, when this week ends.
        span = ["--as-of", "2023-01-23 03:00:00"]
        first = state.report(*span)[1]
        result = state.load("timezones", lines(ZONES, ["2,Asia/Tokyo"]),
                            "--json")
        applied("timezones: a store's zone is replaced", result, rows=1)
        second = state.report(*span)[1]
        tap.ok("that store's figures change, no other's", [
            left == right for left, right in zip(first.splitlines(),
                                                 second.splitlines())]
            == [True, True, False, True], first, second)
        bad = lines(ZONES, ["1,Mars/Olympus", "2,UTC"])
        state.load("timezones", bad, "--skip-bad")
        tap.same("timezones: a bad row keeps what was there",
                 state.report(*span)[1], first)


def special_replaced():
    with with_a_poll() as state:
        state.load("timezones", lines(ZONES, ["1,UTC"]))
        state.load("hours", HOURS_OF_TWO)
        closed = lines(SPECIAL, ["1,2023-01-23,,"])
        applied("special-hours: new",
                state.load("special-hours", closed, "--json"),
                rows=1, new=1, removed=0)
        tap.same("a closed Monday", business_hours(state, "1"), 4)
        other = lines(SPECIAL, ["1,2023-01-24,10:00,11:00",
                                "1,2023-01-24,12:00,13:00"])
        state.load("special-hours", other)
        tap.same("another date leaves it closed", business_hours(state, "1"),
                 2)
        longer = lines(SPECIAL, ["1,2023-01-24,00:00,00:00"])
        applied("special-hours: a date is replaced",
                state.load("special-hours", longer, "--json"),
                rows=1, removed=2)
        tap.same("the whole Tuesday", business_hours(state, "1"), 24)
        mixed = lines(SPECIAL, ["1,2023-01-24,10:00,", "1,2023-01-24,,",
                                "1,2023-01-23,10:00,13:00"])
        state.load("special-hours", mixed, "--skip-bad")
        tap.same("a bad row keeps its date alone", business_hours(state, "1"),
                 27)
        state.load("special-hours", lines(SPECIAL, ["1,2023-01-20,,"]),
                   "--whole")
        tap.same("--whole", business_hours(state, "1"), 10)


# --- limits that a list cannot hold -----------------------------------------

def future():
    now = datetime.datetime.now(datetime.timezone.utc)
    with State() as state:
        for hours, code in ((23, 0), (25, 1), (24 * 365, 1)):
            when = now + datetime.timedelta(hours=hours)
            result = state.load("polls", polls(
                f"1,active,{when:%Y-%m-%d %H:%M:%S.%f} UTC"), "--json",
                "--dry-run")
            codes = [p["code"] for p in (result.json() or {}).get(
                "problems", [])]
            tap.same(f"a stamp {hours} h ahead of the clock",
                     (result.code, codes), (code, ["timestamp"] * code))


def many_problems():
    for bad in (PROBLEMS_MAX - 1, PROBLEMS_MAX, PROBLEMS_MAX + 1, 2500):
        with State() as state:
            result = state.load("polls", polls(*["1,up,x"] * bad), "--json")
            told = result.json() or {}
            tap.same(f"{bad} bad rows",
                     (result.code, told.get("bad"), [
                         p["line"] for p in told.get("problems", [])]),
                     (1, bad, list(range(2, 2 + min(bad, PROBLEMS_MAX)))))


def wrong_files():
    with State() as state:
        for name, path in (("no such file", state.file("none.csv")),
                           ("a folder", state.folder.name)):
            result = state.run("import", "polls", path)
            tap.ok(f"{name}: exit 1 and a sentence",
                   result.code == 1 and result.err.strip(), result)
        path = state.file("-polls.csv", THREE)
        result = state.run("import", "polls", os.path.join(
            ".", "-polls.csv"), cwd=os.path.dirname(path))
        tap.ok("a path relative to where one is", result.code == 0, result)
        tap.same("nothing but the state is written", sorted(
            os.listdir(state.folder.name)), ["-polls.csv", "state"])
        tap.same("the file is as it was", content_of(path), THREE)


def for_people():
    with State() as state:
        good = state.load("polls", THREE)
        tap.ok("without --json: exit 0 and the count, no progress on a pipe",
               good.code == 0 and b"3" in good.out + good.err
               and b"\r" not in good.out + good.err, good)
        bad = state.load("polls", THREE + b"1,up,x\n")
        tap.ok("the bad line and its code are told on stderr",
               bad.code == 1 and b"5" in bad.err and b"status" in bad.err,
               bad)
        evil = state.load("polls", THREE + b"a\x1b[31mb,active,x\n")
        tap.ok("no control character of a file reaches the terminal",
               evil.code == 1 and b"\x1b" not in evil.out + evil.err, evil)
        json_bad = state.load("polls", THREE + b"1,up,x\n", "--json")
        tap.ok("--json: one object and nothing else",
               json_bad.json() is not None
               and json_bad.out.strip().startswith(b"{"), json_bad)


lists()
poll_counts()
all_or_nothing()
hours_replaced()
kept_is_listed()
zones_replaced()
special_replaced()
future()
many_problems()
wrong_files()
for_people()
tap.done()
