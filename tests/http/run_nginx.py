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
# The cases come faster than a client may be by default.
SETTINGS = {"STOREMON_WORKERS": str(suite.WORKERS),
            "STOREMON_TRIGGER_RATE": "99999"}


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="storemon-nginx-") as sample, \
            Server(env=SETTINGS) as server, Server(env=SETTINGS) as empty:
        suite.make_sample(BUILD, sample, server.state)
        suite.run_all(tap, client.Nginx(server.url), client.Nginx(empty.url),
                      server.state, suite.a_store(sample))
        suite.wait_for_workers(tap, server.state)
        tap.same("all is in order afterwards", server.look(), [])
    tap.done()


if __name__ == "__main__":
    main()
