// What is looked at, and how: kept in the address, so that back and forward, a
// reload and a link lead to the same.  Fires "change".

import { SORTS } from "./columns.js";

const SHOWS = ["down", "up", "stale", "closed", "unknown", "dark", "never"];
const LONGEST_SEARCH = 64;

const oneOf = (words) => (text) => (words.includes(text) ? text : undefined);
const matching = (pattern) => (text) =>
  (pattern.test(text) ? text : undefined);

function whole(from, to) {
  return (text) => {
    const n = /^\d{1,6}$/.test(text) ? Number(text) : -1;
    return n >= from && n <= to ? n : undefined;
  };
}

// name in the address: how it is read (undefined: malformed) and its default.
// report: whose picture.  show: a status, or "dark", or "never" polled.
// share: of the week, as the histogram names it.  local: weekday and hour in
// which open time was lost, the same as hour, an hour of the strip.  aside:
// are dark stores left out?
const FIELDS = {
  report: { read: (text) => text, initial: null },
  show: { read: oneOf(SHOWS), initial: null },
  share: { read: matching(/^(none|\d{1,3}-\d{1,3})$/), initial: null },
  local: { read: matching(/^[0-6]-(1?\d|2[0-3])$/), initial: null },
  hour: { read: whole(0, 167), initial: null },
  q: {
    read: (text) => (text.length <= LONGEST_SEARCH ? text : undefined),
    initial: "",
  },
  aside: { read: oneOf(["no"]), initial: "yes" },
  sort: { read: oneOf(SORTS), initial: "week_lost" },
  order: { read: oneOf(["asc", "desc"]), initial: null },
  page: { read: whole(1, 999999), initial: 1 },
};

// The filters: what narrows the rows of the table.
export const FILTERS = ["show", "share", "local", "hour", "q"];

function initial() {
  return Object.fromEntries(
    Object.entries(FIELDS).map(([name, field]) => [name, field.initial]));
}

// {view, ignored}: ignored are the names of what could not be read.
export function readAddress(search) {
  const query = new URLSearchParams(search);
  const view = initial();
  const ignored = [];
  for (const [name, { read }] of Object.entries(FIELDS)) {
    if (!query.has(name)) continue;
    const value = read(query.get(name));
    if (value === undefined) ignored.push(name);
    else view[name] = value;
  }
  return { view, ignored };
}

export function writeAddress(view) {
  const query = new URLSearchParams();
  for (const [name, field] of Object.entries(FIELDS)) {
    if (view[name] !== field.initial) query.set(name, view[name]);
  }
  const text = query.toString();
  return text === "" ? "/" : `/?${text}`;
}

export class State extends EventTarget {
  // The report that is shown where the address names none: the first step
  // writes it down, so that the address goes on to mean the same.
  shownId = null;
  #view;
  #ignored;

  constructor() {
    super();
    this.#read();
    window.addEventListener("popstate", () => {
      this.#read();
      this.dispatchEvent(new Event("change"));
    });
  }

  get view() {
    return this.#view;
  }

  get ignored() {
    return this.#ignored;
  }

  // Another view, as a step that "back" undoes, or in place of this one.
  // Whatever changes the rows leads back to their first page.
  set(changes, { step = true } = {}) {
    const report = this.#view.report ?? this.shownId;
    const view = { ...this.#view, report, page: 1, ...changes };
    const address = writeAddress(view);
    if (address === writeAddress(this.#view)) return;
    this.#view = view;
    this.#ignored = [];
    if (step) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    this.dispatchEvent(new Event("change"));
  }

  // All of what narrows the rows is dropped.
  clear() {
    const view = initial();
    this.set(Object.fromEntries(FILTERS.map((name) => [name, view[name]])));
  }

  #read() {
    const { view, ignored } = readAddress(location.search);
    this.#view = view;
    this.#ignored = ignored;
  }
}
