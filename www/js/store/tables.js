// The picture of the week as tables, made when they are opened: each date,
// each stretch of one status, each poll.

import { make } from "/js/dom.js";
import { statusMark } from "/js/status.js";
import { plural } from "/js/text.js";
import { moment, scroller, table } from "./cells.js";
import { SECOND, dateName } from "./clock.js";
import { POLL_WORDS, SOURCES, exactly } from "./words.js";

function lazily(summary, build) {
  const details = make("details", {}, make("summary", {}, summary));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) {
      details.append(scroller(summary, build()));
    }
  });
  return details;
}

const orDash = (seconds) => (seconds > 0 ? exactly(seconds) : "\u2013");

function daysTable(days, clock) {
  return table("The dates of the week",
    ["Date", "Hours of the day", "Open", "Up", "Down", "Unknown", "Polls",
      "Hours come from"],
    days.map((day) => ({ cells: [
      dateName(day.date),
      String(day.length),
      day.shifts.map(({ start, end }) =>
        clock.range(start, end, false)).join(", ") || "closed",
      orDash(day.seconds.up),
      orDash(day.seconds.down),
      orDash(day.seconds.unknown),
      String(day.polls.length),
      SOURCES[day.source],
    ] })));
}

function basis({ status, observed }) {
  if (status === "unknown") return "\u2013";
  return observed ? "observed" : "extrapolated";
}

function stretchesTable({ segments }, clock) {
  return table("The stretches of the week",
    ["From", "To", "Status", "Basis", "Open time", "Deciding poll"],
    segments.map((segment) => ({ cells: [
      moment(segment.start, clock),
      moment(segment.end, clock),
      statusMark(segment.status),
      basis(segment),
      exactly((segment.end - segment.start) / SECOND),
      segment.poll === null ? "\u2013" : moment(segment.poll, clock),
    ] })));
}

function pollsTable({ polls }, clock) {
  return table("The polls of the week", ["Poll", "Said", "Counts"],
    polls.map(({ at, status, in_hours: counts }) => ({ cells: [
      moment(at, clock),
      `${POLL_WORDS[status]} (${status})`,
      counts ? "yes" : "no, outside the hours",
    ] })));
}

export function weekTables({ store, days, clock }) {
  return make("div", { className: "tables" },
    lazily("The week as a table, date by date",
      () => daysTable(days, clock)),
    lazily(`All ${plural(store.segments.length, "stretch").replace(
      "stretchs", "stretches")} of one status`,
    () => stretchesTable(store, clock)),
    lazily(`All ${plural(store.polls.length, "poll")}`,
      () => pollsTable(store, clock)));
}
