"""HTTP cases, written once, run as plain CGI and through nginx.

A case is a dict:

    name      what it shows
    method    GET if left out
    path      of the address
    query     as it is sent, percent escapes and all
    headers   sent
    body      sent, str or bytes
    status    expected
    header    expected: {name: regular expression, or None for absent}
    json      expected: {"a.b": value, regular expression, or ABSENT}
    csv       True: the answer is the report file itself
    state     "sample" (if left out) or "empty"
    env       settings of the program; such a case runs as CGI only

{complete}, {running}, {failed}, {expired} in query, body and expectations are
ids of reports in that state; {unknown} is one that was never given out.
Where a web server answers by itself, by(cgi=..., nginx=...) tells the two
expectations apart.
"""

import json
import re
import urllib.parse

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
UNKNOWN = "0123abcd-4567-489a-8bcd-ef0123456789"
ABSENT = object()
STORES_MAX = 1000


class by:
    """Expectations that differ by who answers."""

    def __init__(self, cgi, nginx):
        self.cgi, self.nginx = cgi, nginx


def error(code):
    return {"error.code": code}


def r(expression):
    return re.compile(rf"\A(?:{expression})\Z", re.S)


# --- what both routes refuse in the same way -------------------------------

def refusals(path, good):
    """Cases of the frame; good is a query that the route takes."""
    big = "{" + " " * ((1 << 20) - 1) + "}"
    return [
        {"name": "PUT is 405 with Allow", "method": "PUT", "query": good,
         "status": 405, "header": {"Allow": "GET, HEAD, POST"},
         "json": error("method_not_allowed")},
        {"name": "DELETE is 405", "method": "DELETE", "query": good,
         "status": 405, "json": error("method_not_allowed")},
        {"name": "OPTIONS is 405", "method": "OPTIONS", "query": good,
         "status": 405, "json": error("method_not_allowed")},
        {"name": "405 goes before 415 and 400", "method": "PUT",
         "query": "x=1", "headers": {"Content-Type": "text/plain"},
         "body": "x", "status": 405},
        {"name": "a body over 1 MiB is 413", "method": "POST",
         "headers": JSON, "body": big, "status": 413,
         "json": error("too_large")},
        {"name": "413 goes before 415 and 400", "method": "POST",
         "query": "x=1", "headers": {"Content-Type": "text/plain"},
         "body": big, "status": 413},
        {"name": "a query over 64 KiB is 414",
         "query": good + "&" * 65537, "status": 414,
         "json": error(by(cgi="query_too_long", nginx="uri_too_long"))},
        {"name": "a body that is text is 415", "method": "POST",
         "headers": {"Content-Type": "text/plain"}, "body": good,
         "status": 415, "json": error("unsupported_media_type")},
        {"name": "a body without Content-Type is 415", "method": "POST",
         "body": good, "status": 415,
         "json": error("unsupported_media_type")},
        {"name": "a multipart body is 415", "method": "POST",
         "headers": {"Content-Type": "multipart/form-data; boundary=x"},
         "body": "--x--\r\n", "status": 415},
        {"name": "415 goes before 400", "method": "POST", "query": "x=1",
         "headers": {"Content-Type": "text/csv"}, "body": "x",
         "status": 415},
        {"name": "an unknown parameter is 400", "query": good + "&debug=1",
         "status": 400, "json": {**error("unknown_parameter"),
                                 "error.message": r('.*"debug".*')}},
        {"name": "an unknown parameter of a form is 400", "method": "POST",
         "query": good, "headers": FORM, "body": "debug=1", "status": 400,
         "json": error("unknown_parameter")},
        {"name": "an unknown parameter of a JSON body is 400",
         "method": "POST", "query": good, "headers": JSON,
         "body": '{"debug":1}', "status": 400,
         "json": error("unknown_parameter")},
        {"name": "a parameter's name counts in its exact case",
         "query": good + "&FORMAT=csv", "status": 400,
         "json": error("unknown_parameter")},
        {"name": "a bad percent escape is 400", "query": good + "&a%zz=1",
         "status": 400, "json": error("unknown_parameter")},
        {"name": "an escaped NUL is 400", "query": good + "&a%00=1",
         "status": 400, "json": error("unknown_parameter")},
        {"name": "markup in a name comes back as text only",
         "query": good + "&%3Cscript%3E=1", "status": 400,
         "header": {"Content-Type": "application/json.*"},
         "json": {"error.message": r('.*"<script>".*')}},
        {"name": "a JSON body that is cut off is 400", "method": "POST",
         "query": good, "headers": JSON, "body": '{"a":', "status": 400,
         "json": {**error("bad_json"),
                  "error.message": r(".*line 1, column 5.*")}},
        {"name": "a JSON list is 400", "method": "POST", "query": good,
         "headers": JSON, "body": "[]", "status": 400,
         "json": error("bad_json")},
        {"name": "a name twice in a JSON body is 400", "method": "POST",
         "query": good, "headers": JSON, "body": '{"a":1,"a":1}',
         "status": 400, "json": error("repeated_parameter")},
        {"name": "a NUL in a JSON body is 400", "method": "POST",
         "query": good, "headers": JSON, "body": '{"a":"\\u0000"}',
         "status": 400, "json": error("bad_json")},
        {"name": "invalid UTF-8 in a JSON body is 400", "method": "POST",
         "query": good, "headers": JSON, "body": b'{"a":"\xff"}',
         "status": 400, "json": error("bad_json")},
        {"name": "something behind the JSON object is 400", "method": "POST",
         "query": good, "headers": JSON, "body": "{}{}", "status": 400,
         "json": error("bad_json")},
        {"name": "the same with a trailing slash", "path": path + "/",
         "query": good + "&debug=1", "status": 400,
         "json": error("unknown_parameter")},
    ]


