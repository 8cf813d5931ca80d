#!/usr/bin/env python3
"""Runs admin_real.mjs against a server without data, with the real files and
the report that the command line makes of them; without them with a sample."""
import json
import os
import subprocess
import sys
import tempfile

from test_admin import set_password
from test_page import DATASETS, HERE, ROOT, install

sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

from server import Server  # noqa: E402

STOREMON = os.path.join(ROOT, os.environ.get("BUILD", "build/release"),
                        "storemon")
REAL = os.path.join(os.path.dirname(ROOT), "shared", "data")
REAL_NAMES = {"polls": "real_polls_2023.csv"}


def files(folder):
    """The files to bring in, as (data set, path)."""
    if os.path.isdir(REAL):
        return [(dataset, os.path.join(REAL, REAL_NAMES.get(dataset, name)))
                for dataset, name in DATASETS]
    storemon("sample", folder, "--stores", "200", "--days", "8")
    return [(dataset, os.path.join(folder, name))
            for dataset, name in DATASETS]


def storemon(*words):
    subprocess.run([STOREMON, *words], stdout=subprocess.DEVNULL, check=True)


def make_report(folder, wanted):
    """What the command line makes of the files, in a state of its own."""
    state, report = (os.path.join(folder, n) for n in ("state", "report.csv"))
    for dataset, path in wanted:
        storemon("import", dataset, path, "--state", state)
    storemon("report", "-o", report, "--state", state)
    return report


def main():
    install()
    with tempfile.TemporaryDirectory(prefix="storemon-real-") as folder, \
            Server(env={"STOREMON_ADMIN_RATE": "1000"}) as server:
        wanted = files(folder)
        done = subprocess.run(
            ["node", os.path.join(HERE, "admin_real.mjs")],
            env=dict(os.environ, BASE_URL=server.url, STATE=server.state,
                     FILES=json.dumps(wanted),
                     REPORT=make_report(folder, wanted),
                     PASSWORD=set_password(server)), check=False)
        left = server.look()
        for line in left:
            print("# afterwards: " + line)
    sys.exit(done.returncode or bool(left))


if __name__ == "__main__":
    main()
