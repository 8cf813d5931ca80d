"""Runs the cases: makes reports in every state, asks, compares, looks."""

import csv
import fcntl
import hashlib
import io
import json
import os
import re
import subprocess
import time

import cases
import store_cases

LIMIT_S = 300
WORKERS = 2
UUID = re.compile(rf"\A{cases.UUID}\Z")
PLACEHOLDER = re.compile(r"\{(complete|complete_escaped|running|failed|"
                         r"expired|unknown|store|running_reach)\}")
TROUBLE = re.compile(r"^\S+ (?:error|warn) ", re.MULTILINE)
# What no message may let slip.
INTERNAL = re.compile(r"/\w|sqlite|SELECT|\.db\b|\.c:|0x[0-9a-f]|version",
                      re.IGNORECASE)


def wait_for(what, condition):
    """Polls until the condition holds; returns what it gave."""
    end = time.monotonic() + LIMIT_S
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.02)


def run_storemon(build, *args):
    done = subprocess.run([os.path.join(build, "storemon"), *args],
                          capture_output=True, timeout=LIMIT_S, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{args}: {done.stderr.decode()}")


def make_sample(build, folder, state):
    """Fills a state with sample data."""
    run_storemon(build, "sample", folder, "--stores", "30", "--days", "8")
    for dataset, name in (("timezones", "timezones.csv"),
                          ("hours", "menu_hours.csv"),
                          ("polls", "store_status.csv")):
        run_storemon(build, "import", dataset, os.path.join(folder, name),
                     "--state", state)
    for dataset, content in store_cases.FILES.items():
        path = os.path.join(folder, "odd.csv")
        with open(path, "w", encoding="utf-8") as f:
            f.write(content)
        run_storemon(build, "import", dataset, path, "--state", state)


def a_store(folder):
    with open(os.path.join(folder, "store_status.csv"), newline="",
              encoding="utf-8") as f:
        return next(csv.DictReader(f))["store_id"]


class Slots:
    """Holds every worker slot of a state, so that what is queued waits."""

    def __init__(self, state):
        self.state = state
        self.files = []

    def take(self, number):
        folder = os.path.join(self.state, "slots")
        path = os.path.join(folder, f"{number}.lock")
        made = not os.path.exists(path)
        fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
        if made and os.geteuid() == 0:
            owner = os.stat(folder)
            os.chown(path, owner.st_uid, owner.st_gid)
        self.files.append(fd)

        def try_lock():
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        wait_for(f"slot {number}", try_lock)

    def __enter__(self):
        for number in range(WORKERS):
            self.take(number)
        return self

    def __exit__(self, *_):
        for fd in self.files:
            os.close(fd)


class Reports:
    """Reports in every state, made through the routes themselves."""

    def __init__(self, client, state, store):
        self.client = client
        self.state = state
        self.values = {"unknown": cases.UNKNOWN, "store": store,
                       "running_reach": "97m"}

    def trigger(self, query):
        answer = self.client.ask("POST", "/trigger_report", query)
        if answer.status != 202:
            raise AssertionError(f"trigger: {answer}")
        return json.loads(answer.body)["report_id"]

    def look(self, report_id):
        answer = self.client.ask("GET", "/get_report",
                                 "report_id=" + report_id)
        return json.loads(answer.body)

    def finished(self, report_id):
        def look():
            seen = self.look(report_id)
            return seen if seen.get("status") != "Running" else None
        return wait_for(f"the end of {report_id}", look)

    def spool(self, name):
        return os.path.join(self.state, "spool", name)

    def make_complete(self):
        report_id = self.trigger("interpolation=nearest&reach=6h")
        self.values["complete"] = report_id
        self.values["complete_escaped"] = "".join(
            f"%{ord(c):02x}" for c in report_id)
        self.complete = self.finished(report_id)

    def make_expired(self):
        report_id = self.trigger("reach=95m")
        self.finished(report_id)
        for name in os.listdir(self.spool("")):
            if name.startswith(report_id):
                os.unlink(self.spool(name))
        self.values["expired"] = report_id

    def make_failed(self):
        """A folder stands where the worker wants to write its file."""
        with Slots(self.state):
            report_id = self.trigger("reach=96m")
            os.mkdir(self.spool(report_id + ".csv.tmp"))
        self.finished(report_id)
        os.rmdir(self.spool(report_id + ".csv.tmp"))
        self.values["failed"] = report_id

    def make_running(self):
        """Only while the slots are held."""
        self.values["running"] = self.trigger(
            "reach=" + self.values["running_reach"])

    def fill(self, text):
        return PLACEHOLDER.sub(lambda m: self.values[m.group(1)], text)


# --- comparing --------------------------------------------------------------

def matches(expected, got):
    if expected is cases.ABSENT:
        return got is cases.ABSENT
    if isinstance(expected, re.Pattern):
        return got is not cases.ABSENT and bool(expected.match(str(got)))
    return type(expected) is type(got) and expected == got


def member(value, path):
    for name in path.split("."):
        if not isinstance(value, dict) or name not in value:
            return cases.ABSENT
        value = value[name]
    return value


def problems_of_json(expected, body):
    try:
        got = json.loads(body)
    except ValueError:
        return ["the body is not JSON"]
    return [f"{path}: wanted {value!r}, got {member(got, path)!r}"
            for path, value in expected.items()
            if not matches(value, member(got, path))]


def problems_of_headers(expected, headers):
    found = []
    for name, pattern in expected.items():
        got = headers.get(name.lower())
        if (pattern is None) != (got is None) or (
                pattern is not None and
                not re.fullmatch(pattern, got, re.IGNORECASE)):
            found.append(f"{name}: wanted {pattern!r}, got {got!r}")
    return found


def problems_of_error(answer):
    """An error has its whole form, and lets nothing slip."""
    try:
        body = json.loads(answer.body)
        message = body["error"]["message"]
        code = body["error"]["code"]
        request_id = body["request_id"]
    except (ValueError, KeyError, TypeError):
        return ["the error does not have its form"]
    found = []
    if sorted(body) != ["error", "request_id"] or len(body["error"]) != 2:
        found.append("the error has other members")
    if not re.fullmatch(r"[a-z_]+", code):
        found.append(f"code {code!r}")
    # Names of routes are no paths, and a parameter's name is the client's.
    text = re.sub(r'/trigger_report|/get_report|"[^"]*"|'
                  r"application/[a-z-]+", "", message)
    if not message.endswith(".") or INTERNAL.search(text):
        found.append(f"message {message!r}")
    if request_id != answer.headers.get("x-request-id"):
        found.append(f"request_id {request_id!r}")
    return found


def problems_of_all(case, answer):
    """What holds for every answer."""
    found = []
    if not re.fullmatch("[0-9a-f]{32}",
                        answer.headers.get("x-request-id", "")):
        found.append("no request id")
    if case.get("csv"):
        return found
    if answer.headers.get("cache-control") != "no-store":
        found.append("it may be stored")
    if not answer.headers.get("content-type", "").startswith(
            "application/json"):
        found.append("it is not JSON by its type")
    if case.get("method") == "HEAD":
        return found + (["HEAD has a body"] if answer.body else [])
    if answer.status >= 400:
        found += problems_of_error(answer)
    return found


# --- running ----------------------------------------------------------------

class Suite:
    def __init__(self, tap, client, reports, empty):
        self.tap = tap
        self.client = client
        self.reports = reports
        self.empty = empty          # a client of an empty store

    def resolve(self, value):
        """An expectation, for the one who is asked, with its ids."""
        if isinstance(value, cases.by):
            value = getattr(value, self.client.name)
        return self.reports.fill(value) if isinstance(value, str) else value

    def expectations(self, case, kind):
        return {name: self.resolve(value)
                for name, value in case.get(kind, {}).items()}

    def ask(self, case):
        client = (self.empty if case.get("state") == "empty"
                  else self.client)
        body = case.get("body", b"")
        if isinstance(body, str):
            body = self.reports.fill(body).encode()
        more = {"env": case["env"]} if "env" in case else {}
        return client.ask(case.get("method", "GET"), case["path"],
                          self.reports.fill(case.get("query", "")),
                          case.get("headers", {}), body, **more)

    def problems(self, case):
        answer = self.ask(case)
        found = problems_of_all(case, answer)
        if answer.status != case["status"]:
            found.append(f"status: wanted {case['status']}, "
                         f"got {answer.status}")
        found += problems_of_headers(self.expectations(case, "header"),
                                     answer.headers)
        if "json" in case:
            found += problems_of_json(self.expectations(case, "json"),
                                      answer.body)
        if case.get("csv") and self.client.name == "nginx":
            found += self.problems_of_file(answer.body)
        # What was done is, the client's mistakes are not.
        if TROUBLE.search(answer.log) and answer.status < 500 or \
                answer.log and 400 <= answer.status < 500:
            found.append("it is logged: the client's mistakes are not")
        return found and found + [str(answer)]

    def problems_of_file(self, body):
        wanted = self.reports.complete["sha256"]
        if hashlib.sha256(body).hexdigest() != wanted:
            return ["the file is not the one that was told"]
        return []

    def run(self):
        for case in cases.CASES + store_cases.CASES:
            if "env" in case and self.client.name != "cgi":
                continue
            name = f"{case.get('method', 'GET')} {case['path']}: "
            try:
                found = self.problems(case)
            except Exception as e:      # an answer that cannot be read
                found = [repr(e)]
            self.tap.ok(name + case["name"], not found, *found)

    def check_files(self):
        """What Complete tells is what lies in the spool."""
        told = self.reports.complete
        path = self.reports.spool(told["report_id"] + ".csv")
        with open(path, "rb") as f:
            data = f.read()
        rows = list(csv.reader(io.StringIO(data.decode("utf-8"))))
        self.tap.same("bytes are those of the file", told["bytes"],
                      len(data))
        self.tap.same("sha256 is that of the file", told["sha256"],
                      hashlib.sha256(data).hexdigest())
        self.tap.same("rows are those of the file", told["rows"],
                      len(rows) - 1)
        self.tap.ok("it was not finished before it was asked for",
                    told["created_at"] <= told["finished_at"], told)
        self.tap.same("the members of a complete report", sorted(told),
                      sorted({name.split(".")[0] for name, value in
                              cases.COMPLETE.items()
                              if value is not cases.ABSENT}))

    def check_waiting(self):
        """Once a slot is free, a look gets what was queued going."""
        seen = self.reports.finished(self.reports.values["running"])
        self.tap.ok("a report that had to wait ends Complete",
                    seen["status"] == "Complete", seen)


def wait_for_workers(tap, state):
    """Until the workers have ended; looks at what they leave behind."""
    with Slots(state):
        names = os.listdir(os.path.join(state, "spool"))
    left = [name for name in names if name.endswith(".tmp")]
    tap.ok("no half written file is left", not left, left)


def run_all(tap, client, empty, state, store):
    """The whole of it, on a state with sample data and an empty one."""
    reports = Reports(client, state, store)
    reports.make_complete()
    reports.make_expired()
    reports.make_failed()
    suite = Suite(tap, client, reports, empty)
    suite.check_files()
    with Slots(state):
        reports.make_running()
        suite.run()
    suite.check_waiting()
