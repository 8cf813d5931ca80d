// How many stores were available for how much of the week.

import { make } from "../dom.js";
import { count } from "../text.js";
import { Numbers } from "./figure.js";

function label({ from, to }) {
  if (to === 0) return "dark";
  if (from === to) return `${from} %`;
  return `${from} to ${to} %`;
}

// Each bar is {share, label, stores}: share as the address names it.
function bars({ bins, none }) {
  return [
    ...bins.toReversed().map((bin) => ({
      share: `${bin.from}-${bin.to}`,
      label: label(bin),
      stores: bin.stores,
    })),
    { share: "none", label: "no open time known", stores: none },
  ];
}

export class Histogram {
  #place = make("div", { className: "bars" });
  #numbers = new Numbers("Stores by availability of the week");
  #onShare;
  #buttons = new Map();

  constructor(place, onShare) {
    this.#onShare = onShare;
    place.append(this.#place, this.#numbers.element);
  }

  show(summary) {
    const all = bars(summary.availability_week);
    const most = Math.max(1, ...all.map(({ stores }) => stores));
    this.#buttons.clear();
    this.#place.replaceChildren(...all.map((bar) => this.#bar(bar, most)));
    this.#numbers.show(() => ({
      caption: "Stores by availability of the week",
      head: ["Available", "Stores"],
      rows: all.map(({ label: name, stores }) => [name, count(stores)]),
    }));
  }

  #bar({ share, label: name, stores }, most) {
    const length = make("span", { className: "length" });
    length.style.width = `${(stores / most) * 100}%`;
    const button = make("button", {
      type: "button",
      className: `bar${share === "0-0" || share === "none" ? " other" : ""}`,
    }, make("span", { className: "bar-label" }, name),
    make("span", { className: "track" }, length),
    make("span", { className: "bar-number" }, count(stores),
      make("span", { className: "unseen" }, " stores")));
    button.classList.toggle("nothing", stores === 0);
    button.addEventListener("click", () =>
      this.#onShare(button.ariaPressed === "true" ? null : share));
    this.#buttons.set(share, button);
    return button;
  }

  press(view) {
    for (const [share, button] of this.#buttons) {
      button.ariaPressed = String(view.share === share);
    }
  }
}
