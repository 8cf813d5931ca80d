// The table of stores: a page of rows, which are cards where there is little
// room.

import { make, makeAs } from "../dom.js";
import { COLUMNS, columnName, columnOf, naturalOrder } from "./columns.js";

const ORDER_WORDS = { asc: "ascending", desc: "descending" };

function classOf({ key, number = false }) {
  return `${key ?? "week"}${number ? " number" : ""}`;
}

// The headings above the headings: each over its run of columns.
function groups() {
  const cells = [];
  for (const { group = "" } of COLUMNS) {
    const last = cells.at(-1);
    if (last && last.dataset.group === group) {
      last.colSpan += 1;
      continue;
    }
    const next = group === ""
      ? makeAs("cell", "td")
      : makeAs("columnheader", "th", { scope: "colgroup" }, group);
    next.dataset.group = group;
    cells.push(next);
  }
  return makeAs("row", "tr", { className: "groups" }, ...cells);
}

export class StoreTable {
  #onSort;
  #headings = new Map();
  #body = makeAs("rowgroup", "tbody");
  #caption = make("caption", { className: "unseen" });

  // onSort(key, order) is called when a heading is chosen.
  constructor(place, onSort) {
    this.#onSort = onSort;
    const head = makeAs("rowgroup", "thead", {}, groups(),
      makeAs("row", "tr", {}, ...COLUMNS.map((column) =>
        this.#heading(column))));
    place.append(makeAs("table", "table", { className: "stores" },
      this.#caption, head, this.#body));
  }

  #heading(column) {
    const { key, label } = column;
    const th = makeAs("columnheader", "th",
      { scope: "col", className: classOf(column) });
    if (key === null) {
      th.append(label);
      return th;
    }
    const button = make("button", { type: "button", className: "sort" },
      label);
    if (columnName(column) !== label) button.ariaLabel = columnName(column);
    button.addEventListener("click", () => this.#choose(key));
    th.append(button);
    this.#headings.set(key, th);
    return th;
  }

  #choose(key) {
    const now = this.#headings.get(key).ariaSort;
    const first = naturalOrder(key);
    const other = first === "asc" ? "desc" : "asc";
    this.#onSort(key, now === ORDER_WORDS[first] ? other : first);
  }

  // rows: those of this page; the view says how they are sorted.
  show({ stores, strips, report, rows, view }) {
    const order = ORDER_WORDS[view.order ?? naturalOrder(view.sort)];
    for (const [key, th] of this.#headings) {
      if (key === view.sort) th.ariaSort = order;
      else th.removeAttribute("aria-sort");
    }
    this.#caption.textContent = `Stores, sorted by ${
      columnName(columnOf(view.sort)).toLowerCase()}, ${order}`;
    this.#body.replaceChildren(...Array.from(rows, (row) =>
      this.#row({ stores, strips, report, row })));
  }

  #row(context) {
    const cells = COLUMNS.map((column, i) => {
      const properties = { className: classOf(column) };
      if (i === 0) {
        return makeAs("rowheader", "th", { ...properties, scope: "row" },
          column.cell(context));
      }
      const td = makeAs("cell", "td", properties, column.cell(context));
      if (column.card) td.dataset.label = column.card;
      return td;
    });
    return makeAs("row", "tr", {}, ...cells);
  }
}
