#!/usr/bin/env python3
"""Timelines against the slow model and against the report's detail.

SEEDS=N or N-M as in test_model.py.
"""
import csv
import datetime
import json
import os
import random
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "model")]

import model  # noqa: E402
from random_data import Case  # noqa: E402
from reader import Data  # noqa: E402
from support import State, Tap, seeds  # noqa: E402
from timeline_model import Timeline, clock, local, seconds  # noqa: E402

INTERPOLATIONS = ("previous", "next", "nearest")
REACHES = ("unlimited", "unlimited", "6h", "1h", "30m", "3d", "0s")
STORES = 12                     # of each data set
FIGURES = ["status_now", "hour", "day", "week", "availability", "bounds",
           "coverage", "outages", "polls", "hours", "timezone", "rules"]
SENTENCE = re.compile(r"[A-Z0-9][^{}\n]*[^ .]\.")
tap = Tap()


def rows_of(rows):
    """Hours as they are kept: in order, and each once."""
    return [{"start": clock(start), "end": clock(end)}
            for start, end in sorted(set(rows))]


def date_of(ordinal):
    return datetime.date.fromordinal(ordinal).isoformat()


def day_of(wanted, ordinal):
    source, rows = wanted.rows(ordinal)
    day = {"date": date_of(ordinal), "source": source,
           "weekday": datetime.date.fromordinal(ordinal).weekday()}
    return day, rows_of(rows)


class Comparison:
    """One timeline beside what it must be; notes are what differs."""

    def __init__(self, got, wanted, detail):
        self.got, self.wanted, self.detail = got, wanted, detail
        self.notes = []

    def same(self, name, wanted):
        if self.got.get(name) != wanted:
            self.notes += [name, f"got    {self.got.get(name)!r:.1500}",
                           f"wanted {wanted!r:.1500}"]

    def compare(self):
        for part in (self.zone, self.dates, self.hours, self.shifts,
                     self.polls, self.figures, self.sentences):
            part()
        self.same("segments", self.wanted.segments())
        self.same("outages", list(self.wanted.outages()))
        self.sums()
        return self.notes

    def zone(self):
        wanted = self.wanted
        given = wanted.store in wanted.data.zones
        self.same("timezone", wanted.zone)
        self.same("timezone_source", "given" if given else "default")
        now = local(wanted.zone, wanted.as_of)
        self.same("local_time", now.isoformat(timespec="microseconds"))
        for offset in self.got["offsets"]:
            at = model.parse_stamp(offset["from"].encode())
            now = local(wanted.zone, at).utcoffset().total_seconds()
            if offset["offset_s"] != int(now):
                self.notes.append(f"offset {offset}")

    def dates(self):
        dates = list(self.wanted.dates())
        got = [dict(date, hours=float(date["hours"]))
               for date in self.got["dates"]]
        wanted = [dict(day_of(self.wanted, ordinal)[0],
                       start=model.stamp(start), end=model.stamp(end),
                       hours=float(f"{(end - start) / model.HOUR:.6g}"))
                  for ordinal, start, end in dates]
        if got != wanted:
            self.notes += ["dates", str(got), str(wanted)]
        changes = {local(self.wanted.zone, us).utcoffset()
                   for us in range(dates[0][1], dates[-1][2], model.HOUR)}
        if len(changes) > len(self.got["offsets"]):
            self.notes.append(f"offsets: {changes}")

    def hours(self):
        wanted, data = self.wanted, self.wanted.data
        weekly = data.hours.get(wanted.store) or []
        week = [rows_of([row[1:] for row in weekly if row[0] == day])
                for day in range(7)] if weekly else [rows_of(
                    [(0, 86400)])] * 7
        dates = list(wanted.dates())
        first, last = dates[0][0], dates[-1][0] + 30
        special = data.special.get(wanted.store, {})
        self.same("hours", {
            "source": "weekly" if weekly else "default", "week": week,
            "special": [{"date": date_of(day), "hours": rows_of(special[day])}
                        for day in sorted(special) if first <= day <= last]})
        today = local(wanted.zone, wanted.as_of).date().toordinal()
        day, rows = day_of(wanted, today)
        self.same("today", dict(day, hours=rows))

    def shifts(self):
        dates = list(self.wanted.dates())
        first, last = dates[0][1], dates[-1][2]
        shifts = model.shifts_between(self.wanted.data, self.wanted.store,
                                      first, last)
        clipped = [(max(start, first), min(end, last))
                   for start, end in shifts]
        self.same("shifts", [
            {"start": model.stamp(start), "end": model.stamp(end)}
            for start, end in clipped if start < end])

    def polls(self):
        history = self.wanted.history
        first = next(iter(self.wanted.dates()))[1]
        evidence = set(history.evidence)
        self.same("polls", [
            {"at": model.stamp(at), "in_hours": at in evidence,
             "status": "active" if up else "inactive"}
            for at, up in sorted(history.up_at.items()) if at >= first])

    def figures(self):
        """What the detail file says, digit by digit."""
        for name, _ in model.WINDOWS:
            window = self.got["counters"][name]
            for counter in model.COUNTERS:
                wanted = self.detail[f"{name}_{counter}_s"]
                if window[counter + "_s"] != wanted:
                    self.notes.append(f"{name} {counter}: "
                                      f"{window[counter + '_s']}, {wanted}")
        self.same("status_now", self.detail["status_now"])
        self.same("last_poll", self.detail["last_poll_utc"] or None)
        self.same("longest_outage_s", self.detail["longest_outage_s"])
        if len(self.got["outages"]) != int(self.detail["outages"]):
            self.notes.append(f"outages: not {self.detail['outages']}")

    def sums(self):
        """Segments tile the business time, outages the downtime."""
        week = self.got["counters"]["week"]
        total = sum(model.parse_stamp(s["end"].encode())
                    - model.parse_stamp(s["start"].encode())
                    for s in self.got["segments"])
        lost = sum(int(o["open_s"].replace(".", ""))
                   for o in self.got["outages"])
        if week["business_s"] != seconds(total):
            self.notes.append(f"{week['business_s']}: not {seconds(total)}")
        if week["down_s"] != seconds(lost):
            self.notes.append(f"{week['down_s']}: not {seconds(lost)}")

    def sentences(self):
        told = self.got["explanations"]
        figures = [e["figure"] for e in told if e["figure"] != "clock"]
        if figures != FIGURES:
            self.notes.append(f"figures: {figures}")
        if len(self.got["offsets"]) > 1 and len(told) == len(FIGURES):
            self.notes.append("the clock's change is not told")
        for e in told:
            if (not SENTENCE.fullmatch(e["text"]) or "  " in e["text"]
                    or ". " in e["text"] or not e["value"]):
                self.notes.append(f"no sentence: {e}")