# --- /trigger_report --------------------------------------------------------

STARTED = {
    "report_id": r(UUID),
    "status": "Running",
    "status_url": r(rf"/get_report\?report_id={UUID}"),
}


def started(name, **more):
    """A case in which a report is started."""
    return {"name": name, "status": 202, "json": STARTED,
            "header": {"Location": rf"/get_report\?report_id={UUID}",
                       "Retry-After": r"\d+"}, **more}


def bad_values(parameter, values, right):
    """Values that are refused, with the sentence that says what is right."""
    return [{"name": f"{parameter}={value!r} is 400",
             "query": f"{parameter}={urllib.parse.quote(value)}",
             "status": 400,
             "json": {**error("bad_parameter"), "error.message":
                      r(rf"The parameter {parameter} .*{right}.*")}}
            for value in values]


TRIGGER = [
    started("GET starts a report"),
    started("POST starts a report", method="POST"),
    started("a POST without a body needs no Content-Type", method="POST",
            headers={}, body=""),
    started("an empty body of any type is no body", method="POST",
            headers={"Content-Type": "text/plain"}, body=""),
    started("a trailing slash changes nothing", path="/trigger_report/",
            method="POST"),
    started("an empty query is none", query="&&"),
    {"name": "HEAD is GET without the body", "method": "HEAD",
     "status": 202, "header": {"Location": ".*", "Retry-After": ".*"}},
    started("all options by query", query=(
        "as_of=2023-01-25T18:13:22.479220Z&interpolation=nearest&reach=6h"
        "&store_id={store}")),
    started("as_of as in the poll file", query=(
        "as_of=2023-01-25%2018:13:22.47922+UTC")),
    started("as_of=latest", query="as_of=latest"),
    started("all options by form", method="POST", headers=FORM, body=(
        "as_of=latest&interpolation=next&reach=unlimited&store_id={store}"
        "&store_id={store}")),
    started("a form with a charset", method="POST", headers={
        "Content-Type": FORM["Content-Type"] + "; charset=UTF-8"},
        body="reach=90s"),
    started("all options by JSON", method="POST", headers=JSON,
            body=json.dumps({"as_of": "latest", "interpolation": "previous",
                             "reach": "7d", "store_id": ["{store}"]})),
    started("one store_id as a JSON text", method="POST", headers=JSON,
            body='{"store_id":"{store}"}'),
    started("an empty JSON object", method="POST", headers=JSON, body="{}"),
    started("options in query and body", method="POST", query="reach=30m",
            headers=JSON, body='{"interpolation":"next"}'),
    started("store_id in query and body", method="POST",
            query="store_id={store}", headers=FORM, body="store_id={store}"),
    started("a GET with a JSON body", headers=JSON, body='{"reach":"2h"}'),
    *bad_values("as_of", ["", "now", "2023-01-25", "2023-02-30 00:00:00",
                          "2023-01-25T18:13:22+01:00", "1999-12-31 23:59:59",
                          "3000-01-01 00:00:00", "LATEST", " latest",
                          "2023-01-25T18:13:22.4792201Z", "1674670402"],
                "2023-01-25T18:13:22.*latest"),
    *bad_values("interpolation", ["", "Previous", "linear", "next ",
                                  "previous,next"],
                "previous, next or nearest"),
    *bad_values("reach", ["", "24", "h", "-1h", "+1h", "1.5h", "1 h", "24H",
                          "1w", "99999999999999999999h",
                          "9223372036854775807d", "0x10s", "Unlimited"],
                "s, m, h or d.*unlimited"),
    *bad_values("store_id", ["", "=1", "+1", "-1", "@x", "a" * 65,
                             "a\u202eb", "a\u200fb"],
                "1 to 64 bytes"),
    {"name": "a control character in a value is 400",
     "query": "store_id=a%0Ab", "status": 400,
     "json": error("bad_parameter")},
    {"name": "a NUL in a value is 400", "query": "store_id=a%00",
     "status": 400, "json": error("bad_parameter")},
    {"name": "invalid UTF-8 in a value is 400", "query": "store_id=%C3%28",
     "status": 400, "json": error("bad_parameter")},
    {"name": "a bad escape in a value is 400", "query": "reach=2%h",
     "status": 400, "json": error("bad_parameter")},
    {"name": "as_of twice is 400", "query": "as_of=latest&as_of=latest",
     "status": 400, "json": error("repeated_parameter")},
    {"name": "as_of in query and form is 400", "method": "POST",
     "query": "as_of=latest", "headers": FORM, "body": "as_of=latest",
     "status": 400, "json": error("repeated_parameter")},
    {"name": "as_of in query and JSON is 400", "method": "POST",
     "query": "as_of=latest", "headers": JSON, "body": '{"as_of":"latest"}',
     "status": 400, "json": error("repeated_parameter")},
    {"name": "a JSON list of one as_of is 400", "method": "POST",
     "headers": JSON, "body": '{"as_of":["latest"]}', "status": 400,
     "json": error("bad_parameter")},
    {"name": "a JSON null is 400", "method": "POST", "headers": JSON,
     "body": '{"reach":null}', "status": 400, "json": error("bad_parameter")},
    {"name": "a JSON number that is not whole is 400", "method": "POST",
     "headers": JSON, "body": '{"store_id":1e3}', "status": 400,
     "json": error("bad_parameter")},
    {"name": "an empty JSON list is 400", "method": "POST", "headers": JSON,
     "body": '{"store_id":[]}', "status": 400,
     "json": error("bad_parameter")},
    {"name": "a nested JSON list is 400", "method": "POST", "headers": JSON,
     "body": '{"store_id":[["a"]]}', "status": 400,
     "json": error("bad_parameter")},
    {"name": "an unknown store is 400", "query": "store_id=nobody",
     "status": 400, "json": error("unknown_store")},
    {"name": "a known and an unknown store are 400", "method": "POST",
     "headers": JSON, "body": '{"store_id":["{store}","nobody"]}',
     "status": 400, "json": error("unknown_store")},
    {"name": "a JSON number is a store_id like its digits", "method": "POST",
     "headers": JSON, "body": '{"store_id":9007199254740993}',
     "status": 400, "json": error("unknown_store")},
    {"name": "as many store_ids as there may be", "method": "POST",
     "headers": JSON, "body": json.dumps({"store_id": ["a"] * STORES_MAX}),
     "status": 400, "json": error("unknown_store")},
    {"name": "one store_id too many", "method": "POST", "headers": JSON,
     "body": json.dumps({"store_id": ["a"] * (STORES_MAX + 1)}), "status": 400,
     "json": {**error("bad_parameter"),
              "error.message": r(f".*at most {STORES_MAX} times.*")}},
    {"name": "no polls yet", "state": "empty", "status": 409,
     "json": {**error("no_polls"), "error.message":
              "There are no polls yet: import a poll file first."}},
    {"name": "no polls yet, by POST", "state": "empty", "method": "POST",
     "status": 409, "json": error("no_polls")},
    {"name": "bad parameters come before no polls", "state": "empty",
     "query": "reach=x", "status": 400, "json": error("bad_parameter")},
    {"name": "a full queue is 503 with Retry-After",
     "query": "reach=12345s", "env": {"STOREMON_QUEUE": "1"}, "status": 503,
     "header": {"Retry-After": r"\d+"}, "json": error("queue_full")},
    {"name": "a question that is asked already finds room in a full queue",
     "query": "reach={running_reach}", "env": {"STOREMON_QUEUE": "1"},
     "status": 202, "json": STARTED},
    *refusals("/trigger_report", "reach=1h"),
]

