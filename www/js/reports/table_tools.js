// Beside the table: the search, the order where there are no headings to
// choose (on a phone), and the download of the rows that are listed.

import { getFile } from "../api.js";
import { make, ownPath } from "../dom.js";
import { COLUMNS, columnName, naturalOrder } from "./columns.js";
import { pickRows, save } from "./csv_rows.js";

// So long nothing is typed: what was typed before is a step of its own.
const STEP_MS = 1500;

export class Search {
  #field;
  #typedMs = -Infinity;

  constructor(field, state) {
    this.#field = field;
    field.addEventListener("input", () => {
      const now = performance.now();
      const step = now - this.#typedMs > STEP_MS;
      this.#typedMs = now;
      state.set({ q: field.value }, { step });
    });
  }

  show(view) {
    if (this.#field.value !== view.q) this.#field.value = view.q;
  }
}

export class SortMenu {
  #select = make("select", { id: "sort-by" });
  #turn = make("button", { type: "button" });
  #order = "desc";

  constructor(place, onSort) {
    for (const column of COLUMNS) {
      if (column.key === null) continue;
      this.#select.append(make("option", { value: column.key },
        columnName(column)));
    }
    this.#select.addEventListener("change", () =>
      onSort(this.#select.value, naturalOrder(this.#select.value)));
    this.#turn.addEventListener("click", () => onSort(this.#select.value,
      this.#order === "asc" ? "desc" : "asc"));
    place.append(make("label", { htmlFor: "sort-by" }, "Sort by"),
      this.#select, this.#turn);
  }

  show({ sort, order }) {
    this.#order = order ?? naturalOrder(sort);
    this.#select.value = sort;
    const up = this.#order === "asc";
    this.#turn.textContent = up ? "\u2191" : "\u2193";
    this.#turn.ariaLabel = up
      ? "ascending; turn the order round"
      : "descending; turn the order round";
  }
}

export class RowsDownload {
  #button;
  #message;
  #wanted = null;

  constructor(button, message) {
    this.#button = button;
    this.#message = message;
    button.addEventListener("click", () => this.#start());
  }

  // wanted: {path, name, rows}: the report's CSV, which of its rows, and what
  // the file is to be called.
  show(wanted) {
    this.#wanted = wanted;
    this.#message.textContent = "";
    this.#enable(wanted.rows.length > 0);
  }

  // Disabled in looks only: a button that is really disabled loses focus.
  #enable(can) {
    if (can) this.#button.removeAttribute("aria-disabled");
    else this.#button.ariaDisabled = "true";
  }

  async #start() {
    if (this.#button.ariaDisabled === "true" || !this.#wanted) return;
    const { path, name, rows } = this.#wanted;
    this.#enable(false);
    try {
      const buffer = await getFile(ownPath(path), "arrayBuffer");
      save(pickRows(buffer, rows), name);
      this.#message.textContent = "";
    } catch (trouble) {
      this.#message.textContent =
        `The rows could not be downloaded: ${trouble.message}`;
    } finally {
      this.#enable(this.#wanted.rows.length > 0);
    }
  }
}
