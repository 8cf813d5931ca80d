// The columns of the table of stores: what they are called, how they sort and
// what a cell holds.

import { make } from "../dom.js";
import { storePath } from "../links.js";
import { statusMark } from "../status.js";
import { share, shortUtc, span } from "../text.js";
import { HOURS } from "./strips.js";
import { weekStrip } from "./week_strip.js";

const WEEK_MS = HOURS * 3600 * 1000;
const NOTHING = "\u2013";

// With places where a long name may go on in the next line.
function zoneName(name) {
  return name.split(/(?<=[/_])/).flatMap((part) => [part, make("wbr")]);
}

function store({ stores, row, report }) {
  const id = stores.id(row);
  return make("a", { href: storePath(id, report) }, id);
}

function zone({ stores, row }) {
  const name = make("span", {}, ...zoneName(stores.zone(row)));
  if (!stores.zoneGiven(row)) name.append(" (assumed)");
  return name;
}

function since({ stores, row }) {
  const s = stores.number("since", row);
  if (s === null) return NOTHING;
  const ms = s * 1000;
  if (ms <= stores.asOfMs - WEEK_MS) return "all week";
  return make("time", { dateTime: new Date(ms).toISOString() }, shortUtc(ms));
}

function available(name) {
  return ({ stores, row }) => share(stores.number(name, row));
}

function time(name) {
  return ({ stores, row }) => {
    const seconds = stores.number(name, row);
    return seconds === 0
      ? make("span", { className: "nothing" }, span(0))
      : span(seconds);
  };
}

// Of an hour, always in minutes.
function minutes(name) {
  return ({ stores, row }) => {
    const text = `${Math.floor(stores.number(name, row) / 60)}\u00A0min`;
    return text.startsWith("0")
      ? make("span", { className: "nothing" }, text)
      : text;
  };
}

function coverage({ stores, row }) {
  const hundredths = stores.number("coverage", row);
  return hundredths === null
    ? NOTHING
    : `${Math.floor(hundredths / 100)}\u00A0%`;
}

function week({ row, strips }) {
  return strips === null ? "" : weekStrip(strips.letters(row));
}

// key: of Stores.keys(), null if nothing is sorted by it.  first: the order
// of the first click.  name: where the label alone does not say it.  card: the
// label where rows are cards.
function window(name, title, lost) {
  return [
    { key: `${name}_availability`, label: "Available", first: "asc",
      name: `Available, last ${name}`, group: title, number: true,
      card: title, cell: available(`${name}_availability`) },
    { key: `${name}_lost`, label: "Lost", first: "desc", group: title,
      name: `Open time lost, last ${name}`, number: true, card: "lost",
      cell: lost(`${name}_lost`) },
  ];
}

export const COLUMNS = [
  { key: "id", label: "Store", first: "asc", cell: store },
  { key: "zone", label: "Time zone", first: "asc", cell: zone },
  { key: "now", label: "Now", first: "asc", name: "Status now",
    cell: ({ stores, row }) => statusMark(stores.now(row)) },
  { key: "since", label: "Since (UTC)", first: "desc", card: "since",
    cell: since },
  ...window("hour", "Last hour", minutes),
  ...window("day", "Last day", time),
  ...window("week", "Last week", time),
  { key: "longest_outage", label: "Longest outage", first: "desc",
    group: "Last week", number: true, card: "Longest",
    cell: time("longest_outage") },
  { key: "coverage", label: "Coverage", first: "asc", group: "Last week",
    number: true, card: "Coverage", cell: coverage },
  { key: null, label: "Hour by hour", group: "Last week", name: "week",
    cell: week },
];

export const SORTS = COLUMNS.map(({ key }) => key).filter(Boolean);

export function columnName({ name, label }) {
  return name ?? label;
}

export function columnOf(key) {
  return COLUMNS.find((column) => column.key === key);
}

export function naturalOrder(key) {
  return columnOf(key).first;
}