# --- /get_report ------------------------------------------------------------

RUNNING = {
    "report_id": "{running}",
    "status": "Running",
    "progress.done": 0,
    "progress.total": 0,
    "report": ABSENT,
}
COMPLETE = {
    "report_id": "{complete}",
    "status": "Complete",
    "report": "/reports/{complete}.csv",
    "detail": "/reports/{complete}.detail.csv",
    "summary": "/reports/{complete}.json",
    "stores": "/reports/{complete}.stores.json",
    "strips": "/reports/{complete}.strips.txt",
    "rows": r(r"[1-9]\d*"),
    "bytes": r(r"[1-9]\d*"),
    "sha256": r("[0-9a-f]{64}"),
    "as_of": r(STAMP),
    "rules.interpolation": "nearest",
    "rules.reach": "6h",
    "revision": r(r"[1-9]\d*"),
    "created_at": r(STAMP),
    "finished_at": r(STAMP),
    "error": ABSENT,
}
FAILED = {
    "report_id": "{failed}",
    "status": "Failed",
    "error": r(".+"),
    "report": ABSENT,
}
CSV = {"Accept": "text/csv"}
FILE = {
    "status": 200,
    "header": {
        "Content-Type": "text/csv; charset=utf-8",
        "Cache-Control": by(cgi=None, nginx="private, .*"),
        "Content-Disposition": 'attachment; filename="{complete}\\.csv"',
        "X-Accel-Redirect": by(cgi="/spool-internal/{complete}\\.csv",
                               nginx=None),
    },
    "csv": True,
}

