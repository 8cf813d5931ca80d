// Reads the week aloud, piece by piece: what the pointer is on, or where a
// slider was moved to, is told in a sentence and framed in the picture.

import { make } from "/js/dom.js";

const NEAR_PX = 9;
const HINT = "Point at the picture or move the slider to read it.";

// An item is {row, start, end, text()}; a poll starts and ends at once.
export class Reader {
  #items;
  #rows;
  #slider;
  #told;
  #pointed = null;
  #byRow;

  constructor(rows, items) {
    this.#rows = rows;
    this.#items = items;
    this.#byRow = rows.map((_, row) =>
      [...items.keys()].filter((index) => items[index].row === row));
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
    const text = item.text();
    this.#slider.ariaValueText = text;
    if (this.#told.textContent !== text) this.#told.textContent = text;
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
    const stretch = this.#stretchAt(row, us);
    const poll = this.#pollNear(row, us, NEAR_PX * perPixel);
    const index = amongTicks ? poll ?? stretch : stretch ?? poll;
    if (index !== null) this.#show(index);
  }

  #stretchAt(row, us) {
    return this.#byRow[row].find((index) => {
      const { start, end } = this.#items[index];
      return start <= us && us < end;
    }) ?? null;
  }

  // The nearest poll that is less than so far away.
  #pollNear(row, us, away) {
    let nearest = null;
    for (const index of this.#byRow[row]) {
      const { start, end } = this.#items[index];
      const distance = Math.abs(start - us);
      if (start === end && distance < away) {
        nearest = index;
        away = distance;
      }
    }
    return nearest;
  }
}
