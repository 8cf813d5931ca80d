// The sentences by which the server explains its figures, each beside the
// figure that it is of.

import { make } from "/js/dom.js";

// The figures that the page has a place for; others are told at the end.
const PLACED = new Set(["status_now", "hours", "timezone", "clock", "rules",
  "polls", "hour", "day", "week", "availability", "bounds", "coverage",
  "outages"]);

export class Notes {
  #notes;

  constructor(explanations) {
    this.#notes = explanations;
  }

  // The sentences of a figure that stands on the page.
  beside(figure) {
    return this.#notes.filter((note) => note.figure === figure)
      .map(({ text }) => make("p", { className: `note of-${figure}` }, text));
  }

  // Figures with their sentences: those named, or those without a place.
  list(...figures) {
    return this.#notes.filter(({ figure }) => figures.length > 0
      ? figures.includes(figure)
      : !PLACED.has(figure))
      .map(({ title, value, text }) => make("div", { className: "noted" },
        make("dt", {}, title),
        make("dd", {}, make("strong", {}, value)),
        make("dd", { className: "note" }, text)));
  }
}
