// The outages as a table: when each began and ended, and between which two
// polls that was.

import { make } from "/js/dom.js";
import { plural } from "/js/text.js";
import { moment, table } from "./cells.js";
import { exactly, longest, ongoingText } from "./words.js";

// As many as one sheet of paper has room for.
const ON_PAPER = 5;
// As many as nobody has to wait for.
const AT_ONCE = 50;

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

function outageTable(outages, printed, { store, clock }) {
  return table("Outages of the week", ["Start", "End", "Open time lost"],
    outages.map((outage) => ({
      cells: row(outage, store.status_now, clock),
      kind: printed.has(outage) ? "" : "off-paper",
    })), "outages");
}

// The table, at first without most of the outages where there are very many.
function sheet(outages, printed, shown) {
  const first = outages.filter((outage, i) =>
    i < AT_ONCE || printed.has(outage));
  const place = make("div", { className: "sheet" },
    outageTable(first, printed, shown));
  if (first.length === outages.length) return [place];
  const button = make("button", { type: "button", className: "off-paper" },
    `Show all ${plural(outages.length, "outage")}`);
  button.addEventListener("click", () => {
    place.replaceChildren(outageTable(outages, printed, shown));
    button.remove();
  });
  return [place, button];
}

export function outagesPart(shown) {
  const { store: { outages }, notes } = shown;
  if (outages.length === 0) {
    return [make("p", { className: "none" }, "None in this week."),
      ...notes.beside("outages")];
  }
  const printed = new Set(longest(outages, ON_PAPER));
  const left = outages.filter((outage) => !printed.has(outage));
  return [
    ...notes.beside("outages"),
    ...sheet(outages, printed, shown),
    ...(left.length > 0 ? [paperNote(left)] : []),
  ];
}
