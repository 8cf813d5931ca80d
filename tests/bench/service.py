"""The running server under the bench: trigger to Complete, and wrk."""
import csv
import datetime
import json
import re
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request

from measure import Failed

COMPLETE_LIMIT_S = 60
LOOK_EVERY_S = 0.002
CONNECTIONS = 16
MS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


def need(done):
    """A program that must have succeeded."""
    if done.returncode != 0:
        raise Failed("%s: exit %d\n%s" % (
            " ".join(done.args), done.returncode, done.stderr))


def get_json(url, data=None):
    request = urllib.request.Request(url, data=data)
    with urllib.request.urlopen(request, timeout=COMPLETE_LIMIT_S) as reply:
        return json.load(reply)


def trigger_to_complete(url, as_of):
    """Seconds from the POST until /get_report says Complete, and the id.

    Each call needs an as_of of its own: the same question again would share
    the earlier answer."""
    form = urllib.parse.urlencode({"as_of": as_of}).encode()
    start = time.perf_counter()
    report_id = get_json(url + "/trigger_report", form)["report_id"]
    while True:
        answer = get_json(url + "/get_report?report_id=" + report_id)
        waited_s = time.perf_counter() - start
        if answer["status"] == "Complete":
            return waited_s, report_id
        if answer["status"] != "Running" or waited_s > COMPLETE_LIMIT_S:
            raise Failed("report %s: %s" % (report_id, answer))
        time.sleep(LOOK_EVERY_S)


def wrk(url, connections, seconds, *options):
    """wrk on an address: (requests per second, p99 in ms, errors)."""
    done = subprocess.run(
        ["wrk", "-t2", "-c%d" % connections, "-d%ds" % seconds, "--latency",
         *options, url], capture_output=True, text=True, check=True)
    return parse_wrk(done.stdout)


def status_load(url, report_id, seconds):
    """The same on a report's status."""
    return wrk(url + "/get_report?report_id=" + report_id, CONNECTIONS,
               seconds)


def stores_load(url, ids, seconds):
    """The same on /stores, for one of the ids after the other."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write("local ids = {%s}\nlocal n = 0\n"
                     "request = function()\n"
                     "  n = n %% #ids + 1\n"
                     "  return wrk.format('GET', '/stores?id=' .. ids[n])\n"
                     "end\n" % ",".join(map(json.dumps, ids)))
        script.flush()
        return wrk(url, CONNECTIONS, seconds, "-s", script.name)


def newest_poll(data):
    """The newest stamp of the poll file."""
    with open(data.polls, newline="") as lines:
        newest = max(row["timestamp_utc"].removesuffix(" UTC")
                     for row in csv.DictReader(lines))
    return datetime.datetime.fromisoformat(
        newest if "." not in newest else newest.ljust(26, "0"))


def parse_wrk(text):
    rate = re.search(r"Requests/sec:\s*([\d.]+)", text)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s|m)\b", text)
    if not rate or not p99:
        raise Failed("wrk said:\n" + text)
    errors = sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", text)))
    sockets = re.search(r"Socket errors: (.*)", text)
    if sockets:
        errors += sum(map(int, re.findall(r"\d+", sockets.group(1))))
    return float(rate.group(1)), float(p99.group(1)) * MS[p99.group(2)], errors
