"""Cases of /stores, in the form of cases.py.

FILES are imported beside the sample: ids that need care on their way through
address, JSON and storage, and one store whose week is known to the second.
"""

import json
import urllib.parse

from cases import FORM, JSON, STAMP, ABSENT, bad_values, error, r, refusals

LONG = "é" * 32                 # 64 bytes
ODD = ["odd/1", "odd/../2?id=3&x", '<b>"&amp;\'</b>', "Café Zürich #4", LONG,
       "1'); DROP TABLE store;--", "%s%n", "a+b c", "𝄞"]
FILES = {
    "polls": "store_id,status,timestamp_utc\n" + "".join(
        '"%s",active,2023-01-23 16:14:00 UTC\n'
        '"%s",inactive,2023-01-23 17:15:00 UTC\n' % (name, name)
        for name in (odd.replace('"', '""') for odd in ODD)),
    "hours": "store_id,day,start_time_local,end_time_local\n"
             "odd/1,0,09:00:00,12:00:00\n",
    "timezones": "store_id,timezone_str\nodd/1,America/Denver\n",
}
# The first worked example of docs/SEMANTICS.md, in Denver.
AS_OF = "as_of=2023-01-23T19:00:00Z"


def quote(text):
    return urllib.parse.quote(text, safe="")


EXAMPLE = {
    "store_id": "odd/1",
    "as_of": "2023-01-23T19:00:00.000000Z",
    "newest_poll": r(STAMP),
    "revision": r(r"[1-9]\d*"),
    "tzdata": r(r"20\d\d[a-z]*"),
    "rules": {"interpolation": "previous", "reach": "unlimited",
              "observed_gap": "2h"},
    "timezone": "America/Denver",
    "timezone_source": "given",
    "local_time": "2023-01-23T12:00:00.000000-07:00",
    "offsets": [{"from": "2023-01-16T07:00:00.000000Z", "offset_s": -25200}],
    "hours": {"source": "weekly", "week": [
        [{"start": "09:00:00", "end": "12:00:00"}], [], [], [], [], [], []],
        "special": []},
    "today": {"date": "2023-01-23", "weekday": 0, "source": "weekly",
              "hours": [{"start": "09:00:00", "end": "12:00:00"}]},
    "shifts": [{"start": "2023-01-16T16:00:00.000000Z",
                "end": "2023-01-16T19:00:00.000000Z"},
               {"start": "2023-01-23T16:00:00.000000Z",
                "end": "2023-01-23T19:00:00.000000Z"}],
    "polls": [{"at": "2023-01-23T16:14:00.000000Z", "status": "active",
               "in_hours": True},
              {"at": "2023-01-23T17:15:00.000000Z", "status": "inactive",
               "in_hours": True}],
    "segments": [{"start": "2023-01-23T16:00:00.000000Z",
                  "end": "2023-01-23T17:15:00.000000Z", "status": "up",
                  "observed": False, "poll": "2023-01-23T16:14:00.000000Z"},
                 {"start": "2023-01-23T17:15:00.000000Z",
                  "end": "2023-01-23T19:00:00.000000Z", "status": "down",
                  "observed": False, "poll": "2023-01-23T17:15:00.000000Z"}],
    "counters.week.up_s": 4500.0,
    "counters.week.down_s": 6300.0,
    "counters.week.business_s": 10800.0,
    "counters.week.availability_percent": 41.66,
    "counters.hour.down_s": 3600.0,
    "status_now": "closed",
    "status_since": "2023-01-23T19:00:00.000000Z",
    "status_poll": None,
    "last_poll": "2023-01-23T17:15:00.000000Z",
    "dark": False,
    "outages": [{"start": "2023-01-23T17:15:00.000000Z",
                 "end": "2023-01-23T19:00:00.000000Z", "open_s": 6300.0,
                 "ongoing": True, "clipped": False,
                 "start_edge": {"after": "2023-01-23T16:14:00.000000Z",
                                "by": "2023-01-23T17:15:00.000000Z"},
                 "end_edge": {"after": "2023-01-23T17:15:00.000000Z",
                              "by": None}}],
    "longest_outage_s": 6300.0,
    "error": ABSENT,
}
KNOWN = {"store_id": "{store}", "as_of": r(STAMP), "segments": r(r"\[.*\]"),
         "timezone_source": "given"}

