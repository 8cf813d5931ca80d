#!/usr/bin/env python3
"""Runs test_page.mjs against two servers: one with data, one without."""
import csv
import fcntl
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

from server import Server  # noqa: E402

SCREENS = os.path.join(ROOT, "build", "screens")
STORES = "200"
# Ids that a page could stumble over.
ODD = {
    "markup": "<b onclick=alert(1)>x</b>&amp;",
    "quotes": 'the "quoted", the \'other\'',
    "letters": "\u0141\u00f3d\u017a \u6771\u4eac caf\u00e9",
    "length": "w" * 64,
    "address": "a/b?c=d&e=f#g%20h",
}
DATASETS = (("timezones", "timezones.csv"), ("hours", "menu_hours.csv"),
            ("polls", "store_status.csv"))


def install():
    """npm's packages, exactly those of the lock files, if they are missing."""
    subprocess.run([os.path.join(ROOT, "tools", "vendor.sh")], check=True)
    with open(os.path.join(HERE, "package-lock.json"), "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)    # the other scripts wait
        if not all(os.path.isdir(os.path.join(HERE, "node_modules", name))
                   for name in ("axe-core", "playwright-core")):
            subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=HERE,
                           check=True, stdout=sys.stderr)


def storemon(server, *words):
    done = server.storemon(*words)
    if done.returncode != 0:
        sys.exit(f"storemon {words}: {done.stderr}")


def fill(server, stores, odd):
    """Brings sample data of so many stores, and odd ones, into a server."""
    with tempfile.TemporaryDirectory(prefix="storemon-browser-") as folder:
        storemon(server, "sample", folder, "--stores", stores, "--days", "8")
        for dataset, name in DATASETS:
            path = os.path.join(folder, name)
            if dataset == "polls":
                add_stores(path, odd)
            storemon(server, "import", dataset, path)


def add_stores(path, ids):
    """One poll of each, at the instant of the file's first."""
    with open(path, encoding="utf-8", newline="") as file:
        polls = csv.DictReader(file)
        poll = next(polls)
    with open(path, "a", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, polls.fieldnames, lineterminator="\n")
        for store_id in ids:
            rows.writerow({**poll, "store_id": store_id})


def main():
    install()
    os.makedirs(SCREENS, exist_ok=True)
    with Server() as server, Server() as empty:
        fill(server, STORES, ODD.values())
        done = subprocess.run(
            ["node", os.path.join(HERE, "test_page.mjs")],
            env=dict(os.environ, BASE_URL=server.url, STATE=server.state,
                     EMPTY_URL=empty.url, ODD_STORES=json.dumps(ODD),
                     SCREENS=SCREENS), check=False)
        left = [*server.look(), *empty.look()]
    for line in left:
        print("# afterwards: " + line)
    sys.exit(done.returncode or bool(left))


if __name__ == "__main__":
    main()
