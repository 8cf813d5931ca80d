// Reads the week aloud, piece by piece: what the pointer is on, or where a
// slider was moved to, is told in a sentence and framed in the picture.

import { make } from "/js/dom.js";

const NEAR_PX = 9;
const HINT = "Point at the picture or move the slider to read it.";

// An item is {row, start, end, text}; a poll starts and ends at once.
export class Reader {
  #items;
  #rows;
  #slider;
  #told;
  #pointed = null;

  constructor(rows, items) {
    this.#rows = rows;
    this.#items = items;
    this.#slider = make("input", {
      type: "range", min: 0, max: Math.max(0, items.length - 1), step: 1,
      value: Math.max(0, items.length - 1), id: "week-slider",
      ariaValueText: HINT, disabled: items.length === 0,
    });
    this.#told = make("output", { className: "told", htmlFor: "week-slider" },
      HINT);
    const label = make("label", { htmlFor: "week-slider",
      className: "unseen" }, "Read the week piece by piece");
    this.element = make("div", { className: "reader" }, label, this.#slider,
      this.#told);
    this.#slider.addEventListener("input", () =>
      this.#show(Number(this.#slider.value)));
    this.#slider.addEventListener("focus", () =>
      this.#show(Number(this.#slider.value)));
    this.#slider.addEventListener("keydown", (event) => this.#key(event));
    rows.forEach((row, i) => {
      for (const name of ["pointermove", "pointerdown"]) {
        row.element.addEventListener(name, (event) => this.#hover(i, event));
      }
    });
  }

  #show(index) {
    const item = this.#items[index];
    if (!item) return;
    this.#pointed?.unpoint();
    this.#pointed = this.#rows[item.row];
    this.#pointed.point(item.start, item.end);
    this.#slider.value = index;
    this.#slider.ariaValueText = item.text;
    if (this.#told.textContent !== item.text) {
      this.#told.textContent = item.text;
    }
  }

  // A page of the slider is a date.
  #key(event) {
    const step = { PageUp: -1, PageDown: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const now = this.#items[Number(this.#slider.value)];
    const row = now.row + step;
    const index = this.#items.findIndex((item) => item.row === row);
    if (index >= 0) this.#show(index);
  }

  #hover(row, event) {
    const { us, amongTicks, perPixel } = this.#rows[row].instantAt(event);
    const mine = this.#items.map((item, index) => ({ ...item, index }))
      .filter((item) => item.row === row);
    const polls = mine.filter(({ start, end }) => start === end)
      .map((item) => ({ ...item, away: Math.abs(item.start - us) / perPixel }))
      .filter(({ away }) => away < NEAR_PX)
      .sort((a, b) => a.away - b.away);
    const stretch = mine.find(({ start, end }) => start <= us && us < end);
    const item = amongTicks ? polls[0] ?? stretch : stretch ?? polls[0];
    if (item) this.#show(item.index);
  }
}
