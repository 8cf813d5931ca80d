#!/usr/bin/env python3
"""Check who includes whom, and that SQL and SQLite stay where they belong.

    layers.py [RULES]           (default: tools/layers.txt; run at the top)
"""

import os
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
SQL = re.compile(r'"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA|BEGIN|'
                 r'COMMIT|WITH)\s|\bsqlite3?_|<sqlite3\.h>')
SQL_HOME = "src/store/"


def read_rules(path):
    """[(folder, own headers, system headers)] in the order of the file."""
    rules = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.split("#")[0].strip()
            if line:
                folder, own, system = re.split("[:|]", line)
                rules.append((folder.strip(), own.split(), system.split()))
    return rules


def allowed(name, names):
    return any(n in ("*", name) or n.endswith("/") and name.startswith(n)
               for n in names)


def sources():
    for top in ("src", "cgi-bin"):
        for base, _, names in os.walk(top):
            for name in sorted(names):
                if name.endswith((".c", ".h")):
                    yield os.path.join(base, name)


def check(path, rules):
    """What is wrong with a file, a line each."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    rule = next((r for r in rules if path.startswith(r[0])), None)
    if rule is None:
        return [f"{path}: no line of the rules fits it"]
    wrong = []
    for found in INCLUDE.finditer(text):
        kind, name = found.groups()
        if not allowed(name, rule[1 if kind == '"' else 2]):
            row = text.count("\n", 0, found.start(2)) + 1
            wrong.append(f"{path}:{row}: {rule[0]} may not include {name}")
    if not path.startswith(SQL_HOME):
        for found in SQL.finditer(text):
            row = text.count("\n", 0, found.start()) + 1
            wrong.append(f"{path}:{row}: SQL outside {SQL_HOME}")
    return wrong


def main():
    rules = read_rules(sys.argv[1] if len(sys.argv) > 1
                       else "tools/layers.txt")
    wrong = [line for path in sources() for line in check(path, rules)]
    print("".join(line + "\n" for line in wrong), end="")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
