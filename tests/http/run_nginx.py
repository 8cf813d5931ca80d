#!/usr/bin/env python3
"""The HTTP cases through nginx and the FastCGI programs."""

import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

from server import Server  # noqa: E402
from tap import Tap  # noqa: E402

import client  # noqa: E402
import suite  # noqa: E402

BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build/release"))
SETTINGS = {"STOREMON_WORKERS": str(suite.WORKERS), "SAMPLE": "no",
            "STOREMON_TRIGGER_RATE": "99999"}


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="storemon-nginx-") as folder:
        os.chmod(folder, 0o755)     # the user who serves must get through
        sample, state, empty = (os.path.join(folder, name)
                                for name in ("sample", "state", "empty"))
        suite.make_sample(BUILD, sample, state)
        servers = []
        try:
            for path in (state, empty):
                servers.append(Server())
                servers[-1].start(path, **SETTINGS)
            clients = [client.Nginx(server.url) for server in servers]
            suite.run_all(tap, *clients, state, suite.a_store(sample))
            suite.wait_for_workers(tap, state)
        finally:
            for server in servers:
                server.stop()
    tap.done()


if __name__ == "__main__":
    main()
