// A date as a picture: its hours from left to right, true to their number,
// the opening hours as boxes filled with what is known of them, and each poll
// as a tick below.  Down stands out of the box, so that it is seen without
// colour.

import { svg } from "/js/dom.js";
import { HOUR, SECOND } from "./clock.js";
import { at, box, kindOf } from "./patterns.js";

const HEIGHT = 44;
const OPEN = { y: 9, height: 16 };
const DOWN = { y: 5, height: 24 };
const TICKS_Y = 36;
const LABELS = 16;              // more at the top, where the clock is set
const ROOM = [1, 3, 7];         // hours before and after what is said there:
                                // on any screen, on a narrow one
const SIGN_FROM = 0.6 * HOUR;   // an outage as long as its sign is wide
const TICK_APART = 150 * SECOND; // nearer ones of a kind are one to the eye

export class Row {
  #day;
  #scale;
  #top;
  #settings;
  #cursor;

  // hours: how many the width of the picture stands for.
  constructor(day, hours, { clock, weekStart, asOf, label }) {
    this.#day = day;
    this.#scale = hours * HOUR;
    this.#settings = clock.settings(day);
    this.#top = this.#settings.length > 0 ? LABELS : 0;
    this.element = svg("svg", {
      class: "row", width: "100%", height: HEIGHT + this.#top, role: "img",
      "aria-label": label,
    },
    ...this.#grid(clock.hours(day)),
    ...this.#settings.flatMap((setting) => this.#setting(setting)),
    ...this.#boxes(),
    ...this.#limit("week-start", weekStart),
    ...this.#limit("as-of", asOf),
    ...this.#ticks());
    this.#cursor = svg("rect", { class: "cursor", rx: 2,
      visibility: "hidden" });
    this.element.append(this.#cursor);
  }

  #share(us) {
    return (us - this.#day.start) / this.#scale;
  }

  #line(us, kind, from = 0, to = HEIGHT) {
    const x = at(this.#share(us));
    return svg("line", { class: kind, x1: x, x2: x, y1: from + this.#top,
      y2: to + this.#top });
  }

  #grid(marks) {
    const { start, end } = this.#day;
    const y = OPEN.y + OPEN.height / 2 + this.#top;
    return [
      svg("line", { class: "axis", x1: 0, x2: at(this.#share(end)), y1: y,
        y2: y }),
      ...marks.filter(({ hour, at: us }) => hour % 3 === 0 || us === start)
        .map(({ hour, at: us }) =>
          this.#line(us, hour % 6 === 0 ? "grid" : "grid fine")),
      ...(this.#top > 0 ? this.#ownLabels(marks) : []),
    ];
  }

  // Those that what is said of the clock leaves room for.
  #ownLabels(marks) {
    const [before, after, afterNarrow] = ROOM;
    const isClear = (us, hours) => this.#settings.every(({ at: set }) =>
      us < set - before * HOUR || us > set + hours * HOUR);
    const clear = marks.filter(({ at: us }) => isClear(us, after))
      .map((mark) => ({ ...mark, wide: !isClear(mark.at, afterNarrow) }));
    return axisLabels(clear, (us) => this.#share(us));
  }

  #setting({ at: us, text }) {
    return [
      this.#line(us, "setting"),
      svg("text", { class: "setting", x: at(this.#share(us)), dx: 4,
        y: 11 }, text),
    ];
  }

  #boxes() {
    const { shifts, stretches, outages } = this.#day;
    const boxes = shifts.map(({ start, end }) => this.#box("open", start, end,
      OPEN));
    for (const stretch of stretches) {
      const kind = kindOf(stretch);
      const lane = stretch.status === "down" ? DOWN : OPEN;
      boxes.push(this.#box(kind, stretch.start, stretch.end, lane));
    }
    const signs = outages.filter(({ start, end }) => end - start >= SIGN_FROM)
      .map(({ start, end }) => this.#mark("mark-down", (start + end) / 2,
        DOWN.y + DOWN.height / 2));
    return [...boxes, ...signs];
  }

  #box(kind, start, end, { y, height }) {
    return box(kind, this.#share(start), this.#share(end), y + this.#top,
      height);
  }

  #mark(id, us, y, kind = id) {
    return svg("use", { class: kind, href: `#${id}`, x: at(this.#share(us)),
      y: y + this.#top });
  }

  #limit(kind, us) {
    const { start, end } = this.#day;
    return us > start && us < end ? [this.#line(us, kind)] : [];
  }

  #ticks() {
    const last = {};
    const ticks = [];
    for (const { at: us, status, in_hours: counts } of this.#day.polls) {
      const kind = `poll ${status} ${counts ? "counts" : "outside"}`;
      if (us - last[kind] < TICK_APART) continue;
      last[kind] = us;
      ticks.push(this.#mark(`poll-${status}`, us, TICKS_Y, kind));
    }
    return ticks;
  }

  // Which instant lies under a place of the screen, whether that is among the
  // ticks, and how much time a pixel is.
  instantAt({ clientX, clientY }) {
    const { left, top, width } = this.element.getBoundingClientRect();
    const perPixel = this.#scale / width;
    return {
      us: this.#day.start + (clientX - left) * perPixel,
      amongTicks: clientY - top > DOWN.y + DOWN.height + this.#top,
      perPixel,
    };
  }

  // Frames what is between two instants; a poll is one.
  point(start, end) {
    const isPoll = start === end;
    const y = (isPoll ? TICKS_Y - 7 : DOWN.y - 2) + this.#top;
    const frame = isPoll
      ? { width: 10, height: 14, transform: "translate(-5 0)" }
      : { width: at((end - start) / this.#scale), height: DOWN.height + 4,
        transform: "" };
    for (const [name, value] of Object.entries({ ...frame, y,
      x: at(this.#share(start)), visibility: "visible" })) {
      this.#cursor.setAttribute(name, value);
    }
  }

  unpoint() {
    this.#cursor.setAttribute("visibility", "hidden");
  }
}

const ANCHORS = { 0: "start", 24: "end" };

// The names of the hours, each third one; some only where there is room.
function axisLabels(marks, share) {
  return marks.filter(({ hour }) => hour % 3 === 0)
    .map(({ at: us, hour, wide = false }) => svg("text", {
      class: wide || hour % 6 !== 0 ? "hour wide" : "hour",
      x: at(share(us)), y: 11, "text-anchor": ANCHORS[hour] ?? "middle",
    }, String(hour).padStart(2, "0")));
}

// The axis above the rows, for a day of 24 hours.
export function axis(hours) {
  const marks = Array.from({ length: 25 }, (_, hour) =>
    ({ at: hour, hour }));
  return svg("svg", { class: "axis", width: "100%", height: LABELS,
    "aria-hidden": "true" }, ...axisLabels(marks, (hour) => hour / hours));
}
