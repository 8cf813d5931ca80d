"""The bench's input, made once and kept under build/bench/.

With the folder ../shared beside the project its maker of real-size files is
used, so that hours and zones are the real ones; without it, storemon's own
sample of the same size.
"""
import pathlib
import shutil
import subprocess
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
KEPT = ROOT / "build" / "bench"
MAKER = ROOT.parent / "shared" / "tools" / "make_polls.py"
SAMPLE_STORES = 14226
SAMPLE_DAYS = 8


class Input:
    """Three CSV files: .polls, .hours, .timezones; and what .origin they are
    of."""

    def __init__(self, folder, origin):
        self.folder = folder
        self.origin = origin
        self.polls = folder / "store_status.csv"
        self.hours = folder / "menu_hours.csv"
        self.timezones = folder / "timezones.csv"

    def count(self):
        """(polls, stores): rows of the file, and ids of all three."""
        ids, rows = set(), 0
        for path in (self.hours, self.timezones, self.polls):
            with open(path) as lines:
                next(lines)
                for rows, line in enumerate(lines, 1):
                    ids.add(line[:line.index(",")])
        return rows, len(ids)

    def some_ids(self, count):
        """Ids of stores, spread over the file, quoted for an address."""
        with open(self.timezones) as lines:
            ids = [urllib.parse.quote(line[:line.index(",")], safe="")
                   for line in lines][1:]
        return ids[::max(1, len(ids) // count)][:count]


def make_shared(folder, copies, storemon):
    del storemon
    subprocess.run(
        ["python3", MAKER, "--out", folder / "store_status.csv",
         "--copies", str(copies), "--out-hours", folder / "menu_hours.csv",
         "--out-timezones", folder / "timezones.csv"],
        check=True, stdout=subprocess.DEVNULL)


def make_sample(folder, copies, storemon):
    subprocess.run(
        [storemon, "sample", folder, "--stores", str(SAMPLE_STORES * copies),
         "--days", str(SAMPLE_DAYS)],
        check=True, stdout=subprocess.DEVNULL)


def get(copies, storemon, say):
    """The Input with that many times the stores, made now if it is missing.

    It is made under another name and renamed, so that one that was cut short
    is not taken for whole."""
    if MAKER.exists():
        origin, make = "real", make_shared
    else:
        origin, make = "sample", make_sample
        say("no folder ../shared beside the project: the input is "
            "`storemon sample`, not the real hours and zones")
    folder = KEPT / ("%s-%d" % (origin, copies))
    if not folder.exists():
        say("making the input %s (kept for the next time)" % folder.name)
        half = folder.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        make(half, copies, storemon)
        half.rename(folder)
    return Input(folder, origin)
