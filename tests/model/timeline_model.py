"""One store's week, slowly and plainly: what a timeline must tell.

Made on model.History from the definitions alone: every interval between two
instants at which anything may change is asked about by itself, and edges of
outages are looked for among all polls that there ever were.
"""
import datetime

from model import DAY, DEFAULT_ZONE, UNIX, History, stamp, to_utc
from reader import DAY_S, EPOCH, HOUR, SECOND

import zoneinfo

WEEK = 168 * HOUR


def local(zone, us):
    moment = UNIX + datetime.timedelta(microseconds=us)
    return moment.astimezone(zoneinfo.ZoneInfo(zone))


def clock(second):
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def seconds(us):
    """As the JSON has a duration."""
    return f"{us // SECOND}.{us % SECOND:06}"


class Timeline:
    """A store as of an instant; members are named as in the JSON."""

    def __init__(self, data, store, as_of, interpolation, reach):
        self.history = History(data, store, as_of, interpolation, reach)
        self.data, self.store, self.as_of = data, store, as_of
        self.week = as_of - WEEK
        self.zone = data.zones.get(store, DEFAULT_ZONE)
        self.pieces = list(self.elementary())

    # --- hours and dates ---------------------------------------------------

    def rows(self, ordinal):
        """(source, rows) of a date, as they were given."""
        special = self.data.special.get(self.store, {})
        if ordinal in special:
            return "special", special[ordinal]
        if not self.data.hours.get(self.store):
            return "default", [(0, DAY_S)]
        weekday = datetime.date.fromordinal(ordinal).weekday()
        return "weekly", [row[1:] for row in self.data.hours[self.store]
                          if row[0] == weekday]

    def date_bounds(self, ordinal):
        return (to_utc(self.zone, ordinal, 0),
                to_utc(self.zone, ordinal + 1, 0))

    def dates(self):
        """(ordinal, start, end) of the local dates that touch the week."""
        first = self.week // DAY + EPOCH - 3
        for ordinal in range(first, self.as_of // DAY + EPOCH + 4):
            start, end = self.date_bounds(ordinal)
            if start < end and end > self.week and start < self.as_of:
                yield ordinal, start, end

    # --- what the week's open time was --------------------------------------

    def elementary(self):
        """(start, end, status, observed, poll) of each piece of open time."""
        points = self.history.change_points()
        for start, end in zip(points, points[1:]):
            middle = start + end
            status = self.history.status(middle)
            if status == "closed":
                continue
            poll = observed = None
            if status != "unknown":
                poll = self.history.decider(self.history.shift_at(middle),
                                            middle)
                observed = self.history.is_observed(middle)
            yield start, end, status, bool(observed), poll

    def segments(self):
        joined = []
        for start, end, status, observed, poll in self.pieces:
            if joined and joined[-1][1:4] == [start, status, observed]:
                joined[-1][1] = end
            else:
                joined.append([start, end, status, observed, poll])
        return [{"start": stamp(start), "end": stamp(end), "status": status,
                 "observed": observed,
                 "poll": None if poll is None else stamp(poll)}
                for start, end, status, observed, poll in joined]

    # --- outages -------------------------------------------------------------

    def runs(self):
        """(pieces of an outage, the piece before, the piece behind)."""
        run, before = [], None
        for piece in self.pieces:
            if piece[2] == "down":
                run.append(piece)
                continue
            if run:
                yield run, before, piece
            run, before = [], piece
        if run:
            yield run, before, None

    def says_down(self, first, last):
        """All evidence from one instant to another says down."""
        return not any(self.history.up_at[poll]
                       for poll in self.history.evidence
                       if first <= poll <= last)

    def start_edge(self, run, before):
        first = run[0][4]
        alike = [poll for poll in self.history.evidence if poll <= first
                 and (before is None or poll >= before[1])
                 and self.says_down(poll, first)]
        by = min(alike, default=first)
        return max((poll for poll in self.history.evidence
                    if poll < by and self.history.up_at[poll]),
                   default=None), by

    def end_edge(self, run, behind):
        last = run[-1][4]
        alike = [poll for poll in self.history.evidence if poll >= last
                 and (behind is None or poll <= behind[0])
                 and self.says_down(last, poll)]
        after = max(alike, default=last)
        return after, min((poll for poll in self.history.evidence
                           if poll > after and self.history.up_at[poll]),
                          default=None)

    def outages(self):
        for run, before, behind in self.runs():
            start, end = self.start_edge(run, before), self.end_edge(run,
                                                                     behind)
            names = [{name: None if us is None else stamp(us)
                      for name, us in zip(("after", "by"), edge)}
                     for edge in (start, end)]
            yield {"start": stamp(run[0][0]), "end": stamp(run[-1][1]),
                   "open_s": seconds(sum(p[1] - p[0] for p in run)),
                   "ongoing": behind is None and end[1] is None,
                   "clipped": start[1] < self.week,
                   "start_edge": names[0], "end_edge": names[1]}
