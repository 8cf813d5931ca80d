"""Results as lines of the Test Anything Protocol."""

import sys
import traceback


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def check(self, name, problem):
        """One result: problem is None or says what is wrong."""
        self.count += 1
        print(f"{'not ok' if problem else 'ok'} {self.count} - {name}",
              flush=True)
        if problem:
            self.failed += 1
            for line in str(problem).splitlines():
                print(f"# {line}", flush=True)

    def run(self, test):
        """One result from a function that raises where something is wrong."""
        name = (test.__doc__ or test.__name__).strip().splitlines()[0]
        try:
            test()
        except Exception:
            self.check(name, traceback.format_exc())
        else:
            self.check(name, None)

    def end(self):
        print(f"1..{self.count}")
        sys.exit(1 if self.failed else 0)
