"""What the command line's tests share: TAP lines and calls of storemon."""
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SHARED = os.path.join(os.path.dirname(ROOT), "shared")
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build/release"))
STOREMON = os.path.join(BUILD, "storemon")
RUN_LIMIT_S = 300
REAL = (("hours", "menu_hours.csv"), ("timezones", "timezones.csv"),
        ("polls", "real_polls_2023.csv"))


class Tap:
    """Prints a line per case and remembers whether one failed."""

    def __init__(self):
        self.count, self.failed = 0, 0

    def ok(self, name, good, *notes):
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}",
              flush=True)
        if not good:
            for note in notes:
                for line in str(note).split("\n"):
                    print("# " + line)
        return good

    def same(self, name, got, wanted):
        return self.ok(name, got == wanted, f"got    {got!r:.2000}",
                       f"wanted {wanted!r:.2000}")

    def skip(self, name, reason):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {reason}")

    def done(self):
        print(f"1..{self.count}")
        sys.exit(1 if self.failed else 0)


class Result:
    """Exit code and output of one run."""

    def __init__(self, done):
        self.code, self.out, self.err = (done.returncode, done.stdout,
                                         done.stderr)

    def json(self):
        """The one object on stdout, or None where it is anything else."""
        try:
            return json.loads(self.out)
        except ValueError:
            return None

    def __str__(self):
        return (f"exit {self.code}\nstdout {self.out[:500]!r}\n"
                f"stderr {self.err[:500]!r}")


def run(*words, **options):
    """Run storemon with these words; bytes words are taken as they are."""
    done = subprocess.run([STOREMON, *words], capture_output=True,
                          stdin=subprocess.DEVNULL, timeout=RUN_LIMIT_S,
                          **options)
    return Result(done)


class State:
    """A state folder of its own, gone at the end."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="storemon-test-")
        self.path = os.path.join(self.folder.name, "state")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def file(self, name, content=None):
        """The path of a file beside the state, written if content is."""
        path = os.path.join(self.folder.name, name)
        if content is not None:
            with open(path, "wb") as file:
                file.write(content)
        return path

    def run(self, *words, **options):
        return run(*words, "--state", self.path, **options)

    def load(self, dataset, content, *words):
        """Import bytes as a file."""
        return self.run("import", dataset, self.file("in.csv", content),
                        *words)

    def report(self, *words):
        """(report bytes, detail bytes, result); None for a missing file."""
        names = [self.file("report.csv"), self.file("detail.csv")]
        for name in names:
            if os.path.exists(name):
                os.unlink(name)
        result = self.run("report", *words, "-o", names[0], "--detail",
                          names[1])
        return (*map(content_of, names), result)


def content_of(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def shared_file(*names):
    """The path of a file in the folder beside the project, or None."""
    path = os.path.join(SHARED, *names)
    return path if os.path.exists(path) else None


def seeds(usual):
    """The numbers of the random cases: SEEDS=N or SEEDS=N-M, or the usual
    many of them."""
    first, dash, last = os.environ.get("SEEDS", str(usual)).rpartition("-")
    return range(int(first) if dash else 1, int(last) + 1)
