// The week as a picture, a row for each of the store's dates, with its
// legend, and what is read out of it.

import { make, svg } from "/js/dom.js";
import { statusSign } from "/js/status.js";
import { plural } from "/js/text.js";
import { SECOND, dateName, longDateName } from "./clock.js";
import { Reader } from "./reader.js";
import { Row, axis } from "./row.js";
import { box, kindOf } from "./patterns.js";
import { exactly, roughly } from "./words.js";

const KINDS = {
  "up-seen": "Up, observed",
  "up-guess": "Up, extrapolated",
  "down-seen": "Down, observed",
  "down-guess": "Down, extrapolated",
  unknown: "Unknown",
};
const POLLS = { active: "Poll: up", inactive: "Poll: down" };
const LIMITS = { "week-start": "The 7 days begin", "as-of": "As of" };
const DAY_HOURS = 24;

function openText(day, clock) {
  if (day.shifts.length === 0) return "closed";
  if (day.shifts.length === 1 && day.shifts[0].start === day.start &&
    day.shifts[0].end === day.end) return "open all day";
  return `open ${day.shifts.map(({ start, end }) =>
    clock.range(start, end, false)).join(" and ")}`;
}

// The row in a sentence, for those who do not see it.
function rowLabel(day, clock) {
  const parts = [openText(day, clock)];
  for (const [status, seconds] of Object.entries(day.seconds)) {
    if (seconds > 0) parts.push(`${status} ${roughly(seconds)}`);
  }
  parts.push(plural(day.polls.length, "poll"));
  return `${longDateName(day.date)}: ${parts.join(", ")}`;
}

function remarks(day) {
  const words = [];
  if (day.source === "special") words.push("special hours");
  if (day.length !== DAY_HOURS) words.push(`a day of ${day.length} h`);
  return words.map((text) => make("span", { className: "tag" }, text));
}

function lost({ seconds, stretches }) {
  const { down, unknown } = seconds;
  if (down > 0) {
    return make("span", { className: "lost" },
      statusSign("down"), `${roughly(down)} down`);
  }
  if (unknown > 0) return `${roughly(unknown)} unknown`;
  return stretches.length > 0 ? "no down time" : "";
}

function stretchText({ whole, observed, status, start }, clock) {
  const { start: from, end: to, poll } = whole;
  const until = clock.isoDate(from) === clock.isoDate(to)
    ? clock.range(from, to)
    : `${clock.time(from)} to ${clock.date(to)} ${clock.time(to)}`;
  const by = poll === null
    ? "no poll tells"
    : `decided by the poll of ${clock.beside(poll, start)}`;
  return `${KINDS[kindOf({ status, observed })]}: ${clock.date(from)} ${
    until}, ${exactly((to - from) / SECOND)}; ${by}`;
}

function pollText({ at, status, in_hours: counts }, clock) {
  return `${POLLS[status]}: ${clock.stamp(at)}${
    counts ? "" : ", outside the opening hours, so it does not count"}`;
}

function itemsOf(days, clock) {
  return days.flatMap((day, row) => [
    ...day.stretches.map((stretch) => ({ row, start: stretch.start,
      end: stretch.end, text: () => stretchText(stretch, clock) })),
    ...day.polls.map((poll) => ({ row, start: poll.at, end: poll.at,
      text: () => pollText(poll, clock) })),
  ].sort((a, b) => a.start - b.start || b.end - a.end));
}

// A sample of how a kind of stretch or poll is drawn.
function sample(kind) {
  const down = kind.startsWith("down");
  return svg("svg", { width: 26, height: 20, "aria-hidden": "true" },
    box(kind, 0.02, 0.98, down ? 1 : 4, down ? 18 : 12),
    ...(down ? [svg("use", { href: "#mark-down", x: 13, y: 10 })] : []));
}

function tickSample(kind, ...statuses) {
  return svg("svg", { width: 12 * statuses.length, height: 20,
    "aria-hidden": "true" },
  ...statuses.map((status, i) => svg("use", {
    class: `poll ${status} ${kind}`, href: `#poll-${status}`, x: 6 + 12 * i,
    y: 10,
  })));
}

function limitSample(kind) {
  return svg("svg", { class: "row", width: 8, height: 20,
    "aria-hidden": "true" },
  svg("line", { class: kind, x1: 4, x2: 4, y1: 0, y2: 20 }));
}

function legend() {
  const entry = (picture, text) => make("li", {}, picture, text);
  return make("ul", { className: "legend" },
    ...Object.entries(KINDS).map(([kind, text]) => entry(sample(kind), text)),
    entry(sample("open"), "Open, outside the 7 days"),
    ...Object.entries(POLLS).map(([status, text]) =>
      entry(tickSample("counts", status), text)),
    entry(tickSample("outside", ...Object.keys(POLLS)),
      "Poll outside the hours"),
    ...Object.entries(LIMITS).map(([kind, text]) =>
      entry(limitSample(kind), text)));
}

export function weekFigure({ store, days, clock, notes }) {
  const hours = Math.max(DAY_HOURS, ...days.map(({ length }) => length));
  const weekStart = store.as_of - 168 * 3600 * SECOND;
  const rows = days.map((day) => new Row(day, hours, {
    clock, weekStart, asOf: store.as_of, label: rowLabel(day, clock),
  }));
  const lines = days.map((day, i) => make("div", { className: "day" },
    make("div", { className: "day-name" },
      make("span", { className: "date" }, dateName(day.date)),
      ...remarks(day)),
    rows[i].element,
    make("div", { className: "day-lost" }, lost(day))));
  const reader = new Reader(rows, itemsOf(days, clock));
  return make("div", { className: "week" },
    legend(),
    make("div", { className: "day head" }, axis(hours)),
    ...lines,
    reader.element,
    ...notes.beside("clock"),
    ...notes.beside("polls"));
}
