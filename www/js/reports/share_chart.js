// The share of open time that was down, hour by hour, as two lines: all stores,
// and without dark ones.  Its place stays hidden until uPlot, which draws
// them, is there.

import { make } from "../dom.js";
import { shortUtc } from "../text.js";
import { uPlotClass } from "../uplot.js";

const TITLE = "Share of open time that was down";
const HINT = "Point at an hour for its numbers; drag to see hours larger, " +
  "double-click for all.";
const HEIGHT = 165;
const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
// A value that has no neighbour to draw a line to is a dot of this size.
const DOT = 4;

const KEYS = {
  "line-all": "all stores",
  "line-rest": "without dark stores",
  "blind": "hardly a store was polled",
};

const colour = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Percent of the time of which something is known; null where nothing is.
export function downShare({ down, up }) {
  return down + up > 0 ? (down / (down + up)) * 100 : null;
}

export function percent(value) {
  return value === null ? "\u2013" : `${value.toFixed(1)}\u00A0%`;
}

// A time on the axis: midnights by their day.
function timeText(seconds) {
  const text = shortUtc(seconds * 1000);
  return seconds % DAY_S === 0 ? text.slice(0, -6) : text.slice(-5);
}

// The places of values without a neighbour.
function alone(values) {
  return values.flatMap((value, i) => value !== null &&
    (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null
    ? [i] : []);
}

function line(name, dash) {
  return {
    stroke: colour(name),
    width: 2,
    dash,
    points: { show: false, size: DOT, fill: colour(name),
      filter: ({ data }, series) => alone(data[series]) },
  };
}

function axis(more) {
  const grid = { stroke: colour("--line"), width: 1 };
  const font = getComputedStyle(document.body).fontFamily;
  return { stroke: colour("--quiet"), font: `12px ${font}`, grid,
    ticks: { ...grid, size: 4 }, ...more };
}

export class ShareChart {
  element = make("div", { className: "share", hidden: true });
  #plot = make("div", { className: "share-plot" });
  #readout = make("p", { className: "readout", ariaHidden: "true" }, HINT);
  #all = [];
  #rest = [];
  #chart = null;

  constructor() {
    this.#plot.role = "img";
    this.element.append(make("h4", {}, TITLE), this.#plot,
      make("p", { className: "keys", ariaHidden: "true" },
        ...Object.entries(KEYS).map(([name, text]) =>
          make("span", {}, make("i", { className: name }), text))),
      this.#readout);
    new ResizeObserver(() => this.#fit()).observe(this.#plot);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change",
      () => this.#draw());
  }

  // all, rest: hours of all stores, and of those that are not dark.
  show(all, rest) {
    this.#all = all;
    this.#rest = rest;
    const most = Math.max(0, ...all.map(downShare));
    this.#plot.ariaLabel = `${TITLE}, of all stores and without dark ones: at ` +
      `most ${percent(most)} in an hour. The table below has the numbers.`;
    this.#draw();
  }

  // The lines anew, in the colours of now; an hour is known at its middle.
  async #draw() {
    const UPlot = await uPlotClass();
    if (UPlot === null || this.#all.length === 0) return;
    this.element.hidden = false;
    this.#chart?.destroy();
    const data = [this.#all.map(({ fromMs }) => fromMs / 1000 + HOUR_S / 2),
      this.#all.map(downShare), this.#rest.map(downShare)];
    this.#chart = new UPlot(this.#options(UPlot), data, this.#plot);
    this.#chart.root.ariaHidden = "true";
    this.#say(null);
  }

  #options(UPlot) {
    return {
      width: Math.max(1, this.#plot.clientWidth),
      height: HEIGHT,
      padding: [8, 8, 0, 0],
      tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      legend: { show: false },
      cursor: { y: false, drag: { x: true, y: false } },
      scales: { y: { range: (_, least, most) =>
        [0, Math.min(100, Math.max(1, most * 1.1))] } },
      series: [{}, line("--fill-down"), line("--busy", [6, 4])],
      axes: [axis({ size: 28, values: (_, times) => times.map(timeText) }),
        axis({ size: 48, values: (_, values) =>
          values.map((value) => `${value}\u00A0%`) })],
      hooks: { drawClear: [(chart) => this.#shade(chart)],
        setCursor: [(chart) => this.#say(chart.cursor.idx)] },
    };
  }

  // Blind hours, under everything else.
  #shade(chart) {
    const { ctx, bbox } = chart;
    const at = (seconds) => Math.round(Math.min(bbox.left + bbox.width,
      Math.max(bbox.left, chart.valToPos(seconds, "x", true))));
    ctx.fillStyle = colour("--fill-blind");
    for (const { fromMs, blind } of this.#all) {
      if (!blind) continue;
      const left = at(fromMs / 1000);
      ctx.fillRect(left, bbox.top, at(fromMs / 1000 + HOUR_S) - left,
        bbox.height);
    }
  }

  #say(hour) {
    const cell = this.#all[hour];
    this.#readout.textContent = cell
      ? `${shortUtc(cell.fromMs)} UTC: ${percent(downShare(cell))} down, ` +
        `${percent(downShare(this.#rest[hour]))} without dark stores` +
        `${cell.blind ? ", blind" : ""}`
      : HINT;
  }

  #fit() {
    const width = this.#plot.clientWidth;
    if (width > 0) this.#chart?.setSize({ width, height: HEIGHT });
  }
}
