// When in the week, by the stores' own clocks, open time was lost: a square
// an hour, the larger the more.

import { make } from "../dom.js";
import { count } from "../text.js";
import { Numbers, readout } from "./figure.js";
import { gridKeys } from "./grid_keys.js";

export const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday",
  "Friday", "Saturday", "Sunday"];
const TITLE = "Open time lost by weekday and local hour";
const HINT = "Point at an hour for its number; choose it to list its stores.";

const clock = (hour) => `${String(hour).padStart(2, "0")}:00`;
const hours = (seconds) => `${count(Math.round(seconds / 3600))} h`;

export function localHour(weekday, hour) {
  return `${WEEKDAYS[weekday]} ${clock(hour)}`;
}

export class HeatMap {
  #onLocal;
  #squares = [];
  #numbers = new Numbers(TITLE);

  constructor(place, onLocal) {
    this.#onLocal = onLocal;
    const rows = WEEKDAYS.map((day, weekday) => make("tr", {},
      make("th", { scope: "row" }, make("abbr", { title: day },
        day.slice(0, 3))),
      ...Array.from({ length: 24 }, (_, hour) =>
        make("td", {}, this.#square(weekday, hour)))));
    const table = make("table", { className: "heat" },
      make("caption", { className: "unseen" }, TITLE),
      make("thead", {}, make("tr", {}, make("td"),
        ...Array.from({ length: 24 }, (_, hour) => make("th",
          { scope: "col", className: hour % 6 === 0 ? "" : "minor" },
          String(hour).padStart(2, "0"))))),
      make("tbody", {}, ...rows));
    gridKeys(table, this.#squares, 24);
    place.append(table, readout(table, HINT), this.#numbers.element);
  }

  #square(weekday, hour) {
    const button = make("button", { type: "button" }, make("span"));
    button.dataset.local = `${weekday}-${hour}`;
    button.addEventListener("click", () => this.#onLocal(
      button.ariaPressed === "true" ? null : button.dataset.local));
    this.#squares.push(button);
    return button;
  }

  // lost: seven rows of 24, in seconds.
  show(lost) {
    const most = Math.max(1, ...lost.flat());
    this.#squares.forEach((button, i) => {
      const weekday = Math.floor(i / 24);
      const hour = i % 24;
      const seconds = lost[weekday][hour];
      const side = Math.sqrt(seconds / most);
      button.ariaLabel = `${localHour(weekday, hour)} to ${
        clock((hour + 1) % 24)}, local time: ${hours(seconds)} lost`;
      button.firstChild.style.setProperty("--side", side.toFixed(3));
    });
    this.#numbers.show(() => ({
      caption: `${TITLE}, in hours`,
      head: ["Hour", ...WEEKDAYS],
      rows: Array.from({ length: 24 }, (_, hour) => [clock(hour),
        ...lost.map((day) => count(Math.round(day[hour] / 3600)))]),
    }));
  }

  press(view) {
    for (const button of this.#squares) {
      button.ariaPressed = String(view.local === button.dataset.local);
    }
  }
}