STORES = [
    {"name": "one store, every member", "query": AS_OF + "&id=odd%2F1",
     "status": 200, "json": EXAMPLE},
    {"name": "as of the newest poll", "query": "id={store}", "status": 200,
     "json": KNOWN},
    {"name": "by form", "method": "POST", "headers": FORM,
     "body": AS_OF + "&id=odd/1", "status": 200, "json": EXAMPLE},
    {"name": "by JSON", "method": "POST", "headers": JSON,
     "body": json.dumps({"id": "odd/1", "as_of": "2023-01-23 19:00:00 UTC"}),
     "status": 200, "json": EXAMPLE},
    {"name": "options in query and body", "method": "POST", "query": AS_OF,
     "headers": JSON, "body": json.dumps({"id": "odd/1", "reach": "30m",
                                          "interpolation": "nearest"}),
     "status": 200, "json": {
         "rules.interpolation": "nearest", "rules.reach": "30m",
         "counters.week.unknown_s": 75 * 60.0 + 60.0}},
    {"name": "a trailing slash changes nothing", "path": "/stores/",
     "query": AS_OF + "&id=odd%2F1", "status": 200, "json": EXAMPLE},
    {"name": "HEAD is GET without the body", "method": "HEAD",
     "query": "id={store}", "status": 200,
     "header": {"Content-Type": "application/json.*"}},
    *({"name": f"the store {odd}", "query": AS_OF + "&id=" + quote(odd),
       "status": 200, "json": {"store_id": odd, "timezone_source":
                               "given" if odd == "odd/1" else "default"}}
      for odd in ODD),
    {"name": "an unknown store is 404", "query": "id=nobody", "status": 404,
     "json": {**error("unknown_store"), "error.message":
              "No imported file knows a store with this id; check its "
              "spelling."}},
    {"name": "an id that is the beginning of one only is 404",
     "query": "id=odd", "status": 404, "json": error("unknown_store")},
    {"name": "no polls yet is 409", "state": "empty", "query": "id=1",
     "status": 409, "json": {**error("no_polls"), "error.message":
                             "There are no polls yet: import a poll file "
                             "first."}},
    {"name": "the same with an instant", "state": "empty",
     "query": AS_OF + "&id=1", "status": 409, "json": error("no_polls")},
    *bad_values("id", ["", "=1", "+1", "-1", "@x", "a" * 65, LONG + "x",
                       "a\u202eb"], "1 to 64 bytes"),
    *bad_values("as_of", ["", "now", "2023-02-30 00:00:00"],
                "2023-01-25T18:13:22.*latest"),
    *bad_values("interpolation", ["", "linear"],
                "previous, next or nearest"),
    *bad_values("reach", ["", "24", "-1h"], "s, m, h or d.*unlimited"),
    *bad_values("limit", ["", "0", "101", "-1", "1.5", "x"], "1 to 100"),
    *bad_values("prefix", ["a" * 65], "64 bytes at the most"),
    {"name": "a control character in an id is 400", "query": "id=a%0Ab",
     "status": 400, "json": error("bad_parameter")},
    {"name": "invalid UTF-8 in a prefix is 400", "query": "prefix=%C3%28",
     "status": 400, "json": error("bad_parameter")},
    {"name": "id twice is 400", "query": "id={store}&id={store}",
     "status": 400, "json": error("repeated_parameter")},
    {"name": "neither id nor prefix is 400", "status": 400,
     "json": {**error("missing_parameter"),
              "error.message": r("Either id or prefix is needed.*")}},
    {"name": "as_of alone is 400", "query": AS_OF, "status": 400,
     "json": error("missing_parameter")},
    *({"name": f"{query} is 400", "query": query, "status": 400,
       "json": {**error("bad_parameter"), "error.message":
                r("The parameters prefix and limit search stores, .*")}}
      for query in ("id=odd%2F1&prefix=odd", "id=odd%2F1&limit=5",
                    "prefix=odd&reach=1h", "prefix=odd&" + AS_OF)),
    {"name": "stores by prefix, in byte order", "query": "prefix=odd",
     "status": 200, "json": {
         "prefix": "odd", "more": False,
         "stores": ["odd/../2?id=3&x", "odd/1"]}},
    {"name": "no more than wanted", "query": "prefix=odd&limit=1",
     "status": 200, "json": {"prefix": "odd", "more": True,
                             "stores": ["odd/../2?id=3&x"]}},
    {"name": "exactly as many as wanted", "query": "prefix=odd&limit=2",
     "status": 200, "json": {"more": False}},
    {"name": "a whole id is a prefix of itself", "query": "prefix={store}",
     "status": 200, "json": {"prefix": "{store}", "more": False,
                             "stores": r(r"\['\d+'\]")}},
    {"name": "markup in a prefix stays text",
     "query": "prefix=" + quote('<b>"'), "status": 200,
     "json": {"prefix": '<b>"', "stores": ['<b>"&amp;\'</b>']}},
    {"name": "a prefix that no store has", "query": "prefix=%25%25",
     "status": 200, "json": {"prefix": "%%", "stores": [], "more": False}},
    {"name": "an empty prefix lists the first stores", "query": "prefix=",
     "status": 200, "json": {"prefix": "", "more": True, "stores": r(
         r"""\[(('[^']*'|"[^"]*"), ){19}('[^']*'|"[^"]*")\]""")}},
    {"name": "an empty store has none", "state": "empty", "query": "prefix=",
     "status": 200, "json": {"prefix": "", "stores": [], "more": False}},
    {"name": "prefix by JSON", "method": "POST", "headers": JSON,
     "body": '{"prefix":"odd/1","limit":7}', "status": 200,
     "json": {"stores": ["odd/1"]}},
    *refusals("/stores", "id={store}"),
]

CASES = [{"path": "/stores", **case} for case in STORES]
