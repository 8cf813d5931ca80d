"""What a process costs: seconds on the wall and of the processor, peak memory.

The peak comes from time(1), not from Python's own wait: a child made by
Python is charged with Python's memory until its exec, and these programs are
smaller than that.
"""
import dataclasses
import pathlib
import resource
import statistics
import subprocess
import tempfile
import time

MB = 1e6


@dataclasses.dataclass
class Cost:
    wall_s: float
    cpu_s: float
    peak_mb: float
    output: str = ""

    def __add__(self, other):
        """Both, one after the other: times add up, the greater peak stays."""
        return Cost(self.wall_s + other.wall_s, self.cpu_s + other.cpu_s,
                    max(self.peak_mb, other.peak_mb),
                    self.output + other.output)


class Failed(Exception):
    """A program that is measured did not do what it was asked."""


def cpu_of_children_s():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(argv, env=None):
    """Run argv to its end and return its Cost, standard output included."""
    with tempfile.NamedTemporaryFile("r") as peak:
        timed = ["time", "-q", "-o", peak.name, "-f", "%M", *map(str, argv)]
        before = cpu_of_children_s()
        start = time.perf_counter()
        done = subprocess.run(timed, env=env, text=True, capture_output=True,
                              stdin=subprocess.DEVNULL)
        wall_s = time.perf_counter() - start
        cpu_s = cpu_of_children_s() - before
        if done.returncode != 0:
            raise Failed("%s: exit %d\n%s" % (
                " ".join(map(str, argv)), done.returncode, done.stderr))
        return Cost(wall_s, cpu_s, int(peak.read()) * 1024 / MB, done.stdout)


def median(costs):
    """The middle of each figure by itself."""
    return Cost(statistics.median(c.wall_s for c in costs),
                statistics.median(c.cpu_s for c in costs),
                statistics.median(c.peak_mb for c in costs))


def size_mb(*paths):
    """Disk space of files, and of folders with all that is in them."""
    files = []
    for path in map(pathlib.Path, paths):
        files += path.rglob("*") if path.is_dir() else [path]
    return sum(f.stat().st_blocks * 512 for f in files if f.is_file()) / MB
