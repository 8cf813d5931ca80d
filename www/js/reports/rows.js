// Which stores the table shows, and in what order.

import { naturalOrder } from "./columns.js";

const yes = () => true;

// A test of a row; each filter that is not set lets all through.
function tests(stores, strips, view) {
  const needle = view.q.trim().toLowerCase();
  return [
    needle === ""
      ? yes
      : (row) => stores.id(row).toLowerCase().includes(needle),
    showing(stores, view.show),
    sharing(stores, view.share),
    losingLocally(strips, view.local),
    view.hour === null || strips === null
      ? yes
      : (row) => strips.lostInHour(row, view.hour),
  ];
}

function showing(stores, show) {
  if (show === null) return yes;
  if (show === "dark") return (row) => stores.isDark(row);
  if (show === "never") return (row) => stores.isNeverPolled(row);
  return (row) => stores.now(row) === show;
}

// share is "none" or "FROM-TO" percent of the week: FROM = TO = 0 are the dark
// stores, FROM = TO = 100 those without down time.
function sharing(stores, share) {
  if (share === null) return yes;
  const value = (row) => stores.number("week_availability", row);
  if (share === "none") return (row) => value(row) === null;
  const [from, to] = share.split("-").map((percent) => percent * 100);
  if (to === 0) return (row) => stores.isDark(row);
  if (from === to) return (row) => value(row) === to;
  return (row) => value(row) !== null && !stores.isDark(row) &&
    value(row) >= from && value(row) < to;
}

function losingLocally(strips, local) {
  if (local === null || strips === null) return yes;
  const [weekday, hour] = local.split("-").map(Number);
  return (row) => strips.lostAt(row, weekday, hour);
}

// Dark stores are asked for by name, or may be seen anyway.
export function wantsDark({ aside, q, show, share }) {
  return aside === "no" || q.trim() !== "" || show === "dark" ||
    share === "0-0";
}

// {rows, aside}: the rows that pass, and how many more were set aside as dark.
export function selectRows(stores, strips, view) {
  const dark = wantsDark(view);
  const passes = tests(stores, strips, view).filter((test) => test !== yes);
  const rows = new Uint32Array(stores.length);
  let n = 0;
  let aside = 0;
  for (let row = 0; row < stores.length; row += 1) {
    if (!passes.every((test) => test(row))) continue;
    if (!dark && stores.isDark(row)) aside += 1;
    else rows[n++] = row;
  }
  return { rows: rows.subarray(0, n), aside };
}

// In place, by the column; what has no value comes last either way, and what
// is equal stays in byte order of the id.
export function sortRows(stores, rows, { sort, order }) {
  const keys = stores.keys(sort);
  const sign = (order ?? naturalOrder(sort)) === "asc" ? 1 : -1;
  rows.sort((a, b) => {
    const x = keys[a];
    const y = keys[b];
    if (x === y) return a - b;
    if (Number.isNaN(x)) return Number.isNaN(y) ? a - b : 1;
    if (Number.isNaN(y)) return -1;
    return sign * (x - y);
  });
  return rows;
}
