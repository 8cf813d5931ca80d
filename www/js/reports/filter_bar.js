// What narrows the table, each a button that takes it away again; how many
// stores are left; whether dark stores count.

import { make } from "../dom.js";
import { statusWord } from "../status.js";
import { count, plural, shortUtc } from "../text.js";
import { localHour } from "./heat_map.js";
import { wantsDark } from "./rows.js";

const HOUR_MS = 3600 * 1000;

function shareWords(share) {
  if (share === "none") return "no open time known";
  if (share === "0-0") return "dark all week";
  const [from, to] = share.split("-");
  return from === to
    ? `${from} % available`
    : `${from} to ${to} % available`;
}

// name of the filter: its words, where it is set.
const WORDS = {
  show: (show) => (show === "down" ? "Down now" : statusWord(show)),
  share: shareWords,
  local: (local) => {
    const [weekday, hour] = local.split("-").map(Number);
    return `lost time ${localHour(weekday, hour)}`;
  },
  hour: (hour, summary) => `lost time ${shortUtc(
    Date.parse(summary.strip.from) + hour * HOUR_MS)} UTC`,
  q: (q) => (q.trim() === "" ? null : `id with \u201C${q.trim()}\u201D`),
};

export class FilterBar {
  #matches;
  #chips;
  #aside;
  #asideText;
  #state;

  constructor(place, state) {
    this.#state = state;
    this.#matches = place.querySelector("#matches");
    this.#chips = place.querySelector("#chips");
    this.#aside = place.querySelector("#aside");
    this.#asideText = place.querySelector("#aside-text");
    this.#aside.addEventListener("change", () =>
      state.set({ aside: this.#aside.checked ? "yes" : "no" }));
  }

  // found: {rows, aside} of selectRows().
  show({ summary, stores, found, view }) {
    const left = found.rows.length;
    const all = left === stores.total ? "" : ` of ${count(stores.total)}`;
    const parts = [make("strong", {}, count(left)), `${all} stores`];
    if (found.aside > 0) {
      parts.push(`, ${plural(found.aside, "dark store")} set aside`);
    } else if (view.aside === "yes" && wantsDark(view) && summary.dark > 0) {
      parts.push(", dark stores among them");
    }
    this.#matches.replaceChildren(...parts);
    this.#aside.checked = view.aside === "yes";
    this.#aside.parentElement.hidden = summary.dark === 0;
    this.#asideText.textContent =
      `Set ${plural(summary.dark, "dark store")} aside`;
    this.#showChips(view, summary);
  }

  #showChips(view, summary) {
    const hadFocus = this.#chips.contains(document.activeElement);
    const chips = [];
    for (const [name, words] of Object.entries(WORDS)) {
      const text = view[name] === null ? null : words(view[name], summary);
      if (text !== null) chips.push(this.#chip(name, text));
    }
    if (chips.length > 0) {
      const clear = make("button", { type: "button", className: "clear" },
        "Clear");
      clear.ariaLabel = "Clear all filters";
      clear.addEventListener("click", () => this.#state.clear());
      chips.push(clear);
    }
    this.#chips.replaceChildren(...chips);
    if (!hadFocus) return;
    if (chips.length > 0) chips[0].focus();
    else this.#matches.focus();
  }

  #chip(name, text) {
    const cross = make("span", { ariaHidden: "true" }, "\u00D7");
    const chip = make("button", { type: "button", className: "chip" },
      text, cross);
    chip.ariaLabel = `Remove the filter: ${text}`;
    chip.addEventListener("click", () =>
      this.#state.set({ [name]: name === "q" ? "" : null }));
    return chip;
  }
}
