// What the server's words mean to people.

import { make } from "/js/dom.js";
import { count, instant, moment, plural } from "/js/text.js";

const TITLES = {
  polls: "Polls",
  hours: "Opening hours",
  timezones: "Time zones",
  "special-hours": "Special hours",
};

const STATES = {
  Checking: { sign: "\u25CC", kind: "running" },
  Preview: { sign: "?", kind: "waiting", word: "To confirm" },
  Rejected: { sign: "\u2715", kind: "failed" },
  Importing: { sign: "\u25CC", kind: "running" },
  Imported: { sign: "\u2713", kind: "complete" },
  Cancelled: { sign: "\u2013", kind: "expired" },
  Expired: { sign: "\u2013", kind: "expired" },
  Failed: { sign: "\u2715", kind: "failed" },
  Undone: { sign: "\u21B6", kind: "expired" },
};

const MOVING = new Set(["Checking", "Importing"]);

// Its state, and whether that was taken back.
export function stateOf(upload) {
  return upload.undone_at ? "Undone" : upload.state;
}

// Has it been in the browser's hands, or the command line's?
export function isUpload(upload) {
  return upload.bytes !== null;
}

// Does the server work on it?
export function isMoving(upload) {
  return MOVING.has(upload.state);
}

// May something still become of it?
export function isOpen(upload) {
  return isMoving(upload) || upload.state === "Preview";
}

export function title(dataset) {
  return TITLES[dataset] ?? String(dataset);
}

export function badge(upload) {
  const state = stateOf(upload);
  const { sign = "?", kind = "expired", word = state } = STATES[state] ?? {};
  return make("span", { className: `badge ${kind}` },
    make("span", { ariaHidden: "true" }, sign), String(word));
}

// A moment in the browser's zone, with the exact one in its title.
export function when(rfc3339) {
  return make("time", { dateTime: rfc3339, title: instant(rfc3339) },
    moment(Date.parse(rfc3339)));
}

export function fileName(upload) {
  return upload.file || "unnamed file";
}

// "Lines 3, 17 and 20"; with more of them than are named, "and 40 more"
export function lines(numbers, total) {
  const left = total - numbers.length;
  const named = numbers.map(count);
  if (left > 0) named.push(`${count(left)} more`);
  const last = named.pop();
  const before = named.length > 0 ? `${named.join(", ")} and ` : "";
  return `${total === 1 ? "Line" : "Lines"} ${before}${last}`;
}

// "12 new, 3 changed" of what an import has done to the data.
export function changes({ new: fresh, changed, removed }) {
  const parts = [];
  if (fresh > 0) parts.push(`${count(fresh)} new`);
  if (changed > 0) parts.push(`${count(changed)} changed`);
  if (removed > 0) parts.push(`${count(removed)} removed`);
  return parts.length > 0 ? parts.join(", ") : "nothing changed";
}

// What is told to those who do not see it, once a state is reached.
export function news(upload) {
  const file = fileName(upload);
  const { rows = 0, bad = 0 } = upload.result ?? {};
  const told = {
    Preview: `${file} is checked: ${plural(rows, "row")}, ${count(bad)} bad. ` +
      "Confirm or cancel the import.",
    Imported: `${file} is imported.`,
    Rejected: `${file} was refused.`,
    Failed: `The import of ${file} failed.`,
    Cancelled: `The import of ${file} is cancelled.`,
    Importing: `${file} is being imported.`,
  };
  return told[upload.state] ?? "";
}
