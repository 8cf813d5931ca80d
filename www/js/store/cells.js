// What the tables of the page are made of.

import { make } from "/js/dom.js";
import { rfc3339, utc } from "./clock.js";

// An instant on the store's clock, and in UTC where that is wanted.
export function moment(us, clock) {
  return make("time", { dateTime: rfc3339(us) }, clock.stamp(us),
    make("span", { className: "utc" }, ` (${utc(us)})`));
}

// Rows are lists of what goes into the cells; the first is the row's head.
export function table(caption, columns, rows, className = "") {
  const cell = (content, i) => {
    const contents = Array.isArray(content) ? content : [content];
    return i === 0
      ? make("th", { scope: "row" }, ...contents)
      : make("td", {}, ...contents);
  };
  return make("table", { className },
    make("caption", { className: "unseen" }, caption),
    make("thead", {}, make("tr", {}, ...columns.map((text) =>
      make("th", { scope: "col" }, text)))),
    make("tbody", {}, ...rows.map(({ cells, kind = "" }) =>
      make("tr", { className: kind }, ...cells.map(cell)))));
}

// A table that may be wider than its place.
export function scroller(label, content) {
  return make("div", { className: "scroll", tabIndex: 0, role: "region",
    ariaLabel: label }, content);
}
