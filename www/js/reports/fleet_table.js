// How available all stores together were: time summed over the stores, with
// and without the dark ones, and between which bounds it lies.

import { make, makeAs, svg } from "../dom.js";
import { count } from "../text.js";

const WINDOWS = [["hour", "Last hour"], ["day", "Last day"],
  ["week", "Last week"]];
const HEAD = [["", "window"], ["", "stores-of"], ["Available", "number main"],
  ["At least \u2013 at most", "bounds"], ["Lost", "number lost"],
  ["Coverage", "number coverage"]];

function percent(value) {
  return value === null ? "\u2013" : `${value.toFixed(2)}\u00A0%`;
}

// The bounds as a band, the availability as a tick on it.
function band(sums) {
  const least = sums.availability_at_least_percent;
  const most = sums.availability_at_most_percent;
  const at = sums.availability_percent;
  const line = (part, x, width, y, height) => svg("rect",
    { class: part, x: `${x}%`, y, width, height });
  const drawing = svg("svg", { class: "band", "aria-hidden": "true" },
    line("track", 0, "100%", 5, 2));
  if (least === null) return drawing;
  drawing.append(line("between", least, `${Math.max(0, most - least)}%`, 3, 6));
  if (at !== null) drawing.append(line("tick", at, 3, 0, 12));
  return drawing;
}

function bounds(sums) {
  const { availability_at_least_percent: least,
    availability_at_most_percent: most } = sums;
  const text = least === null
    ? "\u2013"
    : `${least.toFixed(2)} \u2013 ${most.toFixed(2)}\u00A0%`;
  return make("div", {}, band(sums), make("span", {}, text));
}

function cell(className, ...children) {
  return makeAs("cell", "td", { className }, ...children);
}

function line(title, stores, sums, isFirst) {
  const covered = sums.coverage_percent === null
    ? "\u2013"
    : `${Math.floor(sums.coverage_percent)}\u00A0%`;
  const cells = [
    makeAs("rowheader", "th", { scope: "row", className: "stores-of" },
      stores),
    cell("number main", percent(sums.availability_percent)),
    cell("bounds", bounds(sums)),
    cell("number lost", `${count(Math.round(sums.down_s / 3600))}\u00A0h`),
    cell("number coverage", covered),
  ];
  if (isFirst) {
    cells.unshift(makeAs("rowheader", "th",
      { scope: "rowgroup", rowSpan: 2, className: "window" }, title));
  }
  return makeAs("row", "tr", {}, ...cells);
}

function heading([text, className]) {
  return text === ""
    ? cell(className)
    : makeAs("columnheader", "th", { scope: "col", className }, text);
}

export class FleetTable {
  #body = [];
  #table;

  constructor(place) {
    this.#table = makeAs("table", "table", { className: "fleet" },
      make("caption", { className: "unseen" },
        "Availability of all stores together"),
      makeAs("rowgroup", "thead", {},
        makeAs("row", "tr", {}, ...HEAD.map(heading))));
    place.append(this.#table);
  }

  // withoutDark: that is what the other pictures show now.
  emphasize(withoutDark) {
    this.#table.classList.toggle("all", !withoutDark);
  }

  show(summary) {
    for (const old of this.#body) old.remove();
    this.#body = WINDOWS.map(([name, title]) => makeAs("rowgroup", "tbody", {},
      line(title, "all stores", summary.fleet[name], true),
      line(title, "without dark", summary.fleet_without_dark[name], false)));
    this.#table.append(...this.#body);
  }
}
