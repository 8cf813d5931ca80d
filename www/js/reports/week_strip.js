// The week of one store as a strip: an hour is high where open time was lost,
// low where the store was up, a line of dots where nothing is known, and
// nothing where it was closed.  So it can be read without its colours.

import { svg } from "../dom.js";
import { plural } from "../text.js";
import { HOURS } from "./strips.js";

const HEIGHT = 18;
const TOP = 1;

// letter: which shapes an hour has; each is one path of all its hours.
const SHAPES = {
  u: ["up"],
  d: ["down"],
  m: ["up", "part"],
  x: ["unknown", "part"],
  "?": ["unknown"],
};

// From where to where a shape reaches, from the top.
const REACH = {
  up: [11, HEIGHT - TOP],
  down: [TOP, HEIGHT - TOP],
  part: [TOP, 11],
  unknown: [13, HEIGHT - TOP],
};

function bar(from, hours, [top, bottom]) {
  return `M${from} ${top}h${hours}V${bottom}h${-hours}z`;
}

// A path for each shape, runs of equal hours drawn as one.
function paths(letters) {
  const drawn = { unknown: "", up: "", part: "", down: "" };
  for (let from = 0; from < HOURS;) {
    let to = from + 1;
    while (to < HOURS && letters[to] === letters[from]) to += 1;
    for (const shape of SHAPES[letters[from]] ?? []) {
      drawn[shape] += bar(from, to - from, REACH[shape]);
    }
    from = to;
  }
  return drawn;
}

// The strip in words.
export function describeStrip(letters) {
  const among = (wanted) =>
    [...letters].filter((letter) => wanted.includes(letter)).length;
  const open = HOURS - among(".");
  if (open === 0) return "closed all week";
  const parts = [`open time lost in ${among("dmx")} of ${
    plural(open, "open hour")}`];
  const unknown = among("?x");
  if (unknown > 0) parts.push(`unknown in ${unknown}`);
  return parts.join(", ");
}

export function weekStrip(letters) {
  const shapes = Object.entries(paths(letters))
    .filter(([, path]) => path !== "")
    .map(([shape, d]) => svg("path", { class: shape, d }));
  const days = [];
  for (let hour = 24; hour < HOURS; hour += 24) days.push(`M${hour} 0v18`);
  return svg("svg", {
    class: "week-strip",
    viewBox: `0 0 ${HOURS} ${HEIGHT}`,
    preserveAspectRatio: "none",
    role: "img",
    "aria-label": describeStrip(letters),
  }, svg("path", { class: "days", d: days.join("") }), ...shapes);
}
