// The outages as a table: when each began and ended, and between which two
// polls that was.

import { make } from "/js/dom.js";
import { plural } from "/js/text.js";
import { moment, table } from "./cells.js";
import { exactly, longest, ongoingText } from "./words.js";

// As many as one sheet of paper has room for.
const ON_PAPER = 5;

const line = (...words) => make("span", { className: "edge" }, ...words);

// The last poll that saw it up, and the first that saw it down.
function startEdge({ start, start_edge: { after, by } }, clock) {
  const parts = [];
  if (after !== null) parts.push(`seen up ${clock.beside(after, start)}`);
  if (by !== null) {
    parts.push(`${after === null ? "seen " : ""}down ${
      clock.beside(by, start)}`);
  }
  if (after === null) parts.push("not seen up before");
  return line(parts.join(", "));
}

// The last poll that saw it down, and the first that saw it up again.
function endEdge({ end, end_edge: { after, by } }, clock) {
  const parts = [];
  if (after !== null) parts.push(`seen down ${clock.beside(after, end)}`);
  if (by !== null) {
    parts.push(`${after === null ? "seen " : ""}up ${clock.beside(by, end)}`);
  }
  if (by === null) parts.push("not seen up since");
  return line(parts.join(", "));
}

function row(outage, now, clock) {
  const start = outage.clipped
    ? make("strong", {}, "Before this week ")
    : moment(outage.start, clock);
  const end = outage.ongoing
    ? make("strong", { className: "lost" }, `${ongoingText(now)} `)
    : moment(outage.end, clock);
  return [
    [start, startEdge(outage, clock)],
    [end, endEdge(outage, clock)],
    exactly(outage.open_s),
  ];
}

function paperNote(left) {
  const seconds = left.reduce((sum, { open_s: s }) => sum + s, 0);
  return make("p", { className: "on-paper note" },
    `And ${plural(left.length, "outage")} more, none longer, ${
      exactly(seconds)} in all; the page lists them.`);
}

export function outagesPart({ store, clock, notes }) {
  const { outages } = store;
  if (outages.length === 0) {
    return [make("p", { className: "none" }, "None in this week."),
      ...notes.beside("outages")];
  }
  const printed = new Set(longest(outages, ON_PAPER));
  const rows = outages.map((outage) => ({
    cells: row(outage, store.status_now, clock),
    kind: printed.has(outage) ? "" : "off-paper",
  }));
  const left = outages.filter((outage) => !printed.has(outage));
  return [
    ...notes.beside("outages"),
    make("div", { className: "sheet" },
      table("Outages of the week", ["Start", "End", "Open time lost"], rows,
        "outages")),
    ...(left.length > 0 ? [paperNote(left)] : []),
  ];
}
