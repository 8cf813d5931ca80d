#!/usr/bin/env python3
"""The reader of CSV files against the model's, on broken files.

Each file is a good one with a few bytes put in, taken out or exchanged, now
and then with these bytes at a place where a reader's buffer may end.  Both
have to see the same rows, the same mistakes on the same lines, or refuse the
file with the same code.  SEEDS=N or N-M as in test_model.py.
"""
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "model")]

from reader import COLUMNS, FileError, read_file  # noqa: E402
from support import State, Tap, seeds  # noqa: E402

GOOD = {
    "polls": (b"1,active,2023-01-22 12:00:00",
              b"2,INACTIVE,2023-01-22T12:00:00.5Z",
              b'"a,b",active,2023-01-22 12:00:00 UTC'),
    "hours": (b"1,0,09:00,17:00", b"1,1,22:00:00,02:00:00",
              b'"x",2,00:00,24:00'),
    "timezones": (b"1,UTC", b"1,GB", b"2,America/New_York", b'2,"UTC"'),
    "special-hours": (b"1,2023-01-22,,", b"1,2023-01-22,09:00,10:00",
                      b'2,"2023-02-28",00:00,00:00'),
}
TRICKY = (b'"', b'"', b",", b"\n", b"\r", b"\r\n", b" ", b"\t", b'""', b"\0",
          b"x", b"=", b"-", b"0", b"9", b":", b".", b"Z", b"\xc2\x85",
          b"\xe2\x80\xae", b"\xff", b"\xef\xbb\xbf", b'"\n"', b'","',
          b'"\r\n', b"\x7f", b"\x0b", b"+00:00", b"24:00")
BUFFERS = (4096, 1 << 14, 1 << 16, 1 << 17)
BATCH = 25
tap = Tap()


def broken(rng, content, first):
    """A few changes, most of them behind the header."""
    for _ in range(rng.randint(0, 4)):
        least = 0 if rng.random() < 0.15 else min(first, len(content))
        at = rng.randint(least, len(content))
        kind, put = rng.random(), rng.choice(TRICKY)
        if kind < 0.6:
            content = content[:at] + put + content[at:]
        else:
            content = (content[:at] + (put if kind < 0.8 else b"")
                       + content[at + 1:])
    return content


def make_file(rng, dataset):
    head = ",".join(COLUMNS[dataset]).encode()
    if rng.random() < 0.1:
        head = head.upper()
    end = rng.choice((b"\n", b"\r\n", b"\r"))
    rows = [rng.choice(GOOD[dataset]) for _ in range(rng.randint(0, 5))]
    if rng.random() < 0.8:
        content = end.join([head, *rows]) + rng.choice((b"", end))
        return broken(rng, content, len(head))
    tail = broken(rng, end.join(rows) + end, 0)
    length = (rng.choice(BUFFERS) - len(head) - len(end)
              - rng.randint(0, len(tail)))
    filler = GOOD[dataset][0] + end
    return (head + end + filler * (length // len(filler))
            + b"\n" * (length % len(filler)) + tail)


def model_says(dataset, content):
    try:
        good, bad, _ = read_file(dataset, content)
    except FileError as error:
        return str(error)
    return len(good), len(bad), bad[:1000]


def program_says(state, dataset, content):
    told = state.load(dataset, content, "--dry-run", "--json").json()
    if told is None:
        return "no JSON"
    if told["file_error"]:
        return told["file_error"]["code"]
    return (told["new"] + told["changed"] + told["same"], told["bad"],
            [(p["line"], p["code"]) for p in told["problems"]])


def one_file(state, seed):
    rng = random.Random(seed)
    dataset = rng.choice(list(COLUMNS))
    content = make_file(rng, dataset)
    wanted = model_says(dataset, content)
    got = program_says(state, dataset, content)
    if got == wanted:
        return []
    return [f"seed {seed}: {dataset} {content[-400:]!r}",
            f"got    {got}", f"wanted {wanted}"]


def main():
    numbers = list(seeds(400))
    with State() as state:
        for first in range(0, len(numbers), BATCH):
            batch = numbers[first:first + BATCH]
            notes = [note for seed in batch for note in one_file(state, seed)]
            tap.ok(f"broken files of seeds {batch[0]} to {batch[-1]}",
                   not notes, *notes[:12])
    tap.done()


main()
