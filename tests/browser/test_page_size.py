#!/usr/bin/env python3
"""Runs page_size.mjs against a server with as many stores as the real one."""
import os
import subprocess
import sys

from test_page import HERE, ROOT, fill, install

sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

from server import Server  # noqa: E402

STORES = "14226"


def main():
    install()
    with Server() as server:
        fill(server, STORES, ())
        done = subprocess.run(
            ["node", os.path.join(HERE, "page_size.mjs")],
            env=dict(os.environ, BASE_URL=server.url, STATE=server.state),
            check=False)
        left = server.look()
    for line in left:
        print("# afterwards: " + line)
    sys.exit(done.returncode or bool(left))


if __name__ == "__main__":
    main()
