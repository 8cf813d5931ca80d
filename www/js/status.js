// What a store can be, each with a word and a sign, so that colour is never
// the only one to tell it.

import { make, svg } from "./dom.js";

// Signs on a square of 16; line: drawn, not filled.
const SIGNS = {
  down: { path: "M8 14.5 1 2.5h14z" },
  up: { path: "M8 1.5 15 13.5H1z" },
  stale: {
    line: true,
    path: "M8 4.2V8l2.6 1.8M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8z",
  },
  closed: {
    path: "M13.8 10.3A6.4 6.4 0 0 1 5.7 2.2a6.4 6.4 0 1 0 8.1 8.1z",
  },
  unknown: {
    line: true,
    path: "M4.9 5.2A3.1 3.1 0 1 1 9.6 8C8.5 8.6 8 9.2 8 10.4M8 13.4v.4",
  },
  dark: {
    line: true,
    path: "M8 1.6v6M4.4 3.9a5.6 5.6 0 1 0 7.2 0",
  },
  never: {
    line: true,
    path: "M3.7 12.3l8.6-8.6M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8z",
  },
};

const WORDS = {
  down: "Down",
  up: "Up",
  stale: "Stale",
  closed: "Closed",
  unknown: "Unknown",
  dark: "Dark",
  never: "Never polled",
};

export function statusWord(name) {
  return WORDS[name] ?? String(name);
}

// The sign alone; for those who see it.
export function statusSign(name) {
  const { path, line = false } = SIGNS[name] ?? SIGNS.unknown;
  return svg("svg", {
    class: line ? "sign line" : "sign",
    viewBox: "0 0 16 16",
    "aria-hidden": "true",
  }, svg("path", { d: path }));
}

// Sign and word in the status's colour.
export function statusMark(name) {
  return make("span", { className: `status ${name}` },
    statusSign(name), statusWord(name));
}
