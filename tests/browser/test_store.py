#!/usr/bin/env python3
"""Runs test_store.mjs against two servers: one with the stores of
store_data.py, one without data."""
import json
import os
import subprocess
import sys
import tempfile

import store_data
from test_page import HERE, ROOT, install, storemon

sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

from server import Server  # noqa: E402

SCREENS = os.path.join(ROOT, "build", "screens")


def fill(server):
    with tempfile.TemporaryDirectory(prefix="storemon-stores-") as folder:
        for dataset, text in store_data.datasets():
            path = os.path.join(folder, dataset + ".csv")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            storemon(server, "import", dataset, path)


def main():
    install()
    os.makedirs(SCREENS, exist_ok=True)
    odd = {"markup": store_data.MARKUP, "slashes": store_data.SLASHES,
           "kana": store_data.KANA}
    with Server() as server, Server() as empty:
        fill(server)
        done = subprocess.run(
            ["node", os.path.join(HERE, "test_store.mjs")],
            env=dict(os.environ, BASE_URL=server.url, EMPTY_URL=empty.url,
                     STORES=json.dumps(odd), SCREENS=SCREENS), check=False)
        left = [*server.look(), *empty.look()]
    for line in left:
        print("# afterwards: " + line)
    sys.exit(done.returncode or bool(left))


if __name__ == "__main__":
    main()
