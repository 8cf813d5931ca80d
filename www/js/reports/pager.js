// Which fifty rows of how many, and the way to the others.

import { make } from "../dom.js";
import { count } from "../text.js";

export const ROWS = 50;

export function pages(rows) {
  return Math.max(1, Math.ceil(rows / ROWS));
}

export class Pager {
  #range = make("span", { className: "range" });
  #buttons = [];
  #page = 1;
  #last = 1;

  constructor(place, onPage) {
    const go = (label, title, to) => {
      const button = make("button", { type: "button", ariaLabel: title },
        label);
      button.addEventListener("click", () => {
        const page = to();
        if (page !== this.#page && page >= 1 && page <= this.#last) {
          onPage(page);
        }
      });
      this.#buttons.push(button);
      return button;
    };
    place.append(
      go("\u00AB", "First page", () => 1),
      go("\u2039 Back", "Back to the page before", () => this.#page - 1),
      this.#range,
      go("Next \u203A", "Next page", () => this.#page + 1),
      go("\u00BB", "Last page", () => this.#last));
  }

  show(rows, page) {
    this.#page = page;
    this.#last = pages(rows);
    const from = (page - 1) * ROWS;
    this.#range.textContent = rows === 0
      ? "no rows"
      : `${count(from + 1)}\u2013${count(Math.min(rows, from + ROWS))} of ${
        count(rows)}`;
    this.#buttons.forEach((button, i) => {
      // Disabled in looks only: a button that is really disabled loses focus.
      const end = i < 2 ? page <= 1 : page >= this.#last;
      if (end) button.ariaDisabled = "true";
      else button.removeAttribute("aria-disabled");
    });
  }
}