def words_for(as_of, interpolation, reach):
    words = ["--interpolation", interpolation, "--reach", reach]
    return words if as_of is None else words + ["--as-of",
                                                model.stamp(as_of)]


def compare(rng, state, data, as_of, rules):
    """What differs between timelines and model, for some of the stores."""
    words = words_for(as_of, *rules)
    detail = {row["store_id"]: row for row in csv.DictReader(
        state.report(*words)[1].decode().splitlines())}
    at = model.newest_poll(data) if as_of is None else as_of
    for store in rng.sample(data.stores(), min(STORES, len(data.stores()))):
        result = state.run("timeline", "--json", *words, store)
        if result.code:
            return [str(result)]
        got = json.loads(result.out, parse_float=str)
        wanted = Timeline(data, store, at, rules[0],
                          model.parse_reach(rules[1]))
        notes = Comparison(got, wanted, detail[store.decode()]).compare()
        if got["store_id"] != store.decode() or notes:
            return [f"{store!r} {words}", *notes]
    return []


def one_seed(seed):
    rng = random.Random(seed)
    case, data, notes = Case(seed), Data(), []
    with State() as state:
        for dataset, content in case.files.items():
            state.load(dataset, content)
            data.load(dataset, content)
        for as_of in case.as_ofs:
            rules = rng.choice(INTERPOLATIONS), rng.choice(REACHES)
            notes = notes or compare(rng, state, data, as_of, rules)
    tap.ok(f"seed {seed}: {case.zone}", not notes, *notes)


for number in seeds(20):
    one_seed(number)
tap.done()
