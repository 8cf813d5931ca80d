#!/usr/bin/env python3
"""tools/vendor.sh on a small checkout, with an npm that is made up: what is
fetched, that it is fetched once, and that nothing fails without."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

from tap import Tap  # noqa: E402

NEEDED = ("sh", "cat", "chmod", "cmp", "dirname", "grep", "id", "install",
          "mkdir", "mktemp", "mv", "rm", "sort", "tr")
FILES = ["LICENSE", "uPlot.esm.js", "uPlot.min.css"]
# Notes that it was asked, and unpacks what the lock file would say.
NPM = """#!/bin/sh
echo "$*" >> "$ASKED"
[ -e package-lock.json ] || exit 1
mkdir -p node_modules/uplot/dist
echo "a licence" > node_modules/uplot/LICENSE
echo "export default 1;" > node_modules/uplot/dist/uPlot.esm.js
echo "/* a style */" > node_modules/uplot/dist/uPlot.min.css
"""
FAILS = "#!/bin/sh\necho no such host >&2\nexit 1\n"
WITHOUT = "the reports page goes without its line chart"


class Checkout:
    """What the script needs of a checkout, and a PATH of its own."""

    def __init__(self, folder):
        self.top = os.path.join(folder, "top")
        self.path = os.path.join(folder, "path")
        self.asked = os.path.join(folder, "asked")
        self.vendor = os.path.join(self.top, "www", "vendor")
        for name in (self.path, self.top + "/tools", self.top + "/www"):
            os.makedirs(name)
        for name in NEEDED:
            os.symlink(shutil.which(name), os.path.join(self.path, name))
        for name in ("tools/vendor.sh", "tools/deps.sh", "www/package.json",
                     "www/package-lock.json"):
            shutil.copy(os.path.join(ROOT, name),
                        os.path.join(self.top, name))

    def program(self, name, text):
        path = os.path.join(self.path, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)

    def run(self):
        return subprocess.run(
            [self.top + "/tools/vendor.sh"], capture_output=True, text=True,
            stdin=subprocess.DEVNULL, timeout=60, umask=0o077,
            env={"PATH": self.path, "ASKED": self.asked})

    def calls(self):
        if not os.path.exists(self.asked):
            return []
        with open(self.asked, encoding="utf-8") as file:
            return file.read().splitlines()

    def left(self):
        build = os.path.join(self.top, "build")
        return os.listdir(build) if os.path.exists(build) else []


def change_lock(checkout):
    path = os.path.join(checkout.top, "www", "package-lock.json")
    with open(path, encoding="utf-8") as file:
        lock = json.load(file)
    lock["packages"]["node_modules/uplot"]["version"] = "9.9.9"
    with open(path, "w", encoding="utf-8") as file:
        json.dump(lock, file)


def fetched(checkout):
    checkout.program("npm", NPM)
    done = checkout.run()
    tap.same("npm fetches", (done.returncode, done.stderr), (0, ""))
    tap.same("what is published", sorted(os.listdir(
        checkout.vendor + "/uplot")), FILES)
    tap.ok("what is locked, without scripts", checkout.calls()[0].startswith(
        "ci --ignore-scripts "), *checkout.calls())
    modes = [os.stat(path).st_mode & 0o777 for path in (
        checkout.vendor, checkout.vendor + "/uplot",
        checkout.vendor + "/uplot/LICENSE")]
    tap.same("for everybody to read", modes, [0o755, 0o755, 0o644])
    tap.same("nothing stays in build/", checkout.left(), [])
    tap.same("no node_modules among the pages", sorted(os.listdir(
        checkout.top + "/www")),
        ["package-lock.json", "package.json", "vendor"])
    checkout.run()
    tap.same("a second time it asks nobody", len(checkout.calls()), 1)


def renewed(checkout):
    change_lock(checkout)
    with open(checkout.vendor + "/old", "w", encoding="utf-8"):
        pass
    checkout.program("npm", FAILS)
    done = checkout.run()
    tap.ok("a registry that fails is a sentence", done.returncode == 0 and
           "npm could not fetch uPlot, so that " + WITHOUT in done.stderr,
           done.stderr)
    tap.ok("what is there stays", os.path.exists(checkout.vendor + "/old"))
    tap.same("nothing stays in build/ then", checkout.left(), [])
    checkout.program("npm", NPM)
    checkout.run()
    tap.same("another lock file, another folder",
             sorted(os.listdir(checkout.vendor)),
             ["package-lock.json", "uplot"])


def missing(checkout):
    done = checkout.run()
    tap.ok("no npm and no apt-get is a sentence", done.returncode == 0 and
           "npm could not be installed, so that " + WITHOUT in done.stderr,
           done.returncode, done.stderr)
    tap.ok("and no folder", not os.path.exists(checkout.vendor))


def locked():
    """The real lock file: exact versions, and no host."""
    with open(ROOT + "/www/package.json", encoding="utf-8") as file:
        wanted = json.load(file)["dependencies"]
    with open(ROOT + "/www/package-lock.json", encoding="utf-8") as file:
        packages = json.load(file)["packages"]
    tap.same("versions are exact", {name: packages[
        "node_modules/" + name]["version"] for name in wanted}, wanted)
    tap.ok("every package has a checksum and no host", all(
        "integrity" in one and "resolved" not in one
        for name, one in packages.items() if name), packages)


tap = Tap()
locked()
with tempfile.TemporaryDirectory(prefix="storemon-vendor-") as folder:
    one = Checkout(folder)
    fetched(one)
    renewed(one)
with tempfile.TemporaryDirectory(prefix="storemon-vendor-") as folder:
    missing(Checkout(folder))
tap.done()
