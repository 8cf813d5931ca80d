"""The text format of Prometheus, read strictly: what promtool refuses or
complains of, and a little more (no family without help and type, none in two
pieces, no series twice).

    samples, problems = read(text)
    samples[("storemon_jobs", frozenset({("state", "queued")}))]
"""

import collections
import math
import os
import re
import shutil
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
SAMPLE = re.compile(
    r"(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?P<labels>[^{}]*)\})?"
    r" (?P<value>\S+)\Z")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"')
TYPES = ("counter", "gauge", "histogram")
# What promtool's linter does not like in a name.
UNITS = re.compile(r"_(ms|millis|milliseconds|micros|us|minutes|hours|days|"
                   r"kb|mb|gb|kilobytes|kibibytes|megabytes|percent|s|sec|b)"
                   r"(_total)?\Z")
TYPE_ENDS = re.compile(r"_(counter|gauge|histogram|summary)\Z")
RESERVED = ("le", "quantile")

Family = collections.namedtuple("Family", "name type samples")


class Reader:
    """Goes through the lines; see read()."""

    def __init__(self):
        self.families, self.problems = {}, []
        self.helped = self.family = None

    def complain(self, what):
        self.problems.append(what)

    def help(self, line):
        name, _, words = line[len("# HELP "):].partition(" ")
        if name in self.families:
            self.complain(f"{name}: told in two pieces")
        if not words.endswith("."):
            self.complain(f"{name}: no sentence helps")
        self.helped = name

    def type(self, line):
        name, _, kind = line[len("# TYPE "):].partition(" ")
        if name != self.helped:
            self.complain(f"{name}: a type without help before it")
        if kind not in TYPES:
            self.complain(f"{name}: no type {kind!r}")
        self.family = self.families[name] = Family(name, kind, {})
        self.helped = None

    def labels_of(self, text):
        if text is None:
            return frozenset()
        found = LABEL.findall(text)
        if ",".join(f'{k}="{v}"' for k, v in found) != text or not found:
            self.complain(f"odd labels {text!r}")
        if len({k for k, _ in found}) != len(found):
            self.complain(f"a label twice: {text!r}")
        return frozenset(found)

    def sample(self, line):
        match = SAMPLE.match(line)
        if not match:
            self.complain(f"no sample: {line!r}")
            return
        name = match["name"]
        try:
            value = float(match["value"])
        except ValueError:
            self.complain(f"no number: {line!r}")
            return
        if self.family is None or not self.belongs(name):
            self.complain(f"{name}: outside its family")
            return
        key = name, self.labels_of(match["labels"])
        if key in self.family.samples:
            self.complain(f"twice: {line!r}")
        self.family.samples[key] = value

    def belongs(self, name):
        ends = ("_bucket", "_sum", "_count") if (
            self.family.type == "histogram") else ("",)
        return name in [self.family.name + end for end in ends]

    def line(self, line):
        if line.startswith("# HELP "):
            self.help(line)
        elif line.startswith("# TYPE "):
            self.type(line)
        else:
            self.sample(line)


def judge_name(family):
    """What is wrong with how a family is called."""
    if not NAME.match(family.name):
        yield "an odd name"
    if (family.type == "counter") != family.name.endswith("_total"):
        yield "_total is for counters, and they have it"
    if UNITS.search(family.name):
        yield "not in base units"
    if TYPE_ENDS.search(family.name):
        yield "its type is in its name"
    if family.type != "histogram":
        if re.search(r"_(count|sum|bucket)\Z", family.name):
            yield "an ending of histograms"
        for _, labels in family.samples:
            if any(name in RESERVED for name, _ in labels):
                yield "a label of histograms"


def judge_values(family):
    for (name, labels), value in family.samples.items():
        if family.type == "counter" and not 0 <= value < math.inf:
            yield f"{name} {sorted(labels)} counts {value}"
        if math.isnan(value):
            yield f"{name} {sorted(labels)} is no number"


def judge_histogram(family):
    """Buckets ascend, each has what those before it have, the last all."""
    series = collections.defaultdict(list)
    for (name, labels), value in family.samples.items():
        rest = frozenset(x for x in labels if x[0] != "le")
        if name.endswith("_bucket"):
            bound = dict(labels).get("le")
            series[rest].append((float(bound or "nan"), value))
    for rest, buckets in series.items():
        bounds, counts = zip(*buckets)
        if list(bounds) != sorted(set(bounds)) or bounds[-1] != math.inf:
            yield f"{sorted(rest)}: bounds {bounds}"
        if list(counts) != sorted(counts):
            yield f"{sorted(rest)}: counts {counts}"
        if family.samples.get((family.name + "_count", rest)) != counts[-1]:
            yield f"{sorted(rest)}: its count is not that of the last"
        if (family.name + "_sum", rest) not in family.samples:
            yield f"{sorted(rest)}: no sum"
    if not series:
        yield "no buckets"


def read(text):
    """({(name, labels): value}, [what is wrong, ...])"""
    reader = Reader()
    if not text.endswith("\n") or "\r" in text:
        reader.complain("lines do not end in a line feed each")
    for line in text.splitlines():
        reader.line(line)
    samples = {}
    for family in reader.families.values():
        judges = [judge_name, judge_values]
        if family.type == "histogram":
            judges.append(judge_histogram)
        for judge in judges:
            for problem in judge(family):
                reader.complain(f"{family.name}: {problem}")
        samples.update(family.samples)
    return samples, reader.problems


def promtool(text):
    """What promtool says of it: "" if nothing.  None where there is none; see
    tools/promtool.sh."""
    program = shutil.which("promtool", path=os.pathsep.join((
        os.path.join(ROOT, "build", "tools"), os.environ["PATH"])))
    if program is None:
        return None
    done = subprocess.run([program, "check", "metrics"], input=text,
                          capture_output=True, check=False)
    said = (done.stdout + done.stderr).decode()
    return said if said or done.returncode == 0 else "it found fault"
