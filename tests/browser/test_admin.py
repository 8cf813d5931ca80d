#!/usr/bin/env python3
"""Runs test_admin.mjs against a server without data."""
import os
import secrets
import subprocess
import sys

from test_page import HERE, ROOT, install

sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

from server import Server  # noqa: E402


def set_password(server):
    """A new password for /admin/; it counts at once."""
    password = secrets.token_urlsafe(16)
    build = os.path.join(ROOT, os.environ.get("BUILD", "build/release"))
    subprocess.run([os.path.join(build, "storemon"), "--state", server.state,
                    "passwd", "--stdin"], input=password + "\n", text=True,
                   stdout=subprocess.DEVNULL, check=True)
    return password


def main():
    install()
    # A browser of the tests is quicker than any hand.
    with Server(env={"STOREMON_ADMIN_RATE": "1000"}) as server:
        done = subprocess.run(
            ["node", os.path.join(HERE, "test_admin.mjs")],
            env=dict(os.environ, BASE_URL=server.url,
                     PASSWORD=set_password(server)), check=False)
        left = server.look()
        for line in left:
            print("# afterwards: " + line)
    sys.exit(done.returncode or bool(left))


if __name__ == "__main__":
    main()
