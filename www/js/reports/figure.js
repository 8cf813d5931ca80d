// What the pictures of a report have in common: a line that says what is
// pointed at, and the same numbers as a table, folded, for who does not see
// the picture or wants to copy them.

import { make } from "../dom.js";

function table({ caption, head, rows }) {
  const line = (tag, cells) => make("tr", {}, ...cells.map((text, i) =>
    i === 0 || tag === "th"
      ? make("th", { scope: tag === "th" ? "col" : "row" }, text)
      : make("td", { className: "number" }, text)));
  return make("table", {},
    make("caption", { className: "unseen" }, caption),
    make("thead", {}, line("th", head)),
    make("tbody", {}, ...rows.map((cells) => line("td", cells))));
}

// A folded table; content() is asked for {caption, head, rows} when it opens.
export class Numbers {
  #place = make("div", { className: "scroll", tabIndex: 0 });
  #content;

  constructor(title) {
    this.#place.role = "region";
    this.#place.ariaLabel = title;
    this.element = make("details", { className: "numbers-fold" },
      make("summary", {}, "As a table"), this.#place);
    this.element.addEventListener("toggle", () => this.#fill());
  }

  show(content) {
    this.#content = content;
    this.#fill();
  }

  #fill() {
    if (this.element.open && this.#content) {
      this.#place.replaceChildren(table(this.#content()));
    }
  }
}

// A line that says what button of the place is pointed at or has the focus:
// its label, which is spoken already.
export function readout(place, hint) {
  const line = make("p", { className: "readout", ariaHidden: "true" }, hint);
  const say = ({ target }) => {
    const button = target.closest("button");
    line.textContent = button ? button.ariaLabel : hint;
  };
  place.addEventListener("pointerover", say);
  place.addEventListener("focusin", say);
  place.addEventListener("pointerleave", () => {
    line.textContent = hint;
  });
  return line;
}
