#!/usr/bin/env python3
"""Measure the shape of the sources; run at the top of the project.

    measure.py                          a card of figures
    measure.py func=60,file=400,width=80
                                        exit 1 and say where, if exceeded

func is the lines of a function, from its name to its brace (needs
universal-ctags), file the lines of a file, width the columns of a line, tabs
of 8.  The gate looks at the programs and at the tests written in C.
"""

import collections
import os
import re
import shutil
import statistics
import subprocess
import sys

PRODUCT = ("src", "cgi-bin")
TESTS = ("tests",)
# Ours to call but not to shape: what npm and Python bring with them.
FOREIGN = {"node_modules", "__pycache__", "vendor"}
PROTOTYPE = re.compile(r"^(?!typedef|static inline)[A-Za-z_][\w \t*\n]*"
                       r"\([^;{}]*\)[^;{}]*;", re.M)
Function = collections.namedtuple("Function", "lines path row name")


def files(tops, ends):
    for top in tops:
        for base, folders, names in os.walk(top):
            folders[:] = sorted(set(folders) - FOREIGN)
            for name in sorted(names):
                if name.endswith(ends):
                    yield os.path.join(base, name)


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def functions(paths):
    ctags = shutil.which("ctags-universal") or shutil.which("ctags")
    if ctags is None:
        sys.exit("measure: universal-ctags is missing")
    out = subprocess.run(
        [ctags, "--languages=C", "--langmap=C:.c.h", "--kinds-C=f",
         "--fields=+ne", "--sort=no", "-f", "-", "-L", "-"],
        input="\n".join(paths), capture_output=True, text=True,
        check=True).stdout
    for line in out.splitlines():
        fields = dict(f.split(":", 1) for f in line.split("\t")[3:]
                      if ":" in f)
        if not line.startswith("!") and "end" in fields:
            name, path = line.split("\t")[:2]
            row = int(fields["line"])
            yield Function(int(fields["end"]) - row + 1, path, row, name)


def without_comments(text):
    """The text with each comment as one \\x01, its lines kept."""
    return re.sub(r"/\*.*?\*/|//[^\n]*",
                  lambda m: "\x01" + "\n" * m.group().count("\n"), text,
                  flags=re.S)


def prototypes(text):
    """(prototypes of a header, those that a comment stands before).

    A comment speaks for the prototypes that follow it without a blank line.
    """
    text = re.sub(r"^[ \t]*#.*(?:\\\n.*)*", "", without_comments(text),
                  flags=re.M)
    told, end, count, good = False, 0, 0, 0
    for found in PROTOTYPE.finditer(text):
        between = text[end:found.start()].lstrip(" \t")
        told = (between.rstrip().endswith("\x01") or
                told and between.count("\n") <= 1)
        count, good, end = count + 1, good + told, found.end()
    return count, good


def code_lines(text, comment):
    return sum(1 for line in text.splitlines()
               if line.strip(" \t\x01") and not
               (comment and line.lstrip().startswith(comment)))


def spread(values):
    values = sorted(values) or [0]
    return (f"median {round(statistics.median(values))}, "
            f"p90 {values[(len(values) - 1) * 9 // 10]}, max {values[-1]}")


def card():
    paths = list(files(PRODUCT, (".c", ".h")))
    texts = {path: read(path) for path in paths}
    lines = [line for t in texts.values() for line in t.splitlines()]
    code = sum(code_lines(without_comments(t), "") for t in texts.values())
    told = [prototypes(t) for p, t in texts.items() if p.endswith(".h")]
    full = sum(1 for line in lines if line.strip())
    tests = sum(code_lines(without_comments(read(p)), "")
                for p in files(TESTS, (".c", ".h")))
    tests += sum(code_lines(read(p), "#")
                 for p in files(TESTS, (".py", ".sh")))
    print("files       ", spread(t.count("\n") for p, t in texts.items()
                                 if p.endswith(".c")))
    print("functions   ", spread(f.lines for f in functions(paths)))
    print("code lines  ", code)
    print("comments     %.0f %%" % (100 * (full - code) / max(full, 1)))
    print("told         %d of %d prototypes" % (sum(t[1] for t in told),
                                                sum(t[0] for t in told)))
    print("tests        %.2f lines for one of code" % (tests / max(code, 1)))


def gate(limits):
    paths = list(files(PRODUCT + TESTS, (".c", ".h")))
    wrong = [f"{f.path}:{f.row}: {f.name} has {f.lines} lines"
             for f in functions(paths) if f.lines > limits["func"]]
    for path in paths:
        lines = read(path).splitlines()
        if len(lines) > limits["file"]:
            wrong.append(f"{path}: {len(lines)} lines")
        wrong += [f"{path}:{row}: wider than {limits['width']}"
                  for row, line in enumerate(lines, 1)
                  if len(line.expandtabs(8)) > limits["width"]]
    print("".join(line + "\n" for line in wrong), end="")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        card()
    elif len(sys.argv) == 2 and "=" in sys.argv[1]:
        gate({key: int(value) for key, value in
              (part.split("=") for part in sys.argv[1].split(","))})
    else:
        sys.exit(__doc__)
