// The week of all stores, hour by hour: open time down, unknown and up, one on
// top of the other.  Hours in which hardly a store was polled are hatched.

import { make } from "../dom.js";
import { count, dayUtc, shortUtc } from "../text.js";
import { Numbers, readout } from "./figure.js";
import { gridKeys } from "./grid_keys.js";
import { downShare, percent, ShareChart } from "./share_chart.js";
import { HOURS } from "./strips.js";

const HOUR_MS = 3600 * 1000;
const TITLE = "Open time of all stores, hour by hour";
const HINT = "Point at an hour for its numbers; choose it to list the stores " +
  "that lost open time in it.";
// A day of fewer hours has no room for its name above it.
const SHORT_DAY = 12;
// From the bottom to the top.
const PARTS = ["down", "unknown", "up"];

const KEYS = {
  down: "down",
  unknown: "unknown",
  up: "up",
  blind: "hardly a store was polled",
};

const hours = (seconds) => `${count(Math.round(seconds / 3600))} h`;

// {fromMs, down, unknown, up (seconds), polled, blind} of each hour.
function readHours(summary, withoutDark) {
  const { strip, blind } = summary;
  const from = Date.parse(strip.from);
  const sums = withoutDark ? strip.without_dark : strip;
  const runs = blind.runs.map((run) =>
    [Date.parse(run.from), Date.parse(run.to)]);
  return Array.from({ length: HOURS }, (_, i) => {
    const fromMs = from + i * HOUR_MS;
    const middle = fromMs + HOUR_MS / 2;
    return {
      fromMs,
      down: sums.down_s[i],
      unknown: sums.unknown_s[i],
      up: sums.up_s[i],
      polled: strip.polled[i],
      blind: runs.some(([start, end]) => middle >= start && middle < end),
    };
  });
}

function describe({ fromMs, down, unknown, up, polled, blind }) {
  const open = down + unknown + up;
  const part = open > 0 ? ` (${((down / open) * 100).toFixed(1)} %)` : "";
  return `${shortUtc(fromMs)} UTC: ${hours(down)} down of ${hours(open)} open` +
    `${part}, ${unknown > 0 ? `${hours(unknown)} unknown, ` : ""}` +
    `${count(polled)} stores polled${blind ? ", blind" : ""}`;
}

// One group a day of UTC: side by side on a desk, one below the other on a
// phone, where the first begins at its hour.
function byDay(cells) {
  const days = [];
  for (const cell of cells) {
    const date = dayUtc(cell.fromMs);
    const last = days.at(-1);
    if (last && dayUtc(last[0].fromMs) === date) last.push(cell);
    else days.push([cell]);
  }
  return days;
}

function keys() {
  return make("p", { className: "keys", ariaHidden: "true" },
    ...Object.entries(KEYS).map(([part, text]) =>
      make("span", {}, make("i", { className: part }), text)));
}

export class FleetStrip {
  #onHour;
  #place = make("div", { className: "strip" });
  #numbers = new Numbers(TITLE);
  #chart = new ShareChart();
  #summary = null;
  #bars;

  constructor(place, onHour) {
    this.#onHour = onHour;
    this.#place.role = "group";
    this.#place.ariaLabel = TITLE;
    this.#bars = Array.from({ length: HOURS }, (_, i) => this.#bar(i));
    gridKeys(this.#place, this.#bars, 24);
    place.append(this.#place, keys(), readout(this.#place, HINT),
      this.#chart.element, this.#numbers.element);
  }

  #bar(hour) {
    const parts = PARTS.map((part) => make("span", { className: part }));
    const bar = make("button", { type: "button" }, ...parts);
    bar.addEventListener("click", () =>
      this.#onHour(bar.ariaPressed === "true" ? null : hour));
    return bar;
  }

  show(summary, withoutDark) {
    const cells = readHours(summary, withoutDark);
    const most = Math.max(1, ...cells.map(({ down, unknown, up }) =>
      down + unknown + up));
    cells.forEach((cell, i) => {
      const bar = this.#bars[i];
      bar.ariaLabel = describe(cell);
      bar.classList.toggle("blind", cell.blind);
      PARTS.forEach((part, k) => {
        bar.children[k].style.height = `${(cell[part] / most) * 100}%`;
      });
    });
    this.#place.replaceChildren(...this.#days(cells));
    this.#showShares(summary, cells);
  }

  // Both shares are shown whichever sums are, so that what was zoomed into
  // stays until another report comes.
  #showShares(summary, cells) {
    const both = [false, true].map((dark) => readHours(summary, dark));
    if (summary !== this.#summary) this.#chart.show(...both);
    this.#summary = summary;
    this.#numbers.show(() => this.#table(cells, both));
  }

  #days(cells) {
    let next = 0;
    return byDay(cells).map((ofDay) => {
      const bars = this.#bars.slice(next, next + ofDay.length);
      next += ofDay.length;
      const first = new Date(ofDay[0].fromMs).getUTCHours();
      bars[0].style.setProperty("--column", String(first + 1));
      const day = make("div", { className: "day" },
        make("span", {
          className: `day-name${ofDay.length < SHORT_DAY ? " short" : ""}`,
          ariaHidden: "true",
        }, dayUtc(ofDay[0].fromMs)),
        make("div", { className: "day-bars" }, ...bars));
      day.style.setProperty("--hours", String(ofDay.length));
      return day;
    });
  }

  // cells: what the bars show; both: with and without dark stores.
  #table(cells, both) {
    return {
      caption: `${TITLE}, in hours`,
      head: ["From (UTC)", "Down", "Unknown", "Up", "Share down, all stores",
        "Without dark stores", "Stores polled", "Blind"],
      rows: cells.map(({ fromMs, polled, blind, ...cell }, i) => [
        shortUtc(fromMs),
        ...PARTS.map((part) => count(Math.round(cell[part] / 3600))),
        ...both.map((hours) => percent(downShare(hours[i]))),
        count(polled), blind ? "blind" : ""]),
    };
  }

  press(view) {
    this.#bars.forEach((bar, hour) => {
      bar.ariaPressed = String(view.hour === hour);
    });
  }
}
