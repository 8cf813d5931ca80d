// The list of reports as the page shows it: the newest few, the rest on
// request.

import { make } from "../dom.js";
import { Row } from "./row.js";

const FEW = 3;

export class ListView {
  #rows = new Map();
  #place;
  #empty;
  #calls;
  #all = false;
  #more = make("button", { type: "button", className: "all-reports" });

  // calls: onRemove(id), onOpen(id).
  constructor(place, empty, calls) {
    this.#place = place;
    this.#empty = empty;
    this.#calls = calls;
    this.#more.addEventListener("click", () => {
      this.#all = !this.#all;
      this.#fold();
    });
    place.after(this.#more);
  }

  show(entries, chosenId) {
    const gone = new Set(this.#rows.keys());
    entries.forEach((entry, i) => {
      gone.delete(entry.id);
      const row = this.#row(entry.id);
      row.update(entry, entry.id === chosenId);
      if (this.#place.children[i] !== row.element) {
        this.#place.insertBefore(row.element, this.#place.children[i] ?? null);
      }
    });
    for (const id of gone) {
      this.#rows.get(id).element.remove();
      this.#rows.delete(id);
    }
    this.#empty.hidden = entries.length > 0;
    this.#fold();
  }

  // The first few, and the chosen one, are always to be seen.
  #fold() {
    const items = [...this.#place.children];
    items.forEach((item, i) => {
      item.hidden = !this.#all && i >= FEW &&
        !item.classList.contains("chosen");
    });
    this.#more.hidden = items.length <= FEW;
    this.#more.ariaExpanded = String(this.#all);
    this.#more.textContent = this.#all
      ? "Show fewer"
      : `Show all ${items.length} reports`;
  }

  // The clocks of the rows that run.
  tick(entries) {
    for (const entry of entries) {
      const row = this.#rows.get(entry.id);
      if (row?.runs) row.tick(entry);
    }
  }

  // Brings a report into view and gives it the focus.
  open(id) {
    const row = this.#rows.get(id);
    row?.element.scrollIntoView({ block: "nearest" });
    row?.element.focus({ preventScroll: true });
  }

  // Where the focus goes when a report leaves: the next one, or nowhere.
  focusAfter(index) {
    const next = this.#place.children[
      Math.min(index, this.#place.children.length - 1)];
    next?.querySelector(".remove")?.focus();
    return next !== undefined;
  }

  #row(id) {
    if (!this.#rows.has(id)) this.#rows.set(id, new Row(id, this.#calls));
    return this.#rows.get(id);
  }
}
