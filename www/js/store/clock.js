// The store's clock: what it shows at an instant, from the offsets that the
// server says were in force.  Instants are microseconds since the epoch.  For
// one outside the dates that the answer is about, the browser's own zones are
// asked.

export const SECOND = 1e6;
export const HOUR = 3600 * SECOND;

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const LONG_DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday",
  "Friday", "Saturday"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
  "Sep", "Oct", "Nov", "Dec"];

const two = (n) => String(n).padStart(2, "0");

// A zone's offset in microseconds at an instant as this browser knows it, or
// null where it does not know the zone.
function browserOffset(zone, us) {
  const at = Math.floor(us / SECOND) * 1000;
  try {
    const parts = new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric",
      day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
    }).formatToParts(at);
    const value = (type) =>
      Number(parts.find((part) => part.type === type).value);
    return (Date.UTC(value("year"), value("month") - 1, value("day"),
      value("hour"), value("minute"), value("second")) - at) * 1000;
  } catch {
    return null;
  }
}

// "2023-01-25" as "Wed 25 Jan"
export function dateName(date, days = DAYS) {
  const t = new Date(`${date}T00:00:00Z`);
  return `${days[t.getUTCDay()]} ${t.getUTCDate()} ${
    MONTHS[t.getUTCMonth()]}`;
}

export function longDateName(date) {
  return dateName(date, LONG_DAYS);
}

// "2023-01-25 18:13:22 UTC"
export function utc(us) {
  const text = new Date(Math.floor(us / 1000)).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 19)} UTC`;
}

// To the microsecond, as the server takes and gives it.
export function rfc3339(us) {
  const text = new Date(Math.floor(us / 1000)).toISOString().slice(0, -1);
  return `${text}${String(us % 1000).padStart(3, "0")}Z`;
}

export class Clock {
  #zone;
  #offsets;
  #until;
  #year;

  constructor(store) {
    this.#zone = store.timezone;
    this.#offsets = store.offsets.map(({ from, offset_s: s }) =>
      ({ from, offset: s * SECOND }));
    this.#until = store.dates.at(-1).end;
    this.zone = store.timezone;
    this.#year = this.isoDate(store.as_of).slice(0, 4);
  }

  offset(us) {
    const inside = us >= this.#offsets[0].from && us <= this.#until;
    const near = this.#offsets.findLast(({ from }) => from <= us) ??
      this.#offsets[0];
    return inside
      ? near.offset
      : browserOffset(this.#zone, us) ?? near.offset;
  }

  // A date whose UTC fields are what the clock shows.
  #shown(us) {
    return new Date(Math.floor((us + this.offset(us)) / 1000));
  }

  // "14:05", with the seconds where asked for.
  time(us, withSeconds = true) {
    const t = this.#shown(us);
    const clock = [t.getUTCHours(), t.getUTCMinutes(), t.getUTCSeconds()];
    return clock.slice(0, withSeconds ? 3 : 2).map(two).join(":");
  }

  isoDate(us) {
    return this.#shown(us).toISOString().slice(0, 10);
  }

  // "Wed 25 Jan", and the year where it is another.
  date(us) {
    const date = this.isoDate(us);
    const year = date.slice(0, 4);
    return `${dateName(date)}${year === this.#year ? "" : ` ${year}`}`;
  }

  // "Wed 25 Jan 14:05:00"; the offset too where the clock was set.
  stamp(us) {
    const offset = this.isSet ? ` ${this.offsetName(us)}` : "";
    return `${this.date(us)} ${this.time(us)}${offset}`;
  }

  // An instant beside another: its date and offset only where they differ.
  beside(us, other, withSeconds = true) {
    const date = this.isoDate(us) === this.isoDate(other)
      ? ""
      : `${this.date(us)} `;
    const offset = this.offset(us) === this.offset(other)
      ? ""
      : ` ${this.offsetName(us)}`;
    return `${date}${this.time(us, withSeconds)}${offset}`;
  }

  // "14:05 to 16:10" of one date; midnight at the end of a day is 24:00.
  range(start, end, withSeconds = true) {
    const to = this.time(end, withSeconds);
    const midnight = this.time(end).startsWith("00:00:00") && end > start;
    return `${this.time(start, withSeconds)} to ${
      midnight ? to.replace(/^00/, "24") : to}`;
  }

  // "UTC-6", "UTC+5:30"
  offsetName(us) {
    const minutes = Math.round(this.offset(us) / (60 * SECOND));
    const size = Math.abs(minutes);
    const rest = size % 60 === 0 ? "" : `:${two(size % 60)}`;
    return `UTC${minutes < 0 ? "\u2212" : "+"}${Math.floor(size / 60)}${rest}`;
  }

  // Whether it was set forward or back during the dates.
  get isSet() {
    return this.#offsets.length > 1;
  }

  // The full hours that it shows in a date: [{at, hour}], the last one 24.
  hours({ start, end }) {
    const marks = [];
    this.#pieces(start, end).forEach(({ from, to, offset }) => {
      const first = Math.ceil((from + offset) / HOUR) * HOUR - offset;
      for (let at = first; at < to; at += HOUR) {
        marks.push({ at, hour: ((at + offset) / HOUR) % 24 });
      }
    });
    marks.push({ at: end, hour: 24 });
    return marks;
  }

  // Where it is set during a date: [{at, text}], like "02:00 \u2192 01:00".
  settings({ start, end }) {
    return this.#pieces(start, end).slice(1).map(({ from, offset }, i, all) => {
      const before = i === 0 ? this.offset(start) : all[i - 1].offset;
      const shown = (by) =>
        new Date((from + by) / 1000).toISOString().slice(11, 16);
      return { at: from, text: `${shown(before)} \u2192 ${shown(offset)}` };
    });
  }

  #pieces(start, end) {
    return this.#offsets.map(({ from, offset }, i) => ({
      from: Math.max(from, start),
      to: Math.min(this.#offsets[i + 1]?.from ?? Infinity, end),
      offset,
    })).filter(({ from, to }) => from < to);
  }

  // "2023-01-25T14:05:00" for an input of a date and time, and back again; of
  // a time that comes twice the first, of one skipped the one an hour later.
  toInput(us) {
    return this.#shown(us).toISOString().slice(0, 19);
  }

  fromInput(text) {
    const wall = Date.parse(`${text}Z`) * 1000;
    if (!Number.isFinite(wall)) return null;
    const before = wall - this.offset(wall - 24 * HOUR);
    const after = wall - this.offset(wall + 24 * HOUR);
    return [before, after].find((us) => us + this.offset(us) === wall) ??
      before;
  }
}
