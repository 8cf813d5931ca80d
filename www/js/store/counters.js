// The last hour, day and week of open time, each as one bar: what was seen to
// be up, what was filled in, what was seen to be down; below it the bounds
// between which the availability lies, and the figures.

import { make, svg } from "/js/dom.js";
import { SECOND } from "./clock.js";
import { at, box } from "./patterns.js";
import { exactly, percent, roughly } from "./words.js";

const WINDOWS = [
  { name: "hour", title: "Last hour", hours: 1 },
  { name: "day", title: "Last 24 hours", hours: 24 },
  { name: "week", title: "Last 7 days", hours: 168 },
];
const BAR = { y: 4, height: 20 };

// From left to right, so that the bounds are where the seen parts end.
function parts(c) {
  return [
    ["up-seen", c.observed_up_s],
    ["up-guess", c.up_s - c.observed_up_s],
    ["unknown", c.unknown_s],
    ["down-guess", c.down_s - c.observed_down_s],
    ["down-seen", c.observed_down_s],
  ];
}

function barLabel(c) {
  const told = (all, seen) =>
    `${exactly(all)}, ${exactly(seen)} of it observed`;
  return `Of ${exactly(c.business_s)} open: up ${
    told(c.up_s, c.observed_up_s)}; down ${
    told(c.down_s, c.observed_down_s)}; unknown ${exactly(c.unknown_s)}`;
}

function bracket(from, to, y) {
  const edge = (x) => svg("line", { class: "bound", x1: at(x), x2: at(x),
    y1: y - 3, y2: y + 3 });
  return [edge(from), edge(to), svg("line", { class: "bound", x1: at(from),
    x2: at(to), y1: y, y2: y })];
}

function bar(c) {
  const picture = svg("svg", { class: "bar", width: "100%", height: 36,
    role: "img", "aria-label": barLabel(c) });
  let from = 0;
  for (const [kind, seconds] of parts(c)) {
    const to = from + seconds / c.business_s;
    const down = kind.startsWith("down");
    if (seconds > 0) {
      picture.append(box(kind, from, to, down ? BAR.y - 4 : BAR.y,
        down ? BAR.height + 8 : BAR.height));
    }
    from = to;
  }
  const sure = c.observed_up_s / c.business_s;
  const most = 1 - c.observed_down_s / c.business_s;
  picture.append(...bracket(sure, most, 32));
  return picture;
}

function figures(c) {
  const row = (name, all, seen) => make("tr", {},
    make("th", { scope: "row" }, name),
    make("td", {}, exactly(all)),
    make("td", {}, seen === null ? "\u2013" : exactly(seen)));
  const head = ["", "Time", "Observed"].map((text) => text
    ? make("th", { scope: "col" }, text)
    : make("td"));
  return make("table", { className: "figures" },
    make("thead", {}, make("tr", {}, ...head)),
    make("tbody", {},
      row("Up", c.up_s, c.observed_up_s),
      row("Down", c.down_s, c.observed_down_s),
      row("Unknown", c.unknown_s, null),
      row("Open time", c.business_s, c.observed_up_s + c.observed_down_s)));
}

function availability(c) {
  if (c.business_s === 0) return [make("p", { className: "share" }, "Closed")];
  const share = make("p", { className: "share" },
    ...(c.availability_percent === null
      ? ["Unknown"]
      : [percent(c.availability_percent),
        make("span", {}, " available")]));
  const bounds = make("p", { className: "bounds" },
    `between ${percent(c.availability_at_least_percent)} and ${
      percent(c.availability_at_most_percent)}`,
    make("span", { className: "off-paper" },
      `; ${percent(c.coverage_percent)} observed`));
  return [share, bar(c), bounds];
}

function card({ name, title, hours }, { store, notes, clock }) {
  const c = store.counters[name];
  const from = store.as_of - hours * 3600 * SECOND;
  return make("section", { className: "counter" },
    make("div", { className: "counter-head" }, make("h3", {}, title),
      make("p", { className: "from" }, "from ", clock.stamp(from))),
    ...availability(c),
    figures(c),
    ...notes.beside(name));
}

// What must be said of the week in a word: how long it was down, of what.
export function lostText({ business_s: open, down_s: down }) {
  return `${roughly(down)} of ${roughly(open)} open time`;
}

export function counterCards(shown) {
  const general = shown.notes.list("availability", "bounds", "coverage");
  return [
    make("div", { className: "counters" },
      ...WINDOWS.map((window) => card(window, shown))),
    ...(general.length > 0
      ? [make("dl", { className: "notes" }, ...general)]
      : []),
  ];
}
