"""TAP lines for the test scripts."""
import sys


class Tap:
    """Prints a line per case and remembers whether one failed."""

    def __init__(self):
        self.count, self.failed = 0, 0

    def ok(self, name, good, *notes):
        """One case; the notes are printed if it is not good."""
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}",
              flush=True)
        if not good:
            for note in notes:
                for line in str(note).split("\n"):
                    print("# " + line)
        return bool(good)

    def same(self, name, got, wanted):
        return self.ok(name, got == wanted, f"got    {got!r:.2000}",
                       f"wanted {wanted!r:.2000}")

    def skip(self, name, reason):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {reason}")

    def done(self):
        print(f"1..{self.count}")
        sys.exit(1 if self.failed else 0)
