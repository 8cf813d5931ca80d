"""What the tests of administration share: one who knows the password, files
and forms to send, and what the server was left with."""

import base64
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))

from server import settled, wait_for  # noqa: E402

SETTINGS = {"STOREMON_ADMIN_RATE": "99999", "STOREMON_UPLOAD_MAX": "64m"}
ZONES = b"store_id,timezone_str\n1,America/New_York\n2,Europe/Berlin\n"
OTHER = b"store_id,timezone_str\n1,Europe/Paris\n3,UTC\n"
BAD = ZONES + b"4,Mars\n"
POLLS = (b"store_id,status,timestamp_utc\n"
         b"1,active,2023-01-22 12:09:39.388884 UTC\n")
LEFT_S = 10     # how long something may be left behind
UNKNOWN = "0123abcd-4567-489a-8bcd-ef0123456789"
ENDED = ("Preview", "Rejected", "Imported", "Failed")
BOUNDARY = "----a-boundary"
FORM = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def part(name, content, filename=None, more=""):
    told = f'; filename="{filename}"' if filename is not None else ""
    return (f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\""
            f"{told}\r\n{more}\r\n").encode() + content + b"\r\n"


def form(*parts):
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


class Admin:
    """One who knows the password."""

    def __init__(self, server):
        self.server = server
        self.password = re.search(r"password (\w+)", server.output()).group(1)
        both = base64.b64encode(f"admin:{self.password}".encode()).decode()
        self.headers = {"Authorization": "Basic " + both}

    def ask(self, method, path, body=None, headers=None):
        return self.server.request(method, path, body,
                                   {**self.headers, **(headers or {})})

    def upload(self, body, path="/admin/imports/timezones", headers=None):
        """The id of what was taken."""
        reply = self.ask("PUT", path, body, headers)
        if reply.status != 202:
            raise AssertionError(reply)
        return json.loads(reply.body)["import_id"]

    def look(self, import_id):
        reply = self.ask("GET", "/admin/imports/" + import_id)
        if reply.status != 200:
            raise AssertionError(reply)
        return json.loads(reply.body)

    def ended(self, import_id):
        """The import once no worker has it any more."""
        return wait_for("the import", lambda: (
            lambda told: told if told["state"] in ENDED else None)(
                self.look(import_id)), 60)

    def preview(self, body, path="/admin/imports/timezones"):
        return self.ended(self.upload(body, path))["import_id"]

    def act(self, import_id, action, body=None, headers=None):
        more = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", f"/admin/imports/{import_id}/{action}", body,
                        {**(more if body else {}), **(headers or {})})

    def dataset(self, name):
        sets = json.loads(self.ask("GET", "/admin/imports").body)["datasets"]
        return next(d for d in sets if d["name"] == name)


def code_of(reply):
    try:
        return json.loads(reply.body)["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return None


def curl(admin, *words, data=None):
    """Asks as a user would; status and body."""
    done = subprocess.run(
        ["curl", "-sS", "-u", "admin:" + admin.password, "-w",
         "\n%{http_code}", *words], input=data, capture_output=True,
        timeout=60, check=True)
    body, _, status = done.stdout.rpartition(b"\n")
    return int(status), body


def history(admin):
    return json.loads(admin.ask("GET", "/admin/imports").body)["imports"]


def bodies(server):
    return os.listdir(os.path.join(server.state, "body"))


def nothing_left(tap, server, name):
    """Once the server has done with all who came, it has no file of theirs."""
    left = settled(lambda: server.connections() or bodies(server), LEFT_S)
    tap.same(name + ": nothing is left behind", left, [])
