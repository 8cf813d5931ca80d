"""What the service takes of the machine: sampled while it is in use, and
judged at the end: it may not grow."""
import glob
import os
import statistics
import threading

EVERY_S = 2
# What may lie between an earlier quarter of the run and its last: a share,
# and a constant for figures that are small.
GROWTH = 1.25
# name: constant, earlier quarter.  Reports of the last five minutes are not
# removed for want of space, so that the spool fills up for so long.
FIGURES = {
    "memory_mb": (8, 1),
    "descriptors": (24, 1),
    "processes": (4, 1),
    "state_mb": (8, 2),
    "spool_files": (200, 2),
}


def resident_mb(pid):
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def is_worker(pid):
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        return b"work" in file.read().split(b"\0")[1:2]


def size_mb(folder):
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(root, name)).st_blocks * 512
            except FileNotFoundError:
                pass
    return total / 1e6


class Sampler(threading.Thread):
    """Looks at a server until stop() is called.  Workers come and go and are
    left out of what stays."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server = server
        self.samples = []
        self.ended = threading.Event()

    def look(self):
        seen = dict.fromkeys(FIGURES, 0)
        for pid in self.server.processes():
            try:
                if is_worker(pid):
                    continue
                seen["memory_mb"] += resident_mb(pid)
                seen["descriptors"] += len(os.listdir(f"/proc/{pid}/fd"))
                seen["processes"] += 1
            except (FileNotFoundError, ProcessLookupError):
                continue        # it has ended meanwhile
        seen["state_mb"] = size_mb(self.server.state)
        seen["spool_files"] = len(glob.glob(self.server.state + "/spool/*"))
        return seen

    def run(self):
        while not self.ended.wait(EVERY_S):
            self.samples.append(self.look())

    def stop(self):
        self.ended.set()
        self.join()

    def quarter(self, number):
        """The samples of a quarter of the run, from 0."""
        n = len(self.samples)
        return self.samples[n * number // 4:n * (number + 1) // 4] or \
            self.samples

    def verdicts(self):
        """(figure, earlier, end, whether it has stayed flat)."""
        for name, (constant, earlier) in FIGURES.items():
            before = statistics.median(s[name] for s in self.quarter(earlier))
            after = statistics.median(s[name] for s in self.quarter(3))
            yield (name, before, after,
                   after <= max(before * GROWTH, before + constant))
