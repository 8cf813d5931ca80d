// How many stores are what: each a number that filters the table.

import { make } from "../dom.js";
import { statusSign, statusWord } from "../status.js";
import { count } from "../text.js";

// What needs a human comes first.
const TILES = [
  { show: "down", word: "Down now", hint: "in their business hours" },
  { show: "stale", hint: "last poll over 2 h old" },
  { show: "unknown", hint: "no poll tells" },
  { show: "up", hint: "in their business hours" },
  { show: "closed", hint: "outside their hours" },
  { show: "dark", hint: "down all week" },
  { show: "never", hint: "not one poll" },
];

function numberOf(summary, show) {
  if (show === "dark") return summary.dark;
  if (show === "never") return summary.never_polled;
  return summary.status_now[show];
}

// Of the stores that are down now, those that were up this week: news.
function freshlyDown(stores) {
  let n = 0;
  for (let row = 0; row < stores.length; row += 1) {
    if (stores.now(row) === "down" && !stores.isDark(row)) n += 1;
  }
  return n;
}

export class Tiles {
  #tiles = new Map();

  // onShow(name) is called when a tile is chosen, with null if it was before.
  constructor(place, onShow) {
    for (const { show, word = statusWord(show), hint } of TILES) {
      const number = make("span", { className: "tile-number" });
      const note = make("span", { className: "tile-hint" }, hint);
      const button = make("button",
        { type: "button", className: `tile ${show}` },
        make("span", { className: "tile-word" }, statusSign(show), word),
        number, note);
      button.addEventListener("click", () =>
        onShow(button.ariaPressed === "true" ? null : show));
      this.#tiles.set(show, { button, number, note, hint });
      place.append(button);
    }
  }

  show(summary, stores) {
    for (const [show, { button, number }] of this.#tiles) {
      const n = numberOf(summary, show);
      number.textContent = count(n);
      button.classList.toggle("none", n === 0);
    }
    const { note, hint } = this.#tiles.get("down");
    note.textContent = stores.complete && summary.dark > 0
      ? `${count(freshlyDown(stores))} without dark`
      : hint;
  }

  press(view) {
    for (const [show, { button }] of this.#tiles) {
      button.ariaPressed = String(view.show === show);
    }
  }
}
