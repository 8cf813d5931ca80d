// Pictures made of SVG elements.  Positions across are in percent, so that a
// picture is as wide as its place; the patterns that tell statuses apart
// without colour are defined once for the page.

import { svg } from "/js/dom.js";

// A share of 1 as a position.
export function at(share) {
  return `${Number((share * 100).toFixed(4))}%`;
}

// How a stretch of time is filled; where there is no pattern, by CSS.
const FILLS = {
  "up-guess": "url(#up-guess)",
  "down-guess": "url(#down-guess)",
  unknown: "url(#dots)",
};

// "up-seen", "up-guess", "down-seen", "down-guess" or "unknown"
export function kindOf({ status, observed }) {
  return status === "unknown"
    ? status
    : `${status}-${observed ? "seen" : "guess"}`;
}

// A box filled as its kind says.
export function box(kind, from, to, y, height, attributes = {}) {
  return svg("rect", {
    class: `box ${kind}`, x: at(from), width: at(Math.max(0, to - from)), y,
    height, ...(FILLS[kind] ? { fill: FILLS[kind] } : {}), ...attributes,
  });
}

function hatch(id, kind, angle) {
  return svg("pattern", {
    id, class: kind, width: 6, height: 6, patternUnits: "userSpaceOnUse",
    patternTransform: `rotate(${angle})`,
  },
  svg("rect", { class: "ground", width: 6, height: 6 }),
  svg("line", { x1: 1.5, x2: 1.5, y1: 0, y2: 6 }));
}

function dots() {
  return svg("pattern", {
    id: "dots", width: 6, height: 6, patternUnits: "userSpaceOnUse",
  },
  svg("rect", { class: "ground", width: 6, height: 6 }),
  svg("circle", { cx: 1.5, cy: 1.5, r: 1 }),
  svg("circle", { cx: 4.5, cy: 4.5, r: 1 }));
}

// Marks around (0, 0), placed by <use>.
function marks() {
  return [
    svg("g", { id: "mark-down", class: "mark-down" },
      svg("circle", { r: 7 }), svg("path", { d: "M0 4-4-2.8h8z" })),
    svg("path", { id: "poll-active", d: "M0-4V4" }),
    svg("path", { id: "poll-inactive", d: "M0 4-4-3.4h8z" }),
  ];
}

// What the pictures of a page refer to; in no place, yet not "display: none",
// which would take the patterns away.
export function definitions() {
  return svg("svg", { class: "definitions", "aria-hidden": "true" },
    svg("defs", {}, hatch("up-guess", "up", 45),
      hatch("down-guess", "down", -45), dots(), ...marks()));
}