MALFORMED = [
    "", "1", "0123ABCD-4567-489a-8bcd-ef0123456789",
    "0123abcd-4567-489a-8bcd-ef012345678",
    "0123abcd-4567-489a-8bcd-ef01234567890",
    "0123abcd4567489a8bcdef0123456789", "{0123abcd-4567-489a-8bcd-ef0123}",
    " 0123abcd-4567-489a-8bcd-ef0123456789",
    "0123abcd-4567-489a-8bcd-ef0123456789 ",
    "../../../../../../../../../../etc/passwd",
    "0123abcd-4567-489a-8bcd-ef0123456789.csv",
    "0123abcd-4567-489a-8bcd-ef012345678g",
    "' OR 1=1 --", "%s%s%s%n", "0123abcd_4567_489a_8bcd_ef0123456789",
]

GET = [
    {"name": "a report that waits is Running", "query":
     "report_id={running}", "status": 200, "json": RUNNING,
     "header": {"Retry-After": None}},
    {"name": "a complete report", "query": "report_id={complete}",
     "status": 200, "json": COMPLETE},
    {"name": "a failed report is told with its reason",
     "query": "report_id={failed}", "status": 200, "json": FAILED},
    {"name": "an expired report is 410", "query": "report_id={expired}",
     "status": 410, "json": error("expired")},
    {"name": "an unknown report is 404", "query": "report_id={unknown}",
     "status": 404, "json": error("unknown_report")},
    {"name": "no report_id is 400", "status": 400,
     "json": {**error("missing_parameter"),
              "error.message": r("The parameter report_id .*")}},
    {"name": "no report_id by POST is 400", "method": "POST", "status": 400,
     "json": error("missing_parameter")},
    *({"name": f"report_id={value!r} is 400",
       "query": "report_id=" + urllib.parse.quote(value, safe=""),
       "status": 400, "json": error("bad_parameter")}
      for value in MALFORMED),
    {"name": "a line feed behind the id is 400",
     "query": "report_id={complete}%0a", "status": 400,
     "json": error("bad_parameter")},
    {"name": "a NUL behind the id is 400",
     "query": "report_id={complete}%00", "status": 400,
     "json": error("bad_parameter")},
    {"name": "report_id twice is 400",
     "query": "report_id={complete}&report_id={complete}", "status": 400,
     "json": error("repeated_parameter")},
    {"name": "report_id in query and form is 400", "method": "POST",
     "query": "report_id={complete}", "headers": FORM,
     "body": "report_id={complete}", "status": 400,
     "json": error("repeated_parameter")},
    {"name": "report_id in query and JSON is 400", "method": "POST",
     "query": "report_id={complete}", "headers": JSON,
     "body": '{"report_id":"{complete}"}', "status": 400,
     "json": error("repeated_parameter")},
    {"name": "report_id by form", "method": "POST", "headers": FORM,
     "body": "report_id={complete}", "status": 200, "json": COMPLETE},
    {"name": "report_id by JSON", "method": "POST", "headers": JSON,
     "body": '{"report_id":"{complete}"}', "status": 200, "json": COMPLETE},
    {"name": "report_id by query of a POST", "method": "POST",
     "query": "report_id={complete}", "status": 200, "json": COMPLETE},
    {"name": "a trailing slash changes nothing", "path": "/get_report/",
     "query": "report_id={complete}", "status": 200, "json": COMPLETE},
    {"name": "an escaped id is the same id",
     "query": "report%5Fid={complete_escaped}", "status": 200,
     "json": COMPLETE},
    {"name": "HEAD is GET without the body", "method": "HEAD",
     "query": "report_id={complete}", "status": 200,
     "header": {"Content-Type": "application/json.*"}},
    {"name": "HEAD of an unknown report is 404", "method": "HEAD",
     "query": "report_id={unknown}", "status": 404},
    {"name": "format=csv gives the file",
     "query": "report_id={complete}&format=csv", **FILE},
    {"name": "Accept: text/csv gives the file",
     "query": "report_id={complete}", "headers": CSV, **FILE},
    {"name": "the file by form", "method": "POST", "headers": FORM,
     "body": "report_id={complete}&format=csv", **FILE},
    {"name": "format counts for more than Accept",
     "query": "report_id={complete}&format=json", "headers": CSV,
     "status": 200, "json": COMPLETE},
    {"name": "Accept: */* is JSON", "query": "report_id={complete}",
     "headers": {"Accept": "*/*"}, "status": 200, "json": COMPLETE},
    {"name": "an Accept that likes JSON better is JSON",
     "query": "report_id={complete}", "headers": {
         "Accept": "text/csv;q=0.5, application/json"}, "status": 200,
     "json": COMPLETE},
    {"name": "format=xml is 400", "query": "report_id={complete}&format=xml",
     "status": 400, "json": {**error("bad_parameter"), "error.message":
                             "The parameter format must be json or csv."}},
    {"name": "the file of a report that runs is 202 with Retry-After",
     "query": "report_id={running}&format=csv", "status": 202,
     "header": {"Retry-After": "1"}, "json": RUNNING},
    {"name": "the same by Accept", "query": "report_id={running}",
     "headers": CSV, "status": 202, "header": {"Retry-After": "1"},
     "json": RUNNING},
    {"name": "the file of a failed report is 409 with the reason",
     "query": "report_id={failed}&format=csv", "status": 409,
     "json": {**error("failed"), "error.message":
              r("The report failed: .+ Trigger it again.")}},
    {"name": "the file of an expired report is 410",
     "query": "report_id={expired}&format=csv", "status": 410,
     "json": error("expired")},
    {"name": "the file of an unknown report is 404",
     "query": "report_id={unknown}&format=csv", "status": 404,
     "json": error("unknown_report")},
    {"name": "an empty store has no reports either", "state": "empty",
     "query": "report_id={unknown}", "status": 404,
     "json": error("unknown_report")},
    *refusals("/get_report", "report_id={complete}"),
]

CASES = [{"path": path, **case}
         for path, cases in (("/trigger_report", TRIGGER),
                             ("/get_report", GET)) for case in cases]
