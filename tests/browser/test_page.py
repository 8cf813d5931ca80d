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

STOREMON = os.path.join(ROOT, os.environ.get("BUILD", "build/release"),
                        "storemon")
STORES = "200"
SETTINGS = {"SAMPLE": "no", "STOREMON_TRIGGER_RATE": "99999"}


def install():
    """npm's packages, exactly those of the lock file, if they are missing."""
    if not os.path.isdir(os.path.join(HERE, "node_modules",
                                      "playwright-core")):
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=HERE,
                       check=True, stdout=sys.stderr)


def fill(sample, state):
    subprocess.run([STOREMON, "sample", sample, "--stores", STORES,
                    "--days", "8"], check=True, stdout=subprocess.DEVNULL)
    for dataset, name in (("timezones", "timezones"),
                          ("hours", "menu_hours"),
                          ("polls", "store_status")):
        subprocess.run([STOREMON, "import", dataset,
                        os.path.join(sample, name + ".csv"), "--state", state],
                       check=True, stdout=subprocess.DEVNULL)


def main():
    install()
    with tempfile.TemporaryDirectory(prefix="storemon-browser-") as folder:
        os.chmod(folder, 0o755)     # the user who serves must get through
        state, empty = (os.path.join(folder, name)
                        for name in ("state", "empty"))
        fill(os.path.join(folder, "sample"), state)
        servers = []
        try:
            for path in (state, empty):
                servers.append(Server())
                servers[-1].start(path, **SETTINGS)
            done = subprocess.run(
                ["node", os.path.join(HERE, "test_page.mjs")],
                env=dict(os.environ, BASE_URL=servers[0].url, STATE=state,
                         EMPTY_URL=servers[1].url), check=False)
        finally:
            for server in servers:
                server.stop()
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
