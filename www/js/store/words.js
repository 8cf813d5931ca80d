// Figures and states in words.

import { share } from "/js/text.js";

const MINUTE_S = 60;
const HOUR_S = 3600;

export const POLL_WORDS = { active: "up", inactive: "down" };

export const SOURCES = {
  weekly: "from the weekly hours",
  special: "special hours of this date",
  default: "no hours were given, so it counts as always open",
};

export const INTERPOLATIONS = {
  previous: "the previous poll counts",
  next: "the next poll counts",
  nearest: "the nearest poll counts",
};

// Seconds as "2 h 5 min", "3 min 20 s", "12.5 s"; hours are never days, since
// what is told is open time.
export function exactly(seconds) {
  if (seconds === 0) return "0 min";
  if (seconds < MINUTE_S) {
    return `${Number.isInteger(seconds) ? seconds : seconds.toFixed(1)} s`;
  }
  const s = Math.round(seconds);
  const h = Math.floor(s / HOUR_S);
  const min = Math.floor(s / MINUTE_S) % 60;
  const parts = [];
  if (h > 0) parts.push(`${h.toLocaleString("en-US")} h`);
  if (min > 0) parts.push(`${min} min`);
  if (s % MINUTE_S > 0) parts.push(`${s % MINUTE_S} s`);
  return parts.join(" ");
}

// The same for a glance: to the minute.
export function roughly(seconds) {
  return exactly(seconds < MINUTE_S
    ? seconds
    : Math.round(seconds / MINUTE_S) * MINUTE_S);
}

// A percentage of the server's, or null.
export function percent(value) {
  return share(value === null ? null : Math.round(value * 100));
}

export function hoursText(windows) {
  if (windows.length === 0) return "closed";
  return windows.map(({ start, end }) =>
    start === "00:00" && (end === "24:00" || end === "00:00")
      ? "all day"
      : `${start} to ${end}`).join(", ");
}

export function times(n) {
  return ["never", "once", "twice"][n] ?? `${n} times`;
}

// What is said of an outage that has not ended: whether the last poll is
// fresh enough to say so.
export function ongoingText(now) {
  return now === "down" ? "Still down" : "Still counted as down";
}

// The longest n of the outages, longest first.
export function longest(outages, n) {
  return outages.toSorted((a, b) => b.open_s - a.open_s).slice(0, n);
}
