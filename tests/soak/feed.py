"""The stores of a soak, hour by hour: what is imported, and what must be
there afterwards.

The hours run from a date in the past, and over changes of daylight saving
time.  Ten may pass in a second: a year ran into the clock in ten minutes, and
polls that are ahead of it are refused; twenty years last for hours.
"""
import csv
import datetime
import io
import random

START = datetime.datetime(2006, 3, 1)
ZONES = ("America/Chicago", "America/New_York", "Europe/Dublin",
         "Asia/Kathmandu", "Australia/Lord_Howe")
HOUR = datetime.timedelta(hours=1)
CORRECTED = 20      # every so many hours an hour comes a second time


def text_of(header, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


class Feed:
    """Makes the files.  known: {store: {stamp: status}} of what has been
    imported for certain, which the caller keeps by done()."""

    def __init__(self, stores, seed):
        self.random = random.Random(seed)
        self.stores = [f"store-{i:05d}" for i in range(stores)]
        self.hour = 0
        self.files = 0
        self.known = {store: {} for store in self.stores}

    def zones(self):
        return text_of(("store_id", "timezone_str"),
                       ((store, self.random.choice(ZONES))
                        for store in self.stores))

    def hours(self):
        return text_of(
            ("store_id", "day", "start_time_local", "end_time_local"),
            ((store, day, "08:00:00", self.random.choice(
                ("17:00:00", "23:59:00", "02:00:00")))
             for store in self.stores for day in range(7)))

    def next_hour(self):
        """The rows of the next hour, or of the last one, corrected."""
        self.files += 1
        if self.files % CORRECTED != 0:
            self.hour += 1
        at = START + self.hour * HOUR
        rows = []
        for store in self.stores:
            stamp = at + datetime.timedelta(
                microseconds=self.random.randrange(3_600_000_000))
            status = self.random.choices(("active", "inactive"), (9, 1))[0]
            rows.append((store, status, stamp.strftime(
                "%Y-%m-%d %H:%M:%S.%f UTC")))
        return rows

    @staticmethod
    def file(rows):
        return text_of(("store_id", "status", "timestamp_utc"), rows)

    def done(self, rows):
        """These rows are in for certain."""
        for store, status, stamp in rows:
            self.known[store][stamp] = status

    @property
    def now(self):
        return START + self.hour * HOUR
