#!/usr/bin/env python3
"""The HTTP cases without a server: each request is a process of its own."""

import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

from tap import Tap  # noqa: E402

import client  # noqa: E402
import suite  # noqa: E402

BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build/release"))


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="storemon-cgi-") as folder:
        sample, state, empty = (os.path.join(folder, name)
                                for name in ("sample", "state", "empty"))
        # Made here, they belong to whoever runs the test.
        os.mkdir(state)
        os.mkdir(empty)
        os.environ["STOREMON_WORKERS"] = str(suite.WORKERS)
        suite.make_sample(BUILD, sample, state)
        suite.run_all(tap, client.Cgi(BUILD, state), client.Cgi(BUILD, empty),
                      state, suite.a_store(sample))
        suite.wait_for_workers(tap, state)
    tap.done()


if __name__ == "__main__":
    main()
