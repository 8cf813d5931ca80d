#!/usr/bin/env python3
"""The tests' reader of metrics: what it must find fault with, and not.
promtool says the same of each text, where it is installed."""

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

import prometheus  # noqa: E402
from tap import Tap  # noqa: E402

HEAD = "# HELP {0} Words.\n# TYPE {0} {1}\n"
GAUGE = HEAD.format("x", "gauge")
TIMES = HEAD.format("t_seconds", "histogram")
BUCKETS = ('t_seconds_bucket{le="1"} 2\nt_seconds_bucket{le="+Inf"} 3\n'
           "t_seconds_sum 4\nt_seconds_count 3\n")

GOOD = {
    "a gauge": GAUGE + "x 1\n",
    "labels": GAUGE + 'x{a="1",b="2"} 1\nx{a="1",b="3"} -1.5e3\n',
    "escapes": GAUGE + 'x{a="\\"\\\\\\n"} 1\n',
    "a counter": HEAD.format("x_total", "counter") + "x_total 1\n",
    "a histogram": TIMES + BUCKETS,
    "a family of nothing": GAUGE,
}

# What is wrong with it, and whether promtool sees it too.
BAD = {
    "no end of line": (GAUGE + "x 1", True),
    "no number": (GAUGE + "x one\n", True),
    "no value": (GAUGE + "x\n", True),
    "no help": ("# TYPE x gauge\nx 1\n", True),
    "no type": ("x 1\n", True),
    "another type": (HEAD.format("x", "gage") + "x 1\n", True),
    "twice": (GAUGE + "x 1\nx 2\n", False),
    "twice by labels": (GAUGE + 'x{a="1",b="2"} 1\nx{b="2",a="1"} 2\n',
                        False),
    "a label twice": (GAUGE + 'x{a="1",a="2"} 1\n', True),
    "a label unquoted": (GAUGE + "x{a=1} 1\n", True),
    "a label cut off": (GAUGE + 'x{a="1} 1\n', True),
    "two pieces": (GAUGE + "x 1\n" + HEAD.format("y", "gauge") + "y 1\n" +
                   GAUGE + "x 2\n", True),
    "another's sample": (GAUGE + "y 1\n", True),
    "a counter by another name": (HEAD.format("x", "counter") + "x 1\n",
                                  True),
    "a gauge called total": (HEAD.format("x_total", "gauge") + "x_total 1\n",
                             True),
    "a counter below 0": (HEAD.format("x_total", "counter") +
                          "x_total -1\n", False),
    "milliseconds": (HEAD.format("x_milliseconds", "gauge") +
                     "x_milliseconds 1\n", True),
    "its type in its name": (HEAD.format("x_gauge", "gauge") +
                             "x_gauge 1\n", True),
    "a gauge with le": (GAUGE + 'x{le="1"} 1\n', True),
    "a gauge called count": (HEAD.format("x_count", "gauge") +
                             "x_count 1\n", True),
    "no last bucket": (TIMES + BUCKETS.replace(
        't_seconds_bucket{le="+Inf"} 3\n', ""), False),
    "fewer in a larger bucket": (TIMES + BUCKETS.replace('"1"} 2', '"1"} 9'),
                                 False),
    "another count": (TIMES + BUCKETS.replace("count 3", "count 4"), False),
    "no sum": (TIMES + BUCKETS.replace("t_seconds_sum 4\n", ""), False),
}


def promtool(text):
    """Does it find fault?  None where there is none."""
    said = prometheus.promtool(text.encode())
    return None if said is None else said != ""


def main():
    tap = Tap()
    if prometheus.promtool(b"") is None:
        tap.skip("promtool says the same", "it could not be fetched")
    for name, text in GOOD.items():
        found = prometheus.read(text)[1]
        tap.ok(f"{name} is good", not found and not promtool(text), found)
    for name, (text, both) in BAD.items():
        found = prometheus.read(text)[1]
        tap.ok(f"{name} is not", found and (not both or
               promtool(text) is not False), found, promtool(text))
    tap.same("samples are read", prometheus.read(GOOD["labels"])[0],
             {("x", frozenset({("a", "1"), ("b", "2")})): 1,
              ("x", frozenset({("a", "1"), ("b", "3")})): -1500})
    if promtool("") is None:
        tap.skip("promtool says the same", "promtool is not installed")
    tap.done()


if __name__ == "__main__":
    main()
