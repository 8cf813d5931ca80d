#!/usr/bin/env python3
"""Runs test_page.mjs against two servers: one with data, one without."""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

from server import Server  # noqa: E402

STORES = "200"
DATASETS = (("timezones", "timezones.csv"), ("hours", "menu_hours.csv"),
            ("polls", "store_status.csv"))


def install():
    """npm's packages, exactly those of the lock file, if they are missing."""
    if not all(os.path.isdir(os.path.join(HERE, "node_modules", name))
               for name in ("axe-core", "playwright-core")):
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=HERE,
                       check=True, stdout=sys.stderr)


def storemon(server, *words):
    done = server.storemon(*words)
    if done.returncode != 0:
        sys.exit(f"storemon {words}: {done.stderr}")


def fill(server):
    """Brings sample data into the server's store."""
    with tempfile.TemporaryDirectory(prefix="storemon-browser-") as folder:
        storemon(server, "sample", folder, "--stores", STORES, "--days", "8")
        for dataset, name in DATASETS:
            storemon(server, "import", dataset, os.path.join(folder, name))


def main():
    install()
    with Server() as server, Server() as empty:
        fill(server)
        done = subprocess.run(
            ["node", os.path.join(HERE, "test_page.mjs")],
            env=dict(os.environ, BASE_URL=server.url, STATE=server.state,
                     EMPTY_URL=empty.url), check=False)
        left = [*server.look(), *empty.look()]
    for line in left:
        print("# afterwards: " + line)
    sys.exit(done.returncode or bool(left))


if __name__ == "__main__":
    main()
